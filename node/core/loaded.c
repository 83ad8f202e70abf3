/*
 * loaded.c - one line for each module that asks the store.
 */
#include "node/core/loaded.h"

#include "node/core/enclosed.h"
#include "node/core/giveback.h"
#include "node/core/known.h"
#include "node/core/lookup.h"
#include "node/core/packing.h"
#include "node/core/resume.h"
#include "node/core/roster.h"
#include "node/core/submit.h"
#include "node/core/watching.h"

void
loaded_take(struct context *turn, const struct event *event)
{
    struct node *node = turn->node;
    struct load  load;
    size_t       i = 0;

    while (i < node->load_cap && node->loads[i].token != event->token)
        i++;
    if (event->token == 0 || i == node->load_cap)
        return; /* who asked is gone */
    load = node->loads[i];
    node->loads[i] = (struct load){0};
    switch (load.step) {
    case LOAD_FLIGHT:
        resume_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_GIVE_BACK:
        giveback_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_PACKING:
        packing_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_PENDING:
        submit_pending(turn, &load, event->status, event->bytes);
        break;
    case LOAD_KNOWN:
        known_row(turn, &load, event->status, event->bytes);
        break;
    case LOAD_KNOWN_TEXT:
        known_text(turn, &load, event->status, event->bytes);
        break;
    case LOAD_EVENTS:
        watching_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_CHUNK:
        feeding_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_WHOLE:
        wanted_loaded(turn, &load, event->status, event->bytes);
        break;
    case LOAD_ENCLOSED:
        enclosed_loaded(turn, &load, event->status, event->bytes);
        break;
    default:
        lookup_loaded(turn, &load, event->status, event->bytes);
    }
    roster_load_free(&load);
}

/*
 * loaded.c - one line for each module that asks the store.
 */
#include "node/core/loaded.h"

#include "node/core/attachment/enclosed.h"
#include "node/core/recovery/giveback.h"
#include "node/core/recovery/giving.h"
#include "node/core/log/grant.h"
#include "node/core/message/known.h"
#include "node/core/client/lookup.h"
#include "node/core/bundle/packing.h"
#include "node/core/recovery/regain.h"
#include "node/core/link/resume.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"
#include "node/core/message/submit.h"
#include "node/core/client/watching.h"

typedef void loaded_fn(struct context *turn, const struct load *load,
                       enum status st, struct span answer);

/* What is not listed is a step of lookup.h. */
static loaded_fn *const of_step[] = {
    [LOAD_FLIGHT] = resume_loaded,
    [LOAD_GIVE_BACK] = giveback_loaded,
    [LOAD_PACKING] = packing_loaded,
    [LOAD_GIVING] = giving_loaded,
    [LOAD_GRANT] = grant_loaded,
    [LOAD_REGAIN] = regain_loaded,
    [LOAD_RETRACE] = retrace_loaded,
    [LOAD_PENDING] = submit_pending,
    [LOAD_KNOWN] = known_row,
    [LOAD_KNOWN_TEXT] = known_text,
    [LOAD_EVENTS] = watching_loaded,
    [LOAD_CHUNK] = feeding_loaded,
    [LOAD_WHOLE] = wanted_loaded,
    [LOAD_ENCLOSED] = enclosed_loaded,
};

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
    if (load.step < sizeof(of_step) / sizeof(of_step[0]) &&
        of_step[load.step] != NULL)
        of_step[load.step](turn, &load, event->status, event->bytes);
    else
        lookup_loaded(turn, &load, event->status, event->bytes);
    roster_load_free(&load);
}

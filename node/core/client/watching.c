/*
 * watching.c - a request is with the store, or parked.
 *
 *   asked --LOAD--> with the store --events--> answered
 *                     |        ^
 *           none, end |        | a turn saves something
 *                     v        |
 *                     parked --+
 *
 * Invariants:
 *  (I1) a parked request has seen all that was saved before it was parked: it
 *       is asked again, not parked, if a turn saved something since its LOAD;
 *  (I2) a LOAD runs after the commit of the turn that asks for it, so that it
 *       finds what that turn saved.
 */
#include "node/core/client/watching.h"

#include "node/core/grow.h"
#include "node/core/client/lookup.h"
#include "proto/happening.h"

#include <assert.h>
#include <string.h>

static void
drop(struct node *node, size_t i)
{
    node->watches[i] = node->watches[--node->watch_count];
}

static void
ask(struct context *turn, struct watch *watch)
{
    struct load *load = roster_load_new(turn->node, LOAD_EVENTS);
    struct query query = {.kind = QUERY_EVENTS,
                          .count = watch->only_place ? 0 : watch->count,
                          .from = watch->floor,
                          .bytes_max = WATCHING_BYTES};

    load->client = watch->client;
    load->request = watch->request;
    watch->token = load->token;
    watch->stale = false;
    lookup_ask(turn, load, &query)->bytes =
        effects_copy(turn->out, span_text(watch->cursor));
}

/* --- asked ---------------------------------------------------------------- */

static enum status
parse_floor(const char *word, uint64_t *out)
{
    *out = 0;
    if (word[0] == '\0')
        return STATUS_OK;
    for (unsigned i = 0; i < PRECEDENCE_COUNT; i++)
        if (strcmp(word, precedence_name(i)) == 0) {
            *out = i;
            return STATUS_OK;
        }
    return STATUS_BAD_FIELD;
}

static bool
is_too_many(const struct node *node, uint64_t client)
{
    size_t count = 0;

    for (size_t i = 0; i < node->watch_count; i++)
        count += node->watches[i].client == client;
    return count >= WATCHING_MAX;
}

void
watching_request(struct context *turn, uint64_t client,
                 const Entente__Request *request)
{
    const Entente__EventsRequest *events = request->events;
    struct node                  *node = turn->node;
    struct watch watch = {.client = client, .request = request->id};
    size_t       len = strlen(events->cursor);

    if (parse_floor(events->precedence, &watch.floor) != STATUS_OK) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "precedence",
                  "DEFERRED ROUTINE PRIORITY IMMEDIATE FLASH OVERRIDE");
        return;
    }
    if (len >= sizeof(watch.cursor)) {
        desk_fail(turn, client, request->id, STATUS_BAD_ENCODING, "cursor",
                  "give back what an answer or an event had");
        return;
    }
    if (is_too_many(node, client)) {
        desk_fail(turn, client, request->id, STATUS_FULL, NULL,
                  "this many requests for events wait already: read the "
                  "answers first");
        return;
    }
    memcpy(watch.cursor, events->cursor, len);
    watch.only_place = len == 0 && !events->oldest;
    watch.at_once = len == 0;
    watch.count = WATCHING_ROWS;
    if (events->limit > 0 && events->limit < WATCHING_ROWS)
        watch.count = events->limit;
    node->watches = grow_list(node->watches, &node->watch_cap,
                              node->watch_count + 1, sizeof(*node->watches));
    node->watches[node->watch_count] = watch;
    ask(turn, &node->watches[node->watch_count++]);
}

/* --- answered ------------------------------------------------------------- */

static void
fill_event(struct context *turn, const struct happening *one,
           Entente__Event *out)
{
    struct record_secret secret = {0};

    entente__event__init(out);
    out->row = (Entente__ListRow *)(void *)effects_alloc(turn->out,
                                                         sizeof(*out->row));
    if (happening_is_deed(one->what)) {
        entente__list_row__init(out->row);
    } else if (happening_is_of_peer(one->what)) {
        const struct peer *peer = roster_peer_by_id(turn->node, &one->row.peer);

        entente__list_row__init(out->row);
        out->row->peer = (char *)(uintptr_t)(peer != NULL ? peer->name : "?");
    } else {
        lookup_row(turn, &one->row, out->row);
    }
    out->event = (char *)(uintptr_t)happening_word(one->what);
    out->cursor = lookup_text(turn, one->cursor);
    out->time_ms = one->time;
    out->outgoing = one->row.outgoing;
    out->why = lookup_text(turn, one->why);
    if (one->secret.len == 0 ||
        record_secret_decode(one->secret, &secret) != STATUS_OK)
        return;
    out->by = lookup_text(turn, secret.subject);
    out->why = lookup_text(turn, secret.message);
}

/* BAD_ENCODING: not a list that ends with a place. */
static enum status
read_answer(struct context *turn, struct span answer,
            Entente__EventsResponse *out, struct happening *end)
{
    struct reader in = reader_of(answer);
    enum status   st;

    out->events = (Entente__Event **)(void *)effects_alloc(
        turn->out, WATCHING_ROWS * sizeof(*out->events));
    while ((st = happening_next(&in, end)) == STATUS_OK &&
           end->what != HAPPENED_NOTHING) {
        Entente__Event *event;

        if (out->n_events == WATCHING_ROWS)
            return STATUS_BAD_ENCODING;
        event = (Entente__Event *)(void *)effects_alloc(turn->out,
                                                        sizeof(*event));
        fill_event(turn, end, event);
        out->events[out->n_events++] = event;
    }
    if (st != STATUS_OK || end->cursor.len >= HAPPENING_CURSOR_MAX)
        return STATUS_BAD_ENCODING;
    out->cursor = lookup_text(turn, end->cursor);
    return STATUS_OK;
}

static void
fail(struct context *turn, const struct watch *watch, enum status st)
{
    const char *hint = NULL;

    if (st == STATUS_BAD_CURSOR)
        hint = "the journal is not the one in which this place was noted, as "
               "after a backup was restored: look through inbox and outbox, "
               "then begin without a cursor";
    else if (st == STATUS_BAD_ENCODING)
        hint = "give back what an answer or an event had";
    desk_fail(turn, watch->client, watch->request, st, "cursor", hint);
}

void
watching_loaded(struct context *turn, const struct load *load, enum status st,
                struct span answer)
{
    struct node            *node = turn->node;
    Entente__Response       response = ENTENTE__RESPONSE__INIT;
    Entente__EventsResponse events = ENTENTE__EVENTS_RESPONSE__INIT;
    struct happening        end = {0};
    struct watch           *watch;
    size_t                  i = 0;

    while (i < node->watch_count && node->watches[i].token != load->token)
        i++;
    if (i == node->watch_count)
        return; /* who asked is gone */
    watch = &node->watches[i];
    if (st == STATUS_OK)
        st = read_answer(turn, answer, &events, &end);
    if (st == STATUS_OK && events.n_events == 0 &&
        (end.more || !watch->at_once)) {
        memcpy(watch->cursor, events.cursor, end.cursor.len + 1);
        watch->token = 0;
        if (end.more || watch->stale) /* (I1) */
            ask(turn, watch);
        return;
    }
    if (st != STATUS_OK) {
        fail(turn, watch, st);
    } else {
        response.kind_case = ENTENTE__RESPONSE__KIND_EVENTS;
        response.events = &events;
        desk_answer(turn, watch->client, watch->request, true, &response);
    }
    drop(node, i);
}

/* --- parked --------------------------------------------------------------- */

static bool
saves_an_event(const struct effects *out)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->list[i].kind == EFFECT_SAVE &&
            happening_may_be(out->list[i].bytes.ptr[0]))
            return true;
    return false;
}

void
watching_saved(struct context *turn)
{
    struct node *node = turn->node;

    if (node->watch_count == 0 || !saves_an_event(turn->out))
        return;
    for (size_t i = 0; i < node->watch_count; i++) {
        struct watch *watch = &node->watches[i];

        if (watch->token == 0)
            ask(turn, watch); /* (I2) */
        else
            watch->stale = true;
    }
}

void
watching_end(struct context *turn)
{
    struct node *node = turn->node;

    for (size_t i = 0; i < node->watch_count; i++)
        if (node->watches[i].token == 0)
            desk_fail_words(turn, node->watches[i].client,
                            node->watches[i].request, STATUS_AGAIN, NULL,
                            "ask again from the same place",
                            "the node closes its links, to end or for a "
                            "capture, and answers nothing from before");
    node->watch_count = 0;
}

void
watching_forget(struct node *node, uint64_t client)
{
    for (size_t i = node->watch_count; i-- > 0;)
        if (node->watches[i].client == client)
            drop(node, i);
}

/*
 * lookup.c - references resolved, rows and entries turned into answers.
 */
#include "node/core/client/lookup.h"

#include "node/core/message/acknowledge.h"
#include "node/core/log/disclose.h"
#include "node/core/log/logbook.h"
#include "node/core/client/follow.h"
#include "node/core/message/hold.h"
#include "node/core/message/refers.h"
#include "node/core/roster.h"
#include "node/core/message/submit.h"
#include "node/core/client/viewing.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    PREFIX_MIN = 6,
    REF_ID_BYTES = 6, /* of an id that stands for a reference */
    LIST_ROWS_MAX = 500,
    STALE_ROWS = 3 /* behind what is known here: then it is told as it is */
};

struct effect *
lookup_ask(struct context *turn, struct load *load, const struct query *query)
{
    struct effect *effect = effects_add(turn->out, EFFECT_LOAD);

    effect->token = load->token;
    effect->query = *query;
    return effect;
}

void
lookup_ask_row(struct context *turn, struct load *load,
               const struct peer *peer, const struct message_id *id)
{
    struct query query = {
        .kind = QUERY_FIND, .peer = peer->id, .outgoing = true};
    char hex[2 * LIMIT_MESSAGE_ID + 1];

    hex_encode(id->bytes, LIMIT_MESSAGE_ID, hex);
    lookup_ask(turn, load, &query)->bytes =
        effects_copy(turn->out, span_text(hex));
}

static struct load *
begin(struct context *turn, enum load_step step, uint64_t client,
      const Entente__Request *request)
{
    struct load *load = roster_load_new(turn->node, step);

    load->client = client;
    load->request = request->id;
    return load;
}

/* The number behind NAME/ or NAME/s: 1 or more. */
static enum status
parse_number(const char *text, struct query *out)
{
    uint64_t value = 0;

    out->outgoing = *text == 's';
    if (out->outgoing)
        text++;
    if (*text == '\0' || strlen(text) > 18)
        return STATUS_BAD_FIELD;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return STATUS_BAD_FIELD;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    out->from = value;
    return value > 0 ? STATUS_OK : STATUS_BAD_FIELD;
}

static bool
is_id_prefix(const char *text)
{
    size_t len = strlen(text);

    return len >= PREFIX_MIN && len <= (size_t)2 * LIMIT_MESSAGE_ID &&
           strspn(text, "0123456789abcdef") == len;
}

/* NAME of NAME/17. */
static struct span
peer_of(const char *reference)
{
    const char *slash = strrchr(reference, '/');

    assert(slash != NULL);
    return (struct span){(const uint8_t *)reference,
                         (size_t)(slash - reference)};
}

/* A reference as a FIND; the peer's name is resolved here. */
static enum status
parse_reference(const struct node *node, const char *text, struct query *out)
{
    const char        *slash = strrchr(text, '/');
    const struct peer *peer;

    *out = (struct query){.kind = QUERY_FIND};
    if (slash == NULL)
        return is_id_prefix(text) ? STATUS_OK : STATUS_BAD_FIELD;
    if (slash - text == 1 && text[0] == 'q') {
        enum status st = parse_number(slash + 1, out);

        if (st == STATUS_OK && out->outgoing)
            st = STATUS_BAD_FIELD;
        out->outgoing = true;
        return st;
    }
    peer = roster_peer_by_name(node, peer_of(text));
    if (peer == NULL)
        return STATUS_NOT_FOUND;
    out->peer = peer->id;
    return parse_number(slash + 1, out);
}

struct load *
lookup_find(struct context *turn, uint64_t client,
            const Entente__Request *request, enum load_step step,
            const char *reference)
{
    struct query   query;
    struct load   *load;
    struct effect *effect;
    enum status    st = parse_reference(turn->node, reference, &query);

    if (st == STATUS_NOT_FOUND)
        desk_fail_peer(turn, client, request->id, "ref", peer_of(reference));
    else if (st != STATUS_OK)
        desk_fail_words(turn, client, request->id, st, "ref",
                        "NAME/17, NAME/s17, q/1, or an id's first 6 digits or "
                        "more",
                        "this is no reference to a message");
    if (st != STATUS_OK)
        return NULL;
    load = begin(turn, step, client, request);
    effect = lookup_ask(turn, load, &query);
    if (query.from == 0)
        effect->bytes = effects_copy(turn->out, span_text(reference));
    return load;
}

void
lookup_show(struct context *turn, uint64_t client,
            const Entente__Request *request)
{
    struct load *load = lookup_find(turn, client, request, LOAD_SHOW_ROW,
                                    request->show->ref);

    if (load != NULL)
        load->flag = request->show->peek;
}

void
lookup_state(struct context *turn, uint64_t client,
             const Entente__Request *request)
{
    uint8_t      until = 0;
    struct load *load;

    if (follow_until(request->state->until, &until) != STATUS_OK) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "until",
                  FOLLOW_UNTIL_HINT);
        return;
    }
    load = lookup_find(turn, client, request, LOAD_STATE, request->state->ref);
    if (load != NULL)
        load->until = until;
}

/* Asks for the row of a message of ours whose state is followed. */
static struct load *
ask_state(struct context *turn, const struct follow *follow,
          const struct peer *peer, const struct message_id *id)
{
    struct load *load = roster_load_new(turn->node, LOAD_STATE);

    load->client = follow->client;
    load->request = follow->request;
    load->until = follow->until;
    lookup_ask_row(turn, load, peer, id);
    return load;
}

void
lookup_follow(struct context *turn, const struct follow *follow,
              const struct peer *peer, const struct message_id *id)
{
    (void)ask_state(turn, follow, peer, id);
}

void
lookup_list(struct context *turn, uint64_t client,
            const Entente__Request *request)
{
    const Entente__ListRequest *list = request->list;
    struct query                query = {.kind = QUERY_ROWS,
                                         .outgoing = list->outgoing,
                                         .from = list->after,
                                         .count = LIST_ROWS_MAX};
    const struct peer          *peer;
    struct load                *load;
    struct span                 text;
    enum message_state          state;

    if (list->state[0] != '\0' &&
        state_parse(span_text(list->state), &state) != STATUS_OK) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "state",
                  "new, read, quarantined; queued, sent, received, accepted, "
                  "rejected and the like");
        return;
    }
    if (list->limit > 0 && list->limit < LIST_ROWS_MAX)
        query.count = list->limit;
    if (list->peer[0] != '\0') {
        peer = roster_peer_by_name(turn->node, span_text(list->peer));
        if (peer == NULL) {
            desk_fail_peer(turn, client, request->id, "peer",
                           span_text(list->peer));
            return;
        }
        query.peer = peer->id;
    }
    text = context_pack(turn, &list->base);
    load = begin(turn, LOAD_LIST, client, request);
    lookup_ask(turn, load, &query)->bytes = text;
}

/* --- rows ---------------------------------------------------------------- */

char *
lookup_text(struct context *turn, struct span text)
{
    char *at = (char *)effects_alloc(turn->out, text.len + 1);

    if (text.len > 0)
        memcpy(at, text.ptr, text.len);
    at[text.len] = '\0';
    return at;
}

char *
lookup_reference(struct context *turn, const char *peer, bool outgoing,
                 uint64_t number)
{
    char *ref = (char *)effects_alloc(turn->out, LIMIT_NAME + 32);

    snprintf(ref, LIMIT_NAME + 32, "%s/%s%llu", peer, outgoing ? "s" : "",
             (unsigned long long)number);
    return ref;
}

static char *
queue_reference(struct context *turn, const struct record_row *row)
{
    char *ref = (char *)effects_alloc(turn->out, 32);

    snprintf(ref, 32, "q/%llu", (unsigned long long)row->queue);
    return ref;
}

/* What came without a number was rejected; it is called by its id. */
static char *
row_reference(struct context *turn, const struct record_row *row,
              const char *peer)
{
    char *ref;

    if (row->number > 0)
        return lookup_reference(turn, peer, row->outgoing, row->number);
    if (row->outgoing)
        return queue_reference(turn, row);
    ref = (char *)effects_alloc(turn->out, 2 * REF_ID_BYTES + 1);
    hex_encode(row->id.bytes, REF_ID_BYTES, ref);
    return ref;
}

/* What waits and cannot leave now is held. */
static void
fill_state(const struct context *turn, const struct record_row *row,
           const struct peer *peer, Entente__ListRow *out)
{
    const char *why = NULL;

    if (row->outgoing && row->state == STATE_QUEUED && peer != NULL)
        why = hold_why(turn->node, peer, row->precedence);
    out->state = (char *)(uintptr_t)state_word(
        why != NULL ? STATE_HELD : row->state);
    if (why != NULL)
        out->why = (char *)(uintptr_t)why;
}

void
lookup_row(struct context *turn, const struct record_row *row,
         Entente__ListRow *out)
{
    const struct peer   *peer = roster_peer_by_id(turn->node, &row->peer);
    struct record_secret words = {0};
    char *id = (char *)effects_alloc(turn->out, 2 * LIMIT_MESSAGE_ID + 1);

    entente__list_row__init(out);
    if (record_secret_decode(row->words, &words) != STATUS_OK)
        words.subject = span_text("(forgotten)");
    hex_encode(row->id.bytes, LIMIT_MESSAGE_ID, id);
    out->id = id;
    out->peer = (char *)(uintptr_t)(peer != NULL ? peer->name : "?");
    out->ref = row_reference(turn, row, out->peer);
    out->newer = lookup_text(turn, span_text(refers_word(row->newer)));
    if (row->newer_number > 0)
        out->newer_ref = lookup_reference(turn, out->peer, row->outgoing,
                                          row->newer_number);
    out->number = row->number;
    out->kind = lookup_text(turn, words.kind);
    out->status = lookup_text(turn, words.status);
    out->subject = lookup_text(turn, words.subject);
    out->precedence = (char *)(uintptr_t)precedence_name(row->precedence);
    fill_state(turn, row, peer, out);
    out->attachments = row->files;
    out->attachments_complete = row->files_whole;
    if (row->files > 0)
        out->attachments_state =
            (char *)(uintptr_t)record_attachment_word(row->files_state);
    out->time_ms = row->time;
    out->cursor = row->cursor;
}

static void
list_loaded(struct context *turn, const struct load *load, struct span answer)
{
    Entente__Response     response = ENTENTE__RESPONSE__INIT;
    Entente__ListResponse list = ENTENTE__LIST_RESPONSE__INIT;
    struct reader         in = reader_of(answer);
    struct record_row     row;

    list.rows = (Entente__ListRow **)(void *)effects_alloc(
        turn->out, LIST_ROWS_MAX * sizeof(*list.rows));
    while (list.n_rows < LIST_ROWS_MAX &&
           record_row_next(&in, &row) == STATUS_OK) {
        Entente__ListRow *out = (Entente__ListRow *)(void *)effects_alloc(
            turn->out, sizeof(*out));

        lookup_row(turn, &row, out);
        list.rows[list.n_rows++] = out;
    }
    response.kind_case = ENTENTE__RESPONSE__KIND_LIST;
    response.list = &list;
    desk_answer(turn, load->client, load->request, true, &response);
}

enum status
lookup_one_row(struct span answer, struct record_row *out)
{
    struct reader     in = reader_of(answer);
    struct record_row more;
    enum status       st = record_row_next(&in, out);

    if (st == STATUS_AGAIN)
        return STATUS_NOT_FOUND;
    if (st == STATUS_OK && record_row_next(&in, &more) == STATUS_OK)
        return STATUS_AMBIGUOUS;
    return st;
}

void
lookup_fail_row(struct context *turn, const struct load *load, enum status st)
{
    if (st == STATUS_NOT_FOUND)
        desk_fail_words(turn, load->client, load->request, st, "ref",
                        "`entente inbox` and `entente outbox` list what there "
                        "is",
                        "no message here has this reference");
    else if (st == STATUS_AMBIGUOUS)
        desk_fail_words(turn, load->client, load->request, st, "ref",
                        "more digits of the id; or NAME/s17 of one that went "
                        "to several, as `entente outbox` has it",
                        "several messages have this reference");
    else
        desk_fail(turn, load->client, load->request, st, "ref", NULL);
}

/* Asks again: `follow` now stands in the list, or the row was behind. */
static void
state_again(struct context *turn, const struct load *load,
            const struct follow *follow, const struct record_row *row,
            const struct channel *channel)
{
    const struct peer *peer = roster_peer_by_id(turn->node, &row->peer);
    struct load       *next = ask_state(turn, follow, peer, &row->id);

    next->flag = channel != NULL;
    next->channel = (struct channel *)(uintptr_t)channel;
    next->from = channel != NULL ? row->index : load->from + 1;
}

/*
 * A row is as old as the store's answer.  So who is to hear of later states is
 * put into the list first, and then the store is asked once more: what came in
 * between is in that row, what comes after it finds the follower.
 */
static void
state_loaded(struct context *turn, const struct load *load, struct span answer)
{
    struct follow         follow = {load->client, load->request, load->until};
    const struct channel *channel = NULL;
    struct record_row     row;
    struct peer          *peer;
    uint8_t               told = STATE_NONE;
    enum status           st = lookup_one_row(answer, &row);
    bool                  last, stale;

    if (load->flag) {
        told = follow_drop(turn->node, &follow);
        if (told == STATE_NONE)
            return; /* it has heard the end, or waits in an outbox */
    }
    if (st != STATUS_OK) {
        lookup_fail_row(turn, load, st);
        return;
    }
    peer = roster_peer_by_id(turn->node, &row.peer);
    last = !row.outgoing || follow_ends(load->until, row.state);
    if (!last)
        st = follow_row(turn->node, peer, &row, &follow, &channel);
    stale = st == STATUS_NOT_FOUND && load->from < STALE_ROWS;
    last = last || (st != STATUS_OK && !stale);
    if (((uint8_t)row.state > told && !stale) || last)
        follow_submitted(turn, &follow, last, peer, &row.id,
                         row.number > 0 ? row.number : row.queue, row.state,
                         st == STATUS_OK ? "" : "nothing more will be told");
    if (!last && (stale || (channel != NULL &&
                            (!load->flag || load->channel != channel ||
                             load->from != row.index))))
        state_again(turn, load, &follow, &row, channel);
}

void
lookup_loaded(struct context *turn, struct load *load, enum status st,
              struct span answer)
{
    if (load->client == 0)
        return; /* it has gone: it sees nothing, and follows nothing */
    if (st != STATUS_OK) {
        desk_fail(turn, load->client, load->request, st, NULL, NULL);
        return;
    }
    switch (load->step) {
    case LOAD_LIST: list_loaded(turn, load, answer); break;
    case LOAD_SHOW_ROW: viewing_row(turn, load, answer); break;
    case LOAD_SHOW_ENTRY: viewing_entry(turn, load, answer); break;
    case LOAD_SHOW_TRAIL: viewing_trail(turn, load, answer); break;
    case LOAD_LOG: logbook_loaded(turn, load, answer); break;
    case LOAD_EVIDENCE_ROW: disclose_row(turn, load, answer); break;
    case LOAD_EVIDENCE_ENTRY: disclose_entry(turn, load, answer); break;
    case LOAD_EVIDENCE_ANSWERS: disclose_answers(turn, load, answer); break;
    case LOAD_STATE: state_loaded(turn, load, answer); break;
    case LOAD_ACKNOWLEDGE: acknowledge_loaded(turn, load, answer); break;
    default: break; /* not begun here */
    }
}

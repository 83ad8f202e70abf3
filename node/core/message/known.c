/*
 * known.c - row, then text, then the answer or the outbox.
 *
 * Invariant: between the answer that an id is not known and its place in the
 * outbox there is no other turn; one that came in since the store was asked is
 * noticed by `recent`, and the store asked again.
 */
#include "node/core/message/known.h"

#include "node/core/client/follow.h"
#include "node/core/client/lookup.h"
#include "node/core/message/message.h"
#include "node/core/roster.h"
#include "node/core/message/submit.h"
#include "node/core/client/viewing.h"

#include <assert.h>
#include <stdio.h>

/* --- steps --------------------------------------------------------------- */

/* A load for the next step; it holds the message, before it what is asked. */
static struct load *
next(struct context *turn, enum load_step step, const struct load *from,
     struct span row, struct span message)
{
    struct load *load = roster_load_new(turn->node, step);

    roster_load_hold(load, row, message);
    load->peer = from->peer;
    load->id = from->id;
    load->client = from->client;
    load->request = from->request;
    load->until = from->until;
    load->flag = from->flag;
    load->from = from->from;
    return load;
}

static void
ask_row(struct context *turn, const struct load *from, struct span message)
{
    lookup_ask_row(turn, next(turn, LOAD_KNOWN, from, SPAN_EMPTY, message),
                   from->peer, &from->id);
}

void
known_ask(struct context *turn, struct peer *peer,
          const struct outbox_item *item)
{
    struct load from = {.peer = peer,
                        .id = item->id,
                        .client = item->follow.client,
                        .request = item->follow.request,
                        .until = item->follow.until};

    ask_row(turn, &from, item->plain);
}

/* --- an id that is not known --------------------------------------------- */

static void
go_out(struct context *turn, const struct load *load, struct span message)
{
    struct load        again = *load;
    Entente__Message  *read = NULL;
    struct outbox_item item = {
        .follow = {load->client, load->request, load->until}};
    enum status st = STATUS_UNTRUSTED;

    if (!peer_removed(load->peer))
        st = submit_read(turn, message, &item, &read);
    if (st != STATUS_OK) {
        submit_refused(turn, load->peer, &item, st);
        return;
    }
    if (!load->flag &&
        recent_has(&turn->node->recent, &load->peer->id, &load->id)) {
        again.flag = true;
        ask_row(turn, &again, message); /* it came in meanwhile */
        return;
    }
    submit_enter(turn, load->peer, &item, read);
}

/* --- an id that is known ------------------------------------------------- */

/* What two messages with one id may differ in is taken out: who sends a file
 * again seals it anew. */
static struct span
bare(struct context *turn, struct span bytes, bool *files)
{
    struct message_faults faults; /* it was judged when it was taken */
    Entente__Message     *message = NULL;
    enum status st = message_parse(bytes, MESSAGE_SENT, &turn->arena, &message,
                                   &faults);

    if (st != STATUS_OK && message == NULL)
        return SPAN_EMPTY;
    message->number = 0;
    message->dtg = NULL;
    for (size_t i = 0; i < message->n_attachments; i++) {
        message->attachments[i]->digest = (ProtobufCBinaryData){0, NULL};
        message->attachments[i]->key = (ProtobufCBinaryData){0, NULL};
    }
    *files = message->n_attachments > 0;
    return context_pack(turn, &message->base);
}

/* Where the two cannot be compared they count as the same.  `why` tells what
 * was compared. */
static bool
says_other(struct context *turn, struct span sent, struct span message,
           const char **why)
{
    bool        files = false;
    struct span before = bare(turn, sent, &files);

    *why = before.len == 0
               ? "known already; what it says is gone and was not compared; "
                 "nothing was sent twice"
           : files ? "known already; of its files names and sizes were "
                     "compared; nothing was sent twice"
                   : "known already; nothing was sent twice";
    return before.len > 0 && !span_equal(before, bare(turn, message, &files));
}

static void
tell_known(struct context *turn, const struct load *load,
           const struct record_row *row, const char *why)
{
    struct follow follow = {load->client, load->request, load->until};
    bool          last = follow_ends(load->until, row->state);

    follow_submitted(turn, &follow, last, load->peer, &load->id,
                     row->number > 0 ? row->number : row->queue, row->state,
                     why);
    if (!last)
        lookup_follow(turn, &follow, load->peer, &load->id);
}

static void
refuse(struct context *turn, const struct load *load)
{
    char words[2 * LIMIT_NAME + 64];

    snprintf(words, sizeof(words),
             "another message went to %s under this id; nothing was sent",
             load->peer->name);
    desk_fail_words(turn, load->client, load->request, STATUS_DUPLICATE, "id",
                    "`entente show ID` shows the message that has it; if "
                    "yours is another, leave the id out, and a new one is "
                    "drawn",
                    words);
}

void
known_row(struct context *turn, const struct load *load, enum status st,
          struct span answer)
{
    struct reader     in = reader_of(answer);
    struct record_row row;
    struct query      query;
    struct span       none, message;
    struct writer     out;

    roster_load_held(load, &none, &message);
    if (st == STATUS_OK)
        st = record_row_next(&in, &row);
    if (st == STATUS_AGAIN || st == STATUS_NOT_FOUND) {
        go_out(turn, load, message);
        return;
    }
    if (st != STATUS_OK) {
        desk_fail(turn, load->client, load->request, st, "id", NULL);
        return;
    }
    row.words = SPAN_EMPTY;
    out = writer_of(effects_alloc(turn->out, answer.len), answer.len);
    record_row_put(&out, &row);
    viewing_query(&row, &query);
    lookup_ask(turn,
               next(turn, LOAD_KNOWN_TEXT, load, writer_span(&out), message),
               &query);
}

void
known_text(struct context *turn, const struct load *load, enum status st,
           struct span answer)
{
    struct reader     in = reader_of(answer);
    struct span       rows, message, sent = SPAN_EMPTY;
    struct record_row row;
    struct record     record;
    const char       *why = NULL;

    roster_load_held(load, &rows, &message);
    if (st == STATUS_OK && record_list_next(&in, &record) == STATUS_OK)
        sent = viewing_plain(turn, &record);
    st = lookup_one_row(rows, &row);
    assert(st == STATUS_OK); /* it was one in the step before */
    if (sent.len == 0 && row.origin.len == 0 && load->from == 0) {
        struct load again = *load;

        again.from = 1;
        ask_row(turn, &again, message); /* it has left its queue meanwhile */
    } else if (says_other(turn, sent, message, &why)) {
        refuse(turn, load);
    } else {
        tell_known(turn, load, &row, why);
    }
}

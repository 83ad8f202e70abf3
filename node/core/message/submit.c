/*
 * submit.c - the outbox's way in and out.
 *
 * Invariants:
 *  (I1) a client hears "queued" or "sent" only of what this turn's group
 *       holds as PENDING or OUT_ENTRY;
 *  (I2) between turns no item of an outbox lends a span: what it has is a
 *       copy of its own, or nothing;
 *  (I3) a message's number is given at dispatch, once, and stands in its
 *       bytes; a message that is dispatched again keeps it.
 */
#include "node/core/message/submit.h"

#include "node/core/client/desk.h"
#include "node/core/attachment/enclosed.h"
#include "node/core/client/follow.h"
#include "node/core/message/hold.h"
#include "node/core/message/known.h"
#include "node/core/log/lane.h"
#include "node/core/message/message.h"
#include "node/core/bundle/packing.h"
#include "node/core/message/refers.h"
#include "node/core/recovery/regain.h"
#include "node/core/roster.h"
#include "proto/numbered.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum {
    LOADS_AHEAD = 64,
    KEPT_BYTES = 4194304 /* of what waits, of all peers */
};

static void
save_pending(struct context *turn, const struct peer *peer,
             const struct outbox_item *item)
{
    struct record        record = {.kind = RECORD_PENDING,
                                   .peer = peer->id,
                                   .id = item->id,
                                   .time = item->time_ms,
                                   .precedence = (uint8_t)item->precedence,
                                   .count = item->len,
                                   .words = span_text(REALM_ACTUAL)};
    struct record_secret secret = {.kind = item->kind,
                                   .status = item->status,
                                   .subject = item->subject,
                                   .message = item->plain};

    context_save(turn, &record, &secret);
}

/* Tells a state to who submitted it; false: that was the last answer. */
static bool
tell_item(struct context *turn, const struct peer *peer,
          const struct outbox_item *item, uint64_t number,
          enum message_state state)
{
    bool        last = follow_ends(item->follow.until, state);
    const char *held = hold_why(turn->node, peer, item->precedence);

    if (state == STATE_QUEUED && held != NULL)
        follow_submitted(turn, &item->follow, last, peer, &item->id, number,
                         STATE_HELD, held);
    else
        follow_submitted(turn, &item->follow, last, peer, &item->id, number,
                         state, "");
    return !last;
}

/* Of all outboxes: messages that wait, the N of q/N, and bytes of copies. */
static void
totals(const struct node *node, uint64_t *count, uint64_t *kept)
{
    *count = 0;
    *kept = 0;
    for (size_t i = 0; i < node->peer_count; i++) {
        *count += node->peers[i]->outbox.count;
        *kept += node->peers[i]->outbox.kept;
    }
}

static enum status
enqueue(struct context *turn, struct peer *peer, const struct outbox_item *item,
        const Entente__Message *message)
{
    enum status st = hold_check(turn->node, peer, item->precedence);

    if (st == STATUS_OK)
        st = owed_check(peer, message);
    if (st == STATUS_OK)
        st = outbox_put(&peer->outbox, item, NULL);
    if (st != STATUS_OK)
        return st;
    owed_take(peer, turn, message);
    recent_put(&turn->node->recent, &peer->id, &item->id);
    refers_note(turn, &peer->id, &item->id, 0, item->plain);
    return STATUS_OK;
}

/* Copies what must outlive the parsed request into memory of the turn. */
static void
fill_item(struct context *turn, struct outbox_item *item,
          const Entente__Message *message, struct span bytes)
{
    struct message_row row = message_row_of(message);

    item->id = row.id;
    item->precedence = row.precedence;
    item->time_ms = turn->input->wall_ms;
    item->len = (uint32_t)bytes.len;
    item->plain = effects_copy(turn->out, bytes);
    item->kind = effects_copy(turn->out, span_text(row.kind));
    item->status = effects_copy(turn->out, span_text(row.status));
    item->subject = effects_copy(turn->out, span_text(row.subject));
}

/* Why it did not go to this peer; the others of a request are not touched. */
void
submit_refused(struct context *turn, const struct peer *peer,
               const struct outbox_item *item, enum status st)
{
    const char *hint = NULL;
    char        line[LIMIT_NAME + 256];
    const char *words = line;

    snprintf(line, sizeof(line), "%s: %s", peer->name, status_words(st));
    if (st == STATUS_HELD)
        hold_words(turn, peer, item->precedence, &words, &hint);
    if (st == STATUS_FULL)
        hint = "as much waits for this peer as may wait (LIMIT_PENDING_COUNT, "
               "LIMIT_PENDING_BYTES, LIMIT_OWED); nothing was queued";
    if (st == STATUS_UNTRUSTED)
        hint = "this peer was removed; nothing was queued";
    desk_fail_words(turn, item->follow.client, item->follow.request, st, "to",
                    hint, words);
}

void
submit_enter(struct context *turn, struct peer *peer,
             const struct outbox_item *item, const Entente__Message *message)
{
    enum status st = enqueue(turn, peer, item, message);

    if (st == STATUS_OK)
        awaiting_take(peer, turn, true, message, 0);
    else
        submit_refused(turn, peer, item, st);
}

static void
submit_one(struct context *turn, struct peer *peer,
           const struct outbox_item *item, const Entente__Message *message,
           bool may_exist)
{
    if (may_exist || recent_has(&turn->node->recent, &peer->id, &item->id))
        known_ask(turn, peer, item);
    else
        submit_enter(turn, peer, item, message);
}

enum status
submit_read(struct context *turn, struct span bytes, struct outbox_item *item,
            Entente__Message **message)
{
    struct message_faults faults;
    enum status           st;

    st = message_parse(bytes, MESSAGE_READY, &turn->arena, message, &faults);
    if (st == STATUS_OK)
        fill_item(turn, item, *message, bytes);
    return st;
}

/* Reads and judges the message; tells the client what is wrong. */
static enum status
judge(struct context *turn, uint64_t client, const Entente__Request *request,
      struct outbox_item *item, Entente__Message **message)
{
    const Entente__SubmitRequest *submit = request->submit;
    struct span           bytes = {submit->message.data, submit->message.len};
    struct message_faults faults;
    enum status           st;

    if (bytes.len > SEAL_PLAINTEXT_MAX - NUMBERED_ROOM) {
        desk_fail(turn, client, request->id, STATUS_TOO_LARGE, "message",
                  "a message is at most 65,524 bytes: write it as several");
        return STATUS_TOO_LARGE;
    }
    st = message_parse(bytes, MESSAGE_READY, &turn->arena, message, &faults);
    if (st != STATUS_OK) {
        desk_fail_message(turn, client, request->id, &faults);
        return st;
    }
    if (!message_fits_realm(*message, REALM_ACTUAL)) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "status",
                  "an EXERCISE has a realm of its own, which this node has "
                  "not; ACTUAL or TEST");
        return STATUS_BAD_FIELD;
    }
    fill_item(turn, item, *message, bytes);
    return STATUS_OK;
}

/* Every name is a peer, and stands there once. */
static enum status
check_to(struct context *turn, uint64_t client,
         const Entente__Request *request)
{
    const Entente__SubmitRequest *submit = request->submit;
    enum status                   st = STATUS_OK;
    const char                   *hint = NULL;

    if (submit->n_to == 0) {
        st = STATUS_BAD_FIELD;
        hint = "name one peer or several";
    }
    if (submit->n_to > SUBMIT_PEERS) {
        st = STATUS_TOO_LARGE;
        hint = "one request is for at most 64 peers";
    }
    for (size_t i = 0; st == STATUS_OK && i < submit->n_to; i++) {
        const struct peer *peer =
            roster_peer_by_name(turn->node, span_text(submit->to[i]));

        if (peer == NULL || peer_removed(peer)) {
            desk_fail_peer(turn, client, request->id, "to",
                           span_text(submit->to[i]));
            return STATUS_NOT_FOUND;
        }
        for (size_t k = 0; st == STATUS_OK && k < i; k++)
            if (strcmp(submit->to[i], submit->to[k]) == 0) {
                st = STATUS_BAD_FIELD;
                hint = "a peer is named twice";
            }
    }
    if (st != STATUS_OK)
        desk_fail(turn, client, request->id, st, "to", hint);
    return st;
}

/* Whose files, where it has any, are known to be here, or not yet. */
static void
take_request(struct context *turn, uint64_t client,
             const Entente__Request *request, bool files_here)
{
    const Entente__SubmitRequest *submit = request->submit;
    struct outbox_item item = {.follow = {client, request->id, 0}};
    Entente__Message  *message = NULL;
    uint8_t            until = 0;

    if (follow_until(submit->until, &until) != STATUS_OK) {
        desk_fail(turn, client, request->id, STATUS_BAD_FIELD, "until",
                  FOLLOW_UNTIL_HINT);
        return;
    }
    if (submit->follow)
        item.follow.until = until;
    if (check_to(turn, client, request) != STATUS_OK ||
        judge(turn, client, request, &item, &message) != STATUS_OK)
        return;
    if (message->n_attachments > 0 && !files_here) {
        enclosed_ask(turn, client, request, message);
        return;
    }
    desk_parts(turn->node, client, request->id, submit->n_to);
    for (size_t i = 0; i < submit->n_to; i++)
        submit_one(turn,
                   roster_peer_by_name(turn->node, span_text(submit->to[i])),
                   &item, message, submit->may_exist);
}

void
submit_request(struct context *turn, uint64_t client,
               const Entente__Request *request)
{
    take_request(turn, client, request, false);
}

void
submit_enclosed(struct context *turn, uint64_t client,
                const Entente__Request *request)
{
    take_request(turn, client, request, true);
}

static void
load_item(struct context *turn, struct peer *peer, struct outbox_item *item)
{
    struct query query = {
        .kind = QUERY_PENDING, .peer = peer->id, .id = item->id};

    roster_ask(turn, LOAD_PENDING, peer, &query)->id = item->id;
    item->loading = true;
    peer->loads++;
}

/* Asks for the plaintexts that the window has room for. */
static void
load_ahead(struct context *turn, struct peer *peer, struct channel *channel,
           unsigned floor)
{
    struct window       trial[2] = {channel->window[0], channel->window[1]};
    struct outbox_item *item;
    size_t              cursor = 0;

    while (peer->loads < LOADS_AHEAD &&
           (item = outbox_next(&peer->outbox, &cursor)) != NULL &&
           item->precedence >= floor) {
        struct window *window =
            &trial[item->precedence >= PRECEDENCE_IMMEDIATE];
        size_t len = seal_sealed_len(item->len);

        if (channel->origin.lane == LANE_WIRE &&
            !window_allows(window, len, turn->input->mono_ms))
            return;
        window_dispatched(window, len);
        if (item->plain.len == 0 && !item->loading)
            load_item(turn, peer, item);
    }
}

void
submit_pending(struct context *turn, const struct load *load, enum status st,
               struct span answer)
{
    struct peer         *peer = load->peer;
    struct outbox_item  *item = outbox_find(&peer->outbox, &load->id);
    struct reader        in = reader_of(answer);
    struct record        record;
    struct record_secret secret = {0};

    peer->loads--;
    if (item == NULL)
        return;
    item->loading = false;
    if (st == STATUS_OK)
        st = record_list_next(&in, &record);
    if (st == STATUS_OK)
        st = record_secret_decode(record.secret, &secret);
    if (st == STATUS_OK && secret.message.len == item->len) {
        outbox_lend(&peer->outbox, item, &secret);
        return;
    }
    peer_alarm(peer, turn, STATUS_CORRUPT, SPAN_OF(load->id.bytes),
               "a message that waits cannot be read; it is passed over");
    follow_end(turn, peer, &load->id, STATUS_CORRUPT,
               "the message waited and can no longer be read", NULL);
    awaiting_settle(peer, turn, true, &load->id);
    st = outbox_strike(&peer->outbox, &load->id);
    assert(st == STATUS_OK);
}

/* The client's bytes, and behind them the number (I3). */
static struct span
with_number(struct context *turn, struct peer *peer, struct span plain,
            uint64_t *number)
{
    uint8_t      *at = effects_alloc(turn->out, plain.len + NUMBERED_ROOM);
    struct writer out = writer_of(at, plain.len + NUMBERED_ROOM);

    *number = numbered_peek(plain);
    if (*number != 0)
        return plain;
    *number = ++peer->number;
    writer_put(&out, plain);
    numbered_put(&out, *number);
    assert(writer_end(&out) == STATUS_OK);
    return writer_span(&out);
}

void
submit_leave(struct context *turn, struct peer *peer,
             struct channel *channel, struct outbox_item *item)
{
    struct channel_say say = {.lane = channel->origin.lane,
                              .class = CLASS_MESSAGE,
                              .precedence = item->precedence,
                              .id = item->id,
                              .row = {.kind = item->kind,
                                      .status = item->status,
                                      .subject = item->subject}};
    enum status        st;

    say.body = with_number(turn, peer, item->plain, &say.number);
    if (tell_item(turn, peer, item, say.number, STATE_SENT))
        say.follow = item->follow;
    st = peer_say(peer, turn, &say);
    assert(st == STATUS_OK); /* its length was checked at submission */
    awaiting_sent(peer, &item->id, channel, channel->frontier.size - 1,
                  say.number);
    owed_sent(peer, &item->id, channel, channel->frontier.size - 1);
    pace_sent(&peer->pace, channel, channel->frontier.size - 1,
              item->precedence, item->time_ms);
    if (turn->node->follower_count > 0)
        follow_sent(turn, peer, channel, channel->frontier.size - 1, &item->id,
                    say.number);
    follow_stay(turn->node, peer, channel, &say);
    outbox_pop(&peer->outbox);
}

static void
save_unsettled(struct context *turn, struct peer *peer, uint64_t count)
{
    struct outbox_item *item;

    for (size_t i = 0; i < PRECEDENCE_COUNT; i++) {
        size_t at = outbox_unsettled(&peer->outbox, i);

        for (; (item = outbox_at(&peer->outbox, i, at)) != NULL; at++) {
            if (item->saved || item->struck)
                continue;
            save_pending(turn, peer, item);
            item->saved = true;
            if (!tell_item(turn, peer, item, count, STATE_QUEUED))
                item->follow.client = 0;
        }
    }
}

/* (I1) (I2): what stays is saved, and lends nothing any more. */
static void
settle(struct context *turn, struct peer *peer)
{
    struct outbox *box = &peer->outbox;
    uint64_t       count, kept;

    if (!box->lends)
        return;
    totals(turn->node, &count, &kept);
    save_unsettled(turn, peer, count);
    outbox_keep(box, box->kept + (kept < KEPT_BYTES ? KEPT_BYTES - kept : 0));
}

/* Whether it goes in this turn, of which `spent` was dispatched already. */
static bool
may_go(struct channel *channel, const struct outbox_item *item,
       const uint64_t spent[static 2], uint64_t now)
{
    const struct window *window = channel_window(channel, item->precedence);
    uint64_t             before = spent[window - channel->window];
    size_t               len = seal_sealed_len(item->len);

    return channel->frontier.size - channel->head.size < LIMIT_BATCH &&
           window_allows(window, len, now) &&
           (before == 0 || before + len <= window_batch(window, now));
}

/* As much as may go of `floor` and above, most urgent first; returns what is
 * next; NULL: nothing waits. */
static struct outbox_item *
dispatch_some(struct context *turn, struct peer *peer, struct channel *channel,
              unsigned floor)
{
    uint64_t            now = turn->input->mono_ms;
    uint64_t            spent[2] = {0};
    struct outbox_item *item;

    while ((item = outbox_first(&peer->outbox)) != NULL &&
           item->precedence >= floor && item->plain.len > 0 &&
           feeding_asked(peer, item->precedence) <= item->precedence &&
           may_go(channel, item, spent, now)) {
        spent[channel_window(channel, item->precedence) - channel->window] +=
            seal_sealed_len(item->len);
        submit_leave(turn, peer, channel, item);
    }
    peer->waits_for_turn =
        item != NULL && item->precedence >= floor && item->plain.len > 0 &&
        spent[0] + spent[1] > 0 &&
        window_allows(channel_window(channel, item->precedence),
                      seal_sealed_len(item->len), now);
    return item;
}

void
submit_dispatch(struct context *turn, struct peer *peer)
{
    bool            packs = packing_dispatches(peer);
    struct channel *channel =
        lane_channel(peer, packs ? LANE_COURIER : LANE_WIRE);
    unsigned            floor = hold_floor(turn->node, peer);
    struct outbox_item *item;

    peer->waits_for_turn = false;
    if (peer->outbox.count == 0)
        return;
    if (channel != NULL &&
        (packs || (channel->live && !regain_holds(peer, turn)))) {
        item = packs ? packing_dispatch(turn, peer, floor)
                     : dispatch_some(turn, peer, channel, floor);
        if (item != NULL && item->plain.len == 0)
            load_ahead(turn, peer, channel, floor);
    }
    settle(turn, peer);
}

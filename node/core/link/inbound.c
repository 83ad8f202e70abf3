/*
 * inbound.c - what a frame says is checked here for shape, by witness.c and
 * channel.c for truth, and by arrival.c for meaning.
 */
#include "node/core/link/inbound.h"

#include "node/core/log/answer.h"
#include "node/core/log/arrival.h"
#include "node/core/client/follow.h"
#include "node/core/recovery/giving.h"
#include "node/core/recovery/regain.h"
#include "node/core/recovery/regrow.h"
#include "node/core/roster.h"
#include "node/core/link/skew.h"
#include "node/core/link/resume.h"
#include "node/core/link/sizes.h"

#include <string.h>

/* One of theirs, or a piece of one of ours that they give back; NULL. */
static struct witness *
log_of(const struct peer *peer, const char *origin)
{
    struct witness *own = regrow_of(peer, span_text(origin));

    return own != NULL ? own : peer_witness_of(peer, span_text(origin));
}

/* The peer's log of that name; a new one where it may begin. */
static enum status
find_witness(struct session *session, struct context *turn, const char *origin,
             struct witness **out)
{
    struct peer *peer = session->peer;
    enum status  st;

    *out = log_of(peer, origin);
    if (*out != NULL)
        return STATUS_OK;
    st = peer_witness_open(peer, turn, span_text(origin), out);
    if (st == STATUS_FORK)
        peer_alarm(peer, turn, st, span_text(origin),
                   "a second epoch of one number");
    return st;
}

/* Whether all of these leaves are committed. */
static bool
is_here(const struct witness *witness, const Entente__Leaves *leaves)
{
    uint64_t count = leaves->leaves.len / LEAF_LEN;

    return count > 0 && leaves->start < witness->head.size &&
           count <= witness->head.size - leaves->start;
}

/* A log comes by one way at a time: what a link brings is not disturbed, what
 * a bundle began gives way.  HELD: the link brings it. */
static enum status
stage_for(struct witness *witness, bool stick)
{
    if (witness_staged(witness) > witness->head.size &&
        witness->by_stick != stick) {
        if (stick)
            return STATUS_HELD;
        witness_unstage(witness);
    }
    witness->by_stick = stick;
    return STATUS_OK;
}

enum status
inbound_leaves(struct session *session, struct context *turn,
               const Entente__Frame *frame, struct span raw)
{
    static const uint8_t   zeros[LIMIT_KEY];
    const Entente__Leaves *leaves = frame->leaves;
    const uint8_t         *ephemeral = zeros;
    const uint8_t         *salt = zeros;
    struct witness        *witness;
    enum status            st;

    (void)raw;
    if (leaves->ephemeral.len != 0 || leaves->salt.len != 0) {
        if (leaves->ephemeral.len != LIMIT_KEY ||
            leaves->salt.len != LIMIT_SALT)
            return STATUS_BAD_FIELD;
        ephemeral = leaves->ephemeral.data;
        salt = leaves->salt.data;
    }
    st = find_witness(session, turn, leaves->origin, &witness);
    if (st != STATUS_OK)
        return st;
    session->worked = true;
    if (witness->stopped)
        return STATUS_OK; /* our answer about its bad head is on its way */
    if (is_here(witness, leaves))
        return STATUS_OK; /* it came by a bundle */
    st = stage_for(witness, session->link == 0);
    if (st != STATUS_OK)
        return st;
    st = witness_leaves(
        witness, leaves->first, ephemeral, salt, leaves->start,
        (struct span){leaves->leaves.data, leaves->leaves.len});
    if (st == STATUS_OK || !witness->ours)
        return st;
    regrow_spoil(session->peer, turn, st, SPAN_EMPTY);
    return STATUS_OK;
}

/* Answers that no body of it will be taken, and notes it.  What may not be
 * answered (DESIGN 2) is an alarm. */
static void
refuse(struct peer *peer, struct context *turn, struct witness *witness,
       uint64_t index, enum entry_class class, enum status st)
{
    struct record record = {.kind = RECORD_VERDICT,
                            .origin = witness->origin,
                            .index = index,
                            .count = 1,
                            .time = turn->input->wall_ms,
                            .state = STATE_REFUSED,
                            .words = span_text(status_name(st))};

    if (class == CLASS_ANSWER || class == CLASS_GRANT)
        peer_alarm(peer, turn, st,
                   SPAN_OF(witness_wanted(witness, index)->bytes),
                   "an answer that this node cannot keep");
    else
        answer_note(peer, turn, witness, index,
                    ENTENTE__ANSWER__VERDICT__REFUSED, st, PRECEDENCE_ROUTINE);
    context_save(turn, &record, NULL);
    witness_settle(witness, index);
}

/* Well formed, and in its place: an OPEN begins an epoch and nothing else. */
static enum status
judge_leaf(const struct witness_leaf *wanted, uint64_t index, struct leaf *leaf)
{
    enum status st = leaf_decode(SPAN_OF(wanted->bytes), leaf);

    if (st == STATUS_OK)
        st = leaf_check(leaf);
    if (st == STATUS_OK && (index == 0) != (leaf->class == CLASS_OPEN))
        st = STATUS_BAD_STATE;
    return st;
}

/* Entries of a new head that we will not keep (DESIGN 2). */
static void
refuse_leaves(struct peer *peer, struct context *turn, struct witness *witness,
              uint64_t from)
{
    for (uint64_t i = from; i < witness->head.size; i++) {
        struct leaf leaf = {.class = CLASS_MESSAGE};
        enum status st = judge_leaf(witness_wanted(witness, i), i, &leaf);

        if (st != STATUS_OK)
            refuse(peer, turn, witness, i, leaf.class, st);
    }
}

enum status
inbound_head(struct session *session, struct context *turn,
             const Entente__Frame *frame, struct span raw)
{
    const Entente__Head *said = frame->head;
    struct peer         *peer = session->peer;
    struct witness      *witness = log_of(peer, said->origin);
    struct head head = {.size = said->size};
    uint64_t    from;
    bool        first;
    enum status st;

    (void)raw;
    if (witness == NULL || said->root.len != LIMIT_DIGEST ||
        said->signature.len != LIMIT_SIGNATURE)
        return STATUS_BAD_FIELD;
    if (witness->stopped)
        return STATUS_OK;
    first = witness->head.size == 0 && !witness->given;
    if (first && !peer_may_begin(peer, turn))
        return STATUS_HELD;
    memcpy(head.root.bytes, said->root.data, LIMIT_DIGEST);
    from = witness->head.size;
    if (witness->ours) {
        regrow_head(peer, turn, &head, said->signature.data);
        return STATUS_OK;
    }
    st = witness_head(witness, turn, &head, said->signature.data,
                      peer->card.cert.log_key);
    if (first && (st == STATUS_OK || st == STATUS_FORK))
        peer_begun(peer, turn); /* it is remembered from now on */
    if (st == STATUS_OK)
        refuse_leaves(peer, turn, witness, from);
    if (st == STATUS_FORK)
        answer_bad_head(peer, turn, witness, &head, said->signature.data);
    if (st == STATUS_BAD_ROOT || st == STATUS_FORK || st == STATUS_DUPLICATE)
        return STATUS_OK; /* asked again, or answered: the link goes on */
    return st;
}

/* A body with another digest is corruption and asked for again (DESIGN 2);
 * what is wrong each time is kept as it came and refused. */
static void
take_spoiled(struct peer *peer, struct context *turn, struct witness *witness,
             uint64_t index, struct span body)
{
    struct span   leaf = SPAN_OF(witness_wanted(witness, index)->bytes);
    size_t        room = leaf.len + body.len;
    struct writer evidence = writer_of(effects_alloc(turn->out, room), room);

    if (!witness_spoiled(witness, index)) {
        witness->bodies_due = true;
        return;
    }
    writer_put(&evidence, leaf);
    writer_put(&evidence, body);
    peer_alarm(peer, turn, STATUS_BAD_PROOF, writer_span(&evidence),
               "a body is wrong each time that it comes; its entry is refused");
    refuse(peer, turn, witness, index, (enum entry_class)leaf.ptr[2],
           STATUS_BAD_PROOF);
}

enum status
inbound_piece(struct peer *peer, struct context *turn, struct witness *witness,
              const Entente__Fragment *part)
{
    struct span body = SPAN_EMPTY;
    enum status st;

    if ((witness->stopped && witness->ours) ||
        (part->index >= witness->head.size &&
         (witness->stopped || witness->refetched)))
        return STATUS_OK; /* on its way when its head turned out wrong */
    if (!witness->ours && regain_puts_off(peer, turn, witness, part->index))
        return STATUS_OK;
    st = witness_piece(witness, part->index, part->offset,
                       (struct span){part->bytes.data, part->bytes.len},
                       &body);
    if (st == STATUS_OK && witness->ours)
        regrow_body(peer, turn, part->index, body);
    else if (st == STATUS_OK)
        arrival_take(peer, turn, witness, part->index, body);
    else if (st == STATUS_BAD_PROOF && !witness->ours)
        take_spoiled(peer, turn, witness, part->index, body);
    else if (st == STATUS_BAD_PROOF)
        regrow_spoil(peer, turn, st, body);
    else if (st != STATUS_AGAIN && st != STATUS_DUPLICATE)
        return st;
    return STATUS_OK;
}

enum status
inbound_bodies(struct session *session, struct context *turn,
               const Entente__Frame *frame, struct span raw)
{
    const Entente__Bodies *bodies = frame->bodies;
    struct peer           *peer = session->peer;
    struct witness        *witness = log_of(peer, bodies->origin);
    enum status            st = STATUS_OK;

    (void)raw;
    if (witness == NULL)
        return STATUS_BAD_FIELD;
    session->worked = true;
    for (size_t i = 0; st == STATUS_OK && i < bodies->n_fragments; i++)
        st = inbound_piece(peer, turn, witness, bodies->fragments[i]);
    return st;
}

/* Tells who waits, and lets go of what the receipt covers. */
static void
free_covered(struct context *turn, struct peer *peer, struct channel *channel,
             uint64_t before)
{
    struct flight *flight = &channel->flight;

    pace_received(&peer->pace, channel, channel->cosigned.size,
                  turn->input->wall_ms);
    while (flight->count > 0 && flight_from(flight) < channel->cosigned.size) {
        const struct flight_entry *entry =
            flight_at(flight, flight_from(flight));

        if (entry->index >= before) /* else it was sent again */
            window_cosigned(channel_window(channel, entry->precedence),
                            entry->body_len, entry->time_ms,
                            turn->input->mono_ms);
        if (entry->follow.client != 0)
            follow_received(turn, peer, channel, entry);
        flight_pop(flight);
    }
    if (turn->node->follower_count > 0)
        follow_tell(turn, channel, before,
                            channel->cosigned.size - before, STATE_RECEIVED,
                            "");
}

enum status
inbound_receipt(struct session *session, struct context *turn,
                const Entente__Cosigned *cosigned)
{
    struct peer       *peer = session->peer;
    struct channel    *channel =
        peer_channel_of(peer, span_text(cosigned->origin));
    struct head        head;
    struct cosignature cosignature;
    uint64_t           before;
    enum status        st;

    if (channel == NULL ||
        sizes_receipt(cosigned, &head, &cosignature) != STATUS_OK)
        return STATUS_BAD_FIELD;
    before = channel->cosigned.size;
    st = channel_cosigned(channel, turn, &head, &cosignature,
                          peer->card.cert.witness_key);
    /* Again: the reader had lost what it cosigned, and has it now. */
    if (st == STATUS_DUPLICATE && head.size == before)
        st = STATUS_OK;
    if (st == STATUS_DUPLICATE)
        return STATUS_OK;
    if (st == STATUS_OK) {
        skew_note(turn, peer, channel, head.size, cosignature.time_s);
        free_covered(turn, peer, channel, before);
    }
    return st;
}

/* On a log of ours, or on a size of one, that this node does not know. */
static bool
is_of_what_was_lost(const struct peer *peer, const Entente__Cosigned *cosigned)
{
    const struct channel *channel =
        peer_channel_of(peer, span_text(cosigned->origin));

    return channel == NULL ||
           (channel->closed && cosigned->size > channel->head.size);
}

enum status
inbound_cosigned(struct session *session, struct context *turn,
                 const Entente__Frame *frame, struct span raw)
{
    (void)raw;
    session->worked = true;
    if ((session->peer->recovery & RECOVERY_LACKS) != 0 &&
        is_of_what_was_lost(session->peer, frame->cosigned))
        return STATUS_OK; /* it comes again when that was given back */
    /* Where key_changes tell from which sizes on the peer seals to our newer
     * key, older keys of ours may be destroyed: with rotation. */
    return inbound_receipt(session, turn, frame->cosigned);
}

bool
inbound_are_apart(Entente__Range *const *ranges, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (ranges[i]->first < ranges[i - 1]->first ||
            ranges[i]->first - ranges[i - 1]->first < ranges[i - 1]->count)
            return false;
    return true;
}

enum status
inbound_fetch(struct session *session, struct context *turn,
              const Entente__Frame *frame, struct span raw)
{
    const Entente__Fetch *fetch = frame->fetch;
    struct channel       *channel =
        peer_channel_of(session->peer, span_text(fetch->origin));

    (void)raw;
    if (fetch->n_bodies > LIMIT_RANGES ||
        !inbound_are_apart(fetch->bodies, fetch->n_bodies))
        return STATUS_BAD_FIELD;
    if (channel == NULL || channel->closed)
        return giving_fetch(session, turn, fetch);
    context_log(turn, "link: %s asks again for parts of our log",
                session->peer->name);
    if (fetch->leaves && fetch->leaves_from < channel->leaves_sent) {
        channel->leaves_sent = fetch->leaves_from;
        channel->head_sent = fetch->leaves_from;
        resume_fetch(channel, fetch->leaves_from, LIMIT_HEAD_AHEAD);
    }
    for (size_t i = 0; i < fetch->n_bodies; i++)
        resume_fetch(channel, fetch->bodies[i]->first,
                     fetch->bodies[i]->count);
    flight_restart(&channel->flight);
    return STATUS_OK;
}

/*
 * outbound.c - frames are made from state, not from queues: cursors in the
 * channel and marks in the witness say what the link has not been given yet.
 */
#include "node/core/link/outbound.h"

#include "node/core/recovery/giving.h"
#include "node/core/log/held.h"
#include "node/core/message/hold.h"
#include "node/core/log/lane.h"
#include "node/core/recovery/regain.h"
#include "node/core/link/resume.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"
#include "node/core/link/sizes.h"

#include <string.h>

enum {
    FRAME_OVERHEAD = 320, /* origin, batch fields, tags of one frame */
    FRAGMENT_OVERHEAD = 24,
    FRAGMENT_MIN = 256, /* no smaller piece of a larger body */
    FRAGMENTS = 128
};

static void
send_cosigned(struct session *session, struct context *turn,
              struct witness *witness)
{
    struct peer          *peer = session->peer;
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);
    Entente__Frame        frame = ENTENTE__FRAME__INIT;
    Entente__Cosigned     cosigned;
    Entente__KeyChange    change = ENTENTE__KEY_CHANGE__INIT;
    Entente__KeyChange   *changes[] = {&change};

    sizes_cosigned(&cosigned, witness);
    if (peer->seal_to.number > 0 && channel != NULL) {
        change.origin = (char *)(uintptr_t)channel->text.text;
        change.size = peer->changed_at;
        change.sealing_key = peer->seal_to.number;
        cosigned.n_key_changes = 1;
        cosigned.key_changes = changes;
    }
    frame.kind_case = ENTENTE__FRAME__KIND_COSIGNED;
    frame.cosigned = &cosigned;
    session_send(session, turn, &frame);
    witness->cosignature_due = false;
    session->worked = true;
}

static void
send_fetch(struct session *session, struct context *turn,
           struct witness *witness)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Fetch  fetch = ENTENTE__FETCH__INIT;
    Entente__Range  ranges[LIMIT_RANGES];
    Entente__Range *list[LIMIT_RANGES];

    fetch.origin = witness->text.text;
    fetch.leaves = witness->leaves_due;
    fetch.leaves_from = witness->head.size;
    if (witness->bodies_due)
        fetch.n_bodies = resume_missing(witness, ranges, list);
    fetch.bodies = list;
    witness->leaves_due = false;
    witness->bodies_due = false;
    if (!fetch.leaves && fetch.n_bodies == 0)
        return;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    session_send(session, turn, &frame);
}

/* Leaves of one batch, from the cursor on and below `to`, as many as fit. */
static void
send_leaves(struct session *session, struct context *turn,
            struct channel *channel, uint64_t to)
{
    const struct flight       *flight = &channel->flight;
    const struct flight_entry *entry = flight_at(flight, channel->leaves_sent);
    const struct flight_batch *batch = flight_batch_of(flight, entry);
    uint64_t        number = entry->batch;
    size_t          room = session_room(session) - FRAME_OVERHEAD;
    struct writer   out = writer_of(effects_alloc(turn->out, room), room);
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Leaves leaves = ENTENTE__LEAVES__INIT;

    leaves.origin = channel->text.text;
    leaves.first = batch->first;
    leaves.ephemeral = (ProtobufCBinaryData){
        LIMIT_KEY, (uint8_t *)(uintptr_t)batch->ephemeral};
    leaves.salt = (ProtobufCBinaryData){LIMIT_SALT,
                                        (uint8_t *)(uintptr_t)batch->salt};
    leaves.start = channel->leaves_sent;
    while (channel->leaves_sent < to &&
           out.cap - out.len >= LEAF_LEN) {
        entry = flight_at(flight, channel->leaves_sent);
        if (entry->batch != number)
            break;
        writer_put(&out, SPAN_OF(entry->leaf));
        channel->leaves_sent++;
    }
    leaves.leaves = (ProtobufCBinaryData){out.len, out.ptr};
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    session_send(session, turn, &frame);
    session->worked = true;
}

/* An older head is signed again: the same bytes, as Ed25519 draws nothing. */
static void
send_head(struct session *session, struct context *turn,
          struct channel *channel, const struct head *to_send)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Head  head = ENTENTE__HEAD__INIT;
    uint8_t        signature[LIMIT_SIGNATURE];

    memcpy(signature, channel->signature, LIMIT_SIGNATURE);
    if (to_send->size != channel->head.size)
        checkpoint_sign(origin_span(&channel->text), to_send,
                        &turn->node->log_key, signature);
    head.origin = channel->text.text;
    head.size = to_send->size;
    head.root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)to_send->root.bytes};
    head.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &head;
    session_send(session, turn, &frame);
    channel->head_sent = to_send->size;
}

/* The next piece that fits into `room`; false: none does. */
static bool
next_piece(struct channel *channel, size_t room, Entente__Fragment *out)
{
    struct flight_entry *entry =
        flight_unsent(&channel->flight, channel->head_sent);
    struct span body;
    size_t      left;

    if (entry == NULL || room <= FRAGMENT_OVERHEAD)
        return false;
    room -= FRAGMENT_OVERHEAD;
    left = entry->body_len - entry->sent;
    if (left > room && room < FRAGMENT_MIN)
        return false;
    body = flight_body(&channel->flight, entry);
    entente__fragment__init(out);
    out->index = entry->index;
    out->offset = entry->sent;
    out->bytes = (ProtobufCBinaryData){
        left < room ? left : room,
        (uint8_t *)(uintptr_t)(body.ptr + entry->sent)};
    entry->sent += (uint32_t)out->bytes.len;
    return true;
}

/* One frame of bodies, most urgent first; false: there are none. */
static bool
send_bodies(struct session *session, struct context *turn,
            struct channel *channel)
{
    size_t             room = session_room(session) - FRAME_OVERHEAD;
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Fragment  parts[FRAGMENTS];
    Entente__Fragment *list[FRAGMENTS];
    size_t             count = 0;

    while (count < FRAGMENTS && next_piece(channel, room, &parts[count])) {
        room -= FRAGMENT_OVERHEAD + parts[count].bytes.len;
        list[count] = &parts[count];
        count++;
    }
    if (count == 0)
        return false;
    bodies.origin = channel->text.text;
    bodies.n_fragments = count;
    bodies.fragments = list;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    session_send(session, turn, &frame);
    session->worked = true;
    return true;
}

/* What can be sent now of a log: its newest head, or none (false). */
static bool
is_ready(struct channel *channel, const struct head **head)
{
    const struct flight *flight = &channel->flight;
    uint64_t             from = flight->count > 0 ? flight_from(flight)
                                                  : channel->head.size;

    if (channel->origin.lane == LANE_COURIER ? flight->count == 0
                                             : !channel->live)
        return false;
    *head = channel_head_to_send(channel);
    if (channel->leaves_sent < from)
        channel->leaves_sent = from; /* what was cosigned is not here */
    return channel->origin.lane == LANE_WIRE ||
           (*head)->size <= flight_to(flight);
}

/* The next frame of a log; false: there is none. */
static bool
send_next(struct session *session, struct context *turn,
          struct channel *channel)
{
    const struct head *head;

    if (channel == NULL || !is_ready(channel, &head))
        return false;
    if (channel->leaves_sent < head->size)
        send_leaves(session, turn, channel, head->size);
    else if (channel->head_sent < head->size)
        send_head(session, turn, channel, head);
    else
        return send_bodies(session, turn, channel);
    return true;
}

/* Of what waits for the link; 0: nothing does. */
static unsigned
urgency(struct channel *channel)
{
    const struct flight_entry *entry =
        channel != NULL ? flight_unsent(&channel->flight, UINT64_MAX) : NULL;

    return entry != NULL ? (unsigned)entry->precedence : 0;
}

/* A chunk goes before bodies that are less urgent.  What leaves and heads there
 * are, is told first: little of it, and bodies wait for it. */
static bool
chunk_first(struct session *session, const struct context *turn,
            struct channel *wire, struct channel *courier)
{
    unsigned body = urgency(wire) > urgency(courier) ? urgency(wire)
                                                     : urgency(courier);

    return feeding_urgency(session->peer, turn) > body;
}

/* A stick's entries never delay what is for the wire: they go first only where
 * they are more urgent. */
static void
fill_from_lanes(struct session *session, struct context *turn)
{
    struct channel *wire = lane_channel(session->peer, LANE_WIRE);
    struct channel *courier = lane_channel(session->peer, LANE_COURIER);
    bool            more = true;

    if (courier != NULL)
        resume_flow(turn, session->peer, courier);
    while (more && session_room(session) > 0) {
        bool first = urgency(courier) > urgency(wire);

        more = (chunk_first(session, turn, wire, courier) &&
                feeding_send(session, turn)) ||
               send_next(session, turn, first ? courier : wire) ||
               send_next(session, turn, first ? wire : courier) ||
               feeding_send(session, turn);
    }
    feeding_read_ahead(session->peer, turn);
}

void
outbound_fill(struct session *session, struct context *turn)
{
    struct peer *peer = session->peer;

    if (session->closed || session->state != SESSION_OPEN)
        return;
    hold_say(session, turn);
    for (size_t i = 0; i < peer->witness_count; i++) {
        struct witness *witness = peer->witnesses[i];

        if (witness->cosignature_due && session_room(session) > 0)
            send_cosigned(session, turn, witness);
        if ((witness->leaves_due || witness->bodies_due) &&
            lane_goes_on(peer, witness) && session_room(session) > 0)
            send_fetch(session, turn, witness);
    }
    gather_ask(session, turn);
    while (regain_fill(session, turn) || retrace_fill(session, turn) ||
           held_fill(session, turn))
        continue;
    fill_from_lanes(session, turn);
    while (session_room(session) > 0 && giving_fill(session, turn))
        continue; /* what is new goes before what was lost */
}

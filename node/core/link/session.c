/*
 * session.c - the life of a link as a table.
 *
 * Invariants:
 *  (I1) a peer has one current link; it is set in the turn that journals the
 *       session's handshake hash as pending;
 *  (I2) nothing but handshake and Hello is sent before (I1), nothing is
 *       dispatched before state OPEN;
 *  (I3) the stamp of message 1 is stored, as any other state, only after the
 *       first transport message;
 *  (I4) a closed session does nothing more; node.c frees it at the turn's end.
 */
#include "node/core/link/session.h"

#include "node/core/link/chain.h"
#include "node/core/log/grant.h"
#include "node/core/link/handshake.h"
#include "node/core/grow.h"
#include "node/core/log/held.h"
#include "node/core/message/hold.h"
#include "node/core/link/inbound.h"
#include "node/core/roster.h"
#include "node/core/link/ping.h"
#include "node/core/recovery/regain.h"
#include "node/core/link/resume.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct session *
session_new(struct context *turn, uint64_t link, struct peer *peer,
            uint64_t source)
{
    struct session *session = grow_new(1, sizeof(*session));

    session->link = link;
    session->state = peer != NULL ? SESSION_DIALLING : SESSION_STRANGER;
    session->dialled = peer != NULL;
    session->peer = peer;
    session->source = source;
    session->opened_ms = session->heard_ms = session->said_ms =
        turn->input->mono_ms;
    session->frame_max = LIMIT_FRAME_MIN;
    return session;
}

void
session_free(struct session *session)
{
    if (session->noise != NULL) {
        noise_wipe(session->noise);
        free(session->noise);
    }
    secret_wipe_bytes(session, sizeof(*session));
    free(session);
}

/* What ends for the peer when this link does. */
static void
leave_peer(struct session *session, struct context *turn)
{
    struct peer *peer = session->peer;

    session->closed = true; /* (I4) */
    if (peer == NULL)
        return;
    if (peer->dialling == session->link)
        peer->dialling = 0;
    if (peer->link != session)
        return;
    peer_unlink(peer, turn);
    context_log(turn, "link: %s is down", peer->name);
}

void
session_close(struct session *session, struct context *turn, enum status st)
{
    if (session->closed)
        return;
    context_close_link(turn, session->link);
    if (st != STATUS_OK && session->state != SESSION_STRANGER)
        context_log(turn, "link: closed %s (%s)",
                    session->peer != NULL ? session->peer->name : "a stranger",
                    status_name(st));
    leave_peer(session, turn);
}

void
session_lost(struct session *session, struct context *turn)
{
    if (!session->closed)
        leave_peer(session, turn);
}

size_t
session_room(const struct session *session)
{
    size_t frame = session->frame_max < session->room
                       ? session->frame_max
                       : (size_t)session->room;

    if (session->closed || frame < LIMIT_FRAME_MIN)
        return 0;
    return frame - LIMIT_TAG;
}

void
session_send(struct session *session, struct context *turn,
             const Entente__Frame *frame)
{
    size_t         len = protobuf_c_message_get_packed_size(&frame->base);
    uint8_t       *out = effects_alloc(turn->out, len + LIMIT_TAG);
    struct effect *effect;
    enum status    st;

    assert(len <= LIMIT_FRAME_PLAIN);
    protobuf_c_message_pack(&frame->base, out);
    effects_frame(turn->out, session->link, session->peer->name, true,
                  (struct span){out, len});
    st = noise_encrypt(&session->send, (struct span){out, len}, out);
    assert(st == STATUS_OK);
    effect = effects_add(turn->out, EFFECT_SEND);
    effect->link = session->link;
    effect->bytes = (struct span){out, len + LIMIT_TAG};
    len = effect->bytes.len; /* as the edge counts: the length field aside */
    session->room -= len < session->room ? len : session->room;
    session->said_ms = turn->input->mono_ms;
    session->messages++;
}

void
session_bye(struct session *session, struct context *turn, enum status st)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Bye   bye = ENTENTE__BYE__INIT;

    if (session->closed)
        return;
    bye.status = (char *)(uintptr_t)status_name(st);
    frame.kind_case = ENTENTE__FRAME__KIND_BYE;
    frame.bye = &bye;
    session_send(session, turn, &frame);
    session_close(session, turn, st);
}

static void
send_hello(struct session *session, struct context *turn)
{
    struct peer   *peer = session->peer;
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;

    hello.confirmed = (ProtobufCBinaryData){LIMIT_DIGEST, peer->confirmed};
    hello.pending = (ProtobufCBinaryData){LIMIT_DIGEST, peer->pending};
    hello.stamp_seen = peer->stamp_seen;
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    session_send(session, turn, &frame);
}

bool
session_stays(bool current_by_lower, bool other_by_lower)
{
    return current_by_lower && !other_by_lower;
}

static bool
outranked(const struct session *session, struct context *turn)
{
    const struct peer    *peer = session->peer;
    const struct session *current = peer->link;
    bool we_are_lower = node_id_compare(&turn->node->cert.node, &peer->id) < 0;

    return current != NULL && current != session &&
           session_stays(current->dialled == we_are_lower,
                         session->dialled == we_are_lower);
}

static enum status
on_connected(struct session *session, struct context *turn,
             const Entente__Frame *frame, struct span raw)
{
    (void)frame;
    (void)raw;
    session->state = SESSION_CALLING;
    handshake_call(session, turn);
    return STATUS_OK;
}

static enum status
on_message1(struct session *session, struct context *turn,
            const Entente__Frame *frame, struct span raw)
{
    enum status st = handshake_answer(session, turn, raw);

    (void)frame;
    if (st == STATUS_OK)
        session->state = SESSION_ANSWERED;
    return st;
}

static enum status
on_message2(struct session *session, struct context *turn,
            const Entente__Frame *frame, struct span raw)
{
    enum status st = handshake_finish(session, turn, raw);

    (void)frame;
    if (st != STATUS_OK)
        return st;
    session->state = SESSION_PROVING;
    send_hello(session, turn);
    return STATUS_OK;
}

/* The caller's first transport message: it is alive, not a replay. */
static enum status
on_hello_of_caller(struct session *session, struct context *turn,
                   const Entente__Frame *frame, struct span raw)
{
    enum status st = chain_check(session, turn, frame->hello);

    (void)raw;
    if (st != STATUS_OK)
        return st;
    if (session->stamp <= session->peer->stamp_seen)
        return STATUS_DUPLICATE;
    if (outranked(session, turn)) {
        session_bye(session, turn, STATUS_EXISTS);
        return STATUS_OK;
    }
    session->state = SESSION_SETTLING;
    send_hello(session, turn); /* names what we held before this session */
    chain_journal(session, turn, frame->hello);
    return STATUS_OK;
}

static enum status
on_hello_of_called(struct session *session, struct context *turn,
                   const Entente__Frame *frame, struct span raw)
{
    enum status st = chain_check(session, turn, frame->hello);

    (void)raw;
    if (st != STATUS_OK)
        return st;
    if (outranked(session, turn)) {
        session_bye(session, turn, STATUS_EXISTS);
        return STATUS_OK;
    }
    session->state = SESSION_SYNCING;
    chain_journal(session, turn, frame->hello);
    resume_send_sizes(session, turn);
    return STATUS_OK;
}

static enum status
open_link(struct session *session, struct context *turn,
          const Entente__Sizes *sizes)
{
    session->state = SESSION_OPEN;
    wanted_link(session->peer, turn);
    return resume_take_sizes(session, turn, sizes);
}

static enum status
on_sizes_of_caller(struct session *session, struct context *turn,
                   const Entente__Frame *frame, struct span raw)
{
    (void)raw;
    resume_send_sizes(session, turn);
    return open_link(session, turn, frame->sizes);
}

static enum status
on_sizes_of_called(struct session *session, struct context *turn,
                   const Entente__Frame *frame, struct span raw)
{
    (void)raw;
    return open_link(session, turn, frame->sizes);
}

static enum status
on_bye(struct session *session, struct context *turn,
       const Entente__Frame *frame, struct span raw)
{
    (void)raw;
    context_log(turn, "link: %s says %.32s", session->peer->name,
                frame->bye->status);
    session_close(session, turn, STATUS_OK);
    return STATUS_OK;
}

typedef enum status step_fn(struct session *session, struct context *turn,
                            const Entente__Frame *frame, struct span raw);

#define FRAME(kind) ENTENTE__FRAME__KIND_##kind
#define ROW(from, input, word, step, to)                                       \
    {SESSION_##from, input, step, SESSION_##to, #from " " word, #to}
static const struct {
    enum session_state state;
    int                input;
    step_fn           *step;
    enum session_state next;
    const char        *name, *next_name;
} table[SESSION_ROWS] = {
    ROW(DIALLING, SESSION_CONNECTED, "connected", on_connected, CALLING),
    ROW(STRANGER, SESSION_HANDSHAKE, "message 1", on_message1, ANSWERED),
    ROW(CALLING, SESSION_HANDSHAKE, "message 2", on_message2, PROVING),
    ROW(ANSWERED, FRAME(HELLO), "Hello", on_hello_of_caller, SETTLING),
    ROW(PROVING, FRAME(HELLO), "Hello", on_hello_of_called, SYNCING),
    ROW(PROVING, FRAME(BYE), "Bye", on_bye, CLOSED),
    ROW(SETTLING, FRAME(SIZES), "Sizes", on_sizes_of_caller, OPEN),
    ROW(SETTLING, FRAME(BYE), "Bye", on_bye, CLOSED),
    ROW(SYNCING, FRAME(SIZES), "Sizes", on_sizes_of_called, OPEN),
    ROW(OPEN, FRAME(LEAVES), "Leaves", inbound_leaves, OPEN),
    ROW(OPEN, FRAME(HEAD), "Head", inbound_head, OPEN),
    ROW(OPEN, FRAME(BODIES), "Bodies", inbound_bodies, OPEN),
    ROW(OPEN, FRAME(COSIGNED), "Cosigned", inbound_cosigned, OPEN),
    ROW(OPEN, FRAME(FETCH), "Fetch", inbound_fetch, OPEN),
    ROW(OPEN, FRAME(STOP), "Stop", hold_stopped, OPEN),
    ROW(OPEN, FRAME(CHUNKS), "Chunks", gather_chunks, OPEN),
    ROW(OPEN, FRAME(PARTIAL), "Partial", feeding_partial, OPEN),
    ROW(OPEN, FRAME(ASK_GRANT), "AskGrant", grant_asked, OPEN),
    ROW(OPEN, FRAME(ASK_HELD), "AskHeld", held_asked, OPEN),
    ROW(OPEN, FRAME(HELD), "Held", regain_told, OPEN),
    ROW(OPEN, FRAME(KEEPALIVE), "Keepalive", ping_keepalive, OPEN),
    ROW(OPEN, FRAME(BYE), "Bye", on_bye, CLOSED),
};

const char *
session_row_name(size_t row)
{
    assert(row < SESSION_ROWS);
    return table[row].name;
}

const char *
session_row_next(size_t row)
{
    assert(row < SESSION_ROWS);
    return table[row].next_name;
}

/* Takes the row of the table, or refuses. */
static void
step(struct session *session, struct context *turn, int input,
     const Entente__Frame *frame, struct span raw)
{
    enum status st = STATUS_BAD_STATE;

    for (size_t row = 0; row < SESSION_ROWS; row++)
        if (table[row].state == session->state && table[row].input == input) {
            turn->rows_taken[row]++;
            st = table[row].step(session, turn, frame, raw);
            assert(st != STATUS_OK || session->closed ||
                   session->state == table[row].next);
            break;
        }
    if (st != STATUS_OK)
        session_close(session, turn, st);
}

void
session_connected(struct session *session, struct context *turn)
{
    step(session, turn, SESSION_CONNECTED, NULL, SPAN_EMPTY);
}

void
session_frame(struct session *session, struct context *turn, struct span frame)
{
    const Entente__Frame *parsed;
    uint8_t              *plain;
    enum status           st;

    if (session->closed)
        return; /* (I4) */
    session->heard_ms = turn->input->mono_ms;
    if (session->state < SESSION_ANSWERED) {
        step(session, turn, SESSION_HANDSHAKE, NULL, frame);
        return;
    }
    plain = effects_alloc(turn->out, frame.len);
    st = noise_decrypt(&session->receive, frame, plain);
    if (st != STATUS_OK) {
        session_close(session, turn, st);
        return;
    }
    frame = (struct span){plain, frame.len - LIMIT_TAG};
    effects_frame(turn->out, session->link, session->peer->name, false, frame);
    session->messages++;
    session->peer->heard_ms = turn->input->wall_ms;
    session->heard_more = session->state == SESSION_OPEN;
    parsed = (const Entente__Frame *)context_parse(
        turn, &entente__frame__descriptor, frame);
    if (parsed == NULL || parsed->kind_case == ENTENTE__FRAME__KIND__NOT_SET)
        session_close(session, turn, STATUS_BAD_ENCODING);
    else
        step(session, turn, (int)parsed->kind_case, parsed, SPAN_EMPTY);
}

static void
send_keepalive(struct session *session, struct context *turn)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive keepalive = ENTENTE__KEEPALIVE__INIT;

    keepalive.answer = session->answer;
    session->answer = 0;
    frame.kind_case = ENTENTE__FRAME__KIND_KEEPALIVE;
    frame.keepalive = &keepalive;
    session_send(session, turn, &frame);
}

uint64_t
session_tick(struct session *session, struct context *turn)
{
    uint64_t now = turn->input->mono_ms;
    uint64_t deadline = session->state < SESSION_OPEN
                            ? session->opened_ms + LIMIT_HANDSHAKE_MS
                            : session->heard_ms + LIMIT_SILENCE_MS;
    uint64_t keepalive = session->said_ms + LIMIT_KEEPALIVE_MS;

    if (session->closed)
        return UINT64_MAX;
    if (now >= deadline) {
        session_close(session, turn, STATUS_TIMEOUT);
        return UINT64_MAX;
    }
    if (session->state < SESSION_OPEN)
        return deadline;
    if (session->answer != 0 || now >= keepalive) {
        send_keepalive(session, turn);
        keepalive = now + LIMIT_KEEPALIVE_MS;
    }
    return deadline < keepalive ? deadline : keepalive;
}

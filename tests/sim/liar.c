/*
 * liar.c - what an honest node does about a lie is part of its promises: it
 * asks again, refuses, or takes a body once.
 *
 * In one channel a run heads are lied about: once, and in some runs whenever
 * they are asked for again; that is fraud, and the pair goes on in a new epoch.
 */
#include "tests/sim/liar.h"

#include "crypto/checkpoint.h"
#include "node/core/roster.h"
#include "node/core/link/session.h"
#include "tests/sim/stray.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* Numbers of their events; bytes that a stray is larger at most. */
enum { STRAYS = 1000000, STRAY_ROOM = 256 };

/* The names are the linker's. */
void __real_session_send(struct session *session, struct context *turn,
                         const Entente__Frame *frame);
void __wrap_session_send(struct session *session, struct context *turn,
                         const Entente__Frame *frame);

static struct {
    struct fate *fate;
    struct dice dice; /* of the frame at hand */
    uint64_t    frames;
    uint64_t    one_in;
    uint64_t    told[LIAR_COUNT];
    uint64_t    strays[STRAY_COUNT + 1]; /* the last: none could be made */
    bool        fraud;
    char        origin[LIMIT_ORIGIN + 1]; /* whose heads are lied about */
} liar;

void
liar_begin(struct fate *fate, uint64_t one_in)
{
    memset(&liar, 0, sizeof(liar));
    liar.fate = fate;
    liar.one_in = one_in;
    liar.dice = fate_dice(fate, FATE_LIE, UINT64_MAX);
    liar.fraud = dice_chance(&liar.dice, 1, 3);
}

void
liar_each(world_count_fn *each, void *arg)
{
    static const char *const names[LIAR_COUNT] = {
#define LIAR_WORDS(name, words) words,
        LIAR_LIST(LIAR_WORDS)
#undef LIAR_WORDS
    };

    static const char *const strays[STRAY_COUNT] = {
#define LIAR_STRAY(name, words) words,
        STRAY_LIST(LIAR_STRAY)
#undef LIAR_STRAY
    };

    for (size_t i = 0; i < LIAR_COUNT; i++)
        each(arg, names[i], liar.told[i]);
    for (size_t i = 0; i < STRAY_COUNT; i++)
        each(arg, strays[i], liar.strays[i]);
}

/* A byte of a body, changed while the frame is packed. */
static void
lie_in_body(struct session *session, struct context *turn,
            const Entente__Frame *frame)
{
    const Entente__Bodies *bodies = frame->bodies;
    uint64_t               which = dice_below(&liar.dice, bodies->n_fragments);
    ProtobufCBinaryData   *bytes = &bodies->fragments[which]->bytes;
    uint64_t               at;

    if (bytes->len == 0)
        return;
    at = dice_below(&liar.dice, bytes->len);
    bytes->data[at] ^= 1;
    __real_session_send(session, turn, frame);
    bytes->data[at] ^= 1;
    liar.told[LIAR_BODY]++;
}

static void
say_again(struct session *session, struct context *turn,
          const Entente__Frame *frame)
{
    size_t len = protobuf_c_message_get_packed_size(&frame->base);

    if (session_room(session) < len)
        return;
    __real_session_send(session, turn, frame);
    liar.told[LIAR_AGAIN]++;
}

static void
lie_about_head(struct session *session, struct context *turn,
               const Entente__Frame *frame)
{
    Entente__Head  said = *frame->head;
    Entente__Frame lie = *frame;
    struct head    head = {.size = said.size};
    uint8_t        signature[LIMIT_SIGNATURE];

    assert(said.root.len == LIMIT_DIGEST);
    memcpy(head.root.bytes, said.root.data, LIMIT_DIGEST);
    head.root.bytes[0] ^= 1;
    checkpoint_sign(span_text(said.origin), &head, &turn->node->log_key,
                    signature);
    said.root = (ProtobufCBinaryData){LIMIT_DIGEST, head.root.bytes};
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    lie.head = &said;
    __real_session_send(session, turn, &lie);
    liar.told[liar.origin[0] == '\0' ? LIAR_HEAD : LIAR_FRAUD]++;
    snprintf(liar.origin, sizeof(liar.origin), "%s", said.origin);
}

static void
lie_about_receipt(struct session *session, struct context *turn,
                  const Entente__Frame *frame)
{
    Entente__Cosigned said = *frame->cosigned;
    Entente__Frame    lie = *frame;
    uint8_t           signature[LIMIT_SIGNATURE];

    assert(said.signature.len == LIMIT_SIGNATURE);
    memcpy(signature, said.signature.data, LIMIT_SIGNATURE);
    signature[dice_below(&liar.dice, LIMIT_SIGNATURE)] ^= 1;
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    lie.cosigned = &said;
    __real_session_send(session, turn, &lie);
    liar.told[LIAR_RECEIPT]++;
}

/* False: the frame is still to be sent as it is. */
static bool
lies(struct session *session, struct context *turn,
     const Entente__Frame *frame)
{
    uint64_t before = liar.told[LIAR_BODY];

    switch (frame->kind_case) {
    case ENTENTE__FRAME__KIND_BODIES:
        if (dice_chance(&liar.dice, 1, 2))
            lie_in_body(session, turn, frame);
        else
            say_again(session, turn, frame);
        return liar.told[LIAR_BODY] > before;
    case ENTENTE__FRAME__KIND_HEAD:
        if (liar.origin[0] != '\0')
            return false;
        lie_about_head(session, turn, frame);
        return true;
    case ENTENTE__FRAME__KIND_COSIGNED:
        lie_about_receipt(session, turn, frame);
        return true;
    default:
        return false;
    }
}

static bool
goes_on_with_fraud(const Entente__Frame *frame)
{
    return liar.fraud && frame->kind_case == ENTENTE__FRAME__KIND_HEAD &&
           strcmp(frame->head->origin, liar.origin) == 0;
}

/* Before a frame that is as it should be; there must be room for both. */
static bool
is_to_stray(const struct session *session, const Entente__Frame *frame)
{
    uint64_t number = STRAYS + liar.frames;

    if (liar.one_in == 0)
        return false;
    liar.dice = fate_dice(liar.fate, FATE_LIE, number);
    return dice_chance(&liar.dice, 1, liar.one_in) &&
           session_room(session) >= STRAY_ROOM +
               2 * protobuf_c_message_get_packed_size(&frame->base) &&
           fate_wills(liar.fate, FATE_LIE, number, "a stray frame, if it can");
}

static bool
is_to_lie(void)
{
    uint64_t number = liar.frames++;

    if (liar.one_in == 0)
        return false;
    liar.dice = fate_dice(liar.fate, FATE_LIE, number);
    return dice_chance(&liar.dice, 1, liar.one_in) &&
           fate_wills(liar.fate, FATE_LIE, number, "a frame lies, if it can");
}

void
__wrap_session_send(struct session *session, struct context *turn,
                    const Entente__Frame *frame)
{
    if (is_to_stray(session, frame))
        liar.strays[stray_send(session, turn, frame, &liar.dice,
                               __real_session_send)]++;
    if (goes_on_with_fraud(frame))
        lie_about_head(session, turn, frame);
    else if (!is_to_lie() || !lies(session, turn, frame))
        __real_session_send(session, turn, frame);
}

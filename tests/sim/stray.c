/*
 * stray.c - a copy of what is sent, with one number out of reach.
 */
#include "tests/sim/stray.h"

#include "crypto/checkpoint.h"
#include "node/core/roster.h"
#include "node/core/link/session.h"

#include <string.h>

/* From just beyond to where sums overflow. */
static uint64_t
beyond(struct dice *dice)
{
    static const uint64_t jumps[] = {1ull << 14, 1ull << 32, 1ull << 62};

    return jumps[dice_below(dice, 3)] + dice_below(dice, 1000);
}

struct stray {
    struct session       *session;
    struct context       *turn;
    const Entente__Frame *honest;
    struct dice          *dice;
    stray_send_fn        *send;
};

static enum stray_kind
stray_nothing(const struct stray *stray)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;

    stray->send(stray->session, stray->turn, &frame);
    return STRAY_NOTHING;
}

static enum stray_kind
stray_leaves(const struct stray *stray)
{
    Entente__Frame  frame = *stray->honest;
    Entente__Leaves leaves = *frame.leaves;
    uint64_t        jump = beyond(stray->dice);

    leaves.start += jump;
    leaves.first += dice_chance(stray->dice, 1, 2) ? jump : 0;
    frame.leaves = &leaves;
    stray->send(stray->session, stray->turn, &frame);
    return STRAY_LEAVES;
}

static enum stray_kind
stray_bodies(const struct stray *stray)
{
    const Entente__Bodies *bodies = stray->honest->bodies;
    uint64_t               jump = beyond(stray->dice);

    for (size_t i = 0; i < bodies->n_fragments; i++)
        bodies->fragments[i]->index += jump;
    stray->send(stray->session, stray->turn, stray->honest);
    for (size_t i = 0; i < bodies->n_fragments; i++)
        bodies->fragments[i]->index -= jump;
    return STRAY_BODIES;
}

static enum stray_kind
stray_head(const struct stray *stray)
{
    Entente__Frame frame = *stray->honest;
    Entente__Head  said = *frame.head;
    struct head    head = {.size = said.size + beyond(stray->dice)};
    uint8_t        signature[LIMIT_SIGNATURE];

    memcpy(head.root.bytes, said.root.data, LIMIT_DIGEST);
    checkpoint_sign(span_text(said.origin), &head, &stray->turn->node->log_key,
                    signature);
    said.size = head.size;
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    frame.head = &said;
    stray->send(stray->session, stray->turn, &frame);
    return STRAY_HEAD;
}

static enum stray_kind
stray_receipt(const struct stray *stray)
{
    Entente__Frame     frame = *stray->honest;
    Entente__Cosigned  said = *frame.cosigned;
    struct head        head = {.size = said.size + beyond(stray->dice)};
    struct cosignature cosignature;

    memcpy(head.root.bytes, said.root.data, LIMIT_DIGEST);
    cosignature_sign(span_text(said.origin), &head, said.time,
                     &stray->turn->node->witness_key, &cosignature);
    said.size = head.size;
    said.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE,
                                           cosignature.signature};
    frame.cosigned = &said;
    stray->send(stray->session, stray->turn, &frame);
    return STRAY_RECEIPT;
}

static enum stray_kind
stray_fetch(const struct stray *stray)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Fetch  fetch = ENTENTE__FETCH__INIT;
    Entente__Range  range = ENTENTE__RANGE__INIT;
    Entente__Range *ranges[] = {&range};

    fetch.origin = stray->honest->cosigned->origin;
    range.first = beyond(stray->dice);
    range.count = UINT64_MAX - dice_below(stray->dice, 2) * range.first;
    fetch.n_bodies = 1;
    fetch.bodies = ranges;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    stray->send(stray->session, stray->turn, &frame);
    return STRAY_FETCH;
}

enum stray_kind
stray_send(struct session *session, struct context *turn,
           const Entente__Frame *frame, struct dice *dice,
           stray_send_fn *send)
{
    struct stray stray = {session, turn, frame, dice, send};
    bool         other = dice_chance(dice, 1, 4);

    switch (frame->kind_case) {
    case ENTENTE__FRAME__KIND_LEAVES: return stray_leaves(&stray);
    case ENTENTE__FRAME__KIND_BODIES:
        return other ? stray_nothing(&stray) : stray_bodies(&stray);
    case ENTENTE__FRAME__KIND_HEAD: return stray_head(&stray);
    case ENTENTE__FRAME__KIND_COSIGNED:
        return other ? stray_fetch(&stray) : stray_receipt(&stray);
    default: return STRAY_COUNT;
    }
}

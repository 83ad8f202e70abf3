/*
 * giving.c - a cursor over a piece of a log: leaves, then its head, then
 * bodies; entries are read from the store twice rather than kept.
 *
 * Invariants:
 *  (I1) `portion` is empty, or stands before the record of entry `next`;
 *  (I2) a piece ends with a head that its writer signed, and where the reader
 *       of that log has cosigned it, with no head beyond that.
 */
#include "node/core/recovery/giving.h"

#include "node/core/grow.h"
#include "node/core/log/held.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

enum {
    FRAME_OVERHEAD = 320, /* origin, batch fields, tags of one frame */
    FRAGMENT_OVERHEAD = 24
};

enum giving_step {
    GIVING_HEAD, /* it is being looked for */
    GIVING_LEAVES,
    GIVING_SIGNED, /* the head is to be sent */
    GIVING_BODIES,
    GIVING_END
};

struct giving {
    enum giving_step    step;
    struct origin       origin;
    struct origin_text  text;
    uint64_t            next, to;  /* of the leaves, or of this range */
    struct resume_range range[LIMIT_RANGES]; /* of bodies */
    size_t              range_count, range_at;
    struct head         head;
    uint8_t             signature[LIMIT_SIGNATURE];
    uint64_t            load; /* under way; 0: none */
    uint8_t            *portion;
    size_t              portion_len, portion_at;
    uint32_t            sent; /* of the body of `next` */
};

static void
drop_portion(struct giving *giving)
{
    if (giving->portion != NULL)
        secret_wipe_bytes(giving->portion, giving->portion_len);
    free(giving->portion);
    giving->portion = NULL;
    giving->portion_len = giving->portion_at = 0;
}

void
giving_free(struct peer *peer)
{
    if (peer->giving == NULL)
        return;
    drop_portion(peer->giving);
    free(peer->giving);
    peer->giving = NULL;
}

static void
ask(struct context *turn, struct peer *peer, const struct query *query)
{
    peer->giving->load = roster_ask(turn, LOAD_GIVING, peer, query)->token;
}

static void
ask_entries(struct context *turn, struct peer *peer)
{
    const struct giving *giving = peer->giving;

    ask(turn, peer,
        &(struct query){.kind = QUERY_ENTRIES,
                        .origin = giving->origin,
                        .from = giving->next,
                        .count = giving->to - giving->next,
                        .bytes_max = GIVING_PORTION});
}

/* The next range of bodies, or the end. */
static void
next_range(struct giving *giving)
{
    const struct resume_range *range = &giving->range[giving->range_at];

    drop_portion(giving);
    giving->sent = 0;
    giving->step = GIVING_BODIES;
    if (giving->range_at++ == giving->range_count) {
        giving->step = GIVING_END;
        return;
    }
    giving->next = range->first;
    giving->to = range->first + range->count;
}

/* (I2): the receipt, where it is not below. */
static uint64_t
reach(const struct peer *peer, struct span origin, uint64_t from)
{
    const struct channel *channel = peer_channel_of(peer, origin);
    const struct witness *witness = peer_witness_of(peer, origin);
    uint64_t              cosigned = channel != NULL ? channel->cosigned.size
                                                     : witness->cosigned.size;

    return cosigned > from && cosigned - from < GIVING_ENTRIES
               ? cosigned - from
               : GIVING_ENTRIES;
}

enum status
giving_fetch(struct session *session, struct context *turn,
             const Entente__Fetch *fetch)
{
    struct peer   *peer = session->peer;
    struct span    origin = span_text(fetch->origin);
    struct giving *giving;

    if (peer_channel_of(peer, origin) == NULL &&
        peer_witness_of(peer, origin) == NULL)
        return STATUS_BAD_FIELD;
    if (peer->giving != NULL)
        return STATUS_BAD_STATE;
    giving = peer->giving = grow_new(1, sizeof(*giving));
    if (origin_parse(origin, &giving->origin) != STATUS_OK)
        return STATUS_BAD_FIELD; /* not reached: it is known here */
    giving->text = origin_format(&giving->origin);
    for (size_t i = 0; i < fetch->n_bodies; i++)
        giving->range[giving->range_count++] = (struct resume_range){
            fetch->bodies[i]->first,
            fetch->bodies[i]->count < LIMIT_HEAD_AHEAD
                ? fetch->bodies[i]->count
                : LIMIT_HEAD_AHEAD};
    session->worked = true;
    if (!fetch->leaves) {
        next_range(giving);
        return STATUS_OK;
    }
    giving->step = GIVING_HEAD;
    giving->next = fetch->leaves_from;
    ask(turn, peer,
        &(struct query){.kind = QUERY_HEAD,
                        .origin = giving->origin,
                        .from = fetch->leaves_from,
                        .count = reach(peer, origin, fetch->leaves_from)});
    return STATUS_OK;
}

/* Its leaves follow, and behind those their bodies. */
static void
take_head(struct giving *giving, struct span answer)
{
    struct reader in = reader_of(answer);
    struct record record;

    giving->step = GIVING_END;
    if (record_list_next(&in, &record) != STATUS_OK ||
        record.size <= giving->next)
        return;
    giving->head.size = record.size;
    memcpy(giving->head.root.bytes, record.root, LIMIT_DIGEST);
    memcpy(giving->signature, record.signature, LIMIT_SIGNATURE);
    giving->to = record.size;
    giving->step = GIVING_LEAVES;
    giving->range_at = 0;
    giving->range_count = 1;
    giving->range[0] =
        (struct resume_range){giving->next, record.size - giving->next};
}

void
giving_loaded(struct context *turn, const struct load *load, enum status st,
              struct span answer)
{
    struct giving *giving = load->peer->giving;

    (void)turn;
    if (giving == NULL || giving->load != load->token)
        return; /* of a link that is gone */
    giving->load = 0;
    if (st != STATUS_OK || answer.len == 0) {
        giving->step = GIVING_END; /* it is not here */
    } else if (giving->step == GIVING_HEAD) {
        take_head(giving, answer);
    } else {
        giving->portion = grow_new(answer.len, 1);
        memcpy(giving->portion, answer.ptr, answer.len);
        giving->portion_len = answer.len;
        giving->portion_at = 0;
    }
}

/* The record of `next`, lent.  AGAIN: none is in the portion. */
static enum status
peek(const struct giving *giving, struct record *record, size_t *len)
{
    struct reader in;
    size_t        before;
    enum status   st;

    if (giving->portion == NULL)
        return STATUS_AGAIN;
    in = reader_of((struct span){giving->portion + giving->portion_at,
                                 giving->portion_len - giving->portion_at});
    before = in.left;
    st = record_list_next(&in, record);
    if (st == STATUS_OK && record->index != giving->next)
        st = STATUS_CORRUPT;
    *len = before - in.left;
    return st;
}

static void
step_over(struct giving *giving, size_t len)
{
    giving->portion_at += len;
    giving->next++;
    giving->sent = 0;
    if (giving->portion_at == giving->portion_len)
        drop_portion(giving); /* (I1) */
}

/* A run of one batch; its records are in this portion. */
static void
send_leaves(struct session *session, struct context *turn,
            struct giving *giving, const struct record *first, size_t len)
{
    size_t          room = session_room(session) - FRAME_OVERHEAD;
    struct writer   out = writer_of(effects_alloc(turn->out, room), room);
    struct record   record = *first;
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Leaves leaves = ENTENTE__LEAVES__INIT;
    uint8_t         fields[LIMIT_KEY + LIMIT_SALT];

    memcpy(fields, first->ephemeral, LIMIT_KEY);
    memcpy(fields + LIMIT_KEY, first->salt, LIMIT_SALT);
    leaves.origin = giving->text.text;
    leaves.first = first->first;
    leaves.ephemeral = (ProtobufCBinaryData){LIMIT_KEY, fields};
    leaves.salt = (ProtobufCBinaryData){LIMIT_SALT, fields + LIMIT_KEY};
    leaves.start = giving->next;
    do {
        writer_put(&out, record.leaf);
        step_over(giving, len);
    } while (giving->next < giving->to && out.cap - out.len >= LEAF_LEN &&
             peek(giving, &record, &len) == STATUS_OK &&
             record.first == leaves.first);
    leaves.leaves = (ProtobufCBinaryData){out.len, out.ptr};
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    session_send(session, turn, &frame);
}

static void
send_head(struct session *session, struct context *turn, struct giving *giving)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Head  head = ENTENTE__HEAD__INIT;

    head.origin = giving->text.text;
    head.size = giving->head.size;
    head.root = (ProtobufCBinaryData){LIMIT_DIGEST, giving->head.root.bytes};
    head.signature =
        (ProtobufCBinaryData){LIMIT_SIGNATURE, giving->signature};
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &head;
    session_send(session, turn, &frame);
}

/* A piece of a body, in the order of the log. */
static void
send_body(struct session *session, struct context *turn, struct giving *giving,
          const struct record *record, size_t len)
{
    size_t left = record->bytes.len - giving->sent;
    size_t room = session_room(session) - FRAME_OVERHEAD - FRAGMENT_OVERHEAD;
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Fragment  part = ENTENTE__FRAGMENT__INIT;
    Entente__Fragment *parts[] = {&part};

    part.index = giving->next;
    part.offset = giving->sent;
    part.bytes = (ProtobufCBinaryData){
        left < room ? left : room,
        (uint8_t *)(uintptr_t)(record->bytes.ptr + giving->sent)};
    bodies.origin = giving->text.text;
    bodies.n_fragments = 1;
    bodies.fragments = parts;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    session_send(session, turn, &frame);
    giving->sent += (uint32_t)part.bytes.len;
    if (giving->sent == record->bytes.len)
        step_over(giving, len);
}

/* One frame of leaves or of a body, or a question to the store. */
static bool
give_entry(struct session *session, struct context *turn,
           struct giving *giving)
{
    struct record record;
    size_t        len;
    enum status   st = peek(giving, &record, &len);

    if (st == STATUS_AGAIN) {
        ask_entries(turn, session->peer);
        return false;
    }
    if (st != STATUS_OK)
        giving->step = GIVING_END;
    else if (giving->step == GIVING_LEAVES)
        send_leaves(session, turn, giving, &record, len);
    else if (record.kind == RECORD_MISSING || record.bytes.len == 0)
        step_over(giving, len);
    else
        send_body(session, turn, giving, &record, len);
    return true;
}

bool
giving_fill(struct session *session, struct context *turn)
{
    struct giving *giving = session->peer->giving;

    if (giving == NULL || giving->load != 0)
        return false;
    switch (giving->step) {
    case GIVING_LEAVES:
        if (giving->next < giving->to)
            return give_entry(session, turn, giving);
        giving->step = GIVING_SIGNED;
        return true;
    case GIVING_SIGNED:
        send_head(session, turn, giving);
        next_range(giving);
        return true;
    case GIVING_BODIES:
        if (giving->next < giving->to)
            return give_entry(session, turn, giving);
        next_range(giving);
        return true;
    case GIVING_END:
        held_given(session, turn, origin_span(&giving->text));
        giving_free(session->peer);
        return true;
    case GIVING_HEAD: break;
    }
    return false;
}

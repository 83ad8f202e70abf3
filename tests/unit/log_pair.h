/*
 * log_pair.h - a channel and the witness of its reader, back to back, without
 * nodes or a link: what the one appends and signs is handed to the other.
 */
#ifndef TESTS_LOG_PAIR_H
#define TESTS_LOG_PAIR_H

#include "tests/unit/one_turn.h"

#include "node/core/log/channel.h"
#include "node/core/log/receipt.h"

struct log_pair {
    struct one_turn     *writer, *reader;
    struct channel      *channel;
    struct witness      *witness;
    struct channel_batch batch;
    struct sign_key      log, witness_key;
    struct dh_key        sealing; /* the reader's */
    struct channel_to    to;
};

static inline struct log_pair *
log_pair_new(void)
{
    struct log_pair *pair = calloc(1, sizeof(*pair));
    struct origin    origin = {.sender = {{1}},
                               .recipient = {{2}},
                               .realm = REALM_ACTUAL,
                               .epoch = 1,
                               .random = 7};
    struct secret32  seed;

    pair->writer = one_turn_new();
    pair->reader = one_turn_new();
    one_turn_begin(pair->reader, 99);
    memset(seed.bytes, 11, LIMIT_KEY);
    sign_key_from_seed(&seed, &pair->log);
    memset(seed.bytes, 12, LIMIT_KEY);
    sign_key_from_seed(&seed, &pair->witness_key);
    memset(seed.bytes, 13, LIMIT_KEY);
    dh_key_from_secret(&seed, &pair->sealing);
    pair->channel = channel_new(&origin);
    pair->channel->live = true;
    pair->witness = witness_new(&origin);
    pair->to = (struct channel_to){.sealing_key = 3,
                                   .public_key = pair->sealing.public_key};
    return pair;
}

static inline void
log_pair_free(struct log_pair *pair)
{
    channel_free(pair->channel);
    witness_free(pair->witness);
    one_turn_free(pair->writer);
    one_turn_free(pair->reader);
    free(pair);
}

static inline int
log_pair_make(void **state)
{
    *state = log_pair_new();
    return 0;
}

static inline int
log_pair_drop(void **state)
{
    log_pair_free(*state);
    return 0;
}

/* Signs any head with the writer's own key, and shows it. */
static inline enum status
log_pair_show(struct log_pair *pair, const struct head *head)
{
    uint8_t signature[LIMIT_SIGNATURE];

    checkpoint_sign(origin_span(&pair->channel->text), head, &pair->log,
                    signature);
    return witness_head(pair->witness, &pair->reader->turn, head, signature,
                        pair->log.public_key);
}

static inline enum status
log_pair_say(struct log_pair *pair, enum precedence precedence,
             struct span body)
{
    struct channel_say say = {.class = CLASS_MESSAGE,
                              .precedence = precedence,
                              .body = body,
                              .number = 1,
                              .row = {.kind = span_text("note")}};

    return channel_append(pair->channel, &pair->writer->turn, &pair->batch,
                          &pair->to, &say);
}

/* `count` ROUTINE entries and a head over them: one turn of the writer. */
static inline void
log_pair_batch(struct log_pair *pair, size_t count)
{
    while (count-- > 0)
        assert_int_equal(
            log_pair_say(pair, PRECEDENCE_ROUTINE, span_text("a message")),
            STATUS_OK);
    channel_sign(pair->channel, &pair->writer->turn, &pair->batch, &pair->log);
}

/* The next turn of both, with randomness of its own. */
static inline void
log_pair_turn(struct log_pair *pair, uint8_t seed)
{
    one_turn_begin(pair->writer, seed);
    one_turn_begin(pair->reader, (uint8_t)(seed + 100));
}

/* Leaves [from, to) of one batch, as a frame of them would say it. */
static inline enum status
log_pair_leaves(struct log_pair *pair, uint64_t from, uint64_t to)
{
    static uint8_t             leaves[256 * LEAF_LEN];
    struct writer              out = writer_of(leaves, sizeof(leaves));
    const struct flight_entry *entry = flight_at(&pair->channel->flight, from);
    const struct flight_batch *batch =
        flight_batch_of(&pair->channel->flight, entry);

    for (uint64_t i = from; i < to; i++)
        writer_put(&out, SPAN_OF(flight_at(&pair->channel->flight, i)->leaf));
    return witness_leaves(pair->witness, batch->first, batch->ephemeral,
                          batch->salt, from, writer_span(&out));
}

static inline enum status
log_pair_head(struct log_pair *pair)
{
    return witness_head(pair->witness, &pair->reader->turn,
                        &pair->channel->head, pair->channel->signature,
                        pair->log.public_key);
}

/* Entries `from` to `to` - 1, their leaves and their head: all are taken. */
static inline void
log_pair_commit(struct log_pair *pair, uint64_t from, uint64_t to)
{
    log_pair_batch(pair, to - from);
    assert_int_equal(log_pair_leaves(pair, from, to), STATUS_OK);
    assert_int_equal(log_pair_head(pair), STATUS_OK);
}

/* The whole body of `index` in one piece; settled where it is right. */
static inline enum status
log_pair_body(struct log_pair *pair, uint64_t index)
{
    const struct flight *flight = &pair->channel->flight;
    struct span          body = SPAN_EMPTY;
    enum status          st;

    st = witness_piece(pair->witness, index, 0,
                       flight_body(flight, flight_at(flight, index)), &body);
    if (st == STATUS_OK)
        witness_settle(pair->witness, index);
    return st;
}

static inline void
log_pair_cosign(struct log_pair *pair)
{
    receipt_cosign(pair->witness, &pair->reader->turn, &pair->witness_key);
}

/* The newest receipt, taken by the channel. */
static inline enum status
log_pair_receipt(struct log_pair *pair)
{
    return channel_cosigned(pair->channel, &pair->writer->turn,
                            &pair->witness->cosigned,
                            &pair->witness->cosignature,
                            pair->witness_key.public_key);
}

#endif

/*
 * logbook_acts.h - turns of two nodes and one channel, as effects: what a
 * sender and a recipient save, for tests of ledger, recall and oracle.
 *
 * Node 0 (id 01..) sends to node 1 (id 02..).  Leaf i is 80 bytes of i + 1.
 * Include once.
 */
#ifndef TESTS_LOGBOOK_ACTS_H
#define TESTS_LOGBOOK_ACTS_H

#include "node/core/event.h"
#include "node/sim/book.h"

#include <string.h>

static const struct node_id acts_node[2] = {{{1}}, {{2}}};

static inline struct origin
acts_origin(void)
{
    return (struct origin){.sender = acts_node[0],
                           .recipient = acts_node[1],
                           .realm = REALM_ACTUAL,
                           .epoch = 1,
                           .random = 7};
}

static inline struct span
acts_leaf(uint64_t index)
{
    static uint8_t leaf[256][LEAF_LEN];

    memset(leaf[index], (int)index + 1, LEAF_LEN);
    return (struct span){leaf[index], LEAF_LEN};
}

static inline void
acts_root(uint64_t size, uint8_t out[static LIMIT_DIGEST])
{
    struct book        book;
    struct origin_text text = {0};
    struct digest      root;

    book_init(&book, 0, &text, true);
    for (uint64_t i = 0; i < size; i++)
        (void)book_add_leaf(&book, acts_leaf(i));
    book_root(&book, &root);
    memcpy(out, root.bytes, LIMIT_DIGEST);
    book_clear(&book);
}

static inline struct record
acts_record(enum record_kind kind)
{
    return (struct record){.kind = kind, .origin = acts_origin()};
}

/* OUT_ENTRY or IN_ENTRY of that index; the message id is index + 1. */
static inline struct record
acts_entry(enum record_kind kind, uint64_t index)
{
    struct record record = acts_record(kind);

    record.index = index;
    record.leaf = acts_leaf(index);
    record.id.bytes[0] = (uint8_t)(index + 1);
    return record;
}

/* A head or receipt of that size, with the right root. */
static inline struct record
acts_head(enum record_kind kind, uint64_t size)
{
    struct record record = acts_record(kind);

    record.size = size;
    acts_root(size, record.root);
    record.signature[0] = (uint8_t)size;
    return record;
}

/* Leaves `from` to `to` - 1 as one record; good until the next call. */
static inline struct record
acts_leaves(uint64_t from, uint64_t to)
{
    static uint8_t bytes[16 * LEAF_LEN];
    struct writer  out = writer_of(bytes, sizeof(bytes));
    struct record  record = acts_record(RECORD_IN_LEAVES);

    for (uint64_t i = from; i < to; i++)
        writer_put(&out, acts_leaf(i));
    record.index = from;
    record.bytes = writer_span(&out);
    return record;
}

/* One turn that saves these records. */
static inline struct effects
acts_turn(const struct record *records, size_t count)
{
    struct effects out;

    effects_init(&out);
    for (size_t i = 0; i < count; i++) {
        size_t        cap = record_len(&records[i]);
        struct writer to = writer_of(effects_alloc(&out, cap), cap);

        record_encode(&records[i], &to);
        effects_add(&out, EFFECT_SAVE)->bytes = writer_span(&to);
    }
    return out;
}

#endif

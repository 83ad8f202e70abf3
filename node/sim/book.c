/*
 * book.c - lists that only grow.
 */
#include "node/sim/book.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *
grown(void *list, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return list;
    *cap = 2 * need + 8;
    list = realloc(list, *cap * size);
    if (list == NULL)
        abort();
    return list;
}

void
book_init(struct book *book, size_t who, const struct origin_text *origin,
          bool outgoing)
{
    *book = (struct book){
        .who = who, .origin = *origin, .outgoing = outgoing};
    merkle_init(&book->frontier);
}

void
book_clear(struct book *book)
{
    free(book->leaves);
    free(book->heads.list);
    free(book->receipts.list);
    *book = (struct book){0};
}

static void *
copied(const void *list, size_t count, size_t size)
{
    void *out = malloc(count * size + 1);

    if (out == NULL)
        abort();
    if (count > 0)
        memcpy(out, list, count * size);
    return out;
}

static void
heads_copy(const struct book_heads *heads, struct book_heads *out)
{
    out->list = copied(heads->list, heads->count, sizeof(*heads->list));
    out->count = heads->count;
    out->cap = heads->count;
}

void
book_copy(const struct book *book, struct book *out)
{
    *out = *book;
    out->leaves = copied(book->leaves, book->count, sizeof(*book->leaves));
    out->cap = book->count;
    heads_copy(&book->heads, &out->heads);
    heads_copy(&book->receipts, &out->receipts);
}

struct book_leaf *
book_add_leaf(struct book *book, struct span leaf)
{
    struct reader     in = reader_of(leaf);
    struct book_leaf *kept;
    struct digest     hash;

    assert(leaf.len == LEAF_LEN);
    book->leaves = grown(book->leaves, &book->cap, book->count + 1,
                         sizeof(*kept));
    kept = &book->leaves[book->count++];
    *kept = (struct book_leaf){0};
    reader_copy(&in, kept->bytes, LEAF_LEN);
    merkle_leaf_hash(leaf, &hash);
    merkle_append(&book->frontier, &hash);
    return kept;
}

void
book_add_head(struct book_heads *heads, const struct record *record)
{
    struct book_head *kept;

    heads->list = grown(heads->list, &heads->cap, heads->count + 1,
                        sizeof(*kept));
    kept = &heads->list[heads->count++];
    kept->size = record->size;
    kept->time = record->time;
    memcpy(kept->root.bytes, record->root, LIMIT_DIGEST);
    memcpy(kept->signature, record->signature, LIMIT_SIGNATURE);
}

bool
book_has_head(const struct book_heads *heads, const struct record *record)
{
    for (size_t i = heads->count; i-- > 0;) {
        const struct book_head *head = &heads->list[i];

        if (head->size == record->size &&
            span_equal(SPAN_OF(head->root.bytes), SPAN_OF(record->root)) &&
            span_equal(SPAN_OF(head->signature), SPAN_OF(record->signature)))
            return true;
    }
    return false;
}

uint64_t
book_newest(const struct book_heads *heads)
{
    return heads->count > 0 ? heads->list[heads->count - 1].size : 0;
}

uint64_t
book_newest_time(const struct book_heads *heads)
{
    return heads->count > 0 ? heads->list[heads->count - 1].time : 0;
}

void
book_root(const struct book *book, struct digest *out)
{
    merkle_root(&book->frontier, out);
}

void
book_root_of(const struct book *book, uint64_t size, struct digest *out)
{
    struct merkle_frontier frontier;
    struct digest          hash;

    assert(size <= book->count);
    merkle_init(&frontier);
    for (uint64_t i = 0; i < size; i++) {
        merkle_leaf_hash(SPAN_OF(book->leaves[i].bytes), &hash);
        merkle_append(&frontier, &hash);
    }
    merkle_root(&frontier, out);
}

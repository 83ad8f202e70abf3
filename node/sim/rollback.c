/*
 * rollback.c - books of channels that were opened since are emptied, not
 * dropped: pointers to books live as long as the ledger.
 */
#include "node/sim/rollback.h"

#include <stdlib.h>

void
rollback_clear(struct rollback *rollback)
{
    for (size_t i = 0; i < rollback->count; i++)
        book_clear(&rollback->books[i]);
    free(rollback->books);
    promise_clear(&rollback->promises);
    *rollback = (struct rollback){0};
}

void
rollback_make(struct rollback *rollback, const struct ledger *ledger,
              size_t who)
{
    rollback_clear(rollback);
    rollback->books = calloc(ledger->book_count + 1,
                             sizeof(*rollback->books));
    if (rollback->books == NULL)
        abort();
    for (size_t i = 0; i < ledger->book_count; i++)
        if (ledger->books[i]->who == who)
            book_copy(ledger->books[i], &rollback->books[rollback->count++]);
    promise_copy(&ledger->promises, who, &rollback->promises);
}

static const struct book *
find(const struct rollback *rollback, const struct book *book)
{
    for (size_t i = 0; i < rollback->count; i++)
        if (span_equal(origin_span(&rollback->books[i].origin),
                       origin_span(&book->origin)))
            return &rollback->books[i];
    return NULL;
}

void
rollback_apply(const struct rollback *rollback, struct ledger *ledger,
               size_t who)
{
    for (size_t i = 0; i < ledger->book_count; i++) {
        struct book       *book = ledger->books[i];
        const struct book *then = find(rollback, book);
        struct book        now = *book;

        if (book->who != who)
            continue;
        if (then != NULL)
            book_copy(then, book);
        else
            book_init(book, who, &now.origin, now.outgoing);
        book->lost = now.lost > now.count ? now.lost : now.count;
        book_clear(&now);
    }
    promise_restore(&ledger->promises, who, &rollback->promises);
}

/*
 * recall.c - a snapshot names sizes and frontiers, what follows it single
 * entries; both must agree with the books.
 */
#include "node/sim/recall.h"

#include <assert.h>

void
recall_begin(struct recall *recall, struct ledger *ledger, size_t who)
{
    *recall = (struct recall){.ledger = ledger, .who = who};
    promise_recall_begin(&ledger->promises, who);
}

/* Where the replay stands with this book. */
static size_t
place_of(struct recall *recall, const struct book *book)
{
    size_t at = 0;

    while (at < recall->seen_count && recall->seen[at].book != book)
        at++;
    if (at == recall->seen_count) {
        assert(at < RECALL_BOOKS);
        recall->seen[at].book = book;
        recall->seen_count++;
    }
    return at;
}

static void
leaf_again(struct recall *recall, struct book *book,
           const struct record *record, uint64_t index, struct span leaf)
{
    size_t at = place_of(recall, book);

    if (index > book->count)
        ledger_break(recall->ledger, recall->who, record, index,
                     "replayed with a gap before it");
    else if (index == book->count) /* of the commit without an end */
        book_add_leaf(book, leaf)->id = record->id;
    else if (!span_equal(leaf, SPAN_OF(book->leaves[index].bytes)))
        ledger_break(recall->ledger, recall->who, record, index,
                     "replayed with another leaf");
    if (recall->seen[at].size <= index)
        recall->seen[at].size = index + 1;
}

static void
leaves_again(struct recall *recall, struct book *book,
             const struct record *record)
{
    struct reader in = reader_of(record->bytes);

    for (uint64_t i = record->index; in.left >= LEAF_LEN; i++)
        leaf_again(recall, book, record, i, reader_take(&in, LEAF_LEN));
}

/* The frontier of a snapshot: size and root of what it stands for. */
static void
frontier_again(struct recall *recall, struct book *book,
               const struct record *record)
{
    struct reader          in = reader_of(record->bytes);
    struct merkle_frontier frontier;
    struct digest          roots[2];

    if (merkle_decode(&in, &frontier) != STATUS_OK ||
        frontier.size > book->count) {
        ledger_break(recall->ledger, recall->who, record, book->count,
                     "a snapshot of more than was ever durable");
        return;
    }
    merkle_root(&frontier, &roots[0]);
    book_root_of(book, frontier.size, &roots[1]);
    if (!digest_equal(&roots[0], &roots[1]))
        ledger_break(recall->ledger, recall->who, record, frontier.size,
                     "a snapshot with another root");
    recall->seen[place_of(recall, book)].size = frontier.size;
}

static void
head_again(struct book_heads *heads, uint64_t *seen,
           const struct record *record)
{
    if (!book_has_head(heads, record))
        book_add_head(heads, record);
    if (*seen < record->size)
        *seen = record->size;
}

static void
channel_again(struct recall *recall, const struct record *record)
{
    struct book *book = ledger_book_of(recall->ledger, recall->who,
                                       &record->origin);
    size_t       at = place_of(recall, book);

    switch (record->kind) {
    case RECORD_OUT_ENTRY:
        leaf_again(recall, book, record, record->index, record->leaf);
        return;
    case RECORD_IN_LEAVES:
        leaves_again(recall, book, record);
        return;
    case RECORD_IN_ENTRY:
        if (record->index < book->count)
            book->leaves[record->index].body = true;
        return;
    case RECORD_CLOSED:
        ledger_give_back(recall->ledger, book);
        return;
    case RECORD_OUT_CHANNEL:
    case RECORD_IN_CHANNEL:
        frontier_again(recall, book, record);
        return;
    case RECORD_OUT_HEAD:
    case RECORD_IN_HEAD:
        head_again(&book->heads, &recall->seen[at].head, record);
        return;
    case RECORD_OUT_COSIGNED:
    case RECORD_IN_COSIGNED:
        head_again(&book->receipts, &recall->seen[at].receipt, record);
        return;
    default:
        return;
    }
}

void
recall_record(struct recall *recall, const struct record *record)
{
    struct promise_list *promises = &recall->ledger->promises;

    if (record->origin.epoch > 0)
        channel_again(recall, record);
    switch (record->kind) {
    case RECORD_PENDING:
    case RECORD_PENDING_REF:
        promise_note(promises, recall->who, &record->id, PROMISE_WAITS);
        return;
    case RECORD_OUT_ENTRY: /* durable, be it that nobody heard so */
        promise_left(promises, recall->who, &record->id);
        return;
    case RECORD_STRUCK:
        promise_note(promises, recall->who, &record->id, PROMISE_LEFT);
        return;
    case RECORD_AWAIT:
        if (record->outgoing && record->state == AWAIT_SETTLED)
            promise_answered(promises, recall->who, &record->id);
        return;
    default:
        return;
    }
}

static void
compare(struct recall *recall, const struct book *book)
{
    size_t        at = place_of(recall, book);
    struct record record = {0};

    if (recall->seen[at].size < book->count)
        ledger_break(recall->ledger, recall->who, &record, book->count,
                     "a leaf that was durable is gone after a restart");
    if (recall->seen[at].head < book_newest(&book->heads))
        ledger_break(recall->ledger, recall->who, &record,
                     book_newest(&book->heads),
                     "a head that was durable is gone after a restart");
    if (recall->seen[at].receipt < book_newest(&book->receipts))
        ledger_break(recall->ledger, recall->who, &record,
                     book_newest(&book->receipts),
                     "a receipt that was durable is gone after a restart");
}

void
recall_end(struct recall *recall)
{
    const struct ledger  *ledger = recall->ledger;
    const struct promise *lost;
    char                  id[2 * LIMIT_MESSAGE_ID + 1];

    for (size_t i = 0; i < ledger->book_count; i++)
        if (ledger->books[i]->who == recall->who)
            compare(recall, ledger->books[i]);
    lost = promise_recall_end(&ledger->promises, recall->who);
    if (lost == NULL)
        return;
    hex_encode(lost->id.bytes, sizeof(lost->id.bytes), id);
    verdict_break(ledger->verdict,
                  "node %zu: message %s was durable and is gone after a "
                  "restart",
                  recall->who, id);
}

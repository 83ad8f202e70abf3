/*
 * audit.c - what a node had when it was asked stands in its books; the rest
 * is arithmetic.
 */
#include "node/sim/audit.h"

void
audit_asked(struct ledger *ledger, size_t who)
{
    for (size_t i = 0; i < ledger->book_count; i++) {
        struct book *book = ledger->books[i];

        if (book->who != who)
            continue;
        book->asked_head = book_newest(&book->heads);
        book->asked_receipt = book_newest(&book->receipts);
    }
}

/* The verdict on one channel that a node shows. */
static void
wrong(struct ledger *ledger, const struct audit_log *log, const char *words)
{
    verdict_break(ledger->verdict, "node %zu shows %s: %.*s", log->who, words,
                  (int)log->origin.len, log->origin.ptr);
}

static bool
is_head_of(const struct book *book, const struct head *head)
{
    struct digest root;

    if (head->size > book->count)
        return false;
    book_root_of(book, head->size, &root);
    return digest_equal(&root, &head->root);
}

static void
check_head(struct ledger *ledger, const struct audit_log *log,
           const struct book *book)
{
    if (log->head.size < book->asked_head)
        wrong(ledger, log, "an older head than it had when it was asked");
    if (log->head.size == 0)
        return;
    if (!is_head_of(book, &log->head))
        wrong(ledger, log, "a head that is not its leaves'");
    if (checkpoint_verify(log->origin, &log->head, log->log_key,
                          log->signature) != STATUS_OK)
        wrong(ledger, log, "a head whose signature is bad");
}

static void
check_receipt(struct ledger *ledger, const struct audit_log *log,
              const struct book *book)
{
    if (log->cosigned.size < book->asked_receipt ||
        log->cosigned.size > book_newest(&book->receipts))
        wrong(ledger, log, "another receipt than it has");
    if (log->cosigned.size == 0)
        return;
    if (log->cosigned.size > log->head.size)
        wrong(ledger, log, "a receipt beyond its head");
    if (!is_head_of(book, &log->cosigned))
        wrong(ledger, log, "a receipt of what are not its leaves");
    if (cosignature_verify(log->origin, &log->cosigned, &log->cosignature,
                           log->witness_key) != STATUS_OK)
        wrong(ledger, log, "a receipt that does not verify");
}

void
audit_log(struct ledger *ledger, const struct audit_log *log)
{
    const struct book *book = ledger_book(ledger, log->who, log->origin);

    if (book == NULL) {
        wrong(ledger, log, "a channel that was never durable");
        return;
    }
    check_head(ledger, log, book);
    check_receipt(ledger, log, book);
}

void
audit_leaf(struct ledger *ledger, size_t who, struct span origin,
           uint64_t index, struct span leaf)
{
    const struct book *book = ledger_book(ledger, who, origin);

    if (book == NULL || index >= book->count ||
        !span_equal(leaf, SPAN_OF(book->leaves[index].bytes)))
        verdict_break(ledger->verdict,
                      "node %zu shows another leaf %llu of %.*s", who,
                      (unsigned long long)index, (int)origin.len, origin.ptr);
}

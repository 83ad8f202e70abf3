/*
 * verdicts.c - the class of what is answered stands in its leaf, and that in
 * the book of who sent it.
 */
#include "tests/sim/verdicts.h"

#include "entry.pb-c.h"

static bool
may_be_said(enum entry_class class, Entente__Answer__Verdict verdict)
{
    bool closed = class == CLASS_ANSWER || class == CLASS_GRANT;

    switch (verdict) {
    case ENTENTE__ANSWER__VERDICT__REFUSED:
    case ENTENTE__ANSWER__VERDICT__UNOPENED: return !closed;
    case ENTENTE__ANSWER__VERDICT__LOST: return true;
    default: return class == CLASS_MESSAGE;
    }
}

static void
check_range(struct oracle *oracle, const struct book *book,
            Entente__Answer__Verdict verdict,
            const Entente__AnswerRange *range)
{
    uint64_t    end = range->first + range->count;
    struct leaf leaf;

    for (uint64_t i = range->first; i < end && i < book->count; i++)
        if (leaf_decode(SPAN_OF(book->leaves[i].bytes), &leaf) == STATUS_OK &&
            !may_be_said(leaf.class, verdict))
            verdict_break(&oracle->verdict,
                          "an answer, verdict %d, names entry %llu of %.*s, "
                          "class %s",
                          (int)verdict, (unsigned long long)i,
                          (int)book->origin.len, book->origin.text,
                          class_name(leaf.class));
}

static void
check_answer(struct oracle *oracle, const Entente__Answer *answer)
{
    const struct book *book;
    struct origin      origin;

    if (origin_parse(span_text(answer->origin), &origin) != STATUS_OK) {
        verdict_break(&oracle->verdict, "an answer names no channel: %s",
                      answer->origin);
        return;
    }
    book = ledger_book(&oracle->ledger,
                       ledger_who(&oracle->ledger, &origin.sender),
                       span_text(answer->origin));
    for (size_t i = 0; book != NULL && i < answer->n_ranges; i++)
        check_range(oracle, book, answer->verdict, answer->ranges[i]);
}

void
verdicts_sealed(struct oracle *oracle, struct span plaintext)
{
    Entente__EntryAnswer *entry;

    entry = entente__entry_answer__unpack(NULL, plaintext.len, plaintext.ptr);
    if (entry == NULL) {
        verdict_break(&oracle->verdict, "an answer that cannot be read");
        return;
    }
    for (size_t i = 0; i < entry->n_answers; i++)
        check_answer(oracle, entry->answers[i]);
    entente__entry_answer__free_unpacked(entry, NULL);
}

/* fuzz_proof.c - that an entry is in a log, as text for a stranger. */
#include "tests/fuzz/notes.h"

const bool fuzz_is_whole = false; /* its note may end after any signature */

bool
fuzz_one(struct span in)
{
    struct notes           notes;
    struct proof           proof;
    struct note_signatures found;

    if (proof_parse(in, &proof) != STATUS_OK)
        return false;
    notes_make(&notes);
    if (proof_verify(&proof, &notes.leaf, notes.log.public_key, &notes.witness,
                     &found) != STATUS_OK)
        return true; /* read, and not believed */
    assert(proof.index == NOTES_INDEX);
    assert(head_equal(&proof.note.head, &notes.head));
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    uint8_t       text[LIMIT_NOTE], bytes[LIMIT_PROOF];
    struct writer note = writer_of(text, sizeof(text));
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct notes  notes;
    enum status   st;

    notes_make(&notes);
    (void)notes_text(&notes, true, &note);
    st = proof_write(NOTES_INDEX, &notes.inclusion, SPAN_EMPTY,
                     writer_span(&note), &out);
    assert(st == STATUS_OK);
    seed(arg, "bare", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    st = proof_write(NOTES_INDEX, &notes.inclusion, span_text("extra"),
                     writer_span(&note), &out);
    assert(st == STATUS_OK);
    seed(arg, "extra", writer_span(&out));
}

/* fuzz_proof.c - that an entry is in a log, as text for a stranger. */
#include "crypto/base64.h"
#include "tests/fuzz/notes.h"

const bool fuzz_is_whole = false; /* its note may end after any signature */

/* What was read has one spelling; its note is the rest of it. */
static void
assert_is_written_so(const struct proof *proof, struct span in)
{
    static uint8_t extra[LIMIT_PROOF], bytes[LIMIT_PROOF];
    struct writer  out = writer_of(bytes, sizeof(bytes));
    struct span    note = {proof->note.origin.ptr, 0};
    size_t         extra_len = 0;
    enum status    st = STATUS_OK;

    note.len = (size_t)(in.ptr + in.len - note.ptr);
    if (proof->extra.len > 0)
        st = base64_decode(proof->extra, extra, sizeof(extra), &extra_len);
    assert(st == STATUS_OK);
    st = proof_write(proof->index, &proof->inclusion,
                     (struct span){extra, extra_len}, note, &out);
    assert(st == STATUS_OK);
    assert(span_equal(in, writer_span(&out)));
}

bool
fuzz_one(struct span in)
{
    struct notes           notes;
    struct proof           proof;
    struct note_signatures found;

    if (proof_parse(in, &proof) != STATUS_OK)
        return false;
    assert_is_written_so(&proof, in);
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

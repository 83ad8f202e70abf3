/* fuzz_note.c - a signed head as text, from a file or a stranger. */
#include "tests/fuzz/notes.h"

const bool fuzz_is_whole = false; /* a note may end after any signature */

/* What was read has one spelling. */
static void
assert_is_written_so(const struct note *note, struct span in)
{
    uint8_t       bytes[LIMIT_NOTE];
    struct writer out = writer_of(bytes, sizeof(bytes));
    enum status   st = checkpoint_text(note->origin, &note->head, &out);

    assert(st == STATUS_OK);
    writer_put(&out, span_text("\n"));
    assert(note->line_count <= LIMIT_NOTE_SIGNATURES);
    for (size_t i = 0; i < note->line_count; i++) {
        writer_put(&out, span_text("\u2014 "));
        writer_put(&out, note->lines[i].name);
        writer_put(&out, span_text(" "));
        writer_put(&out, note->lines[i].base64);
        writer_put(&out, span_text("\n"));
    }
    assert(span_equal(in, writer_span(&out)));
}

bool
fuzz_one(struct span in)
{
    struct notes           notes;
    struct note            note;
    struct note_signatures found;

    if (note_parse(in, &note) != STATUS_OK)
        return false;
    assert_is_written_so(&note, in);
    notes_make(&notes);
    if (note_verify(&note, notes.log.public_key, &notes.witness, &found) !=
        STATUS_OK)
        return true; /* read, and not believed */
    /* Nothing but the one head that the log signed can be believed. */
    assert(span_equal(note.origin, origin_span(&notes.origin)));
    assert(head_equal(&note.head, &notes.head));
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    uint8_t       bytes[LIMIT_NOTE];
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct notes  notes;

    notes_make(&notes);
    seed(arg, "signed", notes_text(&notes, false, &out));
    out = writer_of(bytes, sizeof(bytes));
    seed(arg, "cosigned", notes_text(&notes, true, &out));
}

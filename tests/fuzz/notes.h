/* notes.h - a small signed log, from which notes and proofs are written. */
#ifndef FUZZ_NOTES_H
#define FUZZ_NOTES_H

#include "crypto/proof.h"
#include "tests/fuzz/fuzz.h"

enum { NOTES_LEAVES = 5, NOTES_INDEX = 2 };

struct notes {
    struct sign_key        log;
    struct note_witness    witness;
    struct note_signatures signatures;
    struct head            head;
    struct digest          leaf; /* hash of the leaf at NOTES_INDEX */
    struct merkle_proof    inclusion;
    struct origin_text     origin;
};

void notes_make(struct notes *out);
/* The text of the note, with the witness's line where `cosigned`. */
struct span notes_text(const struct notes *notes, bool cosigned,
                       struct writer *out);

#endif

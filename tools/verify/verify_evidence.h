/*
 * verify_evidence.h - one evidence file as its auditor reads it.
 */
#ifndef TOOLS_VERIFY_EVIDENCE_H
#define TOOLS_VERIFY_EVIDENCE_H

#include "crypto/evidence.h"
#include "tools/verify/verify_cards.h"

/* Everything that is told of one file. */
struct verify_evidence {
    const char                *path;
    struct evidence_report    *report;
    enum status                st;       /* of the file */
    enum status                trust;    /* UNTRUSTED: a card contradicts */
    const struct verify_card  *cards[2]; /* by whose card a key is known */
    struct strict_arena        arena;    /* behind what the report lends */
};

/*
 * Verifies, and compares the two organisations with the cards.  The arena has
 * EVIDENCE_ROOM bytes.  The worse of the two statuses.
 */
NODISCARD enum status verify_evidence_run(struct verify_evidence    *it,
                                          struct span                text,
                                          const struct verify_cards *cards,
                                          struct strict_arena        arena);

/* For a person, on standard output. */
void verify_evidence_print(struct verify_evidence *it);

#endif

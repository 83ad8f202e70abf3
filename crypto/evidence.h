/*
 * evidence.h - whether an evidence file (PROTOCOL 7.8) proves what it holds.
 *
 * Every byte is signed, hashed under what is signed, or compared with the one
 * spelling: no changed file passes.  What a file leaves out leaves no trace.
 * Whose the organisation keys are is not told here: who verifies compares
 * them with a card or a safety number of his own.  Reads no file or clock.
 */
#ifndef CRYPTO_EVIDENCE_H
#define CRYPTO_EVIDENCE_H

#include "crypto/evidence_text.h"
#include "crypto/parties.h"

/* X(name): what is checked, in this order; the words are in PROTOCOL 7.8 */
#define EVIDENCE_CHECK_LIST(X)                                                 \
    X(FORM)                                                                    \
    X(CERTIFICATE)                                                             \
    X(PARTIES)                                                                 \
    X(PROOF)                                                                   \
    X(ORIGIN)                                                                  \
    X(HEAD)                                                                    \
    X(RECEIPT)                                                                 \
    X(LEAF)                                                                    \
    X(INCLUDED)                                                                \
    X(BODY)                                                                    \
    X(KEY)                                                                     \
    X(OPENED)                                                                  \
    X(ANSWERS)                                                                 \
    X(NEEDED)

enum evidence_check {
#define EVIDENCE_ENUM(name) EVIDENCE_##name,
    EVIDENCE_CHECK_LIST(EVIDENCE_ENUM)
#undef EVIDENCE_ENUM
    EVIDENCE_CHECK_COUNT
};

/* "HEAD". */
const char *evidence_check_name(enum evidence_check check);

struct evidence_step {
    enum evidence_check check;
    /* CERTIFICATE: which; of an entry: 0 the message, n the n-th answer */
    size_t      part;
    enum status st;
};

/* What is proven of one entry. */
struct evidence_part {
    struct span   origin_text; /* lends the text */
    struct origin origin;
    uint64_t      index;
    struct head   head;
    struct leaf   leaf;
    size_t        writer; /* certificate */
    bool          receipted;
    size_t        reader; /* certificate; where receipted */
    uint64_t      time_s; /* as the reader claims */
    bool          opened;
    struct span   plain; /* in the arena */
};

/* One thing that an answer says of the message; texts are in the arena. */
struct evidence_said {
    size_t      part;
    int         verdict; /* of entry.proto, Answer.Verdict */
    uint64_t    time_ms; /* as its writer claims */
    const char *by;
    const char *why;
};

enum {
    EVIDENCE_PARTS = 1 + LIMIT_EVIDENCE_ANSWERS,
    EVIDENCE_SAID_MAX = LIMIT_EVIDENCE_ANSWERS * LIMIT_RANGES,
    EVIDENCE_STEPS = EVIDENCE_PARTS * (EVIDENCE_CHECK_COUNT + 1),
    EVIDENCE_ROOM = 4 * LIMIT_EVIDENCE /* for all of a file that is one */
};

struct evidence_report {
    struct parties       parties;
    size_t               part_count; /* the message, then the answers */
    struct evidence_part parts[EVIDENCE_PARTS];
    size_t               said_count;
    struct evidence_said said[EVIDENCE_SAID_MAX];
    size_t               step_count; /* the last is the one that failed */
    struct evidence_step steps[EVIDENCE_STEPS];
    size_t               line; /* FORM failed: the first wrong line */
};

/*
 * OK, or the status of the first step that failed; then nothing else in
 * *report is proven.  The arena has EVIDENCE_ROOM bytes, and keeps what
 * *report lends; it holds plaintext: wipe it.  The report is large: keep it
 * off the stack.
 */
NODISCARD enum status evidence_verify(struct span             text,
                                      struct strict_arena    *arena,
                                      struct evidence_report *report);

#endif

/*
 * export.h - the logs between two nodes as one of them holds them, in one
 * text file (PROTOCOL 7.9): written, and verified.
 *
 * Headers and signatures, no bodies and no keys.  Reads no file or clock.
 */
#ifndef CRYPTO_EXPORT_H
#define CRYPTO_EXPORT_H

#include "crypto/parties.h"
#include "proto/leaf.h"

#define EXPORT_TITLE "Entente log export, version 1"

/* --- writing ------------------------------------------------------------- */

/* Begins the file: whose it is, and who the other is.  TOO_LARGE. */
NODISCARD enum status export_begin(struct span own, struct span other,
                                   struct writer *out);

/*
 * One log up to its leaves: the note of the newest head, and, unless empty,
 * that of the smaller head with the newest receipt.  Then a line for each
 * leaf, as many as the newest head says; then export_end_log.
 */
NODISCARD enum status export_log(struct span note, struct span receipt,
                                 struct writer *out);
enum { EXPORT_LEAF_LINE = 109 }; /* bytes of a leaf's line */
void export_leaf(const uint8_t leaf[static LEAF_LEN], struct writer *out);
void export_end_log(struct writer *out);
void export_end(struct writer *out);

/* --- reading ------------------------------------------------------------- */

/* A log whose roots were computed and whose signatures hold. */
struct export_log {
    struct span   origin_text; /* lends the text */
    struct origin origin;
    struct head   head;
    size_t        writer;   /* certificate */
    bool          receipted;
    size_t        reader;
    struct head   cosigned; /* where receipted; at most the head */
    uint64_t      time_s;   /* as the reader claims */
    struct span   leaves;   /* head.size lines; lends the text */
};

struct export {
    struct parties     parties; /* whose file it is, the other, further */
    size_t             count;
    size_t             cap;
    struct export_log *logs;    /* the caller's */
    size_t             line;    /* refused: at this line, from 1 */
    struct span        refused; /* and of this log; empty: of none */
};

/*
 * Reads and verifies all of it; `logs` and `cap` of *out are the caller's.
 * BAD_ENCODING, BAD_VERSION; FULL: more than cap logs; BAD_FIELD: not of
 * these two nodes, or out of order; BAD_PROOF: a signature; BAD_ROOT: leaves
 * that are not those of the signed head.  Else as parties_add.
 */
NODISCARD enum status export_verify(struct span text, struct export *out);

#endif

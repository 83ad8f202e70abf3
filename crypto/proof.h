/*
 * proof.h - that an entry is in a signed log, as text for a stranger
 * (c2sp.org/tlog-proof).
 *
 *     c2sp.org/tlog-proof@v1\n
 *     extra <base64>\n              where there is any; not authenticated
 *     index <decimal>\n
 *     <base64 of a digest>\n        the inclusion proof, sibling first
 *     \n
 *     <signed note, verbatim>
 */
#ifndef CRYPTO_PROOF_H
#define CRYPTO_PROOF_H

#include "crypto/note.h"

struct proof {
    uint64_t            index;
    struct merkle_proof inclusion;
    struct span         extra; /* base64, canonical; lends the input */
    struct note         note;
};

/*
 * `extra` is bytes (empty: no such line), at most LIMIT_PROOF_EXTRA; `note`
 * the text that note_write gave.  TOO_LARGE.
 */
NODISCARD enum status proof_write(uint64_t index,
                                  const struct merkle_proof *inclusion,
                                  struct span extra, struct span note,
                                  struct writer *out);

/* BAD_ENCODING, TOO_LARGE.  The spans in out live as long as `in` does. */
NODISCARD enum status proof_parse(struct span in, struct proof *out);

/*
 * Both that the note is signed (note_verify) and that the leaf is in its log.
 * BAD_PROOF unless all holds.
 */
NODISCARD enum status proof_verify(const struct proof  *proof,
                                   const struct digest *leaf_hash,
                                   const uint8_t log_public[static LIMIT_KEY],
                                   const struct note_witness *witness,
                                   struct note_signatures    *out);

#endif

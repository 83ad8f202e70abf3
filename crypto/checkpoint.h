/*
 * checkpoint.h - signed heads of a log, and cosignatures on them
 * (c2sp.org/tlog-checkpoint, c2sp.org/tlog-cosignature).
 *
 * What is signed is text, built from the values each time:
 *
 *     checkpoint:   <origin>\n<size>\n<base64 of the root>\n
 *     cosignature:  cosignature/v1\ntime <seconds>\n<the checkpoint's text>
 *
 * So values travel on the link and the text exists only while it is signed or
 * verified; note.h makes the whole note where people or others ask for it.
 * Origins are 1 to LIMIT_ORIGIN bytes of [a-z0-9/-]; sizes and times are below
 * 2^63; there are no extension lines.
 */
#ifndef CRYPTO_CHECKPOINT_H
#define CRYPTO_CHECKPOINT_H

#include "crypto/merkle.h"
#include "crypto/sign.h"

/* The head of a log: its tree head, without whose it is. */
struct head {
    uint64_t      size;
    struct digest root;
};

/* What a witness says of a head; both fields are needed to verify it. */
struct cosignature {
    uint64_t time_s; /* POSIX seconds, as the witness claims */
    uint8_t  signature[LIMIT_SIGNATURE];
};

enum { CHECKPOINT_TEXT_MAX = LIMIT_ORIGIN + 1 + 19 + 1 + 44 + 1 };

bool head_equal(const struct head *a, const struct head *b);

/* 1 to LIMIT_ORIGIN of [a-z0-9/-], and not "cosignature/v1". */
bool checkpoint_origin_valid(struct span origin);

/* The text that the log signs.  BAD_FIELD: origin or size not as above. */
NODISCARD enum status checkpoint_text(struct span origin,
                                      const struct head *head,
                                      struct writer     *out);

/* Asserts that origin and size are well formed (our own). */
void checkpoint_sign(struct span origin, const struct head *head,
                     const struct sign_key *log,
                     uint8_t                out[static LIMIT_SIGNATURE]);

/* BAD_PROOF; BAD_FIELD: origin or size that no checkpoint can have. */
NODISCARD enum status
checkpoint_verify(struct span origin, const struct head *head,
                  const uint8_t log_public[static LIMIT_KEY],
                  const uint8_t signature[static LIMIT_SIGNATURE]);

/* As checkpoint_sign; time_s <= LIMIT_TREE is asserted. */
void cosignature_sign(struct span origin, const struct head *head,
                      uint64_t time_s, const struct sign_key *witness,
                      struct cosignature *out);

/* As checkpoint_verify. */
NODISCARD enum status
cosignature_verify(struct span origin, const struct head *head,
                   const struct cosignature *cosignature,
                   const uint8_t witness_public[static LIMIT_KEY]);

#endif

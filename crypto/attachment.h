/*
 * attachment.h - the chunks of a file that travels beside a message
 * (PROTOCOL 5.9): who sends it seals them, who has the message's key opens
 * them, and who has neither can tell by a proof whether a chunk is right.
 *
 *   file -> encoded -> zeros up to Padme of its length -> chunks of
 *   LIMIT_CHUNK, the last one of what is left -> sealed, 16 bytes more each
 *
 * A sealed chunk's leaf is H(CHUNK, u64 index, sealed chunk); the root of the
 * RFC 9162 tree over these is the attachment's digest.  chunk_tree.h makes the
 * proofs.  Bytes in, bytes out; no memory, no failure but those named.
 */
#ifndef CRYPTO_ATTACHMENT_H
#define CRYPTO_ATTACHMENT_H

#include "crypto/merkle.h"

/* What follows from the bytes of all sealed chunks together. */
struct attachment_shape {
    uint64_t stored;
    uint64_t chunks;   /* 1 to LIMIT_CHUNKS */
    uint32_t last_len; /* of the last one, sealed */
};

/* Of an encoded file with its padding; an empty file is padded to one byte.
 * Asserts len <= LIMIT_ATTACHMENT. */
uint64_t attachment_padded_len(uint64_t len);
/* And of the sealed chunks. */
uint64_t attachment_stored_len(uint64_t len);

/* BAD_FIELD: no file has so many, or its length was not padded. */
NODISCARD enum status attachment_shape_of(uint64_t stored,
                                          struct attachment_shape *out);

/* Bytes of the sealed chunk `index` < chunks. */
size_t attachment_chunk_len(const struct attachment_shape *shape,
                            uint64_t                       index);

/*
 * Seals `chunk` (1 to LIMIT_CHUNK bytes) into chunk.len + LIMIT_TAG bytes; out
 * may be the chunk's memory.  A key serves one file, once: an upload that
 * begins anew draws another.
 */
void attachment_seal(const struct secret32 *key, uint64_t index, bool last,
                     struct span chunk, uint8_t *out);

/* BAD_ENCODING: no sealed chunk has that length.  BAD_PROOF: not this file's
 * chunk `index`; out (sealed.len - LIMIT_TAG bytes) is then zeros. */
NODISCARD enum status attachment_open(const struct secret32 *key,
                                      uint64_t index, bool last,
                                      struct span sealed, uint8_t *out);

/* The leaf's hash in the tree: SHA-256(00, H(CHUNK, u64 index, sealed)). */
void attachment_leaf(uint64_t index, struct span sealed, struct digest *out);

/*
 * Whether `sealed` is chunk `index` of the file of this shape and digest, by
 * its proof as it travels (LIMIT_DIGEST bytes a node, sibling first); *leaf is
 * then its leaf's hash.  BAD_PROOF: it is not.
 */
NODISCARD enum status attachment_check(const struct attachment_shape *shape,
                                       const struct digest *digest,
                                       uint64_t index, struct span sealed,
                                       struct span proof, struct digest *leaf);

#endif

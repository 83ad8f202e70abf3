/*
 * parties.h - the two nodes of a file for auditors, by their certificates,
 * and what their keys signed.
 *
 * The first certificate is of one node, the second of the other; further ones
 * are of these two, each by the organisation key of its node's first, and each
 * needed for a signature that none before it made.  A value: no pointer into
 * anything.
 */
#ifndef CRYPTO_PARTIES_H
#define CRYPTO_PARTIES_H

#include "crypto/cert.h"
#include "crypto/note.h"

struct parties {
    size_t      count;
    struct cert list[LIMIT_EVIDENCE_CERTIFICATES];
    bool        needed[LIMIT_EVIDENCE_CERTIFICATES];
};

/* Verifies and adds one; FULL.  Else as cert_verify. */
NODISCARD enum status parties_add(struct parties *parties,
                                  struct span     certificate);

/* BAD_FIELD: not two nodes, or one that does not belong; UNTRUSTED: another
 * organisation key than that of its node's first. */
NODISCARD enum status parties_check(const struct parties *parties);

/* Once all signatures are verified.  BAD_FIELD: one was not needed. */
NODISCARD enum status parties_needed(const struct parties *parties);

/* BAD_ENCODING: the note of this log has other lines than the log's and,
 * where it has two, the reader's. */
NODISCARD enum status parties_note_form(const struct note   *note,
                                        const struct origin *origin);

/* Index of the certificate of the log's writer whose key signed the head.
 * BAD_PROOF: there is none. */
NODISCARD enum status parties_head(struct parties      *parties,
                                   const struct note   *note,
                                   const struct origin *origin, size_t *writer);

/* The same of the reader, whose cosignature is then in *out. */
NODISCARD enum status parties_receipt(struct parties      *parties,
                                      const struct note   *note,
                                      const struct origin *origin,
                                      size_t writer, size_t *reader,
                                      struct cosignature *out);

#endif

/*
 * receipt.h - our cosignatures on what a peer says (C2SP tlog-cosignature):
 * the receipts of DESIGN 2.
 */
#ifndef CORE_RECEIPT_H
#define CORE_RECEIPT_H

#include "node/core/log/witness.h"

/* Cosign the largest committed head that is whole, if there is one beyond the
 * last; saves the receipt before it can be sent. */
void receipt_cosign(struct witness *witness, struct context *turn,
                    const struct sign_key *key);

/*
 * The writer shows a cosignature of ours.  One of a size beyond what we know to
 * have cosigned: nothing smaller is cosigned any more, that size with that root
 * alone, and no time is before it.  BAD_PROOF: it is not ours.
 */
NODISCARD enum status receipt_shown(struct witness           *witness,
                                    const struct head        *head,
                                    const struct cosignature *cosignature,
                                    const uint8_t            *witness_key);

/* As the journal tells. */
void receipt_restore(struct witness *witness, const struct head *head,
                     const struct cosignature *cosignature);

#endif

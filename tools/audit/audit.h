/*
 * audit.h - whether a channel's log is what both its ends have signed.
 *
 * Everything is computed again from the entries as they travelled: bodies
 * against leaves, leaves against roots, roots against both signatures.  No
 * claim of the node that hands them over is believed.
 *
 *     audit_begin (signatures) -> audit_entry, in order from 0 -> audit_end
 */
#ifndef TOOLS_AUDIT_H
#define TOOLS_AUDIT_H

#include "control.pb-c.h"
#include "crypto/cert.h"
#include "crypto/merkle.h"

enum { AUDIT_WORDS = 256 };

struct audit {
    const Entente__LogChannel *channel; /* the caller's, until audit_end */
    struct merkle_frontier     frontier;
    struct digest              cosigned_root; /* as computed */
    uint64_t                   bodies;        /* seen and right */
    char                       why[AUDIT_WORDS];
};

/*
 * The signature on the head and the cosignature, by the keys that the channel
 * names.  BAD_PROOF, BAD_ENCODING; *audit then says why.
 */
NODISCARD enum status audit_begin(struct audit              *audit,
                                  const Entente__LogChannel *channel);

/*
 * Whether those keys are the right ones: our own from our certificate, the
 * other's from theirs, which the channel brings.  UNTRUSTED.
 * *known: a certificate was brought; else the other key is the node's word.
 */
NODISCARD enum status audit_keys(struct audit *audit, const struct cert *own,
                                 bool *known);

/* The next entry.  BAD_PROOF: out of order, no leaf, or its body is not what
 * its leaf names; *audit names it. */
NODISCARD enum status audit_entry(struct audit             *audit,
                                  const Entente__LogEntry  *entry);

/* BAD_ROOT: entries are missing, or a root is not the signed one. */
NODISCARD enum status audit_end(struct audit *audit);

#endif

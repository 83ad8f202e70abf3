/*
 * witness.h - what one peer says to us: its log, checked against every head
 * it signs, and our cosignatures on them.
 *
 * Checks in this order (DESIGN 2): layout and place of a frame; the head's
 * signature, then its size; its root against the leaves; then each leaf,
 * which may be REFUSED without hurting the channel; then each body's digest,
 * and only then its seal.
 *
 *   leaves --> staged --head verified--> committed --bodies--> whole
 *                                                     cosign: the largest
 *                                                     head that is <= whole
 */
#ifndef CORE_WITNESS_H
#define CORE_WITNESS_H

#include "crypto/checkpoint.h"
#include "crypto/merkle.h"
#include "crypto/seal.h"
#include "node/core/log/assembly.h"
#include "node/core/context.h"

/* A leaf whose body may still be missing. */
struct witness_leaf {
    uint8_t  bytes[LEAF_LEN];
    uint64_t first;   /* its batch */
    bool     settled; /* body saved, or refused */
    uint8_t  spoiled; /* times that a body with another digest came */
};

/* Batch fields, and the batch secret once it was computed. */
struct witness_batch {
    uint64_t        first;
    uint8_t         ephemeral[LIMIT_KEY];
    uint8_t         salt[LIMIT_SALT];
    uint32_t        sealing_key; /* the secret is for this key number */
    bool            has_secret;
    struct secret32 secret;
};

struct witness {
    struct origin          origin;
    struct origin_text     text;
    struct merkle_frontier frontier; /* over the committed leaves */
    struct head            head;     /* newest verified; size == committed */
    uint8_t                signature[LIMIT_SIGNATURE];
    uint64_t               whole; /* all bodies below are here or refused */
    struct head            cosigned;
    struct cosignature     cosignature;
    struct head            shown;   /* above `cosigned`: cosigned by us once, */
    uint64_t               shown_s; /* at this time, and lost since */
    uint64_t               told;      /* newest receipt its writer showed */
    bool                   by_stick;  /* a bundle brought what is staged */
    bool                   stopped;   /* bad head or fork: nothing is signed */
    bool                   given;     /* a piece of an older log comes again:
                                         it may begin within a batch, and is
                                         as far ahead as it is long */
    bool                   ours;      /* a log of this node's, given back */
    bool                   refetched; /* a wrong root was met once */

    struct witness_leaf *leaves; /* [whole, staged), ring */
    size_t               leaf_head, leaf_count, leaf_cap;

    struct head *heads; /* verified, not cosigned, oldest first */
    size_t       head_count, head_cap;

    struct witness_batch *batches; /* of the leaves that stand here */
    size_t                batch_count, batch_cap;

    struct assembly assembly[PRECEDENCE_COUNT]; /* one unfinished body each */

    /* For the link. */
    bool     cosignature_due;
    bool     leaves_due; /* ask for leaves from the committed size */
    bool     bodies_due; /* ask for the bodies that are missing */
};

struct witness *witness_new(const struct origin *origin);
void            witness_free(struct witness *witness);

/* Leaves known, head verified or not. */
uint64_t witness_staged(const struct witness *witness);

/*
 * `leaves` is a row of LEAF_LEN bytes each.  BAD_STATE: they do not begin
 * where the staged ones end, or neither begin a batch (`first` == `start`) nor
 * go on with that of a leaf that no head covers yet.  TOO_LARGE: past
 * lane_ahead() above the cosigned size.  BAD_ENCODING.  Nothing is saved
 * yet.
 */
NODISCARD enum status witness_leaves(struct witness *witness, uint64_t first,
                                     const uint8_t *ephemeral,
                                     const uint8_t *salt, uint64_t start,
                                     struct span leaves);

/*
 * A signed head.  OK: leaves and head are saved; DUPLICATE: known.
 * BAD_PROOF: signature.  TOO_LARGE, BAD_STATE: size.  BAD_ROOT: signed, but
 * not over these leaves: staged leaves are dropped and asked for once more
 * (leaves_due).  FORK: signed, and wrong again, on this link or a later one,
 * or of a size that we hold with another root: the witness has stopped, and
 * that head is saved as the evidence.
 */
NODISCARD enum status witness_head(struct witness *witness,
                                   struct context *turn,
                                   const struct head *head,
                                   const uint8_t signature[static
                                                           LIMIT_SIGNATURE],
                                   const uint8_t *log_key);

/* The leaf and batch of an index that is committed and not settled; NULL. */
const struct witness_leaf *witness_wanted(const struct witness *witness,
                                          uint64_t              index);
struct witness_batch *witness_batch_of(const struct witness      *witness,
                                       const struct witness_leaf *leaf);

/*
 * A piece of the body of `index`.  OK: *body is whole and has the leaf's
 * digest; a loan until the next call.  AGAIN: more pieces are needed.
 * DUPLICATE: settled already.  BAD_STATE: not a committed index, or not the
 * next piece.  BAD_PROOF: digest.
 */
NODISCARD enum status witness_piece(struct witness *witness, uint64_t index,
                                    uint32_t offset, struct span piece,
                                    struct span *body);

/* A whole body of `index`, which is wanted, had another digest: false; for the
 * LIMIT_BODY_TRIES-th time: true, and it is not to be asked for again. */
bool witness_spoiled(struct witness *witness, uint64_t index);

/* The body of `index` was saved, or its entry refused: both are kept word by
 * entries of ours.  Moves `whole`. */
void witness_settle(struct witness *witness, uint64_t index);

/*
 * As the journal tells.  CORRUPT: it does not fit what is here.  After
 * witness_restore all leaves in [whole, size) count as settled until
 * witness_restore_missing names them.
 */
void witness_restore(struct witness               *witness,
                     const struct merkle_frontier *frontier, uint64_t whole,
                     bool stopped);
NODISCARD enum status witness_restore_missing(struct witness      *witness,
                                              const struct record *record);
NODISCARD enum status witness_restore_head(struct witness    *witness,
                                           const struct head *head,
                                           const uint8_t     *signature);

/* Leaves that no head covers are dropped. */
void witness_unstage(struct witness *witness);
/* The link is gone: what was staged or in pieces is dropped. */
void witness_unlink(struct witness *witness);
/* And what is in no record: what was wrong, and what we were shown. */
void witness_quiesce(struct witness *witness);

#endif

/*
 * mend.h - a damaged journal made whole again, with what is left of it.
 *
 * What inspect.h found is mended in one of these ways, by what it cost:
 *
 *  RESTORE  nothing is lost: a header, a copied group, stray bits are written
 *           again as they must have been;
 *  HOLE     groups are lost that a later snapshot stands for: an empty group
 *           stands in place of each.  State is whole; bodies and trails that
 *           only they had are gone from lists;
 *  CUT      groups are lost and no snapshot follows.  The journal ends before
 *           them; what salvage.h keeps of those behind is saved again.  Then
 *           state was lost: the node opens new epochs, and its peers give
 *           back what they have (DESIGN 2).
 *
 * Segments are written anew beside the old, which are kept (quarantine.h).
 */
#ifndef STORE_MEND_H
#define STORE_MEND_H

#include "node/store/inspect.h"
#include "node/store/salvage.h"

enum mend_way { MEND_NOTHING, MEND_RESTORE, MEND_HOLE, MEND_CUT };

struct mend_plan {
    enum mend_way way;     /* the gravest of them */
    uint64_t      cut;     /* CUT: the first sequence that is lost */
    uint64_t      segment; /* CUT: where it stood */
    uint64_t      holes;   /* groups that leave a hole */
    uint64_t      behind;  /* CUT: whole groups behind the cut */
    size_t        segments; /* that are written anew or leave */
    bool          hopeless; /* groups are missing that nothing stands for, or a
                               segment is of another journal: not mended */
};

/* What is to be done; reads and writes nothing. */
void mend_plan(const struct inspect *found, struct mend_plan *out);

/*
 * Does it, up to and with quarantine_finish.  `keys` open what is salvaged;
 * `nonce` is fresh.  NO_SPACE, IO, FULL: nothing has happened yet, or
 * quarantine_finish goes on.  BAD_STATE: the plan is hopeless.
 */
NODISCARD enum status mend_journal(const struct disk       *disk,
                                   const struct inspect    *found,
                                   const struct mend_plan  *plan,
                                   const struct group_keys *keys,
                                   const uint8_t nonce[static GROUP_NONCE],
                                   struct salvage_count *salvaged,
                                   size_t               *kept);

#endif

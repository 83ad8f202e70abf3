/*
 * boxes.h - the sealed boxes of one group, one a vault number.
 *
 * A table for the time in which a group is encoded or opened.  It points into
 * the group's bytes and owns none of them.
 */
#ifndef STORE_BOXES_H
#define STORE_BOXES_H

#include "node/store/group.h"

/* The secrets of one vault number, on their way in or out. */
struct boxes_one {
    uint32_t vault;
    uint32_t len; /* of all its secrets, without tag */
    uint8_t *at;  /* where the next secret stands */
    bool     gone; /* its key is */
};

struct boxes {
    struct boxes_one *list; /* in the order in which records name them */
    size_t            count;
    size_t            cap;
};

/* Counts `len` bytes more for the box of `vault`, which is added when it is
 * new: *added tells.  FULL: no memory; TOO_LARGE: past LIMIT_GROUP. */
NODISCARD enum status boxes_count(struct boxes *boxes, uint32_t vault,
                                  size_t len, bool *added);
/* The box of `vault`; it is there (asserted). */
struct boxes_one *boxes_of(const struct boxes *boxes, uint32_t vault);
void              boxes_free(struct boxes *boxes);

/* Seals box->len bytes at `place` where they stand, tag behind them.
 * NOT_FOUND: the vault has no key. */
NODISCARD enum status boxes_seal(const struct boxes_one  *box,
                                 const struct group_head *head,
                                 const struct group_keys *keys,
                                 uint8_t                 *place);

/* The reverse; then box->at is `place`.  box->gone when there is no key, and
 * the bytes stay as they are.  CORRUPT: it does not open. */
NODISCARD enum status boxes_open(struct boxes_one        *box,
                                 const struct group_head *head,
                                 const struct group_keys *keys,
                                 uint8_t                 *place);

#endif

/*
 * pack.h - a turn's SAVE effects become the bytes of one group (group.h).
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "node/store/group.h"

/* Bytes of the group of a turn's SAVE effects.  TOO_LARGE: more than
 * LIMIT_GROUP bytes, LIMIT_RECORD in one or GROUP_RECORDS_MAX records. */
NODISCARD enum status pack_len(const struct effects *effects, size_t *out);

/*
 * The group: the same arguments give the same bytes.  NOT_FOUND: a vault
 * number without key.  TOO_LARGE as pack_len; FULL: no memory.
 */
NODISCARD enum status pack_group(const struct effects    *effects,
                                 const struct group_id   *id,
                                 const struct group_keys *keys,
                                 struct group_buffer     *out);

#endif

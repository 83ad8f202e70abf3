/*
 * group.h - the unit of the journal: all records of one turn, all or none.
 *
 * Layout, big-endian (PROTOCOL, appendix Journal):
 *
 *      0  8    "EntGroup"
 *      8  u16  version, 1
 *     10  u16  zero
 *     12  u32  number of records
 *     16  u64  bytes of the group, from its first to its last
 *     24  16   file id
 *     40  u64  number of the segment it was first written to
 *     48  u64  sequence, from 1
 *     56  24   nonce
 *     80  u32  number of boxes
 *     84  u32  zero
 *     88  ...  each record: u32 public length, u32 vault number, u32 secret
 *              length, public part (record.h).  Without secret: vault 0
 *     ..  ...  each box: u32 vault number, u32 length, sealed bytes
 *     ..  32   BLAKE2b-256, LABEL_GROUP, over all before
 *
 * A box holds the secrets of one vault number in the order of the records,
 * one after the other, sealed with the vault key (crypto/box.h) under the
 * group's nonce.  Boxes stand in the order in which records first name them;
 * a vault has one at most, so no key meets a nonce twice.  AEAD data:
 * LABEL_VAULT, file id, segment, sequence, u32 vault number.  A copy of the
 * group in another segment keeps every byte.
 */
#ifndef STORE_GROUP_H
#define STORE_GROUP_H

#include "crypto/secret.h"
#include "node/core/event.h"
#include "node/store/segment.h"

enum {
    GROUP_HEAD = 88,
    GROUP_CHECK = 32,
    GROUP_NONCE = 24,
    GROUP_RECORD_HEAD = 12,
    GROUP_BOX_HEAD = 8,
    GROUP_RECORDS_MAX = 1 << 20
};

/* What tells one group from all others. */
struct group_id {
    uint8_t  file_id[SEGMENT_FILE_ID];
    uint64_t segment;
    uint64_t sequence;
};

/* Who knows the vault keys.  NOT_FOUND: gone. */
struct group_keys {
    enum status (*find)(void *arg, uint32_t vault, struct secret32 *out);
    void *arg;
};

/* Where a group begins.  `sequence` is the group's own. */
struct group_place {
    uint64_t segment;
    uint64_t offset;
    uint64_t sequence;
};

/* A buffer that grows and is wiped. */
struct group_buffer {
    uint8_t *ptr;
    size_t   len;
    size_t   cap;
};

/* At least `cap` bytes; what was in it may be gone.  FULL: no memory. */
NODISCARD enum status group_buffer_reserve(struct group_buffer *buffer,
                                           size_t               cap);
void                  group_buffer_free(struct group_buffer *buffer);

/* The head, readable from the first GROUP_HEAD bytes. */
struct group_head {
    struct group_id id;
    uint64_t        len;
    uint32_t        record_count;
    uint32_t        box_count;
    uint8_t         nonce[GROUP_NONCE];
};

void group_head_encode(const struct group_head *head, struct writer *out);
/* CORRUPT: no head of a group, or of one longer than can be. */
NODISCARD enum status group_head_decode(struct span in, struct group_head *out);

/* Whether these are all bytes of a whole group: OK or CORRUPT. */
NODISCARD enum status group_check(struct span in);

/*
 * Reads the group that begins at `offset` of a file into the buffer.
 * CORRUPT: no whole group begins there.  FULL: no memory.  IO.
 */
NODISCARD enum status group_read(const struct disk *disk, int file,
                                 uint64_t offset, struct group_buffer *buffer,
                                 struct group_head *head);

/* Bytes up to where the next group may begin. */
uint64_t group_stride(uint64_t len);

/* Whether a group that is whole at `offset` of a segment was written there. */
bool group_belongs(const struct group_id *id, const struct segment *segment,
                   uint64_t offset);

struct group_record {
    struct span public;
    struct span secret; /* empty: none, or its vault key is gone */
    uint32_t    secret_len;
    uint32_t    vault; /* of the secret; 0: it has none */
};

/* A group opened.  Borrows the bytes it was opened in. */
struct group {
    struct group_head    head;
    struct group_record *records;
    size_t               count;
};

/*
 * Opens the boxes in place, in bytes that passed group_check.  `keys` NULL:
 * leaves all closed, and the bytes unchanged.  CORRUPT: the layout is wrong,
 * or a box does not open with its key.  FULL: no memory.  Whoever owns the
 * bytes wipes them; group_close frees the list alone.
 */
NODISCARD enum status group_open(uint8_t *bytes, size_t len,
                                 const struct group_keys *keys,
                                 struct group            *out);
void                  group_close(struct group *group);

/* SNAPSHOT first and SNAPSHOT_END in the same group, which passed
 * group_check; the bytes stay as they are. */
bool group_is_snapshot(uint8_t *bytes, size_t len);

#endif

/*
 * bookmark.h - a place between two events of the journal, as text that a
 * program keeps and hands back.
 *
 * It names the group by where it stands, by its sequence and by the beginning
 * of its check, so that a place of another life of the journal (a restored
 * backup, another node) is told from one of this.  74 hex digits; programs
 * take it as it is.
 *
 *   u8 version 1, u32 segment, u32 page, u64 sequence, 8 bytes of the check,
 *   u32 record, u64 part; big-endian
 *
 * Sequence 0 is the place before the first group: all else is zero then.
 */
#ifndef STORE_BOOKMARK_H
#define STORE_BOOKMARK_H

#include "node/store/group.h"

enum { BOOKMARK_CHECK = 8, BOOKMARK_LEN = 37, BOOKMARK_TEXT = 75 };

/* A record behind which no group has one: the group is done. */
enum { BOOKMARK_DONE = GROUP_RECORDS_MAX };

struct bookmark {
    struct group_place group;
    uint8_t            check[BOOKMARK_CHECK];
    uint32_t           record; /* the next, 0 .. BOOKMARK_DONE */
    uint64_t           part;   /* of a record about many entries: the next */
};

struct bookmark_text {
    char text[BOOKMARK_TEXT];
};

/* Before the first record of this group, or behind its last. */
struct bookmark bookmark_at(const struct group_place *place, struct span group);
struct bookmark bookmark_behind(const struct group_place *place,
                                const uint8_t check[static GROUP_CHECK]);

struct bookmark_text bookmark_text(const struct bookmark *bookmark);

/* BAD_ENCODING for what bookmark_text would not write. */
NODISCARD enum status bookmark_parse(struct span text, struct bookmark *out);

/* Whether a group that stands at its place is the one it names. */
bool bookmark_is_of(const struct bookmark *bookmark, struct span group);

#endif

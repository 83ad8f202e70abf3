/*
 * segment.h - one file of the journal: its name and its first page.
 *
 * A segment is named journal- and its number in 16 hex digits.  Its first page
 * of 4096 bytes is the header; groups follow, each on a page of its own, so
 * that no later write touches the page of a durable group.  The rest is zeros.
 *
 *      0  8    "EntJrnl" 00
 *      8  u16  version, 1
 *     10  u8   1: its first group is the copy of one before (journal.h)
 *     11  u8   1: state was lost before it (store_state_lost)
 *     12  u32  zero
 *     16  16   file id: drawn when the journal began, the same in all segments
 *     32  u64  number of the segment, from 1
 *     40  u64  sequence of its first group
 *     48  32   BLAKE2b-256, LABEL_SEGMENT, over bytes 0 to 47
 *     80  ...  zeros
 */
#ifndef STORE_SEGMENT_H
#define STORE_SEGMENT_H

#include "node/host/file.h"

enum {
    SEGMENT_PAGE = 4096,
    SEGMENT_FILE_ID = 16,
    SEGMENT_NAME = sizeof("journal-0123456789abcdef")
};

/* Being prepared; never holds a group that counts. */
#define SEGMENT_NEXT "journal-next"

struct segment {
    uint8_t  file_id[SEGMENT_FILE_ID];
    uint64_t number;
    uint64_t first_sequence;
    bool     copied;
    bool     lost;
};

void segment_name(uint64_t number, char out[static SEGMENT_NAME]);
/* NOT_FOUND: not the name of a segment. */
NODISCARD enum status segment_name_parse(const char *name, uint64_t *number);

/* The header page. */
void segment_encode(const struct segment *segment,
                    uint8_t               page[static SEGMENT_PAGE]);
/* CORRUPT: not one, or damaged. */
NODISCARD enum status segment_decode(struct span page, struct segment *out);

/* Opens segment `number` and reads its header.  NOT_FOUND; CORRUPT, also when
 * the header names another number.  *file is open on OK only. */
NODISCARD enum status segment_open(const struct disk *disk, uint64_t number,
                                   struct segment *out, int *file);

/* Numbers of the segments that are there, growing. */
struct segment_list {
    uint64_t *number;
    size_t    count;
    size_t    cap;
};

NODISCARD enum status segment_list_read(const struct disk   *disk,
                                        struct segment_list *out);
void segment_list_add(struct segment_list *list, uint64_t number);
void segment_list_clear(struct segment_list *list);

#endif

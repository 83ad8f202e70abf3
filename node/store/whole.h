/*
 * whole.h - the whole groups of a segment, whatever stands between them.
 *
 * For who mends: it asks nothing of the header, and passes over what is
 * damaged.  Groups stand on pages of their own.
 */
#ifndef STORE_WHOLE_H
#define STORE_WHOLE_H

#include "node/store/group.h"

struct whole {
    const struct disk *disk;
    int                file;
    uint64_t           size;
    uint64_t           offset; /* where to look next */
};

/* Begins behind the header page.  Close it on OK. */
NODISCARD enum status whole_open(const struct disk *disk, uint64_t number,
                                 struct whole *out);
void                  whole_close(struct whole *whole);

/* The next one, into the buffer.  AGAIN: there is none.  FULL, IO. */
NODISCARD enum status whole_next(struct whole        *whole,
                                 struct group_buffer *buffer,
                                 struct group_head   *head);

/* The first of a segment.  AGAIN: there is none. */
NODISCARD enum status whole_first(const struct disk *disk, uint64_t number,
                                  struct group_buffer *buffer,
                                  struct group_head   *head);

/* The sequence of the last of a segment.  AGAIN: there is none. */
NODISCARD enum status whole_last(const struct disk *disk, uint64_t number,
                                 struct group_buffer *buffer, uint64_t *out);

/* The sequence that a segment begins with, as its header says, or its first
 * page where that is damaged.  AGAIN: neither tells. */
NODISCARD enum status whole_begins(const struct disk *disk, uint64_t number,
                                   struct group_buffer *buffer, uint64_t *out);

/* A group by its sequence, in segment `number` of the list or one before,
 * into the buffer.  AGAIN: there is none. */
NODISCARD enum status whole_find(const struct disk         *disk,
                                 const struct segment_list *list,
                                 uint64_t number, uint64_t sequence,
                                 struct group_buffer *buffer);

#endif

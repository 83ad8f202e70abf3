/*
 * journal.h - every turn as one group, in preallocated append-only segments.
 *
 * The end of the journal.  Groups have growing sequences without gaps.  A
 * segment's header names the sequence of its first group; a segment is read
 * up to where the next one begins, and what stands behind that was never
 * acknowledged.  In the last segment the first bad group ends the journal if
 * no whole group with a higher sequence stands behind it (a torn tail), else
 * the journal is corrupt.
 *
 * Opening never goes on in the old segment: the last whole group is written
 * again, byte for byte, as the first of a fresh one, since after a failed
 * fsync the page cache proves nothing.  It counts once.
 *
 * Threads: what is not marked otherwise belongs to the committer.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "crypto/kdf.h"
#include "node/store/group.h"

struct journal; /* opaque: journal_open / journal_close */

struct journal_options {
    struct disk disk;
    uint64_t    segment_len;
    uint8_t     file_id[SEGMENT_FILE_ID]; /* for a journal that begins */
    uint64_t    segment_noted;            /* the highest by the keyring */
    /* Notes in the keyring, durably, that a segment comes into use. */
    enum status (*note)(void *arg, uint64_t segment);
    void *arg;
};

/* Reads; changes nothing.  CORRUPT: *why names file and offset. */
NODISCARD enum status journal_open(const struct journal_options *options,
                                   struct journal **out, char why[static 256]);
void                  journal_close(struct journal *journal);

/* Opens the fresh segment.  Before the first append. */
NODISCARD enum status journal_start(struct journal *journal);

/* See store_state_lost. */
bool journal_state_lost(const struct journal *journal);
/* No segment was there at journal_open. */
bool journal_is_new(const struct journal *journal);

/* What the next group of `len` bytes will be called; opens a new segment
 * first when it does not fit or `fresh` is asked for.  NO_SPACE, IO. */
NODISCARD enum status journal_prepare(struct journal *journal, size_t len,
                                      bool fresh, struct group_id *out);

/*
 * Writes the group that was prepared and makes it durable.  NO_SPACE: it does
 * not count; the same may be appended again.  IO: the process must end.
 */
NODISCARD enum status journal_append(struct journal *journal,
                                     struct span group, bool snapshot);

/* Sequence of the newest durable group; 0: none.  Any thread. */
uint64_t journal_sequence(struct journal *journal);
/* Bytes that a replay would read, and in how many segments. */
uint64_t journal_replay_len(const struct journal *journal);
/* Bytes of a torn group that were found behind the end at opening. */
uint64_t journal_torn_len(const struct journal *journal);
size_t   journal_replay_segments(const struct journal *journal);

/*
 * Any thread: prepares a piece of the segment that comes next, once an eighth
 * of the present one is full.  True: there is more to do.  Room that is not
 * there is not missed yet.  IO.
 */
NODISCARD enum status journal_ahead(struct journal *journal, bool *more);

/*
 * Any thread.  The lowest precedence for which there is room (0: all): FLASH
 * while there is no reserve for want of room, PRECEDENCE_COUNT once what is
 * left is for receipts and the like.
 */
unsigned journal_floor(struct journal *journal);
/* Any thread: a reserve that is missing is made again by journal_ahead. */
void journal_mend(struct journal *journal);

/* --- for readers, from any thread ---------------------------------------- */

/* The first group of the newest snapshot, or of the journal. */
struct group_place journal_replay_start(struct journal *journal);
/* The first group that there is, or will be. */
NODISCARD enum status journal_first(struct journal     *journal,
                                    struct group_place *out);
/* The segment that follows `number`.  NOT_FOUND: it is the last. */
NODISCARD enum status journal_segment_after(struct journal *journal,
                                            uint64_t number, uint64_t *out);
const struct disk *journal_disk(const struct journal *journal);
/* The file id of all segments. */
const uint8_t *journal_file_id(const struct journal *journal);

#endif

/*
 * store.h - the one face of what is on disk: keyring file, journal, index.
 *
 * The journal is the truth, SQLite its index.  Every call blocks.  Threads:
 * store_commit, store_snapshot_due and store_sequence belong to one thread
 * (the committer), store_query and the store_index calls to another (the
 * indexer) that may run meanwhile; the rest runs alone.  Draws no randomness
 * and reads no clock: a group's nonce comes with the effects, and what the
 * store writes by itself takes its nonces from the seed it is opened with.
 *
 * A home holds: keyring (vault.h), journal-<16 hex digits> (segment.h), the
 * segment being prepared, and index.db, which may be deleted at any time.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "crypto/keyring.h"
#include "node/core/event.h"
#include "node/host/file.h"

struct store;

struct store_options {
    struct disk     disk;
    struct secret32 storage_key; /* wraps the keyring; copied, wiped at close */
    struct secret32 seed;        /* fresh random bytes for this opening */
    uint64_t        segment_len; /* LIMIT_SEGMENT, less in tests */
    const char     *index_name;  /* file of the home; NULL: in memory only */
};

/*
 * Opens keyring and journal of a home, finds the end of the journal, tells a
 * torn tail from corruption, and writes the last whole group again into a
 * fresh segment, durable, before it returns (after a failed fsync the page
 * cache proves nothing).  A home without journal gets an empty one.
 * CORRUPT: damaged inside; nothing was changed; *why names file and offset.
 */
NODISCARD enum status store_open(const struct store_options *options,
                                 struct store **out, char why[static 256]);
void store_close(struct store *store);

/* Bytes of a group that a crash tore, found behind the journal's end when it
 * was opened; 0: none.  Nothing acknowledged was in it. */
uint64_t store_torn_len(const struct store *store);

/* The keyring as it stands; the store keeps it in step with each commit. */
const struct keyring *store_keyring(const struct store *store);

/* Slots of the keyring whose two copies were not alike when it was read. */
size_t store_keys_mended(const struct store *store);

/*
 * The keyring notes a segment later than any in the journal: the end of the
 * journal was lost, so all channels need new epochs (DESIGN 2).  Stays true,
 * over restarts too, until a group was committed.
 */
bool store_state_lost(const struct store *store);

/*
 * Gives every record from the newest snapshot to the end, oldest first, with
 * its secret part opened (empty when its vault key is gone).  Stops at the
 * first answer of `each` that is not OK and returns it.
 */
NODISCARD enum status store_replay(struct store *store,
                                   enum status (*each)(void *arg,
                                       const struct record *record),
                                   void *arg);

/*
 * Makes a turn's KEY and SAVE effects durable: key puts, then one group with
 * one fdatasync, then key destructions.  NO_SPACE: nothing of the group
 * counts, and the same effects may be offered again.  IO: the process must
 * end (never retried).  A group that begins with a SNAPSHOT record opens a
 * fresh segment.
 */
NODISCARD enum status store_commit(struct store *store,
                                   const struct effects *effects);

/* Replay has grown to most of a segment: post EVENT_SNAPSHOT. */
bool store_snapshot_due(const struct store *store);

/* Any thread: as journal_floor, and as journal_mend. */
unsigned store_floor(const struct store *store);
void     store_mend(struct store *store);

/* Sequence of the newest durable group. */
uint64_t store_sequence(const struct store *store);

/*
 * Answers a LOAD.  The index is first brought up to the newest durable group.
 * The answer, as record.h lays out lists and rows, is in memory of the store
 * that is good until the next query.
 */
NODISCARD enum status store_query(struct store *store,
                                  const struct query *query, struct span text,
                                  struct span *answer);

/*
 * Brings the index up to date, and does a step of preparing the segment that
 * comes next.  For the indexer after each commit, before it waits; cheap when
 * there is nothing to do.
 */
NODISCARD enum status store_index_catch_up(struct store *store);

/* Drops the index and makes it again from the journal. */
NODISCARD enum status store_index_rebuild(struct store *store);

#endif

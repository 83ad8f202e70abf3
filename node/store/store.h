/*
 * store.h - the one face of what is on disk: keyring file, journal, index.
 *
 * The journal is the truth, SQLite its index.  Every call blocks.  Threads:
 * store_commit and store_snapshot_due belong to one thread (the committer),
 * store_query to another (the indexer) that may run meanwhile; store_open,
 * store_replay and store_close run alone.  Draws no randomness and reads no
 * clock: nonces come with the effects.
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
    uint64_t        segment_len; /* LIMIT_SEGMENT, less in tests */
    const char     *index_path;  /* SQLite file; NULL: in memory only */
    const char     *index_vfs;   /* SQLite VFS name; NULL: the default */
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

/* The keyring as it stands; the store keeps it in step with each commit. */
const struct keyring *store_keyring(const struct store *store);

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

/* The present segment is nearly full: post EVENT_SNAPSHOT. */
bool store_snapshot_due(const struct store *store);

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

/* Brings the index up to date; cheap when it is.  For idle times. */
NODISCARD enum status store_index_catch_up(struct store *store);

/* Drops the index and makes it again from the journal. */
NODISCARD enum status store_index_rebuild(struct store *store);

#endif

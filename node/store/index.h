/*
 * index.h - SQLite behind the journal: where everything stands, and what
 * lists show.
 *
 * The watermark moves in the same transaction as what it stands for, and the
 * digest of its group is compared at opening, so that an index that is older,
 * newer or of another life than the journal is noticed: the first is brought
 * up to date, the others are made again.  For one thread.
 */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "node/store/journal.h"

struct group_place;
struct tables_mark;
struct index; /* opaque: index_open / index_close */

/*
 * Opens `name` on the disk, or an index in memory when it is NULL.  One that
 * is damaged, or does not belong to this journal as it stands, is dropped; the
 * next catch-up makes it again.  Borrows journal and keys.  NO_SPACE, IO.
 */
NODISCARD enum status index_open(const struct disk *disk, const char *name,
                                 struct journal          *journal,
                                 const struct group_keys *keys,
                                 struct index           **out);
void                  index_close(struct index *index);

/*
 * Applies what the journal has more.  Without room on the disk what is new is
 * kept in an open transaction, so that questions are still answered.  *idle:
 * nothing was new; NULL: for a question, which does not try to commit that
 * again.  CORRUPT: a group of the journal is damaged.
 */
NODISCARD enum status index_catch_up(struct index *index, bool *idle);

/* Drops the index and makes it again. */
NODISCARD enum status index_rebuild(struct index *index);

/* Moves what waits in SQLite's log on, when it is much.  For idle times. */
NODISCARD enum status index_tidy(struct index *index);

/* As store_query. */
NODISCARD enum status index_query(struct index *index,
                                  const struct query *query, struct span text,
                                  struct span *answer);

/* What the index keeps of a group that it applied: its place and digest. */
void index_mark(struct tables_mark *mark, const struct group_place *place,
                struct span group);

/* A vault key was destroyed: lets go of all plaintext. */
void index_forget(struct index *index);

#endif

/*
 * picked.h - rows of messages that a list shows: picked by what is public,
 * then written with their words.
 */
#ifndef STORE_PICKED_H
#define STORE_PICKED_H

#include "node/store/reply.h"

enum { PICKED_MAX = 4096 };

struct picked {
    struct tables_message *list;
    size_t                 count;
    size_t                 cap; /* no more are wanted */
};

/* For `cap` rows; 0, or more than PICKED_MAX: as many.  FULL: no memory. */
NODISCARD enum status picked_init(struct picked *picked, uint64_t cap);
void                  picked_free(struct picked *picked);
void                  picked_reverse(struct picked *picked);

/*
 * Takes rows of a statement over TABLES_MESSAGE until there are enough: those
 * that `passes` (NULL: all) and that are shown.  A message is shown once, by
 * whatever epoch and lane it came; one of a peer that used an id for two
 * messages is shown too, as quarantined.
 */
NODISCARD enum status
picked_take(struct picked *picked, const struct reply_from *from,
            sqlite3_stmt *rows,
            enum status (*passes)(const struct reply_from     *from,
                                  const void                  *filter,
                                  const struct tables_message *message,
                                  bool                        *out),
            const void *filter);

/* How many messages wait, up to the one with this id. */
struct picked_queue {
    int64_t  upto;
    uint64_t count;
};

/* Writes one as record_row.  `queue` is zero before the first; who goes in
 * the order of ids has each waiting message counted once. */
NODISCARD enum status picked_put_one(const struct reply_from     *from,
                                     const struct tables_message *message,
                                     struct picked_queue         *queue,
                                     struct reply                *out);

/* Writes all, which are in order of their ids. */
NODISCARD enum status picked_put(const struct picked     *picked,
                                 const struct reply_from *from,
                                 struct reply            *out);

/* --- what is not in the tables -------------------------------------------- */

struct picked_words {
    struct record_secret secret; /* empty when it is gone; lent by the shelf */
    bool                 here;
    bool                 forgotten;
};

NODISCARD enum status picked_words(const struct reply_from     *from,
                                   const struct tables_message *message,
                                   struct picked_words         *out);
/* The state that a list shows. */
NODISCARD enum status picked_state(const struct reply_from     *from,
                                   const struct tables_message *message,
                                   enum message_state          *out);

#endif

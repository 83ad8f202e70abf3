/*
 * beside.h - which files travel beside a message, and how each stands: what
 * ATTACHMENT records of the journal say, the newest of each file.
 *
 * How far a partial one has come is the core's to tell.
 */
#ifndef STORE_BESIDE_H
#define STORE_BESIDE_H

#include "node/store/reply.h"

/* An ATTACHMENT record. */
NODISCARD enum status beside_note(struct tables       *tables,
                                  const struct record *record);

/* The row's count of files, and their state; none: zeros. */
NODISCARD enum status beside_fill(struct tables               *tables,
                                  const struct tables_message *message,
                                  struct record_row           *row);

/* Behind the trail of a message: an ATTACHMENT record for each of its files,
 * with digest and state. */
NODISCARD enum status beside_tell(const struct reply_from     *from,
                                  const struct query          *query,
                                  const struct tables_message *message,
                                  struct reply                *out);

#endif

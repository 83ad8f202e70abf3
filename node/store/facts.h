/*
 * facts.h - what a record of the journal means to the index.
 *
 * A record may come again for the same entry or message (re-sealed under a
 * new vault key); the newest place counts.
 */
#ifndef STORE_FACTS_H
#define STORE_FACTS_H

#include "node/store/tables.h"
#include "proto/record.h"

/* Applies the record that stands at `place`.  As db_open. */
NODISCARD enum status facts_apply(struct tables       *tables,
                                  const struct record *record, int64_t place);

#endif

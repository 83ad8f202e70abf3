/*
 * saved.h - the records that a turn makes durable, one by one.
 */
#ifndef SIM_SAVED_H
#define SIM_SAVED_H

#include "node/core/event.h"
#include "proto/record.h"

typedef void saved_fn(void *arg, const struct record *record);

/* All but those of a snapshot, which says again what was said before.
 * CORRUPT: one is no record; the rest was not looked at. */
NODISCARD enum status saved_each(const struct effects *effects,
                                 saved_fn *each, void *arg);

#endif

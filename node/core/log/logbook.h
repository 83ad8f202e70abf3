/*
 * logbook.h - the logs as they are, for who verifies them: channels with both
 * signatures and the keys to check them by, and entries as they travelled.
 */
#ifndef CORE_LOGBOOK_H
#define CORE_LOGBOOK_H

#include "node/core/client/desk.h"

/*
 * Without an origin: the channels, of one peer or of all; TOO_LARGE when one
 * answer does not hold them, never a part of them.  With one: entries from
 * `from` on, at most as many as one answer holds.
 */
void logbook_request(struct context *turn, uint64_t client,
                     const Entente__Request *request);
void logbook_loaded(struct context *turn, const struct load *load,
                    struct span answer);

/* An entry as clients see it; lends the record. */
void logbook_entry(const struct record *record, bool with_body,
                   Entente__LogEntry *out);

#endif

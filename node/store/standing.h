/*
 * standing.h - which state of a message stands when it has had several.
 *
 * States come from several sides (the node's verdict, a person's answer, an
 * expiry) and not always in their order.  One of a later kind stands over one
 * of an earlier kind; among those of one kind the one that came last.
 *
 *   1 queued, held   2 sent   3 received
 *   4 new, quarantined, unopened, refused, lost
 *   5 accepted, rejected   6 read   7 acknowledged, declined
 *   8 expired   9 recalled   10 forgotten
 */
#ifndef STORE_STANDING_H
#define STORE_STANDING_H

#include "proto/record.h"

/* The state after `came`, where `before` stood. */
enum message_state standing_after(enum message_state before,
                                  enum message_state came);

/* A state as it stands in a record; STATE_NONE for a number that is none. */
enum message_state standing_of(uint8_t value);

#endif

/*
 * deadline.h - by when a person has to acknowledge a message.
 *
 * `ack_by` where it is given; else it follows from precedence, counted from
 * the message's own dtg, so that both sides know the same time:
 *
 *     OVERRIDE  5 min     FLASH  10 min     IMMEDIATE  1 h     PRIORITY  6 h
 *
 * and nobody has to answer what is ROUTINE or DEFERRED, a TEST, or a reply: a
 * note with refs, without an author other than its originator, which goes as
 * fast as what it answers and would else ask for an answer in turn.  These are
 * the in-station handling times of the CCEB's precedence designators (ACP 121:
 * FLASH at most 10 min, IMMEDIATE 30 min, PRIORITY 3 h): a message and its
 * acknowledgement pass two stations, so IMMEDIATE and PRIORITY have them twice;
 * FLASH keeps its 10 min, and OVERRIDE has half of that.
 */
#ifndef CORE_DEADLINE_H
#define CORE_DEADLINE_H

#include "message.pb-c.h"

#include <stdbool.h>
#include <stdint.h>

struct deadline {
    uint64_t ms;    /* wall clock; 0: nobody has to answer */
    bool     given; /* by its author; else from precedence */
};

/* Of a day, or a minute, the end counts.  What stops to matter (`expires`)
 * before its derived deadline has none. */
struct deadline deadline_of(const Entente__Message *message);

#endif

/*
 * answers.h - what an ANSWER entry shows of itself (PROTOCOL 5.6): the rules
 * that need no log beside it, and the entries that it names.
 */
#ifndef PROTO_ANSWERS_H
#define PROTO_ANSWERS_H

#include "entry.pb-c.h"
#include "proto/bytes.h"
#include "proto/record.h"

/*
 * Whether any of it counts.  BAD_FIELD: a verdict that is none, ranges or a
 * bad head where they must not be or that are missing; TOO_LARGE: more ranges
 * than LIMIT_RANGES in all, a longer range or longer words than may be.
 */
NODISCARD enum status answers_check(const Entente__EntryAnswer *entry);

/* What a verdict makes of the message that it names; STATE_NONE: one that is
 * not said of messages. */
enum message_state answers_state(Entente__Answer__Verdict verdict);

/* Whether it says something of the entry at `index` of this log. */
bool answers_name(const Entente__Answer *answer, struct span origin,
                  uint64_t index);

#endif

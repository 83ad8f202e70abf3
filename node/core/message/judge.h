/*
 * judge.h - rules that need more than one field: times in order, a word and
 * its yardstick, a position that is one thing.
 */
#ifndef CORE_JUDGE_H
#define CORE_JUDGE_H

#include "node/core/message/message.h"

/* Appends to `faults` what is wrong between the fields of `node`, which
 * stands at `at`; what one field says about itself is judged elsewhere. */
void judge_fields_together(const ProtobufCMessage *node, const struct path *at,
                           struct message_faults *faults);

/* Whether `later` is surely not after `earlier`, given their precisions. */
bool judge_time_not_after(const Entente__Time *later,
                          const Entente__Time *earlier);

#endif

/*
 * twin.h - whether two entries with one message id bring the same message.
 *
 * They may: a sender that lost state sends again, in another epoch and with
 * another number.  If they do not, somebody uses one id for two messages.
 */
#ifndef STORE_TWIN_H
#define STORE_TWIN_H

#include "node/store/reply.h"

/*
 * *same: the plaintexts of the IN_ENTRY records at both places are equal but
 * for the number that the sender's node appended (field 15 of message.proto);
 * or one cannot be read any more.  FULL: no memory.  IO.
 */
NODISCARD enum status twin_same(struct shelf *shelf, int64_t one, int64_t other,
                                bool *same);

#endif

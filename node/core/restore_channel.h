/*
 * restore_channel.h - our own logs, as the journal tells.
 *
 * `peer` is who reads the log, `channel` the log if it is known, else NULL; a
 * peer that is not known is CORRUPT, as is what does not fit what came before.
 */
#ifndef CORE_RESTORE_CHANNEL_H
#define CORE_RESTORE_CHANNEL_H

#include "node/core/peer.h"

#define RESTORE_CHANNEL(name)                                                  \
    NODISCARD enum status restore_channel_##name(                              \
        struct peer *peer, struct channel *channel,                            \
        const struct record *record)

RESTORE_CHANNEL(begin);    /* OUT_CHANNEL */
RESTORE_CHANNEL(entry);    /* OUT_ENTRY */
RESTORE_CHANNEL(head);     /* OUT_HEAD */
RESTORE_CHANNEL(cosigned); /* OUT_COSIGNED */
RESTORE_CHANNEL(closed);   /* CLOSED */
RESTORE_CHANNEL(regained); /* REGAINED */

#endif

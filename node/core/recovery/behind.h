/*
 * behind.h - who lost state, by what both sides show when a link begins.
 *
 *   what S or R finds in the other's Sizes            what it does
 *   R holds less of a log than it cosigned            S offers (held.h)
 *   R has cosigned one of S's logs, and names an      S offers
 *   older one, or none
 *   S begins a log that R does not know, beside one   R offers, unless the
 *   that it holds, and the session chain matched      chain tells S too
 *   R holds more of a closed log, signed by S, or     S asks (regain.h); if it
 *   one that S does not know                          was its keyring that told
 *                                                     of the loss and the chain
 *                                                     matched, R offers anyway
 *   R has receipted more of a closed log              S strikes what it covers
 */
#ifndef CORE_BEHIND_H
#define CORE_BEHIND_H

#include "node/core/link/session.h"

struct channel;

/* Below what it cosigned a reader has every leaf and every body; this one has
 * not.  NULL: it does not list the log. */
bool behind_has_less(const struct channel       *channel,
                     const Entente__ChannelSize *said);

/* Before the Sizes change anything. */
void behind_look(struct session *session, struct context *turn,
                 const Entente__Sizes *sizes);

#endif

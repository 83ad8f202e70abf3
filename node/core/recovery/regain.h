/*
 * regain.h - this node lost state: it asks the peer for what is lacking of the
 * logs between them, and goes on when that is here (DESIGN 2, Re-grant).
 *
 *   --> ASK --> HEAR --own logs lack--> OWN --> RETRACE --> THEIRS --> ASK ...
 *                 +------nothing lacks--> SETTLE --> whole
 *
 * Own logs come first: they tell which messages the peer has, the highest
 * number, and what people here had read and answered.  Until then no message
 * is dispatched to this peer, and what it sends of before the loss is put off,
 * so that nothing is sent or shown twice.  That this node lacks something is
 * in the journal (RECOVERY); how far it came is in the logs themselves.
 *
 * In memory: one piece of one log, and the names of some.
 */
#ifndef CORE_REGAIN_H
#define CORE_REGAIN_H

#include "node/core/link/session.h"

#include "link.pb-c.h"
#include "node/core/log/witness.h"

enum { REGAIN_PUT_OFF = 4096 };

struct channel;
struct regain; /* of one link */
struct load;

/* The peer showed, signed by us, more of a log of ours than is here. */
void regain_found(struct peer *peer, struct context *turn);

/* The peer showed its receipt of more of a closed log of ours than we knew:
 * what it covers is struck from the outbox before anything is dispatched. */
void regain_receipt(struct peer *peer, struct context *turn,
                    struct channel             *channel,
                    const Entente__ChannelSize *said);

/* A link is open. */
void regain_opened(struct session *session, struct context *turn);

/* What can be done now; NULL: nothing, without a link. */
void regain_step(struct session *session, struct context *turn);
/* Sends the next frame; false: there is none. */
bool regain_fill(struct session *session, struct context *turn);

/* No message is dispatched to this peer yet. */
bool regain_holds(const struct peer *peer, const struct context *turn);
/* Bodies of this entry of theirs were here before, and come again later. */
bool regain_puts_off(const struct peer *peer, const struct context *turn,
                     const struct witness *witness, uint64_t index);

/* A step of session.c's table: Held. */
NODISCARD enum status regain_told(struct session *session,
                                  struct context *turn,
                                  const Entente__Frame *frame,
                                  struct span raw);

/* The store's answer. */
void regain_loaded(struct context *turn, const struct load *load,
                   enum status st, struct span answer);

/* The link is gone, or the peer is. */
void regain_free(struct peer *peer);

#endif

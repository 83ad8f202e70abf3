/*
 * retrace.h - looks through a log of ours that was given back: opens what the
 * peer grants the keys of, strikes from the outbox what the peer has, and
 * learns what people here had answered.
 *
 *   portion loaded --keys lacking--> AskGrant --> GRANT, LOST --> taken, next
 *                  +--none----------------------------------------^
 *
 * One portion of a log is in memory: at most GRANT_ENTRIES entries and about
 * RETRACE_PORTION bytes.  How far it came is in the journal (REGAINED).
 */
#ifndef CORE_RETRACE_H
#define CORE_RETRACE_H

#include "node/core/peer.h"

enum { RETRACE_PORTION = 1 << 20 };

struct retrace; /* the portion under way */
struct load;

/* Looks on; false: every log of ours was looked through. */
bool retrace_step(struct peer *peer, struct context *turn);

/* A log of ours is to be looked through. */
bool retrace_is_due(const struct peer *peer);

/* Sends what it has to ask; false: nothing. */
bool retrace_fill(struct session *session, struct context *turn);

/* The store's answer. */
void retrace_loaded(struct context *turn, const struct load *load,
                    enum status st, struct span answer);

/* The body of a GRANT.  BAD_ENCODING, BAD_FIELD: it is none. */
NODISCARD enum status retrace_granted(struct peer *peer, struct context *turn,
                                      struct span body);
/* What the peer answers about entries of ours: the keys of what is LOST it has
 * not either. */
void retrace_told(struct peer *peer, const struct channel *channel,
                  uint64_t first, uint64_t count, enum message_state state);

/* From this entry on the log is to be looked through; below `had` its entries
 * were never lost.  Saves how far it was. */
void retrace_mark(struct context *turn, struct channel *channel, uint64_t from,
                  uint64_t had);

/* The link is gone, or the peer is. */
void retrace_free(struct peer *peer);

#endif

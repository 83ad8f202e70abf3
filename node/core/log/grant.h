/*
 * grant.h - content keys of entries whose reader has lost them (PROTOCOL 5.8):
 * asked for by AskGrant, answered by GRANT entries, and by LOST for those of
 * the asker's entries whose key is not here either.
 *
 * Where the question came from makes no difference to the answer: it is
 * entries of our log, which any way may carry.
 */
#ifndef CORE_GRANT_H
#define CORE_GRANT_H

#include "node/core/link/session.h"

/* Entries that one question may be about, first to last; keys of one GRANT. */
enum { GRANT_ENTRIES = 1024 };

struct granting; /* a question that is being answered */
struct load;

/* A step of session.c's table: AskGrant.  BAD_FIELD: no log between us, or
 * ranges that are none.  BAD_STATE: another is under way. */
NODISCARD enum status grant_asked(struct session *session,
                                  struct context *turn,
                                  const Entente__Frame *frame,
                                  struct span raw);

/* The store's answer. */
void grant_loaded(struct context *turn, const struct load *load,
                  enum status st, struct span answer);

/* The link is gone, or the peer is. */
void grant_free(struct peer *peer);

#endif

/*
 * desk.h - what a program at the control socket asks (control.proto),
 * except submissions, which are submit.h's.
 *
 * Every request gets at least one Response, the last with `last` set: at once,
 * or when the store has answered, at the latest when the node closes its links
 * (QUIESCE).  A Failure names code, field and cure.
 *
 * Bounded: a client has at most DESK_LOADS requests under way that need the
 * store, and a turn answers with DESK_ANSWERS bytes and one answer more; what
 * is asked beyond that is refused as FULL.
 */
#ifndef CORE_DESK_H
#define CORE_DESK_H

#include "node/core/context.h"
#include "node/core/message/message.h"

#include "control.pb-c.h"

struct load;
struct peer;

enum { DESK_LOADS = 64, DESK_ANSWERS = 16777216 };

/* One encoded Request; garbage is answered by a Failure. */
void desk_take(struct context *turn, uint64_t client, struct span bytes);

/* path and hint may be NULL; the words are the status list's. */
void desk_fail(struct context *turn, uint64_t client, uint64_t request,
               enum status st, const char *path, const char *hint);
/* The same with words of its own. */
void desk_fail_words(struct context *turn, uint64_t client, uint64_t request,
                     enum status st, const char *path, const char *hint,
                     const char *words);
/* NOT_FOUND: no peer has this name, or none any more; the near one is told. */
void desk_fail_peer(struct context *turn, uint64_t client, uint64_t request,
                    const char *path, struct span name);
/* All that is wrong with a message, a line each. */
void desk_fail_message(struct context *turn, uint64_t client,
                       uint64_t request, const struct message_faults *faults);

/* How a peer's link is, as PeerStatus says it. */
const char *desk_link_word(const struct peer *peer);

/* Encodes and tells; `response` has its kind set.  The last answer to one of
 * several parts of a request is its last only when no other part is left. */
void desk_answer(struct context *turn, uint64_t client, uint64_t request,
                 bool last, Entente__Response *response);

/* This request has so many parts, each with a last answer of its own. */
void desk_parts(struct node *node, uint64_t client, uint64_t request,
                size_t count);

/* Every request under way gets its last answer: ask again. */
void desk_end(struct context *turn);
/* The client is gone: nothing is kept for it. */
void desk_forget(struct node *node, uint64_t client);

#endif

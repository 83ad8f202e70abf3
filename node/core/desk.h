/*
 * desk.h - what a program at the control socket asks (control.proto),
 * except submissions, which are submit.h's.
 *
 * Every request gets at least one Response, the last with `last` set: at once,
 * or when the store has answered.  A Failure names code, field and cure.
 */
#ifndef CORE_DESK_H
#define CORE_DESK_H

#include "node/core/context.h"
#include "node/core/message.h"

#include "control.pb-c.h"

struct load;

/* One encoded Request; garbage is answered by a Failure. */
void desk_take(struct context *turn, uint64_t client, struct span bytes);

/* path and hint may be NULL; words are the status list's. */
void desk_fail(struct context *turn, uint64_t client, uint64_t request,
                  enum status st, const char *path, const char *hint);
/* All that is wrong with a message, a line each. */
void desk_fail_message(struct context *turn, uint64_t client,
                          uint64_t request,
                          const struct message_faults *faults);

/* Encodes and tells; `response` has its kind set. */
void desk_answer(struct context *turn, uint64_t client, uint64_t request,
                    bool last, Entente__Response *response);

#endif

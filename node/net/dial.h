/*
 * dial.h - from HOST:PORT to a connected socket, or the reason why not.
 *
 * A name is resolved off the loop; its addresses are tried in the resolver's
 * order, each for its share of the time that is left.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "proto/bytes.h"

#include <uv.h>

struct dial;

/* OK: `fd` is connected and the callee's.  BAD_FIELD: no HOST:PORT;
 * NOT_FOUND: the name does not resolve; UNREACHABLE, TIMEOUT; IO. */
typedef void dial_done_fn(void *arg, enum status st, int fd);

/* `done` is called once, never from within this call.  NULL: no memory. */
struct dial *dial_start(uv_loop_t *loop, struct span address,
                        uint64_t timeout_ms, dial_done_fn *done, void *arg);

/* `done` is not called any more. */
void dial_cancel(struct dial *dial);

#endif

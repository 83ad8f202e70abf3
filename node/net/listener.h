/*
 * listener.h - a listening socket, and in words why there is none.
 */
#ifndef NET_LISTENER_H
#define NET_LISTENER_H

#include "proto/bytes.h"

#include <uv.h>

struct listener {
    uv_tcp_t handle;
    bool     open;
};

/*
 * Listens at ADDR:PORT, numeric; `on_connection` finds `arg` in the stream's
 * data.  *port is the port in use.  BAD_FIELD; IN_USE: another program has
 * it; UNREACHABLE: no such address here; MODE: the port needs a right that we
 * lack; IO.  The listener must be closed also after a failure.
 */
NODISCARD enum status listener_open(struct listener *listener, uv_loop_t *loop,
                                    struct span      address,
                                    uv_connection_cb on_connection, void *arg,
                                    uint16_t *port);

/* Nothing when it was never opened; its memory must outlive the loop's next
 * round. */
void listener_close(struct listener *listener);

#endif

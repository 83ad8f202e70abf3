/*
 * daemon.h - the real edge: a turn over TCP, the control socket, a committer
 * and an indexer, in one libuv loop.
 *
 * One turn a round of the loop, over all that came in that round; the loop
 * itself never waits for a disk.
 *
 *      RUNNING --daemon_stop--> STOPPING --idle, or 5 s--> ENDED
 *
 * A commit that fails for another reason than space ends the process at once
 * (ending.h, COMMIT); one that fails for space is offered again each second.
 */
#ifndef NET_DAEMON_H
#define NET_DAEMON_H

#include "node/core/node.h"
#include "node/net/capture.h"
#include "node/net/committer.h"
#include "node/net/ending.h"
#include "node/net/filing.h"
#include "node/net/indexer.h"

#include <uv.h>

enum { DAEMON_STOP_MS = 5000 };

struct daemon;

struct daemon_options {
    uv_loop_t                *loop;
    struct node              *node;   /* started; borrowed */
    const struct node_config *config; /* of the node; borrowed */
    const char               *home;   /* borrowed */
    struct committer_store    commits;
    struct indexer_store      index;
    struct filing_store       files;
    bool                      state_lost; /* as store_state_lost */
    /* Called once, when it begins to stop; may be NULL. */
    void (*stopping)(void *arg);
    void *arg;
};

struct daemon *daemon_new(const struct daemon_options *options);

/* The control socket.  As control_listen. */
NODISCARD enum status daemon_open_control(struct daemon *daemon);
/* As tcp_listen. */
NODISCARD enum status daemon_listen(struct daemon *daemon,
                                    struct span address, uint16_t *port);

/* Before daemon_start: a capture from the first turn on.  As capture_open. */
NODISCARD enum status daemon_capture(struct daemon                *daemon,
                                     const struct capture_options *options);

/* The first turn, and all others as the loop runs. */
void daemon_start(struct daemon *daemon);

/* An event of a kind that is always taken (turn_post). */
void daemon_post(struct daemon *daemon, struct event event);

/* Ends links and clients in order, after the commit under way; then the
 * daemon has no handle in the loop any more. */
void daemon_stop(struct daemon *daemon);

/* After the loop has ended. */
void daemon_free(struct daemon *daemon);

#endif

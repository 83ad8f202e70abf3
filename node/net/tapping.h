/*
 * tapping.h - when a capture begins and ends.
 *
 *      OFF --request--> OPENING --file is there--> QUIESCING --seen--> ON
 *       ^                  |                                            |
 *       +------------------+-------- stop, or the file fails -----------+
 *
 * A capture begins with all links closed, so that keys and records are the
 * whole state of the node, and every link in it is whole.  Who began it, what
 * it takes and where is journaled in the turn that closes them, before any byte
 * is captured, and so is its end, unless the node ends with it.  While one is
 * on, the log says so every minute and STATUS each time; where it ended by
 * itself, STATUS has an alarm until the next start or stop.
 */
#ifndef NET_TAPPING_H
#define NET_TAPPING_H

#include "control.pb-c.h"
#include "node/core/node.h"
#include "node/net/capture.h"

#include <uv.h>

enum { TAPPING_REMIND_MS = 60000 };

struct tapping;

struct tapping_ops {
    /* Post a QUIESCE, and nothing of links and requests before it was seen. */
    void (*quiesce)(void *arg);
    /* The taps of links are turned: on for links yet to come, or off. */
    void (*turned)(void *arg, bool on);
    /* Post a DEED: a capture began (true) or ended. */
    void (*deed)(void *arg, bool began, const char *words);
    /* The last answer to a request. */
    void (*answer)(void *arg, uint64_t client,
                   const Entente__Response *response);
    void (*refuse)(void *arg, uint64_t client, uint64_t id, enum status st,
                   const char *words);
};

/* Borrows node and config for its life. */
struct tapping *tapping_new(uv_loop_t *loop, struct node *node,
                            const struct node_config *config,
                            const struct tapping_ops *ops, void *arg);

/* Before the first turn: from there on.  Blocks.  As capture_open. */
NODISCARD enum status tapping_begin(struct tapping               *tapping,
                                    const struct capture_options *options);

/* A control request of a client that runs as `user`: start (the file must not
 * exist) or stop (no file). */
void tapping_request(struct tapping *tapping, uint64_t client, uint32_t user,
                     const Entente__Request *request);

/* Whether effects are to have their frames: as of the last `turned`. */
bool tapping_wants_frames(const struct tapping *tapping);

/* Whether links and requests have to wait for the QUIESCE. */
bool tapping_holds(const struct tapping *tapping);

/* As host_ops.seen and tcp_hooks.tap. */
void tapping_seen(struct tapping *tapping, const struct turn_input *input,
                  const struct event *events, size_t count,
                  const struct effects *effects);
void tapping_wire(struct tapping *tapping, uint64_t link, bool out,
                  struct span bytes);

/*
 * An answer on its way to a client, good until the next call: that of STATUS
 * tells of a capture and of strangers (capture_told.h).
 */
struct span tapping_told(struct tapping *tapping, struct span response,
                         uint64_t strangers_refused);

/* Ends a capture, without answers; frees it once the loop has run out. */
void tapping_free(struct tapping *tapping);

#endif

/*
 * tapping.h - when a capture begins and ends.
 *
 *      OFF --request--> OPENING --file is there--> QUIESCING --seen--> ON
 *       ^                  |                                            |
 *       +------------------+-------- stop, or the file fails -----------+
 *
 * A capture begins with all links closed, so that keys and records are the
 * whole state of the node, and every link in it is whole.  While one is on, the
 * log says so every minute.
 */
#ifndef NET_TAPPING_H
#define NET_TAPPING_H

#include "control.pb-c.h"
#include "node/core/node.h"

#include <uv.h>

enum { TAPPING_REMIND_MS = 60000 };

struct tapping;

struct tapping_ops {
    /* Post a QUIESCE, and nothing of links and requests before it was seen. */
    void (*quiesce)(void *arg);
    /* The taps of links are turned: on for links yet to come, or off. */
    void (*turned)(void *arg, bool on);
    /* The last answer to a request; OK: done. */
    void (*answer)(void *arg, uint64_t client, uint64_t id, enum status st,
                   const char *words);
};

/* Borrows node and config for its life. */
struct tapping *tapping_new(uv_loop_t *loop, struct node *node,
                            const struct node_config *config,
                            const struct tapping_ops *ops, void *arg);

/* Before the first turn: from there on.  Blocks.  As capture_open. */
NODISCARD enum status tapping_begin(struct tapping *tapping, const char *path,
                                    struct span passphrase);

/* A control request: start (the file must not exist) or stop (no file). */
void tapping_request(struct tapping *tapping, uint64_t client,
                     const Entente__Request *request);

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
 * tells of a capture that is on, which the core knows nothing of.
 */
struct span tapping_told(struct tapping *tapping, struct span response);

/* Ends a capture, without answers; frees it once the loop has run out. */
void tapping_free(struct tapping *tapping);

#endif

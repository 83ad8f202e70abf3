/*
 * tcp.h - all links of a node: who calls in, whom the core dials, and what a
 * stranger may cost.
 *
 * Events (event.h): a dialled link is LINK_OPENED when it is connected; an
 * accepted one together with its first whole frame, so that who never says
 * one costs the core nothing.  LINK_ROOM follows LINK_OPENED and then comes
 * as the link carries.  LINK_CLOSED comes once for each link that was dialled
 * or opened, unless the core closed it: a CLOSE is not answered.
 *
 * Strangers are accepted links on which the core has not yet sent: at most
 * LIMIT_STRANGERS, each for at most LIMIT_HANDSHAKE_MS, with one frame of at
 * most LIMIT_STRANGER_FRAME.  When one too many comes, the oldest that has
 * said nothing goes, or else the oldest.  No byte goes out to them.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "node/core/event.h"

#include <uv.h>

struct tcp;

struct tcp_hooks {
    /* As turn_post(): FULL stops the reading until tcp_resume(). */
    enum status (*post)(void *arg, const struct event *event);
    /* Bytes as read (out = false) and as handed to the kernel, of links that
     * are tapped; NULL when tcp_tap() is never called. */
    void (*tap)(void *arg, uint64_t link, bool out, struct span bytes);
};

/* For logs and metrics. */
struct tcp_counts {
    uint64_t accepted;
    uint64_t strangers;         /* now */
    uint64_t strangers_dropped; /* for one too many, or late */
    uint64_t strangers_refused; /* all that ended without a proof */
    uint64_t refused_frames;    /* too large or empty */
};

/* `hooks` and `loop` must outlive it.  NULL: no memory. */
struct tcp *tcp_new(uv_loop_t *loop, const struct tcp_hooks *hooks, void *arg);

/*
 * Accept at ADDR:PORT, numeric; once.  *port is the port in use.  BAD_FIELD;
 * IN_USE: another program has it; UNREACHABLE: no such address here; MODE:
 * the port needs a right that we lack; IO.
 */
NODISCARD enum status tcp_listen(struct tcp *tcp, struct span address,
                                 uint16_t *port);

/* The effects DIAL, SEND and CLOSE; of links that are gone, nothing. */
void tcp_dial(struct tcp *tcp, uint64_t link, struct span address);
void tcp_send(struct tcp *tcp, uint64_t link, struct span frame);
void tcp_close(struct tcp *tcp, uint64_t link);

/* Hands what was sent to the kernel: after each turn's effects. */
void tcp_flush(struct tcp *tcp);
/* Offers again what post() refused with FULL: after a turn has begun. */
void tcp_resume(struct tcp *tcp);

/*
 * Turns the tap: on for every link yet to come, from its first byte.  A
 * stranger that the core has not heard of is dropped, since its first bytes
 * may be past; the links that it knows are the caller's to have closed.
 */
void tcp_tap(struct tcp *tcp, bool on);

struct tcp_counts tcp_counts(const struct tcp *tcp);

/* Accepts no more, ends all links in order, posts nothing any more. */
void tcp_stop(struct tcp *tcp);
/* After tcp_stop(), when the loop has closed every handle. */
void tcp_free(struct tcp *tcp);

#endif

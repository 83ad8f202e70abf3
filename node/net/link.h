/*
 * link.h - one TCP connection as frames, with room lent to whoever sends.
 *
 * Room: of what the link carried in the last 250 ms (rate.h) the kernel keeps
 * at most that much unsent, and libuv is handed at most that much.  The
 * sender is lent the difference, told in grants; each frame it sends uses up
 * its length, without the two bytes before it; what the kernel has taken is
 * lent again.
 *
 * Strangers: until link_send() is first called on an accepted link, its
 * frames are at most LIMIT_STRANGER_FRAME long, reading stops after the
 * first, and nothing beyond it is read from the kernel.
 *
 *      OPEN --link_finish--> FINISHING --both ends said all, or 2 s--> CLOSED
 *        +--link_abort, ended()----------------------------------------^
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "proto/bytes.h"
#include "proto/limits.h"

#include <uv.h>

enum { LINK_READ_LEN = 65536, LINK_FINISH_MS = 2000 };

struct link;

/* `tag` is what link_new was given. */
struct link_ops {
    /* One frame, lent for the call.  FULL: reading stops, link_resume()
     * offers the same frame again.  Any other failure ends the link. */
    enum status (*frame)(void *tag, struct span frame);
    /* So many more bytes may be sent, in frames of at most frame_max. */
    void (*room)(void *tag, uint64_t room, uint32_t frame_max);
    /* The link is over by itself; it must not be used any more. */
    void (*ended)(void *tag, enum status why);
    /* Bytes as read and as handed to the kernel. */
    void (*tap)(void *tag, bool out, struct span bytes);
};

/* What all links of a loop have in common; outlives them. */
struct link_common {
    uv_loop_t             *loop;
    const struct link_ops *ops;
    size_t                 count; /* links not yet gone */
    uint8_t                read[LINK_READ_LEN];
};

/* NULL: no memory.  A link frees itself once it is CLOSED; until it is
 * started, only link_stream, link_adopt and link_abort may be called. */
struct link *link_new(struct link_common *common, void *tag);

/* For uv_accept. */
uv_stream_t *link_stream(struct link *link);
/* Takes a connected socket; closes it on failure.  IO. */
NODISCARD enum status link_adopt(struct link *link, int fd);

/* Sets the socket's options and begins to read.  IO. */
NODISCARD enum status link_start(struct link *link, bool stranger);

/* The first grant of room; the others come by themselves. */
void link_lend(struct link *link);

/* Frame of 1 to LIMIT_FRAME bytes, copied; leaves with link_flush(). */
void link_send(struct link *link, struct span frame);
void link_flush(struct link *link);

/* After FULL: offers the frame again and goes on reading. */
void link_resume(struct link *link);

bool link_is_stranger(const struct link *link);

/* Sends what was given to it, says the end, waits for the other side's.  No
 * call of link_ops comes after it has returned. */
void link_finish(struct link *link);
/* Closes at once. */
void link_abort(struct link *link);

#endif

/*
 * link.h - one TCP connection of the node: frames, and room lent to whoever
 * sends them.
 *
 * Room: of what the link carried in the last 250 ms (rate.h) the kernel keeps
 * at most that much unsent, and libuv is handed at most that much.  The
 * sender is lent the difference, told in grants; each frame it sends uses up
 * its length, without the two bytes before it; what the kernel has taken is
 * lent again.
 *
 * Strangers: until link_send() is first called on an accepted link, its
 * frames are at most LIMIT_STRANGER_FRAME long, reading stops after the
 * first, nothing beyond it is read from the kernel, and no byte goes out.
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include "crypto/secret.h"
#include "node/net/stream.h"
#include "proto/limits.h"

struct link;

/* `tag` is what link_new was given.  None is called after link_finish() or
 * link_abort() has returned, or after ended(). */
struct link_ops {
    /* As stream_ops. */
    enum status (*frame)(void *tag, struct span frame);
    void (*ended)(void *tag, enum status why);
    void (*tap)(void *tag, bool out, struct span bytes);
    /* So many more bytes may be sent, in frames of at most frame_max. */
    void (*room)(void *tag, uint64_t room, uint32_t frame_max);
};

/* Ends the process without memory. */
struct link *link_new(struct stream_pool *pool, const struct link_ops *ops,
                      void *tag);

/* For uv_accept, before link_start(). */
uv_stream_t *link_handle(struct link *link);
/* Who is at the other end: address_source(); 0: not known. */
uint64_t link_source(struct link *link, const struct secret32 *key);
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

/* Both free it.  The first sends what was given to it and waits for the other
 * side's end, but not for a stranger's. */
void link_finish(struct link *link);
void link_abort(struct link *link);

#endif

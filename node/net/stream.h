/*
 * stream.h - one connection as frames in both directions, TCP or Unix.
 *
 * Frames that are sent gather and leave together with stream_flush(): one
 * system call a turn.  Frames that come are passed on one by one; the owner
 * may refuse one for now (FULL) or pause the reading.
 *
 *      OPEN --stream_finish--> FINISHING --both ends said all, or 2 s--> gone
 *        +--stream_abort, or it ends by itself: ops.ended()--------------^
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "proto/bytes.h"

#include <uv.h>

enum { STREAM_READ_LEN = 65536, STREAM_FINISH_MS = 2000 };

enum stream_kind { STREAM_TCP, STREAM_PIPE };

struct stream;

/* `tag` is what stream_new was given.  None is called after stream_finish()
 * or stream_abort() has returned, or after ended(). */
struct stream_ops {
    size_t width; /* bytes of the length before a frame: frame.h */
    /* One frame, lent for the call.  FULL: reading stops, stream_resume()
     * offers the same frame again.  Any other failure ends the stream. */
    enum status (*frame)(void *tag, struct span frame);
    /* The kernel took frames of so many bytes, their lengths aside. */
    void (*written)(void *tag);
    /* The stream is over by itself and must not be used any more.  OK: the
     * other side said its end; UNREACHABLE, TIMEOUT: it broke; TOO_LARGE,
     * BAD_ENCODING: a frame's length; FULL: no memory. */
    void (*ended)(void *tag, enum status why);
    /* Bytes as read and as handed to the kernel.  May be NULL. */
    void (*tap)(void *tag, bool out, struct span bytes);
};

/* What all streams of a loop share; outlives them. */
struct stream_pool {
    uv_loop_t *loop;
    size_t     count; /* streams not yet gone */
    uint8_t    read[STREAM_READ_LEN];
};

/* Ends the process without memory.  It frees itself once it is gone. */
struct stream *stream_new(struct stream_pool *pool, enum stream_kind kind,
                          const struct stream_ops *ops, void *tag);

/* For uv_accept, uv_tcp_open and the like, before stream_start(). */
uv_stream_t *stream_handle(struct stream *stream);
int          stream_fd(const struct stream *stream);

/*
 * Begins to read.  `exact`: not a byte beyond the frame at hand is read from
 * the kernel.  IO.
 */
NODISCARD enum status stream_start(struct stream *stream, size_t len_max,
                                   bool exact);
/* From the next frame on. */
void stream_limit(struct stream *stream, size_t len_max, bool exact);

/* Frame of 1 byte or more, copied; leaves with stream_flush().  FULL: no
 * memory. */
NODISCARD enum status stream_send(struct stream *stream, struct span frame);
void                  stream_flush(struct stream *stream);
/* Bytes of frames sent that the kernel has not taken. */
size_t stream_queued(const struct stream *stream);

/* The owner stops and starts the reading; a frame that is passed on at the
 * moment is the last. */
void stream_pause(struct stream *stream, bool paused);
/* After FULL. */
void stream_resume(struct stream *stream);

/* Sends what was given to it, says the end, waits for the other side's. */
void stream_finish(struct stream *stream);
/* Closes at once. */
void stream_abort(struct stream *stream);

#endif

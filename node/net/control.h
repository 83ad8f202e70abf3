/*
 * control.h - HOME/control.sock: programs of the same user ask the node.
 *
 * A Unix socket of mode 0600; who connects must be this user or root
 * (SO_PEERCRED).  Frames are a u32 length and at most LIMIT_CONTROL_FRAME
 * bytes of control.proto.  At most LIMIT_CLIENTS at a time; the next is told
 * FULL.
 *
 * Events: REQUEST for each frame, CLIENT_GONE when a client that has asked
 * anything is gone, unless the core closed it.  Requests that the edge
 * answers itself (own_request.h) never become events.
 *
 * Back-pressure: while more than LIMIT_CONTROL_FRAME of answers is not read,
 * nothing is read from that client; past LIMIT_CLIENT_QUEUE it is closed.
 */
#ifndef NET_CONTROL_H
#define NET_CONTROL_H

#include "control.pb-c.h"
#include "node/core/event.h"

#include <uv.h>

struct control;

struct control_hooks {
    /* As turn_post(): FULL stops the reading until control_resume(). */
    enum status (*post)(void *arg, const struct event *event);
    /* A request of kind CAPTURE, SHUTDOWN, ATTACH or CHUNK, read strictly;
     * lent for the call.  Answered by control_done(), control_answer() or
     * control_fail(), now or later. */
    void (*own)(void *arg, uint64_t client, const Entente__Request *request);
    /* A client that has made such a request is gone. */
    void (*gone)(void *arg, uint64_t client);
};

/* `hooks` and `loop` must outlive it. */
struct control *control_new(uv_loop_t *loop, const struct control_hooks *hooks,
                            void *arg);

/*
 * Makes HOME/control.sock and listens.  The caller holds the home's lock, so
 * a socket that is there is a dead node's.  EXISTS: something else has the
 * name; NOT_FOUND, IO.
 */
NODISCARD enum status control_listen(struct control *control,
                                     const char     *home);

/* The effects TELL and CLOSE; of clients that are gone, nothing. */
void control_tell(struct control *control, uint64_t client,
                  struct span response);
void control_close(struct control *control, uint64_t client);

/* The user id that a client runs as; of one that is gone, our own. */
uint32_t control_user(const struct control *control, uint64_t client);

/* The last answer to a request of that id. */
void control_answer(struct control *control, uint64_t client,
                    const Entente__Response *response);
void control_done(struct control *control, uint64_t client, uint64_t id);
void control_fail(struct control *control, uint64_t client, uint64_t id,
                  enum status st, const char *words);

/* As tcp_flush() and tcp_resume(). */
void control_flush(struct control *control);
void control_resume(struct control *control);

size_t control_clients(const struct control *control);

/* Removes the socket, ends all clients in order, posts nothing any more. */
void control_stop(struct control *control);
/* After control_stop(), when the loop has closed every handle. */
void control_free(struct control *control);

#endif

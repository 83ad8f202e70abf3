/*
 * client.h - a program's end of the control socket, blocking.
 *
 * One connection, requests in any number under way: each carries an id that
 * client_send() chooses and its answers echo.  Answers are read strictly and
 * belong to the client until the next call.  A node that is ours is trusted to
 * mean well, not to be whole: bad bytes are an error, never a crash.
 */
#ifndef TOOLS_CLIENT_H
#define TOOLS_CLIENT_H

#include "control.pb-c.h"
#include "proto/bytes.h"

#define CLIENT_FOR_EVER UINT64_MAX

struct client;

/* UNREACHABLE: nobody listens at HOME/control.sock.  IO. */
NODISCARD enum status client_open(const char *home, struct client **out);
/* NULL is let pass. */
void client_free(struct client *client);

/*
 * Sends one request; its id is written into it.  While the node takes no
 * bytes, what it says meanwhile is kept for client_next().  TOO_LARGE: past
 * LIMIT_CONTROL_FRAME; UNREACHABLE: it went away.
 */
NODISCARD enum status client_send(struct client    *client,
                                  Entente__Request *request);

/*
 * The next answer to anything.  TIMEOUT after wait_ms; UNREACHABLE: the node
 * went away; BAD_ENCODING: no frame of ours, the connection is of no more use.
 */
NODISCARD enum status client_next(struct client *client, uint64_t wait_ms,
                                  Entente__Response **out);

/*
 * One request and its first answer; other answers are dropped.  A Failure is
 * an answer, too: see client_failure().
 */
NODISCARD enum status client_ask(struct client *client,
                                 Entente__Request *request, uint64_t wait_ms,
                                 Entente__Response **out);

/* --- for who waits at other things too ------------------------------------ */

/* To be waited at for bytes to read, and while client_flush() is AGAIN for
 * room to write. */
int client_fd(const struct client *client);

/* As client_send(), but only kept, for client_flush(). */
NODISCARD enum status client_post(struct client    *client,
                                  Entente__Request *request);

/* Hands over what it can without waiting.  AGAIN: some is left; UNREACHABLE:
 * the node went away. */
NODISCARD enum status client_flush(struct client *client);

/* As client_next(), of what is there without waiting.  AGAIN: no whole one. */
NODISCARD enum status client_take(struct client      *client,
                                  Entente__Response **out);

/* A copy of an answer, for entente__response__free_unpacked(); NULL without
 * memory. */
Entente__Response *client_keep(const Entente__Response *response);

/* The process that holds the other end.  IO: it cannot be told. */
NODISCARD enum status client_pid(const struct client *client, long *out);

/*
 * Resident memory of the process that holds the other end, and its peak, in
 * KiB, as /proc tells.  IO: it is gone or hidden.
 */
NODISCARD enum status client_memory(const struct client *client,
                                    uint64_t *resident, uint64_t *peak);

/* The status that a failure names; IO when it names none that is known here. */
NODISCARD enum status client_failure(const Entente__Failure *failure);

#endif

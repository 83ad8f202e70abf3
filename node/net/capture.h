/*
 * capture.h - what goes over the wire, and what a replay needs, into a
 * pcapng file (node/host/capture_file.h).
 *
 * Replay records hold all keys and messages: they are written sealed under a
 * passphrase, or not at all.  The bytes of the wire are what the network sees
 * anyway.  Comments hold names of links only.
 */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include "node/core/node.h"

struct capture;

/*
 * A new file with its head.  An empty passphrase: no replay records.  Blocks
 * for Argon2id.  As spool_open; BAD_FIELD, IO of the envelope.
 */
NODISCARD enum status capture_open(const char *path, struct span passphrase,
                                   struct capture **out);

bool capture_has_records(const struct capture *capture);

/* The first state: once, before any turn.  `state` is node_export()'s. */
void capture_state(struct capture *capture, const struct node_config *config,
                   const struct effects *state);
/* As host_ops.seen. */
void capture_turn(struct capture *capture, const struct turn_input *input,
                  const struct event *events, size_t count,
                  const struct effects *effects);
/* As tcp_hooks.tap. */
void capture_wire(struct capture *capture, uint64_t link, bool out,
                  struct span bytes);

/* Given to be written, its head included. */
uint64_t capture_bytes(const struct capture *capture);

/* What stopped it from being written, or OK; nothing is written after that. */
NODISCARD enum status capture_failed(const struct capture *capture);

/* Blocks until all is written.  The first failure, if any. */
NODISCARD enum status capture_close(struct capture *capture);

#endif

/*
 * capture.h - what goes over the wire, the frames in it, and what a replay
 * needs, into pcapng files (node/host/capture_file.h).
 *
 * Replay records hold all keys and messages: they are written sealed under a
 * passphrase, or not at all.  The bytes of the wire are what the network sees
 * anyway; frames are what the peer sees.  Comments hold names only.
 *
 * A file that has come to its limit is followed by another: c.pcapng,
 * c-00002.pcapng, ...; the newest `keep` stay.  With replay records, which
 * are of no use from the middle on, the capture ends there: TOO_LARGE.
 */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include "node/core/node.h"

enum {
    CAPTURE_LIMIT = 1 << 30, /* bytes of a file, where nobody says */
    CAPTURE_LIMIT_MIN = 1 << 20,
    CAPTURE_KEEP = 2, /* files, where nobody says */
    CAPTURE_KEEP_MAX = 10000
};

struct capture_options {
    const char *path;
    const char *name;       /* the node's */
    struct span passphrase; /* of replay records; empty: none */
    bool        frames;
    uint64_t    limit; /* bytes of a file; 0: CAPTURE_LIMIT */
    uint32_t    keep;  /* files; 0: CAPTURE_KEEP */
};

struct capture;

/*
 * NULL where they can be met, else why not: a limit that is too small, files
 * to be kept of a capture that has one.
 */
const char *capture_refuses(const struct capture_options *options);

/*
 * A new file with its head; options that capture_refuses() takes, copied.
 * Blocks for Argon2id.  As spool_open; BAD_FIELD, IO of the envelope.
 */
NODISCARD enum status capture_open(const struct capture_options *options,
                                   struct capture              **out);

bool capture_has_records(const struct capture *capture);
bool capture_has_frames(const struct capture *capture);

/* The first state: once, before any turn.  `state` is node_export()'s. */
void capture_state(struct capture *capture, const struct node_config *config,
                   const struct effects *state);
/* As host_ops.seen. */
void capture_turn(struct capture *capture, const struct turn_input *input,
                  const struct event *events, size_t count,
                  const struct effects *effects);
/* The frames of a turn's effects, where it has an interface for them. */
void capture_frames(struct capture *capture, const struct effects *effects);
/* As tcp_hooks.tap; `peer` is empty where it is not known. */
void capture_wire(struct capture *capture, uint64_t link, const char *peer,
                  bool out, struct span bytes);

/* Given to be written, heads included; of all its files. */
uint64_t    capture_bytes(const struct capture *capture);
uint64_t    capture_packets(const struct capture *capture);
const char *capture_path(const struct capture *capture); /* the newest file */

/* What stopped it from being written, or OK; nothing is written after that. */
NODISCARD enum status capture_failed(const struct capture *capture);

/* Blocks until all is written.  The first failure, if any. */
NODISCARD enum status capture_close(struct capture *capture);

#endif

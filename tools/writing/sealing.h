/*
 * sealing.h - bytes of any number become the sealed chunks of an attachment.
 */
#ifndef TOOLS_SEALING_H
#define TOOLS_SEALING_H

#include "crypto/attachment.h"

/* The caller's; holds the key: wipe it. */
struct sealing {
    struct secret32        key;
    uint64_t               encoded; /* bytes put */
    uint64_t               stored;  /* bytes of the chunks given */
    struct merkle_frontier frontier;
    /* Takes a sealed chunk; what it fails with, sealing_put() does. */
    enum status (*give)(void *arg, struct span sealed, bool last);
    void   *arg;
    size_t  len;
    uint8_t chunk[LIMIT_CHUNK_SEALED];
};

/* The key, give and arg are set by the caller. */
void sealing_begin(struct sealing *sealing);

/* TOO_LARGE: more than LIMIT_ATTACHMENT; or as give(). */
NODISCARD enum status sealing_put(struct sealing *sealing, struct span bytes);

/* Pads, and gives the last chunk; *digest is that of all. */
NODISCARD enum status sealing_end(struct sealing *sealing,
                                  struct digest  *digest);

#endif

/*
 * handing.h - the requests CHUNK of the control socket, which never meet the
 * core: a client reads a whole file.
 *
 * The disk is waited for on other threads.  Memory is fixed: at most
 * HANDING_READS answers under way; what is more is FULL, and the client waits
 * for answers.
 */
#ifndef NET_HANDING_H
#define NET_HANDING_H

#include "control.pb-c.h"
#include "proto/bytes.h"
#include "proto/limits.h"

#include <uv.h>

enum { HANDING_READS = 16, HANDING_ANSWER = 4 * LIMIT_CHUNK_SEALED };

struct handing;

/* Called on other threads, several at a time. */
struct handing_store {
    void *arg;
    enum status (*read)(void *arg, struct span file, uint64_t index,
                        uint32_t count, uint8_t *out, size_t cap, size_t *len,
                        uint64_t *of);
};

/* On the loop's thread; a client may be gone. */
struct handing_ops {
    void (*answer)(void *arg, uint64_t client,
                   const Entente__Response *response);
    void (*refuse)(void *arg, uint64_t client, uint64_t id, enum status st,
                   const char *words);
};

/* Ends the process without memory.  Store and ops must outlive it. */
struct handing *handing_new(uv_loop_t *loop, const struct handing_store *store,
                            const struct handing_ops *ops, void *arg);

/* A request of kind CHUNK; lent for the call. */
void handing_request(struct handing *handing, uint64_t client,
                     const Entente__Request *request);

/* Nothing is told any more; freed when the last read has come back. */
void handing_free(struct handing *handing);

#endif

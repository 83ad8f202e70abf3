/*
 * attaching.h - the requests ATTACH of the control socket, which never meet
 * the core: a client brings the file that its message is to name.
 *
 *      OPEN --piece, piece, ...--> OPEN --whole--> KEPT --named--> forgotten
 *        |                                           |
 *        +--client gone, failed--> removed <-----grace_ms after it-+
 *
 * The disk is waited for on other threads.  Memory is fixed: at most
 * ATTACHING_UPLOADS files and ATTACHING_AHEAD pieces each; what is more is
 * FULL, and the client waits for answers.
 */
#ifndef NET_ATTACHING_H
#define NET_ATTACHING_H

#include "control.pb-c.h"
#include "crypto/kdf.h"

#include <uv.h>

enum {
    ATTACHING_UPLOADS = 16,
    ATTACHING_AHEAD = 8,
    ATTACHING_GRACE_MS = 30000 /* for a message that is on its way to it */
};

struct attaching;

/* Called on other threads; one call at a time for one upload. */
struct attaching_store {
    void *arg;
    /* Room for so many bytes more, the disk's reserve aside. */
    bool (*room)(void *arg, size_t len);
    enum status (*begin)(void *arg, uint64_t number, void **upload);
    enum status (*put)(void *upload, struct span chunks);
    enum status (*finish)(void *upload, struct digest *digest);
    void (*end)(void *upload); /* removes it where it is not finished */
    enum status (*remove)(void *arg, const struct digest *digest);
};

/* On the loop's thread. */
struct attaching_ops {
    void (*answer)(void *arg, uint64_t client,
                   const Entente__Response *response);
    void (*refuse)(void *arg, uint64_t client, uint64_t id, enum status st,
                   const char *words);
    /* Whether a message names it. */
    bool (*named)(void *arg, const struct digest *digest);
};

/* Ends the process without memory.  Store and ops must outlive it; `grace_ms`
 * is ATTACHING_GRACE_MS, less in tests. */
struct attaching *attaching_new(uv_loop_t                    *loop,
                                const struct attaching_store *store,
                                const struct attaching_ops *ops, void *arg,
                                uint64_t grace_ms);

/* A request of kind ATTACH; lent for the call. */
void attaching_request(struct attaching *attaching, uint64_t client,
                       const Entente__Request *request);

void attaching_gone(struct attaching *attaching, uint64_t client);

/* Nothing is told any more; freed once the loop has closed its handles. */
void attaching_free(struct attaching *attaching);

#endif

/*
 * filing.h - attachments' files at a daemon's edge: what clients bring and
 * read (attaching.h, handing.h), and what the core loads (loading.h).
 */
#ifndef NET_FILING_H
#define NET_FILING_H

#include "node/net/attaching.h"
#include "node/net/handing.h"
#include "node/net/loading.h"

struct filing;

struct filing_store {
    struct attaching_store attaching;
    struct handing_store   handing;
    struct loading_store   loading;
};

/* On the loop's thread. */
struct filing_ops {
    loading_fn *loaded;
    void (*answer)(void *arg, uint64_t client,
                   const Entente__Response *response);
    void (*refuse)(void *arg, uint64_t client, uint64_t id, enum status st,
                   const char *words);
    /* Whether a message names a file of ours. */
    bool (*named)(void *arg, const struct digest *digest);
};

/* Ends the process without memory.  Store and ops must outlive it. */
struct filing *filing_new(uv_loop_t *loop, const struct filing_store *store,
                          const struct filing_ops *ops, void *arg);

/* A request of a client: false where it is none of these. */
bool filing_request(struct filing *filing, uint64_t client,
                    const Entente__Request *request);
void filing_gone(struct filing *filing, uint64_t client);

/* A LOAD: false where it is none of these.  Ends with loaded(). */
bool filing_load(struct filing *filing, uint64_t token,
                 const struct query *query, struct span text);
void filing_drop(struct filing *filing, const struct effect_file *file);

/* Nothing is told any more; freed with what is under way. */
void filing_free(struct filing *filing);

#endif

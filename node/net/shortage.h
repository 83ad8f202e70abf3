/*
 * shortage.h - a disk without room, as a daemon lives with it: the core is
 * told how much there is, and a commit that found none is tried again.  The
 * higher of two floors counts: the disk's (space.h), and the store's, which
 * may meet a limit that no disk shows (a quota, a file's greatest size).
 */
#ifndef NET_SHORTAGE_H
#define NET_SHORTAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

enum { SHORTAGE_RETRY_MS = 1000 };

struct shortage;

/* On the loop's thread. */
struct shortage_ops {
    /* Bytes above the reserve, and the lowest precedence still taken (0: all):
     * as event.h's DISK. */
    void (*room)(void *arg, uint64_t room, unsigned floor);
    bool (*withheld)(void *arg); /* a commit waits for room */
    void (*again)(void *arg);    /* try that commit */
    /* The store's own floor (store_floor), and: mend what sets it. */
    unsigned (*floor)(void *arg);
    void (*mend)(void *arg);
};

/* Ends the process without memory. */
struct shortage *shortage_new(uv_loop_t *loop, const struct shortage_ops *ops,
                              void *arg);

/* From now on the disk of this folder is looked at. */
void shortage_watch(struct shortage *shortage, const char *folder);

/* A commit found no room: the core is told, and SHORTAGE_RETRY_MS later
 * `again` is called, if it is withheld still. */
void shortage_refused(struct shortage *shortage);

/* Tells a core that has forgotten it, if there is a shortage. */
void shortage_repeat(struct shortage *shortage);

/* A commit is done; the store's floor may be another. */
void shortage_over(struct shortage *shortage);

/* No call comes any more; freed once the loop has closed its handle. */
void shortage_free(struct shortage *shortage);

#endif

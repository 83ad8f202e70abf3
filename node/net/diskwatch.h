/*
 * diskwatch.h - looks every few seconds how full the disk of a folder is.
 */
#ifndef NET_DISKWATCH_H
#define NET_DISKWATCH_H

#include "node/net/space.h"

#include <uv.h>

enum { DISKWATCH_MS = 5000 };

struct diskwatch;

/* On the loop's thread, when space_worth_telling(); as space.h has them. */
typedef void diskwatch_fn(void *arg, uint64_t room, unsigned floor);

/* Looks at once, and then every DISKWATCH_MS.  Ends the process without
 * memory. */
struct diskwatch *diskwatch_new(uv_loop_t *loop, const char *folder,
                                diskwatch_fn *told, void *arg);

/* What was seen last is not what the core was told: the next look tells. */
void diskwatch_forget(struct diskwatch *watch);

/* No call comes any more; frees it once the loop has closed its handle. */
void diskwatch_free(struct diskwatch *watch);

#endif

/*
 * waking.h - the one timer of the core, by the clock that its turns see.
 */
#ifndef NET_WAKING_H
#define NET_WAKING_H

#include <stdint.h>
#include <uv.h>

struct waking;

/* Ends the process without memory. */
struct waking *waking_new(uv_loop_t *loop, void (*woken)(void *arg),
                          void *arg);

/* Of turns: never falls. */
uint64_t waking_now(struct waking *waking);

/* `woken` is called once that time has come, never too early; replaces the
 * one before. */
void waking_at(struct waking *waking, uint64_t mono_ms);

/* No call comes any more; freed once the loop has closed its handle. */
void waking_free(struct waking *waking);

#endif

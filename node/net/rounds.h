/*
 * rounds.h - a call before each poll of a loop, for what timers brought, and
 * one after it, for what came.
 */
#ifndef NET_ROUNDS_H
#define NET_ROUNDS_H

#include <uv.h>

struct rounds;

/* Ends the process without memory. */
struct rounds *rounds_new(uv_loop_t *loop, void (*round)(void *arg), void *arg);
void           rounds_start(struct rounds *rounds);
/* No call comes any more; freed once the loop has closed its handles. */
void rounds_free(struct rounds *rounds);

#endif

/*
 * loaded.h - to whom the answer of the store to a LOAD goes.
 */
#ifndef CORE_LOADED_H
#define CORE_LOADED_H

#include "node/core/context.h"

/* A LOADED event.  Nothing where who asked is gone. */
void loaded_take(struct context *turn, const struct event *event);

#endif

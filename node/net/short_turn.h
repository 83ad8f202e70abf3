/*
 * short_turn.h - a node's turns on a short disk: what shortage.h sees becomes
 * DISK events, and the commit that it tries again is the turn's.
 */
#ifndef NET_SHORT_TURN_H
#define NET_SHORT_TURN_H

#include "node/host/turn.h"
#include "node/net/shortage.h"

/* For shortage_new(), whose `arg` is the turn, which must outlive it. */
extern const struct shortage_ops short_turn_ops;

#endif

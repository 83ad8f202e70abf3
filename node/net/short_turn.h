/*
 * short_turn.h - a node's turns on a short disk: what shortage.h sees becomes
 * DISK events, the commit that it tries again is the turn's, and the store's
 * floor is mended by the indexer's thread.
 */
#ifndef NET_SHORT_TURN_H
#define NET_SHORT_TURN_H

#include "node/host/turn.h"
#include "node/net/committer.h"
#include "node/net/indexer.h"
#include "node/net/shortage.h"

/* What shortage_new()'s `arg` is; all must outlive it. */
struct short_turn {
    struct turn                  *turn;
    const struct committer_store *store;
    struct indexer               *indexer;
};

extern const struct shortage_ops short_turn_ops;

#endif

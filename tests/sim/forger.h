/*
 * forger.h - a sender's node that lies: now and then an entry is sealed so
 * that an honest recipient must refuse it, while everything around it (leaf,
 * digest, head) is as it should be.
 *
 * Stands in the way of seal_entry() by the linker's --wrap.  One run at a time
 * has it.
 */
#ifndef TESTS_SIM_FORGER_H
#define TESTS_SIM_FORGER_H

#include "node/sim/oracle.h"
#include "node/sim/world.h"

/* X(name, words) */
#define FORGER_LIST(X)                                                         \
    X(COMMITMENT, "entry whose commitment is another key's")                   \
    X(NONSENSE, "entry whose plaintext is no message")

enum forger_kind {
#define FORGER_ENUM(name, words) FORGER_##name,
    FORGER_LIST(FORGER_ENUM)
#undef FORGER_ENUM
    FORGER_COUNT
};

/* From now on it lies, one message in `one_in`; 0: not at all.  Borrows. */
void forger_begin(struct oracle *oracle, struct fate *fate, uint64_t one_in);
/* How often each lie was told since then. */
void forger_each(world_count_fn *each, void *arg);

#endif

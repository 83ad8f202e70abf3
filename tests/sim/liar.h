/*
 * liar.h - a node whose frames lie: now and then one is changed, or said
 * twice, after its core made it and before it is encrypted.
 *
 * Stands in the way of session_send() by the linker's --wrap.  One run at a
 * time has it.
 */
#ifndef TESTS_SIM_LIAR_H
#define TESTS_SIM_LIAR_H

#include "node/sim/world.h"

/* X(name, words) */
#define LIAR_LIST(X)                                                           \
    X(BODY, "body that is not what its leaf names")                            \
    X(AGAIN, "bodies said twice")                                              \
    X(HEAD, "signed head that is not its leaves'")                             \
    X(FRAUD, "the same again when asked again")                                \
    X(RECEIPT, "receipt whose signature is bad")

enum liar_kind {
#define LIAR_ENUM(name, words) LIAR_##name,
    LIAR_LIST(LIAR_ENUM)
#undef LIAR_ENUM
    LIAR_COUNT
};

/* From now on one frame in `one_in` lies, of those that can; 0: none.
 * Borrows the fate. */
void liar_begin(struct fate *fate, uint64_t one_in);
/* How often each lie was told since then. */
void liar_each(world_count_fn *each, void *arg);

#endif

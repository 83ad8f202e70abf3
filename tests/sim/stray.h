/*
 * stray.h - frames that an honest node never sends, made after one that it
 * does send: of indexes that nobody has, signed or not, and of no kind at all.
 *
 * The honest frame follows, so nothing is lost but, at the worst, the link.
 */
#ifndef TESTS_SIM_STRAY_H
#define TESTS_SIM_STRAY_H

#include "node/core/link/session.h"
#include "node/sim/dice.h"

/* X(name, words) */
#define STRAY_LIST(X)                                                          \
    X(NOTHING, "frame of no kind")                                             \
    X(LEAVES, "leaves far beyond those that are here")                         \
    X(BODIES, "bodies of leaves that nobody has sent")                         \
    X(HEAD, "signed head far beyond its leaves")                               \
    X(RECEIPT, "signed receipt of what nobody has")                            \
    X(FETCH, "bodies asked for that nobody has")

enum stray_kind {
#define STRAY_ENUM(name, words) STRAY_##name,
    STRAY_LIST(STRAY_ENUM)
#undef STRAY_ENUM
    STRAY_COUNT
};

/* Sends it by `send`, which is session_send.  STRAY_COUNT: nothing can be made
 * of that frame; nothing was sent. */
typedef void stray_send_fn(struct session *session, struct context *turn,
                           const Entente__Frame *frame);
enum stray_kind stray_send(struct session *session, struct context *turn,
                           const Entente__Frame *frame, struct dice *dice,
                           stray_send_fn *send);

#endif

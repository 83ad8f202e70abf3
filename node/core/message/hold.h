/*
 * hold.h - what stays where it is for want of room.
 *
 * Two things set a floor, the lowest precedence that still passes: the disk of
 * this node (the edge says how low, event.h DISK), and a peer that is short of
 * room and says so by Stop (PROTOCOL 6.9), until its next Stop or the end of
 * the link.  This node says Stop to its peers when its own disk is short.
 *
 *   its own disk is short:  what is new and below the floor is refused (HELD)
 *   a peer said Stop:       it is taken, and waits as `held (why)`
 *   either:                 what waits and is below the floor stays
 *
 * Control entries (answers, keys) pass at any time.
 */
#ifndef CORE_HOLD_H
#define CORE_HOLD_H

#include "node/core/link/session.h"

#include "control.pb-c.h"

#define HOLD_ALL "ALL" /* PeerStatus.held_below: nothing passes */

/* A DISK event. */
void hold_disk(struct node *node, const struct event *event);

/* The lowest precedence that may go to this peer now, 0 to PRECEDENCE_COUNT;
 * 0: all, PRECEDENCE_COUNT: none. */
unsigned hold_floor(const struct node *node, const struct peer *peer);

/* Why a message of this precedence waits for this peer, in words; NULL: not
 * for want of room. */
const char *hold_why(const struct node *node, const struct peer *peer,
                     unsigned precedence);

/* HELD: this node's disk, or what waits for this peer (quota.h), is too full
 * for this precedence.  FULL: for any. */
NODISCARD enum status hold_check(const struct node *node,
                                 const struct peer *peer,
                                 unsigned           precedence);

/* What is refused and why, names of limits included; what to do. */
void hold_words(struct context *turn, const struct peer *peer,
                unsigned precedence, const char **words, const char **hint);

/* What status and peers tell of it. */
void hold_fill(const struct node *node, const struct peer *peer,
               Entente__PeerStatus *out);

/* The alarm about this node's disk; NULL: there is none. */
const char *hold_alarm(struct context *turn);

/* A Stop came.  BAD_FIELD: no precedence. */
NODISCARD enum status hold_stopped(struct session       *session,
                                   struct context       *turn,
                                   const Entente__Frame *frame,
                                   struct span           raw);
/* Says Stop on an open link whose peer has not heard it as it is now. */
void hold_say(struct session *session, struct context *turn);

#endif

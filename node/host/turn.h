/*
 * turn.h - the law: nothing is sent, receipted or shown before what justifies
 * it is durable.
 *
 * The host collects events, steps the core over all that wait, has every KEY
 * put and every SAVE made durable in one commit, and only then does the rest
 * of the turn's effects, in the order of EFFECT_LIST.  One turn is under way
 * at a time; what arrives meanwhile forms the next.  Daemon, simulator and
 * replay run this same object code over different edges.
 *
 *      IDLE --events wait--> SAVING --turn_saved(OK)--> DOING --done--> IDLE
 *                             |  ^
 *                   NO_SPACE  v  | turn_retry()
 *                           WITHHELD
 *
 *  WITHHELD: the disk is full; the same bytes are offered again, never
 *  computed anew.  Any other failure of a commit ends the process (DESIGN 7,
 *  rule 4): the edge's save() does not come back with it.
 */
#ifndef HOST_TURN_H
#define HOST_TURN_H

#include "node/core/event.h"

struct node;
struct turn;

struct host_ops {
    /* Clock and randomness for the turn that starts now. */
    void (*input)(void *edge, struct turn_input *out);
    /* Make the KEY, CHUNK and SAVE effects durable: key puts and chunks, then
     * one group, then key destructions.  Ends with turn_saved(), at once or
     * later.  `effects` stays valid and unchanged until then.  Not called when
     * there is none. */
    void (*save)(void *edge, const struct effects *effects);
    void (*send)(void *edge, uint64_t link, struct span frame);
    void (*tell)(void *edge, uint64_t client, struct span response);
    /* Ends with a LOADED event, at once or later. */
    void (*load)(void *edge, uint64_t token, const struct query *query,
                 struct span text);
    void (*dial)(void *edge, uint64_t link, struct span address);
    /* One of the two is 0. */
    void (*close)(void *edge, uint64_t link, uint64_t client);
    void (*wake_at)(void *edge, uint64_t mono_ms);
    void (*log)(void *edge, struct span line);
    void (*drop)(void *edge, const struct effect_file *file);
    /* May be NULL: sees each turn after its step, before its commit. */
    void (*seen)(void *edge, const struct turn_input *input,
                 const struct event *events, size_t count,
                 const struct effects *effects);
};

/* Borrows node, ops and edge for its life. */
struct turn *turn_new(struct node *node, const struct host_ops *ops,
                      void *edge);
void         turn_free(struct turn *turn);

/*
 * Queue an event; its bytes are copied.  FULL past LIMIT_TURN_BYTES or
 * LIMIT_EVENTS_PER_TURN of what waits: nothing was taken; the edge stops
 * reading and offers it again after a turn has ended.  Only LINK_FRAME,
 * LINK_OPENED and REQUEST can be FULL; all else is always taken.
 */
NODISCARD enum status turn_post(struct turn *turn, const struct event *event);

/* Steps if events wait and no turn is under way.  The edge calls it when it
 * has posted what it had, and after turn_saved(). */
void turn_run(struct turn *turn);

/* From the edge: the commit ended with OK or NO_SPACE.  Does the effects. */
void turn_saved(struct turn *turn, enum status st);

/* Offer a withheld commit again. */
void turn_retry(struct turn *turn);

/* Whether effects, from the next turn on, have its frames for seen(). */
void turn_want_frames(struct turn *turn, bool wanted);

/* No turn is under way and nothing waits. */
bool turn_idle(const struct turn *turn);
bool turn_withheld(const struct turn *turn);
/* Bytes of events that wait; for back-pressure. */
size_t turn_waiting(const struct turn *turn);

#endif

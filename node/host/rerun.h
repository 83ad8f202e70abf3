/*
 * rerun.h - the node of a capture, run again record by record, its effects
 * compared with those that were kept.
 */
#ifndef HOST_RERUN_H
#define HOST_RERUN_H

#include "node/host/recording.h"
#include "node/host/replay_report.h"
#include "node/host/track.h"

struct rerun; /* opaque: rerun_new / rerun_free */

/* Who looks on. */
struct rerun_observer {
    /* Each turn after its step; all is lent for the call. */
    void (*turn)(void *arg, const struct rerun *rerun,
                 const struct event *events, size_t count,
                 const struct effects *effects);
    void *arg;
};

/* Borrows all for its life; nobody looks on: NULL. */
struct rerun *rerun_new(struct track *track, struct replay_report *report,
                        const struct rerun_observer *observer);
void          rerun_free(struct rerun *rerun);

/* The state is whole, and turns are run. */
bool rerun_begun(const struct rerun *rerun);

/*
 * The next record.  DIFFERENT: what was promised differs; BAD_ENCODING: a
 * record that does not fit here; else as node_new, node_key, node_replay and
 * node_start refuse the state.  The report says why.
 */
NODISCARD enum status rerun_take(struct rerun           *rerun,
                                 const struct recording *record);

/* Where it is. */
const struct replay_report_place *rerun_place(const struct rerun *rerun);

/* Whom a record, by its public part, is about: a peer's name, or "". */
const char *rerun_peer(const struct rerun *rerun, struct span public_part);

/* After DIFFERENT: the link whose bytes on the wire tell more; 0: none. */
uint64_t rerun_differs_on(const struct rerun *rerun);

#endif

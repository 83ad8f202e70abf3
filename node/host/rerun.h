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

/* Borrows both for its life. */
struct rerun *rerun_new(struct track *track, struct replay_report *report);
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

/* After DIFFERENT: the link whose bytes on the wire tell more; 0: none. */
uint64_t rerun_differs_on(const struct rerun *rerun);

#endif

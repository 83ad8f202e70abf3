/*
 * replay.h - runs the turns of a capture again and compares.
 *
 * A node is made from the state in the capture, given each recorded turn's
 * time, randomness and events, and must have the same effects (kept.h), its
 * frames byte for byte as they stand on the wire.  What came in must stand on
 * the wire too.  Opens no file and no socket.
 */
#ifndef HOST_REPLAY_H
#define HOST_REPLAY_H

#include "node/host/rerun.h"

/*
 * OK: what was promised is the same to the end.  DIFFERENT: report says where
 * first.  NOT_FOUND: the capture holds no replay records; PASSPHRASE;
 * BAD_ENCODING: not a capture of ours; BAD_VERSION: made under another version
 * of the protocol; BAD_PROOF: its records were changed; else as node_new,
 * node_key, node_replay and node_start refuse its state.
 * `report` is written in each case.  `observer`, if not NULL, sees each turn.
 */
NODISCARD enum status replay_run(struct span file, struct span passphrase,
                                 const struct rerun_observer *observer,
                                 struct replay_report        *report);

#endif

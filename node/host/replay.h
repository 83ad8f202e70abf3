/*
 * replay.h - runs the turns of a capture again and compares.
 *
 * A node is made from the state in the capture, given each recorded turn's
 * time, randomness and events, and must have the same effects: by digest,
 * kind by kind, and its frames byte for byte as they stand on the wire.  What
 * came in must stand on the wire too.  Opens no file and no socket.
 */
#ifndef HOST_REPLAY_H
#define HOST_REPLAY_H

#include "proto/bytes.h"

enum { REPLAY_WORDS = 256 };

struct replay_report {
    uint64_t packets; /* read */
    uint64_t turns;   /* run */
    uint64_t events;
    uint64_t effects;
    uint64_t bytes_in;  /* of frames, compared with the wire */
    uint64_t bytes_out; /* of the wire, compared with frames */
    bool     cut;       /* the file ends within a block or record */
    /* Of the first difference or failure; words are for a person. */
    uint64_t packet; /* number in the file, from 1 */
    char     words[REPLAY_WORDS];
};

/*
 * OK: the same to the end.  DIFFERENT: report says where first.  NOT_FOUND:
 * the capture holds no replay records; PASSPHRASE; BAD_ENCODING, BAD_VERSION:
 * not a capture of ours; BAD_PROOF: its records were changed; else as
 * node_new, node_key, node_replay and node_start refuse its state.
 * `report` is written in each case.
 */
NODISCARD enum status replay_run(struct span file, struct span passphrase,
                                 struct replay_report *report);

#endif

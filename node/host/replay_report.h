/*
 * replay_report.h - what a replay has seen, and the first thing that is wrong.
 */
#ifndef HOST_REPLAY_REPORT_H
#define HOST_REPLAY_REPORT_H

#include "proto/bytes.h"

enum { REPLAY_REPORT_WORDS = 512, REPLAY_REPORT_NAME = 256 };

/* A place in a capture. */
struct replay_report_place {
    uint64_t packet;  /* number in the file, from 1; 0: none */
    uint64_t turn;    /* from 1; 0: before the first */
    uint64_t wall_ms; /* of the turn */
};

struct replay_report {
    uint64_t packets; /* read */
    uint64_t turns;   /* run */
    uint64_t events;
    uint64_t effects;
    uint64_t bytes_in;  /* of frames, compared with the wire */
    uint64_t bytes_out; /* of the wire, compared with frames */
    bool     cut;       /* the file ends within a block or record */

    struct replay_report_place at; /* where the replay is, or ended */

    /* The first difference or failure.  For people; empty: none. */
    char words[REPLAY_REPORT_WORDS];

    /* Turns in which only what is told to this machine was another. */
    uint64_t                   told_turns;
    struct replay_report_place told_at;
    char                       told_words[REPLAY_REPORT_WORDS];
};

/* Keeps the first words said; returns st. */
__attribute__((format(printf, 3, 4))) NODISCARD enum status
replay_report_fault(struct replay_report *report, enum status st,
                    const char *format, ...);

#endif

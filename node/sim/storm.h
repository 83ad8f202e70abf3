/*
 * storm.h - what goes wrong with machines and the wire between them, and when.
 *
 * Strikes by its own dice while it is on.  What it broke for a while (room,
 * partitions, thin lines) it mends again, at the latest when it ends.
 * Borrows machines and their env.
 */
#ifndef SIM_STORM_H
#define SIM_STORM_H

#include "node/sim/backup.h"
#include "node/sim/machine.h"

/* X(name, words): beside the wire's and the disk's own lists. */
#define STORM_FAULT_LIST(X)                                                    \
    X(KILLED, "process killed between two effects")                            \
    X(STOPPED, "process asked to end")                                         \
    X(POWER_CUT, "power cut between two effects")                              \
    X(ENDED_STARTING, "process ended while it was starting")                   \
    X(ENDED_BY_ITSELF, "process ended itself after a failed call")             \
    X(CUT_AFTER_SYNC, "power cut after a failed sync and a restart")           \
    X(CUT_WHILE_DOWN, "power cut between two lives of a process")              \
    X(DOWN_LONG, "machine down for an hour")                                   \
    X(PARTITION_ONE, "one-way partition")                                      \
    X(PARTITION_BOTH, "partition both ways")                                   \
    X(LINE_THIN, "64 kbit/s and 2 s round trip")                               \
    X(LINE_FLAPS, "connections reset in a row")                                \
    X(CLOCK_DAY, "wall clock jumps by a day")                                  \
    X(CLOCK_YEARS, "wall clock jumps by 20 years")                             \
    X(CLOCK_BACK, "wall clock jumps back by two days")                         \
    X(RESTORED, "older copy of a disk put back")                               \
    X(RESTORED_AGAIN, "older copy of the same disk put back again")            \
    X(UNPLUGGED, "no wire to a restored node for a while")                     \
    X(CLOCK_YEARS_BACK, "wall clock jumps back by 20 years")                   \
    X(ROOM_SHORT, "disk short of room for a while")                            \
    X(FULL_AT_START, "process starts on a full disk")                          \
    X(ARMED_AT_START, "disk call to fail at a start")

enum storm_fault {
#define STORM_FAULT_ENUM(name, words) STORM_##name,
    STORM_FAULT_LIST(STORM_FAULT_ENUM)
#undef STORM_FAULT_ENUM
    STORM_FAULT_COUNT
};

/* Its items of the agenda, in the low byte of `what`. */
enum storm_item {
    STORM_STRIKE = MACHINE_ITEMS, /* a: its number */
    STORM_UNBLOCK, /* a, b: from, to */
    STORM_RESET,
    STORM_LINE_FAIR,
    STORM_ROOM_BACK, /* a: who */
    STORM_CUT_NOW,   /* a: who */
    STORM_ITEMS
};

enum { STORM_NODES = 9 };

struct storm {
    struct machine_env *env;
    struct machine     *machines;
    struct dice         dice; /* of the strike or start at hand */
    uint64_t            strikes;
    bool                on;
    struct wire_line    fair;
    bool                cut[STORM_NODES];      /* the next end is a power cut */
    bool                cut_then[STORM_NODES]; /* after the next restart */
    bool                rotten[STORM_NODES];   /* since the last start */
    const char         *rot_file;              /* NULL: none */
    struct backup       backup[STORM_NODES];
    size_t              forgetful; /* one node a run may forget: this, */
    uint64_t            restored;  /* so many times by now */
    uint64_t            fired[STORM_FAULT_COUNT];
};

/* `rot_file` names the file of each disk that must survive one flipped bit
 * between two starts that went well; NULL: there is none. */
void storm_init(struct storm *storm, struct machine_env *env,
                struct machine *machines, const char *rot_file);
void storm_clear(struct storm *storm);
void storm_begin(struct storm *storm);
void storm_end(struct storm *storm);
void storm_item(struct storm *storm, const struct agenda_item *item);

/* A process has ended: was it the power?  Counts it. */
bool storm_ended(struct storm *storm, const struct machine *machine);
/* How long a machine that ended stays down. */
uint64_t storm_down_ms(struct storm *storm, const struct machine *machine);
/* Before a start: it may end within it. */
void storm_starting(struct storm *storm, struct machine *machine);
/* After one that went well. */
void storm_started(struct storm *storm, const struct machine *machine);

/* --- for strike.c -------------------------------------------------------- */

void storm_later(struct storm *storm, uint64_t in_ms, enum storm_item what,
                 uint64_t a, uint64_t b);
/* By the dice. */
struct machine *storm_any(struct storm *storm);
void            storm_set_line(struct storm *storm, struct wire_line line);

const char *storm_fault_words(enum storm_fault fault);

#endif

/*
 * world.h - machines, the wire between them, virtual time, and a storm.
 *
 * A world is a function of its seed: the same seed gives the same trace,
 * digest and end.  Time passes only from one happening to the next.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "node/sim/storm.h"

struct world_options {
    uint64_t               seed;
    size_t                 node_count; /* 2 to STORM_NODES */
    struct machine_program program;
    struct machine_watch   watch;
    /* What world_call() asked for is due.  May be NULL without calls. */
    void (*due)(void *arg, uint64_t a, uint64_t b);
    void *due_arg;
    const char  *rot_file; /* see storm_init */
    struct fate *fate;     /* borrowed; NULL: all that the dice say happens */
    uint32_t     absent;   /* bit i: node i never starts */
};

struct world; /* opaque: world_new / world_free */

/* All machines off, all weather fair. */
struct world *world_new(const struct world_options *options);
void          world_free(struct world *world);

/* Faults come by the dice from now on, or no more: then the wire heals, the
 * disks have room, and what is down comes up soon. */
void world_storm(struct world *world, bool on);
/* `due` is called at that time, before the machines take their turns. */
void world_call(struct world *world, uint64_t at_ms, uint64_t a, uint64_t b);
/* Something was posted to a machine from outside: it has its turn at once. */
void world_wake(struct world *world);
/* Whether that node is in this world at all. */
bool world_present(const struct world *world, size_t who);
/* Starts what is off.  A program that cannot start is world_stuck. */
void world_start(struct world *world);

/* Ends that process now; it starts again by itself. */
void world_end(struct world *world, size_t who, bool power_cut);

uint64_t world_now_ms(const struct world *world);
/* To the next happening, at most to until_ms.  False: none before that. */
bool world_step(struct world *world, uint64_t until_ms);

struct machine *world_machine(struct world *world, size_t who);
/* Dice for who watches; never shared with the storm. */
struct dice *world_dice(struct world *world);

/* Why a program did not start on a disk that works; OK: none has. */
NODISCARD enum status world_stuck(const struct world *world);
/* Files that programs had not closed when they were stopped. */
size_t world_left_open(const struct world *world);
/* Bytes that strangers with garbage were answered. */
uint64_t world_garbage_answered(const struct world *world);

/* Calls `each` for every fault and how often it fired; and for every row of
 * the core's state tables that lives which ended have taken. */
typedef void world_count_fn(void *arg, const char *name, uint64_t count);
void world_each_fault(const struct world *world, world_count_fn *each,
                      void *arg);
void world_each_row(const struct world *world, world_count_fn *each,
                    void *arg);

/* SHA-256 over all effects so far and all bytes on all disks. */
void world_digest(const struct world *world, struct digest *out);

#endif

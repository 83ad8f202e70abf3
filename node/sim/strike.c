/*
 * strike.c - a table of strikes by weight; each takes its aim from the dice.
 */
#include "node/sim/strike.h"

#include <assert.h>

enum { HOUR_MS = 3600000, DAY_MS = 86400000, FUSE_MAX = 60 };

#define YEARS_MS (20 * 365ll * DAY_MS)

/* Mostly seconds, sometimes hours. */
static uint64_t
a_while(struct storm *storm)
{
    uint64_t ms = dice_between(&storm->dice, 200, 20000);
    uint64_t hours = dice_between(&storm->dice, 1, 3);

    return dice_chance(&storm->dice, 1, 20) ? ms + hours * HOUR_MS : ms;
}

/* After some more effects, or at once. */
static void
end_soon(struct storm *storm, struct machine *machine)
{
    bool at_once = dice_chance(&storm->dice, 1, 4);

    machine->fuse = dice_between(&storm->dice, 1, FUSE_MAX);
    if (at_once && machine_running(machine))
        machine_end(machine, STATUS_OK);
}

static void
strike_kill(struct storm *storm)
{
    end_soon(storm, storm_any(storm));
}

static void
strike_stop(struct storm *storm)
{
    struct machine *machine = storm_any(storm);

    storm->fired[STORM_STOPPED] += machine_running(machine);
    machine_stop(machine);
}

static void
strike_power(struct storm *storm)
{
    struct machine *machine = storm_any(storm);

    storm->cut[machine->who] = true;
    end_soon(storm, machine);
}

static void
strike_sync(struct storm *storm)
{
    struct machine *machine = storm_any(storm);

    disk_arm(machine->disk, DISK_SYNC_FAILS, dice_between(&storm->dice, 1, 4));
    storm->cut_then[machine->who] = dice_chance(&storm->dice, 3, 4);
}

static void
strike_write(struct storm *storm)
{
    struct machine *machine = storm_any(storm);

    disk_arm(machine->disk, DISK_WRITE_FAILS,
             dice_between(&storm->dice, 1, 20));
}

static void
strike_read(struct storm *storm)
{
    struct machine *machine = storm_any(storm);

    disk_arm(machine->disk, DISK_READ_FAILS,
             dice_between(&storm->dice, 1, 20));
}

static void
block(struct storm *storm, size_t from, size_t to, uint64_t for_ms)
{
    wire_block(storm->env->wire, from, to, true);
    storm_later(storm, for_ms, STORM_UNBLOCK, from, to);
}

static void
strike_partition(struct storm *storm)
{
    size_t   count = storm->env->node_count;
    size_t   from = storm_any(storm)->who;
    size_t   to = (from + 1 + (size_t)dice_below(&storm->dice, count - 1)) %
                count;
    uint64_t for_ms = a_while(storm);
    bool     both = dice_chance(&storm->dice, 1, 2);

    block(storm, from, to, for_ms);
    if (both)
        block(storm, to, from, for_ms);
    storm->fired[both ? STORM_PARTITION_BOTH : STORM_PARTITION_ONE]++;
}

static void
strike_reset(struct storm *storm)
{
    wire_reset(storm->env->wire, storm->env->now_ms);
}

static void
strike_flaps(struct storm *storm)
{
    for (uint64_t i = 0; i < 6; i++)
        storm_later(storm, 700 * i, STORM_RESET, 0, 0);
    storm->fired[STORM_LINE_FLAPS]++;
}

static void
strike_thin(struct storm *storm)
{
    storm_set_line(storm, (struct wire_line){.delay_ms = 800,
                                       .jitter_ms = 200,
                                       .bytes_per_s = 8000});
    wire_reset(storm->env->wire, storm->env->now_ms);
    storm_later(storm, a_while(storm), STORM_LINE_FAIR, 0, 0);
    storm->fired[STORM_LINE_THIN]++;
}

static void
strike_bytes(struct storm *storm)
{
    static const enum wire_fault kinds[] = {WIRE_FLIPPED, WIRE_CUT,
                                            WIRE_SPLICED};

    wire_damage(storm->env->wire, kinds[dice_below(&storm->dice, 3)]);
}

static void
strike_stranger(struct storm *storm)
{
    static const enum wire_fault kinds[] = {WIRE_GARBAGE, WIRE_REPLAYED,
                                            WIRE_REFLECTED};
    size_t                       to = storm_any(storm)->who;

    wire_stranger(storm->env->wire, storm->env->now_ms, to,
                  kinds[dice_below(&storm->dice, 3)]);
}

static void
strike_delay(struct storm *storm)
{
    uint64_t delay_ms = dice_between(&storm->dice, 10000, 3 * HOUR_MS);

    wire_delay(storm->env->wire, delay_ms);
}

static void
strike_clock(struct storm *storm)
{
    static const struct {
        enum storm_fault fault;
        int64_t          jump_ms;
    } jumps[] = {{STORM_CLOCK_DAY, DAY_MS},
                 {STORM_CLOCK_YEARS, YEARS_MS},
                 {STORM_CLOCK_BACK, -2 * DAY_MS},
                 {STORM_CLOCK_YEARS_BACK, -YEARS_MS}};
    uint64_t which = dice_below(&storm->dice, 4);

    storm_any(storm)->wall_skew_ms += jumps[which].jump_ms;
    storm->fired[jumps[which].fault]++;
}

static void
strike_room(struct storm *storm)
{
    struct machine *machine = storm_any(storm);
    uint64_t        room = dice_below(&storm->dice, 65536);

    disk_set_capacity(machine->disk, disk_used(machine->disk) + room);
    machine_disk_room(machine, dice_chance(&storm->dice, 1, 2) ? room : 0);
    storm_later(storm, a_while(storm), STORM_ROOM_BACK, machine->who, 0);
    storm->fired[STORM_ROOM_SHORT]++;
}

/* It is full when it ends, and still when it starts. */
static void
strike_full(struct storm *storm)
{
    struct machine *machine = storm_any(storm);
    uint64_t        room = dice_below(&storm->dice, 8192);

    disk_set_capacity(machine->disk, disk_used(machine->disk) + room);
    storm_later(storm, a_while(storm), STORM_ROOM_BACK, machine->who, 0);
    if (!machine_running(machine))
        return;
    storm->cut[machine->who] = dice_chance(&storm->dice, 1, 2);
    machine_end(machine, STATUS_OK);
    storm->fired[STORM_FULL_AT_START]++;
}

static const struct {
    const char *words;
    void (*strike)(struct storm *storm);
    uint64_t weight;
} strikes[] = {
    {"a process is killed", strike_kill, 4},
    {"the power is cut", strike_power, 5},
    {"a process is asked to end", strike_stop, 2},
    {"a sync is to fail", strike_sync, 3},
    {"a write is to fail", strike_write, 1},
    {"a read is to fail", strike_read, 1},
    {"a disk has little room", strike_room, 1},
    {"a process ends on a full disk", strike_full, 1},
    {"a partition", strike_partition, 3},
    {"a connection is reset", strike_reset, 4},
    {"connections are reset in a row", strike_flaps, 1},
    {"a connection slows down, by hours at most", strike_delay, 1},
    {"all lines are thin", strike_thin, 1},
    {"bytes are damaged on the way", strike_bytes, 3},
    {"a clock jumps", strike_clock, 2},
    {"a stranger calls", strike_stranger, 3},
};

enum { STRIKES = sizeof(strikes) / sizeof(strikes[0]) };

size_t
strike_pick(struct storm *storm)
{
    uint64_t throw = 0;
    size_t   at = 0;

    for (size_t i = 0; i < STRIKES; i++)
        throw += strikes[i].weight;
    throw = dice_below(&storm->dice, throw);
    while (throw >= strikes[at].weight)
        throw -= strikes[at++].weight;
    return at;
}

const char *
strike_words(size_t strike)
{
    assert(strike < STRIKES);
    return strikes[strike].words;
}

void
strike_do(struct storm *storm, size_t strike)
{
    assert(strike < STRIKES);
    strikes[strike].strike(storm);
}

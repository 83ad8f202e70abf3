/*
 * storm.c - a table of strikes by weight; each takes its aim from the dice.
 */
#include "node/sim/storm.h"

#include <assert.h>

enum {
    EVERY_MS = 1500, /* a strike, on average */
    HOUR_MS = 3600000,
    DAY_MS = 86400000,
    FUSE_MAX = 60,
    STARTING_FUSE_MAX = 120
};

#define YEARS_MS (20 * 365ll * DAY_MS)
#define ROOM_ALL (1ull << 40)

static const char *const fault_words[STORM_FAULT_COUNT] = {
#define STORM_FAULT_WORDS(name, words) words,
    STORM_FAULT_LIST(STORM_FAULT_WORDS)
#undef STORM_FAULT_WORDS
};

const char *
storm_fault_words(enum storm_fault fault)
{
    assert(fault < STORM_FAULT_COUNT);
    return fault_words[fault];
}

void
storm_init(struct storm *storm, struct machine_env *env,
           struct machine *machines, uint64_t seed, const char *rot_file)
{
    *storm = (struct storm){
        .env = env, .machines = machines, .rot_file = rot_file};
    storm->fair = env->line;
    dice_init(&storm->dice, seed, 0x5702);
}

void
storm_clear(struct storm *storm)
{
    for (size_t i = 0; i < STORM_NODES; i++)
        backup_clear(&storm->backup[i]);
}

static void
later(struct storm *storm, uint64_t in_ms, enum storm_item what, uint64_t a,
      uint64_t b)
{
    agenda_add(storm->env->agenda,
               (struct agenda_item){storm->env->now_ms + in_ms, what, a, b});
}

static struct machine *
any(struct storm *storm)
{
    return &storm->machines[dice_below(&storm->dice, storm->env->node_count)];
}

/* Mostly seconds, sometimes an hour. */
static uint64_t
a_while(struct storm *storm)
{
    uint64_t ms = dice_between(&storm->dice, 200, 20000);

    return dice_chance(&storm->dice, 1, 20) ? ms + HOUR_MS : ms;
}

/* --- strikes ------------------------------------------------------------- */

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
    end_soon(storm, any(storm));
}

static void
strike_stop(struct storm *storm)
{
    struct machine *machine = any(storm);

    storm->fired[STORM_STOPPED] += machine_running(machine);
    machine_stop(machine);
}

static void
strike_power(struct storm *storm)
{
    struct machine *machine = any(storm);

    storm->cut[machine->who] = true;
    end_soon(storm, machine);
}

static void
strike_sync(struct storm *storm)
{
    struct machine *machine = any(storm);

    disk_arm(machine->disk, DISK_SYNC_FAILS, dice_between(&storm->dice, 1, 4));
    storm->cut_then[machine->who] = dice_chance(&storm->dice, 3, 4);
}

static void
strike_write(struct storm *storm)
{
    struct machine *machine = any(storm);

    disk_arm(machine->disk, DISK_WRITE_FAILS,
             dice_between(&storm->dice, 1, 20));
}

static void
strike_read(struct storm *storm)
{
    struct machine *machine = any(storm);

    disk_arm(machine->disk, DISK_READ_FAILS,
             dice_between(&storm->dice, 1, 20));
}

static void
block(struct storm *storm, size_t from, size_t to, uint64_t for_ms)
{
    wire_block(storm->env->wire, from, to, true);
    later(storm, for_ms, STORM_UNBLOCK, from, to);
}

static void
strike_partition(struct storm *storm)
{
    size_t   count = storm->env->node_count;
    size_t   from = any(storm)->who;
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
        later(storm, 700 * i, STORM_RESET, 0, 0);
    storm->fired[STORM_LINE_FLAPS]++;
}

static void
set_line(struct storm *storm, struct wire_line line)
{
    storm->env->line = line;
    wire_set_line(storm->env->wire, line);
}

static void
strike_thin(struct storm *storm)
{
    set_line(storm, (struct wire_line){.delay_ms = 800,
                                       .jitter_ms = 200,
                                       .bytes_per_s = 8000});
    wire_reset(storm->env->wire, storm->env->now_ms);
    later(storm, a_while(storm), STORM_LINE_FAIR, 0, 0);
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
    size_t                       to = any(storm)->who;

    wire_stranger(storm->env->wire, storm->env->now_ms, to,
                  kinds[dice_below(&storm->dice, 3)]);
}

static void
strike_clock(struct storm *storm)
{
    static const int64_t jumps_ms[] = {DAY_MS, YEARS_MS, -2 * DAY_MS};
    uint64_t             which = dice_below(&storm->dice, 3);

    any(storm)->wall_skew_ms += jumps_ms[which];
    storm->fired[STORM_CLOCK_DAY + which]++;
}

static void
strike_room(struct storm *storm)
{
    struct machine *machine = any(storm);
    uint64_t        room = dice_below(&storm->dice, 65536);

    disk_set_capacity(machine->disk, disk_used(machine->disk) + room);
    machine_disk_room(machine, dice_chance(&storm->dice, 1, 2) ? room : 0);
    later(storm, a_while(storm), STORM_ROOM_BACK, machine->who, 0);
    storm->fired[STORM_ROOM_SHORT]++;
}

static const struct {
    void (*strike)(struct storm *storm);
    uint64_t weight;
} strikes[] = {
    {strike_kill, 4},  {strike_power, 5},    {strike_stop, 2},
    {strike_sync, 3},  {strike_write, 1},    {strike_read, 1},
    {strike_room, 1},  {strike_partition, 3}, {strike_reset, 4},
    {strike_flaps, 1}, {strike_thin, 1},     {strike_bytes, 3},
    {strike_clock, 2}, {strike_stranger, 3},
};

enum { STRIKES = sizeof(strikes) / sizeof(strikes[0]) };

static void
strike(struct storm *storm)
{
    uint64_t throw = 0;
    size_t   at = 0;

    for (size_t i = 0; i < STRIKES; i++)
        throw += strikes[i].weight;
    throw = dice_below(&storm->dice, throw);
    while (throw >= strikes[at].weight)
        throw -= strikes[at++].weight;
    strikes[at].strike(storm);
    later(storm, dice_between(&storm->dice, 1, 2 * EVERY_MS), STORM_STRIKE, 0,
          0);
}

/* --- from the world ------------------------------------------------------ */

void
storm_begin(struct storm *storm)
{
    storm->on = true;
    later(storm, dice_below(&storm->dice, EVERY_MS), STORM_STRIKE, 0, 0);
}

static void
room_back(struct storm *storm, struct machine *machine)
{
    (void)storm;
    disk_set_capacity(machine->disk, ROOM_ALL);
    machine_disk_room(machine, ROOM_ALL);
}

static void
unarm(struct machine *machine)
{
    disk_arm(machine->disk, DISK_SYNC_FAILS, 0);
    disk_arm(machine->disk, DISK_WRITE_FAILS, 0);
    disk_arm(machine->disk, DISK_READ_FAILS, 0);
    disk_set_capacity(machine->disk, ROOM_ALL);
}

void
storm_end(struct storm *storm)
{
    size_t count = storm->env->node_count;

    storm->on = false;
    set_line(storm, storm->fair);
    for (size_t i = 0; i < count; i++) {
        struct machine *machine = &storm->machines[i];

        machine->fuse = 0;
        storm->cut[i] = false;
        storm->cut_then[i] = false;
        room_back(storm, machine);
        unarm(machine);
        for (size_t to = 0; to < count; to++)
            wire_block(storm->env->wire, i, to, false);
    }
}

void
storm_item(struct storm *storm, const struct agenda_item *item)
{
    if (!storm->on)
        return; /* storm_end has mended all */
    switch (item->what & 0xff) {
    case STORM_STRIKE:
        strike(storm);
        return;
    case STORM_UNBLOCK:
        wire_block(storm->env->wire, item->a, item->b, false);
        return;
    case STORM_RESET:
        strike_reset(storm);
        return;
    case STORM_LINE_FAIR:
        set_line(storm, storm->fair);
        return;
    case STORM_ROOM_BACK:
        room_back(storm, &storm->machines[item->a]);
        return;
    case STORM_CUT_NOW:
        storm->cut[item->a] = true;
        storm->fired[STORM_CUT_AFTER_SYNC]++;
        if (machine_running(&storm->machines[item->a]))
            machine_end(&storm->machines[item->a], STATUS_OK);
        return;
    default:
        assert(false);
    }
}

bool
storm_ended(struct storm *storm, const struct machine *machine)
{
    bool cut = storm->cut[machine->who] && machine->ended == STATUS_OK;

    if (machine->node == NULL)
        storm->fired[STORM_ENDED_STARTING]++;
    else if (machine->ended != STATUS_OK)
        storm->fired[STORM_ENDED_BY_ITSELF]++;
    else if (!machine->stopping)
        storm->fired[cut ? STORM_POWER_CUT : STORM_KILLED]++;
    if (cut)
        storm->cut[machine->who] = false;
    return cut;
}

uint64_t
storm_down_ms(struct storm *storm)
{
    uint64_t ms = dice_between(&storm->dice, 20, 5000);

    if (!storm->on || !dice_chance(&storm->dice, 1, 25))
        return ms;
    storm->fired[STORM_DOWN_LONG]++;
    return ms + HOUR_MS;
}

static void
rot(struct storm *storm, const struct machine *machine)
{
    uint64_t len;
    uint64_t offset;
    unsigned bit;

    if (storm->rot_file == NULL || storm->rotten[machine->who])
        return;
    len = disk_len(machine->disk, storm->rot_file);
    if (len == 0)
        return;
    offset = dice_below(&storm->dice, len);
    bit = (unsigned)dice_below(&storm->dice, 8);
    storm->rotten[machine->who] =
        disk_rot(machine->disk, storm->rot_file, offset, bit) == STATUS_OK;
}

/* An administrator keeps a copy, and puts it back once too often. */
static void
administer(struct storm *storm, struct machine *machine)
{
    const struct machine_watch *watch = &storm->env->watch;
    struct backup              *backup = &storm->backup[machine->who];

    if (!backup_made(backup)) {
        backup_make(backup, machine->disk);
        if (watch->backed_up != NULL)
            watch->backed_up(watch->arg, machine->who);
        return;
    }
    if (storm->restored)
        return;
    storm->restored = true;
    storm->fired[STORM_RESTORED]++;
    unarm(machine);
    machine->fuse = 0;
    backup_restore(backup, machine->disk);
    if (watch->restored != NULL)
        watch->restored(watch->arg, machine->who);
}

void
storm_starting(struct storm *storm, struct machine *machine)
{
    if (!storm->on)
        return;
    if (dice_chance(&storm->dice, 1, 8)) {
        disk_power_cut(machine->disk);
        storm->fired[STORM_CUT_WHILE_DOWN]++;
    }
    if (dice_chance(&storm->dice, 1, 6))
        administer(storm, machine);
    if (dice_chance(&storm->dice, 1, 8))
        rot(storm, machine);
    if (!dice_chance(&storm->dice, 1, 4))
        return;
    machine->fuse = dice_between(&storm->dice, 1, STARTING_FUSE_MAX);
    storm->cut[machine->who] = dice_chance(&storm->dice, 1, 2);
}

void
storm_started(struct storm *storm, const struct machine *machine)
{
    storm->rotten[machine->who] = false;
    if (!storm->cut_then[machine->who])
        return;
    storm->cut_then[machine->who] = false;
    later(storm, dice_between(&storm->dice, 1, 3000), STORM_CUT_NOW,
          machine->who, 0);
}

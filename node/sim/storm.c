/*
 * storm.c - strikes come by the agenda; a start has mishaps of its own.
 *
 * Invariant: each strike and each start throws dice of its own, so that one
 * that does not happen changes none of the others.
 */
#include "node/sim/storm.h"

#include "node/sim/strike.h"

#include <assert.h>

enum {
    EVERY_MS = 3000, /* a strike a node, on average */
    HOUR_MS = 3600000,
    STARTING_FUSE_MAX = 120
};

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
           struct machine *machines, const char *rot_file)
{
    *storm = (struct storm){
        .env = env, .machines = machines, .rot_file = rot_file};
    storm->fair = env->line;
}

void
storm_clear(struct storm *storm)
{
    for (size_t i = 0; i < STORM_NODES; i++)
        backup_clear(&storm->backup[i]);
}

void
storm_later(struct storm *storm, uint64_t in_ms, enum storm_item what,
            uint64_t a, uint64_t b)
{
    agenda_add(storm->env->agenda,
               (struct agenda_item){storm->env->now_ms + in_ms, what, a, b});
}

struct machine *
storm_any(struct storm *storm)
{
    return &storm->machines[dice_below(&storm->dice, storm->env->node_count)];
}

void
storm_set_line(struct storm *storm, struct wire_line line)
{
    storm->env->line = line;
    wire_set_line(storm->env->wire, line);
}

/* Its own, whatever happened before. */
static void
throw_for(struct storm *storm, enum fate_kind kind, uint64_t number)
{
    storm->dice = fate_dice(storm->env->fate, kind, number);
}

static void
next_strike(struct storm *storm)
{
    uint64_t number = storm->strikes++;
    uint64_t in_ms;

    throw_for(storm, FATE_STRIKE, number);
    in_ms = dice_between(&storm->dice, 1,
                         2 * EVERY_MS / storm->env->node_count);
    storm_later(storm, in_ms, STORM_STRIKE, number, 0);
}

static void
strike(struct storm *storm, uint64_t number)
{
    size_t which;

    throw_for(storm, FATE_STRIKE, number);
    (void)dice_u64(&storm->dice); /* when */
    which = strike_pick(storm);
    if (fate_wills(storm->env->fate, FATE_STRIKE, number, strike_words(which)))
        strike_do(storm, which);
    next_strike(storm);
}

/* --- from the world ------------------------------------------------------ */

void
storm_begin(struct storm *storm)
{
    storm->on = true;
    next_strike(storm);
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
    storm_set_line(storm, storm->fair);
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
        strike(storm, item->a);
        return;
    case STORM_UNBLOCK:
        wire_block(storm->env->wire, item->a, item->b, false);
        return;
    case STORM_RESET:
        wire_reset(storm->env->wire, storm->env->now_ms);
        return;
    case STORM_LINE_FAIR:
        storm_set_line(storm, storm->fair);
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

/* "31" is life 3 of node 1. */
static uint64_t
life_number(const struct machine *machine)
{
    return machine->life * 10 + machine->who;
}

uint64_t
storm_down_ms(struct storm *storm, const struct machine *machine)
{
    uint64_t ms;

    throw_for(storm, FATE_NODE, life_number(machine));
    ms = dice_between(&storm->dice, 20, 5000);
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

/* So that it acts for a while on what it knows, and nobody tells it better. */
static void
unplug(struct storm *storm, const struct machine *machine)
{
    uint64_t for_ms = dice_between(&storm->dice, 1000, 20000);

    for (size_t to = 0; to < storm->env->node_count; to++) {
        wire_block(storm->env->wire, machine->who, to, true);
        wire_block(storm->env->wire, to, machine->who, true);
        storm_later(storm, for_ms, STORM_UNBLOCK, machine->who, to);
        storm_later(storm, for_ms, STORM_UNBLOCK, to, machine->who);
    }
    storm->fired[STORM_UNPLUGGED]++;
}

/* An administrator keeps a copy, and puts it back once too often. */
static void
administer(struct storm *storm, struct machine *machine)
{
    const struct machine_watch *watch = &storm->env->watch;
    struct backup              *backup = &storm->backup[machine->who];

    if (!backup_made(backup) || dice_chance(&storm->dice, 1, 3)) {
        backup_make(backup, machine->disk);
        if (watch->backed_up != NULL)
            watch->backed_up(watch->arg, machine->who);
        return;
    }
    if (storm->restored > 0 && storm->forgetful != machine->who)
        return;
    storm->forgetful = machine->who;
    storm->fired[STORM_RESTORED]++;
    storm->fired[STORM_RESTORED_AGAIN] += storm->restored++ > 0;
    unarm(machine);
    machine->fuse = 0;
    backup_restore(backup, machine->disk);
    if (watch->restored != NULL)
        watch->restored(watch->arg, machine->who);
    if (dice_chance(&storm->dice, 1, 2))
        unplug(storm, machine);
}

static void
arm(struct storm *storm, struct machine *machine)
{
    static const enum disk_fault faults[] = {
        DISK_READ_FAILS, DISK_WRITE_FAILS, DISK_SYNC_FAILS};
    enum disk_fault fault = faults[dice_below(&storm->dice, 3)];

    disk_arm(machine->disk, fault, dice_between(&storm->dice, 1, 40));
    storm->fired[STORM_ARMED_AT_START]++;
}

static void
mishap(struct storm *storm, struct machine *machine)
{
    if (dice_chance(&storm->dice, 1, 8)) {
        disk_power_cut(machine->disk);
        storm->fired[STORM_CUT_WHILE_DOWN]++;
    }
    if (dice_chance(&storm->dice, 1, 3))
        administer(storm, machine);
    if (dice_chance(&storm->dice, 1, 8))
        rot(storm, machine);
    if (dice_chance(&storm->dice, 1, 12))
        arm(storm, machine);
    if (!dice_chance(&storm->dice, 1, 4))
        return;
    machine->fuse = dice_between(&storm->dice, 1, STARTING_FUSE_MAX);
    storm->cut[machine->who] = dice_chance(&storm->dice, 1, 2);
}

void
storm_starting(struct storm *storm, struct machine *machine)
{
    uint64_t number = life_number(machine);

    if (!storm->on)
        return;
    throw_for(storm, FATE_START, number);
    if (fate_wills(storm->env->fate, FATE_START, number,
                   "what may go wrong around a start"))
        mishap(storm, machine);
}

void
storm_started(struct storm *storm, const struct machine *machine)
{
    storm->rotten[machine->who] = false;
    if (!storm->cut_then[machine->who])
        return;
    storm->cut_then[machine->who] = false;
    throw_for(storm, FATE_NODE, life_number(machine));
    storm_later(storm, dice_between(&storm->dice, 1, 3000),
                STORM_CUT_NOW, machine->who, 0);
}

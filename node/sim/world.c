/*
 * world.c - one loop: the next moment, all that is due in it, then every
 * machine takes its turns, and the dead are buried.
 *
 * Invariant (O1): within one moment the order is wire, agenda, machines by
 * number; so a run has one order only.
 */
#include "node/sim/world.h"

#include <assert.h>
#include <stdlib.h>

enum { WORLD_START = STORM_ITEMS, WORLD_CALL, WORLD_WAKE };
enum { ROWS = 128, CAPACITY_SHIFT = 40 };

struct world {
    struct machine_env env;
    struct machine     machines[STORM_NODES];
    struct storm       storm;
    struct fate        fate; /* where none was given */
    struct fate_events met;
    uint32_t           absent;
    struct dice        dice;
    void (*due)(void *arg, uint64_t a, uint64_t b);
    void              *due_arg;
    enum status        stuck;
    const char        *row_name[ROWS];
    uint64_t           row_taken[ROWS];
    size_t             row_count;
};

/* --- the wire's sink ----------------------------------------------------- */

static struct machine *
machine_at(void *arg, size_t who)
{
    struct world *world = arg;

    return &world->machines[who];
}

static void
on_opened(void *arg, size_t node, uint64_t link, bool dialled, uint64_t source)
{
    machine_opened(machine_at(arg, node), link, dialled, source);
}

static void
on_bytes(void *arg, size_t node, uint64_t link, struct span bytes)
{
    machine_bytes(machine_at(arg, node), link, bytes);
}

static void
on_room(void *arg, size_t node, uint64_t link, uint64_t bytes)
{
    machine_room(machine_at(arg, node), link, bytes);
}

static void
on_closed(void *arg, size_t node, uint64_t link, enum status st)
{
    machine_closed(machine_at(arg, node), link, st);
}

static const struct wire_sink sink = {on_opened, on_bytes, on_room, on_closed};

/* --- life ---------------------------------------------------------------- */

/* Each world has its own line, disks and clocks. */
static void
draw(struct world *world)
{
    static const uint64_t delays_ms[] = {1, 20, 150, 600};
    static const uint64_t rates[] = {0, 12500000, 1250000, 125000};
    static const uint64_t commits_ms[] = {0, 2, 10, 60};
    struct dice          *dice = &world->env.dice;

    world->env.line.delay_ms = delays_ms[dice_below(dice, 4)];
    world->env.line.jitter_ms = world->env.line.delay_ms / 2;
    world->env.line.bytes_per_s = rates[dice_below(dice, 4)];
    world->env.commit_ms = commits_ms[dice_below(dice, 4)];
}

struct world *
world_new(const struct world_options *options)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t      seed = options->seed;

    if (world == NULL)
        abort();
    assert(options->node_count >= 2 && options->node_count <= STORM_NODES);
    dice_init(&world->env.dice, seed, 0x3021d);
    dice_init(&world->dice, seed, 0x3022d);
    draw(world);
    world->fate = (struct fate){.seed = seed, .met = &world->met};
    world->env.fate = options->fate != NULL ? options->fate : &world->fate;
    world->absent = options->absent;
    world->env.node_count = options->node_count;
    world->env.agenda = agenda_new();
    world->env.wire = wire_new(seed, options->node_count, &sink, world);
    wire_set_line(world->env.wire, world->env.line);
    world->env.program = options->program;
    world->env.watch = options->watch;
    world->due = options->due;
    world->due_arg = options->due_arg;
    for (size_t who = 0; who < options->node_count; who++) {
        size_t             sector = 512;
        struct disk_image *disk;

        if (dice_chance(&world->env.dice, 1, 2))
            sector = 4096;
        disk = disk_new(seed * STORM_NODES + who, sector,
                        1ull << CAPACITY_SHIFT);
        machine_init(&world->machines[who], &world->env, who, seed, disk);
    }
    storm_init(&world->storm, &world->env, world->machines,
               options->rot_file);
    return world;
}

void
world_free(struct world *world)
{
    if (world == NULL)
        return;
    for (size_t i = 0; i < world->env.node_count; i++) {
        machine_clear(&world->machines[i]);
        disk_free(world->machines[i].disk);
    }
    storm_clear(&world->storm);
    wire_free(world->env.wire);
    agenda_free(world->env.agenda);
    free(world);
}

/* --- starts and ends ----------------------------------------------------- */

static void
start_in(struct world *world, size_t who, uint64_t in_ms)
{
    agenda_add(world->env.agenda,
               (struct agenda_item){world->env.now_ms + in_ms, WORLD_START,
                                    who, 0});
}

bool
world_present(const struct world *world, size_t who)
{
    assert(who < world->env.node_count);
    return (world->absent >> who & 1) == 0;
}

void
world_start(struct world *world)
{
    for (size_t who = 0; who < world->env.node_count; who++)
        if (world_present(world, who))
            start_in(world, who, 0);
}

static void
start(struct world *world, struct machine *machine)
{
    enum status st;

    if (machine->node != NULL || machine_dying(machine))
        return;
    storm_starting(&world->storm, machine);
    st = machine_start(machine);
    if (st == STATUS_OK)
        storm_started(&world->storm, machine);
    else if (machine->ended != STATUS_OK && st != STATUS_IO &&
             st != STATUS_NO_SPACE)
        world->stuck = st;
}

static void
count_rows(struct world *world, const struct node *node)
{
    world->row_count = node_row_count(node);
    assert(world->row_count <= ROWS);
    for (size_t row = 0; row < world->row_count; row++) {
        world->row_name[row] = node_row_name(node, row);
        world->row_taken[row] += node_row_taken(node, row);
    }
}

static void
bury(struct world *world, struct machine *machine)
{
    bool cut;

    if (!machine_dying(machine))
        return;
    if (machine->node != NULL)
        count_rows(world, machine->node);
    cut = storm_ended(&world->storm, machine);
    machine_reap(machine, cut);
    start_in(world, machine->who, storm_down_ms(&world->storm, machine));
}

void
world_end(struct world *world, size_t who, bool power_cut)
{
    struct machine *machine = world_machine(world, who);

    if (!machine_running(machine))
        return;
    world->storm.cut[who] = power_cut;
    machine_end(machine, STATUS_OK);
    bury(world, machine);
}

void
world_storm(struct world *world, bool on)
{
    if (on) {
        storm_begin(&world->storm);
        return;
    }
    storm_end(&world->storm);
    world_start(world);
}

/* --- time ---------------------------------------------------------------- */

static void
item(struct world *world, const struct agenda_item *due)
{
    uint64_t kind = due->what & 0xff;

    if (kind < MACHINE_ITEMS)
        machine_item(&world->machines[due->what >> 8], due);
    else if (kind < STORM_ITEMS)
        storm_item(&world->storm, due);
    else if (kind == WORLD_START)
        start(world, &world->machines[due->a]);
    else if (kind == WORLD_CALL)
        world->due(world->due_arg, due->a, due->b);
}

void
world_wake(struct world *world)
{
    agenda_add(world->env.agenda, (struct agenda_item){
                                      world->env.now_ms, WORLD_WAKE, 0, 0});
}

void
world_call(struct world *world, uint64_t at_ms, uint64_t a, uint64_t b)
{
    agenda_add(world->env.agenda,
               (struct agenda_item){at_ms, WORLD_CALL, a, b});
}

bool
world_step(struct world *world, uint64_t until_ms)
{
    struct machine_env *env = &world->env;
    struct agenda_item  due;
    uint64_t            next_ms = agenda_next_ms(env->agenda);

    if (wire_next_ms(env->wire) < next_ms)
        next_ms = wire_next_ms(env->wire);
    if (next_ms > until_ms)
        return false;
    if (next_ms > env->now_ms)
        env->now_ms = next_ms;
    wire_run(env->wire, env->now_ms); /* (O1) */
    while (agenda_take(env->agenda, env->now_ms, &due))
        item(world, &due);
    for (size_t who = 0; who < env->node_count; who++) {
        machine_run(&world->machines[who]);
        bury(world, &world->machines[who]);
    }
    return true;
}

/* --- what there is to know ----------------------------------------------- */

uint64_t
world_now_ms(const struct world *world)
{
    return world->env.now_ms;
}

struct machine *
world_machine(struct world *world, size_t who)
{
    assert(who < world->env.node_count);
    return &world->machines[who];
}

struct dice *
world_dice(struct world *world)
{
    return &world->dice;
}

enum status
world_stuck(const struct world *world)
{
    return world->stuck;
}

size_t
world_left_open(const struct world *world)
{
    return world->env.left_open;
}

uint64_t
world_garbage_answered(const struct world *world)
{
    return wire_garbage_answered(world->env.wire);
}

void
world_each_fault(const struct world *world, world_count_fn *each, void *arg)
{
    const struct machine_env *env = &world->env;

    for (unsigned i = 0; i < STORM_FAULT_COUNT; i++)
        each(arg, storm_fault_words(i), world->storm.fired[i]);
    for (unsigned i = 0; i < WIRE_FAULT_COUNT; i++)
        each(arg, wire_fault_words(i), wire_fired(env->wire, i));
    for (unsigned i = 0; i < DISK_FAULT_COUNT; i++) {
        uint64_t fired = 0;

        for (size_t who = 0; who < env->node_count; who++)
            fired += disk_fired(world->machines[who].disk, i);
        each(arg, disk_fault_words(i), fired);
    }
}

void
world_each_row(const struct world *world, world_count_fn *each, void *arg)
{
    for (size_t row = 0; row < world->row_count; row++)
        each(arg, world->row_name[row], world->row_taken[row]);
}

static void
trace_file(void *arg, const char *name, struct span bytes)
{
    trace_bytes(arg, span_text(name));
    trace_bytes(arg, bytes);
}

void
world_digest(const struct world *world, struct digest *out)
{
    struct trace trace = world->env.trace;

    for (size_t who = 0; who < world->env.node_count; who++)
        disk_each(world->machines[who].disk, trace_file, &trace);
    *out = trace.digest;
}

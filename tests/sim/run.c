/*
 * run.c - pair, a storm over traffic, calm, a last power cut, and then all is
 * read out: what was promised must be there.
 */
#include "tests/sim/run.h"

#include "node/store/home.h"
#include "tests/sim/forger.h"
#include "tests/sim/liar.h"
#include "tests/sim/meeting.h"
#include "tests/sim/readout.h"
#include "tests/sim/traffic.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    START_MS = 60000,
    STORM_MIN_MS = 10000,
    STORM_MAX_MS = 90000,
    CALM_MAX_MS = 4 * 3600000,
    FORGED_ONE_IN = 60, /* messages */
    LIES_ONE_IN = 40    /* frames */
};

struct run {
    struct run_options options;
    struct oracle      oracle;
    struct custody     custody;
    struct stations    stations;
    struct traffic     traffic;
    struct world      *world;
    size_t             node_count;
    struct fate        fate;
    struct dice        dice;
};

/* --- what the world tells ------------------------------------------------ */

static void
on_stepped(void *arg, size_t who, const struct effects *effects)
{
    struct run *run = arg;

    oracle_stepped(&run->oracle, who, effects);
    custody_stepped(&run->custody, who, effects);
}

static void
on_committed(void *arg, size_t who, const struct effects *effects)
{
    struct run *run = arg;

    oracle_committed(&run->oracle, who, effects);
    custody_committed(&run->custody, who, effects);
}

static void
on_told(void *arg, size_t who, uint64_t client, struct span response)
{
    struct run *run = arg;

    desk_told(&run->traffic.desk, who, client, response);
}

static void
on_gone(void *arg, size_t who, const struct node *node)
{
    struct run *run = arg;

    (void)node;
    if (run->options.log || run->options.trace)
        printf("%10llu ms  node %zu  ended: %s\n",
               (unsigned long long)world_now_ms(run->world), who,
               status_name(world_machine(run->world, who)->ended));
    desk_gone(&run->traffic.desk, who);
}

static void
on_leaves(void *arg, size_t who, struct span bytes)
{
    struct run *run = arg;

    oracle_leaves(&run->oracle, who, bytes);
}

static void
on_backed_up(void *arg, size_t who)
{
    struct run *run = arg;

    oracle_backed_up(&run->oracle, who);
    stations_backed_up(&run->stations, who);
}

static void
on_restored(void *arg, size_t who)
{
    struct run *run = arg;

    if (run->options.log || run->options.trace)
        printf("%10llu ms  node %zu  an older copy of its disk is put back\n",
               (unsigned long long)world_now_ms(run->world), who);
    oracle_restored(&run->oracle, who);
    stations_restored(&run->stations, who);
    custody_restored(&run->custody, who);
}

static void
on_logged(void *arg, size_t who, struct span line)
{
    struct run *run = arg;

    printf("%10llu ms  node %zu  %.*s\n",
           (unsigned long long)world_now_ms(run->world), who, (int)line.len,
           line.ptr);
}

static void
on_due(void *arg, uint64_t what, uint64_t which)
{
    struct run *run = arg;

    traffic_due(&run->traffic, what, which);
}

static void
on_event(void *arg, const struct fate_event *event, const char *words)
{
    struct run *run = arg;
    uint64_t    now_ms = run->world != NULL ? world_now_ms(run->world) : 0;
    char        text[FATE_TEXT];

    fate_write(event, text);
    printf("%10llu ms  %-7s %s\n", (unsigned long long)now_ms, text, words);
}

/* --- its parts ----------------------------------------------------------- */

/* Mostly two, at most nine. */
static size_t
nodes_of(struct dice *dice)
{
    uint64_t throw = dice_below(dice, 16);

    if (throw < 10)
        return 2;
    return throw < 13 ? 3 : (size_t)dice_between(dice, 4, STORM_NODES);
}

static uint32_t
absent(struct run *run)
{
    uint32_t out = 0;

    for (size_t who = 0; who < run->node_count; who++)
        if (!fate_wills(&run->fate, FATE_NODE, who, "is in this world"))
            out |= 1u << who;
    return out;
}

static void
begin(struct run *run)
{
    uint64_t             seed = run->options.seed;
    struct world_options options = {
        .seed = seed,
        .watch = {on_stepped, on_committed, on_told, on_gone, on_leaves,
                  on_backed_up, on_restored,
                  run->options.log ? on_logged : NULL, run},
        .due = on_due,
        .due_arg = run,
        .fate = &run->fate,
        .rot_file = HOME_KEYRING};

    run->fate = (struct fate){.seed = seed,
                              .only = run->options.only,
                              .met = run->options.met,
                              .told = run->options.trace ? on_event : NULL,
                              .arg = run};
    run->fate.met->count = 0;
    dice_init(&run->dice, seed, 0x5eed);
    run->node_count = nodes_of(&run->dice);
    options.absent = absent(run);
    oracle_init(&run->oracle);
    stations_init(&run->stations, seed, run->node_count, &run->oracle,
                  &run->custody);
    options.node_count = run->node_count;
    options.program = stations_program(&run->stations);
    run->world = world_new(&options);
    custody_init(&run->custody, &run->oracle, run->world);
    traffic_init(&run->traffic, &run->fate, run->world, &run->stations,
                 &run->oracle, &run->custody);
    for (size_t who = 0; who < run->node_count; who++)
        stations_install(&run->stations, who,
                         disk_face(world_machine(run->world, who)->disk));
}

static void
end(struct run *run)
{
    world_free(run->world);
    traffic_clear(&run->traffic);
    stations_clear(&run->stations);
    custody_clear(&run->custody);
    oracle_clear(&run->oracle);
}

static bool
goes_on(struct run *run)
{
    enum status stuck = world_stuck(run->world);

    for (size_t who = 0; stuck != STATUS_OK && who < run->node_count; who++)
        if (run->stations.list[who].why[0] != '\0')
            verdict_break(&run->oracle.verdict, "node %zu: %s", who,
                          run->stations.list[who].why);
    if (stuck != STATUS_OK)
        verdict_break(&run->oracle.verdict, "a node does not start: %s",
                      status_name(stuck));
    if (world_left_open(run->world) > 0)
        verdict_break(&run->oracle.verdict, "%zu files were left open",
                      world_left_open(run->world));
    if (world_garbage_answered(run->world) > 0)
        verdict_break(&run->oracle.verdict,
                      "a stranger with garbage was answered");
    return oracle_words(&run->oracle) == NULL;
}

static void
step_until(struct run *run, uint64_t until_ms)
{
    while (goes_on(run) && world_step(run->world, until_ms))
        continue;
}

static bool
all_running(struct run *run)
{
    for (size_t who = 0; who < run->node_count; who++)
        if (world_present(run->world, who) &&
            !machine_running(world_machine(run->world, who)))
            return false;
    return true;
}

static void
step_until_running(struct run *run)
{
    uint64_t until_ms = world_now_ms(run->world) + START_MS;

    while (goes_on(run) && !all_running(run) &&
           world_step(run->world, until_ms))
        continue;
    if (!all_running(run))
        verdict_break(&run->oracle.verdict,
                      "a node does not come up within a minute");
}

static void
pair(struct run *run)
{
    struct meeting meeting = {&run->traffic.desk, &run->stations,
                              &run->oracle};

    meeting_pair(&meeting);
}

static void
storm(struct run *run)
{
    uint64_t for_ms = dice_between(&run->dice, STORM_MIN_MS, STORM_MAX_MS);

    forger_begin(&run->oracle, &run->fate, FORGED_ONE_IN);
    liar_begin(&run->fate, LIES_ONE_IN);
    traffic_begin(&run->traffic, for_ms);
    world_storm(run->world, !run->options.calm);
    step_until(run, world_now_ms(run->world) + for_ms);
    world_storm(run->world, false);
    traffic_calm(&run->traffic);
}

static bool
settled(struct run *run)
{
    return all_running(run) && traffic_done(&run->traffic) &&
           oracle_settled(&run->oracle) && custody_settled(&run->custody);
}

static void
calm(struct run *run)
{
    uint64_t until_ms = world_now_ms(run->world) + CALM_MAX_MS;

    while (goes_on(run) && !settled(run) && world_step(run->world, until_ms))
        continue;
    if (goes_on(run) && !settled(run))
        verdict_break(&run->oracle.verdict,
                      "letters or receipts are still under way %d hours "
                      "after the storm",
                      CALM_MAX_MS / 3600000);
}

/* What was settled is so on the disks, not in the memories. */
static void
last_cut(struct run *run)
{
    for (size_t who = 0; who < run->node_count; who++)
        world_end(run->world, who, dice_chance(&run->dice, 1, 2));
    step_until_running(run);
}

void
run_seed(const struct run_options *options, struct run_result *out,
         world_count_fn *fault, world_count_fn *row, void *arg)
{
    struct run *run = calloc(1, sizeof(*run));

    if (run == NULL)
        abort();
    run->options = *options;
    begin(run);
    forger_begin(&run->oracle, &run->fate, 0);
    liar_begin(&run->fate, 0);
    world_start(run->world);
    step_until_running(run);
    if (goes_on(run))
        pair(run);
    step_until(run, world_now_ms(run->world) + dice_below(&run->dice, 5000));
    if (goes_on(run))
        storm(run);
    calm(run);
    if (goes_on(run))
        last_cut(run);
    calm(run);
    if (goes_on(run))
        readout(&run->traffic.desk, &run->oracle, &run->stations);
    world_each_fault(run->world, fault, arg);
    forger_each(fault, arg);
    liar_each(fault, arg);
    world_each_row(run->world, row, arg);
    world_digest(run->world, &out->digest);
    out->verdict = run->oracle.verdict;
    out->letters = run->traffic.post.count;
    out->virtual_ms = world_now_ms(run->world);
    end(run);
    free(run);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/storm.h"
#include "node/sim/world.h"
#include "tests/unit/puppet.h"

static struct puppet_store store;

static uint64_t fired[STORM_FAULT_COUNT];

static void
add_fault(void *arg, const char *name, uint64_t count)
{
    (void)arg;
    for (unsigned i = 0; i < STORM_FAULT_COUNT; i++)
        if (strcmp(name, storm_fault_words(i)) == 0)
            fired[i] += count;
}

static void
every_strike_falls_sooner_or_later(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct world_options options = {.seed = seed,
                                        .node_count = 2,
                                        .program = PUPPET_PROGRAM(&store),
                                        .watch = PUPPET_WATCH};
        struct world        *world;

        memset(&store, 0, sizeof(store));
        memset(&puppet, 0, sizeof(puppet));
        world = world_new(&options);
        world_start(world);
        world_storm(world, true);
        for (uint64_t at_ms = 0; at_ms <= 60000; at_ms += 100) {
            puppet.len = 0;
            puppet.script = "St";
            machine_request(world_machine(world, at_ms / 100 % 2), 1,
                            span_text("x"));
            while (world_step(world, at_ms))
                continue;
        }
        world_each_fault(world, add_fault, NULL);
        world_free(world);
    }
    for (size_t i = 0; i < STORM_FAULT_COUNT; i++)
        assert_true(fired[i] > 0);
}

static struct fate        fate;
static struct machine_env env = {.fate = &fate};
static struct machine     machines[2];
static struct storm       storm;

static void
the_power_is_cut_only_where_it_was_to_be(void **state)
{
    (void)state;
    storm = (struct storm){.env = &env, .machines = machines};
    machines[1].who = 1;
    storm.cut[1] = true;
    assert_false(storm_ended(&storm, &machines[0]));
    machines[1].ended = STATUS_IO; /* it ended itself before */
    assert_false(storm_ended(&storm, &machines[1]));
    machines[1].ended = STATUS_OK;
    assert_true(storm_ended(&storm, &machines[1]));
    assert_false(storm_ended(&storm, &machines[1]));
}

static void
in_fair_weather_nothing_stays_down_for_long(void **state)
{
    (void)state;
    storm = (struct storm){.env = &env, .machines = machines};
    for (int i = 0; i < 1000; i++)
        assert_in_range(storm_down_ms(&storm, &machines[i % 2]), 1, 10000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_strike_falls_sooner_or_later),
        cmocka_unit_test(the_power_is_cut_only_where_it_was_to_be),
        cmocka_unit_test(in_fair_weather_nothing_stays_down_for_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

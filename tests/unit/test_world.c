#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/world.h"
#include "tests/unit/puppet.h"

static struct puppet_store store;

static uint64_t called_at_ms;

static void
note_call(void *arg, uint64_t a, uint64_t b)
{
    struct world **world = arg;

    called_at_ms = world_now_ms(*world) + a + b;
}

static void
a_call_comes_at_its_time(void **state)
{
    struct world        *world = NULL;
    struct world_options options = {.seed = 1,
                                    .node_count = 2,
                                    .program = PUPPET_PROGRAM(&store),
                                    .watch = PUPPET_WATCH,
                                    .due = note_call,
                                    .due_arg = &world};

    (void)state;
    world = world_new(&options);
    world_call(world, 70, 1000, 100000);
    assert_false(world_step(world, 69));
    assert_true(world_step(world, 70));
    assert_true(called_at_ms == 101070);
    world_free(world);
}

static struct world *
world_of(uint64_t seed)
{
    struct world_options options = {.seed = seed,
                                    .node_count = 2,
                                    .program = PUPPET_PROGRAM(&store),
                                    .watch = PUPPET_WATCH};

    memset(&puppet, 0, sizeof(puppet));
    memset(&store, 0, sizeof(store));
    return world_new(&options);
}

static void
run(struct world *world, uint64_t for_ms)
{
    uint64_t until_ms = world_now_ms(world) + for_ms;

    while (world_step(world, until_ms))
        puppet.len = 0;
}

static void
all_machines_start_and_what_ends_starts_again(void **state)
{
    struct world *world = world_of(1);

    (void)state;
    world_start(world);
    run(world, 10);
    assert_true(machine_running(world_machine(world, 0)));
    assert_true(machine_running(world_machine(world, 1)));
    machine_end(world_machine(world, 1), STATUS_IO);
    machine_request(world_machine(world, 0), 1, span_text("x"));
    world_start(world);
    run(world, 10000);
    assert_true(machine_running(world_machine(world, 1)));
    assert_int_equal(store.starts, 3);
    assert_int_equal(world_stuck(world), STATUS_OK);
    world_free(world);
}

static void
a_program_that_refuses_its_own_disk_is_stuck(void **state)
{
    struct world *world = world_of(1);

    (void)state;
    store.start_with = STATUS_CORRUPT;
    world_start(world);
    run(world, 10);
    assert_int_equal(world_stuck(world), STATUS_CORRUPT);
    world_free(world);
}

/* A frame from node 0 reaches node 1 over a link that it dialled. */
static void
machines_reach_each_other_by_address(void **state)
{
    struct world *world = world_of(2);
    const char   *events;

    (void)state;
    puppet.script = "d";
    puppet.link = 2;
    puppet.address = "node1.sim:7300";
    world_start(world);
    while (world_step(world, 5000) &&
           strstr(puppet.events, "LINK_OPENED") == NULL)
        continue;
    puppet.script = "s";
    machine_request(world_machine(world, 0), 1, span_text("go"));
    world_start(world); /* so that the moment has a step */
    while (world_step(world, 5000))
        continue;
    events = puppet_events();
    assert_non_null(strstr(events, " LINK_OPENED LINK_ROOM LINK_FRAME:hello"));
    assert_true(puppet_left > 0);
    world_free(world);
}

static void
digest_of(uint64_t seed, struct digest *out)
{
    struct world *world = world_of(seed);

    puppet.script = "dSt";
    puppet.link = 2;
    puppet.address = "node1.sim:7300";
    world_start(world);
    world_storm(world, true);
    for (size_t i = 0; i < 20; i++) {
        puppet.script = "Sst";
        run(world, 1000);
        machine_request(world_machine(world, i % 2), 1, span_text("x"));
    }
    world_storm(world, false);
    run(world, 60000);
    world_digest(world, out);
    world_free(world);
}

static void
one_seed_has_one_digest_and_another_has_another(void **state)
{
    struct digest a;
    struct digest b;
    struct digest c;

    (void)state;
    digest_of(11, &a);
    digest_of(11, &b);
    digest_of(12, &c);
    assert_true(digest_equal(&a, &b));
    assert_false(digest_equal(&a, &c));
}

struct counted {
    uint64_t sum;
    size_t   kinds;
};

static void
add_up(void *arg, const char *name, uint64_t count)
{
    struct counted *counted = arg;

    assert_non_null(name);
    counted->sum += count;
    counted->kinds++;
}

static void
faults_and_rows_are_counted_by_name(void **state)
{
    struct world  *world = world_of(3);
    struct counted faults = {0};
    struct counted rows = {0};

    (void)state;
    world_start(world);
    world_storm(world, true);
    run(world, 200000);
    world_storm(world, false);
    run(world, 20000);
    world_each_fault(world, add_up, &faults);
    world_each_row(world, add_up, &rows);
    assert_int_equal(faults.kinds, STORM_FAULT_COUNT + WIRE_FAULT_COUNT +
                                       DISK_FAULT_COUNT);
    assert_true(faults.sum > 20);
    assert_int_equal(rows.kinds, 2);
    assert_true(rows.sum > 0);
    world_free(world);
}

static void
after_a_storm_all_machines_run_again(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct world *world = world_of(seed);

        world_start(world);
        world_storm(world, true);
        run(world, 100000);
        world_storm(world, false);
        run(world, 20000);
        assert_true(machine_running(world_machine(world, 0)));
        assert_true(machine_running(world_machine(world, 1)));
        assert_int_equal(world_stuck(world), STATUS_OK);
        world_free(world);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_comes_at_its_time),
        cmocka_unit_test(all_machines_start_and_what_ends_starts_again),
        cmocka_unit_test(a_program_that_refuses_its_own_disk_is_stuck),
        cmocka_unit_test(machines_reach_each_other_by_address),
        cmocka_unit_test(one_seed_has_one_digest_and_another_has_another),
        cmocka_unit_test(faults_and_rows_are_counted_by_name),
        cmocka_unit_test(after_a_storm_all_machines_run_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

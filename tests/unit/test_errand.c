#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/errand.h"
#include "node/sim/machine.h"
#include "tests/unit/puppet.h"

static struct puppet_store store;
static struct machine_env  env;
static struct machine      machine;
static size_t              dropped;

static enum status
on_drop(void *arg, size_t who, const struct effect_file *file)
{
    (void)arg;
    (void)who;
    assert_true(file->outgoing);
    dropped++;
    return STATUS_OK;
}

static const struct wire_sink sink = {0};

static int
power_on(void **state)
{
    (void)state;
    dropped = 0;
    puppet_power_on(&env, &machine, &store, 1, &sink);
    env.program.drop = on_drop;
    assert_int_equal(machine_start(&machine), STATUS_OK);
    machine_run(&machine);
    (void)puppet_events();
    return 0;
}

static int
power_off(void **state)
{
    (void)state;
    puppet_power_off(&env, &machine);
    return 0;
}

static void
pass_time(void)
{
    struct agenda_item item;

    env.now_ms += 100;
    while (agenda_take(env.agenda, env.now_ms, &item))
        machine_item(&machine, &item);
    machine_run(&machine);
}

static void
ask_for_both(void)
{
    struct effect_file file = {.outgoing = true};
    struct query       query = {.kind = QUERY_FIND};

    errand_load(&machine, 9, &query, span_text("text"));
    errand_drop(&machine, &file);
}

static void
what_was_asked_is_done_after_some_time_and_once(void **state)
{
    (void)state;
    ask_for_both();
    assert_int_equal(dropped, 0);
    pass_time();
    assert_string_equal(puppet_events(), " LOADED:answer");
    assert_int_equal(dropped, 1);
    pass_time();
    assert_string_equal(puppet_events(), "");
    assert_int_equal(dropped, 1);
}

static void
what_was_asked_by_a_process_that_ended_is_never_done(void **state)
{
    (void)state;
    ask_for_both();
    machine_end(&machine, STATUS_OK);
    machine_reap(&machine, false);
    assert_int_equal(machine_start(&machine), STATUS_OK);
    pass_time();
    assert_string_equal(puppet_events(), " TIMER");
    assert_int_equal(dropped, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            what_was_asked_is_done_after_some_time_and_once, power_on,
            power_off),
        cmocka_unit_test_setup_teardown(
            what_was_asked_by_a_process_that_ended_is_never_done, power_on,
            power_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

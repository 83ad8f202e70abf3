#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/edge.h"
#include "tests/unit/puppet.h"

/* Node 0 is a machine; node 1 is the test's own end of the wire. */
static struct puppet_store    store;
static struct machine_env     env;
static struct machine         machine;
static const struct host_ops *ops;
static char                   heard[256]; /* by node 1 */
static size_t                 heard_len;
static enum status            heard_end;

static void
on_opened(void *arg, size_t node, uint64_t link, bool dialled, uint64_t source)
{
    (void)arg;
    if (node == 0)
        machine_opened(&machine, link, dialled, source);
}

static void
on_bytes(void *arg, size_t node, uint64_t link, struct span bytes)
{
    (void)arg;
    (void)link;
    assert_int_equal(node, 1);
    assert_in_range(bytes.len, 1, sizeof(heard) - heard_len);
    memcpy(heard + heard_len, bytes.ptr, bytes.len);
    heard_len += bytes.len;
}

static void
on_room(void *arg, size_t node, uint64_t link, uint64_t bytes)
{
    (void)arg;
    if (node == 0)
        machine_room(&machine, link, bytes);
}

static void
on_closed(void *arg, size_t node, uint64_t link, enum status st)
{
    (void)arg;
    if (node == 0)
        machine_closed(&machine, link, st);
    else
        heard_end = st;
}

static const struct wire_sink sink = {on_opened, on_bytes, on_room, on_closed};

static int
power_on(void **state)
{
    (void)state;
    heard_len = 0;
    heard_end = STATUS_AGAIN;
    puppet_power_on(&env, &machine, &store, 2, &sink);
    wire_up(env.wire, 1);
    assert_int_equal(machine_start(&machine), STATUS_OK);
    ops = edge_ops();
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
run_wire(uint64_t until_ms)
{
    while (wire_next_ms(env.wire) <= until_ms) {
        env.now_ms = wire_next_ms(env.wire);
        wire_run(env.wire, env.now_ms);
    }
    env.now_ms = until_ms;
    machine_run(&machine);
}

static void
a_frame_travels_behind_its_length(void **state)
{
    (void)state;
    ops->dial(&machine, 2, span_text("node1.sim:7300"));
    run_wire(10);
    ops->send(&machine, 2, span_text("hello"));
    run_wire(20);
    assert_int_equal(heard_len, 7);
    assert_memory_equal(heard, "\0\5hello", 7);
    assert_int_equal(puppet_left, 5);
    assert_non_null(strstr(puppet_events(), " LINK_OPENED LINK_ROOM"));
}

static void
a_close_is_heard_by_the_other_side_and_not_answered(void **state)
{
    (void)state;
    ops->dial(&machine, 2, span_text("node1.sim:7300"));
    run_wire(10);
    (void)puppet_events();
    ops->close(&machine, 2, 0);
    run_wire(20);
    assert_int_equal(heard_end, STATUS_OK);
    assert_string_equal(puppet_events(), "");
}

static void
an_address_that_is_none_is_told_as_closed(void **state)
{
    (void)state;
    ops->dial(&machine, 2, span_text("nowhere.sim:1"));
    machine_run(&machine);
    assert_string_equal(puppet_events(), " TIMER LINK_CLOSED");
}

static void
a_process_that_has_ended_does_nothing_more(void **state)
{
    (void)state;
    ops->dial(&machine, 2, span_text("node1.sim:7300"));
    run_wire(10);
    machine_end(&machine, STATUS_OK);
    ops->send(&machine, 2, span_text("hello"));
    ops->tell(&machine, 1, span_text("hello"));
    ops->log(&machine, span_text("hello"));
    ops->dial(&machine, 4, span_text("node1.sim:7300"));
    ops->close(&machine, 2, 0);
    run_wire(60);
    assert_int_equal(heard_len, 0);
    assert_int_equal(heard_end, STATUS_AGAIN);
    assert_int_equal(puppet_left, 0);
    assert_int_equal(puppet_told_count, 0);
}

static void
a_frame_to_a_link_that_is_gone_is_dropped(void **state)
{
    (void)state;
    ops->send(&machine, 4, span_text("hello"));
    run_wire(20);
    assert_int_equal(heard_len, 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, power_on, power_off)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_frame_travels_behind_its_length),
        CASE(a_close_is_heard_by_the_other_side_and_not_answered),
        CASE(an_address_that_is_none_is_told_as_closed),
        CASE(a_process_that_has_ended_does_nothing_more),
        CASE(a_frame_to_a_link_that_is_gone_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "node/sim/wire.h"

/*
 * What the sink was told, as text: "1<1" node 1 was called on link 1, "0>2"
 * node 0's dial 2 was accepted, "1:1=bytes", "0!2 STATUS".
 */
static struct bench {
    struct wire *wire;
    char         told[4096];
    size_t       len;
    uint64_t     room;
    uint64_t     now_ms;
} bench;

static void
tell(const char *format, size_t node, unsigned long long link,
     const char *text)
{
    char  *at = bench.told + bench.len;
    size_t cap = sizeof(bench.told) - bench.len;
    int    len = snprintf(at, cap, format, node, link, text);

    assert_in_range(len, 1, cap - 1);
    bench.len += (size_t)len;
}

static void
on_opened(void *arg, size_t node, uint64_t link, bool dialled, uint64_t source)
{
    (void)arg;
    (void)source;
    tell(dialled ? "%zu>%llu%s " : "%zu<%llu%s ", node, link, "");
}

static void
on_bytes(void *arg, size_t node, uint64_t link, struct span bytes)
{
    char text[256] = "";

    (void)arg;
    assert_true(bytes.len > 0);
    if (bytes.len < sizeof(text))
        memcpy(text, bytes.ptr, bytes.len);
    tell("%zu:%llu=%s ", node, link, text);
}

static void
on_room(void *arg, size_t node, uint64_t link, uint64_t bytes)
{
    (void)arg;
    (void)node;
    (void)link;
    bench.room += bytes;
}

static void
on_closed(void *arg, size_t node, uint64_t link, enum status st)
{
    (void)arg;
    tell("%zu!%llu %s ", node, link, status_name(st));
}

static const struct wire_sink sink = {on_opened, on_bytes, on_room, on_closed};

static int
new_wire(void **state)
{
    (void)state;
    bench = (struct bench){0};
    bench.wire = wire_new(3, 2, &sink, NULL);
    wire_set_line(bench.wire, (struct wire_line){.delay_ms = 10});
    wire_up(bench.wire, 0);
    wire_up(bench.wire, 1);
    return 0;
}

static int
drop_wire(void **state)
{
    (void)state;
    wire_free(bench.wire);
    return 0;
}

/* Runs until `until_ms` and gives what was told since the last call. */
static const char *
told_until(uint64_t until_ms)
{
    static char told[sizeof(bench.told)];

    while (wire_next_ms(bench.wire) <= until_ms) {
        bench.now_ms = wire_next_ms(bench.wire);
        wire_run(bench.wire, bench.now_ms);
    }
    bench.now_ms = until_ms;
    memcpy(told, bench.told, sizeof(told));
    memset(bench.told, 0, sizeof(bench.told));
    bench.len = 0;
    return told;
}

static void
say(size_t node, uint64_t link, const char *text)
{
    wire_write(bench.wire, bench.now_ms, node, link, span_text(text));
}

static void
connected(void)
{
    wire_dial(bench.wire, bench.now_ms, 0, 2, 1);
    assert_string_equal(told_until(bench.now_ms + 100), "1<1 0>2 ");
}

static void
a_dial_opens_both_ends_the_called_one_with_an_odd_number(void **state)
{
    (void)state;
    connected();
    wire_dial(bench.wire, bench.now_ms, 1, 2, 0);
    assert_string_equal(told_until(200), "0<1 1>2 ");
    wire_dial(bench.wire, bench.now_ms, 1, 4, 0);
    assert_string_equal(told_until(300), "0<3 1>4 ");
}

/* All that "node:link=" was told, pieces put together. */
static void
assert_heard(const char *told, const char *mark, const char *text)
{
    char   all[1024] = "";
    size_t len = 0;

    while ((told = strstr(told, mark)) != NULL)
        for (told += strlen(mark); *told != ' '; told++)
            all[len++] = *told;
    assert_string_equal(all, text);
}

static void
bytes_come_whole_and_in_order_if_in_other_pieces(void **state)
{
    char expected[1024] = "";

    (void)state;
    connected();
    for (int i = 0; i < 50; i++) {
        char text[16];

        (void)snprintf(text, sizeof(text), "%d,", 100 + i);
        say(0, 2, text);
        memcpy(expected + strlen(expected), text, strlen(text) + 1);
    }
    assert_heard(told_until(1000), "1:1=", expected);
}

static void
what_has_left_makes_room_again(void **state)
{
    (void)state;
    connected();
    say(0, 2, "0123456789");
    say(1, 1, "01234");
    (void)told_until(200);
    assert_int_equal(bench.room, 15);
}

static void
a_close_comes_after_the_bytes_before_it(void **state)
{
    (void)state;
    connected();
    say(0, 2, "x");
    wire_close(bench.wire, bench.now_ms, 0, 2);
    say(0, 2, "not any more");
    assert_string_equal(told_until(200), "1:1=x 1!1 OK ");
    wire_close(bench.wire, bench.now_ms, 1, 1);
    assert_string_equal(told_until(300), "");
    assert_int_equal(wire_open_count(bench.wire), 0);
}

static void
a_node_that_is_down_refuses_and_one_without_power_says_nothing(void **state)
{
    (void)state;
    wire_down(bench.wire, 0, 1, false);
    wire_dial(bench.wire, 0, 0, 2, 1);
    assert_string_equal(told_until(100), "0!2 UNREACHABLE ");
    wire_down(bench.wire, 100, 1, true);
    wire_dial(bench.wire, 100, 0, 4, 1);
    assert_string_equal(told_until(9000), "");
    assert_string_equal(told_until(11000), "0!4 TIMEOUT ");
    assert_true(wire_fired(bench.wire, WIRE_DIAL_REFUSED) == 1);
    assert_true(wire_fired(bench.wire, WIRE_DIAL_LOST) == 1);
}

static void
a_killed_process_ends_its_connections_and_a_power_cut_does_not(void **state)
{
    (void)state;
    connected();
    wire_down(bench.wire, bench.now_ms, 1, false);
    assert_true(strncmp(told_until(200), "0!2 ", 4) == 0);
    wire_up(bench.wire, 1);
    wire_dial(bench.wire, bench.now_ms, 0, 4, 1);
    assert_string_equal(told_until(300), "1<1 0>4 ");
    wire_down(bench.wire, bench.now_ms, 1, true);
    assert_true(wire_fired(bench.wire, WIRE_HALF_OPEN) == 1);
    say(0, 4, "anybody?");
    assert_string_equal(told_until(60000), "");
    wire_up(bench.wire, 1);
    say(0, 4, "anybody now?");
    assert_string_equal(told_until(70000), "0!4 UNREACHABLE ");
}

static void
a_partition_holds_one_direction_until_it_heals(void **state)
{
    (void)state;
    connected();
    wire_block(bench.wire, 0, 1, true);
    say(0, 2, "a");
    say(1, 1, "b");
    assert_string_equal(told_until(60000), "0:2=b ");
    say(0, 2, "c");
    wire_block(bench.wire, 0, 1, false);
    assert_heard(told_until(61000), "1:1=", "ac");
    assert_true(wire_fired(bench.wire, WIRE_HELD) > 0);
}

static void
a_dial_through_a_partition_times_out(void **state)
{
    (void)state;
    wire_block(bench.wire, 1, 0, true);
    wire_dial(bench.wire, 0, 0, 2, 1);
    assert_string_equal(told_until(20000), "1<1 0!2 TIMEOUT ");
}

static void
a_reset_loses_what_is_under_way_and_tells_both_ends(void **state)
{
    (void)state;
    connected();
    say(0, 2, "lost");
    wire_reset(bench.wire, bench.now_ms);
    assert_string_equal(told_until(200), "0!2 UNREACHABLE 1!1 UNREACHABLE ");
    assert_int_equal(wire_open_count(bench.wire), 0);
}

static void
damage_reaches_the_next_bytes_only(void **state)
{
    (void)state;
    connected();
    wire_damage(bench.wire, WIRE_FLIPPED);
    say(0, 2, "a");
    assert_true(strstr(told_until(200), "1:1=a ") == NULL);
    say(0, 2, "a");
    assert_string_equal(told_until(300), "1:1=a ");
    wire_damage(bench.wire, WIRE_CUT);
    say(0, 2, "a");
    assert_string_equal(told_until(400), "");
    assert_true(wire_fired(bench.wire, WIRE_FLIPPED) == 1);
    assert_true(wire_fired(bench.wire, WIRE_CUT) == 1);
}

static void
a_stranger_replays_what_was_recorded_and_goes(void **state)
{
    const char *told;

    (void)state;
    connected();
    say(0, 2, "open");
    (void)told_until(200);
    wire_stranger(bench.wire, bench.now_ms, 1, WIRE_REPLAYED);
    told = told_until(20000);
    assert_true(strncmp(told, "1<3 ", 4) == 0);
    assert_heard(told, "1:3=", "open");
    assert_non_null(strstr(told, "1!3 OK "));
    assert_true(wire_fired(bench.wire, WIRE_REPLAYED) == 1);
}

static void
what_strangers_with_garbage_are_answered_is_counted(void **state)
{
    (void)state;
    wire_stranger(bench.wire, 0, 1, WIRE_REFLECTED);
    (void)told_until(20);
    assert_true(wire_fired(bench.wire, WIRE_REFLECTED) == 0); /* no tape */
    say(1, 1, "polite");
    (void)told_until(30000);
    assert_true(wire_garbage_answered(bench.wire) == 0);
    wire_stranger(bench.wire, bench.now_ms, 1, WIRE_GARBAGE);
    (void)told_until(30020);
    say(1, 3, "too polite");
    (void)told_until(60000);
    assert_true(wire_garbage_answered(bench.wire) == 10);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, new_wire, drop_wire)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_dial_opens_both_ends_the_called_one_with_an_odd_number),
        CASE(bytes_come_whole_and_in_order_if_in_other_pieces),
        CASE(what_has_left_makes_room_again),
        CASE(a_close_comes_after_the_bytes_before_it),
        CASE(a_node_that_is_down_refuses_and_one_without_power_says_nothing),
        CASE(a_killed_process_ends_its_connections_and_a_power_cut_does_not),
        CASE(a_partition_holds_one_direction_until_it_heals),
        CASE(a_dial_through_a_partition_times_out),
        CASE(a_reset_loses_what_is_under_way_and_tells_both_ends),
        CASE(damage_reaches_the_next_bytes_only),
        CASE(a_stranger_replays_what_was_recorded_and_goes),
        CASE(what_strangers_with_garbage_are_answered_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

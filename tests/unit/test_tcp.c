/* test_tcp.c - who calls in, and what a stranger may cost. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/unit/tcp_world.h"

static void
who_says_no_whole_frame_never_reaches_the_core(void **state)
{
    struct world *world = *state;
    int           silent = call(world);
    int           slow = call(world);

    say(slow, "\0\5abcd", 6);
    run_ms(world, 50);
    assert_int_equal(world->a.count, 0);
    assert_int_equal(tcp_counts(world->a.tcp).strangers, 2);
    close(silent);
    close(slow);
    run_ms(world, 20);
    assert_int_equal(world->a.count, 0);
    assert_int_equal(tcp_counts(world->a.tcp).strangers, 0);
}

static void
a_first_frame_comes_as_opened_room_frame(void **state)
{
    struct world *world = *state;
    int           fd = call(world);

    say(fd, "\0\5hello", 7);
    until(world, &world->a, EVENT_LINK_FRAME, 1);
    assert_int_equal(world->a.count, 3);
    assert_int_equal(world->a.events[0].kind, EVENT_LINK_OPENED);
    assert_int_equal(world->a.events[1].kind, EVENT_LINK_ROOM);
    assert_int_equal(world->a.events[2].kind, EVENT_LINK_FRAME);
    assert_int_equal(world->a.events[0].link % 2, 1);
    assert_int_equal(world->a.events[2].link, world->a.events[0].link);
    assert_int_equal(world->a.events[1].room, LIMIT_ROOM_MIN);
    assert_int_equal(world->a.events[1].frame_max, LIMIT_ROOM_MIN / 4);
    assert_true(span_equal(world->a.events[2].bytes, span_text("hello")));
    close(fd);
}

static void
a_stranger_is_heard_once_until_it_is_answered(void **state)
{
    struct world *world = *state;
    int           fd = call(world);

    say(fd, "\0\1a\0\1b\0\1c", 9);
    run_ms(world, 50);
    assert_int_equal(count_of(&world->a, EVENT_LINK_FRAME), 1);
    tcp_send(world->a.tcp, world->a.events[0].link, span_text("yes"));
    until(world, &world->a, EVENT_LINK_FRAME, 3);
    expect_bytes(world, fd, "\0\3yes", 5);
    assert_int_equal(tcp_counts(world->a.tcp).strangers, 0);
    close(fd);
}

static void
a_first_frame_is_the_same_wherever_its_pieces_end(void **state)
{
    static const char said[] = "\0\12first word";
    struct world     *world = *state;

    for (size_t cut = 1; cut < sizeof(said) - 1; cut++) {
        int fd = call(world);

        say(fd, said, cut);
        run_ms(world, 2);
        assert_int_equal(count_of(&world->a, EVENT_LINK_FRAME), cut - 1);
        say(fd, said + cut, sizeof(said) - 1 - cut);
        until(world, &world->a, EVENT_LINK_FRAME, cut);
        assert_true(
            span_equal(nth(&world->a, EVENT_LINK_FRAME, cut - 1)->bytes,
                       span_text("first word")));
        close(fd);
    }
}

static void
an_oversize_or_empty_frame_ends_it_without_a_byte(void **state)
{
    struct world *world = *state;
    uint8_t       over[2] = {(LIMIT_STRANGER_FRAME + 1) >> 8,
                             (LIMIT_STRANGER_FRAME + 1) & 0xff};
    int           fd = call(world);

    say(fd, over, 2);
    until_closed(world, fd);
    fd = call(world);
    say(fd, "\0\0", 2);
    until_closed(world, fd);
    fd = call(world);
    say(fd, "GET / HTTP/1.1\r\n\r\n", 18);
    until_closed(world, fd);
    assert_int_equal(world->a.count, 0);
    assert_int_equal(tcp_counts(world->a.tcp).refused_frames, 3);
}

static void
the_oldest_that_said_nothing_goes_when_one_too_many_comes(void **state)
{
    struct world *world = *state;
    int           spoke = call(world);
    int           fds[LIMIT_STRANGERS];

    say(spoke, "\0\1a", 3);
    until(world, &world->a, EVENT_LINK_FRAME, 1);
    for (size_t i = 0; i < LIMIT_STRANGERS; i++) {
        fds[i] = call(world);
        run_ms(world, 1);
    }
    run_ms(world, 20);
    assert_int_equal(tcp_counts(world->a.tcp).strangers, LIMIT_STRANGERS);
    assert_int_equal(tcp_counts(world->a.tcp).strangers_dropped, 1);
    assert_true(is_closed_silently(fds[0]));
    assert_false(is_closed_silently(fds[1]));
    assert_false(is_closed_silently(spoke));
    for (size_t i = 0; i < LIMIT_STRANGERS; i++)
        close(fds[i]);
    close(spoke);
}

static void
all_strangers_together_have_a_bounded_number_of_frames_waiting(void **state)
{
    struct world *world = *state;
    enum { CALLS = 4 * LIMIT_STRANGERS };
    int fds[CALLS];

    for (size_t i = 0; i < CALLS; i++) {
        fds[i] = call(world);
        say(fds[i], "\0\1a", 3);
        run_ms(world, 1);
    }
    run_ms(world, 20);
    assert_int_equal(count_of(&world->a, EVENT_LINK_FRAME),
                     2 * LIMIT_STRANGERS);
    tcp_resume(world->a.tcp); /* a turn took them */
    run_ms(world, 20);
    assert_true(count_of(&world->a, EVENT_LINK_FRAME) > 2 * LIMIT_STRANGERS);
    for (size_t i = 0; i < CALLS; i++)
        close(fds[i]);
}

static void
a_stranger_has_ten_seconds(void **state)
{
    struct world *world = *state;
    int           fd = call(world);
    int           answered = call(world);

    say(answered, "\0\1a", 3);
    until(world, &world->a, EVENT_LINK_FRAME, 1);
    tcp_send(world->a.tcp, world->a.events[0].link, span_text("yes"));
    expect_bytes(world, answered, "\0\3yes", 5);
    run_ms(world, LIMIT_HANDSHAKE_MS - 500);
    assert_false(is_closed_silently(fd));
    run_ms(world, 600);
    assert_true(is_closed_silently(fd));
    assert_false(is_closed_silently(answered));
    close(fd);
    close(answered);
}

static void
two_calls_from_one_address_have_one_source(void **state)
{
    struct world *world = *state;
    int           one = call(world);
    int           two = call(world);

    say(one, "\0\1a", 3);
    say(two, "\0\1b", 3);
    until(world, &world->a, EVENT_LINK_FRAME, 2);
    assert_int_equal(nth(&world->a, EVENT_LINK_OPENED, 0)->source,
                     nth(&world->a, EVENT_LINK_OPENED, 1)->source);
    assert_int_not_equal(nth(&world->a, EVENT_LINK_OPENED, 0)->source, 0);
    close(one);
    close(two);
}

static void
a_dialled_link_is_opened_when_it_is_connected(void **state)
{
    struct world *world = *state;

    join(world);
    assert_int_equal(world->b.events[0].kind, EVENT_LINK_OPENED);
    assert_int_equal(world->b.events[0].link, 2);
    assert_int_equal(world->b.events[1].kind, EVENT_LINK_ROOM);
    assert_true(span_equal(world->b.events[2].bytes, span_text("welcome")));
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(who_says_no_whole_frame_never_reaches_the_core),
        CLAIM(a_first_frame_comes_as_opened_room_frame),
        CLAIM(a_stranger_is_heard_once_until_it_is_answered),
        CLAIM(a_first_frame_is_the_same_wherever_its_pieces_end),
        CLAIM(an_oversize_or_empty_frame_ends_it_without_a_byte),
        CLAIM(the_oldest_that_said_nothing_goes_when_one_too_many_comes),
        CLAIM(all_strangers_together_have_a_bounded_number_of_frames_waiting),
        CLAIM(a_stranger_has_ten_seconds),
        CLAIM(two_calls_from_one_address_have_one_source),
        CLAIM(a_dialled_link_is_opened_when_it_is_connected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_link.c - frames, order, back-pressure and room on a link whose ends
 * know each other.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/link.h"
#include "tests/unit/tcp_world.h"

static void
what_was_sent_before_a_close_arrives(void **state)
{
    struct world *world = *state;
    uint64_t      link = join(world);

    tcp_send(world->a.tcp, link, span_text("one"));
    tcp_send(world->a.tcp, link, span_text("bye"));
    tcp_close(world->a.tcp, link);
    until(world, &world->b, EVENT_LINK_CLOSED, 1);
    assert_int_equal(count_of(&world->b, EVENT_LINK_FRAME), 3);
    assert_true(span_equal(nth(&world->b, EVENT_LINK_FRAME, 2)->bytes,
                           span_text("bye")));
    assert_int_equal(nth(&world->b, EVENT_LINK_CLOSED, 0)->status, STATUS_OK);
    run_ms(world, 20);
    assert_int_equal(count_of(&world->a, EVENT_LINK_CLOSED), 0);
}

static void
frames_on_a_link_are_the_same_wherever_pieces_end(void **state)
{
    static const char said[] = "\0\3one\0\2to\0\5three";
    struct world     *world = *state;
    const size_t      len = sizeof(said) - 1;

    for (size_t cut = 0; cut <= len; cut++) {
        int      fd = call(world);
        uint64_t link;

        forget_events(&world->a);
        say(fd, "\0\1a", 3);
        until(world, &world->a, EVENT_LINK_FRAME, 1);
        link = nth(&world->a, EVENT_LINK_FRAME, 0)->link;
        tcp_send(world->a.tcp, link, span_text("yes"));
        expect_bytes(world, fd, "\0\3yes", 5);
        if (cut > 0)
            say(fd, said, cut);
        run_ms(world, 2);
        if (cut < len)
            say(fd, said + cut, len - cut);
        until(world, &world->a, EVENT_LINK_FRAME, 4);
        assert_true(span_equal(nth(&world->a, EVENT_LINK_FRAME, 1)->bytes,
                               span_text("one")));
        assert_true(span_equal(nth(&world->a, EVENT_LINK_FRAME, 2)->bytes,
                               span_text("to")));
        assert_true(span_equal(nth(&world->a, EVENT_LINK_FRAME, 3)->bytes,
                               span_text("three")));
        close(fd);
        until(world, &world->a, EVENT_LINK_CLOSED, 1);
    }
}

static void
a_frame_that_was_refused_is_offered_again_in_order(void **state)
{
    struct world *world = *state;
    uint64_t      link = join(world);

    world->b.full = true;
    tcp_send(world->a.tcp, link, span_text("one"));
    tcp_send(world->a.tcp, link, span_text("two"));
    run_ms(world, 20);
    tcp_send(world->a.tcp, link, span_text("three"));
    run_ms(world, 20);
    tcp_resume(world->b.tcp); /* still full */
    run_ms(world, 20);
    assert_int_equal(count_of(&world->b, EVENT_LINK_FRAME), 1);
    world->b.full = false;
    tcp_resume(world->b.tcp);
    until(world, &world->b, EVENT_LINK_FRAME, 4);
    assert_true(span_equal(nth(&world->b, EVENT_LINK_FRAME, 1)->bytes,
                           span_text("one")));
    assert_true(span_equal(nth(&world->b, EVENT_LINK_FRAME, 2)->bytes,
                           span_text("two")));
    assert_true(span_equal(nth(&world->b, EVENT_LINK_FRAME, 3)->bytes,
                           span_text("three")));
}

/* Sends as much as is lent, in frames as long as allowed, each filled with
 * its number; returns the bytes sent. */
static uint64_t
send_all_lent(struct world *world, uint64_t link, uint32_t *number)
{
    uint8_t  frame[LIMIT_FRAME];
    uint64_t sent = 0;

    while (world->a.lent >= world->a.frame_max) {
        size_t len = world->a.frame_max;

        memset(frame, 0, len);
        memcpy(frame, number, sizeof(*number));
        (*number)++;
        tcp_send(world->a.tcp, link, (struct span){frame, len});
        world->a.lent -= len;
        sent += len;
    }
    return sent;
}

static void
room_is_lent_again_as_the_link_carries_and_grows(void **state)
{
    struct world *world = *state;
    uint64_t      link = join(world);
    uint64_t      sent = 0;
    uint32_t      number = 0;
    uint64_t      end = uv_hrtime() + PATIENCE_MS * 1000000ull;

    world->a.lent -= strlen("welcome");
    while (sent < 64 << 20 && uv_hrtime() < end) {
        assert_true(world->a.lent <= LIMIT_ROOM_MAX);
        sent += send_all_lent(world, link, &number);
        turn_loop(world);
    }
    assert_true(sent >= 64 << 20);
    assert_int_equal(world->a.frame_max, LIMIT_FRAME);
    until(world, &world->b, EVENT_LINK_FRAME, 1 + number);
    for (uint32_t i = 0; i < number; i++) {
        const struct event *event = nth(&world->b, EVENT_LINK_FRAME, 1 + i);

        assert_memory_equal(event->bytes.ptr, &i, sizeof(i));
    }
}

static void
a_thin_link_never_has_much_ahead_of_the_next_frame(void **state)
{
    struct world *world = *state;
    int           fd = call_with_buffer(world, 4096);
    uint64_t      link, sent = 0, got = 0, most = 0;
    uint32_t      number = 0;

    say(fd, "\0\1a", 3);
    until(world, &world->a, EVENT_LINK_FRAME, 1);
    link = world->a.events[0].link;
    for (int i = 0; i < 150; i++) { /* 2 KiB each 10 ms: 200 KiB/s */
        uint8_t in[2048];
        ssize_t len;

        sent += send_all_lent(world, link, &number);
        run_ms(world, 10);
        len = recv(fd, in, sizeof(in), 0);
        got += len > 0 ? (uint64_t)len : 0;
        if (i > 50 && sent - got > most)
            most = sent - got;
    }
    print_message("at 200 KiB/s at most %lu bytes were ahead, room for "
                  "frames of %u\n",
                  (unsigned long)most, world->a.frame_max);
    assert_true(got > 150 * 1024);
    /* lent and queued, unsent in the kernel, and what the test's own small
     * receive buffer holds: with a default socket it is megabytes */
    assert_true(most < 256 * 1024);
    close(fd);
}

static void
a_reader_who_is_full_stops_the_sender(void **state)
{
    struct world *world = *state;
    uint64_t      link = join(world);
    uint32_t      number = 0;
    uint64_t      sent = 0, more;

    world->a.lent -= strlen("welcome");
    world->b.full = true;
    do {
        more = 0;
        for (int i = 0; i < 20; i++) {
            more += send_all_lent(world, link, &number);
            run_ms(world, 10);
        }
        sent += more;
        assert_true(sent < 64 << 20);
    } while (more > 0);
    world->b.full = false;
    tcp_resume(world->b.tcp);
    until(world, &world->b, EVENT_LINK_FRAME, 1 + number);
    for (uint32_t i = 0; i < number; i++)
        assert_memory_equal(nth(&world->b, EVENT_LINK_FRAME, 1 + i)->bytes.ptr,
                            &i, sizeof(i));
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(what_was_sent_before_a_close_arrives),
        CLAIM(frames_on_a_link_are_the_same_wherever_pieces_end),
        CLAIM(a_frame_that_was_refused_is_offered_again_in_order),
        CLAIM(room_is_lent_again_as_the_link_carries_and_grows),
        CLAIM(a_thin_link_never_has_much_ahead_of_the_next_frame),
        CLAIM(a_reader_who_is_full_stops_the_sender),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

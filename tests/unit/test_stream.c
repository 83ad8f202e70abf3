/* test_stream.c - one connection as frames, over a pair of Unix sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/frame.h"
#include "node/net/stream.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DIARY_LEN = 4096 };

struct world {
    uv_loop_t          loop;
    struct stream_pool pool;
    struct stream     *stream;
    int                fd;     /* the other end */
    char               diary[DIARY_LEN];
    bool               full;   /* frames are refused */
    bool               pause;  /* the owner pauses after each frame */
    bool               gone;
};

static void
note(struct world *world, const char *words, struct span bytes)
{
    size_t used = strlen(world->diary);

    snprintf(world->diary + used, DIARY_LEN - used, "%s%s%.*s",
             used > 0 ? " " : "", words, (int)bytes.len,
             bytes.len > 0 ? (const char *)bytes.ptr : "");
}

static enum status
on_frame(void *tag, struct span frame)
{
    struct world *world = tag;

    if (world->full)
        return STATUS_FULL;
    if (frame.len == 3 && memcmp(frame.ptr, "bad", 3) == 0)
        return STATUS_BAD_STATE;
    note(world, "", frame);
    if (world->pause)
        stream_pause(world->stream, true);
    return STATUS_OK;
}

static void
on_written(void *tag)
{
    note(tag, "+", SPAN_EMPTY);
}

static void
on_ended(void *tag, enum status why)
{
    struct world *world = tag;

    note(world, "-", span_text(status_name(why)));
    world->gone = true;
}

static const struct stream_ops ops = {
    .width = FRAME_CONTROL_WIDTH,
    .frame = on_frame,
    .written = on_written,
    .ended = on_ended,
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    int           fds[2];

    assert_non_null(world);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->pool.loop = &world->loop;
    world->fd = fds[1];
    world->stream = stream_new(&world->pool, STREAM_PIPE, &ops, world);
    assert_int_equal(
        uv_pipe_open((uv_pipe_t *)stream_handle(world->stream), fds[0]), 0);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    if (!world->gone)
        stream_abort(world->stream);
    if (world->fd >= 0)
        close(world->fd);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(world->pool.count, 0);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    free(world);
    return 0;
}

static void
start(struct world *world, bool exact)
{
    assert_int_equal(stream_start(world->stream, 100, exact), STATUS_OK);
}

static void
run(struct world *world)
{
    for (int i = 0; i < 20; i++)
        uv_run(&world->loop, UV_RUN_NOWAIT);
}

static void
say(struct world *world, const char *bytes, size_t len)
{
    assert_int_equal(write(world->fd, bytes, len), len);
    run(world);
}

static const char three[] = "\0\0\0\3one\0\0\0\2to\0\0\0\5three";

static void
frames_come_one_by_one_wherever_pieces_end(void **state)
{
    struct world *world = *state;

    start(world, false);
    for (size_t cut = 1; cut < sizeof(three) - 1; cut++) {
        world->diary[0] = 0;
        say(world, three, cut);
        say(world, three + cut, sizeof(three) - 1 - cut);
        assert_string_equal(world->diary, "one to three");
    }
}

static void
an_exact_stream_leaves_the_next_frame_in_the_kernel(void **state)
{
    struct world *world = *state;
    int           left = 0;

    start(world, true);
    world->pause = true;
    say(world, three, sizeof(three) - 1);
    assert_string_equal(world->diary, "one");
    /* "\0\0\0\2to\0\0\0\5three" is still there */
    assert_int_equal(stream_fd(world->stream) >= 0, 1);
    assert_int_equal(recv(stream_fd(world->stream), &left, 4,
                          MSG_PEEK | MSG_DONTWAIT),
                     4);
    assert_memory_equal(&left, "\0\0\0\2", 4);
}

static void
a_paused_stream_goes_on_where_it_stopped(void **state)
{
    struct world *world = *state;

    start(world, false);
    world->pause = true;
    say(world, three, sizeof(three) - 1);
    assert_string_equal(world->diary, "one");
    stream_pause(world->stream, false);
    assert_string_equal(world->diary, "one to");
    world->pause = false;
    stream_pause(world->stream, false);
    run(world);
    assert_string_equal(world->diary, "one to three");
    say(world, "\0\0\0\1!", 5);
    assert_string_equal(world->diary, "one to three !");
}

static void
a_refused_frame_is_offered_again(void **state)
{
    struct world *world = *state;

    start(world, false);
    world->full = true;
    say(world, three, sizeof(three) - 1);
    stream_resume(world->stream);
    assert_string_equal(world->diary, "");
    world->full = false;
    stream_resume(world->stream);
    assert_string_equal(world->diary, "one to three");
}

static void
a_frame_that_its_owner_cannot_take_ends_the_stream(void **state)
{
    struct world *world = *state;

    start(world, false);
    say(world, "\0\0\0\3bad\0\0\0\2to", 13);
    assert_string_equal(world->diary, "-BAD_STATE");
}

static void
a_wrong_length_ends_the_stream(void **state)
{
    struct world *world = *state;

    start(world, false);
    say(world, "\0\0\0\145", 4);
    assert_string_equal(world->diary, "-TOO_LARGE");
}

static void
the_end_of_the_other_side_is_told_once(void **state)
{
    struct world *world = *state;

    start(world, false);
    say(world, "\0\0\0\2to", 6);
    close(world->fd);
    world->fd = -1;
    run(world);
    assert_string_equal(world->diary, "to -OK");
}

static void
frames_of_one_turn_leave_together(void **state)
{
    struct world *world = *state;
    char          in[32] = {0};

    start(world, false);
    assert_int_equal(stream_send(world->stream, span_text("one")), STATUS_OK);
    assert_int_equal(stream_send(world->stream, span_text("to")), STATUS_OK);
    assert_int_equal(stream_queued(world->stream), 5);
    assert_int_equal(read(world->fd, in, sizeof(in)), -1);
    stream_flush(world->stream);
    assert_int_equal(read(world->fd, in, sizeof(in)), 13);
    assert_memory_equal(in, three, 13);
    run(world);
    assert_string_equal(world->diary, "+");
    assert_int_equal(stream_queued(world->stream), 0);
}

static void
a_finish_sends_what_was_given_and_waits_for_the_other_end(void **state)
{
    struct world *world = *state;
    char          in[32];

    start(world, false);
    assert_int_equal(stream_send(world->stream, span_text("one")), STATUS_OK);
    stream_finish(world->stream);
    world->gone = true; /* not ours any more */
    run(world);
    assert_int_equal(read(world->fd, in, sizeof(in)), 7);
    assert_int_equal(read(world->fd, in, sizeof(in)), 0);
    say(world, "\0\0\0\2to", 6); /* too late, but no reset */
    assert_int_equal(world->pool.count, 1);
    close(world->fd);
    world->fd = -1;
    run(world);
    assert_int_equal(world->pool.count, 0);
    assert_string_equal(world->diary, "");
}

static void
a_finish_does_not_wait_for_ever(void **state)
{
    struct world *world = *state;
    uint64_t      begun = uv_hrtime();

    start(world, false);
    stream_finish(world->stream);
    world->gone = true;
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(world->pool.count, 0);
    assert_in_range((uv_hrtime() - begun) / 1000000, STREAM_FINISH_MS - 10,
                    STREAM_FINISH_MS + 2000);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(frames_come_one_by_one_wherever_pieces_end),
        CLAIM(an_exact_stream_leaves_the_next_frame_in_the_kernel),
        CLAIM(a_paused_stream_goes_on_where_it_stopped),
        CLAIM(a_refused_frame_is_offered_again),
        CLAIM(a_frame_that_its_owner_cannot_take_ends_the_stream),
        CLAIM(a_wrong_length_ends_the_stream),
        CLAIM(the_end_of_the_other_side_is_told_once),
        CLAIM(frames_of_one_turn_leave_together),
        CLAIM(a_finish_sends_what_was_given_and_waits_for_the_other_end),
        CLAIM(a_finish_does_not_wait_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_control.c - programs at the control socket: what they may cost and
 * what they are told.  (Another user cannot be played here: that rule is
 * is_allowed() alone.)
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/control.h"
#include "node/net/endpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENTS_MAX = 1024 };

struct world {
    char            home[64];
    char            path[96];
    uv_loop_t       loop;
    struct control *control;
    struct event    events[EVENTS_MAX];
    char            texts[EVENTS_MAX][16];
    size_t          count;
    bool            full;
    uint64_t        own_client;
    unsigned        own_kind;
    uint64_t        gone_client;
};

static enum status
on_post(void *arg, const struct event *event)
{
    struct world *world = arg;

    if (world->full && event->kind == EVENT_REQUEST)
        return STATUS_FULL;
    assert_true(world->count < EVENTS_MAX);
    world->events[world->count] = *event;
    snprintf(world->texts[world->count], sizeof(world->texts[0]), "%.*s",
             (int)event->bytes.len, (const char *)event->bytes.ptr);
    world->count++;
    return STATUS_OK;
}

static void
on_own(void *arg, uint64_t client, const Entente__Request *request)
{
    struct world *world = arg;

    world->own_client = client;
    world->own_kind = request->kind_case;
    control_done(world->control, client, request->id);
}

static void
on_gone(void *arg, uint64_t client)
{
    ((struct world *)arg)->gone_client = client;
}

static const struct control_hooks hooks = {
    .post = on_post, .own = on_own, .gone = on_gone};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    snprintf(world->home, sizeof(world->home), "/tmp/entente-test-XXXXXX");
    assert_non_null(mkdtemp(world->home));
    snprintf(world->path, sizeof(world->path), "%s/" ENDPOINT_NAME,
             world->home);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->control = control_new(&world->loop, &hooks, world);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    control_stop(world->control);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    control_free(world->control);
    unlink(world->path);
    assert_int_equal(rmdir(world->home), 0);
    free(world);
    return 0;
}

static void
listen_now(struct world *world)
{
    assert_int_equal(control_listen(world->control, world->home), STATUS_OK);
}

static int
call(struct world *world)
{
    struct sockaddr_un address;
    int                folder;
    int                fd = socket(AF_UNIX, SOCK_STREAM, 0);

    assert_int_equal(endpoint_of(world->home, &address, &folder), STATUS_OK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
    close(folder);
    return fd;
}

static void
run(struct world *world)
{
    for (int i = 0; i < 20; i++) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        control_flush(world->control);
    }
}

static void
say(struct world *world, int fd, const void *bytes, size_t len)
{
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
    run(world);
}

/* -1: closed; 0: nothing; else bytes. */
static ssize_t
hear(int fd, void *in, size_t cap)
{
    ssize_t got = recv(fd, in, cap, 0);

    if (got > 0)
        return got;
    return got < 0 && errno == EAGAIN ? 0 : -1;
}

static void
expect_failure(int fd, enum status st)
{
    uint8_t            in[1024];
    ssize_t            got = hear(fd, in, sizeof(in));
    Entente__Response *response;

    assert_true(got > 4);
    response = entente__response__unpack(NULL, (size_t)got - 4, in + 4);
    assert_non_null(response);
    assert_int_equal(response->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(response->failure->code, status_name(st));
    assert_true(response->last);
    entente__response__free_unpacked(response, NULL);
}

static void
requests_become_events_and_answers_come_back(void **state)
{
    struct world *world = *state;
    char          in[64];
    int           fd;

    listen_now(world);
    fd = call(world);
    say(world, fd, "\0\0\0\5\10\1\12\1x\0\0\0\2\10\2", 15);
    assert_int_equal(world->count, 2);
    assert_int_equal(world->events[0].kind, EVENT_REQUEST);
    assert_int_equal(world->events[0].client, 1);
    control_tell(world->control, 1, span_text("answer"));
    run(world);
    assert_int_equal(hear(fd, in, sizeof(in)), 10);
    assert_memory_equal(in, "\0\0\0\6answer", 10);
    close(fd);
    run(world);
    assert_int_equal(world->count, 3);
    assert_int_equal(world->events[2].kind, EVENT_CLIENT_GONE);
    assert_int_equal(world->events[2].client, 1);
}

static void
who_never_asked_comes_and_goes_unheard(void **state)
{
    struct world *world = *state;
    int           fd;

    listen_now(world);
    fd = call(world);
    run(world);
    assert_int_equal(control_clients(world->control), 1);
    close(fd);
    run(world);
    assert_int_equal(control_clients(world->control), 0);
    assert_int_equal(world->count, 0);
}

static void
shutdown_is_the_edges_which_hears_when_that_client_is_gone(void **state)
{
    struct world *world = *state;
    uint8_t       in[64];
    int           fd;

    listen_now(world);
    fd = call(world);
    say(world, fd, "\0\0\0\5\10\7\232\1\0", 9); /* id 7, shutdown {} */
    assert_int_equal(world->count, 0);
    assert_int_equal(world->own_kind, ENTENTE__REQUEST__KIND_SHUTDOWN);
    run(world);
    assert_true(hear(fd, in, sizeof(in)) > 4);
    assert_int_equal(world->gone_client, 0);
    close(fd);
    run(world);
    assert_int_equal(world->gone_client, world->own_client);
}

static void
a_malformed_own_request_is_answered_with_the_reason(void **state)
{
    struct world *world = *state;
    int           fd;

    listen_now(world);
    fd = call(world);
    say(world, fd, "\0\0\0\5\10\7\232\1\5", 9); /* a length beyond the end */
    expect_failure(fd, STATUS_BAD_ENCODING);
    assert_int_equal(world->own_kind, 0);
    close(fd);
}

static void
an_oversize_frame_or_garbage_closes_that_client_alone(void **state)
{
    struct world *world = *state;
    char          in[8];
    int           bad, good;

    listen_now(world);
    bad = call(world);
    good = call(world);
    run(world);
    say(world, bad, "\0\20\0\1", 4); /* LIMIT_CONTROL_FRAME + 1 */
    assert_int_equal(hear(bad, in, sizeof(in)), -1);
    assert_int_equal(hear(good, in, sizeof(in)), 0);
    close(bad);
    bad = call(world);
    say(world, bad, "GET / HTTP/1.1\r\n\r\n", 18);
    assert_int_equal(hear(bad, in, sizeof(in)), -1);
    assert_int_equal(world->count, 0);
    close(bad);
    close(good);
}

static void
the_one_too_many_is_told_so(void **state)
{
    struct world *world = *state;
    int           fds[LIMIT_CLIENTS + 1];

    listen_now(world);
    for (size_t i = 0; i <= LIMIT_CLIENTS; i++) {
        fds[i] = call(world);
        run(world);
    }
    assert_int_equal(control_clients(world->control), LIMIT_CLIENTS);
    expect_failure(fds[LIMIT_CLIENTS], STATUS_FULL);
    for (size_t i = 0; i <= LIMIT_CLIENTS; i++)
        close(fds[i]);
}

static void
a_request_that_was_refused_is_offered_again(void **state)
{
    struct world *world = *state;
    int           fd;

    listen_now(world);
    fd = call(world);
    world->full = true;
    say(world, fd, "\0\0\0\1a\0\0\0\1b", 10);
    control_resume(world->control);
    assert_int_equal(world->count, 0);
    world->full = false;
    control_resume(world->control);
    run(world);
    assert_int_equal(world->count, 2);
    assert_string_equal(world->texts[0], "a");
    assert_string_equal(world->texts[1], "b");
    close(fd);
}

static void
who_does_not_read_is_not_read_from_and_then_closed(void **state)
{
    struct world *world = *state;
    size_t        len = LIMIT_CONTROL_FRAME;
    uint8_t      *big = calloc(1, len);
    int           fd;

    assert_non_null(big);
    listen_now(world);
    fd = call(world);
    say(world, fd, "\0\0\0\1a", 5);
    for (int i = 0; i < 3; i++)
        control_tell(world->control, 1, (struct span){big, len});
    run(world);
    say(world, fd, "\0\0\0\1b", 5);
    assert_int_equal(world->count, 1); /* answers first */
    for (int i = 0; i < 16; i++)
        control_tell(world->control, 1, (struct span){big, len});
    assert_int_equal(world->count, 2);
    assert_int_equal(world->events[1].kind, EVENT_CLIENT_GONE);
    assert_int_equal(control_clients(world->control), 0);
    close(fd);
    free(big);
}

static void
a_slow_reader_is_read_from_again_once_it_has_read(void **state)
{
    struct world *world = *state;
    size_t        len = LIMIT_CONTROL_FRAME;
    uint8_t      *big = calloc(1, len);
    size_t        got = 0;
    int           fd;

    assert_non_null(big);
    listen_now(world);
    fd = call(world);
    say(world, fd, "\0\0\0\1a", 5);
    for (int i = 0; i < 3; i++)
        control_tell(world->control, 1, (struct span){big, len});
    run(world);
    say(world, fd, "\0\0\0\1b", 5);
    assert_int_equal(world->count, 1);
    while (got < 3 * (4 + len)) {
        ssize_t part = hear(fd, big, len);

        assert_true(part >= 0);
        got += (size_t)part;
        run(world);
    }
    assert_int_equal(world->count, 2);
    assert_string_equal(world->texts[1], "b");
    close(fd);
    free(big);
}

static void
the_socket_is_the_owners_alone_and_goes_with_the_node(void **state)
{
    struct world *world = *state;
    struct stat   info;

    listen_now(world);
    assert_int_equal(stat(world->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    control_stop(world->control);
    assert_int_equal(stat(world->path, &info), -1);
}

static void
a_dead_nodes_socket_is_replaced_but_nothing_else(void **state)
{
    struct world      *world = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s", world->path);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)),
                     0);
    close(fd);
    listen_now(world);
    close(call(world));
}

static void
a_file_in_the_sockets_place_is_left_alone(void **state)
{
    struct world *world = *state;
    int           fd = open(world->path, O_CREAT | O_WRONLY, 0600);

    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(control_listen(world->control, world->home),
                     STATUS_EXISTS);
    assert_int_equal(access(world->path, F_OK), 0);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(requests_become_events_and_answers_come_back),
        CLAIM(who_never_asked_comes_and_goes_unheard),
        CLAIM(shutdown_is_the_edges_which_hears_when_that_client_is_gone),
        CLAIM(a_malformed_own_request_is_answered_with_the_reason),
        CLAIM(an_oversize_frame_or_garbage_closes_that_client_alone),
        CLAIM(the_one_too_many_is_told_so),
        CLAIM(a_request_that_was_refused_is_offered_again),
        CLAIM(who_does_not_read_is_not_read_from_and_then_closed),
        CLAIM(a_slow_reader_is_read_from_again_once_it_has_read),
        CLAIM(the_socket_is_the_owners_alone_and_goes_with_the_node),
        CLAIM(a_dead_nodes_socket_is_replaced_but_nothing_else),
        CLAIM(a_file_in_the_sockets_place_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

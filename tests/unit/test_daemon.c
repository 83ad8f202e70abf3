/*
 * test_daemon.c - the real edge under a fake node and a fake store: real
 * loop, threads, sockets and clock.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "control.pb-c.h"
#include "node/net/clock.h"
#include "node/net/daemon.h"
#include "node/net/endpoint.h"
#include "node/net/shortage.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DIARY_LEN = 4096 };

/* The fake node: what it saw, and what it answers each kind of event with. */
struct node {
    char     diary[DIARY_LEN];
    uint64_t wake_in_ms; /* 0: never */
    uint64_t woken_ms;
    uint64_t wake_at_ms;
    bool     load; /* a REQUEST asks the index */
};

struct world {
    char           home[64];
    uv_loop_t      loop;
    struct node    node;
    struct daemon *daemon;
    atomic_int     commits;
    atomic_int     answer; /* of the next commits */
    atomic_bool    due;
    bool           stopping;
};

static void
note(struct node *node, const char *words)
{
    size_t used = strlen(node->diary);

    snprintf(node->diary + used, DIARY_LEN - used, "%s ", words);
}

static void
on_request(struct node *node, const struct event *event, struct effects *out)
{
    struct effect *effect;

    note(node, "request");
    if (node->load) {
        effect = effects_add(out, EFFECT_LOAD);
        effect->token = 5;
        effect->bytes = effects_copy(out, span_text("what"));
        return;
    }
    effects_add(out, EFFECT_SAVE);
    effect = effects_add(out, EFFECT_TELL);
    effect->client = event->client;
    effect->bytes = effects_copy(out, event->bytes);
}

void
node_turn(struct node *node, const struct turn_input *input,
          const struct event *events, size_t count, struct effects *out)
{
    for (size_t i = 0; i < count; i++) {
        switch (events[i].kind) {
        case EVENT_TIMER:
            note(node, "timer");
            node->woken_ms = input->mono_ms;
            break;
        case EVENT_DISK:
            note(node, events[i].room == 0 ? "full" : "room");
            break;
        case EVENT_REQUEST: on_request(node, &events[i], out); break;
        case EVENT_DEED: note(node, "deed"); break;
        case EVENT_SNAPSHOT: note(node, "snapshot"); break;
        case EVENT_QUIESCE: note(node, "quiesce"); break;
        case EVENT_LOADED:
            note(node, status_name(events[i].status));
            break;
        default: note(node, "other"); break;
        }
    }
    if (node->wake_in_ms > 0) {
        node->wake_at_ms = input->mono_ms + node->wake_in_ms;
        effects_add(out, EFFECT_WAKE_AT)->mono_ms = node->wake_at_ms;
        node->wake_in_ms = 0;
    }
}

const char *
node_name(const struct node *node)
{
    (void)node;
    return "ifc";
}

const char *
node_link_peer(const struct node *node, uint64_t link)
{
    (void)node;
    (void)link;
    return "";
}

void
node_export(struct node *node, struct effects *out)
{
    note(node, "export");
    effects_add(out, EFFECT_SAVE)->bytes = span_text("state");
}

static enum status
on_commit(void *arg, const struct effects *effects)
{
    struct world *world = arg;

    (void)effects;
    atomic_fetch_add(&world->commits, 1);
    return (enum status)atomic_load(&world->answer);
}

static bool
on_due(void *arg)
{
    return atomic_load(&((struct world *)arg)->due);
}

static enum status
on_query(void *arg, const struct query *query, struct span text,
         struct span *answer)
{
    (void)arg;
    (void)query;
    *answer = text;
    return STATUS_AMBIGUOUS;
}

static enum status
on_catch_up(void *arg)
{
    (void)arg;
    return STATUS_OK;
}

static void
on_stopping(void *arg)
{
    ((struct world *)arg)->stopping = true;
}

static const struct node_config config = {.address_count = 0};

static struct world *
begin(const char *home)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    snprintf(world->home, sizeof(world->home), "%s", home);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->daemon = daemon_new(&(struct daemon_options){
        .loop = &world->loop,
        .node = &world->node,
        .config = &config,
        .home = world->home,
        .commits = {world, on_commit, on_due, NULL, NULL},
        .index = {world, on_query, on_catch_up},
        .stopping = on_stopping,
        .arg = world,
    });
    assert_int_equal(daemon_open_control(world->daemon), STATUS_OK);
    return world;
}

static int
setup(void **state)
{
    char home[] = "/tmp/entente-test-XXXXXX";

    assert_non_null(mkdtemp(home));
    *state = begin(home);
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    daemon_stop(world->daemon);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    assert_true(world->stopping);
    daemon_free(world->daemon);
    assert_int_equal(rmdir(world->home), 0); /* the socket is gone, too */
    free(world);
    return 0;
}

static void
run_ms(struct world *world, uint64_t ms)
{
    uint64_t end = uv_hrtime() + ms * 1000000;

    while (uv_hrtime() < end) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        usleep(500);
    }
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
ask(int fd)
{
    assert_int_equal(write(fd, "\0\0\0\2\10\1", 6), 6);
}

static void
the_first_turn_comes_by_itself_and_knows_the_disk(void **state)
{
    struct world *world = *state;

    daemon_start(world->daemon);
    run_ms(world, 100);
    assert_non_null(strstr(world->node.diary, "timer"));
    assert_non_null(strstr(world->node.diary, "room"));
}

static void
an_answer_leaves_after_its_commit(void **state)
{
    struct world *world = *state;
    char          in[16];
    int           fd = call(world);

    daemon_start(world->daemon);
    ask(fd);
    run_ms(world, 100);
    assert_int_equal(atomic_load(&world->commits), 1);
    assert_int_equal(read(fd, in, sizeof(in)), 6);
    assert_memory_equal(in, "\0\0\0\2\10\1", 6);
    close(fd);
}

static void
without_space_a_commit_is_withheld_told_and_tried_again(void **state)
{
    struct world *world = *state;
    char          in[16];
    int           fd = call(world);

    daemon_start(world->daemon);
    run_ms(world, 50);
    world->node.diary[0] = '\0';
    atomic_store(&world->answer, STATUS_NO_SPACE);
    ask(fd);
    run_ms(world, 200);
    assert_int_equal(atomic_load(&world->commits), 1);
    assert_int_equal(read(fd, in, sizeof(in)), -1); /* nothing was told */
    run_ms(world, SHORTAGE_RETRY_MS);
    assert_int_equal(atomic_load(&world->commits), 2);
    atomic_store(&world->answer, STATUS_OK);
    run_ms(world, SHORTAGE_RETRY_MS + 200);
    assert_int_equal(atomic_load(&world->commits), 3);
    assert_int_equal(read(fd, in, sizeof(in)), 6);
    assert_string_equal(world->node.diary, "request full ");
    close(fd);
}

/* Stands first: a child of a process with threads could make none. */
static void
a_commit_that_fails_ends_the_process_with_its_code(void **state)
{
    char  home[] = "/tmp/entente-test-XXXXXX";
    char  path[64];
    int   how = 0;
    pid_t child;

    (void)state;
    assert_non_null(mkdtemp(home));
    child = fork();
    if (child == 0) {
        struct world *world = begin(home);

        close(STDERR_FILENO);
        daemon_start(world->daemon);
        atomic_store(&world->answer, STATUS_IO);
        ask(call(world));
        run_ms(world, 5000);
        _exit(99);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_equal(WEXITSTATUS(how), ending_code(ENDING_COMMIT));
    snprintf(path, sizeof(path), "%s/" ENDPOINT_NAME, home);
    unlink(path); /* a dead node's */
    assert_int_equal(rmdir(home), 0);
}

static void
a_wake_comes_when_it_was_asked_for_and_not_before(void **state)
{
    struct world *world = *state;

    world->node.wake_in_ms = 60;
    daemon_start(world->daemon);
    run_ms(world, 40);
    assert_true(world->node.woken_ms < world->node.wake_at_ms);
    run_ms(world, 200);
    for (int i = 0; i < 200 && world->node.woken_ms < world->node.wake_at_ms;
         i++)
        run_ms(world, 50);
    assert_true(world->node.woken_ms >= world->node.wake_at_ms);
}

/* Until the node's diary has the words, 20 s at most: a busy machine is no
 * fault of ours. */
static void
run_until(struct world *world, const char *words)
{
    for (int i = 0; i < 1000; i++) {
        if (strstr(world->node.diary, words) != NULL)
            return;
        run_ms(world, 20);
    }
}

static void
a_load_is_answered_by_an_event(void **state)
{
    struct world *world = *state;
    int           fd = call(world);
    const char   *request;

    world->node.load = true;
    daemon_start(world->daemon);
    ask(fd);
    run_until(world, "AMBIGUOUS"); /* room on the disk may be told before it */
    request = strstr(world->node.diary, "request");
    assert_non_null(request);
    assert_non_null(strstr(request, "AMBIGUOUS"));
    close(fd);
}

static void
a_snapshot_is_asked_once_until_it_was_made(void **state)
{
    struct world *world = *state;
    int           fd = call(world);

    atomic_store(&world->due, true);
    daemon_start(world->daemon);
    for (int i = 0; i < 3; i++) {
        ask(fd);
        run_ms(world, 50);
    }
    assert_null(strstr(strstr(world->node.diary, "snapshot") + 1, "snapshot"));
    atomic_store(&world->due, false);
    ask(fd);
    run_ms(world, 50);
    atomic_store(&world->due, true);
    ask(fd);
    run_ms(world, 50);
    assert_non_null(strstr(strstr(world->node.diary, "snapshot") + 1,
                           "snapshot"));
    close(fd);
}

static void
a_shutdown_is_answered_and_ends_the_loop(void **state)
{
    struct world *world = *state;
    uint8_t       in[64];
    int           fd = call(world);

    daemon_start(world->daemon);
    assert_int_equal(write(fd, "\0\0\0\5\10\7\232\1\0", 9), 9);
    run_ms(world, 50);
    assert_int_equal(read(fd, in, sizeof(in)), 4 + 2 + 2 + 2);
    assert_int_equal(read(fd, in, sizeof(in)), 0);
    close(fd);
    uv_run(&world->loop, UV_RUN_DEFAULT); /* comes back */
    assert_non_null(strstr(world->node.diary, "quiesce"));
}

/* A capture request: id 7, file, replay, passphrase "x". */
static void
ask_capture(int fd, const char *file)
{
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;
    uint8_t                 out[512];
    struct writer           length = writer_of(out, 4);

    request.id = 7;
    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = &capture;
    capture.file = (char *)(uintptr_t)file;
    capture.replay = file[0] != '\0';
    capture.passphrase.data = (uint8_t *)(uintptr_t) "x";
    capture.passphrase.len = 1;
    writer_u32(&length,
               (uint32_t)entente__request__pack(&request, out + 4));
    assert_true(write(fd, out, 4 + entente__request__get_packed_size(
                                       &request)) > 4);
}

static void
a_capture_begins_with_a_quiesce_and_ends_when_asked(void **state)
{
    struct world *world = *state;
    char          path[96];
    char          in[256];
    int           fd = call(world);

    snprintf(path, sizeof(path), "%s/c.pcapng", world->home);
    daemon_start(world->daemon);
    run_ms(world, 20);
    world->node.diary[0] = '\0';
    ask_capture(fd, path);
    for (int i = 0; i < 100 && read(fd, in, sizeof(in)) < 0; i++)
        run_ms(world, 100); /* Argon2id */
    assert_string_equal(world->node.diary, "deed quiesce export timer ");
    ask_capture(fd, path); /* one at a time */
    run_ms(world, 50);
    assert_true(read(fd, in, sizeof(in)) > 30);
    ask_capture(fd, "");
    run_ms(world, 50);
    assert_true(read(fd, in, sizeof(in)) > (ssize_t)strlen(path));
    assert_string_equal(world->node.diary, "deed quiesce export timer deed ");
    assert_int_equal(unlink(path), 0);
    close(fd);
}

static void
a_stop_while_withheld_does_not_wait_for_ever(void **state)
{
    struct world *world = *state;
    uint64_t      begun;
    int           fd = call(world);

    daemon_start(world->daemon);
    atomic_store(&world->answer, STATUS_NO_SPACE);
    ask(fd);
    run_ms(world, 50);
    begun = uv_hrtime();
    daemon_stop(world->daemon);
    close(fd);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_in_range((uv_hrtime() - begun) / 1000000, DAEMON_STOP_MS - 10,
                    DAEMON_STOP_MS + 2000);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_that_fails_ends_the_process_with_its_code),
        CLAIM(the_first_turn_comes_by_itself_and_knows_the_disk),
        CLAIM(an_answer_leaves_after_its_commit),
        CLAIM(without_space_a_commit_is_withheld_told_and_tried_again),
        CLAIM(a_wake_comes_when_it_was_asked_for_and_not_before),
        CLAIM(a_load_is_answered_by_an_event),
        CLAIM(a_snapshot_is_asked_once_until_it_was_made),
        CLAIM(a_shutdown_is_answered_and_ends_the_loop),
        CLAIM(a_capture_begins_with_a_quiesce_and_ends_when_asked),
        CLAIM(a_stop_while_withheld_does_not_wait_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_tapping.c - when a capture begins, ends, and is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/tapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct node {
    size_t exports;
};

/* The fake node: its state is nothing. */
void
node_export(struct node *node, struct effects *out)
{
    (void)out;
    node->exports++;
}

struct world {
    char               folder[64];
    char               path[96];
    uv_loop_t          loop;
    struct node        node;
    struct node_config config;
    struct tapping    *tapping;
    char               diary[1024];
};

static void
note(struct world *world, const char *words)
{
    size_t used = strlen(world->diary);

    snprintf(world->diary + used, sizeof(world->diary) - used, "%s ", words);
}

static void
on_quiesce(void *arg)
{
    note(arg, "quiesce");
}

static void
on_turned(void *arg, bool on)
{
    note(arg, on ? "on" : "off");
}

static void
on_answer(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    (void)words;
    assert_int_equal(client, 3);
    assert_int_equal(id, 7);
    note(arg, status_name(st));
}

static const struct tapping_ops ops = {on_quiesce, on_turned, on_answer};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    snprintf(world->folder, sizeof(world->folder), "/tmp/entente-test-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof(world->path), "%s/c.pcapng", world->folder);
    assert_int_equal(uv_loop_init(&world->loop), 0);
    world->tapping = tapping_new(&world->loop, &world->node, &world->config,
                                 &ops, world);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    tapping_free(world->tapping);
    uv_run(&world->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&world->loop), 0);
    unlink(world->path);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

static void
ask(struct world *world, const char *file, const char *passphrase, bool frames)
{
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;

    request.id = 7;
    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = &capture;
    capture.file = (char *)(uintptr_t)file;
    capture.frames = frames;
    capture.replay = passphrase != NULL;
    if (passphrase != NULL) {
        capture.passphrase.data = (uint8_t *)(uintptr_t)passphrase;
        capture.passphrase.len = strlen(passphrase);
    }
    tapping_request(world->tapping, 3, &request);
}

/* Lets libuv's pool finish. */
static void
run(struct world *world)
{
    for (int i = 0; i < 400 && strlen(world->diary) == 0; i++) {
        uv_run(&world->loop, UV_RUN_NOWAIT);
        usleep(10000);
    }
}

static void
see(struct world *world, enum event_kind kind)
{
    struct turn_input input = {.mono_ms = 1};
    struct event      event = {.kind = kind};
    struct effects    effects;

    effects_init(&effects);
    tapping_seen(world->tapping, &input, &event, 1, &effects);
    effects_free(&effects);
}

static size_t
file_len(const struct world *world)
{
    struct stat info;

    return stat(world->path, &info) == 0 ? (size_t)info.st_size : 0;
}

static void
a_capture_begins_with_the_turn_that_quiesces(void **state)
{
    struct world *world = *state;

    ask(world, world->path, "sesame", false);
    run(world);
    assert_string_equal(world->diary, "quiesce ");
    assert_true(tapping_holds(world->tapping));
    see(world, EVENT_TIMER); /* another turn before it */
    tapping_wire(world->tapping, 1, false, span_text("too early"));
    assert_int_equal(world->node.exports, 0);
    see(world, EVENT_QUIESCE);
    assert_int_equal(world->node.exports, 1);
    assert_string_equal(world->diary, "quiesce on OK ");
    assert_false(tapping_holds(world->tapping));
    see(world, EVENT_TIMER);
    tapping_wire(world->tapping, 3, false, span_text("hello"));
    ask(world, "", NULL, false);
    assert_string_equal(world->diary, "quiesce on OK off OK ");
    assert_true(file_len(world) > 400);
}

static void
a_start_before_the_first_turn_needs_no_quiesce(void **state)
{
    struct world *world = *state;

    assert_int_equal(tapping_begin(world->tapping, world->path, SPAN_EMPTY),
                     STATUS_OK);
    assert_string_equal(world->diary, "on ");
    assert_int_equal(world->node.exports, 0); /* no passphrase: no state */
}

static void
what_cannot_be_done_is_refused_in_words(void **state)
{
    struct world *world = *state;

    ask(world, "", NULL, false); /* none is on */
    ask(world, "relative.pcapng", NULL, false);
    ask(world, world->path, "", false);
    ask(world, world->path, NULL, true);
    assert_string_equal(world->diary,
                        "BAD_STATE BAD_FIELD PASSPHRASE BAD_STATE ");
    assert_int_equal(file_len(world), 0);
}

static void
a_file_that_cannot_be_made_is_refused_and_nothing_quiesces(void **state)
{
    struct world *world = *state;

    ask(world, "/nobody/is/here.pcapng", NULL, false);
    run(world);
    assert_string_equal(world->diary, "NOT_FOUND ");
    world->diary[0] = '\0';
    ask(world, world->path, NULL, false); /* and another may follow */
    run(world);
    assert_string_equal(world->diary, "quiesce ");
}

static void
a_second_one_is_refused(void **state)
{
    struct world *world = *state;

    ask(world, world->path, NULL, false);
    ask(world, world->path, NULL, false);
    assert_string_equal(world->diary, "BAD_STATE ");
    world->diary[0] = '\0';
    run(world);
    see(world, EVENT_QUIESCE);
    ask(world, world->path, NULL, false);
    assert_string_equal(world->diary, "quiesce on OK BAD_STATE ");
}

static void
an_end_while_the_file_is_being_opened_is_clean(void **state)
{
    struct world *world = *state;

    ask(world, world->path, "sesame", false);
    /* teardown does the rest; a sanitizer looks */
    assert_string_equal(world->diary, "");
}

/* The core's answer to STATUS, and what becomes of it on its way. */
static Entente__Response *
status_told(struct world *world)
{
    Entente__Response       response = ENTENTE__RESPONSE__INIT;
    Entente__StatusResponse status = ENTENTE__STATUS_RESPONSE__INIT;
    uint8_t                 bytes[256];
    struct span             told;

    response.id = 9;
    response.last = true;
    response.kind_case = ENTENTE__RESPONSE__KIND_STATUS;
    response.status = &status;
    status.name = (char *)(uintptr_t)"ifc";
    told = tapping_told(world->tapping,
                        (struct span){bytes, entente__response__pack(&response,
                                                                     bytes)});
    return entente__response__unpack(NULL, told.len, told.ptr);
}

static void
status_tells_of_a_capture_while_it_is_on(void **state)
{
    struct world            *world = *state;
    Entente__Response       *told = status_told(world);
    Entente__StatusResponse *status;

    assert_string_equal(told->status->capture, "");
    entente__response__free_unpacked(told, NULL);
    ask(world, world->path, "sesame", false);
    run(world);
    see(world, EVENT_QUIESCE);
    told = status_told(world);
    status = told->status;
    assert_string_equal(status->capture, world->path);
    assert_true(status->capture_bytes > 100);
    assert_true(status->capture_since_ms > 1700000000000);
    assert_true(status->capture_replay);
    assert_string_equal(status->name, "ifc");
    assert_int_equal(told->id, 9);
    assert_true(told->last);
    entente__response__free_unpacked(told, NULL);
    ask(world, "", NULL, false);
    told = status_told(world);
    assert_string_equal(told->status->capture, "");
    entente__response__free_unpacked(told, NULL);
}

static void
status_counts_what_is_captured(void **state)
{
    struct world      *world = *state;
    Entente__Response *before;
    Entente__Response *after;

    assert_int_equal(tapping_begin(world->tapping, world->path, SPAN_EMPTY),
                     STATUS_OK);
    before = status_told(world);
    assert_false(before->status->capture_replay);
    tapping_wire(world->tapping, 1, false, span_text("hello"));
    after = status_told(world);
    assert_true(after->status->capture_bytes >
                before->status->capture_bytes + 5);
    entente__response__free_unpacked(before, NULL);
    entente__response__free_unpacked(after, NULL);
}

static void
other_answers_pass_as_they_are(void **state)
{
    struct world *world = *state;
    struct span   answers[] = {span_text("\x08\x09\x10\x01\x6a\x02ok"),
                               span_text("garbage")};

    assert_int_equal(tapping_begin(world->tapping, world->path, SPAN_EMPTY),
                     STATUS_OK);
    for (size_t i = 0; i < 2; i++) {
        struct span told = tapping_told(world->tapping, answers[i]);

        assert_ptr_equal(told.ptr, answers[i].ptr);
        assert_int_equal(told.len, answers[i].len);
    }
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(a_capture_begins_with_the_turn_that_quiesces),
        CLAIM(a_start_before_the_first_turn_needs_no_quiesce),
        CLAIM(what_cannot_be_done_is_refused_in_words),
        CLAIM(a_file_that_cannot_be_made_is_refused_and_nothing_quiesces),
        CLAIM(a_second_one_is_refused),
        CLAIM(status_tells_of_a_capture_while_it_is_on),
        CLAIM(status_counts_what_is_captured),
        CLAIM(other_answers_pass_as_they_are),
        CLAIM(an_end_while_the_file_is_being_opened_is_clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

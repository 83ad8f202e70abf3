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
    return link == 1 ? "" : "jmsdf";
}

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
    char               words[8192]; /* of the last deed or refusal */
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
on_deed(void *arg, bool began, const char *words)
{
    struct world *world = arg;

    note(world, began ? "began" : "ended");
    snprintf(world->words, sizeof(world->words), "%s", words);
}

static void
on_answer(void *arg, uint64_t client, const Entente__Response *response)
{
    struct world *world = arg;

    assert_int_equal(client, 3);
    assert_int_equal(response->id, 7);
    assert_true(response->last);
    if (response->kind_case == ENTENTE__RESPONSE__KIND_CAPTURE) {
        assert_true(response->capture->bytes > 200);
        assert_string_equal(response->capture->file, world->path);
    }
    note(world, "OK");
}

static void
on_refuse(void *arg, uint64_t client, uint64_t id, enum status st,
          const char *words)
{
    struct world *world = arg;

    assert_int_equal(client, 3);
    assert_int_equal(id, 7);
    note(world, status_name(st));
    snprintf(world->words, sizeof(world->words), "%s", words);
}

static const struct tapping_ops ops = {.quiesce = on_quiesce,
                                       .turned = on_turned,
                                       .deed = on_deed,
                                       .answer = on_answer,
                                       .refuse = on_refuse};

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

struct asked {
    const char *file, *passphrase;
    bool        frames;
    uint64_t    limit;
    uint32_t    keep;
};

static void
request_of(struct world *world, struct asked asked)
{
    Entente__Request        request = ENTENTE__REQUEST__INIT;
    Entente__CaptureRequest capture = ENTENTE__CAPTURE_REQUEST__INIT;

    request.id = 7;
    request.kind_case = ENTENTE__REQUEST__KIND_CAPTURE;
    request.capture = &capture;
    capture.file = (char *)(uintptr_t)asked.file;
    capture.frames = asked.frames;
    capture.limit_bytes = asked.limit;
    capture.keep = asked.keep;
    capture.replay = asked.passphrase != NULL;
    if (asked.passphrase != NULL) {
        capture.passphrase.data = (uint8_t *)(uintptr_t)asked.passphrase;
        capture.passphrase.len = strlen(asked.passphrase);
    }
    tapping_request(world->tapping, 3, 1000, &request);
}

static void
ask(struct world *world, const char *file, const char *passphrase, bool frames)
{
    request_of(world, (struct asked){.file = file,
                                     .passphrase = passphrase,
                                     .frames = frames});
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
    assert_string_equal(world->diary, "began quiesce ");
    assert_true(tapping_holds(world->tapping));
    see(world, EVENT_TIMER); /* another turn before it */
    tapping_wire(world->tapping, 1, false, span_text("too early"));
    assert_int_equal(world->node.exports, 0);
    see(world, EVENT_QUIESCE);
    assert_int_equal(world->node.exports, 1);
    assert_string_equal(world->diary, "began quiesce on OK ");
    assert_false(tapping_holds(world->tapping));
    see(world, EVENT_TIMER);
    tapping_wire(world->tapping, 3, false, span_text("hello"));
    ask(world, "", NULL, false);
    assert_string_equal(world->diary, "began quiesce on OK ended off OK ");
    assert_true(file_len(world) > 400);
}

static void
begin(struct world *world)
{
    struct capture_options options = {.path = world->path, .name = "ifc"};

    assert_int_equal(tapping_begin(world->tapping, &options), STATUS_OK);
}

static void
a_start_before_the_first_turn_needs_no_quiesce(void **state)
{
    struct world *world = *state;

    begin(world);
    assert_string_equal(world->diary, "began on ");
    assert_int_equal(world->node.exports, 0); /* no passphrase: no state */
}

static void
what_cannot_be_done_is_refused_in_words(void **state)
{
    struct world *world = *state;

    ask(world, "", NULL, false); /* none is on */
    ask(world, "relative.pcapng", NULL, false);
    ask(world, world->path, "", false);
    request_of(world, (struct asked){.file = world->path, .limit = 1000});
    request_of(world, (struct asked){.file = world->path, .keep = 20000});
    request_of(world, (struct asked){
                          .file = world->path, .passphrase = "x", .keep = 2});
    assert_string_equal(world->diary, "BAD_STATE BAD_FIELD PASSPHRASE "
                                      "BAD_FIELD BAD_FIELD BAD_FIELD ");
    assert_non_null(strstr(world->words, "ends at its limit"));
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
    assert_string_equal(world->diary, "began quiesce ");
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
    assert_string_equal(world->diary, "began quiesce on OK BAD_STATE ");
}

static void
an_end_while_the_file_is_being_opened_is_clean(void **state)
{
    struct world *world = *state;

    ask(world, world->path, "sesame", false);
    /* teardown does the rest; a sanitizer looks */
    assert_string_equal(world->diary, "");
}

static void
who_began_and_ended_it_is_a_deed(void **state)
{
    struct world *world = *state;

    ask(world, world->path, "sesame", true);
    run(world);
    assert_memory_equal(world->words,
                        "uid 1000 captures the wire, decrypted frames, and "
                        "sealed all keys and messages into /tmp/",
                        89);
    see(world, EVENT_QUIESCE);
    assert_true(tapping_wants_frames(world->tapping));
    ask(world, "", NULL, false);
    assert_false(tapping_wants_frames(world->tapping));
    assert_memory_equal(world->words, "uid 1000 ended it: /tmp/", 24);
    assert_non_null(strstr(world->words, " bytes in "));
}

static void
frames_are_wanted_only_where_they_were_asked_for(void **state)
{
    struct world *world = *state;

    begin(world);
    assert_false(tapping_wants_frames(world->tapping));
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
                                                                     bytes)},
                        0);
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
one_with_records_ends_at_its_limit_with_an_alarm(void **state)
{
    struct world      *world = *state;
    static uint8_t     big[60000];
    Entente__Response *told;

    request_of(world, (struct asked){.file = world->path,
                                     .passphrase = "x",
                                     .limit = CAPTURE_LIMIT_MIN});
    run(world);
    see(world, EVENT_QUIESCE);
    for (int i = 0; i < 20; i++)
        tapping_wire(world->tapping, 2, true, SPAN_OF(big));
    see(world, EVENT_TIMER);
    assert_string_equal(world->diary,
                        "began quiesce on OK ended off ");
    assert_non_null(strstr(world->words, "ended by itself"));
    assert_in_range(file_len(world), 1000000, CAPTURE_LIMIT_MIN);
    told = status_told(world);
    assert_string_equal(told->status->capture, "");
    assert_int_equal(told->status->n_alarms, 1);
    assert_non_null(strstr(told->status->alarms[0], "come to the limit"));
    entente__response__free_unpacked(told, NULL);
    ask(world, "", NULL, false); /* none is on; but now he knows */
    assert_non_null(strstr(world->words, "come to the limit"));
    told = status_told(world);
    assert_int_equal(told->status->n_alarms, 0);
    entente__response__free_unpacked(told, NULL);
}

static void
status_counts_what_is_captured(void **state)
{
    struct world      *world = *state;
    Entente__Response *before;
    Entente__Response *after;

    begin(world);
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

    begin(world);
    for (size_t i = 0; i < 2; i++) {
        struct span told = tapping_told(world->tapping, answers[i], 0);

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
        CLAIM(who_began_and_ended_it_is_a_deed),
        CLAIM(frames_are_wanted_only_where_they_were_asked_for),
        CLAIM(one_with_records_ends_at_its_limit_with_an_alarm),
        CLAIM(other_answers_pass_as_they_are),
        CLAIM(an_end_while_the_file_is_being_opened_is_clean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_capture.c - what is captured can be read back, and nothing secret
 * stands open in the file.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/net/capture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

#define SECRET "the fleet sails at dawn"

struct world {
    char                 folder[64];
    char                 path[96];
    struct capture      *capture;
    uint8_t              file[FILE_MAX];
    size_t               file_len;
    struct pcapng_reader in;
    struct pcapng_packet packet;
    struct secret32      key;
    uint64_t             pieces;
    uint8_t              piece[CAPSULE_PIECE];
    struct recording     recording;
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    snprintf(world->folder, sizeof(world->folder), "/tmp/entente-test-XXXXXX");
    assert_non_null(mkdtemp(world->folder));
    snprintf(world->path, sizeof(world->path), "%s/c.pcapng", world->folder);
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    unlink(world->path);
    assert_int_equal(rmdir(world->folder), 0);
    free(world);
    return 0;
}

static void
open_file(struct world *world, const char *passphrase)
{
    struct capture_options options = {.path = world->path,
                                      .name = "ifc",
                                      .passphrase = span_text(passphrase)};

    assert_int_equal(capture_open(&options, &world->capture), STATUS_OK);
}

static void
read_file(struct world *world, const char *path)
{
    int     fd = open(path, O_RDONLY);
    ssize_t len = read(fd, world->file, FILE_MAX);

    close(fd);
    assert_in_range(len, 100, FILE_MAX);
    world->file_len = (size_t)len;
    assert_int_equal(
        pcapng_open((struct span){world->file, world->file_len}, &world->in),
        STATUS_OK);
}

static void
read_back(struct world *world)
{
    assert_int_equal(capture_failed(world->capture), STATUS_OK);
    assert_int_equal(capture_close(world->capture), STATUS_OK);
    read_file(world, world->path);
}

static void
next_packet(struct world *world)
{
    assert_int_equal(pcapng_next(&world->in, &world->packet), STATUS_OK);
}

static void
next_record(struct world *world, enum recording_kind kind)
{
    size_t len;
    bool   more;

    next_packet(world);
    assert_int_equal(world->packet.interface, CAPTURE_FILE_RECORDS);
    assert_int_equal(capsule_open(&world->key, ++world->pieces,
                                  world->packet.bytes, world->piece, &len,
                                  &more),
                     STATUS_OK);
    assert_false(more);
    assert_int_equal(recording_read((struct span){world->piece, len},
                                    &world->recording),
                     STATUS_OK);
    assert_int_equal(world->recording.kind, kind);
}

static void
the_wire_is_written_with_link_direction_and_name(void **state)
{
    struct world *world = *state;
    uint8_t       big[PCAPNG_PACKET_MAX + 10] = {0};

    open_file(world, "");
    assert_false(capture_has_records(world->capture));
    capture_wire(world->capture, 3, "", false, span_text("hello"));
    capture_wire(world->capture, 2, "jmsdf", true, SPAN_OF(big));
    read_back(world);
    next_packet(world);
    assert_int_equal(world->packet.interface, CAPTURE_FILE_WIRE);
    assert_int_equal(world->packet.direction, PCAPNG_IN);
    assert_int_equal(world->packet.queue, 3);
    assert_true(span_equal(world->packet.bytes, span_text("hello")));
    assert_true(
        span_equal(world->packet.comment, span_text("link 3, accepted")));
    assert_true(world->packet.time_ns > 1700000000000000000ull);
    next_packet(world);
    assert_int_equal(world->packet.bytes.len, PCAPNG_PACKET_MAX);
    assert_int_equal(world->packet.direction, PCAPNG_OUT);
    assert_true(span_equal(world->packet.comment,
                           span_text("ifc to jmsdf, link 2, dialled")));
    next_packet(world);
    assert_int_equal(world->packet.bytes.len, 10);
    assert_int_equal(pcapng_next(&world->in, &world->packet), STATUS_AGAIN);
}

static void
fill_state(struct effects *state)
{
    struct effect *effect;

    effects_init(state);
    effect = effects_add(state, EFFECT_KEY);
    memcpy(effect->key.secret.bytes, SECRET, strlen(SECRET));
    effect = effects_add(state, EFFECT_SAVE);
    effect->bytes = span_text("public");
    effect->secret = span_text(SECRET);
}

static void
a_state_and_a_turn_come_back_under_the_passphrase(void **state)
{
    struct world      *world = *state;
    struct node_config config = {.listen = span_text("0.0.0.0:1")};
    struct effects     effects;
    struct turn_input  input = {.mono_ms = 5};
    struct event       event = {.kind = EVENT_REQUEST,
                                .bytes = span_text(SECRET)};

    fill_state(&effects);
    memcpy(input.seed, SECRET, strlen(SECRET));
    open_file(world, "sesame");
    assert_true(capture_has_records(world->capture));
    capture_state(world->capture, &config, &effects);
    capture_turn(world->capture, &input, &event, 1, &effects);
    read_back(world);
    assert_null(memmem(world->file, world->file_len, SECRET, strlen(SECRET)));
    next_packet(world);
    assert_int_equal(envelope_open(world->packet.bytes, ENVELOPE_CAPTURE,
                                   span_text("sesame"), &world->key),
                     STATUS_OK);
    next_record(world, RECORDING_CONFIG);
    next_record(world, RECORDING_KEY);
    assert_memory_equal(world->recording.key.secret.bytes, SECRET,
                        strlen(SECRET));
    next_record(world, RECORDING_STATE);
    assert_true(span_equal(world->recording.secret, span_text(SECRET)));
    next_record(world, RECORDING_BEGIN);
    next_record(world, RECORDING_TURN);
    assert_int_equal(world->recording.input.mono_ms, 5);
    assert_int_equal(world->recording.event_count, 1);
    assert_int_equal(world->recording.effect_count, effects.count);
    assert_int_equal(pcapng_next(&world->in, &world->packet), STATUS_AGAIN);
    effects_free(&effects);
}

static void
without_a_passphrase_no_record_is_written(void **state)
{
    struct world      *world = *state;
    struct node_config config = {.address_count = 0};
    struct turn_input  input = {.mono_ms = 5};
    struct event       event = {.kind = EVENT_TIMER};
    struct effects     effects;

    fill_state(&effects);
    open_file(world, "");
    capture_state(world->capture, &config, &effects);
    capture_turn(world->capture, &input, &event, 1, &effects);
    read_back(world);
    assert_int_equal(pcapng_next(&world->in, &world->packet), STATUS_AGAIN);
    effects_free(&effects);
}

/* A Keepalive, and what is no Frame. */
static void
add_frames(struct effects *effects, bool wanted)
{
    effects_init(effects);
    effects->wants_frames = wanted;
    effects_frame(effects, 3, "jmsdf", false, span_text("\x52\x02\x08\x07"));
    effects_frame(effects, 3, "jmsdf", true, span_text("\xff"));
}

static void
frames_stand_on_their_own_interface_each_with_its_kind(void **state)
{
    struct world          *world = *state;
    struct capture_options options = {.path = world->path,
                                      .name = "ifc",
                                      .frames = true};
    struct effects         effects;

    add_frames(&effects, true);
    assert_int_equal(capture_open(&options, &world->capture), STATUS_OK);
    capture_frames(world->capture, &effects);
    assert_int_equal(capture_packets(world->capture), 2);
    read_back(world);
    next_packet(world);
    assert_int_equal(world->packet.interface, CAPTURE_FILE_FRAMES);
    assert_int_equal(world->packet.direction, PCAPNG_IN);
    assert_int_equal(world->packet.queue, 3);
    assert_true(span_equal(world->packet.bytes,
                           span_text("\x52\x02\x08\x07")));
    assert_true(
        span_equal(world->packet.comment,
                   span_text("jmsdf to ifc, link 3, accepted, keepalive")));
    next_packet(world);
    assert_int_equal(world->packet.direction, PCAPNG_OUT);
    assert_true(span_equal(
        world->packet.comment,
        span_text("ifc to jmsdf, link 3, accepted, of no known kind")));
    effects_free(&effects);
}

static void
frames_that_nobody_asked_for_are_not_written(void **state)
{
    struct world  *world = *state;
    struct effects effects;

    add_frames(&effects, true);
    open_file(world, "");
    capture_frames(world->capture, &effects);
    read_back(world);
    assert_int_equal(pcapng_next(&world->in, &world->packet), STATUS_AGAIN);
    effects_free(&effects);
}

static void
numbered(const struct world *world, unsigned number, char out[static 128])
{
    snprintf(out, 128, "%.*s-%05u.pcapng", (int)strlen(world->path) - 7,
             world->path, number);
}

static void
at_its_limit_another_file_follows_and_the_newest_stay(void **state)
{
    struct world          *world = *state;
    struct capture_options options = {.path = world->path,
                                      .name = "ifc",
                                      .limit = CAPTURE_LIMIT_MIN,
                                      .keep = 2};
    static uint8_t         bytes[60000];
    char                   path[128];

    assert_int_equal(capture_open(&options, &world->capture), STATUS_OK);
    for (int i = 0; i < 50; i++) /* 17 to a file */
        capture_wire(world->capture, 2, "jmsdf", true, SPAN_OF(bytes));
    numbered(world, 3, path);
    assert_string_equal(capture_path(world->capture), path);
    assert_int_equal(capture_packets(world->capture), 50);
    assert_true(capture_bytes(world->capture) > 50 * sizeof(bytes));
    assert_int_equal(capture_close(world->capture), STATUS_OK);
    assert_int_equal(access(world->path, F_OK), -1);
    for (unsigned number = 2; number <= 3; number++) {
        unsigned packets = 0;

        numbered(world, number, path);
        read_file(world, path);
        assert_true(world->file_len <= CAPTURE_LIMIT_MIN);
        while (pcapng_next(&world->in, &world->packet) == STATUS_OK)
            packets++;
        assert_int_equal(packets, number == 2 ? 17 : 16);
        assert_int_equal(unlink(path), 0);
    }
}

static void
a_next_file_that_is_there_ends_it(void **state)
{
    struct world          *world = *state;
    struct capture_options options = {.path = world->path,
                                      .name = "ifc",
                                      .limit = CAPTURE_LIMIT_MIN};
    static uint8_t         bytes[60000];
    char                   path[128];

    numbered(world, 2, path);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    assert_int_equal(capture_open(&options, &world->capture), STATUS_OK);
    for (int i = 0; i < 20; i++)
        capture_wire(world->capture, 2, "jmsdf", true, SPAN_OF(bytes));
    assert_int_equal(capture_close(world->capture), STATUS_EXISTS);
    read_file(world, world->path); /* whole, as far as it goes */
    while (pcapng_next(&world->in, &world->packet) == STATUS_OK)
        continue;
    assert_int_equal(unlink(path), 0);
}

static void
options_that_cannot_be_met_are_refused_in_words(void **state)
{
    struct world          *world = *state;
    struct capture_options good = {.path = world->path, .name = "ifc"};
    struct capture_options bad = good;

    assert_null(capture_refuses(&good));
    bad.limit = CAPTURE_LIMIT_MIN - 1;
    assert_non_null(capture_refuses(&bad));
    bad = good;
    bad.keep = CAPTURE_KEEP_MAX + 1;
    assert_non_null(capture_refuses(&bad));
    bad = good;
    bad.keep = 2;
    assert_null(capture_refuses(&bad));
    bad.passphrase = span_text("sesame");
    assert_non_null(capture_refuses(&bad));
}

static void
a_file_that_is_there_is_left_alone(void **state)
{
    struct world          *world = *state;
    struct capture_options options = {.path = world->path, .name = "ifc"};
    int           fd = open(world->path, O_CREAT | O_WRONLY, 0600);

    close(fd);
    assert_int_equal(capture_open(&options, &world->capture),
                     STATUS_EXISTS);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(the_wire_is_written_with_link_direction_and_name),
        CLAIM(a_state_and_a_turn_come_back_under_the_passphrase),
        CLAIM(without_a_passphrase_no_record_is_written),
        CLAIM(frames_stand_on_their_own_interface_each_with_its_kind),
        CLAIM(frames_that_nobody_asked_for_are_not_written),
        CLAIM(at_its_limit_another_file_follows_and_the_newest_stay),
        CLAIM(a_next_file_that_is_there_ends_it),
        CLAIM(options_that_cannot_be_met_are_refused_in_words),
        CLAIM(a_file_that_is_there_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

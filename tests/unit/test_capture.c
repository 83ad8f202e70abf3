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
    assert_int_equal(capture_open(world->path, span_text(passphrase),
                                  &world->capture),
                     STATUS_OK);
}

static void
read_back(struct world *world)
{
    ssize_t len;
    int     fd;

    assert_int_equal(capture_failed(world->capture), STATUS_OK);
    assert_int_equal(capture_close(world->capture), STATUS_OK);
    fd = open(world->path, O_RDONLY);
    len = read(fd, world->file, FILE_MAX);
    close(fd);
    assert_in_range(len, 100, FILE_MAX - 1);
    world->file_len = (size_t)len;
    assert_int_equal(
        pcapng_open((struct span){world->file, world->file_len}, &world->in),
        STATUS_OK);
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
    capture_wire(world->capture, 3, false, span_text("hello"));
    capture_wire(world->capture, 2, true, SPAN_OF(big));
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

static void
a_file_that_is_there_is_left_alone(void **state)
{
    struct world *world = *state;
    int           fd = open(world->path, O_CREAT | O_WRONLY, 0600);

    close(fd);
    assert_int_equal(capture_open(world->path, SPAN_EMPTY, &world->capture),
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
        CLAIM(a_file_that_is_there_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_replay.c - a real node's turns, recorded in memory, run again: the
 * same to the last byte, and the first difference is named.
 */
#include "tests/unit/duo.h"

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/host/replay.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 8 << 20, PACKETS_MAX = 4096 };

/* A capture that is being written, and where its packets begin. */
struct film {
    struct writer   file;
    struct secret32 key;
    uint64_t        pieces;
    struct {
        size_t                at, len; /* of its bytes in the file */
        uint32_t              interface;
        enum pcapng_direction direction;
    } packets[PACKETS_MAX];
    size_t            packet_count;
    struct duo_party *party;
    bool              begun;
    size_t            turns;
    enum effect_kind  spoils; /* the past had another one; COUNT: none */
    size_t            spoilt; /* in this turn; 0: not yet */
};

static void
put_packet(struct film *film, struct pcapng_packet packet)
{
    size_t at = film->file.len + 28; /* the bytes come after fixed fields */

    assert_true(film->packet_count < PACKETS_MAX);
    film->packets[film->packet_count].at = at;
    film->packets[film->packet_count].len = packet.bytes.len;
    film->packets[film->packet_count].interface = packet.interface;
    film->packets[film->packet_count].direction = packet.direction;
    film->packet_count++;
    pcapng_put_packet(&film->file, &packet);
    assert_false(film->file.failed);
}

static void
put_record(struct film *film, const struct recording *recording,
           struct recording_turn turn)
{
    size_t        len = recording_len(recording, turn);
    uint8_t      *bytes = malloc(len);
    struct writer out = writer_of(bytes, len);
    struct span   left;

    assert_non_null(bytes);
    recording_put(&out, recording, turn);
    left = writer_span(&out);
    do {
        static uint8_t sealed[CAPSULE_LEN_MAX];
        size_t         piece =
            capsule_seal(&film->key, ++film->pieces, &left, sealed);

        put_packet(film, (struct pcapng_packet){
                             .interface = CAPTURE_FILE_RECORDS,
                             .bytes = {sealed, piece}});
    } while (left.len > 0);
    free(bytes);
}

static void
put_wire(struct film *film, enum pcapng_direction direction, uint64_t link,
         struct span frame)
{
    static uint8_t bytes[2 + LIMIT_FRAME];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    writer_put16(&out, frame);
    put_packet(film, (struct pcapng_packet){.interface = CAPTURE_FILE_WIRE,
                                            .direction = direction,
                                            .queue = (uint32_t)link,
                                            .bytes = writer_span(&out)});
}

static void
put_envelope(struct film *film)
{
    struct envelope_info info = {.purpose = ENVELOPE_CAPTURE,
                                 .cost = ENVELOPE_FLOOR};
    const uint8_t        salt[ENVELOPE_SALT_LEN] = {1};
    const uint8_t        nonce[ENVELOPE_NONCE_LEN] = {2};
    uint8_t              envelope[ENVELOPE_LEN];

    film->key.bytes[0] = 7;
    assert_int_equal(envelope_seal(&info, span_text("sesame"), salt, nonce,
                                   &film->key, envelope),
                     STATUS_OK);
    put_packet(film, (struct pcapng_packet){.interface = CAPTURE_FILE_RECORDS,
                                            .bytes = SPAN_OF(envelope)});
}

static void
put_state(struct film *film, struct duo_party *party)
{
    struct recording recording = {.kind = RECORDING_CONFIG,
                                  .config = party->config};
    struct effects   state;

    effects_init(&state);
    node_export(party->node, &state);
    put_record(film, &recording, (struct recording_turn){0});
    for (size_t i = 0; i < state.count; i++) {
        const struct effect *effect = &state.list[i];

        recording.kind = effect->kind == EFFECT_KEY ? RECORDING_KEY
                                                    : RECORDING_STATE;
        recording.key = effect->key;
        recording.public_part = effect->bytes;
        recording.secret = effect->secret;
        put_record(film, &recording, (struct recording_turn){0});
    }
    recording.kind = RECORDING_BEGIN;
    put_record(film, &recording, (struct recording_turn){0});
    effects_free(&state);
}

enum { SPOILT_AT = 5 };

/* The past had another byte in the first effect of that kind. */
static void
spoil(struct film *film, struct effects *effects, uint8_t *bytes)
{
    for (size_t i = 0; i < effects->count; i++) {
        struct effect *effect = &effects->list[i];

        if (film->spoilt > 0 || effect->kind != film->spoils ||
            film->turns < 3 || effect->bytes.len <= SPOILT_AT)
            continue;
        memcpy(bytes, effect->bytes.ptr, effect->bytes.len);
        bytes[SPOILT_AT] ^= 1;
        effect->bytes.ptr = bytes;
        film->spoilt = film->turns;
    }
}

static void
on_seen(void *arg, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    static uint8_t   spoilt[LIMIT_RECORD];
    struct film     *film = arg;
    struct effects   was = *effects;
    struct recording turn = {.kind = RECORDING_TURN,
                             .input = *input,
                             .event_count = (uint32_t)count};

    if (!film->begun) { /* the turn with the quiesce: all links are closed */
        put_state(film, film->party);
        film->begun = true;
        return;
    }
    film->turns++;
    was.list = malloc((was.count + 1) * sizeof(*was.list));
    assert_non_null(was.list);
    memcpy(was.list, effects->list, was.count * sizeof(*was.list));
    spoil(film, &was, spoilt);
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_LINK_FRAME)
            put_wire(film, PCAPNG_IN, events[i].link, events[i].bytes);
    put_record(film, &turn, (struct recording_turn){events, &was});
    for (size_t i = 0; i < was.count; i++)
        if (was.list[i].kind == EFFECT_SEND)
            put_wire(film, PCAPNG_OUT, was.list[i].link, was.list[i].bytes);
    free(was.list);
}

/* Two nodes that have exchanged something, then a quiesce, then a film of
 * what node a does from there on. */
static struct film *
film_new(enum effect_kind spoils)
{
    struct film *film = calloc(1, sizeof(*film));
    struct duo  *duo = duo_new();
    struct event quiesce = {.kind = EVENT_QUIESCE};
    uint8_t      head[CAPTURE_FILE_HEAD_MAX];
    uint8_t     *file = malloc(FILE_MAX);

    assert_non_null(film);
    assert_non_null(file);
    film->file = writer_of(file, FILE_MAX);
    film->spoils = spoils;
    duo_pair(duo);
    duo_run(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "before", "received");
    duo_run(duo);
    writer_put(&film->file,
               (struct span){head, capture_file_head(head)});
    put_envelope(film);
    film->party = &duo->a;
    duo->a.seen = on_seen;
    duo->a.seen_arg = film;
    duo_post(&duo->a, &quiesce);
    duo_wait(duo, 1000);
    for (unsigned id = 2; id < 6; id++)
        duo_submit(&duo->a, "node2", id, "FLASH", "filmed", "received");
    duo_wait(duo, 1000);
    duo_submit(&duo->b, "node1", 9, "ROUTINE", "answer", "received");
    duo_wait(duo, 1000);
    duo_free(duo);
    return film;
}

static void
film_free(struct film *film)
{
    free(film->file.ptr);
    free(film);
}

static int
setup(void **state)
{
    *state = film_new(EFFECT_KIND_COUNT);
    return 0;
}

static int
teardown(void **state)
{
    film_free(*state);
    return 0;
}

static enum status
run(const struct film *film, struct replay_report *report)
{
    return replay_run(writer_span(&film->file), span_text("sesame"), NULL,
                      report);
}

/* The n-th packet of the wire in that direction; its number, from 1. */
static size_t
nth_wire(const struct film *film, enum pcapng_direction direction, size_t n)
{
    for (size_t i = 0; i < film->packet_count; i++)
        if (film->packets[i].interface == CAPTURE_FILE_WIRE &&
            film->packets[i].direction == direction && n-- == 0)
            return i + 1;
    fail_msg("no such packet");
    return 0;
}

static void
flip(struct film *film, size_t packet, size_t offset)
{
    film->file.ptr[film->packets[packet - 1].at + offset] ^= 1;
}

static void
a_recorded_node_does_the_same_again(void **state)
{
    struct film         *film = *state;
    struct replay_report report;
    enum status          st = run(film, &report);

    assert_string_equal(report.words, "");
    assert_string_equal(report.told_words, "");
    assert_int_equal(st, STATUS_OK);
    assert_false(report.cut);
    assert_int_equal(report.packets, film->packet_count);
    assert_true(report.turns > 10);
    assert_true(report.bytes_in > 1000);
    assert_true(report.bytes_out > 1000);
}

static void
another_record_is_named_with_its_kind_its_peer_and_both_bytes(void **state)
{
    struct film         *film = film_new(EFFECT_SAVE);
    struct replay_report report;

    (void)state;
    assert_int_equal(run(film, &report), STATUS_DIFFERENT);
    assert_int_equal(report.at.turn, film->spoilt);
    assert_true(report.at.wall_ms > 0);
    assert_non_null(strstr(report.words, "SAVE 1: a record "));
    assert_non_null(strstr(report.words, "offset 5: is "));
    assert_non_null(strstr(report.words, ", was "));
    assert_non_null(strstr(report.words, ", of peer node2"));
    film_free(film);
}

static void
another_frame_is_named_with_its_link_and_its_bytes_on_the_wire(void **state)
{
    struct film         *film = film_new(EFFECT_SEND);
    struct replay_report report;

    (void)state;
    assert_int_equal(run(film, &report), STATUS_DIFFERENT);
    assert_int_equal(report.at.turn, film->spoilt);
    assert_non_null(strstr(report.words, "SEND 1: a frame of "));
    assert_non_null(strstr(report.words, "link "));
    assert_non_null(strstr(report.words, "; on the wire frame "));
    assert_non_null(strstr(report.words, "offset 7: is ")); /* length first */
    film_free(film);
}

static void
what_was_only_told_otherwise_is_counted_and_named(void **state)
{
    struct film         *film = film_new(EFFECT_TELL);
    struct replay_report report;

    (void)state;
    assert_int_equal(run(film, &report), STATUS_OK);
    assert_int_equal(report.told_turns, 1);
    assert_int_equal(report.told_at.turn, film->spoilt);
    assert_non_null(strstr(report.told_words, "TELL 1: another one"));
    film_free(film);
}

static void
a_capture_of_another_version_is_refused_with_both_named(void **state)
{
    struct film         *film = *state;
    uint8_t             *version =
        memmem(film->file.ptr, 200, "version 1", strlen("version 1"));
    struct replay_report report;

    assert_non_null(version);
    version[8] = '2';
    assert_int_equal(run(film, &report), STATUS_BAD_VERSION);
    assert_non_null(strstr(report.words, "under version 2 "));
    assert_non_null(strstr(report.words, "of version 1"));
    version[8] = 'x';
    assert_int_equal(run(film, &report), STATUS_BAD_ENCODING);
}

static void
a_changed_byte_that_went_out_is_named(void **state)
{
    struct film         *film = *state;
    size_t               packet = nth_wire(film, PCAPNG_OUT, 3);
    struct replay_report report;

    flip(film, packet, 11);
    assert_int_equal(run(film, &report), STATUS_DIFFERENT);
    assert_int_equal(report.at.packet, packet);
    assert_non_null(strstr(report.words, "out, link "));
    assert_non_null(strstr(report.words, "offset 11: the wire is not what the "
                                         "node sends: is "));
}

static void
a_changed_byte_that_came_in_is_named(void **state)
{
    struct film         *film = *state;
    struct replay_report report;

    flip(film, nth_wire(film, PCAPNG_IN, 2), 5);
    assert_int_equal(run(film, &report), STATUS_DIFFERENT);
    assert_non_null(strstr(report.words, "in, link "));
    assert_non_null(strstr(report.words, "offset 5"));
}

static void
a_changed_record_does_not_open(void **state)
{
    struct film         *film = *state;
    struct replay_report report;

    for (size_t i = 1; i < film->packet_count; i++) {
        if (film->packets[i].interface != CAPTURE_FILE_RECORDS)
            continue;
        flip(film, i + 1, film->packets[i].len - 1);
        assert_int_equal(run(film, &report), STATUS_BAD_PROOF);
        assert_int_equal(report.at.packet, i + 1);
        flip(film, i + 1, film->packets[i].len - 1);
        i += film->packet_count / 20; /* some of them */
    }
}

static void
another_passphrase_opens_nothing(void **state)
{
    struct film         *film = *state;
    struct replay_report report;

    assert_int_equal(replay_run(writer_span(&film->file), span_text("simsim"),
                                NULL, &report),
                     STATUS_PASSPHRASE);
    assert_int_equal(report.turns, 0);
}

static void
a_capture_that_is_cut_replays_up_to_there(void **state)
{
    struct film         *film = *state;
    size_t               half = film->packet_count - film->packet_count / 4;
    struct replay_report report;

    film->file.len = film->packets[half].at + 1;
    assert_int_equal(run(film, &report), STATUS_OK);
    assert_true(report.cut);
    assert_int_equal(report.packets, half);
    assert_true(report.turns > 0);
}

static void
a_capture_without_records_says_so(void **state)
{
    struct film         *film = *state;
    struct replay_report report;
    uint8_t              head[CAPTURE_FILE_HEAD_MAX];
    struct span          file = {head, capture_file_head(head)};

    (void)film;
    assert_int_equal(replay_run(file, span_text("sesame"), NULL, &report),
                     STATUS_NOT_FOUND);
    assert_non_null(strstr(report.words, "made without --replay"));
    assert_int_equal(replay_run(span_text("no capture"), span_text("sesame"),
                                NULL, &report),
                     STATUS_BAD_ENCODING);
    assert_true(strlen(report.words) > 0);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(a_recorded_node_does_the_same_again),
        CLAIM(another_record_is_named_with_its_kind_its_peer_and_both_bytes),
        CLAIM(another_frame_is_named_with_its_link_and_its_bytes_on_the_wire),
        CLAIM(what_was_only_told_otherwise_is_counted_and_named),
        CLAIM(a_capture_of_another_version_is_refused_with_both_named),
        CLAIM(a_changed_byte_that_went_out_is_named),
        CLAIM(a_changed_byte_that_came_in_is_named),
        CLAIM(a_changed_record_does_not_open),
        CLAIM(another_passphrase_opens_nothing),
        CLAIM(a_capture_that_is_cut_replays_up_to_there),
        CLAIM(a_capture_without_records_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_recording.c - records of a node come back whole, or are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/kept.h"
#include "node/host/recording.h"

#include <stdlib.h>
#include <string.h>

static const struct event events[] = {
    {.kind = EVENT_TIMER},
    {.kind = EVENT_LINK_OPENED, .link = 3, .source = 0x1122334455667788ull},
    {.kind = EVENT_LINK_ROOM, .link = 3, .room = 1 << 20, .frame_max = 4096},
    {.kind = EVENT_LINK_FRAME, .link = 3, .bytes = {(const uint8_t *)"ab", 2}},
    {.kind = EVENT_LOADED,
     .token = 9,
     .status = STATUS_NOT_FOUND,
     .bytes = {(const uint8_t *)"c", 1}},
    {.kind = EVENT_REQUEST, .client = 7, .bytes = {(const uint8_t *)"d", 1}},
};

enum { EVENT_COUNT = sizeof(events) / sizeof(*events) };

static struct recording
example(enum recording_kind kind)
{
    struct recording recording = {.kind = kind};

    switch (kind) {
    case RECORDING_CONFIG:
        recording.config.certificate = span_text("certificate");
        recording.config.listen = span_text("0.0.0.0:7300");
        recording.config.address_count = 2;
        recording.config.addresses[0] = span_text("a:1");
        recording.config.addresses[1] = span_text("b:22");
        recording.config.first_contact_expires_ms = 99;
        break;
    case RECORDING_KEY:
        recording.key.kind = 4;
        recording.key.state = 1;
        recording.key.number = 12;
        memset(recording.key.owner, 5, LIMIT_KEY);
        memset(recording.key.secret.bytes, 6, LIMIT_KEY);
        break;
    case RECORDING_STATE:
        recording.public_part = span_text("public");
        recording.secret = span_text("secret");
        break;
    case RECORDING_BEGIN: break;
    case RECORDING_TURN:
        recording.input.mono_ms = 1;
        recording.input.wall_ms = 2;
        memset(recording.input.seed, 3, LIMIT_KEY);
        recording.event_count = EVENT_COUNT;
        break;
    }
    return recording;
}

/* Two effects, in a list that the caller frees. */
static void
make_effects(struct effects *out)
{
    effects_init(out);
    memset(out->nonce, 8, sizeof(out->nonce));
    effects_add(out, EFFECT_SAVE)->bytes = span_text("record");
    effects_add(out, EFFECT_WAKE_AT)->mono_ms = 5;
}

static size_t
encode(enum recording_kind kind, uint8_t *out, size_t cap)
{
    struct recording      recording = example(kind);
    struct writer         writer = writer_of(out, cap);
    struct effects        effects;
    struct recording_turn turn = {events, &effects};

    make_effects(&effects);
    recording_put(&writer, &recording, turn);
    assert_false(writer.failed);
    assert_int_equal(writer.len, recording_len(&recording, turn));
    effects_free(&effects);
    return writer.len;
}

static void
every_kind_comes_back_and_writes_the_same_again(void **state)
{
    (void)state;
    for (int kind = RECORDING_CONFIG; kind <= RECORDING_TURN; kind++) {
        uint8_t          bytes[1024];
        uint8_t          again[1024];
        size_t           len = encode((enum recording_kind)kind, bytes, 1024);
        struct writer    out = writer_of(again, sizeof(again));
        struct effects   effects;
        struct recording got;

        assert_int_equal(recording_read((struct span){bytes, len}, &got),
                         STATUS_OK);
        assert_int_equal(got.kind, kind);
        make_effects(&effects);
        recording_put(&out, &got, (struct recording_turn){events, &effects});
        effects_free(&effects);
        assert_int_equal(out.len, len);
        assert_memory_equal(again, bytes, len);
    }
}

static void
events_come_back_in_order_with_all_their_fields(void **state)
{
    uint8_t          bytes[1024];
    size_t           len = encode(RECORDING_TURN, bytes, sizeof(bytes));
    struct recording got;
    struct reader    in;
    struct event     event;

    (void)state;
    assert_int_equal(recording_read((struct span){bytes, len}, &got),
                     STATUS_OK);
    in = reader_of(got.events);
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        assert_int_equal(recording_event(&in, &event), STATUS_OK);
        assert_int_equal(event.kind, events[i].kind);
        assert_int_equal(event.status, events[i].status);
        assert_int_equal(event.link, events[i].link);
        assert_int_equal(event.client, events[i].client);
        assert_int_equal(event.token, events[i].token);
        assert_true(event.source == events[i].source);
        assert_int_equal(event.room, events[i].room);
        assert_int_equal(event.frame_max, events[i].frame_max);
        assert_true(span_equal(event.bytes, events[i].bytes));
    }
    assert_int_equal(recording_event(&in, &event), STATUS_AGAIN);
}

static void
every_prefix_and_every_byte_too_many_is_refused(void **state)
{
    (void)state;
    for (int kind = RECORDING_CONFIG; kind <= RECORDING_TURN; kind++) {
        uint8_t          bytes[1024] = {0};
        size_t           len = encode((enum recording_kind)kind, bytes, 1023);
        struct recording got;

        for (size_t cut = 0; cut < len; cut++) {
            uint8_t *copy = malloc(cut > 0 ? cut : 1);

            assert_non_null(copy);
            memcpy(copy, bytes, cut);
            assert_int_equal(recording_read((struct span){copy, cut}, &got),
                             STATUS_BAD_ENCODING);
            free(copy);
        }
        assert_int_equal(recording_read((struct span){bytes, len + 1}, &got),
                         STATUS_BAD_ENCODING);
    }
}

static void
unknown_kinds_are_refused(void **state)
{
    uint8_t          none[] = {0};
    uint8_t          next[] = {RECORDING_TURN + 1};
    struct recording got;

    (void)state;
    assert_int_equal(recording_read(SPAN_OF(none), &got), STATUS_BAD_ENCODING);
    assert_int_equal(recording_read(SPAN_OF(next), &got), STATUS_BAD_ENCODING);
}

static void
one_address_too_many_is_refused(void **state)
{
    uint8_t          bytes[256];
    struct recording got;

    (void)state;
    for (uint8_t over = 0; over < 2; over++) {
        struct writer out = writer_of(bytes, sizeof(bytes));

        writer_u8(&out, RECORDING_CONFIG);
        writer_u64(&out, 1);
        writer_put32(&out, SPAN_EMPTY);
        writer_put32(&out, SPAN_EMPTY);
        writer_u8(&out, (uint8_t)(LIMIT_ADDRESSES + over));
        for (size_t i = 0; i < (size_t)LIMIT_ADDRESSES + over; i++)
            writer_put32(&out, SPAN_EMPTY);
        assert_int_equal(recording_read(writer_span(&out), &got),
                         over ? STATUS_BAD_ENCODING : STATUS_OK);
    }
}

static void
effects_come_back_with_the_nonce_of_their_group(void **state)
{
    uint8_t          bytes[1024];
    size_t           len = encode(RECORDING_TURN, bytes, sizeof(bytes));
    struct recording got;
    struct reader    in;
    struct kept      kept;

    (void)state;
    assert_int_equal(recording_read((struct span){bytes, len}, &got),
                     STATUS_OK);
    assert_int_equal(got.nonce[23], 8);
    assert_int_equal(got.effect_count, 2);
    in = reader_of(got.effects);
    assert_int_equal(kept_next(&in, &kept), STATUS_OK);
    assert_int_equal(kept.kind, EFFECT_SAVE);
    assert_int_equal(kept_next(&in, &kept), STATUS_OK);
    assert_int_equal(kept.kind, EFFECT_WAKE_AT);
    assert_int_equal(kept_next(&in, &kept), STATUS_AGAIN);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        CLAIM(every_kind_comes_back_and_writes_the_same_again),
        CLAIM(events_come_back_in_order_with_all_their_fields),
        CLAIM(every_prefix_and_every_byte_too_many_is_refused),
        CLAIM(unknown_kinds_are_refused),
        CLAIM(one_address_too_many_is_refused),
        CLAIM(effects_come_back_with_the_nonce_of_their_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_recording.c - records of a node come back whole, or are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

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
        recording.effects.count[EFFECT_SEND] = 4;
        memset(recording.effects.digest[EFFECT_SEND], 5, LIMIT_DIGEST);
        break;
    }
    return recording;
}

static size_t
encode(enum recording_kind kind, uint8_t *out, size_t cap)
{
    struct recording recording = example(kind);
    struct writer    writer = writer_of(out, cap);

    recording_put(&writer, &recording, events);
    assert_false(writer.failed);
    assert_int_equal(writer.len, recording_len(&recording, events));
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
        struct recording got;

        assert_int_equal(recording_read((struct span){bytes, len}, &got),
                         STATUS_OK);
        assert_int_equal(got.kind, kind);
        recording_put(&out, &got, events);
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

/* --- digests -------------------------------------------------------------- */

static void
two_sends(struct effects *effects, const char *first, const char *second)
{
    effects_init(effects);
    effects_add(effects, EFFECT_SEND)->bytes = span_text(first);
    effects_add(effects, EFFECT_SEND)->bytes = span_text(second);
}

static bool
same_digest(const struct effects *a, const struct effects *b,
            enum effect_kind kind)
{
    struct recording_effects one, two;

    recording_digest(a, &one);
    recording_digest(b, &two);
    return one.count[kind] == two.count[kind] &&
           memcmp(one.digest[kind], two.digest[kind], LIMIT_DIGEST) == 0;
}

static void
a_digest_knows_order_bytes_and_where_they_are_cut(void **state)
{
    struct effects one, two;

    (void)state;
    two_sends(&one, "ab", "c");
    two_sends(&two, "ab", "c");
    assert_true(same_digest(&one, &two, EFFECT_SEND));
    effects_free(&two);
    two_sends(&two, "c", "ab");
    assert_false(same_digest(&one, &two, EFFECT_SEND));
    effects_free(&two);
    two_sends(&two, "a", "bc");
    assert_false(same_digest(&one, &two, EFFECT_SEND));
    effects_free(&two);
    effects_free(&one);
}

/* Sets one field after the other in one effect; each must change a digest. */
static void
a_digest_knows_every_field(void **state)
{
    (void)state;
    for (int field = 0; field < 12; field++) {
        struct effects   plain, other;
        enum effect_kind kind = field < 7 ? EFFECT_SAVE
                                : field < 9 ? EFFECT_LOAD
                                            : EFFECT_KEY;
        struct effect *effect;

        effects_init(&plain);
        effects_init(&other);
        effects_add(&plain, kind);
        effect = effects_add(&other, kind);
        switch (field) {
        case 0: effect->link = 1; break;
        case 1: effect->client = 1; break;
        case 2: effect->token = 1; break;
        case 3: effect->mono_ms = 1; break;
        case 4: effect->secret = span_text("s"); break;
        case 5: effect->vault = 1; break;
        case 6: other.nonce[23] = 1; break;
        case 7: effect->query.count = 1; break;
        case 8: effect->query.id.bytes[15] = 1; break;
        case 9: effect->key.destroy = true; break;
        case 10: effect->key.secret.bytes[31] = 1; break;
        case 11: effect->key.nonce[1][23] = 1; break;
        }
        assert_false(same_digest(&plain, &other, kind));
        effects_free(&plain);
        effects_free(&other);
    }
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
        CLAIM(a_digest_knows_order_bytes_and_where_they_are_cut),
        CLAIM(a_digest_knows_every_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

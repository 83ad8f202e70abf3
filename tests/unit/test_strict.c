/*
 * What strict_unpack takes and what it refuses, and where it says the fault
 * is.  The good message is packed by protobuf-c; the bad ones are made of it
 * byte by byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "message.pb-c.h"
#include "proto/strict.h"
#include "proto/protobuf.h"

enum { ROOM = 65536 };

static uint8_t room[ROOM];

static enum status
unpack(struct span in, enum strict_unknown unknown, Entente__Message **out,
       struct strict_fault *fault)
{
    struct strict_arena arena = strict_arena_of(room, sizeof(room));
    ProtobufCMessage   *message = NULL;
    enum status         st;

    memset(fault, 0, sizeof(*fault));
    st = strict_unpack(&entente__message__descriptor, in, &arena, unknown,
                       &message, fault);
    *out = (Entente__Message *)message;
    return st;
}

static enum status
check(struct span in, struct strict_fault *fault)
{
    memset(fault, 0, sizeof(*fault));
    return strict_check(&entente__message__descriptor, in, STRICT_REFUSE,
                        fault);
}

/* An assessment with two judgements, a polygon and an attachment. */
static size_t
pack_good(uint8_t *out)
{
    Entente__Message        message = ENTENTE__MESSAGE__INIT;
    Entente__RiskAssessment body = ENTENTE__RISK_ASSESSMENT__INIT;
    Entente__KeyJudgement   judgements[2];
    Entente__KeyJudgement  *list[2] = {&judgements[0], &judgements[1]};
    Entente__Likelihood     likely = ENTENTE__LIKELIHOOD__INIT;
    Entente__Position       area = ENTENTE__POSITION__INIT;
    Entente__Point          corner = ENTENTE__POINT__INIT;
    Entente__Point         *corners[3] = {&corner, &corner, &corner};
    Entente__Position      *areas[1] = {&area};
    Entente__Time           dtg = ENTENTE__TIME__INIT;
    uint8_t                 id[16] = {1, 2, 3};
    char                   *to[1] = {"jmsdf"};

    dtg.seconds = -86400;
    dtg.precision = ENTENTE__TIME__PRECISION__PRECISION_DAY;
    likely.yardstick = ENTENTE__YARDSTICK__YARDSTICK_PHIA;
    likely.word = "remote chance";
    likely.has_low_percent_case =
        ENTENTE__LIKELIHOOD__HAS_LOW_PERCENT_LOW_PERCENT;
    corner.has_lat_case = ENTENTE__POINT__HAS_LAT_LAT;
    corner.lat = 6.283;
    area.polygon = corners;
    area.n_polygon = 3;
    for (size_t i = 0; i < 2; i++) {
        entente__key_judgement__init(&judgements[i]);
        judgements[i].text = "Tankers will be boarded again. \xe6\xb5\xb7";
        judgements[i].likelihood = &likely;
        judgements[i].confidence = ENTENTE__CONFIDENCE__CONFIDENCE_low;
    }
    body.topic = "Piracy off Lagos";
    body.key_judgements = list;
    body.n_key_judgements = 2;
    body.area = areas;
    body.n_area = 1;
    message.id = (ProtobufCBinaryData){sizeof(id), id};
    message.version = 1;
    message.dtg = &dtg;
    message.action_to = to;
    message.n_action_to = 1;
    message.body_case = ENTENTE__MESSAGE__BODY_RISK_ASSESSMENT;
    message.risk_assessment = &body;
    return entente__message__pack(&message, out);
}

static size_t
append(uint8_t *bytes, size_t len, const void *tail, size_t tail_len)
{
    memcpy(bytes + len, tail, tail_len);
    return len + tail_len;
}

static void
what_was_packed_is_read_back(void **state)
{
    uint8_t             bytes[1024];
    uint8_t             again[1024];
    size_t              len = pack_good(bytes);
    Entente__Message   *message;
    struct strict_fault fault;

    (void)state;
    assert_int_equal(unpack((struct span){bytes, len}, STRICT_REFUSE, &message,
                            &fault),
                     STATUS_OK);
    assert_string_equal(message->risk_assessment->topic, "Piracy off Lagos");
    assert_int_equal(message->dtg->seconds, -86400);
    assert_int_equal(entente__message__pack(message, again), len);
    assert_memory_equal(again, bytes, len);
}

static void
a_number_appended_to_the_packed_bytes_is_the_messages_number(void **state)
{
    uint8_t             bytes[1024];
    size_t              len = pack_good(bytes);
    struct writer       tail = writer_of(bytes + len, sizeof(bytes) - len);
    Entente__Message   *message;
    struct strict_fault fault;

    (void)state;
    protobuf_put_varint(&tail, 15, UINT64_MAX);
    assert_int_equal(writer_end(&tail), STATUS_OK);
    len += tail.len;
    assert_int_equal(unpack((struct span){bytes, len}, STRICT_REFUSE, &message,
                            &fault),
                     STATUS_OK);
    assert_true(message->number == UINT64_MAX);
    assert_true(protobuf_peek((struct span){bytes, len}, 15) == UINT64_MAX);
    assert_true(protobuf_peek((struct span){bytes, len}, 2) == 1);
    protobuf_put_varint(&tail, 15, 7);
    assert_int_equal(check((struct span){bytes, len + 2}, &fault),
                     STATUS_BAD_ENCODING);
    assert_string_equal(fault.path, "number");
    assert_string_equal(fault.words, "stands there twice");
}

static void
every_prefix_is_whole_at_a_field_or_refused(void **state)
{
    uint8_t             bytes[1024];
    size_t              len = pack_good(bytes);
    size_t              accepted = 0;
    Entente__Message   *message;
    struct strict_fault fault;

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *exact = malloc(cut + 1); /* so that a sanitizer sees its end */

        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        accepted += unpack((struct span){exact, cut}, STRICT_REFUSE, &message,
                           &fault) == STATUS_OK;
        free(exact);
    }
    assert_int_equal(accepted, 5); /* "", id, version, action_to, dtg */
}

/* Whatever one byte becomes: refused, or read as protobuf-c packs it again. */
static void
every_changed_byte_is_refused_or_read(void **state)
{
    uint8_t             bytes[1024];
    size_t              len = pack_good(bytes);
    Entente__Message   *message;
    struct strict_fault fault;

    (void)state;
    for (size_t at = 0; at < len; at++) {
        uint8_t was = bytes[at];

        for (unsigned change = 1; change < 256; change++) {
            bytes[at] = (uint8_t)(was ^ change);
            if (unpack((struct span){bytes, len}, STRICT_KEEP, &message,
                       &fault) != STATUS_OK)
                continue;
            assert_true(entente__message__get_packed_size(message) <= len);
        }
        bytes[at] = was;
    }
}

static void
random_bytes_never_harm(void **state)
{
    uint64_t            seed = 42;
    uint8_t             bytes[64];
    Entente__Message   *message;
    struct strict_fault fault;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        size_t len = (size_t)round % sizeof(bytes);

        for (size_t i = 0; i < len; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            bytes[i] = (uint8_t)(seed >> 56);
        }
        (void)!unpack((struct span){bytes, len}, STRICT_KEEP, &message, &fault);
    }
}

static void
refuses_what_protobuf_c_would_take(void **state)
{
    static const struct {
        const char *bytes;
        size_t      len;
        const char *path;
        const char *words;
    } table[] = {
#define ROW(bytes, path, words) {bytes, sizeof(bytes) - 1, path, words}
        ROW("\xaa\x01\x03" "a\0b", "subject", "text that is not UTF-8"),
        ROW("\xaa\x01\x02\xc0\x80", "subject", "text that is not UTF-8"),
        ROW("\xaa\x01\x03\xed\xa0\x80", "subject", "text that is not UTF-8"),
        ROW("\xaa\x01\x05" "a", "subject", "cut short"),
        ROW("\x10\x01\x10\x02", "version", "stands there twice"),
        ROW("\x10\x81\x00", "version", "a number that is cut short or not"),
        ROW("\x90\x00\x01", "", "bytes that are no field"),
        ROW("\x10\x80\x80\x80\x80\x10", "version", "a number too large"),
        ROW("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", "version",
            "a number that is cut short or not"),
        ROW("\x12\x01\x01", "version", "not encoded as its type asks"),
        ROW("\x13\x14", "version", "not encoded as its type asks"),
        ROW("\xcb\x3e\xcc\x3e", "", "bytes that are no field"),
        ROW("\x02\x00", "", "bytes that are no field"),
        ROW("\xaa\x06\x00\xc2\x06\x00", "maritime_incident",
            "stands beside another"),
        ROW("\xaa\x06\x02\x2a\x00\xaa\x06\x00", "risk_assessment",
            "stands there twice"),
        ROW("\xaa\x06\x0a\x2a\x00\x2a\x00\x2a\x04\x12\x02\x22\x01",
            "risk_assessment.key_judgements[2].likelihood.high_percent",
            "not encoded as its type asks"),
        ROW("\xc2\x06\x0b\x12\x09\x09\0\0\0\0\0\0\xf8\x7f",
            "maritime_incident.position.lat", "not a finite number"),
#undef ROW
    };
    struct strict_fault fault;

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct span in = {(const uint8_t *)table[i].bytes, table[i].len};

        assert_int_equal(check(in, &fault), STATUS_BAD_ENCODING);
        assert_string_equal(fault.path, table[i].path);
        assert_memory_equal(fault.words, table[i].words,
                            strlen(table[i].words));
    }
}

static void
an_unknown_field_or_word_is_refused_or_kept_as_asked(void **state)
{
    static const char field[] = "\xa2\x01\x03\xfa\x01\x00";
    static const char word[] = "\x40\x63";
    static const char weapons[] = "\xc2\x06\x05\x6a\x03\x01\x02\x63";
    const struct span in = {(const uint8_t *)field, sizeof(field) - 1};
    Entente__Message *message;
    struct strict_fault fault;

    (void)state;
    assert_int_equal(unpack(in, STRICT_REFUSE, &message, &fault),
                     STATUS_BAD_FIELD);
    assert_string_equal(fault.path, "legal_basis");
    assert_string_equal(fault.words, "field 31 is not known here");
    assert_int_equal(unpack(in, STRICT_KEEP_KINDS, &message, &fault),
                     STATUS_BAD_FIELD);
    assert_int_equal(unpack(in, STRICT_KEEP, &message, &fault), STATUS_OK);
    assert_int_equal(message->legal_basis->base.n_unknown_fields, 1);

    assert_int_equal(check((struct span){(const uint8_t *)word, 2}, &fault),
                     STATUS_BAD_FIELD);
    assert_string_equal(fault.path, "precedence");
    assert_int_equal(check((struct span){(const uint8_t *)weapons, 8}, &fault),
                     STATUS_BAD_FIELD);
    assert_string_equal(fault.path, "maritime_incident.weapons[2]");
    assert_int_equal(unpack((struct span){(const uint8_t *)word, 2},
                            STRICT_KEEP, &message, &fault),
                     STATUS_OK);
    assert_int_equal(message->precedence, 99);
}

static void
one_kind_that_is_not_known_is_kept_where_kinds_are(void **state)
{
    static const uint8_t kind105[] = {0xca, 0x06, 0x02, 0x08, 0x01};
    uint8_t              bytes[16];
    size_t               len = append(bytes, 0, kind105, sizeof(kind105));
    Entente__Message    *message;
    struct strict_fault  fault;

    (void)state;
    assert_int_equal(unpack((struct span){bytes, len}, STRICT_KEEP_KINDS,
                            &message, &fault),
                     STATUS_OK);
    assert_int_equal(message->base.n_unknown_fields, 1);
    assert_int_equal(message->base.unknown_fields[0].tag, 105);
    len = append(bytes, len, kind105, sizeof(kind105));
    assert_int_equal(unpack((struct span){bytes, len}, STRICT_KEEP_KINDS,
                            &message, &fault),
                     STATUS_BAD_FIELD);
}

static void
memory_has_a_budget_and_a_refusal_leaves_the_arena_as_it_was(void **state)
{
    static uint8_t      many[60000]; /* 2 bytes in, a whole struct out */
    uint8_t             head[] = {0xaa, 0x06, 0, 0, 0};
    uint8_t            *bytes = malloc(sizeof(head) + sizeof(many));
    struct strict_arena arena = strict_arena_of(room, sizeof(room));
    ProtobufCMessage   *message = NULL;
    struct strict_fault fault;
    size_t              len;

    (void)state;
    assert_non_null(bytes);
    for (size_t i = 0; i < sizeof(many); i += 2)
        many[i] = 0x2a;
    head[2] = (uint8_t)(0x80 | (sizeof(many) & 0x7f));
    head[3] = (uint8_t)(0x80 | (sizeof(many) >> 7 & 0x7f));
    head[4] = (uint8_t)(sizeof(many) >> 14);
    len = append(bytes, 0, head, sizeof(head));
    len = append(bytes, len, many, sizeof(many));
    arena.used = 24;
    assert_int_equal(strict_unpack(&entente__message__descriptor,
                                   (struct span){bytes, len}, &arena,
                                   STRICT_REFUSE, &message, &fault),
                     STATUS_TOO_LARGE);
    assert_int_equal(arena.used, 24);
    assert_null(message);
    free(bytes);
}

static void
the_arena_gives_aligned_pieces_until_it_is_full(void **state)
{
    struct strict_arena arena = strict_arena_of(room + 1, 64);

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal((uintptr_t)strict_arena_take(&arena, 9) % 8, 0);
    assert_non_null(strict_arena_take(&arena, 0));
    assert_null(strict_arena_take(&arena, 64));
    assert_null(strict_arena_take(&arena, SIZE_MAX));
    strict_arena_reset(&arena);
    assert_non_null(strict_arena_take(&arena, 50));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_is_read_back),
        cmocka_unit_test(
            a_number_appended_to_the_packed_bytes_is_the_messages_number),
        cmocka_unit_test(every_prefix_is_whole_at_a_field_or_refused),
        cmocka_unit_test(every_changed_byte_is_refused_or_read),
        cmocka_unit_test(random_bytes_never_harm),
        cmocka_unit_test(refuses_what_protobuf_c_would_take),
        cmocka_unit_test(an_unknown_field_or_word_is_refused_or_kept_as_asked),
        cmocka_unit_test(one_kind_that_is_not_known_is_kept_where_kinds_are),
        cmocka_unit_test(
            memory_has_a_budget_and_a_refusal_leaves_the_arena_as_it_was),
        cmocka_unit_test(the_arena_gives_aligned_pieces_until_it_is_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

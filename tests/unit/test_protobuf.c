/* test_protobuf.c - varints in one spelling, fields passed by their type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/protobuf.h"

#include <string.h>

static struct span
of(const char *bytes, size_t len)
{
    return (struct span){(const uint8_t *)bytes, len};
}
#define OF(text) of((text), sizeof(text) - 1)

static void
a_varint_is_read_to_its_last_bit(void **state)
{
    static const struct {
        uint64_t    value;
        const char *bytes;
        size_t      len;
    } rows[] = {
        {0, "\x00", 1},
        {1, "\x01", 1},
        {127, "\x7f", 1},
        {128, "\x80\x01", 2},
        {300, "\xac\x02", 2}, /* the encoding guide's example */
        {UINT32_MAX, "\xff\xff\xff\xff\x0f", 5},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reader in = reader_of(of(rows[i].bytes, rows[i].len));

        assert_true(protobuf_varint(&in) == rows[i].value);
        assert_int_equal(reader_end(&in), STATUS_OK);
    }
}

static void
no_other_spelling_is_a_varint(void **state)
{
    const struct span rows[] = {
        OF(""),
        OF("\x80"),
        OF("\x80\x00"),                                     /* over-long */
        OF("\xff\x80\x00"),                                 /* over-long */
        OF("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), /* 65 bits */
        OF("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reader in = reader_of(rows[i]);

        assert_true(protobuf_varint(&in) == 0);
        assert_true(in.failed);
    }
}

static void
a_length_is_believed_up_to_what_is_there(void **state)
{
    struct reader in = reader_of(OF("\x02hi"));
    struct reader cut = reader_of(OF("\x03hi"));
    struct reader huge =
        reader_of(OF("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));

    (void)state;
    assert_true(span_equal(protobuf_lent(&in), span_text("hi")));
    assert_int_equal(reader_end(&in), STATUS_OK);
    assert_int_equal(protobuf_lent(&cut).len, 0);
    assert_true(cut.failed);
    assert_int_equal(protobuf_lent(&huge).len, 0);
    assert_true(huge.failed);
}

static void
each_type_is_passed_and_groups_are_not(void **state)
{
    static const struct {
        unsigned    type;
        const char *bytes;
        size_t      len;
    } rows[] = {
        {0, "\x80\x01", 2},
        {1, "12345678", 8},
        {2, "\x03" "abc", 4},
        {5, "1234", 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct reader in = reader_of(of(rows[i].bytes, rows[i].len));
        struct reader cut = reader_of(of(rows[i].bytes, rows[i].len - 1));

        protobuf_skip(&in, rows[i].type);
        assert_int_equal(reader_end(&in), STATUS_OK);
        protobuf_skip(&cut, rows[i].type);
        assert_true(cut.failed);
    }
    for (unsigned type = 3; type < 8; type++) {
        struct reader in = reader_of(OF("12345678"));

        if (type == 5)
            continue;
        protobuf_skip(&in, type);
        assert_true(in.failed);
    }
}

static void
a_field_that_was_put_is_found_behind_others(void **state)
{
    uint8_t       bytes[64];
    struct writer out = writer_of(bytes, sizeof(bytes));

    (void)state;
    protobuf_put_varint(&out, 1, 7);
    writer_put(&out, OF("\x12\x03" "abc")); /* field 2, three bytes */
    protobuf_put_varint(&out, PROTOBUF_FIELD_MAX, UINT64_MAX);
    assert_true(protobuf_peek(writer_span(&out), 1) == 7);
    assert_true(protobuf_peek(writer_span(&out), PROTOBUF_FIELD_MAX) ==
                UINT64_MAX);
    assert_true(protobuf_peek(writer_span(&out), 2) == 0);
    assert_true(protobuf_peek(writer_span(&out), 3) == 0);
    assert_true(protobuf_peek(OF("\x12\x7f"), 1) == 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_varint_is_read_to_its_last_bit),
        cmocka_unit_test(no_other_spelling_is_a_varint),
        cmocka_unit_test(a_length_is_believed_up_to_what_is_there),
        cmocka_unit_test(each_type_is_passed_and_groups_are_not),
        cmocka_unit_test(a_field_that_was_put_is_found_behind_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

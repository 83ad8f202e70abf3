/* test_leaf.c - 80 bytes at fixed offsets; what is odd is kept, and named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/leaf.h"

#include <string.h>

static struct leaf
message(void)
{
    struct leaf leaf = {.suite = SUITE_CLASSIC,
                        .class = CLASS_MESSAGE,
                        .precedence = PRECEDENCE_FLASH,
                        .padded_len = 0x00000400,
                        .sealing_key = 0x01020304,
                        .secret_epoch = 0x05060708};

    memset(leaf.commitment, 0xcc, sizeof(leaf.commitment));
    memset(leaf.digest, 0xdd, sizeof(leaf.digest));
    return leaf;
}

static struct leaf
unsealed(void)
{
    return (struct leaf){.suite = SUITE_CLASSIC,
                         .class = CLASS_REVOKE,
                         .precedence = PRECEDENCE_ROUTINE,
                         .padded_len = LIMIT_BODY};
}

static void
each_field_stands_at_its_offset(void **state)
{
    static const uint8_t begin[16] = {0, 1, 5, 5, 0, 0, 4, 0,
                                      1, 2, 3, 4, 5, 6, 7, 8};
    struct leaf          leaf = message();
    uint8_t              bytes[LEAF_LEN];

    (void)state;
    leaf_encode(&leaf, bytes);
    assert_memory_equal(bytes, begin, sizeof(begin));
    assert_memory_equal(bytes + 16, leaf.commitment, LIMIT_KEY);
    assert_memory_equal(bytes + LEAF_SIGNED_LEN, leaf.digest, LIMIT_DIGEST);
}

static void
what_was_encoded_is_decoded(void **state)
{
    struct leaf leaf = message(), read;
    uint8_t     bytes[LEAF_LEN], again[LEAF_LEN];

    (void)state;
    leaf_encode(&leaf, bytes);
    assert_int_equal(leaf_decode(SPAN_OF(bytes), &read), STATUS_OK);
    leaf_encode(&read, again);
    assert_memory_equal(bytes, again, LEAF_LEN);
}

static void
no_other_length_is_a_leaf(void **state)
{
    uint8_t     bytes[LEAF_LEN + 1] = {0};
    struct leaf leaf = message(), read;

    (void)state;
    leaf_encode(&leaf, bytes);
    for (size_t len = 0; len <= sizeof(bytes); len++)
        if (len != LEAF_LEN)
            assert_int_equal(leaf_decode((struct span){bytes, len}, &read),
                             STATUS_BAD_ENCODING);
}

static void
class_or_precedence_zero_is_no_leaf(void **state)
{
    struct leaf leaf = message(), read;
    uint8_t     bytes[LEAF_LEN];

    (void)state;
    for (size_t at = 2; at <= 3; at++) {
        leaf_encode(&leaf, bytes);
        bytes[at] = 0;
        assert_int_equal(leaf_decode(SPAN_OF(bytes), &read),
                         STATUS_BAD_ENCODING);
    }
}

/* Such a leaf is in the log all the same; its entry is refused. */
static void
a_leaf_not_understood_is_decoded_and_refused_by_name(void **state)
{
    static const struct {
        size_t      at;
        uint8_t     byte;
        enum status refused;
    } odd[] = {
        {0, 0x01, STATUS_BAD_VERSION}, /* suite 0x0101 */
        {1, 0x02, STATUS_BAD_VERSION}, {2, 10, STATUS_BAD_VERSION},
        {2, 0xff, STATUS_BAD_VERSION}, {3, 7, STATUS_BAD_VERSION},
        {3, 0xff, STATUS_BAD_VERSION}, {4, 0xff, STATUS_TOO_LARGE},
        {5, 0x02, STATUS_TOO_LARGE},   {6, 0, STATUS_TOO_LARGE},
    };
    struct leaf leaf = message(), read;
    uint8_t     bytes[LEAF_LEN];

    (void)state;
    assert_int_equal(leaf_check(&leaf), STATUS_OK);
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        leaf_encode(&leaf, bytes);
        bytes[odd[i].at] = odd[i].byte;
        assert_int_equal(leaf_decode(SPAN_OF(bytes), &read), STATUS_OK);
        assert_int_equal(leaf_check(&read), odd[i].refused);
    }
}

static void
the_longest_body_is_let_pass_and_one_byte_more_is_not(void **state)
{
    struct leaf leaf = message();

    (void)state;
    leaf.padded_len = LIMIT_BODY;
    assert_int_equal(leaf_check(&leaf), STATUS_OK);
    leaf.padded_len++;
    assert_int_equal(leaf_check(&leaf), STATUS_TOO_LARGE);
}

static void
an_unsealed_entry_hints_at_no_key(void **state)
{
    struct leaf leaf = unsealed();

    (void)state;
    assert_int_equal(leaf_check(&leaf), STATUS_OK);
    leaf.sealing_key = 1;
    assert_int_equal(leaf_check(&leaf), STATUS_BAD_FIELD);
    leaf = unsealed();
    leaf.secret_epoch = 1;
    assert_int_equal(leaf_check(&leaf), STATUS_BAD_FIELD);
    leaf = unsealed();
    leaf.commitment[LIMIT_KEY - 1] = 1;
    assert_int_equal(leaf_check(&leaf), STATUS_BAD_FIELD);
}

static void
a_sealed_body_travels_with_its_tag_and_no_other(void **state)
{
    struct leaf sealed = message(), open = unsealed();

    (void)state;
    assert_int_equal(leaf_body_len(&sealed), 0x400 + LIMIT_TAG);
    assert_int_equal(leaf_body_len(&open), LIMIT_BODY);
}

static void
four_classes_are_unsealed_and_five_are_sealed(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= CLASS_LAST; i++)
        assert_int_equal(class_is_sealed((enum entry_class)i),
                         i >= CLASS_MESSAGE);
}

static void
values_have_names_and_others_a_question_mark(void **state)
{
    (void)state;
    assert_string_equal(class_name(CLASS_OPEN), "OPEN");
    assert_string_equal(class_name(CLASS_STATEMENT), "STATEMENT");
    assert_string_equal(class_name(0), "?");
    assert_string_equal(class_name(CLASS_LAST + 1), "?");
    assert_string_equal(precedence_name(PRECEDENCE_FLASH), "FLASH");
    assert_string_equal(precedence_name(0), "?");
    assert_string_equal(precedence_name(PRECEDENCE_COUNT), "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_stands_at_its_offset),
        cmocka_unit_test(what_was_encoded_is_decoded),
        cmocka_unit_test(no_other_length_is_a_leaf),
        cmocka_unit_test(class_or_precedence_zero_is_no_leaf),
        cmocka_unit_test(a_leaf_not_understood_is_decoded_and_refused_by_name),
        cmocka_unit_test(the_longest_body_is_let_pass_and_one_byte_more_is_not),
        cmocka_unit_test(an_unsealed_entry_hints_at_no_key),
        cmocka_unit_test(a_sealed_body_travels_with_its_tag_and_no_other),
        cmocka_unit_test(four_classes_are_unsealed_and_five_are_sealed),
        cmocka_unit_test(values_have_names_and_others_a_question_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

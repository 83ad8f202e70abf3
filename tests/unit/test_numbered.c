/* test_numbered.c - a number behind what somebody wrote, and without it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/numbered.h"

static const uint64_t numbers[] = {1, 127, 128, 300, UINT32_MAX, UINT64_MAX};

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

/* An author's bytes, one field, and the number. */
static struct span
numbered(uint8_t bytes[static 64], uint64_t number)
{
    struct writer out = writer_of(bytes, 64);

    protobuf_put_varint(&out, 2, 1);
    numbered_put(&out, number);
    assert_int_equal(writer_end(&out), STATUS_OK);
    return writer_span(&out);
}

static void
a_number_is_put_read_and_taken_off_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < NUMBERS; i++) {
        uint8_t     bytes[64];
        struct span message = numbered(bytes, numbers[i]);

        assert_true(message.len <= 2 + NUMBERED_ROOM);
        assert_int_equal(numbered_peek(message), numbers[i]);
        assert_int_equal(numbered_author(message, numbers[i]).len, 2);
        assert_ptr_equal(numbered_author(message, numbers[i]).ptr, bytes);
    }
}

static void
another_number_or_none_is_not_taken_off(void **state)
{
    uint8_t     bytes[64];
    struct span message = numbered(bytes, 17);

    (void)state;
    assert_int_equal(numbered_author(message, 18).len, message.len);
    assert_int_equal(numbered_author(message, 0).len, message.len);
    message.len = 2;
    assert_int_equal(numbered_peek(message), 0);
    assert_int_equal(numbered_author(message, 17).len, 2);
    assert_int_equal(numbered_author(SPAN_EMPTY, 17).len, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_put_read_and_taken_off_again),
        cmocka_unit_test(another_number_or_none_is_not_taken_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_segment.c - a name and a first page, each in one spelling. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/store/segment.h"

#include <string.h>

static const struct segment good = {.file_id = {1, 2, 3},
                                    .number = 4,
                                    .first_sequence = 5,
                                    .copied = true,
                                    .lost = false};

static void
a_page_reads_as_it_was_written(void **state)
{
    uint8_t        page[SEGMENT_PAGE];
    struct segment read;

    (void)state;
    segment_encode(&good, page);
    assert_int_equal(segment_decode(SPAN_OF(page), &read), STATUS_OK);
    assert_memory_equal(read.file_id, good.file_id, SEGMENT_FILE_ID);
    assert_true(read.number == 4 && read.first_sequence == 5);
    assert_true(read.copied && !read.lost);
}

static void
any_byte_of_the_page_changed_is_seen(void **state)
{
    uint8_t        page[SEGMENT_PAGE];
    struct segment read;

    (void)state;
    for (size_t i = 0; i < SEGMENT_PAGE; i++) {
        segment_encode(&good, page);
        page[i] ^= 0x40;
        assert_int_equal(segment_decode(SPAN_OF(page), &read),
                         STATUS_CORRUPT);
    }
}

static void
a_page_cut_short_is_none(void **state)
{
    uint8_t        page[SEGMENT_PAGE];
    struct segment read;

    (void)state;
    segment_encode(&good, page);
    for (size_t len = 0; len < SEGMENT_PAGE; len++)
        assert_int_equal(segment_decode((struct span){page, len}, &read),
                         STATUS_CORRUPT);
}

static void
a_name_has_one_spelling(void **state)
{
    static const char *const bad[] = {
        "",
        "journal-",
        "journal-next",
        "journal-0000000000000000", /* segments count from 1 */
        "journal-000000000000000A",
        "journal-00000000000000001",
        "journal-1",
        "journal- 000000000000001",
        "journal-0x00000000000001",
        "journal-ffffffffffffffff0",
        "Journal-0000000000000001",
        "journal-0000000000000001.bak",
    };
    char     name[SEGMENT_NAME];
    uint64_t number = 0;

    (void)state;
    segment_name(0x1a, name);
    assert_string_equal(name, "journal-000000000000001a");
    assert_int_equal(segment_name_parse(name, &number), STATUS_OK);
    assert_true(number == 0x1a);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(segment_name_parse(bad[i], &number),
                         STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_reads_as_it_was_written),
        cmocka_unit_test(any_byte_of_the_page_changed_is_seen),
        cmocka_unit_test(a_page_cut_short_is_none),
        cmocka_unit_test(a_name_has_one_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A place in the journal as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/store/bookmark.h"

#include <string.h>

static const struct bookmark one = {
    .group = {.segment = 3, .offset = 5 * SEGMENT_PAGE, .sequence = 70},
    .check = {1, 2, 3, 4, 5, 6, 7, 8},
    .record = 9,
    .part = 1ull << 39,
};

static void
a_place_comes_back_as_it_was_written(void **state)
{
    struct bookmark_text text = bookmark_text(&one);
    struct bookmark      read;

    (void)state;
    assert_int_equal(strlen(text.text), BOOKMARK_TEXT - 1);
    assert_int_equal(bookmark_parse(span_text(text.text), &read), STATUS_OK);
    assert_int_equal(read.group.segment, 3);
    assert_int_equal(read.group.offset, 5 * SEGMENT_PAGE);
    assert_int_equal(read.group.sequence, 70);
    assert_memory_equal(read.check, one.check, sizeof(read.check));
    assert_int_equal(read.record, 9);
    assert_int_equal(read.part, 1ull << 39);
}

static void
what_it_would_not_write_is_refused(void **state)
{
    struct bookmark_text text = bookmark_text(&one);
    struct bookmark      beginning = {.record = 1};
    struct bookmark      beyond = one;
    struct bookmark      read;

    (void)state;
    for (size_t len = 0; len < BOOKMARK_TEXT - 1; len++)
        assert_int_equal(
            bookmark_parse((struct span){(uint8_t *)text.text, len}, &read),
            STATUS_BAD_ENCODING);
    text.text[1] = '2'; /* another version */
    assert_int_equal(bookmark_parse(span_text(text.text), &read),
                     STATUS_BAD_ENCODING);
    text = bookmark_text(&beginning); /* before all groups, yet within one */
    assert_int_equal(bookmark_parse(span_text(text.text), &read),
                     STATUS_BAD_ENCODING);
    beyond.record = BOOKMARK_DONE + 1;
    text = bookmark_text(&beyond);
    assert_int_equal(bookmark_parse(span_text(text.text), &read),
                     STATUS_BAD_ENCODING);
    beyond.record = 0xabcde;
    text = bookmark_text(&beyond);
    assert_int_equal(bookmark_parse(span_text(text.text), &read), STATUS_OK);
    *strchr(text.text, 'a') = 'A';
    assert_int_equal(bookmark_parse(span_text(text.text), &read),
                     STATUS_BAD_ENCODING);
}

static void
it_knows_its_group_by_the_check(void **state)
{
    struct group_place place = {1, SEGMENT_PAGE, 1};
    uint8_t            group[GROUP_HEAD + GROUP_CHECK] = {0};
    uint8_t           *check = group + GROUP_HEAD;
    struct bookmark    at, behind;

    (void)state;
    memset(check, 0x5a, GROUP_CHECK);
    at = bookmark_at(&place, SPAN_OF(group));
    assert_int_equal(at.record, 0);
    assert_true(bookmark_is_of(&at, SPAN_OF(group)));
    behind = bookmark_behind(&place, check);
    assert_int_equal(behind.record, BOOKMARK_DONE);
    assert_true(bookmark_is_of(&behind, SPAN_OF(group)));
    check[0] ^= 1;
    assert_false(bookmark_is_of(&at, SPAN_OF(group)));
    assert_false(bookmark_is_of(&behind, SPAN_OF(group)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_comes_back_as_it_was_written),
        cmocka_unit_test(what_it_would_not_write_is_refused),
        cmocka_unit_test(it_knows_its_group_by_the_check),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

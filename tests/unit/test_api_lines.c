/* Lines out of bytes, however they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/api/api_lines.h"

#include <string.h>

static int
set_up(void **state)
{
    *state = api_lines_new();
    return *state == NULL;
}

static int
tear_down(void **state)
{
    api_lines_free(*state);
    return 0;
}

static void
give(struct api_lines *lines, const char *bytes, size_t len)
{
    while (len > 0) {
        size_t   room = 0;
        uint8_t *to = api_lines_room(lines, &room);
        size_t   part = len < room ? len : room;

        memcpy(to, bytes, part);
        api_lines_add(lines, part);
        bytes += part;
        len -= part;
    }
}

/* The next line is this one, of that number. */
static void
expect(struct api_lines *lines, const char *line, size_t number)
{
    struct span got = SPAN_EMPTY;
    size_t      at = 0;

    assert_int_equal(api_lines_next(lines, &got, &at), STATUS_OK);
    assert_true(span_equal(got, span_text(line)));
    assert_int_equal(at, number);
}

static enum status
next(struct api_lines *lines, size_t *number)
{
    struct span got;

    return api_lines_next(lines, &got, number);
}

static void
a_line_may_come_in_any_pieces(void **state)
{
    static const char text[] = "one\ntwo\r\n\n  \nfive";
    size_t            number;

    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        give(*state, text + i, 1);
        if (text[i] != '\n' || i > 10)
            assert_int_equal(next(*state, &number), STATUS_AGAIN);
        else if (i == 3)
            expect(*state, "one", 1);
        else if (i == 8)
            expect(*state, "two\r", 2);
    }
}

static void
blank_lines_are_counted_and_left_out(void **state)
{
    give(*state, "\n \t\r\nthree\n", 11);
    expect(*state, "three", 3);
}

static void
the_last_line_needs_no_end(void **state)
{
    size_t number;

    give(*state, "one\ntwo", 7);
    expect(*state, "one", 1);
    assert_int_equal(next(*state, &number), STATUS_AGAIN);
    api_lines_end(*state);
    expect(*state, "two", 2);
    assert_int_equal(next(*state, &number), STATUS_AGAIN);
}

/* Gives `count` letters, taking nothing but AGAIN or, once, TOO_LARGE. */
static size_t
give_letters(struct api_lines *lines, size_t count)
{
    static char letters[65536];
    size_t      told = 0;
    size_t      number = 0;

    memset(letters, 'x', sizeof(letters));
    while (count > 0) {
        size_t part = count < sizeof(letters) ? count : sizeof(letters);

        give(lines, letters, part);
        count -= part;
        if (next(lines, &number) == STATUS_TOO_LARGE) {
            assert_int_equal(number, 1);
            told++;
        }
    }
    return told;
}

static void
a_line_that_is_too_long_is_told_once_and_the_next_is_read(void **state)
{
    for (size_t more = 1; more < 4; more++) {
        struct api_lines *lines = api_lines_new();
        size_t            number = 0;
        size_t told = give_letters(lines, more * API_LINES_MAX + more - 1);

        give(lines, "\nnext\n", 6);
        if (more == 1) { /* it is as long as it may be */
            struct span got;

            assert_int_equal(api_lines_next(lines, &got, &number), STATUS_OK);
            assert_int_equal(got.len, API_LINES_MAX);
        }
        assert_int_equal(told, more == 1 ? 0 : 1);
        expect(lines, "next", 2);
        api_lines_free(lines);
    }
    assert_int_equal(give_letters(*state, API_LINES_MAX + 1), 1);
}

static void
what_is_too_long_at_the_end_is_no_line(void **state)
{
    size_t number;

    assert_int_equal(give_letters(*state, 2 * API_LINES_MAX), 1);
    api_lines_end(*state);
    assert_int_equal(next(*state, &number), STATUS_AGAIN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CLAIM(a_line_may_come_in_any_pieces),
        CLAIM(blank_lines_are_counted_and_left_out),
        CLAIM(the_last_line_needs_no_end),
        CLAIM(a_line_that_is_too_long_is_told_once_and_the_next_is_read),
        CLAIM(what_is_too_long_at_the_end_is_no_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

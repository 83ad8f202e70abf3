/* test_text.c - UTF-8 as RFC 3629 has it, each edge from both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/text.h"

#include <string.h>

static const char *const good[] = {
    "", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
    "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
    "\xf4\x8f\xbf\xbf", "eight by eight by",
};

static const char *const bad[] = {
    "\x80",             /* nothing that it goes on from */
    "\xc0\x80",         /* zero, over-long */
    "\xc1\xbf",         /* over-long */
    "\xe0\x9f\xbf",     /* over-long */
    "\xf0\x8f\xbf\xbf", /* over-long */
    "\xed\xa0\x80",     /* a surrogate */
    "\xed\xbf\xbf",     /* a surrogate */
    "\xf4\x90\x80\x80", /* beyond U+10FFFF */
    "\xf5\x80\x80\x80", /* beyond U+10FFFF */
    "\xff",
    "\xc3",             /* cut short */
    "\xe2\x82",         /* cut short */
    "\xf0\x9f\x98",     /* cut short */
    "\xc3\x41",         /* an ASCII letter where a byte goes on */
    "\xe2\x82\x41",
};

static void
each_form_of_the_standard_is_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_true(text_ok(span_text(good[i])));
}

static void
nothing_else_is_text_wherever_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        for (size_t before = 0; before < 18; before++) {
            char line[64] = "";

            memset(line, 'a', before);
            memcpy(line + before, bad[i], strlen(bad[i]));
            assert_false(text_ok(span_text(line)));
            memset(line + before + strlen(bad[i]), 'z', 16);
            assert_false(text_ok(span_text(line)));
        }
}

static void
a_zero_byte_is_no_text_wherever_it_stands(void **state)
{
    uint8_t line[24];

    (void)state;
    for (size_t at = 0; at < sizeof(line); at++) {
        memset(line, 'a', sizeof(line));
        assert_true(text_ok(SPAN_OF(line)));
        line[at] = 0;
        assert_false(text_ok(SPAN_OF(line)));
    }
}

static void
characters_are_taken_one_by_one(void **state)
{
    struct span text = span_text("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    bool        is_bad;

    (void)state;
    assert_int_equal(text_take(&text, &is_bad), 'a');
    assert_int_equal(text_take(&text, &is_bad), 0xe9);
    assert_int_equal(text_take(&text, &is_bad), 0x20ac);
    assert_int_equal(text_take(&text, &is_bad), 0x1f600);
    assert_int_equal(text.len, 0);
    assert_int_equal(text_take(&text, &is_bad), 0);
    assert_false(is_bad);
}

static void
what_is_no_character_is_one_bad_byte(void **state)
{
    struct span text = span_text("\xed\xa0z");
    bool        is_bad;

    (void)state;
    assert_int_equal(text_take(&text, &is_bad), 0);
    assert_true(is_bad);
    assert_int_equal(text.len, 2);
    assert_int_equal(text_take(&text, &is_bad), 0);
    assert_true(is_bad);
    assert_int_equal(text_take(&text, &is_bad), 'z');
    assert_false(is_bad);
}

static void
what_a_terminal_or_a_reader_would_obey_is_a_control(void **state)
{
    static const uint32_t acts[] = {0,      0x07,   0x0a,   0x1b,   0x7f,
                                    0x9b,   0xad,   0x200b, 0x200e, 0x2028,
                                    0x202e, 0x2066, 0x2069, 0xfeff, 0xe0041,
                                    0x34f,  0x3164, 0x115f, 0x2800, 0xe0fff};
    static const uint32_t stands[] = {' ',    'a',    '~',    0xa0,   0xe9,
                                      0x200c, 0x200d, 0x2010, 0x20ac, 0x1f600};

    (void)state;
    for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
        assert_true(text_is_control(acts[i]));
    for (size_t i = 0; i < sizeof(stands) / sizeof(stands[0]); i++)
        assert_false(text_is_control(stands[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_of_the_standard_is_text),
        cmocka_unit_test(nothing_else_is_text_wherever_it_stands),
        cmocka_unit_test(a_zero_byte_is_no_text_wherever_it_stands),
        cmocka_unit_test(characters_are_taken_one_by_one),
        cmocka_unit_test(what_is_no_character_is_one_bad_byte),
        cmocka_unit_test(what_a_terminal_or_a_reader_would_obey_is_a_control),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

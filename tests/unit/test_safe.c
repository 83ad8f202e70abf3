/* What a peer's text may do on a terminal: stand there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/safe.h"

#include "proto/text.h"

#include <stdlib.h>
#include <string.h>

static void
expect(const char *in, const char *out)
{
    char *text = safe_text(span_text(in), false);
    char *again;

    assert_non_null(text);
    assert_string_equal(text, out);
    again = safe_text(span_text(text), false);
    assert_string_equal(again, out); /* made safe twice is made safe once */
    free(again);
    free(text);
}

static void
each_character_that_acts_becomes_an_escape(void **state)
{
    (void)state;
    for (uint32_t c = 1; c < 0xe1000; c++) {
        char          in[8] = "a";
        char         *out;
        struct writer to = writer_of((uint8_t *)in + 1, 6);

        if (!text_is_control(c) || (c >= 0xd800 && c < 0xe000))
            continue;
        if (c < 0x80)
            writer_u8(&to, (uint8_t)c);
        if (c >= 0x80 && c < 0x800)
            writer_u8(&to, (uint8_t)(0xc0 | c >> 6));
        if (c >= 0x800 && c < 0x10000)
            writer_u8(&to, (uint8_t)(0xe0 | c >> 12));
        if (c >= 0x10000)
            writer_u8(&to, (uint8_t)(0xf0 | c >> 18));
        if (c >= 0x10000)
            writer_u8(&to, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
        if (c >= 0x800)
            writer_u8(&to, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
        if (c >= 0x80)
            writer_u8(&to, (uint8_t)(0x80 | (c & 0x3f)));
        out = safe_text(span_text(in), false);
        assert_int_equal(out[0], 'a');
        assert_int_equal(out[1], '\\');
        for (const char *at = out; *at != '\0'; at++)
            assert_true(*at >= ' ' && *at <= '~');
        free(out);
    }
}

static void
bytes_that_are_no_text_are_told_one_by_one(void **state)
{
    (void)state;
    expect("\xff\xc0\x80z", "\\xff\\xc0\\x80z");
    expect("\x1b[2J\r\n\t\x7f", "\\x1b[2J\\x0d\\n\\t\\x7f");
    expect("\xc2\x9b" "31m", "\\x9b31m"); /* a control of eight bits */
}

static void
nobody_turns_a_line_round(void **state)
{
    (void)state;
    expect("\xe2\x80\xae" "abc", "\\u{202e}abc");
    expect("\xe2\x81\xa6x\xe2\x81\xa9", "\\u{2066}x\\u{2069}");
    expect("\xe2\x80\x8f" "12", "\\u{200f}12");
}

/* "jmsdf" with something in it that is not seen. */
static void
no_name_hides_a_part_of_itself(void **state)
{
    (void)state;
    expect("jm\xe2\x80\x8bsdf", "jm\\u{200b}sdf");
    expect("jm\xe2\x80\x8dsdf", "jm\\u{200d}sdf");
    expect("jm\xe2\x80\x8csdf", "jm\\u{200c}sdf");
    expect("jm\xef\xb8\x8fsdf", "jm\\u{fe0f}sdf");
    expect("jm\xcd\x8fsdf", "jm\\u{34f}sdf");
    expect("jm\xc2\xadsdf", "jm\\xadsdf");
    expect("jm\xf3\xa0\x84\x80sdf", "jm\\u{e0100}sdf");
}

/* RFC 5892, appendix A: joiners where Devanagari and Persian write them. */
static void
joiners_stay_where_a_script_needs_them(void **state)
{
    (void)state;
    expect("\xe0\xa4\xb0\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xaf",
           "\xe0\xa4\xb0\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xaf"); /* eyelash RA */
    expect("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7",
           "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8c\xe0\xa4\xb7");
    expect("\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae",
           "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae");
    expect("\xe0\xa4\x95\xe2\x80\x8d", "\xe0\xa4\x95\\u{200d}");
    expect("\xd9\x85\xe2\x80\x8cx", "\xd9\x85\\u{200c}x");
}

static void
variants_of_kanji_stay_and_styles_of_symbols_go(void **state)
{
    (void)state;
    expect("\xe8\xbe\xbb\xf3\xa0\x84\x80", "\xe8\xbe\xbb\xf3\xa0\x84\x80");
    expect("\xe2\x9c\x88\xef\xb8\x8f", "\xe2\x9c\x88");
    expect("\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
           "\xf0\x9f\x91\xa8\\u{200d}\xf0\x9f\x91\xa9");
}

static void
marks_stand_on_a_letter_and_not_too_many(void **state)
{
    char  in[64] = "a";
    char *out;

    (void)state;
    expect("e\xcc\x81", "e\xcc\x81");
    expect("\xcc\x81x", "\\u{301}x");
    expect("x \xcc\x81", "x \\u{301}");
    for (int i = 0; i < 12; i++)
        memcpy(in + 1 + 2 * i, "\xcc\x81", 2);
    out = safe_text(span_text(in), false);
    assert_int_equal(strcspn(out, "\\"), 1 + 2 * SAFE_MARKS_MAX);
    free(out);
}

static void
what_runs_from_right_to_left_is_known(void **state)
{
    (void)state;
    assert_true(safe_turns(span_text("a \xd7\x90")));
    assert_true(safe_turns(span_text("\xd8\xa8")));
    assert_false(safe_turns(span_text("a \xe6\xb5\xb7 \xe0\xa4\xb9 12")));
}

static void
line_breaks_stay_where_they_are_asked_for(void **state)
{
    char *out = safe_text(span_text("a\nb\tc"), true);

    (void)state;
    assert_string_equal(out, "a\nb\\tc");
    free(out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_that_acts_becomes_an_escape),
        cmocka_unit_test(bytes_that_are_no_text_are_told_one_by_one),
        cmocka_unit_test(nobody_turns_a_line_round),
        cmocka_unit_test(no_name_hides_a_part_of_itself),
        cmocka_unit_test(joiners_stay_where_a_script_needs_them),
        cmocka_unit_test(variants_of_kanji_stay_and_styles_of_symbols_go),
        cmocka_unit_test(marks_stand_on_a_letter_and_not_too_many),
        cmocka_unit_test(what_runs_from_right_to_left_is_known),
        cmocka_unit_test(line_breaks_stay_where_they_are_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

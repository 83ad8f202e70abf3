/* Lines for a terminal, and what a peer may not do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/terminal/page.h"

#include <stdlib.h>
#include <string.h>

static char text[8192];

static struct page
open_page(unsigned indent)
{
    struct page page = {fmemopen(text, sizeof(text), "w"), indent, 0};

    assert_non_null(page.out);
    memset(text, 0, sizeof(text));
    return page;
}

static size_t
longest_line(void)
{
    size_t longest = 0;

    for (const char *at = text; *at != '\0'; at += at[0] == '\n') {
        size_t len = strcspn(at, "\n");

        longest = len > longest ? len : longest;
        at += len;
    }
    return longest;
}

static void
whatever_a_terminal_would_obey_is_written_as_an_escape(void **state)
{
    static const struct {
        const char *in, *out;
    } table[] = {
        {"plain \xe6\xb5\xb7", "plain \xe6\xb5\xb7"},
        {"\x1b[2J", "\\x1b[2J"},
        {"a\nb\tc\rd", "a\\nb\\tc\\x0dd"},
        {"\x7f\xc2\x9b", "\\x7f\\x9b"},
        {"\xe2\x80\xae" "abc", "\\u{202e}abc"},
        {"\xf3\xa0\x81\x81", "\\u{e0041}"},
        {"\xff\xc0\x80", "\\xff\\xc0\\x80"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct page page = open_page(0);

        page_text(table[i].in, page.out);
        (void)fclose(page.out);
        assert_string_equal(text, table[i].out);
    }
}

static void
a_field_has_its_name_as_people_write_it(void **state)
{
    struct page page = open_page(2);

    (void)state;
    page_field(&page, "damage_and_loss", "none");
    page_field(&page, "ship", "");
    page_line(&page, "Trail:");
    (void)fclose(page.out);
    assert_string_equal(text, "  Damage and loss: none\n  Ship:\n  Trail:\n");
}

static void
long_text_is_wrapped_at_blanks(void **state)
{
    struct page page = open_page(0);
    char        words[401] = "";

    (void)state;
    for (int i = 0; i < 40; i++)
        memcpy(words + 10 * i, "123456789 ", 10);
    page_field(&page, "a", words);
    (void)fclose(page.out);
    assert_true(longest_line() <= PAGE_WIDTH);
}

/* Else "NONE" and blanks up to the edge would put a forged line below. */
static void
no_text_begins_a_line_where_our_own_words_stand(void **state)
{
    static const char *const forged[] = {
        "x\n=== UNCLASSIFIED ===", "\n\n\n=== UNCLASSIFIED ===",
        ("                                                                   "
         "                                             === UNCLASSIFIED ==="),
    };
    char endless[400];

    (void)state;
    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++) {
        struct page page = open_page(0);

        page_field(&page, "narrative", forged[i]);
        (void)fclose(page.out);
        assert_null(strstr(text, "\n==="));
    }
    memset(endless, '=', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    for (unsigned indent = 0; indent < 8; indent += 2) {
        struct page page = open_page(indent);

        page_field(&page, "narrative", endless);
        (void)fclose(page.out);
        assert_null(strstr(text, "\n="));
        assert_true(longest_line() <= PAGE_WIDTH);
    }
}

/* Else the terminal breaks the line, and goes on in its first column. */
static void
a_narrow_terminal_has_narrow_lines(void **state)
{
    char endless[400];

    (void)state;
    assert_int_equal(page_width_for(0), PAGE_WIDTH);
    assert_int_equal(page_width_for(500), PAGE_WIDTH);
    assert_int_equal(page_width_for(1), PAGE_WIDTH_MIN);
    memset(endless, '=', sizeof(endless) - 1);
    endless[sizeof(endless) - 1] = '\0';
    for (unsigned width = PAGE_WIDTH_MIN; width < PAGE_WIDTH; width += 7) {
        struct page page = open_page(4);

        page.width = page_width_for(width);
        page_field(&page, "narrative", endless);
        page_paragraph(&page, "Six words that are all short.");
        page_hanging(&page, endless);
        (void)fclose(page.out);
        assert_null(strstr(text, "\n="));
        assert_true(longest_line() <= width);
    }
}

static void
wide_characters_count_twice(void **state)
{
    struct page page = open_page(0);
    char        words[301] = "";

    (void)state;
    for (int i = 0; i < 100; i++)
        memcpy(words + 3 * i, "\xe6\xb5\xb7", 3);
    page_paragraph(&page, words);
    (void)fclose(page.out);
    assert_int_equal(strcspn(text, "\n"), 3 * PAGE_WIDTH / 2);
}

/* "The ship is moving north." and more of it, without a blank. */
static void
kanji_break_anywhere_but_before_a_closing_mark(void **state)
{
    struct page page = open_page(0);

    (void)state;
    page.width = 20;
    page_field(&page, "text", "\xe8\x88\xb9\xe3\x81\xaf\xe5\x8c\x97\xe3\x81\xb8"
                              "\xe9\x80\xb2\xe3\x82\x80\xe3\x80\x82"
                              "\xe6\xb5\xb7\xe5\xb3\xa1 AIS");
    (void)fclose(page.out);
    assert_string_equal(text,
                        "Text: \xe8\x88\xb9\xe3\x81\xaf\xe5\x8c\x97\xe3\x81\xb8"
                        "\xe9\x80\xb2\xe3\x82\x80\xe3\x80\x82\n"
                        "  \xe6\xb5\xb7\xe5\xb3\xa1 AIS\n");
    page = open_page(0);
    page.width = 20;
    page_paragraph(&page, "abcdefghijklmnop \xe6\xb5\xb7\xe3\x80\x82");
    (void)fclose(page.out);
    assert_string_equal(text, "abcdefghijklmnop\n\xe6\xb5\xb7\xe3\x80\x82\n");
}

static void
devanagari_is_wrapped_by_its_columns(void **state)
{
    /* NAU SENA, navy: AU and AA stand beside their letters, E above */
    const char *word = "\xe0\xa4\xa8\xe0\xa5\x8c\xe0\xa4\xb8\xe0\xa5\x87"
                       "\xe0\xa4\xa8\xe0\xa4\xbe ";
    char        words[20 * 7 + 1] = "";
    struct page page = open_page(0);

    (void)state;
    for (size_t i = 0; i < 7; i++)
        memcpy(words + i * strlen(word), word, strlen(word));
    page.width = 29;
    page_paragraph(&page, words);
    (void)fclose(page.out);
    /* five words of five columns, and four blanks */
    assert_int_equal(strcspn(text, "\n"), 5 * strlen(word) - 1);
}

static void
a_line_that_turns_is_isolated_and_so_is_what_follows(void **state)
{
    struct page page = open_page(0);
    const char *at;

    (void)state;
    page.width = 20;
    page_field(&page, "a", "\xd7\x90\xd7\x90\xd7\x90\xd7\x90\xd7\x90\xd7\x90 "
                           "\xd7\x90\xd7\x90\xd7\x90\xd7\x90\xd7\x90\xd7\x90 "
                           "\xd7\x90\xd7\x90\xd7\x90\xd7\x90\xd7\x90 12");
    (void)fclose(page.out);
    at = text;
    for (int line = 0; line < 2; line++) {
        const char *end = strchr(at, '\n');

        assert_memory_equal(at + (line == 0 ? 3 : 2), "\xe2\x81\xa6", 3);
        assert_memory_equal(end - 3, "\xe2\x81\xa9", 3);
        at = end + 1;
    }
    assert_string_equal(at, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            whatever_a_terminal_would_obey_is_written_as_an_escape),
        cmocka_unit_test(a_field_has_its_name_as_people_write_it),
        cmocka_unit_test(long_text_is_wrapped_at_blanks),
        cmocka_unit_test(no_text_begins_a_line_where_our_own_words_stand),
        cmocka_unit_test(a_narrow_terminal_has_narrow_lines),
        cmocka_unit_test(wide_characters_count_twice),
        cmocka_unit_test(kanji_break_anywhere_but_before_a_closing_mark),
        cmocka_unit_test(devanagari_is_wrapped_by_its_columns),
        cmocka_unit_test(a_line_that_turns_is_isolated_and_so_is_what_follows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

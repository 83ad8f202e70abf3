/*
 * Texts that are no message at all, as JSON or as a form: each is told its
 * place or its limit.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/language/json.h"
#include "tools/writing/draft.h"

enum { BRACKETS = 3000 };

static struct draft *draft;

/* Takes a text that is no message; the first fault's words. */
static const char *
taken(const char *text, size_t len, enum status st)
{
    char *copy = malloc(len + 1);

    assert_non_null(copy);
    memcpy(copy, text, len);
    copy[len] = '\0';
    draft_free(draft);
    draft = draft_new(NULL);
    assert_int_equal(draft_take(draft, copy, len), st);
    assert_int_equal(status_exit_code(st), 7);
    assert_true(draft->faults.count > 0);
    return draft->faults.list[0].words;
}

static void
a_text_that_is_no_message_is_told_its_place_or_its_limit(void **state)
{
    static const struct {
        const char *text;
        enum status st;
        const char *words;
    } table[] = {
        {"{\"kind\": \"note\",\n \"subject\": \"a\",\n \"subject\": \"b\"}",
         STATUS_BAD_ENCODING, "line 3"},
        {"{\"kind\": \"note\",\n \"subject\": \"\xff\"}", STATUS_BAD_ENCODING,
         "line 2"},
        {"{\"kind\": \"note\"", STATUS_BAD_ENCODING, "line 1"},
        {"", STATUS_BAD_ENCODING, "is missing or not known"},
        {"kind: note\nsubject: \xff\xfe\n", STATUS_BAD_FIELD, "is not UTF-8"},
        {"kind: note\nsubject: a\nsubject: b\n", STATUS_BAD_FIELD, "twice"},
        {"kind: note\nthree boats\n", STATUS_BAD_FIELD, "three boats"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const char *words = taken(table[i].text, strlen(table[i].text),
                                  table[i].st);

        if (strstr(words, table[i].words) == NULL)
            print_error("%s: %s\n", table[i].text, words);
        assert_non_null(strstr(words, table[i].words));
    }
}

static void
three_thousand_brackets_and_a_megabyte_are_past_their_limits(void **state)
{
    char *text = malloc(JSON_TEXT_MAX + 2);

    (void)state;
    assert_non_null(text);
    memset(text, '[', BRACKETS);
    assert_non_null(strstr(taken(text, BRACKETS, STATUS_BAD_ENCODING),
                           "deeper than 24 levels"));
    memset(text, ' ', JSON_TEXT_MAX + 1);
    text[0] = '{';
    assert_non_null(strstr(taken(text, JSON_TEXT_MAX + 1, STATUS_TOO_LARGE),
                           "longer than 1048576 bytes"));
    memset(text, 'x', JSON_TEXT_MAX + 1);
    memcpy(text, "kind: note\n", 11);
    assert_non_null(strstr(taken(text, JSON_TEXT_MAX + 1, STATUS_TOO_LARGE),
                           "longer than 1048576 bytes"));
    free(text);
}

static int
end(void **state)
{
    (void)state;
    draft_free(draft);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_text_that_is_no_message_is_told_its_place_or_its_limit),
        cmocka_unit_test(
            three_thousand_brackets_and_a_megabyte_are_past_their_limits),
    };

    return cmocka_run_group_tests(tests, NULL, end);
}

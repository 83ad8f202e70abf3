/* test_verify_json.c - strings that any JSON reader takes, whatever is in
 * them; and the words of a report are those of the code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "entry.pb-c.h"
#include "tools/verify/verify_json.h"
#include "tools/verify/verify_words.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* `text` as it is written, without its line. */
static char *
written(const char *text)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *file = open_memstream(&out, &len);

    assert_non_null(file);
    verify_json_text(file, text);
    assert_int_equal(fclose(file), 0);
    return out;
}

static void
assert_read_back(const char *text, const char *expected)
{
    char   *out = written(text);
    json_t *value = json_loads(out, JSON_DECODE_ANY, NULL);

    if (value == NULL)
        fail_msg("no JSON: %s", out);
    assert_string_equal(json_string_value(value), expected);
    for (const char *at = out; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
    json_decref(value);
    free(out);
}

static void
what_is_written_is_read_back(void **state)
{
    (void)state;
    assert_read_back("", "");
    assert_read_back("IFC-IOR \"x\" \\ /", "IFC-IOR \"x\" \\ /");
    assert_read_back("a\nb\tc\x1b[31m\x7f", "a\nb\tc\x1b[31m\x7f");
    assert_read_back("\u6d77\u4e0a \u0928\u094c", "\u6d77\u4e0a \u0928\u094c");
    assert_read_back("\u202e\u2028\U000e0041", "\u202e\u2028\U000e0041");
}

static void
what_is_no_utf8_is_replaced(void **state)
{
    (void)state;
    assert_read_back("a\xff\xc0z", "a\ufffd\ufffdz");
}

static void
every_check_and_verdict_has_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < EVIDENCE_CHECK_COUNT; i++)
        assert_true(strlen(verify_words_check((enum evidence_check)i)) > 20);
    for (int i = ENTENTE__ANSWER__VERDICT__ACCEPTED;
         i <= ENTENTE__ANSWER__VERDICT__COMPLETE; i++)
        assert_string_not_equal(verify_words_verdict(i), "unspecified");
    assert_true(verify_words_by_person(ENTENTE__ANSWER__VERDICT__DECLINED));
    assert_false(verify_words_by_person(ENTENTE__ANSWER__VERDICT__READ));
    assert_string_equal(verify_words_time(0).text, "no time");
}

static void
a_step_is_told_by_what_it_is_of(void **state)
{
    struct evidence_step step = {.check = EVIDENCE_CERTIFICATE, .part = 1};
    char                 words[VERIFY_WORDS];

    (void)state;
    verify_words_part(&step, words);
    assert_string_equal(words, "certificate 2");
    step.check = EVIDENCE_HEAD;
    verify_words_part(&step, words);
    assert_string_equal(words, "answer 1");
    step.part = 0;
    verify_words_part(&step, words);
    assert_string_equal(words, "the message");
    step.check = EVIDENCE_FORM;
    verify_words_part(&step, words);
    assert_string_equal(words, "the file");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_is_no_utf8_is_replaced),
        cmocka_unit_test(every_check_and_verdict_has_words),
        cmocka_unit_test(a_step_is_told_by_what_it_is_of),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

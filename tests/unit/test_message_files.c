/* test_message_files.c - what a message may say of its attachments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/judged.h"

static void
attachments_are_judged(void **state)
{
    const char *good =
        "{'kind': 'note', " WRITTEN_HEADER ", 'note': {'text': 'see'},"
        "'attachments': [{'name': 'chart.png', 'media_type': 'image/png',"
        "'size': '0', 'stored': '17', 'encoding': 'NONE', 'digest':"
        "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'key':"
        "'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA='}]}";

    (void)state;
    assert_good(good, "chart", "map");
    assert_fault(good, "chart.png", "../x", "attachments[0].name",
                 "without folders");
    assert_fault(good, "chart.png", "a\\u0085b", "attachments[0].name",
                 "control character");
    assert_fault(good, "AAAAAAAA", "AAAA", "attachments[0].digest",
                 "is 29 bytes; 32");
    assert_fault(good, "BBBBBBBB", "BBBB", "attachments[0].key",
                 "is 29 bytes; 32");
    assert_fault(good, "'0'", "68719476737", "attachments[0].size",
                 "from 0 to 68719476736");
}

static void
an_attachment_has_the_length_that_its_size_and_encoding_give(void **state)
{
    const char *good =
        "{'kind': 'note', " WRITTEN_HEADER ", 'note': {'text': 'see'},"
        "'attachments': [{'name': 'log', 'media_type': 'text/plain',"
        "'size': '70000', 'stored': '71712', 'encoding': 'NONE', 'digest':"
        "'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'key':"
        "'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA='}]}";
    const char *compressed = "'71712', 'encoding': 'NONE'";

    (void)state;
    assert_good(good, "70000", "71680"); /* what is padded to as much */
    assert_fault(good, "71712", "71711", "attachments[0].stored",
                 "no length that sealed chunks have");
    assert_fault(good, "71712", "17", "attachments[0].stored",
                 "does not go with");
    assert_good(good, compressed, "'17', 'encoding': 'ZSTD'");
    assert_fault(good, compressed, "'73760', 'encoding': 'ZSTD'",
                 "attachments[0].stored", "does not go with");
    assert_fault(good, "'70000', 'stored': '71712', 'encoding': 'NONE'",
                 "'0', 'stored': '17', 'encoding': 'ZSTD'",
                 "attachments[0].encoding", "is NONE");
}

/* Those named by the letters of `digests`, before the field `version`. */
static const char *
files(const char *digests)
{
    static const char one[] =
        "{'name': 'log', 'media_type': 'text/plain', 'size': '0',"
        "'stored': '17', 'encoding': 'NONE', 'digest':"
        "'%cAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'key':"
        "'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA='}%s";
    static char text[WRITTEN_MAX];
    size_t at = (size_t)snprintf(text, sizeof(text), "'attachments': [");

    for (; *digests != '\0'; digests++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, one, *digests,
                               digests[1] != '\0' ? "," : "");
    (void)snprintf(text + at, sizeof(text) - at, "], 'version'");
    return text;
}

static void
attachments_are_few_and_each_another(void **state)
{
    (void)state;
    assert_good(WRITTEN_NOTE, "'version'", files("ABCDEFGHIJKLMNOP"));
    assert_fault(WRITTEN_NOTE, "'version'", files("ABCDEFGHIJKLMNOPQ"),
                 "attachments", "more than 16");
    assert_fault(WRITTEN_NOTE, "'version'", files("ABA"),
                 "attachments[2].digest", "is that of another one");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attachments_are_judged),
        cmocka_unit_test(
            an_attachment_has_the_length_that_its_size_and_encoding_give),
        cmocka_unit_test(attachments_are_few_and_each_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

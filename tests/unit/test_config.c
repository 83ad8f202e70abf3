/* HOME/config is read strictly and comes back as it was. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "node/store/config.h"

static void
same(const struct config *a, const struct config *b)
{
    assert_string_equal(a->listen, b->listen);
    assert_int_equal(a->address_count, b->address_count);
    assert_memory_equal(a->address, b->address, sizeof(a->address));
}

static void
a_configuration_comes_back_as_it_was(void **state)
{
    struct config       in = {.listen = "[::1]:7300",
                              .address_count = 2,
                              .address = {"node.example.org:7300",
                                          "192.0.2.1:443"}};
    struct config       out;
    struct config_fault fault;
    uint8_t             text[1024];
    struct writer       writer = writer_of(text, sizeof(text));

    (void)state;
    assert_int_equal(config_format(&in, &writer), STATUS_OK);
    assert_int_equal(config_parse(writer_span(&writer), &out, &fault),
                     STATUS_OK);
    same(&in, &out);
    in = (struct config){0};
    writer = writer_of(text, sizeof(text));
    assert_int_equal(config_format(&in, &writer), STATUS_OK);
    assert_int_equal(config_parse(writer_span(&writer), &out, &fault),
                     STATUS_OK);
    same(&in, &out);
}

static void
comments_blanks_and_missing_line_ends_are_let_pass(void **state)
{
    struct config       out;
    struct config_fault fault;

    (void)state;
    assert_int_equal(
        config_parse(span_text("# c\r\n; c\n\n [node] \n\tlisten=none"), &out,
                     &fault),
        STATUS_OK);
    assert_string_equal(out.listen, "");
    assert_int_equal(config_parse(SPAN_EMPTY, &out, &fault), STATUS_OK);
}

static void
each_error_names_its_line_and_changes_nothing(void **state)
{
    static const struct {
        const char *text;
        size_t      line;
    } bad[] = {
        {"listen = none\n", 1},
        {"[node]\nlitsen = none\n", 2},
        {"[node]\n\nlisten = none\nlisten = none\n", 4},
        {"[peer]\n", 1},
        {"[node]\nlisten\n", 2},
        {"[node]\nlisten = \n", 2},
        {"[node]\nlisten = localhost:7300\n", 2},
        {"[node]\nlisten = 1.2.3.4\n", 2},
        {"[node]\nlisten = 1.2.3.4:0\n", 2},
        {"[node]\nlisten = 1.2.3.4:65536\n", 2},
        {"[node]\nlisten = ::1:7300\n", 2},
        {"[node]\nadvertise = x\n", 2},
        {"[node]\nadvertise=a:1\nadvertise=a:2\nadvertise=a:3\n"
         "advertise=a:4\nadvertise=a:5\n",
         6},
    };
    struct config       out = {.address_count = 3};
    struct config_fault fault;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fault = (struct config_fault){0};
        assert_int_equal(config_parse(span_text(bad[i].text), &out, &fault),
                         STATUS_BAD_FIELD);
        assert_int_equal(fault.line, bad[i].line);
        assert_true(fault.words[0] != '\0');
        assert_int_equal(out.address_count, 3);
    }
}

static void
each_value_knows_its_line(void **state)
{
    struct config       out;
    struct config_fault fault;

    (void)state;
    assert_int_equal(config_parse(span_text("[node]\n\nadvertise = a:1\n"
                                            "listen = none\nadvertise = b:2"),
                                  &out, &fault),
                     STATUS_OK);
    assert_int_equal(out.listen_line, 4);
    assert_int_equal(out.address_line[0], 3);
    assert_int_equal(out.address_line[1], 5);
}

static void
an_unknown_key_is_told_the_nearest(void **state)
{
    struct config       out;
    struct config_fault fault;

    (void)state;
    assert_int_equal(config_parse(span_text("[node]\nlitsen = none"), &out,
                                  &fault),
                     STATUS_BAD_FIELD);
    assert_string_equal(fault.words,
                        "unknown key litsen; did you mean listen?");
    assert_int_equal(config_parse(span_text("[node]\ncolour = red"), &out,
                                  &fault),
                     STATUS_BAD_FIELD);
    assert_string_equal(
        fault.words, "unknown key colour; known are listen and advertise");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_configuration_comes_back_as_it_was),
        cmocka_unit_test(comments_blanks_and_missing_line_ends_are_let_pass),
        cmocka_unit_test(each_error_names_its_line_and_changes_nothing),
        cmocka_unit_test(each_value_knows_its_line),
        cmocka_unit_test(an_unknown_key_is_told_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

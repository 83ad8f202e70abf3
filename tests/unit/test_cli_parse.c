/* The command line: what is typed becomes a command, or words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/cli/cli_parse.h"

static enum status
do_nothing(struct cli *cli)
{
    (void)cli;
    return STATUS_OK;
}

static const struct command commands[] = {
    {"", "", 0, 0, 0, "says how things stand", NULL, do_nothing},
    {"card", "", 0, 0, CLI_BIT(OUT), "prints the card", NULL, do_nothing},
    {"card show", "FILE", 1, 1, 0, "reads a card", NULL, do_nothing},
    {"peer remove", "NAME", 1, 1, 0, "ends a pairing", NULL, do_nothing},
    {"send", "FILE|-", 0, 1,
     CLI_BIT(TO) | CLI_BIT(SET) | CLI_BIT(WAIT) | CLI_BIT(TIMEOUT) |
         CLI_BIT(MESSAGE) | CLI_BIT(QUIET),
     "sends", NULL, do_nothing},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

/* Parses a line of words that are parted by one blank each. */
static enum status
parse(struct cli *cli, const char *line)
{
    static char text[128]; /* its words are lent to *cli */
    char       *words[32] = {NULL};
    char       *rest = text;
    int         count = 0;

    snprintf(text, sizeof(text), "%s", line);
    while (count < 31 && (words[count] = strsep(&rest, " ")) != NULL)
        count++;
    return cli_parse(cli, count, words, commands);
}

#define PARSES(line) assert_int_equal(parse(&cli, line), STATUS_OK)
#define REFUSES(line)                                                          \
    do {                                                                       \
        assert_int_equal(parse(&cli, line), STATUS_USAGE);                     \
        assert_true(cli.failed && cli.message[0] != '\0');                     \
    } while (0)

static void
two_words_go_before_one_and_no_word_is_the_first_row(void **state)
{
    struct cli cli;

    (void)state;
    PARSES("entente card show x");
    assert_string_equal(cli.command->name, "card show");
    assert_int_equal(cli.arg_count, 1);
    assert_string_equal(cli.args[0], "x");
    PARSES("entente card");
    assert_string_equal(cli.command->name, "card");
    PARSES("entente --json");
    assert_string_equal(cli.command->name, "");
    assert_true(cli.json);
}

static void
options_may_stand_anywhere_and_a_lone_dash_is_a_word(void **state)
{
    struct cli cli;

    (void)state;
    PARSES("entente --home /h send --to jmsdf - --set a=b --set c=d -m -x");
    assert_string_equal(cli.command->name, "send");
    assert_string_equal(cli.home, "/h");
    assert_string_equal(cli.args[0], "-");
    assert_string_equal(cli_value(&cli, CLI_TO), "jmsdf");
    assert_int_equal(cli.options[CLI_SET].count, 2);
    assert_string_equal(cli.options[CLI_SET].at[1], "c=d");
    assert_string_equal(cli_value(&cli, CLI_MESSAGE), "-x");
    assert_null(cli_value(&cli, CLI_TIMEOUT));
}

static void
an_argument_in_brackets_may_be_left_out(void **state)
{
    struct cli cli;

    (void)state;
    PARSES("entente send --wait x");
    assert_string_equal(cli_value(&cli, CLI_WAIT), "");
    assert_string_equal(cli.args[0], "x");
    PARSES("entente send --wait=read x");
    assert_string_equal(cli_value(&cli, CLI_WAIT), "read");
}

static void
what_is_not_understood_is_said_with_what_was_meant(void **state)
{
    struct cli cli;

    (void)state;
    REFUSES("entente sned x");
    assert_string_equal(cli.hint, "did you mean send?");
    REFUSES("entente send --timeuot 5");
    assert_string_equal(cli.hint, "did you mean --timeout?");
    REFUSES("entente peer");
    assert_string_equal(cli.hint, "peer remove");
    REFUSES("entente peer x");
    REFUSES("entente card shwo");
    assert_string_equal(cli.hint, "did you mean card show?");
    REFUSES("entente send --to");
    assert_string_equal(cli.message, "--to needs NAME[,NAME]: to which peers");
    REFUSES("entente send --to=");
    REFUSES("entente send --quiet=yes");
    assert_string_equal(cli.message, "--quiet takes no value: --quiet=yes");
    REFUSES("entente send --wait read x");
    REFUSES("entente send x --wait read");
    assert_string_equal(cli.hint, "a value of --wait is written --wait=STATE");
    REFUSES("entente send -qz x");
    assert_string_equal(cli.message, "unknown option -z");
    REFUSES("entente send --to a --to b");
    assert_string_equal(cli.hint, "entente help send");
    REFUSES("entente card show");
    REFUSES("entente card show a b");
    REFUSES("entente card --to x");
    REFUSES("entente send -z");
    REFUSES("entente send -m");
    REFUSES("entente --home  card");
}

static void
json_is_known_even_where_the_rest_is_not_understood(void **state)
{
    struct cli cli;

    (void)state;
    REFUSES("entente sned --json");
    assert_true(cli.json);
    REFUSES("entente sned - --json");
    assert_true(cli.json);
    REFUSES("entente sned -m --json"); /* a text, not the option */
    assert_false(cli.json);
}

static void
numbers_are_whole_and_in_range(void **state)
{
    struct cli cli;
    uint64_t   value = 7;

    (void)state;
    PARSES("entente send x");
    assert_int_equal(cli_number(&cli, CLI_TIMEOUT, 1, 9, &value), STATUS_OK);
    assert_int_equal(value, 7);
    PARSES("entente send --timeout 9");
    assert_int_equal(cli_number(&cli, CLI_TIMEOUT, 1, 9, &value), STATUS_OK);
    assert_int_equal(value, 9);
    PARSES("entente send --timeout 10");
    assert_int_equal(cli_number(&cli, CLI_TIMEOUT, 1, 9, &value), STATUS_USAGE);
    PARSES("entente send --timeout -1");
    assert_int_equal(cli_number(&cli, CLI_TIMEOUT, 1, 9, &value), STATUS_USAGE);
    PARSES("entente send --timeout 5s");
    assert_int_equal(cli_number(&cli, CLI_TIMEOUT, 1, 9, &value), STATUS_USAGE);
}

static void
a_home_is_named_by_option_then_environment(void **state)
{
    struct cli cli;

    (void)state;
    setenv("ENTENTE_HOME", "/of/env/", 1);
    PARSES("entente");
    assert_string_equal(cli.home, "/of/env");
    PARSES("entente --home /of/option");
    assert_string_equal(cli.home, "/of/option");
    unsetenv("ENTENTE_HOME");
    PARSES("entente");
    assert_true(cli.home[0] == '/');
}

static void
a_line_to_type_is_quoted_for_the_shell(void **state)
{
    struct cli cli;
    char      *argv[] = {(char[]){"./entente"}, (char[]){"--home"},
                         (char[]){"/my node's"}, (char[]){"card"}, NULL};

    (void)state;
    assert_int_equal(cli_parse(&cli, 4, argv, commands), STATUS_OK);
    assert_string_equal(cli_line(&cli, "show %s", "-").text,
                        "./entente --home '/my node'\\''s' show -");
    PARSES("entente");
    assert_string_equal(cli_line(&cli, "up").text, "entente up");
}

static void
the_first_words_of_a_failure_stay(void **state)
{
    struct cli cli;

    (void)state;
    PARSES("entente");
    assert_int_equal(cli_fail(&cli, STATUS_IO, "do this", "first %d", 1),
                     STATUS_IO);
    assert_int_equal(cli_fail(&cli, STATUS_FULL, NULL, "second"), STATUS_FULL);
    assert_string_equal(cli.message, "first 1");
    assert_string_equal(cli.hint, "do this");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_words_go_before_one_and_no_word_is_the_first_row),
        cmocka_unit_test(options_may_stand_anywhere_and_a_lone_dash_is_a_word),
        cmocka_unit_test(an_argument_in_brackets_may_be_left_out),
        cmocka_unit_test(what_is_not_understood_is_said_with_what_was_meant),
        cmocka_unit_test(json_is_known_even_where_the_rest_is_not_understood),
        cmocka_unit_test(numbers_are_whole_and_in_range),
        cmocka_unit_test(a_home_is_named_by_option_then_environment),
        cmocka_unit_test(a_line_to_type_is_quoted_for_the_shell),
        cmocka_unit_test(the_first_words_of_a_failure_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

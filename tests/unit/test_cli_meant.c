/* A word that is none is told with the one that was most likely meant. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tools/cli/cli_meant.h"

static const struct command commands[] = {
    {"", "", 0, 0, 0, "", NULL, NULL},
    {"card", "", 0, 0, CLI_BIT(OUT), "", NULL, NULL},
    {"card show", "FILE", 1, 1, 0, "", NULL, NULL},
    {"peers", "[NAME]", 0, 1, 0, "", NULL, NULL},
    {"peer ping", "NAME", 1, 1, CLI_BIT(COUNT), "", NULL, NULL},
    {"peer remove", "NAME", 1, 1, 0, "", NULL, NULL},
    {"send", "FILE", 1, 1, CLI_BIT(TO), "", NULL, NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

static struct cli
fresh(void)
{
    return (struct cli){.commands = commands, .program = "entente"};
}

static void
the_near_command_is_named_else_what_there_is(void **state)
{
    static const struct {
        const char *first;
        const char *second;
        const char *message;
        const char *hint;
    } table[] = {
        {"sned", NULL, "no such command: sned", "did you mean send?"},
        {"sned", "x", "no such command: sned", "did you mean send?"},
        {"card", "shw", "no such command: card shw", "did you mean card show?"},
        {"peer", NULL, "peer needs a second word", "peer ping, peer remove"},
        {"peer", "pnig", "no such command: peer pnig",
         "did you mean peer ping?"},
        {"peer", "jmsdf", "no such command: peer jmsdf", "did you mean peers?"},
        {"card", "elephant", "no such command: card elephant",
         "there is card show"},
        {"send", "x", "send has no second word, such as x",
         "entente help send"},
        {"elephant", NULL, "no such command: elephant", "entente help"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct cli cli = fresh();

        assert_int_equal(cli_meant_command(&cli, STATUS_NOT_FOUND,
                                           table[i].first, table[i].second),
                         STATUS_NOT_FOUND);
        assert_string_equal(cli.message, table[i].message);
        assert_string_equal(cli.hint, table[i].hint);
    }
}

static void
the_near_option_is_one_that_the_command_takes(void **state)
{
    struct cli cli = fresh();

    (void)state;
    cli.command = &commands[6];
    assert_int_equal(cli_meant_option(&cli, "--jsno=1"), STATUS_USAGE);
    assert_string_equal(cli.message, "unknown option --jsno=1");
    assert_string_equal(cli.hint, "did you mean --json?");
    cli.failed = false;
    (void)!cli_meant_option(&cli, "--cuont");
    assert_string_equal(cli.hint, "entente help send");
    cli.failed = false;
    cli.command = NULL; /* nobody can tell which command it is */
    (void)!cli_meant_option(&cli, "--cuont");
    assert_string_equal(cli.hint, "did you mean --count?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_near_command_is_named_else_what_there_is),
        cmocka_unit_test(the_near_option_is_one_that_the_command_takes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a shell is told: every verb, its options, nothing that breaks out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/cli/completion.h"

static const struct command commands[] = {
    {"", "", 0, 0, 0, "nothing", NULL, NULL},
    {"card", "", 0, 0, CLI_BIT(OUT), "the node's card", NULL, NULL},
    {"card show", "FILE", 1, 1, 0, "reads: a card", NULL, NULL},
    {"peer ping", "NAME", 1, 1, CLI_BIT(COUNT), "echoes", NULL, NULL},
    {"shell", "bash|zsh", 1, 1, CLI_BIT(KIND) | CLI_BIT(PRECEDENCE), "", NULL,
     NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

static char *
script(const char *shell)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *file = open_memstream(&out, &len);

    assert_int_equal(completion_print(commands, shell, file), STATUS_OK);
    fclose(file);
    return out;
}

static void
bash_offers_verbs_then_second_words_then_options(void **state)
{
    char *out = script("bash");

    (void)state;
    assert_non_null(strstr(out, "    '')\n        found=( card peer shell "
                                "--home"));
    assert_non_null(strstr(out, "'card'|'card '*)\n        found=( show "
                                "--home"));
    assert_non_null(strstr(out, "'peer'|'peer '*)\n        found=( ping "
                                "--home"));
    assert_non_null(strstr(out, "'peer ping'|'peer ping '*)"));
    assert_true(strstr(out, "'card show'") < strstr(out, "'card'|"));
    free(out);
}

static void
an_options_argument_is_no_verb(void **state)
{
    char *out = script("bash");

    (void)state;
    assert_non_null(strstr(out, "--home|"));
    assert_null(strstr(out, "|--json|"));
    assert_null(strstr(out, "|--wait|")); /* its argument stands behind = */
    free(out);
}

static void
words_that_an_argument_names_are_offered_and_no_others(void **state)
{
    char *bash = script("bash");
    char *zsh = script("zsh");
    char *fish = script("fish");

    (void)state;
    assert_non_null(strstr(bash, "--color) found=( auto always never) ;;"));
    assert_non_null(strstr(bash, "--precedence) found=( DEFERRED ROUTINE "));
    assert_non_null(strstr(bash, "--kind) found=( risk_assessment "));
    assert_null(strstr(bash, "--out) found="));
    assert_non_null(strstr(bash, "'shell'|'shell '*)\n        found=( bash "
                                 "zsh --home"));
    assert_non_null(strstr(zsh, "'FLASH:a precedence'"));
    assert_non_null(strstr(fish, "-l color -x -a ' auto always never' -d"));
    assert_non_null(strstr(fish, "-l home -r -d"));
    free(bash);
    free(zsh);
    free(fish);
}

static void
zsh_shows_meanings_that_cannot_break_out(void **state)
{
    char *out = script("zsh");

    (void)state;
    assert_non_null(strstr(out, "'card:the node'\\''s card'"));
    assert_non_null(strstr(out, "'show:reads\\: a card'"));
    free(out);
}

static void
fish_gets_a_line_for_each(void **state)
{
    char *out = script("fish");

    (void)state;
    assert_non_null(strstr(out, "'__fish_use_subcommand' -a card -d "
                                "'the node\\'s card'\n"));
    assert_non_null(strstr(out, "__fish_seen_subcommand_from peer; and "
                                "__fish_seen_subcommand_from ping' -l count "
                                "-r"));
    free(out);
}

static void
another_shell_is_refused(void **state)
{
    (void)state;
    assert_int_equal(completion_print(commands, "csh", stdout),
                     STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bash_offers_verbs_then_second_words_then_options),
        cmocka_unit_test(an_options_argument_is_no_verb),
        cmocka_unit_test(
            words_that_an_argument_names_are_offered_and_no_others),
        cmocka_unit_test(zsh_shows_meanings_that_cannot_break_out),
        cmocka_unit_test(fish_gets_a_line_for_each),
        cmocka_unit_test(another_shell_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

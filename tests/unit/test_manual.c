/* Manual pages say what the tables say, and nothing in them is a macro. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "node/net/ending.h"
#include "node/store/config.h"
#include "tools/cli/manual.h"

static const struct command commands[] = {
    {"", "", 0, 0, 0, "nothing", NULL, NULL},
    {"card", "", 0, 0, CLI_BIT(OUT) | CLI_BIT(WAIT), ".Sh of a\\b \"card\"",
     "card --out \"x\"", NULL},
    {"peer ping", "NAME", 1, 1, 0,
     "a long sentence that goes on and on until it is longer than any line "
     "of a page should ever be, and then on .and on",
     NULL, NULL},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};

static char *
page(const char *name)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *file = open_memstream(&out, &len);

    assert_int_equal(manual_print(commands, name, file), STATUS_OK);
    fclose(file);
    return out;
}

static void
every_verb_and_option_is_in_it(void **state)
{
    char *out = page("entente");

    (void)state;
    assert_non_null(strstr(out, "\n.Dt ENTENTE 1\n"));
    assert_non_null(strstr(out, "\n.It Ic \"card\"\n"));
    assert_non_null(strstr(out, "\n.It Ic \"peer ping\" Ar \"NAME\"\n"));
    assert_non_null(strstr(out, "\n.It Fl \"\\-out\" Ar \"FILE\"\n"));
    assert_non_null(strstr(out, "\n.It Fl \"\\-wait\" Ns Op Ar \"=STATE\"\n"));
    assert_non_null(strstr(out, "\n.It Fl h , Fl \"\\-help\"\n"));
    for (int st = 0; st < STATUS_COUNT; st++)
        assert_non_null(strstr(out, status_name((enum status)st)));
    free(out);
}

static void
text_is_never_a_macro(void **state)
{
    char *out = page("entente");

    (void)state;
    assert_non_null(strstr(out, "\n\\&.Sh of a\\eb \"card\".\n"));
    assert_null(strstr(out, "\n.and"));
    free(out);
}

static void
lines_are_short_where_they_may_be(void **state)
{
    static const char *const names[] = {"entente", "entente-verify",
                                        "entented", "entente.conf"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        char *out = page(names[i]);

        for (char *line = out; *line != '\0'; line += strcspn(line, "\n") + 1)
            assert_true(line[0] == '.' || strcspn(line, "\n") <= 80);
        free(out);
    }
}

static void
the_daemons_endings_and_the_configurations_keys_are_in_theirs(void **state)
{
    char *daemon = page("entented");
    char *config = page("entente.conf");

    (void)state;
    for (int ending = 0; ending < ENDING_COUNT; ending++)
        assert_non_null(strstr(daemon, ending_name((enum ending)ending)));
    for (const struct config_key *key = config_keys; key->name != NULL; key++) {
        char item[64];

        snprintf(item, sizeof(item), "\n.It Cm %s No = Ar \"", key->name);
        assert_non_null(strstr(config, item));
    }
    free(daemon);
    free(config);
}

static void
another_page_is_refused(void **state)
{
    (void)state;
    assert_int_equal(manual_print(commands, "ls", stdout), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verb_and_option_is_in_it),
        cmocka_unit_test(text_is_never_a_macro),
        cmocka_unit_test(lines_are_short_where_they_may_be),
        cmocka_unit_test(
            the_daemons_endings_and_the_configurations_keys_are_in_theirs),
        cmocka_unit_test(another_page_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

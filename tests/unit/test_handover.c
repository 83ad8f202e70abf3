/* A program that is given a row, and what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/handover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    struct interrupt interrupt;
    char             folder[32];
    char             program[64];
    char             why[HANDOVER_WHY];
};

static int
make(void **state)
{
    struct place *place = calloc(1, sizeof(*place));

    assert_non_null(place);
    snprintf(place->folder, sizeof(place->folder), "/tmp/entente-hand-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->program, sizeof(place->program), "%s/program",
             place->folder);
    assert_int_equal(interrupt_open(&place->interrupt, -1), STATUS_OK);
    *state = place;
    return 0;
}

static int
drop(void **state)
{
    struct place *place = *state;
    char          command[64];

    interrupt_close(&place->interrupt);
    snprintf(command, sizeof(command), "rm -r %s", place->folder);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static enum status
run(struct place *place, const char *script, const char *row)
{
    FILE *file = fopen(place->program, "w");

    assert_non_null(file);
    fprintf(file, "#!/bin/sh\ncd %s\n%s\n", place->folder, script);
    assert_int_equal(fchmod(fileno(file), 0700), 0);
    assert_int_equal(fclose(file), 0);
    memset(place->why, 0, sizeof(place->why));
    return handover_run(&place->interrupt, place->program, span_text(row),
                        place->why);
}

static void
the_row_is_on_its_standard_input(void **state)
{
    struct place *place = *state;

    assert_int_equal(run(place, "test \"$(cat)\" = '{\"a\": 1}'",
                         "{\"a\": 1}\n"),
                     STATUS_OK);
    assert_int_equal(run(place, "test \"$(cat)\" = '{\"a\": 2}'",
                         "{\"a\": 1}\n"),
                     STATUS_BAD_STATE);
}

static void
who_reads_nothing_holds_up_nobody(void **state)
{
    struct place *place = *state;
    char         *row = malloc(1 << 20);

    assert_non_null(row);
    memset(row, 'x', (1 << 20) - 1);
    row[(1 << 20) - 1] = '\0';
    assert_int_equal(run(place, "exit 0", row), STATUS_OK);
    assert_int_equal(run(place, "test $(wc -c) = 1048575", row), STATUS_OK);
    free(row);
}

static void
how_it_ended_is_said(void **state)
{
    struct place *place = *state;

    assert_int_equal(run(place, "exit 3", "x"), STATUS_BAD_STATE);
    assert_string_equal(place->why, "ended with 3");
    assert_int_equal(run(place, "kill -9 $$", "x"), STATUS_BAD_STATE);
    assert_string_equal(place->why, "was killed by signal 9");
    assert_int_equal(remove(place->program), 0);
    assert_int_equal(handover_run(&place->interrupt, place->program,
                                  span_text("x"), place->why),
                     STATUS_BAD_STATE);
    assert_non_null(strstr(place->why, "cannot be run"));
}

static void
the_first_signal_waits_for_its_end_the_second_is_passed_on(void **state)
{
    struct place *place = *state;
    char          kill_once[64];

    snprintf(kill_once, sizeof(kill_once), "kill -TERM %d; sleep 0.2; touch x",
             (int)getpid());
    assert_int_equal(run(place, kill_once, "x"), STATUS_OK);
    assert_int_equal(place->interrupt.asked, 1);
    snprintf(kill_once, sizeof(kill_once), "kill -INT %d; sleep 20",
             (int)getpid());
    assert_int_equal(run(place, kill_once, "x"), STATUS_BAD_STATE);
    assert_string_equal(place->why, "was killed by signal 15");
    assert_int_equal(place->interrupt.asked, 2);
}

static void
its_signals_are_as_they_were_before(void **state)
{
    struct place *place = *state;

    /* SIGTERM is blocked here; it would not end a child that inherits that. */
    assert_int_equal(run(place, "kill -TERM $$; exit 0", "x"),
                     STATUS_BAD_STATE);
    assert_string_equal(place->why, "was killed by signal 15");
}

static void
a_program_is_found_by_its_path_or_in_PATH(void **state)
{
    struct place *place = *state;

    assert_int_equal(handover_check("sh"), STATUS_OK);
    assert_int_equal(handover_check("no-such-program-here"), STATUS_NOT_FOUND);
    assert_int_equal(handover_check(place->program), STATUS_NOT_FOUND);
    assert_int_equal(run(place, "exit 0", "x"), STATUS_OK);
    assert_int_equal(handover_check(place->program), STATUS_OK);
    assert_int_equal(chmod(place->program, 0600), 0);
    if (geteuid() != 0)
        assert_int_equal(handover_check(place->program), STATUS_NOT_FOUND);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(the_row_is_on_its_standard_input),
        CLAIM(who_reads_nothing_holds_up_nobody),
        CLAIM(how_it_ended_is_said),
        CLAIM(the_first_signal_waits_for_its_end_the_second_is_passed_on),
        CLAIM(its_signals_are_as_they_were_before),
        CLAIM(a_program_is_found_by_its_path_or_in_PATH),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}

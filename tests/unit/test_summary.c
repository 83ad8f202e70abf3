/* What is about to be sent, in one look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/writing/summary.h"

static char text[8192];

static void
summarise(const char *written, const char *from, const char *to)
{
    static struct message_faults faults;
    char                         changed[WRITTEN_MAX];
    Entente__Message *message = written_message(
        written_but(written, from, to, changed), &faults);
    FILE *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(message);
    assert_non_null(out);
    memset(text, 0, sizeof(text));
    summary_print(message, "jmsdf,usff", out);
    (void)fclose(out);
    entente__message__free_unpacked(message, NULL);
}

static void
label_kind_peers_and_all_that_is_filled_in_stand(void **state)
{
    (void)state;
    summarise(WRITTEN_INCIDENT, "tanker", "tanker");
    assert_string_equal(text,
                        "\nIN-JP RESTRICTED  releasable to IN, JP\n"
                        "maritime_incident  IMMEDIATE  to jmsdf,usff\n"
                        "Subject: Tanker approached off Lagos\n"
                        "From: IFC-IOR, Duty Officer\n"
                        "Basis: JDSC-2025, article 2\n"
                        "Ship name: unknown tanker\n"
                        "Ship type: tanker\n"
                        "Position: 6.283 3.35\n"
                        "Occurred: 2014-04-23 DAY\n"
                        "Incident type: suspicious_approach\n\n");
}

static void
what_is_no_actual_original_is_said(void **state)
{
    (void)state;
    summarise(WRITTEN_NOTE, "'status': 'ACTUAL'", "'status': 'TEST'");
    assert_non_null(strstr(text, "note  IMMEDIATE  to jmsdf,usff  TEST\n"));
    summarise(WRITTEN_NOTE, "'ORIGINAL'", "'CANCEL'");
    assert_non_null(strstr(text, "to jmsdf,usff  CANCEL\n"));
}

static void
a_long_text_is_cut_and_controls_stay_off_the_terminal(void **state)
{
    char        long_text[1200];
    const char *at;

    (void)state;
    for (size_t i = 0; i < sizeof(long_text) - 2; i += 2)
        memcpy(long_text + i, "\xc3\xa9", 2);
    long_text[sizeof(long_text) - 2] = '\0';
    summarise(WRITTEN_NOTE, "tea?", long_text);
    at = strstr(text, "Text: ");
    assert_non_null(at);
    assert_true(strlen(at) < 520);
    assert_non_null(strstr(at, " ...\n"));
    assert_null(strstr(at, "\\x")); /* no half character */
    summarise(WRITTEN_NOTE, "tea?", "a\\u001b[31mb");
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "a\\x1b[31mb"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(label_kind_peers_and_all_that_is_filled_in_stand),
        cmocka_unit_test(what_is_no_actual_original_is_said),
        cmocka_unit_test(a_long_text_is_cut_and_controls_stay_off_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

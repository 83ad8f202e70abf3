/* An event as a person reads it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/event_view.h"

#include <string.h>

static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Entente__Event
event_of(Entente__ListRow *row, const char *event, const char *precedence)
{
    Entente__Event one = ENTENTE__EVENT__INIT;

    entente__list_row__init(row);
    row->id = words("00112233445566778899aabbccddeeff");
    row->ref = words("jmsdf/17");
    row->peer = words("jmsdf");
    row->precedence = words(precedence);
    row->subject = words("Tanker off Lagos");
    one.event = words(event);
    one.time_ms = 1398247200000;
    one.row = row;
    return one;
}

static const char *
line_of(const Entente__Event *event, size_t width, bool color)
{
    static char text[1024];
    FILE       *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    memset(text, 0, sizeof(text));
    assert_int_equal(event_view_line(event, width, color, out), STATUS_OK);
    (void)fclose(out);
    return text;
}

static void
a_line_says_when_which_how_urgent_what_and_who(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = event_of(&row, "acknowledged", "FLASH");

    (void)state;
    assert_string_equal(line_of(&event, 0, false),
                        "231000Z APR 14  jmsdf/17      FLASH      "
                        "acknowledged  Tanker off Lagos\n");
    event.by = words("Watch");
    event.why = words("we see her");
    assert_non_null(strstr(line_of(&event, 0, false),
                           "  Watch: we see her - Tanker off Lagos\n"));
    event.by = words("");
    assert_non_null(strstr(line_of(&event, 0, false),
                           "  we see her - Tanker off Lagos\n"));
}

static void
an_alarm_stands_in_the_same_columns(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = event_of(&row, "alarm", "");

    (void)state;
    row.id = row.ref = row.subject = words("");
    event.why = words("a head is wrong");
    assert_string_equal(line_of(&event, 0, false),
                        "231000Z APR 14  jmsdf                    "
                        "alarm         a head is wrong\n");
}

static void
a_line_is_no_wider_than_the_terminal(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = event_of(&row, "new", "FLASH");

    (void)state;
    for (size_t width = 1; width < 80; width++)
        assert_true(strlen(line_of(&event, width, false)) <= width + 1);
    assert_non_null(strstr(line_of(&event, 60, false), "Tank~\n"));
}

static void
a_peers_text_neither_moves_the_cursor_nor_rings(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = event_of(&row, "declined", "ROUTINE");

    (void)state;
    row.subject = words("\x1b[2J\a\nnew line");
    event.by = words("\x1b]0;x\a");
    event.why = words("\xe2\x80\xae");
    row.ref = words("\a/1");
    assert_null(strpbrk(line_of(&event, 0, false), "\x1b\a"));
    assert_string_equal(strchr(line_of(&event, 0, false), '\n'), "\n");
    assert_null(strstr(line_of(&event, 0, false), "\xe2\x80\xae"));
}

static void
what_somebody_should_be_woken_for_rings_and_is_red(void **state)
{
    static const struct {
        const char *event, *precedence;
        bool        rings;
    } cases[] = {
        {"new", "IMMEDIATE", true},   {"new", "OVERRIDE", true},
        {"quarantined", "FLASH", true}, {"new", "PRIORITY", false},
        {"sent", "FLASH", false},     {"acknowledged", "FLASH", false},
        {"overdue", "ROUTINE", true}, {"alarm", "", true},
        {"cleared", "", false},
    };
    Entente__ListRow row;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        Entente__Event event = event_of(&row, cases[i].event,
                                        cases[i].precedence);

        assert_int_equal(event_view_rings(&event), cases[i].rings);
        assert_int_equal(
            strncmp(line_of(&event, 0, true), "\x1b[31m", 5) == 0,
            cases[i].rings);
    }
}

/* Red and yellow are for eyes that have them: event and precedence stand there
 * as words. */
static void
without_its_colour_a_line_is_the_same(void **state)
{
    static const char *const events[] = {"new", "sent", "overdue", "alarm"};
    Entente__ListRow         row;
    char                     plain[1024];

    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        Entente__Event event = event_of(&row, events[i], "FLASH");
        const char    *painted;
        char          *end;

        snprintf(plain, sizeof(plain), "%s", line_of(&event, 0, false));
        assert_non_null(strstr(plain, events[i]));
        assert_non_null(strstr(plain, "FLASH"));
        painted = line_of(&event, 0, true);
        end = strstr(painted, "\x1b[0m");
        assert_non_null(end);
        memmove(end, end + 4, strlen(end + 4) + 1);
        assert_string_equal(painted + 5, plain);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_when_which_how_urgent_what_and_who),
        cmocka_unit_test(an_alarm_stands_in_the_same_columns),
        cmocka_unit_test(a_line_is_no_wider_than_the_terminal),
        cmocka_unit_test(a_peers_text_neither_moves_the_cursor_nor_rings),
        cmocka_unit_test(what_somebody_should_be_woken_for_rings_and_is_red),
        cmocka_unit_test(without_its_colour_a_line_is_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

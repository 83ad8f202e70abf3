/* A form given back with its faults, each above its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/language/form.h"
#include "tools/writing/annotate.h"

static struct message_faults faults;
static char                  text[65536];

static FILE *
open_text(void)
{
    FILE *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    memset(text, 0, sizeof(text));
    return out;
}

/* The form with what form_read_object() says of it. */
static const char *
annotated(const char *form)
{
    json_t *object = NULL;
    FILE   *out = open_text();

    assert_int_not_equal(form_read_object(span_text(form), &object, &faults),
                         STATUS_OK);
    assert_int_equal(annotate_form(span_text(form), &faults, out), STATUS_OK);
    (void)fclose(out);
    json_decref(object);
    return text;
}

static void
paths_belong_together_by_whole_steps(void **state)
{
    (void)state;
    assert_true(annotate_belongs("label", "label"));
    assert_true(annotate_belongs("label", "label.policy"));
    assert_true(annotate_belongs("weapons[1]", "weapons"));
    assert_false(annotate_belongs("label", "labels"));
    assert_false(annotate_belongs("", "label"));
    assert_false(annotate_belongs("a.b", "a.c"));
}

static void
a_line_that_is_no_field_has_its_fault_above_it(void **state)
{
    (void)state;
    assert_string_equal(
        annotated("kind: note\n\nthree boats\ntext: x\n"),
        "kind: note\n\n"
        "#! \"three boats\" is no `field: value`; a line that goes on with "
        "the value\n"
        "#! above it begins with a blank\n"
        "three boats\ntext: x\n");
}

static void
a_fault_that_quotes_two_lines_stays_one_comment(void **state)
{
    struct message_fault *fault = &faults.list[0];
    FILE                 *out = open_text();

    (void)state;
    message_faults_init(&faults);
    message_faults_add(&faults, NULL, "\"a\nb: c\" is no word here");
    assert_string_equal(fault->path, "");
    assert_int_equal(annotate_form(span_text("kind: note\n"), &faults, out),
                     STATUS_OK);
    (void)fclose(out);
    assert_string_equal(text, "#! \"a\\nb: c\" is no word here\n"
                              "kind: note\n");
}

static void
the_line_of_a_fault_is_that_of_its_field_or_of_a_part(void **state)
{
    const char *form = "kind: maritime_incident\n"
                       "\n"
                       "position.name: x\n"
                       "position: 1 2\n"
                       "ship.name: a\n"
                       "  b\n"
                       "ship.imo: 1\n";
    static const struct {
        const char *path;
        size_t      line;
    } table[] = {{"maritime_incident.position", 4},
                 {"maritime_incident.position.name", 3},
                 {"maritime_incident.position.lat", 4},
                 {"maritime_incident.ship.imo", 7},
                 {"maritime_incident.ship", 5},
                 {"kind", 1},
                 {"subject", 0},
                 {"line 6", 6},
                 {"", 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct message_fault fault = {.words = "x"};

        (void)snprintf(fault.path, sizeof(fault.path), "%s", table[i].path);
        if (annotate_line(span_text(form), &fault) != table[i].line)
            print_error("%s: line %zu\n", fault.path,
                        annotate_line(span_text(form), &fault));
        assert_int_equal(annotate_line(span_text(form), &fault),
                         table[i].line);
    }
}

static void
a_form_comes_back_with_its_faults_above_their_lines(void **state)
{
    const char *form = "kind: maritime_incident\n"
                       "#! an older fault\n"
                       "subject:\n"
                       "position: 91 3\n"
                       "narrative: a\n"
                       "  position: not a field\n";
    Entente__Message *message = NULL;
    FILE             *out = open_text();

    (void)state;
    assert_int_equal(form_read(span_text(form), &message, &faults), STATUS_OK);
    assert_int_equal(message_validate(message, MESSAGE_DRAFT, &faults),
                     STATUS_BAD_FIELD);
    assert_int_equal(annotate_form(span_text(form), &faults, out), STATUS_OK);
    (void)fclose(out);
    assert_string_equal(
        text,
        "#! maritime_incident.ship is missing; its name\n"
        "#! maritime_incident.occurred is missing; a time such as "
        "2014-04-23T10:00:00Z\n"
        "#! or 2014-04-23\n"
        "#! maritime_incident.incident_type is missing; one of attempted, "
        "boarded,\n"
        "#! fired_upon, hijacked, suspicious_approach, robbery, kidnap\n"
        "kind: maritime_incident\n"
        "#! subject is missing; text\n"
        "subject:\n"
        "#! maritime_incident.position.lat is 91; from -90 to 90\n"
        "position: 91 3\n"
        "narrative: a\n"
        "  position: not a field\n");
    entente__message__free_unpacked(message, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_belong_together_by_whole_steps),
        cmocka_unit_test(a_form_comes_back_with_its_faults_above_their_lines),
        cmocka_unit_test(a_line_that_is_no_field_has_its_fault_above_it),
        cmocka_unit_test(a_fault_that_quotes_two_lines_stays_one_comment),
        cmocka_unit_test(the_line_of_a_fault_is_that_of_its_field_or_of_a_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a person sees of a message, and what he is never shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/written.h"
#include "tools/reading/show.h"

static char text[16384];

static const struct show_facts no_facts;

static void
show(const Entente__Message *message, const struct show_facts *facts)
{
    FILE *out = fmemopen(text, sizeof(text), "w");

    assert_non_null(out);
    memset(text, 0, sizeof(text));
    assert_int_equal(show_message(message, facts, out), STATUS_OK);
    (void)fclose(out);
}

/* The view of `written` with `from` turned into `to`. */
static void
show_written(const char *written, const char *from, const char *to)
{
    static struct message_faults faults;
    char                         changed[WRITTEN_MAX];
    Entente__Message *message = written_message(
        written_but(written, from, to, changed), &faults);

    if (message == NULL)
        print_error("%s: %s\n", faults.list[0].path, faults.list[0].words);
    assert_non_null(message);
    show(message, &no_facts);
    entente__message__free_unpacked(message, NULL);
}

static void
assert_line(const char *line)
{
    const char *at = strstr(text, line);

    if (at == NULL)
        print_error("no line \"%s\" in\n%s\n", line, text);
    assert_non_null(at);
    assert_true(at == text || at[-1] == '\n');
    assert_int_equal(at[strlen(line)], '\n');
}

static void
the_label_stands_first_and_last(void **state)
{
    const char *banner = "=== IN-JP TOP SECRET // REL TO IN, JP ===\n";

    (void)state;
    show_written(WRITTEN_NOTE, "'RESTRICTED'", "'TOP_SECRET'");
    assert_memory_equal(text, banner, strlen(banner));
    assert_string_equal(text + strlen(text) - strlen(banner), banner);
}

static void
an_exercise_and_a_test_say_so_beside_the_label(void **state)
{
    (void)state;
    show_written(WRITTEN_NOTE, "'ACTUAL'",
                 "'EXERCISE', 'exercise_id': 'jimex-14'");
    assert_line("EXERCISE EXERCISE EXERCISE jimex-14");
    show_written(WRITTEN_NOTE, "'ACTUAL'", "'TEST'");
    assert_line("TEST - not to be acted upon");
    show_written(WRITTEN_NOTE, "'ACTUAL'", "'ACTUAL'");
    assert_null(strstr(text, "not to be acted upon"));
}

static void
the_header_is_in_the_order_of_a_message_form(void **state)
{
    (void)state;
    show_written(WRITTEN_NOTE, "tea?", "tea?");
    assert_line("IMMEDIATE   231000Z APR 14   note   ORIGINAL");
    assert_line("From: IFC-IOR / Duty Officer");
    assert_line("To: JMSDF");
    assert_line("Subject: Tanker approached off Lagos");
    assert_line("Legal basis: JDSC-2025, article 2");
    assert_line("Text: tea?");
    assert_true(strstr(text, "Subject") < strstr(text, "Text: tea?"));
}

static void
a_judgement_has_its_likelihood_and_its_confidence_apart(void **state)
{
    (void)state;
    show_written(WRITTEN_ASSESSMENT, "likely", "likely");
    assert_line("Key judgements:");
    assert_line("  1: A tanker will be boarded.");
    assert_line("    Likelihood: likely (55 to 80 %, ICD_203)");
    assert_line("    Confidence: moderate");
    assert_line("Valid from: 01 MAY 14");
}

static void
an_incident_has_its_position_in_degrees_and_minutes(void **state)
{
    (void)state;
    show_written(WRITTEN_INCIDENT, "lat", "lat");
    assert_line("Position: 06-17.0N 003-21.0E (6.283, 3.35)");
    assert_line("Occurred: 23 APR 14");
    assert_line("Incident type: suspicious_approach");
    show_written(WRITTEN_INCIDENT, "{'lat': 6.283, 'lon': 3.35}",
                 "{'lat': '06-17N', 'lon': '003-21E', 'radius':"
                 " {'value': 2, 'unit': 'nm'}}");
    assert_line("Position: 06-17N 003-21E, within 2 nm");
}

static void
a_source_is_judged_in_letters_and_words(void **state)
{
    (void)state;
    show_written(WRITTEN_INCIDENT, "'occurred'",
                 "'source': {'reliability': 'B', 'credibility': 2,"
                 " 'description': 'master', 'method': 'radio'}, 'occurred'");
    assert_line("Source: B (usually reliable), 2 (probably true), master, by "
                "radio");
}

static void
what_was_verified_and_the_trail_stand_below(void **state)
{
    const struct show_fact facts[] = {{true, "signed by ifc"},
                                      {false, "no receipt yet"}};
    const struct show_step trail[] = {
        {"received", "231000Z APR 14", "ifc", NULL},
        {"declined", NULL, "jmsdf", "not ours"}};
    struct show_facts all = {.ref = "ifc/17",
                             .from = "ifc",
                             .state = "new",
                             .facts = facts,
                             .fact_count = 2,
                             .trail = trail,
                             .step_count = 2};
    static struct message_faults faults;
    Entente__Message *message = written_message(WRITTEN_NOTE, &faults);

    (void)state;
    show(message, &all);
    assert_line("From: IFC-IOR / Duty Officer (sent by ifc)");
    assert_line("  Yes: signed by ifc");
    assert_line("  NOT: no receipt yet");
    assert_line("  received 231000Z APR 14 by ifc");
    assert_line("  declined by jmsdf: not ours");
    assert_null(strchr(text, '\x1b'));
    all.colour = true;
    show(message, &all);
    assert_non_null(strstr(text, "\x1b[1;31m"));
    entente__message__free_unpacked(message, NULL);
}

/* Below the first label, and above the last. */
static void
what_must_not_be_missed_stands_at_both_ends(void **state)
{
    static const char *const notices[] = {"*** ifc/17 IS CANCELLED by ifc/19"};
    static const struct show_ref refs[] = {{"Cancels", "ifc/16, tea"}};
    const struct show_facts      all = {.ref = "ifc/17",
                                        .notices = notices,
                                        .notice_count = 1,
                                        .refs = refs,
                                        .ref_count = 1};
    static struct message_faults faults;
    Entente__Message *message = written_message(WRITTEN_NOTE, &faults);
    const char       *first = "=== IN-JP RESTRICTED // REL TO IN, JP ===\n"
                              "*** ifc/17 IS CANCELLED by ifc/19\n";
    const char       *last = "*** ifc/17 IS CANCELLED by ifc/19\n"
                             "=== IN-JP RESTRICTED // REL TO IN, JP ===\n";

    (void)state;
    show(message, &all);
    assert_memory_equal(text, first, strlen(first));
    assert_string_equal(text + strlen(text) - strlen(last), last);
    assert_line("Cancels: ifc/16, tea");
    entente__message__free_unpacked(message, NULL);
}

static void
a_message_with_nothing_in_it_is_shown_too(void **state)
{
    Entente__Message message = ENTENTE__MESSAGE__INIT;

    (void)state;
    show(&message, &no_facts);
    assert_line("=== NO LABEL ===");
    assert_line("NO PRECEDENCE   no date-time group   kind 0, not known here   "
                "NO ACTION");
}

static void
a_kind_that_is_not_known_is_shown_as_raw_fields(void **state)
{
    static const uint8_t kind105[] = {0xca, 0x06, 0x0b, 0x08, 0x07, 0x12, 0x04,
                                      't',  'e',  'a',  '?',  0x1a, 0x01, 0xff};
    struct strict_fault  fault;
    static uint8_t       room[4096];
    struct strict_arena  arena = strict_arena_of(room, sizeof(room));
    ProtobufCMessage    *message = NULL;

    (void)state;
    assert_int_equal(strict_unpack(&entente__message__descriptor,
                                   SPAN_OF(kind105), &arena, STRICT_KEEP,
                                   &message, &fault),
                     STATUS_OK);
    show((const Entente__Message *)message, &no_facts);
    assert_line("Fields this node does not know:");
    assert_line("  Field 1: 7");
    assert_line("  Field 2: tea?");
    assert_line("  Field 3: ff");
}

/* Whatever stands in any text, no control character comes out. */
static void
no_control_character_of_a_peer_reaches_the_terminal(void **state)
{
    static const char *const texts[] = {WRITTEN_NOTE, WRITTEN_INCIDENT,
                                        WRITTEN_ASSESSMENT};
    static const char *const places[][4] = {
        {"tea?", "IFC-IOR", "JMSDF", "JDSC-2025"},
        {"unknown tanker", "IN-JP", "Tanker app", "Duty Officer"},
        {"A tanker will", "'IN'", "Will tankers", "'2'"},
    };

    (void)state;
    for (size_t t = 0; t < 3; t++) {
        for (size_t p = 0; p < 4; p++) {
            bool quoted = places[t][p][0] == '\'';

            show_written(texts[t], places[t][p],
                         quoted ? "'\\u001b[2J\\u009b\\u202e\\u0007\\r'"
                                : "\\u001b[2J\\u009b\\u202e\\u0007\\r");
            assert_non_null(strstr(text, "\\x1b[2J\\x9b\\u{202e}\\x07\\x0d"));
            assert_null(strpbrk(text, "\x1b\x07\r"));
            assert_null(strstr(text, "\xc2\x9b"));
            assert_null(strstr(text, "\xe2\x80\xae"));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_label_stands_first_and_last),
        cmocka_unit_test(an_exercise_and_a_test_say_so_beside_the_label),
        cmocka_unit_test(the_header_is_in_the_order_of_a_message_form),
        cmocka_unit_test(
            a_judgement_has_its_likelihood_and_its_confidence_apart),
        cmocka_unit_test(an_incident_has_its_position_in_degrees_and_minutes),
        cmocka_unit_test(a_source_is_judged_in_letters_and_words),
        cmocka_unit_test(what_was_verified_and_the_trail_stand_below),
        cmocka_unit_test(what_must_not_be_missed_stands_at_both_ends),
        cmocka_unit_test(a_message_with_nothing_in_it_is_shown_too),
        cmocka_unit_test(a_kind_that_is_not_known_is_shown_as_raw_fields),
        cmocka_unit_test(no_control_character_of_a_peer_reaches_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

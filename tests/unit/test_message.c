/*
 * What a message must be: one test for each rule, its good case and its bad
 * one, with the path that the person is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/protobuf.h"
#include "tests/unit/judged.h"

static void
the_three_kinds_are_good_as_they_are_written(void **state)
{
    (void)state;
    assert_good(WRITTEN_NOTE, "tea?", "tea?");
    assert_good(WRITTEN_INCIDENT, "tanker", "tanker");
    assert_good(WRITTEN_ASSESSMENT, "likely", "likely");
}

static void
a_draft_may_lack_what_send_fills_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(judge("{'kind': 'note', 'note': {'text': 'x'},"
                           " 'subject': 's'}",
                           MESSAGE_DRAFT),
                     STATUS_OK);
    assert_int_equal(judge("{'kind': 'note', 'note': {'text': 'x'},"
                           " 'subject': 's'}",
                           MESSAGE_READY),
                     STATUS_BAD_FIELD);
    assert_int_equal(faults.count, 10);
    assert_non_null(strstr(words_at("precedence"), "one of DEFERRED, ROUTINE"));
    assert_int_equal(judge("{'kind': 'note', 'note': {}}", MESSAGE_DRAFT),
                     STATUS_BAD_FIELD);
    assert_string_equal(words_at("subject"), "is missing; text");
    assert_string_equal(words_at("note.text"), "is missing; text");
    assert_int_equal(faults.count, 2);
}

static void
everything_that_is_wrong_is_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(
        judge("{'kind': 'risk_assessment', " WRITTEN_HEADER ","
              "'risk_assessment': {'topic': 'x', 'valid_from': '2014-05-01',"
              "'valid_to': '2014-04-01', 'impact': 9, 'area': [{'lat': 91,"
              "'lon': 3}], 'key_judgements': [{'text': 'y'}]}}",
              MESSAGE_READY),
        STATUS_BAD_FIELD);
    assert_string_equal(words_at("risk_assessment.valid_to"),
                        "is not after valid_from");
    assert_string_equal(words_at("risk_assessment.impact"),
                        "is 9; from 1 to 5");
    assert_string_equal(words_at("risk_assessment.area[0].lat"),
                        "is 91; from -90 to 90");
    assert_string_equal(
        words_at("risk_assessment.key_judgements[0].likelihood"),
        "is missing; its yardstick and word");
    assert_string_equal(
        words_at("risk_assessment.key_judgements[0].confidence"),
        "is missing; one of low, moderate, high");
    assert_int_equal(faults.count, 5);
}

static void
the_header_is_judged(void **state)
{
    (void)state;
    assert_fault(WRITTEN_NOTE, "'ACTUAL'", "'EXERCISE'", "exercise_id",
                 "is missing");
    assert_good(WRITTEN_NOTE, "'ACTUAL'",
                "'EXERCISE', 'exercise_id': 'jimex-14'");
    assert_fault(WRITTEN_NOTE, "'ACTUAL'",
                 "'EXERCISE', 'exercise_id': 'JIMEX 14'", "exercise_id",
                 "a-z, 0-9 and -");
    assert_fault(WRITTEN_NOTE, "'ACTUAL'", "'TEST', 'exercise_id': 'x'",
                 "exercise_id", "not EXERCISE");
    assert_fault(WRITTEN_NOTE, "'ORIGINAL'", "'CANCEL'", "refs",
                 "is missing");
    assert_good(WRITTEN_NOTE, "'ORIGINAL'",
                "'CANCEL', 'refs': ['ffffffffffffffffffffffffffffffff']");
    assert_fault(WRITTEN_NOTE, "'version'",
                 "'expires': '2014-04-23T10:00:00Z', 'version'", "expires",
                 "is not after dtg");
    assert_fault(WRITTEN_NOTE, "'version'",
                 "'ack_by': '2014-04-22', 'version'", "ack_by",
                 "is not after dtg");
    assert_fault(WRITTEN_NOTE, "Tanker approached off Lagos", "a\\nb",
                 "subject", "is one line");
    assert_fault(WRITTEN_NOTE, "Tanker approached off Lagos", "  ", "subject",
                 "is blank");
    assert_fault(WRITTEN_NOTE, "['JMSDF']", "['JMSDF', '']", "action_to[1]",
                 "is blank");
    assert_fault(WRITTEN_NOTE, "['JMSDF']", "[]", "action_to", "one or more");
    assert_fault(WRITTEN_NOTE, "'classification': 'RESTRICTED',", "",
                 "label.classification", "UNCLASSIFIED");
}

static void
a_likelihood_is_a_word_of_its_yardstick_with_its_range(void **state)
{
    (void)state;
    assert_fault(WRITTEN_ASSESSMENT, "'ICD_203'", "'PHIA'",
                 "risk_assessment.key_judgements[0].likelihood",
                 "\"likely\" of PHIA is 55 to 75 percent");
    assert_good(WRITTEN_ASSESSMENT,
                "'ICD_203', 'word': 'likely','low_percent': 55,"
                " 'high_percent': 80",
                "'PHIA', 'word': 'remote chance', 'low_percent': 0,"
                " 'high_percent': 5");
    assert_fault(WRITTEN_ASSESSMENT, "'likely'", "'realistic possibility'",
                 "risk_assessment.key_judgements[0].likelihood.word",
                 "is no word of ICD_203; almost no chance, very unlikely");
    assert_fault(WRITTEN_ASSESSMENT, "'yardstick': 'ICD_203', ", "",
                 "risk_assessment.key_judgements[0].likelihood.yardstick",
                 "one of ICD_203, PHIA");
    assert_fault(WRITTEN_ASSESSMENT, "'high_percent': 80", "'high_percent': 90",
                 "risk_assessment.key_judgements[0].likelihood",
                 "is 55 to 80 percent");
}

static void
confidence_never_stands_in_a_sentence_with_likelihood(void **state)
{
    (void)state;
    assert_fault(WRITTEN_ASSESSMENT, "A tanker will be boarded.",
                 "We judge with high confidence that it will.",
                 "risk_assessment.key_judgements[0].text",
                 "states a confidence");
    assert_fault(WRITTEN_ASSESSMENT, "'topic'",
                 "'summary': 'It is likely, moderate confidence.', 'topic'",
                 "risk_assessment.summary", "write two");
    assert_good(WRITTEN_ASSESSMENT, "'topic'",
                "'summary': 'It is likely. We have moderate confidence.',"
                "'topic'");
    assert_good(WRITTEN_ASSESSMENT, "A tanker will be boarded.",
                "Public confidence in the port will fall.");
}

static void
an_incident_has_a_place_and_a_time(void **state)
{
    const char *place = "{'lat': 6.283, 'lon': 3.35}";

    (void)state;
    assert_fault(WRITTEN_INCIDENT, place, "{'lat': 0}",
                 "maritime_incident.position.lon", "is missing");
    assert_good(WRITTEN_INCIDENT, place, "{'lat': 0, 'lon': 0}");
    assert_fault(WRITTEN_INCIDENT, place, "{'name': 'off Lagos'}",
                 "maritime_incident.position", "neither lat and lon");
    assert_good(WRITTEN_INCIDENT, place,
                "{'polygon': [{'lat': 0, 'lon': 0}, {'lat': 1, 'lon': 0},"
                "{'lat': 1, 'lon': 1}]}");
    assert_fault(WRITTEN_INCIDENT, place,
                 "{'polygon': [{'lat': 0, 'lon': 0}, {'lat': 1, 'lon': 0}]}",
                 "maritime_incident.position.polygon", "three corners");
    assert_fault(WRITTEN_INCIDENT, place,
                 "{'lat': 1, 'lon': 181, 'radius': {'value': 1,"
                 " 'unit': 'nm'}}",
                 "maritime_incident.position.lon", "from -180 to 180");
    assert_fault(WRITTEN_INCIDENT, place,
                 "{'lat': 1, 'lon': 1, 'radius': {'value': 1, 'unit': 'ft'}}",
                 "maritime_incident.position.radius", "nm, km or m");
    assert_fault(WRITTEN_INCIDENT, ", 'type'", ", 'imo': '123', 'type'",
                 "maritime_incident.ship.imo", "is 7 digits");
    assert_fault(WRITTEN_INCIDENT, "'occurred'",
                 "'ended': '2014-04-22', 'occurred'", "maritime_incident.ended",
                 "is not after occurred");
    assert_good(WRITTEN_INCIDENT, "'occurred'",
                "'ended': '2014-04-23T01:00:00Z', 'occurred'");
}

static void
the_last_digit_of_an_imo_number_is_checked(void **state)
{
    (void)state;
    assert_good(WRITTEN_INCIDENT, "'type'", "'imo': '9811000', 'type'");
    assert_fault(WRITTEN_INCIDENT, "'type'", "'imo': '9811001', 'type'",
                 "maritime_incident.ship.imo", "981100 stands 0, not 1");
}

static void
sources_and_counts_are_judged(void **state)
{
    (void)state;
    assert_fault(WRITTEN_INCIDENT, "'occurred'",
                 "'source': {'reliability': 'B', 'credibility': 7,"
                 " 'method': 'radio'}, 'occurred'",
                 "maritime_incident.source.credibility", "from 1 to 6");
    assert_fault(WRITTEN_INCIDENT, "'occurred'",
                 "'source': {'reliability': 'B'}, 'occurred'",
                 "maritime_incident.source", "where it comes from");
    assert_fault(WRITTEN_INCIDENT, "'occurred'",
                 "'perpetrators': {'count': 6, 'count_max': 5}, 'occurred'",
                 "maritime_incident.perpetrators.count_max", "upper end");
    assert_good(WRITTEN_INCIDENT, "'occurred'",
                "'perpetrators': {'count': 5, 'count_max': 6}, 'occurred'");
}

static void
a_time_is_not_more_exact_than_its_precision(void **state)
{
    Entente__Message *message = written_message(WRITTEN_NOTE, &faults);

    (void)state;
    assert_non_null(message);
    message->dtg->precision = ENTENTE__TIME__PRECISION__PRECISION_DAY;
    assert_int_equal(message_validate(message, MESSAGE_READY, &faults),
                     STATUS_BAD_FIELD);
    assert_string_equal(words_at("dtg"), "is more exact than its precision "
                                         "DAY");
    entente__message__free_unpacked(message, NULL);
}

static void
beyond_the_list_faults_are_counted(void **state)
{
    char   text[WRITTEN_MAX] = "{'kind': 'note', 'note': {'text': 'x'},"
                               "'subject': 's', 'refs': [";
    size_t len = strlen(text);

    (void)state;
    for (int i = 0; i < 40; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s'zz'",
                                i > 0 ? "," : "");
    (void)snprintf(text + len, sizeof(text) - len, "]}");
    assert_int_equal(judge(text, MESSAGE_DRAFT), STATUS_BAD_FIELD);
    assert_int_equal(faults.count, MESSAGE_FAULTS);
    assert_int_equal(faults.more, 8);
}

/* ---- parsing ---- */

static uint8_t room[65536];

static enum status
parse(const uint8_t *bytes, size_t len, enum message_stage stage,
      Entente__Message **out)
{
    struct strict_arena arena = strict_arena_of(room, sizeof(room));

    return message_parse((struct span){bytes, len}, stage, &arena, out,
                         &faults);
}

static size_t
append_varint(uint8_t *bytes, size_t len, uint32_t field, uint64_t value)
{
    struct writer tail = writer_of(bytes + len, 12);

    protobuf_put_varint(&tail, field, value);
    return len + tail.len;
}

static void
the_number_comes_at_dispatch_and_not_before(void **state)
{
    size_t            len = 0;
    uint8_t          *bytes = written_bytes(WRITTEN_INCIDENT, &len);
    Entente__Message *message;

    (void)state;
    assert_int_equal(parse(bytes, len, MESSAGE_READY, &message), STATUS_OK);
    assert_int_equal(parse(bytes, len, MESSAGE_SENT, &message),
                     STATUS_BAD_FIELD);
    assert_string_equal(words_at("number"), "is missing");
    len = append_varint(bytes, len, 15, 17);
    assert_int_equal(parse(bytes, len, MESSAGE_SENT, &message), STATUS_OK);
    assert_int_equal(message_row_of(message).number, 17);
    assert_int_equal(parse(bytes, len, MESSAGE_READY, &message),
                     STATUS_BAD_FIELD);
    free(bytes);
}

static void
an_exercise_travels_in_its_own_realm_and_nothing_else_does(void **state)
{
    Entente__Message message = ENTENTE__MESSAGE__INIT;

    (void)state;
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_TEST;
    assert_true(message_fits_realm(&message, "actual"));
    assert_false(message_fits_realm(&message, "exercise-malabar"));
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE;
    message.exercise_id = (char *)(uintptr_t)"malabar";
    assert_false(message_fits_realm(&message, "actual"));
    assert_true(message_fits_realm(&message, "exercise-malabar"));
    assert_false(message_fits_realm(&message, "exercise-malabar2"));
}

static void
a_row_has_what_lists_show(void **state)
{
    size_t             len = 0;
    uint8_t           *bytes = written_bytes(WRITTEN_INCIDENT, &len);
    Entente__Message  *message;
    struct message_row row;

    (void)state;
    assert_int_equal(parse(bytes, len, MESSAGE_READY, &message), STATUS_OK);
    row = message_row_of(message);
    assert_string_equal(row.kind, "maritime_incident");
    assert_int_equal(row.precedence, PRECEDENCE_IMMEDIATE);
    assert_string_equal(row.status, "ACTUAL");
    assert_string_equal(row.action, "ORIGINAL");
    assert_string_equal(row.subject, "Tanker approached off Lagos");
    assert_int_equal(row.dtg->seconds, 1398247200);
    assert_int_equal(row.id.bytes[15], 15);
    free(bytes);
}

/* The same message of another version, with field 60 behind it. */
static enum status
parse_with_unknown(uint32_t version, Entente__Message **out)
{
    char     text[WRITTEN_MAX];
    char     number[32];
    size_t   len = 0;
    uint8_t *bytes;
    enum status st;

    (void)snprintf(number, sizeof(number), "'version': %u", version);
    bytes = written_bytes(written_but(WRITTEN_NOTE, "'version': 1", number,
                                      text),
                          &len);
    len = append_varint(bytes, len, 60, 1);
    st = parse(bytes, len, MESSAGE_READY, out);
    free(bytes);
    return st;
}

static void
an_unknown_field_is_refused_in_our_version_and_kept_in_a_higher(void **state)
{
    Entente__Message *message;

    (void)state;
    assert_int_equal(parse_with_unknown(1, &message), STATUS_BAD_FIELD);
    assert_null(message);
    assert_string_equal(faults.list[0].words, "field 60 is not known here");
    assert_int_equal(parse_with_unknown(2, &message), STATUS_OK);
    assert_int_equal(message->base.n_unknown_fields, 1);
}

static void
a_kind_that_is_not_known_is_kept(void **state)
{
    static const uint8_t kind105[] = {0xca, 0x06, 0x02, 0x08, 0x01};
    size_t               len = 0;
    uint8_t             *bytes = written_bytes(WRITTEN_NOTE, &len);
    Entente__Message    *message;

    (void)state;
    /* The note is last: f2 ... 128 << 3 | 2 is 82 08, then 06 0a 04 tea? */
    len -= 9;
    assert_int_equal(bytes[len], 0x82);
    memcpy(bytes + len, kind105, sizeof(kind105));
    assert_int_equal(parse(bytes, len + sizeof(kind105), MESSAGE_READY,
                           &message),
                     STATUS_OK);
    assert_null(kind_of(message));
    assert_int_equal(message_kind_number(message), 5);
    assert_string_equal(message_row_of(message).kind, "?");
    assert_int_equal(parse(bytes, len, MESSAGE_READY, &message),
                     STATUS_BAD_FIELD);
    assert_int_equal(message_kind_number(message), 0);
    free(bytes);
}

static void
no_prefix_and_no_changed_byte_does_harm(void **state)
{
    static const char *const texts[] = {WRITTEN_ASSESSMENT, WRITTEN_INCIDENT};
    Entente__Message        *message;

    (void)state;
    for (size_t t = 0; t < 2; t++) {
        size_t   len = 0;
        uint8_t *bytes = written_bytes(texts[t], &len);

        for (size_t cut = 0; cut < len; cut++)
            assert_int_not_equal(parse(bytes, cut, MESSAGE_READY, &message),
                                 STATUS_OK);
        for (size_t at = 0; at < len; at++) {
            for (unsigned change = 1; change < 256; change++) {
                bytes[at] = (uint8_t)(bytes[at] ^ change);
                (void)!parse(bytes, len, MESSAGE_SENT, &message);
                bytes[at] = (uint8_t)(bytes[at] ^ change);
            }
        }
        free(bytes);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_kinds_are_good_as_they_are_written),
        cmocka_unit_test(a_draft_may_lack_what_send_fills_and_nothing_else),
        cmocka_unit_test(everything_that_is_wrong_is_told_at_once),
        cmocka_unit_test(the_header_is_judged),
        cmocka_unit_test(
            a_likelihood_is_a_word_of_its_yardstick_with_its_range),
        cmocka_unit_test(confidence_never_stands_in_a_sentence_with_likelihood),
        cmocka_unit_test(an_incident_has_a_place_and_a_time),
        cmocka_unit_test(the_last_digit_of_an_imo_number_is_checked),
        cmocka_unit_test(sources_and_counts_are_judged),
        cmocka_unit_test(a_time_is_not_more_exact_than_its_precision),
        cmocka_unit_test(beyond_the_list_faults_are_counted),
        cmocka_unit_test(the_number_comes_at_dispatch_and_not_before),
        cmocka_unit_test(
            an_exercise_travels_in_its_own_realm_and_nothing_else_does),
        cmocka_unit_test(a_row_has_what_lists_show),
        cmocka_unit_test(
            an_unknown_field_is_refused_in_our_version_and_kept_in_a_higher),
        cmocka_unit_test(a_kind_that_is_not_known_is_kept),
        cmocka_unit_test(no_prefix_and_no_changed_byte_does_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

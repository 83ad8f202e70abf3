/* test_deadline.c - by when a message is to be acknowledged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/deadline.h"

#define NOON_S 1398254400ll /* 2014-04-23T12:00:00Z */
#define DAY_S  1398211200ll /* 2014-04-23 */

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

static Entente__Time
at(int64_t seconds, Entente__Time__Precision precision)
{
    Entente__Time time = ENTENTE__TIME__INIT;

    time.seconds = seconds;
    time.precision = precision;
    return time;
}

static Entente__Time
second(int64_t seconds)
{
    return at(seconds, ENTENTE__TIME__PRECISION__PRECISION_SECOND);
}

/* Written at noon. */
static Entente__Message
message_of(Entente__Precedence precedence)
{
    static Entente__Time noon;
    Entente__Message     message = ENTENTE__MESSAGE__INIT;

    noon = second(NOON_S);
    message.precedence = precedence;
    message.dtg = &noon;
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL;
    return message;
}

static void
it_follows_from_precedence(void **state)
{
    static const struct {
        Entente__Precedence precedence;
        uint64_t            after_ms;
    } table[] = {
        {ENTENTE__PRECEDENCE__PRECEDENCE_OVERRIDE, 5 * MINUTE_MS},
        {ENTENTE__PRECEDENCE__PRECEDENCE_FLASH, 10 * MINUTE_MS},
        {ENTENTE__PRECEDENCE__PRECEDENCE_IMMEDIATE, HOUR_MS},
        {ENTENTE__PRECEDENCE__PRECEDENCE_PRIORITY, 6 * HOUR_MS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        Entente__Message message = message_of(table[i].precedence);
        struct deadline  deadline = deadline_of(&message);

        assert_int_equal(deadline.ms,
                         (uint64_t)NOON_S * 1000 + table[i].after_ms);
        assert_false(deadline.given);
    }
}

static void
nobody_has_to_answer_what_is_routine_or_deferred(void **state)
{
    Entente__Message routine =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_ROUTINE);
    Entente__Message deferred =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_DEFERRED);

    (void)state;
    assert_int_equal(deadline_of(&routine).ms, 0);
    assert_int_equal(deadline_of(&deferred).ms, 0);
}

static void
nobody_has_to_answer_a_test_unless_it_asks(void **state)
{
    Entente__Message test = message_of(ENTENTE__PRECEDENCE__PRECEDENCE_FLASH);
    Entente__Time    soon = second(NOON_S + 5);

    (void)state;
    test.status = ENTENTE__MESSAGE__STATUS__STATUS_TEST;
    assert_int_equal(deadline_of(&test).ms, 0);
    test.ack_by = &soon;
    assert_int_equal(deadline_of(&test).ms, (NOON_S + 5) * 1000);
}

/* A FLASH is answered by a FLASH; that one would ask for a third. */
static void
nobody_has_to_answer_a_reply_unless_it_asks(void **state)
{
    uint8_t             id[16] = {1};
    ProtobufCBinaryData ref = {sizeof(id), id};
    Entente__Message reply = message_of(ENTENTE__PRECEDENCE__PRECEDENCE_FLASH);
    Entente__Message other;
    Entente__Time    soon = second(NOON_S + 5);

    (void)state;
    reply.action = ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL;
    reply.refs = &ref;
    reply.n_refs = 1;
    reply.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    assert_int_equal(deadline_of(&reply).ms, 0);
    reply.ack_by = &soon;
    assert_int_equal(deadline_of(&reply).ms, (NOON_S + 5) * 1000);
    reply.ack_by = NULL;

    other = reply;
    other.author = (char *)(uintptr_t) "IFC-IOR/Watch"; /* it is passed on */
    assert_int_not_equal(deadline_of(&other).ms, 0);
    other = reply;
    other.action = ENTENTE__MESSAGE__ACTION__ACTION_CANCEL;
    assert_int_not_equal(deadline_of(&other).ms, 0);
    other = reply;
    other.body_case = ENTENTE__MESSAGE__BODY_MARITIME_INCIDENT;
    assert_int_not_equal(deadline_of(&other).ms, 0);
    other = reply;
    other.n_refs = 0;
    assert_int_not_equal(deadline_of(&other).ms, 0);
}

static void
what_is_given_counts_whatever_the_precedence(void **state)
{
    Entente__Message message =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_ROUTINE);
    Entente__Time soon = second(NOON_S + 5);

    (void)state;
    soon.nanos = 250000000;
    message.ack_by = &soon;
    assert_int_equal(deadline_of(&message).ms, (NOON_S + 5) * 1000 + 250);
    assert_true(deadline_of(&message).given);
    message.precedence = ENTENTE__PRECEDENCE__PRECEDENCE_OVERRIDE;
    assert_int_equal(deadline_of(&message).ms, (NOON_S + 5) * 1000 + 250);
}

static void
of_a_day_or_a_minute_the_end_counts(void **state)
{
    Entente__Message message =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_ROUTINE);
    Entente__Time day =
        at(DAY_S, ENTENTE__TIME__PRECISION__PRECISION_DAY);
    Entente__Time minute =
        at(NOON_S, ENTENTE__TIME__PRECISION__PRECISION_MINUTE);

    (void)state;
    message.ack_by = &day;
    assert_int_equal(deadline_of(&message).ms, (DAY_S + 86400) * 1000);
    message.ack_by = &minute;
    assert_int_equal(deadline_of(&message).ms, (NOON_S + 60) * 1000);
    message.ack_by = NULL;
    message.precedence = ENTENTE__PRECEDENCE__PRECEDENCE_FLASH;
    message.dtg = &day;
    assert_int_equal(deadline_of(&message).ms,
                     (DAY_S + 86400) * 1000 + 10 * MINUTE_MS);
}

static void
what_expires_before_its_derived_deadline_has_none(void **state)
{
    Entente__Message message =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_IMMEDIATE);
    Entente__Time soon = second(NOON_S + 600);
    Entente__Time late = second(NOON_S + 3600);

    (void)state;
    message.expires = &soon;
    assert_int_equal(deadline_of(&message).ms, 0);
    message.ack_by = &soon;
    assert_int_equal(deadline_of(&message).ms, (NOON_S + 600) * 1000);
    message.ack_by = NULL;
    message.expires = &late;
    assert_int_equal(deadline_of(&message).ms, (NOON_S + 3600) * 1000);
}

/* Whatever a peer writes there, it is a time, and none is 0. */
static void
times_beyond_all_calendars_are_times(void **state)
{
    static const int64_t seconds[] = {INT64_MIN + 1, -1, 0, INT64_MAX - 86400};
    Entente__Message     message =
        message_of(ENTENTE__PRECEDENCE__PRECEDENCE_FLASH);

    (void)state;
    for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
        Entente__Time time = second(seconds[i]);

        message.ack_by = &time;
        assert_in_range(deadline_of(&message).ms, 1, 253402300800000);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_from_precedence),
        cmocka_unit_test(nobody_has_to_answer_what_is_routine_or_deferred),
        cmocka_unit_test(nobody_has_to_answer_a_test_unless_it_asks),
        cmocka_unit_test(nobody_has_to_answer_a_reply_unless_it_asks),
        cmocka_unit_test(what_is_given_counts_whatever_the_precedence),
        cmocka_unit_test(of_a_day_or_a_minute_the_end_counts),
        cmocka_unit_test(what_expires_before_its_derived_deadline_has_none),
        cmocka_unit_test(times_beyond_all_calendars_are_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The object of an event, as programs read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/reading/event_row.h"

#include <string.h>

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? "(none)" : text;
}

/* A literal where the schema has char *. */
static char *
words(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Entente__Event
received(Entente__ListRow *row)
{
    Entente__Event event = ENTENTE__EVENT__INIT;

    entente__list_row__init(row);
    row->id = words("00112233445566778899aabbccddeeff");
    row->ref = words("jmsdf/s17");
    row->number = 17;
    row->peer = words("jmsdf");
    row->kind = words("note");
    row->precedence = words("FLASH");
    row->status = words("ACTUAL");
    row->subject = words("tea?");
    row->time_ms = 1398247200000;
    row->state = words("read");
    event.cursor = words("c0ffee");
    event.event = words("received");
    event.time_ms = 1398247260000;
    event.outgoing = true;
    event.row = row;
    return event;
}

static void
what_happened_and_the_row_stand_in_one_object(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = received(&row);
    json_t          *object = event_row_json(&event);

    (void)state;
    assert_non_null(object);
    assert_true(event_row_has_message(&event));
    assert_string_equal(text_of(object, "event"), "received");
    assert_string_equal(text_of(object, "time"), "2014-04-23T10:01:00.000Z");
    assert_string_equal(text_of(object, "cursor"), "c0ffee");
    assert_string_equal(text_of(object, "ref"), "jmsdf/s17");
    assert_string_equal(text_of(object, "to"), "jmsdf");
    assert_string_equal(text_of(object, "from"), "(none)");
    assert_string_equal(text_of(object, "submitted"),
                        "2014-04-23T10:00:00.000Z");
    assert_string_equal(text_of(object, "state"), "read");
    assert_int_equal(json_integer_value(json_object_get(object, "number")),
                     17);
    json_decref(object);
}

static void
what_came_in_says_from_whom_and_when(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = received(&row);
    json_t          *object;

    (void)state;
    event.outgoing = false;
    object = event_row_json(&event);
    assert_non_null(object);
    assert_string_equal(text_of(object, "from"), "jmsdf");
    assert_string_equal(text_of(object, "to"), "(none)");
    assert_string_equal(text_of(object, "received"),
                        "2014-04-23T10:00:00.000Z");
    json_decref(object);
}

static void
an_alarm_names_its_peer_and_no_message(void **state)
{
    Entente__ListRow row;
    Entente__Event   event = received(&row);
    json_t          *object;

    (void)state;
    event.event = words("alarm");
    row.id = words("");
    event.why = words("a head of theirs is wrong");
    object = event_row_json(&event);
    assert_non_null(object);
    assert_false(event_row_has_message(&event));
    assert_string_equal(text_of(object, "peer"), "jmsdf");
    assert_string_equal(text_of(object, "why"), "a head of theirs is wrong");
    assert_null(json_object_get(object, "id"));
    json_decref(object);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_happened_and_the_row_stand_in_one_object),
        cmocka_unit_test(what_came_in_says_from_whom_and_when),
        cmocka_unit_test(an_alarm_names_its_peer_and_no_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

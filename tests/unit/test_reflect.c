/* Presence and values, whatever way protobuf-c keeps them in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "message.pb-c.h"
#include "proto/reflect.h"

#include <string.h>

static const ProtobufCFieldDescriptor *
field(const ProtobufCMessageDescriptor *type, const char *name)
{
    const ProtobufCFieldDescriptor *found =
        protobuf_c_message_descriptor_get_field_by_name(type, name);

    assert_non_null(found);
    return found;
}

static void
a_fresh_message_has_nothing(void **state)
{
    Entente__Message                  message = ENTENTE__MESSAGE__INIT;
    const ProtobufCMessageDescriptor *type = &entente__message__descriptor;

    (void)state;
    for (unsigned i = 0; i < type->n_fields; i++)
        assert_int_equal(reflect_count(&message.base, &type->fields[i]), 0);
    message.subject = NULL; /* as absent as "" */
    assert_int_equal(reflect_count(&message.base, field(type, "subject")), 0);
}

static void
a_zero_in_a_oneof_is_there_and_elsewhere_is_not(void **state)
{
    Entente__Ship                     ship = ENTENTE__SHIP__INIT;
    const ProtobufCMessageDescriptor *type = &entente__ship__descriptor;

    (void)state;
    ship.has_crew_count_case = ENTENTE__SHIP__HAS_CREW_COUNT_CREW_COUNT;
    assert_int_equal(reflect_count(&ship.base, field(type, "crew_count")), 1);
    assert_int_equal(reflect_count(&ship.base, field(type, "gross_tonnage")),
                     0);
    ship.gross_tonnage = 1;
    assert_int_equal(reflect_count(&ship.base, field(type, "gross_tonnage")),
                     1);
}

static void
values_come_out_as_they_went_in(void **state)
{
    Entente__Message                  message = ENTENTE__MESSAGE__INIT;
    Entente__Position                 position = ENTENTE__POSITION__INIT;
    Entente__Time                     time = ENTENTE__TIME__INIT;
    const ProtobufCMessageDescriptor *type = &entente__message__descriptor;
    char                             *to[] = {"a", "b"};
    uint8_t                           id[] = {1, 2, 3};

    (void)state;
    message.action_to = to;
    message.n_action_to = 2;
    message.id = (ProtobufCBinaryData){3, id};
    message.number = UINT64_MAX;
    message.precedence = ENTENTE__PRECEDENCE__PRECEDENCE_FLASH;
    message.dtg = &time;
    time.seconds = -5;
    position.has_lat_case = ENTENTE__POSITION__HAS_LAT_LAT;
    position.lat = -6.25;
    assert_int_equal(reflect_count(&message.base, field(type, "action_to")), 2);
    assert_string_equal(
        reflect_text(&message.base, field(type, "action_to"), 1), "b");
    assert_int_equal(reflect_bytes(&message.base, field(type, "id"), 0).len, 3);
    assert_true(reflect_u64(&message.base, field(type, "number"), 0) ==
                UINT64_MAX);
    assert_int_equal(reflect_i32(&message.base, field(type, "precedence"), 0),
                     5);
    assert_ptr_equal(reflect_message(&message.base, field(type, "dtg"), 0),
                     &time);
    assert_true(reflect_number(&time.base,
                               field(&entente__time__descriptor, "seconds"),
                               0) == -5);
    assert_true(reflect_number(&position.base,
                               field(&entente__position__descriptor, "lat"),
                               0) == -6.25);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_message_has_nothing),
        cmocka_unit_test(a_zero_in_a_oneof_is_there_and_elsewhere_is_not),
        cmocka_unit_test(values_come_out_as_they_went_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

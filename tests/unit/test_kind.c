/* The tables of kinds and rules, each row against the schema. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/core/message/kind.h"

#include <string.h>

static void
each_kind_is_the_member_of_the_body_that_its_number_names(void **state)
{
    (void)state;
    for (size_t i = 0; kind_at(i) != NULL; i++) {
        const struct kind              *kind = kind_at(i);
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(
                &entente__message__descriptor, KIND_FIELD_BASE + kind->number);

        assert_non_null(field);
        assert_string_equal(field->name, kind->name);
        assert_ptr_equal(field->descriptor, kind->type);
        assert_ptr_equal(kind_named(kind->name), kind);
        assert_true(strlen(kind->source) > 0);
    }
    assert_null(kind_named("weather"));
}

static void
each_member_of_the_body_is_a_kind(void **state)
{
    const ProtobufCMessageDescriptor *type = &entente__message__descriptor;

    (void)state;
    for (unsigned i = 0; i < type->n_fields; i++)
        assert_int_equal(type->fields[i].id > KIND_FIELD_BASE,
                         kind_named(type->fields[i].name) != NULL);
}

static bool
is_text(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_STRING;
}

static bool
is_number(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_UINT32 ||
           field->type == PROTOBUF_C_TYPE_UINT64 ||
           field->type == PROTOBUF_C_TYPE_SINT32 ||
           field->type == PROTOBUF_C_TYPE_SINT64 ||
           field->type == PROTOBUF_C_TYPE_DOUBLE ||
           field->descriptor == &entente__quantity__descriptor;
}

/* A rule for a field that is not there, or of another type, would be dead. */
static void
assert_rule_fits(const ProtobufCMessageDescriptor *type,
                 const struct kind_rule           *rule)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(type, rule->field);

    if (field == NULL)
        print_error("%s has no %s\n", type->name, rule->field);
    assert_non_null(field);
    switch (rule->check) {
    case KIND_ANY:
        return;
    case KIND_LINE:
    case KIND_FILE:
    case KIND_DIGITS:
    case KIND_IMO:
        assert_true(is_text(field));
        return;
    case KIND_RANGE:
        assert_true(is_number(field));
        assert_true(rule->low < rule->high);
        return;
    case KIND_BYTES:
        assert_int_equal(field->type, PROTOBUF_C_TYPE_BYTES);
        assert_true(rule->low <= rule->high);
        return;
    }
}

/* Every type below this one; the schema has no cycles. */
static void
check_types(const ProtobufCMessageDescriptor *type)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++) {
        assert_rule_fits(type, &rules[i]);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(rules[i].field, rules[j].field);
        assert_int_equal(kind_presence(type, rules[i].field),
                         rules[i].presence);
    }
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            check_types(type->fields[i].descriptor);
}

static void
each_rule_is_for_a_field_that_is_there(void **state)
{
    (void)state;
    check_types(&entente__message__descriptor);
}

/* A starred number that could be zero would be told missing when it is. */
static void
check_presence(const ProtobufCMessageDescriptor *type)
{
    size_t                  count;
    const struct kind_rule *rules = kind_rules(type, &count);

    for (size_t i = 0; i < count; i++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(type,
                                                            rules[i].field);

        if (rules[i].check == KIND_RANGE && rules[i].low <= 0 &&
            rules[i].presence != KIND_OPTIONAL && is_number(field) &&
            field->type != PROTOBUF_C_TYPE_MESSAGE)
            assert_true(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF);
    }
    for (unsigned i = 0; i < type->n_fields; i++)
        if (type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE)
            check_presence(type->fields[i].descriptor);
}

static void
a_mandatory_number_that_may_be_zero_tells_zero_from_absent(void **state)
{
    (void)state;
    check_presence(&entente__message__descriptor);
}

static void
the_body_is_found_whatever_its_kind(void **state)
{
    Entente__Message message = ENTENTE__MESSAGE__INIT;
    Entente__Note    note = ENTENTE__NOTE__INIT;

    (void)state;
    assert_null(kind_of(&message));
    assert_null(kind_body(&message));
    message.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    message.note = &note;
    assert_string_equal(kind_of(&message)->name, "note");
    assert_ptr_equal(kind_body(&message), &note);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            each_kind_is_the_member_of_the_body_that_its_number_names),
        cmocka_unit_test(each_member_of_the_body_is_a_kind),
        cmocka_unit_test(each_rule_is_for_a_field_that_is_there),
        cmocka_unit_test(
            a_mandatory_number_that_may_be_zero_tells_zero_from_absent),
        cmocka_unit_test(the_body_is_found_whatever_its_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

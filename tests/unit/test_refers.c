/*
 * test_refers.c - what a message says of earlier ones is durable with it, on
 * both sides, and told to who looks at those.
 */
#include "tests/unit/submitting.h"

#include "node/core/message/refers.h"

enum {
    CORRECT = ENTENTE__MESSAGE__ACTION__ACTION_CORRECT,
    CANCEL = ENTENTE__MESSAGE__ACTION__ACTION_CANCEL
};

static void
submit(struct duo *duo, unsigned id, unsigned action, unsigned about,
       const char *to)
{
    struct submitting asked = {.request = id,
                               .id = id,
                               .to = {to},
                               .action = action,
                               .about = about};

    submitting_run(duo, &asked);
}

static const Entente__ShowResponse *
shown(struct duo *duo, struct duo_party *party, const char *ref)
{
    static uint64_t request = 100;

    asking_show(party, 7, ++request, ref, true);
    duo_run(duo);
    return asking_ended(party, 7, request, ENTENTE__RESPONSE__KIND_SHOW)->show;
}

static void
a_cancel_is_noted_by_sender_and_recipient(void **state)
{
    struct duo                  *duo = *state;
    struct message_id            first = duo_message_id(&duo->a, 1);
    struct message_id            second = duo_message_id(&duo->a, 2);
    struct record                record;
    const Entente__ShowResponse *show;

    submit(duo, 1, 0, 0, "node2");
    submit(duo, 2, CANCEL, 1, "node2");
    record = duo_record(&duo->a, RECORD_REFERS, 0);
    assert_int_equal(record.outgoing, 1);
    assert_int_equal(record.number, 0);
    record = duo_record(&duo->b, RECORD_REFERS, 0);
    assert_int_equal(record.outgoing, 0);
    assert_int_equal(record.number, 2);
    assert_int_equal(record.state, CANCEL);
    assert_memory_equal(record.id.bytes, second.bytes, LIMIT_MESSAGE_ID);
    assert_true(span_equal(record.bytes, SPAN_OF(first.bytes)));
    show = shown(duo, &duo->b, "node1/1");
    assert_int_equal(show->n_newer, 1);
    assert_string_equal(show->newer[0]->action, "CANCEL");
    assert_string_equal(show->newer[0]->ref, "node1/2");
    assert_string_equal(show->newer[0]->id,
                        shown(duo, &duo->b, "node1/2")->row->id);
    assert_int_equal(shown(duo, &duo->b, "node1/2")->n_newer, 0);
}

static void
what_waits_is_noted_at_once_and_only_once(void **state)
{
    struct duo *duo = *state;

    submit(duo, 1, 0, 0, "third");
    submit(duo, 2, CORRECT, 1, "third");
    submit(duo, 2, CORRECT, 1, "third"); /* a retry */
    assert_int_equal(duo_count_records(&duo->a, RECORD_REFERS), 1);
    assert_int_equal(duo_count_records(&duo->a, RECORD_PENDING), 2);
}

static void
an_original_says_nothing_of_others(void **state)
{
    struct duo *duo = *state;

    submit(duo, 1, 0, 0, "node2");
    submit(duo, 2, ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL, 1, "node2");
    assert_int_equal(duo_count_records(&duo->a, RECORD_REFERS), 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_REFERS), 0);
}

static void
a_node_comes_up_from_such_records(void **state)
{
    struct duo *duo = *state;

    submit(duo, 1, 0, 0, "node2");
    submit(duo, 2, CANCEL, 1, "node2");
    duo_restart(&duo->b);
    assert_int_equal(shown(duo, &duo->b, "node1/1")->n_newer, 1);
    assert_string_equal(shown(duo, &duo->b, "node1/2")->row->state, "new");
}

static void
only_what_does_something_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(refers_word(CANCEL), "CANCEL");
    assert_string_equal(refers_word(CORRECT), "CORRECT");
    assert_string_equal(refers_word(0), "");
    assert_string_equal(refers_word(1), "");
    assert_string_equal(refers_word(99), "");
}

#define ON_DUO(test) \
    cmocka_unit_test_setup_teardown(test, submitting_make, submitting_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_cancel_is_noted_by_sender_and_recipient),
        ON_DUO(what_waits_is_noted_at_once_and_only_once),
        ON_DUO(an_original_says_nothing_of_others),
        ON_DUO(a_node_comes_up_from_such_records),
        cmocka_unit_test(only_what_does_something_has_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

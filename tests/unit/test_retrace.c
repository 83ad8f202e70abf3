/* test_retrace.c - grants that nobody waits for. */
#include "tests/unit/asking_back.h"

#include "node/core/recovery/retrace.h"


static void
say_grant(struct rogue *rogue, size_t keys_len)
{
    uint8_t                    zeros[2 * LIMIT_KEY] = {0}, bytes[512];
    Entente__EntryGrant        grant = ENTENTE__ENTRY_GRANT__INIT;
    Entente__EntryGrant__Keys  keys = ENTENTE__ENTRY_GRANT__KEYS__INIT;
    Entente__EntryGrant__Keys *list[] = {&keys};
    size_t                     len;

    keys.origin = back_channel(rogue)->text.text;
    keys.content_keys = (ProtobufCBinaryData){keys_len, zeros};
    grant.n_keys = 1;
    grant.keys = list;
    len = entente__entry_grant__pack(&grant, bytes);
    rogue_say_all(rogue, rogue_seal(rogue, CLASS_GRANT, PRECEDENCE_ROUTINE,
                                    (struct span){bytes, len}));
}

static void
a_grant_without_a_question_changes_nothing(void **state)
{
    struct rogue *rogue = *state;
    size_t entries = duo_count_records(rogue->victim, RECORD_OUT_ENTRY);

    say_grant(rogue, LIMIT_KEY);
    assert_int_equal(rogue_alarms(rogue), 0);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_OUT_ENTRY),
                     entries);
    assert_false(rogue_is_closed(rogue));
}

static void
a_grant_of_half_a_key_is_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    say_grant(rogue, LIMIT_KEY + 1);
    assert_int_equal(rogue_alarms(rogue), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(a_grant_without_a_question_changes_nothing),
        BACK_TEST(a_grant_of_half_a_key_is_an_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_grant.c - keys are said in entries, to who had them. */
#include "tests/unit/asking_back.h"

#include "node/core/log/grant.h"


/* Entries of ours of class GRANT. */
static size_t
grants(const struct rogue *rogue)
{
    size_t count = 0;

    for (size_t i = 0;
         i < duo_count_records(rogue->victim, RECORD_OUT_ENTRY); i++)
        count += duo_record(rogue->victim, RECORD_OUT_ENTRY, i).leaf.ptr[2] ==
                 CLASS_GRANT;
    return count;
}

static void
keys_of_a_log_of_ours_are_granted(void **state)
{
    struct rogue *rogue = *state;

    duo_submit(rogue->victim, rogue_peer(rogue)->name, 1, "ROUTINE", "words",
               NULL);
    rogue_pass(rogue, 1);
    back_ask_grant(rogue, back_channel(rogue)->text.text, 1, 1);
    assert_int_equal(grants(rogue), 1);
    assert_null(rogue_peer(rogue)->granting);
}

/* An OPEN has no key. */
static void
what_has_no_key_is_not_granted(void **state)
{
    struct rogue *rogue = *state;

    back_ask_grant(rogue, back_channel(rogue)->text.text, 0, 1);
    assert_int_equal(grants(rogue), 0);
    assert_false(rogue_is_closed(rogue));
}

static void
too_many_entries_or_another_s_log_close(void **state)
{
    struct rogue      *rogue = *state;
    struct origin_text other = back_channel(rogue)->text;

    other.text[other.len - 1] = other.text[other.len - 1] == '0' ? '1' : '0';
    back_ask_grant(rogue, other.text, 0, 1);
    assert_true(rogue_is_closed(rogue));
    rogue_open(rogue);
    back_ask_grant(rogue, back_channel(rogue)->text.text, 0,
                   GRANT_ENTRIES + 1);
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue_peer(rogue)->granting);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(keys_of_a_log_of_ours_are_granted),
        BACK_TEST(what_has_no_key_is_not_granted),
        BACK_TEST(too_many_entries_or_another_s_log_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

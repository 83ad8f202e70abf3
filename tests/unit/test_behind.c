/* test_behind.c - who is taken to have lost state, and who is not. */
#include "tests/unit/asking_back.h"

#include "node/core/recovery/behind.h"


static void
who_lost_nothing_is_offered_nothing(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    assert_int_equal(rogue_peer(rogue)->recovery, 0);
    assert_int_equal(duo_count_records(rogue->victim, RECORD_RECOVERY), 0);
}

static void
who_names_no_log_that_it_cosigned_is_offered_all(void **state)
{
    struct rogue   *rogue = *state;
    struct channel *channel = back_channel(rogue);

    rogue_say_cosigned(rogue, channel->text.text, &channel->head);
    assert_int_equal(channel->cosigned.size, channel->head.size);
    rogue_open(rogue); /* its Sizes show nothing */
    assert_int_equal(rogue_peer(rogue)->recovery, RECOVERY_OFFERS);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(who_lost_nothing_is_offered_nothing),
        BACK_TEST(who_names_no_log_that_it_cosigned_is_offered_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_held.c - what is told to who lost state. */
#include "tests/unit/asking_back.h"

#include "node/core/log/held.h"


static void
who_asks_is_told_all_logs(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *heard;

    back_ask_held(rogue, false);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD);
    assert_non_null(heard);
    assert_int_equal(heard->held->n_writes, 1);
    assert_string_equal(heard->held->writes[0]->origin,
                        back_channel(rogue)->text.text);
    assert_false(heard->held->more);
    assert_string_equal(heard->held->given, "");
}

static void
an_offer_stands_until_it_is_taken_up(void **state)
{
    struct rogue *rogue = *state;

    rogue_peer(rogue)->recovery = RECOVERY_OFFERS;
    rogue_open(rogue);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD));
    rogue_open(rogue); /* nobody answered */
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD));
    back_ask_held(rogue, true);
    assert_int_equal(rogue_peer(rogue)->recovery, 0);
    duo_restart(rogue->victim);
    assert_int_equal(rogue_peer(rogue)->recovery, 0);
    rogue_open(rogue);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD));
}

static void
who_is_whole_again_is_told_of_by_an_alarm(void **state)
{
    struct rogue *rogue = *state;

    back_ask_held(rogue, false);
    back_ask_held(rogue, true);
    assert_non_null(strstr(rogue_peer(rogue)->alarm,
                           "nothing is to be done"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(who_asks_is_told_all_logs),
        BACK_TEST(an_offer_stands_until_it_is_taken_up),
        BACK_TEST(who_is_whole_again_is_told_of_by_an_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_restore_channel.c - records that do not fit our logs are corruption. */
#include "tests/unit/asking_back.h"

#include "node/core/restore_channel.h"


static void
of_a_log_that_is_not_known_nothing_fits(void **state)
{
    struct rogue *rogue = *state;
    struct peer  *peer = rogue_peer(rogue);
    struct record record = {.origin = back_channel(rogue)->origin,
                            .index = 1};

    assert_int_equal(restore_channel_head(peer, NULL, &record),
                     STATUS_CORRUPT);
    assert_int_equal(restore_channel_cosigned(peer, NULL, &record),
                     STATUS_CORRUPT);
    assert_int_equal(restore_channel_closed(peer, NULL, &record),
                     STATUS_CORRUPT);
    assert_int_equal(restore_channel_regained(peer, NULL, &record),
                     STATUS_CORRUPT);
    assert_int_equal(restore_channel_entry(peer, NULL, &record),
                     STATUS_CORRUPT);
    assert_int_equal(restore_channel_begin(NULL, NULL, &record),
                     STATUS_CORRUPT);
}

/* Only what came back may be told of again. */
static void
an_entry_twice_fits_a_log_that_came_back_alone(void **state)
{
    struct rogue   *rogue = *state;
    struct peer    *peer = rogue_peer(rogue);
    struct channel *channel = back_channel(rogue);
    struct record   record = {.origin = channel->origin, .number = 9};

    assert_int_equal(restore_channel_entry(peer, channel, &record),
                     STATUS_CORRUPT);
    record.index = 0;
    record.size = 0;
    assert_int_equal(restore_channel_regained(peer, channel, &record),
                     STATUS_OK);
    assert_int_equal(restore_channel_entry(peer, channel, &record),
                     STATUS_OK);
    assert_int_equal(peer->number, 9);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(of_a_log_that_is_not_known_nothing_fits),
        BACK_TEST(an_entry_twice_fits_a_log_that_came_back_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

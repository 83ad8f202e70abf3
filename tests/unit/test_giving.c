/* test_giving.c - a piece of a log that is not written any more. */
#include "tests/unit/asking_back.h"

#include "node/core/recovery/giving.h"


/* Leaves, the head that the writer signed, bodies, and what is held of it. */
static void
a_closed_log_is_given_as_it_is_held(void **state)
{
    struct rogue         *rogue = *state;
    struct channel       *channel = back_channel(rogue);
    const Entente__Frame *heard;

    back_close(rogue);
    back_fetch(rogue, channel->text.text, 0);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES);
    assert_non_null(heard);
    assert_int_equal(heard->leaves->leaves.len,
                     channel->head.size * LEAF_LEN);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_HEAD);
    assert_non_null(heard);
    assert_memory_equal(heard->head->signature.data, channel->signature,
                        LIMIT_SIGNATURE);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_BODIES));
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_HELD);
    assert_non_null(heard);
    assert_string_equal(heard->held->given, channel->text.text);
    assert_null(rogue_peer(rogue)->giving);
}

static void
what_is_not_here_is_answered_all_the_same(void **state)
{
    struct rogue         *rogue = *state;
    struct channel       *channel = back_channel(rogue);
    const Entente__Frame *heard;

    while (rogue_hear_next(rogue) != NULL)
        continue; /* of the link's beginning */
    back_close(rogue);
    back_fetch(rogue, channel->text.text, channel->head.size);
    heard = rogue_hear_next(rogue);
    while (heard != NULL && heard->kind_case != ENTENTE__FRAME__KIND_HELD) {
        assert_int_not_equal(heard->kind_case, ENTENTE__FRAME__KIND_HEAD);
        heard = rogue_hear_next(rogue);
    }
    assert_non_null(heard);
}

static void
a_second_question_before_the_answer_closes(void **state)
{
    struct rogue   *rogue = *state;
    struct channel *channel = back_channel(rogue);

    back_close(rogue);
    rogue->victim->loads_held = true;
    back_fetch(rogue, channel->text.text, 0);
    assert_false(rogue_is_closed(rogue));
    back_fetch(rogue, channel->text.text, 0);
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue_peer(rogue)->giving);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACK_TEST(a_closed_log_is_given_as_it_is_held),
        BACK_TEST(what_is_not_here_is_answered_all_the_same),
        BACK_TEST(a_second_question_before_the_answer_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

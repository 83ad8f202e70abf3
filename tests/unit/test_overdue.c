/* test_overdue.c - clients are told what is overdue, the gravest first. */
#include "tests/unit/awaiting_world.h"

#include "node/core/message/overdue.h"

static const Entente__StatusResponse *
status_of(struct duo_party *party)
{
    duo_forget_told(party);
    asking_plain(party, CLIENT, 1, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(party);
    return asking_ended(party, CLIENT, 1, ENTENTE__RESPONSE__KIND_STATUS)
        ->status;
}

static void
nothing_is_told_before_its_time(void **state)
{
    struct duo                    *duo = *state;
    const Entente__StatusResponse *status;

    send(duo, 1, "FLASH", 0);
    status = status_of(&duo->a);
    assert_int_equal(status->n_overdue, 0);
    assert_int_equal(status->peers[0]->unanswered, 1);
    assert_int_equal(status->peers[0]->to_answer, 0);
    assert_int_equal(status->peers[0]->overdue, 0);
    assert_int_equal(status->peers[0]->oldest_unanswered_ms,
                     DUO_DTG_S * 1000ull);
    assert_int_equal(status_of(&duo->b)->peers[0]->to_answer, 1);
}

static void
each_side_is_told_whose_turn_it_is(void **state)
{
    struct duo             *duo = *state;
    const Entente__Overdue *overdue;

    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 10 * MINUTE_MS);
    assert_int_equal(status_of(&duo->a)->n_overdue, 1);
    overdue = status_of(&duo->a)->overdue[0];
    assert_string_equal(overdue->ref, "node2/s1");
    assert_string_equal(overdue->peer, "node2");
    assert_string_equal(overdue->precedence, "FLASH");
    assert_true(overdue->outgoing);
    assert_int_equal(overdue->number, 1);
    assert_int_equal(overdue->ack_by_ms,
                     DUO_DTG_S * 1000ull + 10 * MINUTE_MS);
    overdue = status_of(&duo->b)->overdue[0];
    assert_string_equal(overdue->ref, "node1/1");
    assert_false(overdue->outgoing);
}

static void
what_has_not_left_is_told_by_its_id(void **state)
{
    struct duo             *duo = *state;
    const Entente__Overdue *overdue;

    cut(duo);
    send(duo, 1, "FLASH", 0);
    duo_wait(duo, 10 * MINUTE_MS);
    overdue = status_of(&duo->a)->overdue[0];
    assert_int_equal(overdue->number, 0);
    assert_string_equal(overdue->ref, overdue->id);
    assert_int_equal(strlen(overdue->id), 2 * LIMIT_MESSAGE_ID);
}

static void
the_gravest_come_first_then_the_oldest(void **state)
{
    struct duo                    *duo = *state;
    const Entente__StatusResponse *status;

    send(duo, 1, "ROUTINE", 10);
    send(duo, 2, "FLASH", 30);
    send(duo, 3, "OVERRIDE", 40);
    send(duo, 4, "FLASH", 20);
    duo_wait(duo, MINUTE_MS);
    status = status_of(&duo->b);
    assert_int_equal(status->n_overdue, 4);
    assert_string_equal(status->overdue[0]->ref, "node1/3");
    assert_string_equal(status->overdue[1]->ref, "node1/4");
    assert_string_equal(status->overdue[2]->ref, "node1/2");
    assert_string_equal(status->overdue[3]->ref, "node1/1");
}

static void
of_too_many_the_gravest_are_told_and_the_others_counted(void **state)
{
    struct duo                    *duo = *state;
    const Entente__StatusResponse *status;

    for (unsigned i = 1; i <= OVERDUE_TOLD + 5; i++)
        send(duo, i, i % 2 == 0 ? "PRIORITY" : "IMMEDIATE", 100 - (int)i % 50);
    send(duo, 1000, "FLASH", 99);
    duo_wait(duo, 2 * MINUTE_MS);
    status = status_of(&duo->b);
    assert_int_equal(status->n_overdue, OVERDUE_TOLD);
    assert_int_equal(status->overdue_more, 6);
    assert_string_equal(status->overdue[0]->precedence, "FLASH");
    for (size_t i = 2; i < OVERDUE_TOLD; i++) {
        const Entente__Overdue *before = status->overdue[i - 1];

        if (strcmp(before->precedence, status->overdue[i]->precedence) == 0)
            assert_true(before->ack_by_ms <= status->overdue[i]->ack_by_ms);
        else
            assert_string_equal(before->precedence, "IMMEDIATE");
    }
    assert_int_equal(status->peers[0]->overdue, OVERDUE_TOLD + 6);
}

static void
the_message_itself_says_so(void **state)
{
    struct duo                 *duo = *state;
    const Entente__ShowResponse *show;

    send(duo, 1, "FLASH", 0);
    asking_show(&duo->b, CLIENT, 2, "node1/1", true);
    duo_run(duo);
    show = asking_told(&duo->b, CLIENT, 2)->show;
    assert_true(show->awaited && !show->overdue);
    duo_wait(duo, 10 * MINUTE_MS);
    asking_show(&duo->b, CLIENT, 3, "node1/1", true);
    duo_run(duo);
    show = asking_told(&duo->b, CLIENT, 3)->show;
    assert_true(show->awaited && show->overdue);
    answer(duo, "acknowledged");
    asking_show(&duo->b, CLIENT, 4, "node1/1", true);
    duo_run(duo);
    show = asking_told(&duo->b, CLIENT, 4)->show;
    assert_false(show->awaited || show->overdue);
    assert_int_equal(status_of(&duo->b)->n_overdue, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(nothing_is_told_before_its_time),
        ON_DUO(each_side_is_told_whose_turn_it_is),
        ON_DUO(what_has_not_left_is_told_by_its_id),
        ON_DUO(the_gravest_come_first_then_the_oldest),
        ON_DUO(of_too_many_the_gravest_are_told_and_the_others_counted),
        ON_DUO(the_message_itself_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

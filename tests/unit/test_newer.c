/*
 * test_newer.c - which later messages count for one, and which does most.
 */
#include "tests/unit/index_world.h"

#include "message.pb-c.h"
#include "node/store/newer.h"

enum {
    UPDATE = ENTENTE__MESSAGE__ACTION__ACTION_UPDATE,
    CORRECT = ENTENTE__MESSAGE__ACTION__ACTION_CORRECT,
    CANCEL = ENTENTE__MESSAGE__ACTION__ACTION_CANCEL
};

/* Message 5 of peer 1 in the inbox, and what else `acts` saves. */
static void
with_a_message(struct world *world, void (*acts)(struct effects *turn))
{
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);

    save_in(turn, &origin, 1, 5, STATE_NEW, "boat at 06-17N");
    acts(turn);
    turn_commit(world, turn);
}

static const struct record *
newer_at(struct world *world, size_t at)
{
    const struct records *trail = trail_of(world, 1, false, 5);

    for (size_t i = 0; i < trail->count; i++)
        if (trail->list[i].kind == RECORD_REFERS && at-- == 0)
            return &trail->list[i];
    return NULL;
}

static void
one_cancel(struct effects *turn)
{
    struct origin origin = origin_from(1, 1);

    save_in(turn, &origin, 2, 6, STATE_NEW, "no boat");
    save_refers(turn, 1, false, 6, CANCEL, 5);
}

static void
a_cancelled_message_is_marked_and_names_what_cancels_it(void **state)
{
    struct world        *world = *state;
    const struct rows   *rows;
    const struct record *newer;

    with_a_message(world, one_cancel);
    rows = inbox(world);
    assert_int_equal(rows->count, 2);
    assert_int_equal(rows->list[0].row.newer, CANCEL);
    assert_int_equal(rows->list[0].row.newer_number, 12);
    assert_int_equal(rows->list[1].row.newer, 0);
    newer = newer_at(world, 0);
    assert_non_null(newer);
    assert_int_equal(newer->state, CANCEL);
    assert_int_equal(newer->number, 12);
    assert_memory_equal(newer->id.bytes, id_of(6).bytes, LIMIT_MESSAGE_ID);
    assert_null(newer_at(world, 1));
}

static void
several(struct effects *turn)
{
    struct origin origin = origin_from(1, 1);

    for (uint64_t id = 6; id <= 9; id++)
        save_in(turn, &origin, id - 4, id, STATE_NEW, "more");
    save_refers(turn, 1, false, 6, CANCEL, 5);
    save_refers(turn, 1, false, 7, CORRECT, 5);
    save_refers(turn, 1, false, 8, UPDATE, 5);
    save_refers(turn, 1, false, 9, CORRECT, 5);
    save_refers(turn, 1, false, 9, CORRECT, 5); /* came again */
}

static void
what_does_most_comes_first_then_the_newest(void **state)
{
    static const uint64_t order[] = {6, 9, 7, 8};
    struct world         *world = *state;

    with_a_message(world, several);
    for (size_t i = 0; i < 4; i++)
        assert_memory_equal(newer_at(world, i)->id.bytes,
                            id_of(order[i]).bytes, LIMIT_MESSAGE_ID);
    assert_null(newer_at(world, 4));
    assert_int_equal(inbox(world)->list[0].row.newer, CANCEL);
    assert_int_equal(inbox(world)->list[0].row.newer_number, 12);
}

static void
foreign(struct effects *turn)
{
    struct origin other = origin_from(2, 1);
    struct origin ours = origin_to(1, 1);
    struct origin exercise = origin_from(1, 1);

    memcpy(exercise.realm, "exercise-malabar", sizeof("exercise-malabar"));
    save_in(turn, &other, 1, 6, STATE_NEW, "of another peer");
    save_refers(turn, 2, false, 6, CANCEL, 5);
    save_out(turn, &ours, 1, 7, "ours");
    save_refers(turn, 1, true, 7, CANCEL, 5);
    save_in(turn, &exercise, 1, 8, STATE_NEW, "an exercise");
    save_refers(turn, 1, false, 8, CANCEL, 5);
    save_refers(turn, 1, false, 9, CANCEL, 5); /* is not here */
    save_refers(turn, 1, false, 5, CANCEL, 5); /* itself */
}

static void
only_its_own_sender_in_its_own_realm_can_do_that(void **state)
{
    struct world *world = *state;

    with_a_message(world, foreign);
    assert_int_equal(inbox(world)->list[0].row.newer, 0);
    assert_null(newer_at(world, 0));
}

static void
a_test(struct effects *turn)
{
    struct origin        origin = origin_from(1, 1);
    struct record        record = entry_record(RECORD_IN_ENTRY, &origin, 2, 6);
    struct record_secret secret = {.kind = span_text("note"),
                                   .status = span_text("TEST")};
    uint8_t              bytes[256];
    struct writer        to = writer_of(bytes, sizeof(bytes));

    record.state = STATE_NEW;
    record_secret_encode(&secret, &to);
    world_save_record(turn, &record, WORLD_VAULT, writer_span(&to));
    save_refers(turn, 1, false, 6, CANCEL, 5);
}

static void
a_test_cancels_nothing_that_is_actual(void **state)
{
    struct world *world = *state;

    with_a_message(world, a_test);
    assert_int_equal(inbox(world)->list[0].row.newer, 0);
}

static void
a_cancel_that_overtook_what_it_cancels_counts(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_from(1, 1);

    save_in(turn, &origin, 1, 6, STATE_NEW, "no boat");
    save_refers(turn, 1, false, 6, CANCEL, 5);
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_in(turn, &origin, 2, 5, STATE_NEW, "boat");
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->list[1].row.newer, CANCEL);
}

static void
an_id_with_the_same_beginning_is_another_message(void **state)
{
    struct world     *world = *state;
    struct effects   *turn = turn_begin(world);
    struct origin     origin = origin_from(1, 1);
    struct message_id other = id_of(5);
    struct record     record = {.kind = RECORD_REFERS,
                                .peer = node_of(1),
                                .id = id_of(6),
                                .state = CANCEL,
                                .bytes = SPAN_OF(other.bytes)};

    other.bytes[15] ^= 1;
    save_in(turn, &origin, 1, 5, STATE_NEW, "boat");
    save_in(turn, &origin, 2, 6, STATE_NEW, "no boat");
    world_save_record(turn, &record, 0, SPAN_EMPTY);
    turn_commit(world, turn);
    assert_int_equal(inbox(world)->list[0].row.newer, 0);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(a_cancelled_message_is_marked_and_names_what_cancels_it),
        ON_WORLD(what_does_most_comes_first_then_the_newest),
        ON_WORLD(only_its_own_sender_in_its_own_realm_can_do_that),
        ON_WORLD(a_test_cancels_nothing_that_is_actual),
        ON_WORLD(a_cancel_that_overtook_what_it_cancels_counts),
        ON_WORLD(an_id_with_the_same_beginning_is_another_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

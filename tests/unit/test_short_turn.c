/* test_short_turn.c - a shortage reaches the core, and a withheld commit is
 * offered again: over a node that only looks, and saves something. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/core/node.h"
#include "node/net/short_turn.h"

struct node {
    struct event seen; /* the last DISK */
};

struct edge {
    size_t saves;
};

void
node_turn(struct node *node, const struct turn_input *input,
          const struct event *events, size_t count, struct effects *out)
{
    (void)input;
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_DISK)
            node->seen = events[i];
    effects_add(out, EFFECT_SAVE);
}

static void
on_input(void *arg, struct turn_input *out)
{
    (void)arg;
    out->mono_ms = 7;
}

static void
on_save(void *arg, const struct effects *effects)
{
    (void)effects;
    ((struct edge *)arg)->saves++;
}

static const struct host_ops ops = {.input = on_input, .save = on_save};

static void
room_and_floor_are_the_cores_next_event(void **state)
{
    struct node  node = {0};
    struct edge  edge = {0};
    struct turn *turn = turn_new(&node, &ops, &edge);
    struct short_turn over = {.turn = turn};

    (void)state;
    short_turn_ops.room(&over, 4096, PRECEDENCE_FLASH);
    turn_run(turn);
    turn_saved(turn, STATUS_OK);
    assert_int_equal(node.seen.room, 4096);
    assert_int_equal(node.seen.floor, PRECEDENCE_FLASH);
    turn_free(turn);
}

static void
a_withheld_commit_is_offered_again(void **state)
{
    struct node  node = {0};
    struct edge  edge = {0};
    struct turn *turn = turn_new(&node, &ops, &edge);
    struct short_turn over = {.turn = turn};

    (void)state;
    assert_false(short_turn_ops.withheld(&over));
    short_turn_ops.room(&over, 0, PRECEDENCE_COUNT);
    turn_run(turn);
    turn_saved(turn, STATUS_NO_SPACE);
    assert_true(short_turn_ops.withheld(&over));
    short_turn_ops.again(&over);
    assert_int_equal(edge.saves, 2);
    turn_saved(turn, STATUS_OK);
    assert_false(short_turn_ops.withheld(&over));
    turn_free(turn);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(room_and_floor_are_the_cores_next_event),
        cmocka_unit_test(a_withheld_commit_is_offered_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/unit/index_world.h"

#include "node/store/entries.h"

static struct query
pending_of(uint8_t peer, uint64_t id)
{
    return (struct query){.kind = QUERY_PENDING,
                          .peer = node_of(peer),
                          .id = id_of(id)};
}

static void
entries_come_back_as_they_were_saved_with_their_keys(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    const struct records *found;
    struct record_secret  secret;

    for (uint64_t i = 0; i < 5; i++)
        save_out(turn, &origin, i, i, "subject");
    turn_commit(world, turn);
    found = entries_of(world, &origin, 1, 3, 1 << 20);
    assert_int_equal(found->count, 3);
    for (uint64_t i = 0; i < 3; i++) {
        assert_int_equal(found->list[i].kind, RECORD_OUT_ENTRY);
        assert_int_equal(found->list[i].index, i + 1);
        assert_true(
            span_equal(found->list[i].bytes, span_text("sealed body")));
    }
    assert_int_equal(record_secret_decode(found->list[0].secret, &secret),
                     STATUS_OK);
    assert_int_equal(secret.content_key[0], 0xc0);
    assert_true(span_equal(secret.subject, span_text("subject")));
}

static void
the_list_ends_where_nothing_is_known(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_to(1, 1);
    struct origin   other = origin_to(1, 2);

    for (uint64_t i = 0; i < 5; i++)
        save_out(turn, &origin, i, i, "x");
    turn_commit(world, turn);
    assert_int_equal(entries_of(world, &origin, 3, 100, 1 << 20)->count, 2);
    assert_int_equal(entries_of(world, &origin, 5, 100, 1 << 20)->count, 0);
    assert_int_equal(entries_of(world, &other, 0, 100, 1 << 20)->count, 0);
    assert_int_equal(
        entries_of(world, &origin, UINT64_MAX, UINT64_MAX, 1 << 20)->count, 0);
    assert_int_equal(entries_of(world, &origin, 0, UINT64_MAX, 1 << 20)->count,
                     5);
}

static void
the_list_keeps_to_its_bytes_but_gives_one_at_least(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    const struct records *found;
    size_t                one;

    for (uint64_t i = 0; i < 5; i++)
        save_out(turn, &origin, i, i, "x");
    turn_commit(world, turn);
    found = entries_of(world, &origin, 0, 1, 1 << 20);
    one = 8 + found->list[0].secret.len + 404;
    assert_int_equal(entries_of(world, &origin, 0, 5, 1)->count, 1);
    assert_int_equal(entries_of(world, &origin, 0, 5, 3 * one)->count, 3);
}

static void
a_leaf_whose_body_is_not_here_is_answered_as_missing(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_from(1, 1);
    const struct records *found;

    save_leaves(turn, &origin, 0, 3);
    save_leaves(turn, &origin, 3, 2);
    save_in(turn, &origin, 1, 7, STATE_NEW, "came first");
    turn_commit(world, turn);
    found = entries_of(world, &origin, 0, 100, 1 << 20);
    assert_int_equal(found->count, 5);
    assert_int_equal(found->list[0].kind, RECORD_MISSING);
    assert_int_equal(found->list[1].kind, RECORD_IN_ENTRY);
    assert_int_equal(found->list[2].kind, RECORD_MISSING);
    assert_int_equal(found->list[4].kind, RECORD_MISSING);
    assert_int_equal(found->list[4].index, 4);
    assert_int_equal(found->list[4].first, 3);
    assert_int_equal(found->list[4].leaf.len, LEAF_LEN);
    assert_int_equal(found->list[4].leaf.ptr[0], 4);
    assert_int_equal(found->list[4].secret.len, 0);
}

static void
an_entry_is_read_from_where_it_was_sealed_last(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    struct record_secret  secret;
    const struct records *found;

    save_out(turn, &origin, 0, 7, "old");
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_out(turn, &origin, 0, 7, "anew");
    turn_commit(world, turn);
    found = entries_of(world, &origin, 0, 1, 1 << 20);
    assert_int_equal(record_secret_decode(found->list[0].secret, &secret),
                     STATUS_OK);
    assert_true(span_equal(secret.subject, span_text("anew")));
}

static void
an_entry_whose_key_is_gone_comes_without_secret(void **state)
{
    struct world   *world = *state;
    struct effects *turn = turn_begin(world);
    struct origin   origin = origin_to(1, 1);

    save_out(turn, &origin, 0, 7, "x");
    turn_commit(world, turn);
    assert_true(entries_of(world, &origin, 0, 1, 9999)->list[0].secret.len > 0);
    turn = calloc(1, sizeof(*turn));
    world_turn(world, turn);
    world_destroy_key(turn, WORLD_VAULT);
    turn_commit(world, turn);
    assert_int_equal(entries_of(world, &origin, 0, 1, 9999)->count, 1);
    assert_int_equal(
        entries_of(world, &origin, 0, 1, 9999)->list[0].secret.len, 0);
}

static void
a_pending_message_comes_with_its_plaintext_until_it_leaves(void **state)
{
    struct world         *world = *state;
    struct effects       *turn = turn_begin(world);
    struct origin         origin = origin_to(1, 1);
    struct query          query = pending_of(1, 5);
    struct query          other = pending_of(2, 5);
    struct record_secret  secret;
    const struct records *found;

    save_pending(turn, 1, 5, "x");
    turn_commit(world, turn);
    found = ask_records(world, &query);
    assert_int_equal(found->count, 1);
    assert_int_equal(found->list[0].kind, RECORD_PENDING);
    assert_int_equal(record_secret_decode(found->list[0].secret, &secret),
                     STATUS_OK);
    assert_true(span_equal(secret.message, span_text("body")));
    assert_int_equal(ask_records(world, &other)->st, STATUS_NOT_FOUND);
    turn = turn_begin(world);
    save_out(turn, &origin, 0, 5, "x");
    turn_commit(world, turn);
    assert_int_equal(ask_records(world, &query)->st, STATUS_NOT_FOUND);
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, world_with_store, world_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(entries_come_back_as_they_were_saved_with_their_keys),
        ON_WORLD(the_list_ends_where_nothing_is_known),
        ON_WORLD(the_list_keeps_to_its_bytes_but_gives_one_at_least),
        ON_WORLD(a_leaf_whose_body_is_not_here_is_answered_as_missing),
        ON_WORLD(an_entry_is_read_from_where_it_was_sealed_last),
        ON_WORLD(an_entry_whose_key_is_gone_comes_without_secret),
        ON_WORLD(a_pending_message_comes_with_its_plaintext_until_it_leaves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_feeding.c - what leaves when, and what counts in the window. */
#include "tests/unit/files_world.h"

/* As little at a time as there can be: a chunk takes many turns. */
static void
narrow(struct duo *duo)
{
    duo_cut(duo);
    duo->a.room = duo->b.room = LIMIT_FRAME_MIN;
    duo->a.frame_max = duo->b.frame_max = LIMIT_FRAME_MIN;
    duo_wait(duo, 5000);
}

static void
a_file_travels_and_is_let_go_when_it_is_whole(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
a_file_of_any_length_travels(void **state)
{
    static const uint64_t sizes[] = {0, 1, 65535, 65536, 65537, 500000};
    struct duo           *duo = *state;

    for (unsigned i = 0; i < 6; i++) {
        struct duo_enclosed file =
            duo_bring(&duo->a, sizes[i], (uint8_t)(i + 1));

        files_submit(duo, i + 1, "ROUTINE", &file, 1);
        duo_run(duo);
        files_assert_over(duo, &file);
    }
}

static void
the_message_is_there_before_its_file(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, 1);
    assert_int_equal(duo_record(&duo->b, RECORD_IN_ENTRY, 1).state, STATE_NEW);
    assert_true(duo_count_records(&duo->a, RECORD_OUT_COSIGNED) > 1);
    assert_false(duo_has(&duo->b, &file));
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
a_more_urgent_file_overtakes_in_the_midst_of_a_chunk(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed slow, fast;

    narrow(duo);
    slow = duo_bring(&duo->a, FILES_SIZE, 1);
    fast = duo_bring(&duo->a, FILES_SIZE, 50);
    files_submit(duo, 1, "ROUTINE", &slow, 1);
    files_run_to(duo, &slow, 1);
    files_submit(duo, 2, "FLASH", &fast, 1);
    files_run_to(duo, &fast, FILES_CHUNKS);
    assert_true(duo_file_of(&duo->b, false, slow.digest)->here <= 2);
    duo_run(duo);
    assert_true(duo_has(&duo->b, &fast));
    files_assert_over(duo, &slow);
}

static void
a_message_overtakes_the_chunks_of_one_as_urgent(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;

    narrow(duo);
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, 1);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "tea?", NULL);
    while (duo_count_records(&duo->b, RECORD_IN_ENTRY) < 3) {
        assert_true(duo_file_of(&duo->b, false, file.digest)->here <= 3);
        duo_turn(&duo->a);
        duo_turn(&duo->b);
    }
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
less_urgent_messages_wait_for_the_chunks(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;

    narrow(duo);
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "PRIORITY", &file, 1);
    files_run_to(duo, &file, 1);
    duo_submit(&duo->a, "node2", 2, "DEFERRED", "tea?", NULL);
    files_run_to(duo, &file, FILES_CHUNKS - 1);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
    duo_run(duo);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 3);
    files_assert_over(duo, &file);
}

static void
what_is_not_confirmed_counts_in_the_window(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);
    struct window      *window;

    duo->b.loads_held = true; /* nothing is asked for until it is looked up */
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    window = channel_window(peer_channel(files_peer(&duo->a), REALM_ACTUAL),
                            PRECEDENCE_ROUTINE);
    assert_int_equal(window->entries, 0);
    duo->b.loads_held = false;
    duo_release(&duo->b);
    while (window->entries == 0) {
        duo_turn(&duo->b);
        duo_turn(&duo->a);
    }
    assert_true(window->bytes >= LIMIT_CHUNK_SEALED);
    assert_int_equal(files_peer(&duo->a)->feeding.flying_count,
                     window->entries);
    duo_run(duo);
    files_assert_over(duo, &file);
    assert_int_equal(window->entries, 0);
    assert_int_equal(window->bytes, 0);
}

static void
few_chunks_are_in_memory(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 700000, 1);
    size_t              most = 0;

    narrow(duo);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    for (int turns = 0; turns < 2000; turns++) {
        duo_turn(&duo->a);
        duo_turn(&duo->b);
        if (most < duo->a.node->chunks_ahead)
            most = duo->a.node->chunks_ahead;
    }
    assert_in_range(most, 2, FEEDING_AHEAD);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
beyond_what_the_node_may_hold_each_peer_has_one(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    narrow(duo);
    duo->a.node->chunks_ahead = LIMIT_CHUNKS_AHEAD; /* of other peers */
    files_submit(duo, 1, "ROUTINE", &file, 1);
    for (int turns = 0; turns < 4000; turns++) {
        duo_turn(&duo->a);
        duo_turn(&duo->b);
        assert_in_range(duo->a.node->chunks_ahead, LIMIT_CHUNKS_AHEAD,
                        LIMIT_CHUNKS_AHEAD + 1);
    }
    duo_run(duo);
    duo->a.node->chunks_ahead -= LIMIT_CHUNKS_AHEAD;
    files_assert_over(duo, &file);
}

static void
a_copy_that_is_lost_is_said_to_be_gone(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 700000, 1);

    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, 1);
    duo_file_clear(duo_file_of(&duo->a, true, file.digest));
    duo_run(duo);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_GONE);
    assert_int_equal(files_state(&duo->b), ATTACHMENT_GONE);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ALARM), 1);
    assert_null(duo_file_of(&duo->b, false, file.digest));
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_int_equal(files_peer(&duo->b)->wanted.count, 0);
    assert_int_equal(duo->a.node->chunks_ahead, 0);
}

static void
a_copy_that_is_damaged_never_leaves(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    duo_file_of(&duo->a, true, file.digest)->chunk[3][77] ^= 1;
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_GONE);
    assert_int_equal(files_state(&duo->b), ATTACHMENT_GONE);
    assert_int_equal(duo_record(&duo->a, RECORD_ALARM, 0).state,
                     STATUS_CORRUPT);
    assert_int_equal(files_peer(&duo->b)->alarm[0], '\0');
}

static void
a_chunk_that_is_wrong_on_arrival_is_sent_again(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;
    struct feeding     *feeding = &files_peer(&duo->a)->feeding;
    bool                done = false;

    narrow(duo);
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    for (int turns = 0; turns < 4000 && !done; turns++) {
        duo_turn(&duo->a);
        duo_turn(&duo->b);
        for (size_t i = 0; i < FEEDING_AHEAD && !done; i++)
            if (feeding->ahead[i].index == 2 && feeding->ahead[i].sent > 0) {
                feeding->ahead[i].bytes[65000] ^= 1;
                done = true;
            }
    }
    assert_true(done);
    while (files_peer(&duo->b)->wanted.list[0].tries == 0)
        (void)(duo_turn(&duo->a), duo_turn(&duo->b));
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
a_cut_link_goes_on_at_the_chunk(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;
    size_t              saved;

    narrow(duo);
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    files_run_to(duo, &file, 3);
    duo_cut(duo);
    duo_turn(&duo->a);
    assert_int_equal(duo->a.node->chunks_ahead, 0);
    saved = duo_count_records(&duo->b, RECORD_CHUNKS);
    duo_wait(duo, 5000);
    duo_run(duo);
    files_assert_over(duo, &file);
    assert_true(duo_record(&duo->b, RECORD_CHUNKS, saved).count > 3);
}

static void
the_sender_may_end_in_the_midst(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;

    narrow(duo);
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    for (uint64_t chunks = 1; chunks < FILES_CHUNKS; chunks++) {
        files_run_to(duo, &file, chunks);
        duo_restart_from(&duo->a, (enum duo_from)(chunks % 3));
        duo_wait(duo, 5000);
    }
    duo_run(duo);
    files_assert_over(duo, &file);
}

int
main(void)
{
#define ON_PAIR(test)                                                          \
    cmocka_unit_test_setup_teardown(test, files_make, duo_drop)
    const struct CMUnitTest tests[] = {
        ON_PAIR(a_file_travels_and_is_let_go_when_it_is_whole),
        ON_PAIR(a_file_of_any_length_travels),
        ON_PAIR(the_message_is_there_before_its_file),
        ON_PAIR(a_more_urgent_file_overtakes_in_the_midst_of_a_chunk),
        ON_PAIR(a_message_overtakes_the_chunks_of_one_as_urgent),
        ON_PAIR(less_urgent_messages_wait_for_the_chunks),
        ON_PAIR(what_is_not_confirmed_counts_in_the_window),
        ON_PAIR(few_chunks_are_in_memory),
        ON_PAIR(beyond_what_the_node_may_hold_each_peer_has_one),
        ON_PAIR(a_copy_that_is_lost_is_said_to_be_gone),
        ON_PAIR(a_copy_that_is_damaged_never_leaves),
        ON_PAIR(a_chunk_that_is_wrong_on_arrival_is_sent_again),
        ON_PAIR(a_cut_link_goes_on_at_the_chunk),
        ON_PAIR(the_sender_may_end_in_the_midst),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

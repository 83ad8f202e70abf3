/* test_wanted.c - what is asked for, what counts, and what outlives an end. */
#include "tests/unit/files_world.h"

static struct duo_enclosed
begin(struct duo *duo, uint64_t chunks)
{
    struct duo_enclosed file = duo_bring(&duo->a, FILES_SIZE, 1);

    duo_cut(duo);
    duo->a.room = duo->b.room = LIMIT_FRAME_MIN;
    duo->a.frame_max = duo->b.frame_max = LIMIT_FRAME_MIN;
    duo_wait(duo, 5000);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    if (chunks > 0)
        files_run_to(duo, &file, chunks);
    return file;
}

/* Chunks that b wrote while `until` had not come; each is counted. */
static size_t written;

static void
count_chunks(void *arg, const struct turn_input *input,
             const struct event *events, size_t count,
             const struct effects *effects)
{
    (void)arg;
    (void)input;
    (void)events;
    (void)count;
    for (size_t i = 0; i < effects->count; i++)
        written += effects->list[i].kind == EFFECT_CHUNK;
}

static void
a_start_in_the_midst_goes_on_at_the_chunk(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 0);

    written = 0;
    duo->b.seen = count_chunks;
    for (uint64_t chunks = 1; chunks <= FILES_CHUNKS; chunks++) {
        files_run_to(duo, &file, chunks);
        duo_restart_from(&duo->b, (enum duo_from)(chunks % 3));
        duo_wait(duo, 5000);
    }
    duo_run(duo);
    files_assert_over(duo, &file);
    assert_int_equal(written, FILES_CHUNKS); /* none came twice */
}

static void
a_chunk_whose_group_was_lost_comes_again(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 2);
    size_t              before = duo_count_records(&duo->b, RECORD_CHUNKS);

    for (int turns = 0; turns < 200; turns++)
        duo_turn(&duo->a);
    /* b has the frames of more than a chunk, and fails in their turn. */
    duo_crash(&duo->b, false, DUO_JOURNAL);
    assert_int_equal(duo_count_records(&duo->b, RECORD_CHUNKS), before);
    duo_wait(duo, 5000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
what_is_saved_is_what_is_known(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 3);
    struct event        snapshot = {.kind = EVENT_SNAPSHOT};

    (void)file;
    duo_cut(duo);
    duo_run(duo);
    duo_post(&duo->a, &snapshot);
    duo_post(&duo->b, &snapshot);
    duo_run(duo);
    for (struct duo_party *party = &duo->a;; party = &duo->b) {
        struct node *again = duo_node(party, DUO_SNAPSHOT);
        struct node *all = duo_node(party, DUO_ALL);

        duo_same_state(party->node, again);
        duo_same_state(party->node, all);
        node_free(again);
        node_free(all);
        if (party == &duo->b)
            break;
    }
    duo_wait(duo, 5000);
    duo_restart_from(&duo->b, DUO_SNAPSHOT);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    duo_wait(duo, 5000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
complete_is_said_after_a_start_that_came_before(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, FILES_CHUNKS - 1);

    duo->b.loads_held = true; /* whether it is whole */
    duo_run(duo);
    assert_true(duo->b.held_count > 0);
    duo->b.loads_held = false;
    duo_restart(&duo->b);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_PARTIAL);
    duo_wait(duo, 5000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
what_is_whole_is_said_though_its_turn_was_the_last(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 0);

    duo->b.loads_held = true;
    duo_run(duo);
    duo_release(&duo->b); /* nothing is here yet */
    duo_run(duo);
    duo_release(&duo->b); /* it is whole */
    duo_crash(&duo->b, true, DUO_JOURNAL);
    duo->b.loads_held = false;
    assert_int_equal(files_state(&duo->b), ATTACHMENT_COMPLETE);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_PARTIAL);
    duo_wait(duo, 5000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
a_chunk_that_was_damaged_here_comes_again(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 3);

    /* As a store finds it: it is right up to there. */
    duo_file_of(&duo->b, false, file.digest)->len[1] = 0;
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
what_is_here_already_is_not_asked_for(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 0);

    duo_run(duo);
    files_assert_over(duo, &file);
    file = duo_bring(&duo->a, FILES_SIZE, 1); /* the same once more */
    files_submit(duo, 2, "ROUTINE", &file, 1);
    written = 0;
    duo->b.seen = count_chunks;
    duo_run(duo);
    files_assert_over(duo, &file);
    assert_int_equal(written, 0);
    assert_int_equal(duo_record(&duo->a, RECORD_ATTACHMENT, 3).id.bytes[0], 2);
}

static void
two_messages_may_name_one_file(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 1);

    files_submit(duo, 2, "FLASH", &file, 1);
    written = 0;
    duo->b.seen = count_chunks;
    duo_run(duo);
    files_assert_over(duo, &file);
    assert_int_equal(written, FILES_CHUNKS - 1);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ATTACHMENT), 4);
}

static void
a_disk_that_is_short_asks_for_nothing(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file;

    duo->b.node->disk_floor = PRECEDENCE_FLASH;
    file = duo_bring(&duo->a, FILES_SIZE, 1);
    files_submit(duo, 1, "PRIORITY", &file, 1);
    duo_run(duo);
    assert_null(duo_file_of(&duo->b, false, file.digest));
    duo->b.node->disk_floor = 0;
    duo_wait(duo, 1);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
records_that_do_not_fit_are_corruption(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = begin(duo, 2);
    struct peer        *peer = files_peer(&duo->b);
    struct record       is = duo_record(&duo->b, RECORD_ATTACHMENT, 0);
    struct record       grew = duo_record(&duo->b, RECORD_CHUNKS, 0);
    struct record       other;

    (void)file;
    assert_int_equal(owed_restore(peer, &is), STATUS_OK);
    assert_int_equal(wanted_restore_chunks(peer, &grew), STATUS_OK);
#define CORRUPT(of, field, value, restore)                                     \
    other = of;                                                                \
    other.field = value;                                                       \
    assert_int_equal(restore(peer, &other), STATUS_CORRUPT)
    CORRUPT(is, outgoing, 2, owed_restore);
    CORRUPT(is, precedence, 0, owed_restore);
    CORRUPT(is, precedence, PRECEDENCE_COUNT, owed_restore);
    CORRUPT(is, state, 0, owed_restore);
    CORRUPT(is, state, ATTACHMENT_LAST + 1, owed_restore);
    CORRUPT(is, size, 3, owed_restore);
    CORRUPT(is, words, span_text("nowhere"), owed_restore);
    CORRUPT(grew, count, 7, wanted_restore_chunks);
    CORRUPT(grew, root[0], (uint8_t)(grew.root[0] ^ 1), wanted_restore_chunks);
    CORRUPT(grew, bytes, SPAN_EMPTY, wanted_restore_chunks);
#undef CORRUPT
}

int
main(void)
{
#define ON_PAIR(test)                                                          \
    cmocka_unit_test_setup_teardown(test, files_make, duo_drop)
    const struct CMUnitTest tests[] = {
        ON_PAIR(a_start_in_the_midst_goes_on_at_the_chunk),
        ON_PAIR(a_chunk_whose_group_was_lost_comes_again),
        ON_PAIR(what_is_saved_is_what_is_known),
        ON_PAIR(complete_is_said_after_a_start_that_came_before),
        ON_PAIR(what_is_whole_is_said_though_its_turn_was_the_last),
        ON_PAIR(a_chunk_that_was_damaged_here_comes_again),
        ON_PAIR(what_is_here_already_is_not_asked_for),
        ON_PAIR(two_messages_may_name_one_file),
        ON_PAIR(a_disk_that_is_short_asks_for_nothing),
        ON_PAIR(records_that_do_not_fit_are_corruption),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

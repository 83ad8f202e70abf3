/* test_owed.c - from submission to COMPLETE, and what else ends it. */
#include "tests/unit/files_world.h"

static void
a_file_is_owed_from_submission_on(void **state)
{
    struct duo          *duo = *state;
    struct duo_enclosed  file = duo_bring(&duo->a, 5, 1);
    const struct record *record;
    struct record        first;

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    first = duo_record(&duo->a, RECORD_ATTACHMENT, 0);
    record = &first;
    assert_int_equal(record->state, ATTACHMENT_PARTIAL);
    assert_int_equal(record->outgoing, 1);
    assert_int_equal(record->size, file.stored);
    assert_int_equal(record->words.len, 0);
    assert_memory_equal(record->root, file.digest, LIMIT_DIGEST);
    duo_restart(&duo->a);
    assert_int_equal(files_peer(&duo->a)->owed.count, 1);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 90000);
    duo_run(duo);
    files_assert_over(duo, &file);
}

static void
several_files_of_a_message_are_each_complete(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed files[] = {duo_bring(&duo->a, 5, 1),
                                   duo_bring(&duo->a, 70000, 2),
                                   duo_bring(&duo->a, 0, 3)};

    files_submit(duo, 1, "ROUTINE", files, 3);
    duo_run(duo);
    for (size_t i = 0; i < 3; i++)
        files_assert_over(duo, &files[i]);
    assert_int_equal(duo_count_records(&duo->a, RECORD_ATTACHMENT), 6);
}

static void
a_removed_peer_is_owed_nothing(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 5, 1);
    Entente__Request    request = ENTENTE__REQUEST__INIT;
    Entente__PeerName   name = ENTENTE__PEER_NAME__INIT;

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    name.name = (char *)(uintptr_t)"node2";
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &name;
    duo_request(&duo->a, &request);
    duo_run(duo);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_GIVEN_UP);
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_null(duo_file_of(&duo->a, true, file.digest));
    duo_restart(&duo->a);
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
}

/* b knows the id already, with another message: it rejects this one. */
static void
a_message_that_is_rejected_frees_its_files(void **state)
{
    struct duo         *duo = *state;
    struct duo_enclosed file = duo_bring(&duo->a, 5, 1);

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    recent_clear(&duo->a.node->recent);
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    assert_int_equal(files_state(&duo->a), ATTACHMENT_GIVEN_UP);
    assert_int_equal(files_peer(&duo->a)->owed.count, 0);
    assert_int_equal(duo_count_records(&duo->b, RECORD_ATTACHMENT), 0);
    assert_null(duo_file_of(&duo->a, true, file.digest));
}

static void
complete_frees_what_it_names_and_nothing_else(void **state)
{
    struct duo           *duo = *state;
    struct duo_enclosed   file = duo_bring(&duo->a, 5, 1);
    struct peer          *peer = files_peer(&duo->a);
    const struct channel *channel = peer_channel(peer, REALM_ACTUAL);
    struct turn_input     input = {1, 1, {0}};
    struct context        turn = {.node = duo->a.node, .input = &input};
    struct digest         digest, other;
    struct effects        out;

    duo->b.loads_held = true;
    files_submit(duo, 1, "ROUTINE", &file, 1);
    duo_run(duo);
    effects_init(&out);
    turn.out = &out;
    turn.vaults = &duo->a.node->vaults;
    memcpy(digest.bytes, file.digest, LIMIT_DIGEST);
    other = digest;
    other.bytes[0] ^= 1;
    owed_complete(peer, &turn, &other, channel, 1);
    owed_complete(peer, &turn, &digest, channel, 0);
    owed_complete(peer, &turn, &digest, NULL, 1);
    owed_refused(peer, &turn, channel, 0, 1);
    assert_int_equal(peer->owed.count, 1);
    assert_int_equal(out.count, 0);
    owed_complete(peer, &turn, &digest, channel, 1);
    owed_complete(peer, &turn, &digest, channel, 1); /* twice is harmless */
    assert_int_equal(peer->owed.count, 0);
    assert_int_equal(out.count, 2);
    assert_int_equal(out.list[0].kind, EFFECT_SAVE);
    assert_int_equal(out.list[1].kind, EFFECT_DROP);
    assert_true(out.list[1].file.outgoing);
    effects_free(&out);
}

int
main(void)
{
#define ON_PAIR(test)                                                          \
    cmocka_unit_test_setup_teardown(test, files_make, duo_drop)
    const struct CMUnitTest tests[] = {
        ON_PAIR(a_file_is_owed_from_submission_on),
        ON_PAIR(several_files_of_a_message_are_each_complete),
        ON_PAIR(a_removed_peer_is_owed_nothing),
        ON_PAIR(a_message_that_is_rejected_frees_its_files),
        ON_PAIR(complete_frees_what_it_names_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

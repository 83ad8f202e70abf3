/* test_rerun.c - records run a node in their order only; what whole captures
 * show is in test_replay.c. */
#include "tests/unit/duo.h"

#include "node/host/rerun.h"

#include <string.h>

struct world {
    struct replay_report report;
    struct track        *track;
    struct rerun        *rerun;
    struct duo          *duo;
};

static int
setup(void **state)
{
    static struct world world;

    world = (struct world){.track = track_new(), .duo = duo_new()};
    world.rerun = rerun_new(world.track, &world.report, NULL);
    *state = &world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    rerun_free(world->rerun);
    track_free(world->track);
    duo_free(world->duo);
    return 0;
}

static enum status
take(struct world *world, enum recording_kind kind)
{
    struct recording record = {.kind = kind,
                               .config = world->duo->a.config};

    memset(&world->report, 0, sizeof(world->report));
    return rerun_take(world->rerun, &record);
}

static void
nothing_comes_before_the_configuration(void **state)
{
    struct world *world = *state;

    for (int kind = RECORDING_KEY; kind <= RECORDING_TURN; kind++) {
        assert_int_equal(take(world, (enum recording_kind)kind),
                         STATUS_BAD_ENCODING);
        assert_string_equal(world->report.words,
                            "a record that does not fit");
    }
    assert_int_equal(take(world, RECORDING_CONFIG), STATUS_OK);
    assert_int_equal(take(world, RECORDING_CONFIG), STATUS_BAD_ENCODING);
}

static void
no_turn_comes_before_the_state_is_whole(void **state)
{
    struct world *world = *state;

    assert_int_equal(take(world, RECORDING_CONFIG), STATUS_OK);
    assert_int_equal(take(world, RECORDING_TURN), STATUS_BAD_ENCODING);
    assert_false(rerun_begun(world->rerun));
}

static void
a_state_without_keys_does_not_begin(void **state)
{
    struct world *world = *state;

    assert_int_equal(take(world, RECORDING_CONFIG), STATUS_OK);
    assert_int_equal(take(world, RECORDING_BEGIN), STATUS_NOT_FOUND);
    assert_non_null(strstr(world->report.words, "the state: "));
    assert_false(rerun_begun(world->rerun));
}

static void
a_state_is_not_added_to_and_a_turn_has_events(void **state)
{
    struct world *world = *state;

    assert_int_equal(take(world, RECORDING_CONFIG), STATUS_OK);
    for (size_t i = 0; i < world->duo->a.key_count; i++) {
        struct recording key = {
            .kind = RECORDING_KEY,
            .key = {.kind = world->duo->a.keys[i].kind,
                    .state = 1,
                    .number = world->duo->a.keys[i].number,
                    .secret = world->duo->a.keys[i].secret}};

        memcpy(key.key.owner, world->duo->a.keys[i].owner, LIMIT_KEY);
        assert_int_equal(rerun_take(world->rerun, &key), STATUS_OK);
    }
    assert_int_equal(take(world, RECORDING_BEGIN), STATUS_OK);
    assert_true(rerun_begun(world->rerun));
    assert_int_equal(take(world, RECORDING_STATE), STATUS_BAD_ENCODING);
    assert_int_equal(take(world, RECORDING_BEGIN), STATUS_BAD_ENCODING);
    assert_int_equal(take(world, RECORDING_TURN), STATUS_BAD_ENCODING);
    assert_string_equal(world->report.words, "a turn without events");
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(nothing_comes_before_the_configuration),
        CLAIM(no_turn_comes_before_the_state_is_whole),
        CLAIM(a_state_without_keys_does_not_begin),
        CLAIM(a_state_is_not_added_to_and_a_turn_has_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

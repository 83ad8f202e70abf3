/*
 * Every call that the store makes to its disk fails once, in turn; power is
 * cut at every call that changes something; bits rot.  After each: what was
 * acknowledged is there, once and in order.
 */
#include "tests/unit/fault_disk.h"
#include "tests/unit/index_world.h"

#include "node/sim/dice.h"

enum { TURNS = 30, SNAPSHOT_AT = 20, DESTROY_AT = 12, REOPEN_AT = 16 };

/* --- one life of a store, up to its first failure ------------------------ */

/* The turn that says `number`; some bring or destroy a second vault key. */
static void
life_turn(struct world *world, struct effects *out, uint64_t number)
{
    struct origin origin = origin_to(1, 1);

    world_turn(world, out);
    if (number == 1)
        world_put_key(out, WORLD_VAULT);
    if (number == 1)
        world_put_key(out, WORLD_VAULT + 1);
    if (number == DESTROY_AT)
        world_destroy_key(out, WORLD_VAULT + 1);
    if (number == SNAPSHOT_AT) {
        world_save_snapshot(out, number, "snapshot");
        return;
    }
    world_save(out, number, WORLD_VAULT, "words");
    save_out(out, &origin, number, number, "subject");
}

/* What is known to be durable, and what may be. */
struct life {
    uint64_t acknowledged;
    uint64_t offered;
};

static enum status
life_step(struct world *world, struct life *life)
{
    struct effects effects;
    enum status    st;

    life->offered = life->acknowledged + 1;
    life_turn(world, &effects, life->offered);
    st = store_commit(world->store, &effects);
    if (st == STATUS_NO_SPACE) /* the same, offered again */
        st = store_commit(world->store, &effects);
    effects_free(&effects);
    if (st == STATUS_OK)
        life->acknowledged = life->offered;
    if (st == STATUS_OK && life->acknowledged % 4 == 0)
        st = store_index_catch_up(world->store);
    return st;
}

/* Opens the store and goes on to the end, or to the first failure. */
static enum status
live(struct world *world, struct life *life)
{
    enum status st = world_open(world);

    if (st == STATUS_NO_SPACE)
        st = world_open(world);
    while (st == STATUS_OK && life->acknowledged < TURNS) {
        st = life_step(world, life);
        if (st == STATUS_OK && life->acknowledged == REOPEN_AT) {
            world_close(world);
            st = world_open(world);
            if (st == STATUS_NO_SPACE)
                st = world_open(world);
        }
    }
    world_close(world);
    return st;
}

/* All that was acknowledged is there, and at most the last one offered. */
static void
expect_life(struct world *world, struct life *life)
{
    uint64_t last;
    uint64_t first;

    world_opened(world);
    world_replay(world);
    last = store_sequence(world->store);
    assert_in_range(last, life->acknowledged, life->offered);
    first = last >= SNAPSHOT_AT ? SNAPSHOT_AT : 1;
    if (last > 0)
        world_expect(world, first, last);
    for (size_t i = 0; i < world->note_count; i++)
        assert_string_equal(world->notes[i].words,
                            world->notes[i].number == SNAPSHOT_AT ? "snapshot"
                                                                  : "words");
    assert_int_equal(outbox(world)->count,
                     last < SNAPSHOT_AT ? last : last - 1);
    life->acknowledged = last;
    life->offered = last;
}

/* And the store goes on as if nothing had been. */
static void
expect_to_go_on(struct world *world, struct life *life)
{
    expect_life(world, life);
    world_close(world);
    assert_int_equal(live(world, life), STATUS_OK);
    assert_int_equal(life->acknowledged, TURNS);
    expect_life(world, life);
}

static struct world *
world_with_index(void)
{
    struct world *world = world_new(false);

    world->index_name = "index.db";
    return world;
}

/* --- failing calls ------------------------------------------------------- */

/* True when the call had still to come. */
static bool
fail_once(enum status fault, uint64_t call)
{
    struct world     *world = world_with_index();
    struct fault_disk faults = {.under = world->disk,
                                .fault = fault,
                                .countdown = call};
    struct life       life = {0};
    enum status       st;

    world->disk = fault_face(&faults);
    st = live(world, &life);
    if (st != STATUS_OK)
        assert_true(faults.fired);
    if (fault == STATUS_NO_SPACE)
        assert_int_equal(st, STATUS_OK);
    world->disk = faults.under;
    if (faults.fired && st != STATUS_OK)
        expect_to_go_on(world, &life);
    else
        expect_life(world, &life);
    world_free(world);
    return faults.fired;
}

static void
an_io_error_at_any_call_loses_nothing_acknowledged(void **state)
{
    uint64_t call = 1;

    (void)state;
    while (fail_once(STATUS_IO, call))
        call++;
    print_message("%llu calls\n", (unsigned long long)call - 1);
    assert_true(call > 300);
}

static void
no_space_at_any_call_is_withheld_and_offered_again(void **state)
{
    uint64_t call = 1;

    (void)state;
    while (fail_once(STATUS_NO_SPACE, call))
        call++;
    print_message("%llu calls\n", (unsigned long long)call - 1);
    assert_true(call > 100);
}

/* --- power --------------------------------------------------------------- */

static uint64_t steps_left;

static bool
step_allowed(void *arg)
{
    (void)arg;
    return steps_left > 0 && --steps_left > 0;
}

/* True when the cut had still to come. */
static bool
cut_once(uint64_t seed, uint64_t step, bool power)
{
    struct world *world = world_with_index();
    struct life   life = {0};
    enum status   st;

    disk_free(world->image);
    world->image = disk_new(seed, seed % 2 == 0 ? 512 : 4096, WORLD_CAPACITY);
    world->disk = disk_face(world->image);
    steps_left = step;
    disk_set_watch(world->image, (struct disk_watch){.goes_on = step_allowed});
    st = live(world, &life);
    disk_set_watch(world->image, (struct disk_watch){0});
    if (power)
        disk_power_cut(world->image);
    else
        disk_killed(world->image);
    expect_to_go_on(world, &life);
    world_free(world);
    return st != STATUS_OK;
}

static void
a_power_cut_at_any_write_loses_nothing_acknowledged(void **state)
{
    uint64_t step = 1;

    (void)state;
    while (cut_once(step, step, true))
        step++;
    print_message("%llu cuts\n", (unsigned long long)step - 1);
    assert_true(step > 150);
}

static void
a_kill_at_any_write_loses_nothing_acknowledged(void **state)
{
    uint64_t step = 1;

    (void)state;
    while (cut_once(step, step, false))
        step++;
    assert_true(step > 150);
}

/* The process ends on a failed sync; the page cache still shows what is not on
 * the platter.  Then the power goes. */
static void
a_failed_sync_and_a_later_power_cut_lose_nothing_acknowledged(void **state)
{
    (void)state;
    for (uint64_t sync = 1; sync < 160; sync++) {
        struct world *world = world_with_index();
        struct life   life = {0};

        disk_arm(world->image, DISK_SYNC_FAILS, (sync + 1) / 2);
        (void)live(world, &life);
        disk_arm(world->image, DISK_SYNC_FAILS, 0);
        disk_killed(world->image);
        expect_life(world, &life);
        world_close(world);
        if (sync % 2 == 0) /* what goes on may rely on what was in doubt */
            assert_int_equal(live(world, &life), STATUS_OK);
        disk_power_cut(world->image);
        expect_to_go_on(world, &life);
        world_free(world);
    }
}

/* Or a turn that never was could take a key with it. */
static void
a_key_is_destroyed_only_once_its_group_is_durable(void **state)
{
    struct world  *world = world_new(false);
    struct effects effects;

    (void)state;
    world_opened(world);
    world_say(world, 1, "words");
    world_turn(world, &effects);
    world_destroy_key(&effects, WORLD_VAULT);
    world_save(&effects, 2, 0, "");
    disk_arm(world->image, DISK_SYNC_FAILS, 1);
    assert_int_equal(store_commit(world->store, &effects), STATUS_IO);
    disk_arm(world->image, DISK_SYNC_FAILS, 0);
    effects_free(&effects);
    world_reopen(world);
    assert_string_equal(world->notes[0].words, "words");
    world_free(world);
}

/* --- rot ----------------------------------------------------------------- */

struct target {
    struct dice *dice;
    char         name[64];
    uint64_t     offset;
    uint64_t     seen;
};

/* Any one of the bytes that are not zero, in any file but SQLite's. */
static void
choose(void *arg, const char *name, struct span bytes)
{
    struct target *target = arg;

    if (strncmp(name, "index", 5) == 0)
        return;
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] != 0 &&
            dice_below(target->dice, ++target->seen) == 0) {
            (void)snprintf(target->name, sizeof(target->name), "%s", name);
            target->offset = i;
        }
}

/* Damage before the newest snapshot is met when the index is made again. */
static enum status
open_and_read_all(struct world *world)
{
    enum status st = world_open(world);

    if (st == STATUS_OK)
        st = store_index_rebuild(world->store);
    world_close(world);
    return st;
}

/* A flipped bit is named, or does no harm; never is anything else replayed. */
static void
a_bit_that_rots_anywhere_is_found_or_harmless(void **state)
{
    struct dice dice;
    size_t      named = 0;
    size_t      found = 0;
    size_t      harmless = 0;

    (void)state;
    dice_init(&dice, 7, 7);
    for (unsigned round = 0; round < 120; round++) {
        struct world *world = world_with_index();
        struct target target = {.dice = &dice};
        struct life   life = {0};
        enum status   st;

        assert_int_equal(live(world, &life), STATUS_OK);
        disk_each(world->image, choose, &target);
        assert_int_equal(disk_rot(world->image, target.name, target.offset,
                                  (unsigned)dice_below(&dice, 8)),
                         STATUS_OK);
        world->why[0] = '\0';
        st = open_and_read_all(world);
        if (st == STATUS_OK) {
            life.acknowledged--; /* the last group may look torn */
            expect_life(world, &life);
            harmless++;
        } else {
            assert_int_equal(st, STATUS_CORRUPT);
            named += strstr(world->why, target.name) != NULL;
            found++;
        }
        world_free(world);
    }
    print_message("%zu found, %zu of them at opening; %zu harmless\n", found,
                  named, harmless);
    assert_true(named > 20 && found > named && harmless > 10);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_io_error_at_any_call_loses_nothing_acknowledged),
        cmocka_unit_test(no_space_at_any_call_is_withheld_and_offered_again),
        cmocka_unit_test(a_power_cut_at_any_write_loses_nothing_acknowledged),
        cmocka_unit_test(a_kill_at_any_write_loses_nothing_acknowledged),
        cmocka_unit_test(
            a_failed_sync_and_a_later_power_cut_lose_nothing_acknowledged),
        cmocka_unit_test(a_key_is_destroyed_only_once_its_group_is_durable),
        cmocka_unit_test(a_bit_that_rots_anywhere_is_found_or_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

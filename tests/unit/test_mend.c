#include "tests/unit/journal_world.h"

#include "node/store/mend.h"
#include "node/store/quarantine.h"
#include "node/store/recovery.h"

#include "crypto/kdf.h"

#define SEGMENT(n) "journal-000000000000000" #n

enum { GROUPS = 9 };

static const struct group_keys keys = {.find = no_key};
static const uint8_t           nonce[GROUP_NONCE] = {4};

/* Bytes of each group by sequence, as they were before anything was damaged. */
struct before {
    struct digest group[GROUPS + 1];
};

static void
note_groups(struct journal_world *world, struct before *out)
{
    static const char *const names[] = {SEGMENT(1), SEGMENT(2), SEGMENT(3)};

    *out = (struct before){0};
    for (size_t n = 0; n < 3; n++) {
        struct journal_file file = journal_file(world, names[n]);
        uint64_t            at = SEGMENT_PAGE;

        while (at < file.len) {
            struct group_head head;
            struct span       from = {file.bytes + at, file.len - at};

            if (group_head_decode(from, &head) != STATUS_OK)
                break;
            hash_digest(LABEL_GROUP, (struct span){from.ptr, head.len},
                        &out->group[head.id.sequence]);
            at += group_stride(head.len);
        }
        free(file.bytes);
    }
}

static void
snapshot(struct journal_world *world)
{
    static const char begin[] = {RECORD_SNAPSHOT, 0};
    static const char end[] = {RECORD_SNAPSHOT_END, 0};
    struct effects    effects;
    struct group_id   id;
    size_t            len;

    effects_init(&effects);
    effects_add(&effects, EFFECT_SAVE)->bytes = span_text(begin);
    effects_add(&effects, EFFECT_SAVE)->bytes = span_text(end);
    assert_int_equal(pack_len(&effects, &len), STATUS_OK);
    assert_int_equal(journal_prepare(world->journal, len, true, &id),
                     STATUS_OK);
    assert_int_equal(pack_group(&effects, &id, &keys, &world->group),
                     STATUS_OK);
    assert_int_equal(journal_append(world->journal,
                                    (struct span){world->group.ptr,
                                                  world->group.len},
                                    true),
                     STATUS_OK);
    effects_free(&effects);
}

/* Three segments: 1 2 3 | 4 (snapshot) 5 6 | 6 (copied) 7 8 9. */
static struct before
made(struct journal_world *world)
{
    struct before before;

    journal_say(world, "one");
    journal_say(world, "two");
    assert_int_equal(journal_try_say(world, "three, long", 40, false),
                     STATUS_OK);
    snapshot(world);
    journal_say(world, "five");
    journal_say(world, "six");
    journal_reopen(world);
    journal_say(world, "seven");
    assert_int_equal(journal_try_say(world, "eight, long", 400, false),
                     STATUS_OK);
    journal_say(world, "nine");
    journal_shut(world);
    note_groups(world, &before);
    return before;
}

static struct mend_plan
mended(struct journal_world *world)
{
    struct salvage_count salvaged;
    struct mend_plan     plan;
    struct inspect       found;
    size_t               kept;

    assert_int_equal(inspect_journal(&world->disk, &found), STATUS_OK);
    mend_plan(&found, &plan);
    assert_int_equal(mend_journal(&world->disk, &found, &plan, &keys, nonce,
                                  &salvaged, &kept),
                     STATUS_OK);
    inspect_clear(&found);
    return plan;
}

/* The groups below `end` are what they were, but for one that is lost (0:
 * none is); *found as recovery tells. */
static void
check_whole(struct journal_world *world, const struct before *before,
            uint64_t end, uint64_t lost)
{
    struct inspect  whole;
    struct recovery found;

    assert_int_equal(inspect_journal(&world->disk, &whole), STATUS_OK);
    assert_int_equal(whole.fault_count, 0);
    assert_int_equal(whole.last, end - 1);
    assert_int_equal(whole.groups, end - 1);
    inspect_clear(&whole);
    assert_int_equal(recovery_scan(&world->disk, &found, world->why),
                     STATUS_OK);
    assert_int_equal(found.last.sequence, end - 1);
    for (size_t i = 0; i < found.segments.count; i++) {
        struct group_buffer buffer = {0};
        struct group_head   head;
        struct segment      segment;
        uint64_t            at = SEGMENT_PAGE;
        int                 file;

        assert_int_equal(segment_open(&world->disk, found.segments.number[i],
                                      &segment, &file),
                         STATUS_OK);
        while (group_read(&world->disk, file, at, &buffer, &head) ==
               STATUS_OK) {
            struct digest is;

            hash_digest(LABEL_GROUP, (struct span){buffer.ptr, buffer.len},
                        &is);
            if (head.id.sequence == lost)
                assert_int_equal(head.record_count, 0);
            else
                assert_memory_equal(is.bytes,
                                    before->group[head.id.sequence].bytes,
                                    LIMIT_DIGEST);
            at += group_stride(head.len);
        }
        group_buffer_free(&buffer);
        world->disk.ops->close(world->disk.self, file);
    }
    recovery_clear(&found);
}

static void
flip(struct journal_world *world, const char *name, uint64_t at)
{
    assert_int_equal(disk_rot(world->image, name, at, (unsigned)(at % 8)),
                     STATUS_OK);
}

/* The old file is there, bit for bit as it was found. */
static void
check_kept(struct journal_world *world, const char *kept_as, uint64_t sum)
{
    struct journal_file file = journal_file(world, kept_as);
    uint64_t            is = 1;

    assert_non_null(file.bytes);
    journal_sum_file(&is, "", (struct span){file.bytes, file.len});
    assert_true(is == sum);
    free(file.bytes);
}

static uint64_t
sum_of(struct journal_world *world, const char *name)
{
    struct journal_file file = journal_file(world, name);
    uint64_t            sum = 1;

    assert_non_null(file.bytes);
    journal_sum_file(&sum, "", (struct span){file.bytes, file.len});
    free(file.bytes);
    return sum;
}

static void
a_whole_journal_is_left_alone(void **state)
{
    struct journal_world *world = *state;
    uint64_t              sum;

    (void)made(world);
    sum = journal_disk_sum(world);
    assert_int_equal(mended(world).way, MEND_NOTHING);
    assert_true(journal_disk_sum(world) == sum);
}

static void
a_header_and_a_copy_are_restored(void **state)
{
    struct journal_world *world = *state;
    struct before         before = made(world);
    uint64_t              one = sum_of(world, SEGMENT(1));
    uint64_t              sum;

    flip(world, SEGMENT(1), 50);
    flip(world, SEGMENT(3), SEGMENT_PAGE + 100);
    flip(world, SEGMENT(2), SEGMENT_PAGE + 4000); /* stray */
    sum = sum_of(world, SEGMENT(3));
    assert_int_equal(mended(world).way, MEND_RESTORE);
    check_whole(world, &before, 10, 0);
    assert_true(sum_of(world, SEGMENT(1)) == one);
    check_kept(world, "quarantine-1-" SEGMENT(3), sum);
}

static void
before_a_snapshot_a_lost_group_leaves_a_hole(void **state)
{
    struct journal_world *world = *state;
    struct before         before = made(world);
    struct mend_plan      plan;

    flip(world, SEGMENT(1), 2 * SEGMENT_PAGE + 100);
    plan = mended(world);
    assert_int_equal(plan.way, MEND_HOLE);
    assert_int_equal(plan.holes, 1);
    check_whole(world, &before, 10, 2);
}

static void
behind_the_last_snapshot_the_journal_is_cut_and_says_so(void **state)
{
    struct journal_world *world = *state;
    struct before         before = made(world);
    struct mend_plan      plan;

    flip(world, SEGMENT(2), 2 * SEGMENT_PAGE + 100); /* five */
    plan = mended(world);
    assert_int_equal(plan.way, MEND_CUT);
    assert_int_equal(plan.cut, 5);
    assert_int_equal(plan.behind, 4);
    check_whole(world, &before, 5, 0);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_true(journal_state_lost(world->journal));
    journal_reopen(world); /* until a group follows */
    assert_true(journal_state_lost(world->journal));
    journal_say(world, "five, another");
    journal_reopen(world);
    assert_false(journal_state_lost(world->journal));
    assert_int_equal(journal_sequence(world->journal), 5);
}

static void
nothing_is_left_of_a_journal_without_its_first_group(void **state)
{
    struct journal_world *world = *state;

    journal_say(world, "one");
    journal_shut(world);
    flip(world, SEGMENT(1), SEGMENT_PAGE + 100);
    assert_int_equal(mended(world).way, MEND_CUT);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_true(journal_state_lost(world->journal));
    assert_int_equal(journal_sequence(world->journal), 0);
}

static void
disk_sync_all(struct journal_world *world)
{
    static const char *const names[] = {SEGMENT(1), SEGMENT(2), SEGMENT(3)};

    for (size_t n = 0; n < 3; n++) {
        int file;

        assert_int_equal(world->disk.ops->open(world->disk.self, names[n],
                                               false, &file),
                         STATUS_OK);
        assert_int_equal(world->disk.ops->sync(world->disk.self, file),
                         STATUS_OK);
        world->disk.ops->close(world->disk.self, file);
    }
    assert_int_equal(world->disk.ops->sync_folder(world->disk.self),
                     STATUS_OK);
}

struct names {
    char   name[32][64];
    size_t count;
};

static void
on_file(void *arg, const char *name, struct span bytes)
{
    struct names *names = arg;

    (void)bytes;
    assert_true(names->count < 32);
    (void)snprintf(names->name[names->count++], 64, "%s", name);
}

static void
wipe(struct journal_world *world)
{
    struct names names = {.count = 0};

    disk_each(world->image, on_file, &names);
    for (size_t i = 0; i < names.count; i++)
        assert_int_equal(world->disk.ops->remove(world->disk.self,
                                                 names.name[i]),
                         STATUS_OK);
}

/* Wherever one bit flips, what can be kept is kept. */
static void
each_place_is_mended(void **state)
{
    static const char *const names[] = {SEGMENT(1), SEGMENT(2), SEGMENT(3)};
    struct journal_world    *world = *state;
    struct before            before = made(world);
    struct journal_file      old[3];

    for (size_t n = 0; n < 3; n++)
        old[n] = journal_file(world, names[n]);
    for (size_t n = 0; n < 3; n++) {
        for (uint64_t at = 3; at < old[n].len; at += 333) {
            struct mend_plan plan;

            flip(world, names[n], at);
            plan = mended(world);
            assert_int_not_equal(plan.way, MEND_NOTHING);
            if (plan.way == MEND_CUT)
                check_whole(world, &before, plan.cut, 0);
            else if (plan.way == MEND_RESTORE)
                check_whole(world, &before, 10, 0);
            wipe(world);
            for (size_t i = 0; i < 3; i++)
                journal_put_file(world, names[i],
                                 (struct span){old[i].bytes, old[i].len});
        }
    }
    for (size_t n = 0; n < 3; n++)
        free(old[n].bytes);
}

/* A segment that lost its header and its first group: two faults at once. */
static void
header_and_first_group_of_a_segment_are_mended_together(void **state)
{
    struct journal_world *world = *state;
    struct before         before = made(world);
    struct mend_plan      plan;

    flip(world, SEGMENT(1), 50);
    flip(world, SEGMENT(1), SEGMENT_PAGE + 100); /* one */
    plan = mended(world);
    assert_int_equal(plan.way, MEND_HOLE);
    check_whole(world, &before, 10, 1);
}

static void
the_same_of_the_snapshots_segment_cuts_before_it(void **state)
{
    struct journal_world *world = *state;
    struct before         before = made(world);
    struct mend_plan      plan;

    flip(world, SEGMENT(2), 50);
    flip(world, SEGMENT(2), SEGMENT_PAGE + 100); /* four */
    plan = mended(world);
    assert_int_equal(plan.way, MEND_CUT);
    assert_int_equal(plan.cut, 4);
    check_whole(world, &before, 4, 0);
    assert_int_equal(journal_try_open(world), STATUS_OK);
    assert_true(journal_state_lost(world->journal));
    assert_int_equal(journal_sequence(world->journal), 3);
}

static bool
until(void *arg)
{
    uint64_t *left = arg;

    if (*left == 0)
        return false;
    --*left;
    return true;
}

static enum status
try_mend(struct journal_world *world)
{
    struct salvage_count salvaged;
    struct mend_plan     plan;
    struct inspect       found;
    size_t               kept;
    enum status          st = quarantine_finish(&world->disk, &kept);

    if (st != STATUS_NOT_FOUND)
        return st;
    st = inspect_journal(&world->disk, &found);
    if (st != STATUS_OK)
        return st;
    mend_plan(&found, &plan);
    st = mend_journal(&world->disk, &found, &plan, &keys, nonce, &salvaged,
                      &kept);
    inspect_clear(&found);
    return st;
}

/* Its bytes, under its own name or as what was put away. */
static bool
is_kept(struct journal_world *world, const char *name, uint64_t sum)
{
    char other[64];

    (void)snprintf(other, sizeof(other), "quarantine-1-%s", name);
    return (disk_len(world->image, name) > 0 && sum_of(world, name) == sum) ||
           (disk_len(world->image, other) > 0 &&
            sum_of(world, other) == sum);
}

/* A power cut at each step; until it is done, no start takes the journal for
 * a whole one, and the damaged files are there. */
static void
a_repair_that_is_cut_off_is_taken_up_again(void **state)
{
    static const char *const names[] = {SEGMENT(1), SEGMENT(2), SEGMENT(3)};
    struct journal_world    *world = *state;
    struct before            before = made(world);
    struct journal_file      old[3];
    uint64_t                 sums[3];
    enum status              st = STATUS_IO;
    uint64_t                 steps;

    flip(world, SEGMENT(2), 2 * SEGMENT_PAGE + 100); /* five */
    for (size_t n = 0; n < 3; n++) {
        old[n] = journal_file(world, names[n]);
        sums[n] = sum_of(world, names[n]);
    }
    for (steps = 0; st != STATUS_OK; steps++) {
        uint64_t          left = steps;
        struct disk_watch watch = {.goes_on = until, .arg = &left};
        struct recovery   found;

        wipe(world);
        for (size_t n = 0; n < 3; n++)
            journal_put_file(world, names[n],
                             (struct span){old[n].bytes, old[n].len});
        disk_sync_all(world);
        disk_set_watch(world->image, watch);
        st = try_mend(world);
        disk_set_watch(world->image, (struct disk_watch){0});
        disk_power_cut(world->image);
        for (size_t n = 0; n < 3; n++)
            assert_true(is_kept(world, names[n], sums[n]));
        if (st != STATUS_OK && recovery_scan(&world->disk, &found,
                                             world->why) == STATUS_OK) {
            assert_int_equal(found.last.sequence, 4); /* all but done */
            recovery_clear(&found);
        }
        assert_int_equal(try_mend(world), STATUS_OK);
        check_whole(world, &before, 5, 0);
        for (size_t n = 0; n < 3; n++)
            assert_true(is_kept(world, names[n], sums[n]));
    }
    assert_true(steps > 15);
    for (size_t n = 0; n < 3; n++)
        free(old[n].bytes);
}

#define ON_DISK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, journal_begin, journal_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_whole_journal_is_left_alone),
        ON_DISK(a_header_and_a_copy_are_restored),
        ON_DISK(before_a_snapshot_a_lost_group_leaves_a_hole),
        ON_DISK(behind_the_last_snapshot_the_journal_is_cut_and_says_so),
        ON_DISK(nothing_is_left_of_a_journal_without_its_first_group),
        ON_DISK(each_place_is_mended),
        ON_DISK(header_and_first_group_of_a_segment_are_mended_together),
        ON_DISK(the_same_of_the_snapshots_segment_cuts_before_it),
        ON_DISK(a_repair_that_is_cut_off_is_taken_up_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "node/sim/machine.h"
#include "tests/unit/puppet.h"

static struct puppet_store store;
static struct machine_env  env;
static struct machine      machine;
static uint64_t            closed;

static void
on_opened(void *arg, size_t node, uint64_t link, bool dialled, uint64_t source)
{
    (void)arg;
    (void)node;
    (void)link;
    (void)dialled;
    (void)source;
}

static void
on_bytes(void *arg, size_t node, uint64_t link, struct span bytes)
{
    (void)arg;
    (void)node;
    (void)link;
    (void)bytes;
}

static void
on_room(void *arg, size_t node, uint64_t link, uint64_t bytes)
{
    (void)arg;
    (void)node;
    (void)link;
    (void)bytes;
}

static void
on_closed(void *arg, size_t node, uint64_t link, enum status st)
{
    (void)arg;
    (void)node;
    (void)st;
    closed = link;
}

static const struct wire_sink sink = {on_opened, on_bytes, on_room, on_closed};

static int
power_on(void **state)
{
    (void)state;
    puppet_power_on(&env, &machine, &store, 2, &sink);
    assert_int_equal(machine_start(&machine), STATUS_OK);
    return 0;
}

static int
power_off(void **state)
{
    (void)state;
    puppet_power_off(&env, &machine);
    return 0;
}

/* Items and turns, until `until_ms`. */
static void
run(uint64_t until_ms)
{
    struct agenda_item item;

    machine_run(&machine);
    while (agenda_next_ms(env.agenda) <= until_ms) {
        env.now_ms = agenda_next_ms(env.agenda);
        while (agenda_take(env.agenda, env.now_ms, &item))
            machine_item(&machine, &item);
        machine_run(&machine);
    }
    env.now_ms = until_ms;
}

static uint64_t
journal_len(void)
{
    struct disk disk = disk_face(machine.disk);
    uint64_t    size = 0;
    int         file;

    if (disk.ops->open(disk.self, "journal", false, &file) != STATUS_OK)
        return 0;
    assert_int_equal(disk.ops->size(disk.self, file, &size), STATUS_OK);
    disk.ops->close(disk.self, file);
    return size;
}

static void
a_process_starts_with_a_look_at_its_timers(void **state)
{
    (void)state;
    run(10);
    assert_string_equal(puppet_events(), " TIMER");
    assert_true(machine_running(&machine));
}

static void
a_request_is_answered_after_its_commit(void **state)
{
    (void)state;
    env.commit_ms = 20;
    run(1);
    puppet.script = "St";
    machine_request(&machine, 7, span_text("hi"));
    machine_run(&machine);
    assert_int_equal(puppet_told_count, 0);
    assert_int_equal(journal_len(), 0);
    run(30);
    assert_string_equal(puppet_events(), " TIMER REQUEST:hi");
    assert_int_equal(puppet_told_count, 1);
    assert_int_equal(journal_len(), 6);
    run(60);
    assert_int_equal(store.idles, 1);
}

static void
a_fuse_ends_the_process_between_two_effects(void **state)
{
    (void)state;
    run(1);
    machine.fuse = 2;
    puppet.script = "ttt";
    machine_request(&machine, 7, span_text("hi"));
    run(2);
    assert_int_equal(puppet_told_count, 1);
    assert_true(machine_dying(&machine));
    assert_int_equal(machine.ended, STATUS_OK);
    machine_reap(&machine, false);
    assert_false(machine_running(&machine));
    assert_false(store.open[0]);
}

static void
a_fuse_burns_in_the_disk_too(void **state)
{
    (void)state;
    run(1);
    machine.fuse = 2; /* the write is done, the sync is not */
    puppet.script = "St";
    machine_request(&machine, 7, span_text("hi"));
    run(2);
    assert_int_equal(puppet_told_count, 0);
    assert_true(machine_dying(&machine));
    machine_reap(&machine, false);
    assert_int_equal(journal_len(), 6); /* in the cache */
}

static void
a_failed_commit_ends_the_process_by_its_name(void **state)
{
    (void)state;
    run(1);
    disk_arm(machine.disk, DISK_SYNC_FAILS, 1);
    puppet.script = "St";
    machine_request(&machine, 7, span_text("hi"));
    run(2);
    assert_true(machine_dying(&machine));
    assert_int_equal(machine.ended, STATUS_IO);
    assert_int_equal(puppet_told_count, 0);
    machine_reap(&machine, true);
}

static void
without_room_the_same_commit_is_offered_until_there_is_some(void **state)
{
    (void)state;
    run(1);
    disk_set_capacity(machine.disk, 0);
    puppet.script = "St";
    machine_request(&machine, 7, span_text("hi"));
    run(2500);
    assert_int_equal(puppet_told_count, 0);
    assert_true(machine_running(&machine));
    disk_set_capacity(machine.disk, 1 << 20);
    run(5000);
    assert_int_equal(puppet_told_count, 1);
    assert_int_equal(journal_len(), 6);
}

static void
a_load_comes_back_as_an_event(void **state)
{
    (void)state;
    run(1);
    puppet.script = "l";
    machine_request(&machine, 7, span_text("hi"));
    run(20);
    assert_string_equal(puppet_events(), " TIMER REQUEST:hi LOADED:answer");
}

static void
the_last_wake_alone_wakes(void **state)
{
    (void)state;
    puppet.script = "w";
    puppet.mono_ms = MACHINE_MONO_MS + 50;
    run(10);
    puppet.script = "w";
    puppet.mono_ms = MACHINE_MONO_MS + 30;
    machine_request(&machine, 7, span_text("a"));
    run(29);
    assert_string_equal(puppet_events(), " TIMER REQUEST:a");
    run(40);
    assert_string_equal(puppet_events(), " TIMER");
    run(100);
    assert_string_equal(puppet_events(), "");
}

static void
the_wall_clock_jumps_and_the_other_never_falls(void **state)
{
    uint64_t mono_ms;

    (void)state;
    run(500);
    machine_request(&machine, 7, span_text("a"));
    run(1000);
    mono_ms = puppet.input.mono_ms;
    machine.wall_skew_ms = -86400000;
    machine_request(&machine, 7, span_text("b"));
    run(1001);
    assert_true(puppet.input.wall_ms < MACHINE_WALL_MS);
    assert_true(puppet.input.mono_ms >= mono_ms);
}

static void
a_snapshot_is_asked_for_once_while_it_is_due(void **state)
{
    (void)state;
    run(1);
    (void)puppet_events();
    store.snapshot_due = true;
    puppet.script = "S";
    machine_request(&machine, 7, span_text("a"));
    run(2);
    puppet.script = "S";
    machine_request(&machine, 7, span_text("b"));
    run(3);
    assert_string_equal(puppet_events(), " REQUEST:a SNAPSHOT REQUEST:b");
}

static void
what_was_asked_of_an_earlier_life_is_let_pass(void **state)
{
    (void)state;
    puppet.script = "w";
    puppet.mono_ms = MACHINE_MONO_MS + 50;
    run(10);
    machine_end(&machine, STATUS_OK);
    machine_reap(&machine, false);
    assert_int_equal(machine_start(&machine), STATUS_OK);
    run(20);
    assert_string_equal(puppet_events(), " TIMER TIMER");
    run(100);
    assert_string_equal(puppet_events(), "");
}

static void
asked_to_end_it_closes_its_links_and_ends_when_all_is_done(void **state)
{
    (void)state;
    run(1);
    env.commit_ms = 20;
    puppet.script = "S";
    machine_stop(&machine);
    machine_run(&machine);
    assert_true(machine_running(&machine));
    run(30);
    assert_string_equal(puppet_events(), " TIMER QUIESCE");
    assert_true(machine_dying(&machine));
    assert_int_equal(machine.ended, STATUS_OK);
}

static void
a_file_left_open_is_counted(void **state)
{
    (void)state;
    machine_end(&machine, STATUS_OK);
    machine_reap(&machine, false);
    assert_int_equal(env.left_open, 0);
    assert_int_equal(machine_start(&machine), STATUS_OK);
    store.leaks = true;
    machine_end(&machine, STATUS_OK);
    machine_reap(&machine, false);
    assert_int_equal(env.left_open, 1);
}

static void
a_start_that_fails_leaves_a_machine_that_can_start(void **state)
{
    (void)state;
    machine_end(&machine, STATUS_OK);
    machine_reap(&machine, false);
    store.start_with = STATUS_IO;
    assert_int_equal(machine_start(&machine), STATUS_IO);
    assert_true(machine_dying(&machine));
    machine_reap(&machine, false);
    assert_int_equal(machine_start(&machine), STATUS_OK);
}

static const uint8_t frame_of_one[] = {0, 1, 'x'};

static void
a_caller_is_made_known_with_his_first_frame(void **state)
{
    (void)state;
    run(1);
    (void)puppet_events();
    machine_opened(&machine, 1, false, 5);
    machine_bytes(&machine, 1, (struct span){frame_of_one, 2});
    run(2);
    assert_string_equal(puppet_events(), "");
    machine_bytes(&machine, 1, (struct span){frame_of_one + 2, 1});
    run(3);
    assert_string_equal(puppet_events(), " LINK_OPENED LINK_ROOM LINK_FRAME:x");
    machine_closed(&machine, 1, STATUS_OK);
    run(4);
    assert_string_equal(puppet_events(), " LINK_CLOSED");
}

static void
a_caller_who_says_nothing_is_never_known(void **state)
{
    (void)state;
    run(1);
    (void)puppet_events();
    machine_opened(&machine, 1, false, 5);
    run(LIMIT_HANDSHAKE_MS + 10);
    machine_bytes(&machine, 1, SPAN_OF(frame_of_one));
    run(LIMIT_HANDSHAKE_MS + 20);
    assert_string_equal(puppet_events(), "");
}

static void
room_is_lent_again_when_bytes_have_left(void **state)
{
    (void)state;
    machine_opened(&machine, 1, false, 5);
    machine_bytes(&machine, 1, SPAN_OF(frame_of_one));
    run(1);
    (void)puppet_events();
    machine_room(&machine, 1, 10);
    run(2);
    assert_string_equal(puppet_events(), "");
    machine_room(&machine, 1, LIMIT_ROOM_MAX);
    run(3);
    assert_string_equal(puppet_events(), " LINK_ROOM");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, power_on, power_off)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_process_starts_with_a_look_at_its_timers),
        CASE(a_request_is_answered_after_its_commit),
        CASE(a_fuse_ends_the_process_between_two_effects),
        CASE(a_fuse_burns_in_the_disk_too),
        CASE(a_failed_commit_ends_the_process_by_its_name),
        CASE(without_room_the_same_commit_is_offered_until_there_is_some),
        CASE(a_load_comes_back_as_an_event),
        CASE(the_last_wake_alone_wakes),
        CASE(the_wall_clock_jumps_and_the_other_never_falls),
        CASE(a_snapshot_is_asked_for_once_while_it_is_due),
        CASE(what_was_asked_of_an_earlier_life_is_let_pass),
        CASE(asked_to_end_it_closes_its_links_and_ends_when_all_is_done),
        CASE(a_file_left_open_is_counted),
        CASE(a_start_that_fails_leaves_a_machine_that_can_start),
        CASE(a_caller_is_made_known_with_his_first_frame),
        CASE(a_caller_who_says_nothing_is_never_known),
        CASE(room_is_lent_again_when_bytes_have_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

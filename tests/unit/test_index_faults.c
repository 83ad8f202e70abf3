/*
 * Every call that the index makes to its disk fails once, in turn, in a
 * process that goes on: the next question is answered whole.
 */
#include "tests/unit/fault_disk.h"
#include "tests/unit/index_world.h"

enum { BEFORE = 10, MEANWHILE = 3, AFTER = 2 };

/* True when the call had still to come. */
static bool
fail_once(uint64_t call, uint64_t *refused)
{
    struct world     *world = world_new(false);
    struct fault_disk faults = {.under = world->disk, .fault = STATUS_IO};

    world->index_name = "index.db";
    world->disk = fault_face(&faults);
    world_opened(world);
    receive(world, 0, BEFORE);
    expect_inbox(world, BEFORE);
    receive(world, BEFORE, MEANWHILE);
    faults.countdown = call;
    *refused += inbox(world)->st != STATUS_OK;
    faults.countdown = 0;
    expect_inbox(world, BEFORE + MEANWHILE);
    receive(world, BEFORE + MEANWHILE, AFTER);
    expect_inbox(world, BEFORE + MEANWHILE + AFTER);
    world_close(world);
    world_opened(world);
    expect_inbox(world, BEFORE + MEANWHILE + AFTER);
    world_close(world);
    world->disk = faults.under;
    world_free(world);
    return faults.fired;
}

static void
after_an_io_error_at_any_call_the_next_answer_is_whole(void **state)
{
    uint64_t call = 1;
    uint64_t refused = 0;

    (void)state;
    while (fail_once(call, &refused))
        call++;
    print_message("%llu calls, %llu of them ended a question\n",
                  (unsigned long long)call - 1, (unsigned long long)refused);
    assert_true(refused > 5);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            after_an_io_error_at_any_call_the_next_answer_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

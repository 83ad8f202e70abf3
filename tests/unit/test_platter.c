#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/platter.h"

enum { SECTOR = 512, SECTORS = 64 };

static uint8_t old_bytes[SECTORS * SECTOR];
static uint8_t new_bytes[SECTORS * SECTOR];

struct bench {
    struct platter platter;
    struct dice    dice;
};

static int
open_bench(void **state)
{
    static struct bench bench;

    memset(old_bytes, 'o', sizeof(old_bytes));
    memset(new_bytes, 'n', sizeof(new_bytes));
    platter_init(&bench.platter, SECTOR);
    dice_init(&bench.dice, 11, 1);
    *state = &bench;
    return 0;
}

static int
close_bench(void **state)
{
    struct bench *bench = *state;

    platter_clear(&bench->platter);
    return 0;
}

/* Old bytes synced, new bytes over them not. */
static void
overwrite(struct bench *bench)
{
    platter_write(&bench->platter, 0, SPAN_OF(old_bytes));
    platter_sync(&bench->platter);
    platter_write(&bench->platter, 0, SPAN_OF(new_bytes));
}

static void
what_is_written_is_read_before_any_sync(void **state)
{
    struct bench *bench = *state;
    uint8_t       got[8];

    platter_write(&bench->platter, 3, span_text("rain"));
    assert_int_equal(platter_read(&bench->platter, 0, got, sizeof(got)), 7);
    assert_memory_equal(got, "\0\0\0rain", 7);
    assert_int_equal(platter_read(&bench->platter, 7, got, sizeof(got)), 0);
}

static void
what_was_synced_survives_a_power_cut(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};
    uint8_t             got[4];

    platter_write(&bench->platter, 1000, span_text("rain"));
    platter_sync(&bench->platter);
    platter_power_cut(&bench->platter, &bench->dice, 0, &loss);
    assert_int_equal(platter_read(&bench->platter, 1000, got, 4), 4);
    assert_memory_equal(got, "rain", 4);
    assert_true(loss.sectors_lost == 0 && loss.sizes_lost == 0);
}

static void
what_was_not_synced_is_gone_after_the_worst_power_cut(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};
    uint8_t             got[1];

    overwrite(bench);
    platter_power_cut(&bench->platter, &bench->dice, 0, &loss);
    for (size_t i = 0; i < sizeof(old_bytes); i++) {
        assert_int_equal(platter_read(&bench->platter, i, got, 1), 1);
        assert_int_equal(got[0], 'o');
    }
    assert_true(loss.sectors_lost == SECTORS);
}

static void
a_power_cut_tears_between_sectors_and_never_within_one(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};

    overwrite(bench);
    platter_power_cut(&bench->platter, &bench->dice, 4, &loss);
    assert_true(loss.sectors_lost > 0 && loss.sectors_kept > 0);
    for (size_t i = 0; i < SECTORS; i++) {
        const uint8_t *sector = bench->platter.cached + i * SECTOR;

        assert_true(memcmp(sector, old_bytes, SECTOR) == 0 ||
                    memcmp(sector, new_bytes, SECTOR) == 0);
    }
}

static void
an_unsynced_size_is_lost_with_what_was_written_behind_it(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};
    uint8_t             got[8];

    platter_write(&bench->platter, 0, span_text("ab"));
    platter_sync(&bench->platter);
    platter_write(&bench->platter, 2, span_text("cd"));
    platter_power_cut(&bench->platter, &bench->dice, 0, &loss);
    assert_int_equal(platter_read(&bench->platter, 0, got, 8), 2);
    assert_true(loss.sizes_lost == 1);
    platter_resize(&bench->platter, 4);
    assert_int_equal(platter_read(&bench->platter, 0, got, 8), 4);
    assert_memory_equal(got, "ab\0\0", 4);
}

static void
a_failed_sync_leaves_what_reads_as_new_and_no_later_sync_brings(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};
    size_t              lost = 0;

    overwrite(bench);
    platter_sync_failed(&bench->platter, &bench->dice);
    assert_memory_equal(bench->platter.cached, new_bytes, sizeof(new_bytes));
    platter_sync(&bench->platter);
    platter_power_cut(&bench->platter, &bench->dice, 8, &loss);
    for (size_t i = 0; i < SECTORS; i++)
        lost += bench->platter.cached[i * SECTOR] == 'o';
    assert_in_range(lost, 1, SECTORS - 1);
}

static void
cut_and_grown_again_reads_as_zeros(void **state)
{
    struct bench *bench = *state;
    uint8_t       got[6];

    platter_write(&bench->platter, 0, span_text("secret"));
    platter_resize(&bench->platter, 2);
    platter_resize(&bench->platter, 6);
    assert_int_equal(platter_read(&bench->platter, 0, got, 6), 6);
    assert_memory_equal(got, "se\0\0\0\0", 6);
}

static void
a_flipped_bit_is_flipped_on_the_disk_too(void **state)
{
    struct bench       *bench = *state;
    struct platter_loss loss = {0};
    uint8_t             got[1];

    platter_write(&bench->platter, 0, span_text("a"));
    platter_sync(&bench->platter);
    platter_flip(&bench->platter, 0, 1);
    platter_power_cut(&bench->platter, &bench->dice, 0, &loss);
    assert_int_equal(platter_read(&bench->platter, 0, got, 1), 1);
    assert_int_equal(got[0], 'c');
}

#define CASE(test)                                                             \
    cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_written_is_read_before_any_sync),
        CASE(what_was_synced_survives_a_power_cut),
        CASE(what_was_not_synced_is_gone_after_the_worst_power_cut),
        CASE(a_power_cut_tears_between_sectors_and_never_within_one),
        CASE(an_unsynced_size_is_lost_with_what_was_written_behind_it),
        CASE(a_failed_sync_leaves_what_reads_as_new_and_no_later_sync_brings),
        CASE(cut_and_grown_again_reads_as_zeros),
        CASE(a_flipped_bit_is_flipped_on_the_disk_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

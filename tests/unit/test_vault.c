#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/home.h"
#include "node/store/vault.h"

enum { CAPACITY = 1 << 22 };

static struct disk_image *image;
static struct disk        disk;
static struct vault      *vault;
static char               why[256];

static struct secret32
key_of(unsigned first)
{
    struct secret32 key;

    memset(key.bytes, (int)first, sizeof(key.bytes));
    return key;
}

static enum status
try_open(unsigned storage_key)
{
    struct secret32 storage = key_of(storage_key);
    struct secret32 seed = key_of(7);
    enum status     st = vault_open(&disk, &storage, &seed, &vault, why);

    return st == STATUS_OK ? vault_start(vault) : st;
}

static int
begin(void **state)
{
    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    image = disk_new(2, 512, CAPACITY);
    disk = disk_face(image);
    assert_int_equal(try_open(1), STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    vault_close(vault);
    vault = NULL;
    disk_free(image);
    return 0;
}

static void
reopen(void)
{
    vault_close(vault);
    vault = NULL;
    assert_int_equal(try_open(1), STATUS_OK);
}

static struct key_change
change_of(uint64_t number, enum keyring_state state, unsigned secret)
{
    struct key_change change = {.kind = KEYRING_VAULT,
                                .state = (uint8_t)state,
                                .number = number,
                                .secret = key_of(secret)};

    change.nonce[0][0] = (uint8_t)number;
    change.nonce[0][1] = (uint8_t)state;
    change.nonce[1][2] = 1;
    return change;
}

static void
put(uint64_t number)
{
    struct key_change change =
        change_of(number, KEYRING_CURRENT, (unsigned)number);

    assert_int_equal(vault_apply(vault, &change), STATUS_OK);
}

static enum status
destroy(uint64_t number)
{
    struct key_change change = change_of(number, KEYRING_CURRENT, 0);

    change.destroy = true;
    return vault_apply(vault, &change);
}

static bool
has(uint64_t number)
{
    struct secret32 found = {{0}};
    struct secret32 right = key_of((unsigned)number);
    enum status     st = vault_find(vault, KEYRING_VAULT, number, &found);

    if (st == STATUS_OK)
        assert_memory_equal(found.bytes, right.bytes, sizeof(right.bytes));
    return st == STATUS_OK;
}

/* --- keys ---------------------------------------------------------------- */

static void
a_key_is_there_at_once_and_durable_once_flushed(void **state)
{
    (void)state;
    put(3);
    assert_true(has(3));
    assert_int_equal(vault_flush(vault), STATUS_OK);
    put(4);
    disk_power_cut(image);
    reopen();
    assert_true(has(3));
    assert_false(has(4));
}

static void
a_destroyed_key_is_gone_from_memory_and_file(void **state)
{
    (void)state;
    put(3);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    assert_int_equal(vault_destroyed(vault), 0);
    assert_int_equal(destroy(3), STATUS_OK);
    assert_int_equal(vault_destroyed(vault), 1);
    assert_false(has(3));
    assert_int_equal(vault_flush(vault), STATUS_OK);
    disk_power_cut(image);
    reopen();
    assert_false(has(3));
}

static void
what_is_so_already_is_no_change(void **state)
{
    (void)state;
    put(3);
    put(3);
    assert_int_equal(destroy(3), STATUS_OK);
    assert_int_equal(destroy(3), STATUS_OK);
    assert_int_equal(destroy(99), STATUS_OK);
    assert_int_equal(vault_destroyed(vault), 1);
}

static void
another_secret_of_one_name_is_refused(void **state)
{
    struct key_change change = change_of(3, KEYRING_CURRENT, 77);

    (void)state;
    put(3);
    assert_int_equal(vault_apply(vault, &change), STATUS_DUPLICATE);
    assert_true(has(3));
    assert_int_equal(destroy(3), STATUS_OK);
    change = change_of(3, KEYRING_CURRENT, 3);
    assert_int_equal(vault_apply(vault, &change), STATUS_DUPLICATE);
}

static void
a_key_can_be_retired_and_stays_readable(void **state)
{
    struct key_change old = change_of(3, KEYRING_OLD, 3);
    struct key_change current = change_of(3, KEYRING_CURRENT, 3);

    (void)state;
    put(3);
    assert_int_equal(vault_apply(vault, &old), STATUS_OK);
    assert_int_equal(vault_apply(vault, &old), STATUS_OK);
    assert_int_equal(vault_apply(vault, &current), STATUS_BAD_STATE);
    old = change_of(4, KEYRING_OLD, 4); /* put and retired at once */
    assert_int_equal(vault_apply(vault, &old), STATUS_OK);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    reopen();
    assert_true(has(3) && has(4));
}

static void
more_keys_than_slots_make_the_file_grow(void **state)
{
    (void)state;
    for (uint64_t i = 1; i <= 100; i++)
        put(i);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    disk_power_cut(image);
    reopen();
    for (uint64_t i = 1; i <= 100; i++)
        assert_true(has(i));
}

static void
without_space_changes_wait_and_leave_with_the_next_flush(void **state)
{
    (void)state;
    disk_set_capacity(image, disk_used(image));
    for (uint64_t i = 1; i <= 40; i++) /* past the first pair of pages */
        put(i);
    assert_int_equal(vault_flush(vault), STATUS_NO_SPACE);
    disk_set_capacity(image, CAPACITY);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    disk_power_cut(image);
    reopen();
    for (uint64_t i = 1; i <= 40; i++)
        assert_true(has(i));
}

/* --- segments ------------------------------------------------------------ */

static void
the_highest_segment_noted_is_remembered_and_older_notes_make_room(void **state)
{
    (void)state;
    assert_int_equal(vault_segment_noted(vault), 0);
    for (uint64_t i = 1; i <= 500; i++)
        assert_int_equal(vault_note_segment(vault, i), STATUS_OK);
    assert_int_equal(vault_note_segment(vault, 20), STATUS_OK);
    assert_int_equal(vault_segment_noted(vault), 500);
    assert_int_equal(keyring_slots(vault_ring(vault)), KEYRING_PAIR_SLOTS);
    disk_power_cut(image);
    reopen();
    assert_int_equal(vault_segment_noted(vault), 500);
}

/* --- damage -------------------------------------------------------------- */

static void
another_storage_key_is_refused(void **state)
{
    (void)state;
    vault_close(vault);
    vault = NULL;
    assert_int_equal(try_open(2), STATUS_CORRUPT);
    assert_non_null(strstr(why, HOME_KEYRING ", offset 0"));
}

static void
a_damaged_copy_is_made_good_from_the_other(void **state)
{
    (void)state;
    put(3);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    for (uint64_t at = 0; at < KEYRING_PAGE_LEN; at += 64)
        assert_int_equal(disk_rot(image, HOME_KEYRING, at, 3), STATUS_OK);
    reopen();
    assert_true(has(3));
    for (uint64_t at = 0; at < KEYRING_PAGE_LEN; at += 64)
        assert_int_equal(
            disk_rot(image, HOME_KEYRING, KEYRING_PAGE_LEN + at, 3), STATUS_OK);
    reopen();
    assert_true(has(3));
}

static void
a_file_cut_short_is_refused(void **state)
{
    int file;

    (void)state;
    for (uint64_t i = 1; i <= 40; i++)
        put(i);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    vault_close(vault);
    vault = NULL;
    assert_int_equal(disk.ops->open(disk.self, HOME_KEYRING, false, &file),
                     STATUS_OK);
    assert_int_equal(
        disk.ops->truncate(disk.self, file, 2 * KEYRING_PAIR_LEN - 1),
        STATUS_OK);
    assert_int_equal(try_open(1), STATUS_CORRUPT);
    assert_int_equal(disk.ops->truncate(disk.self, file, 10), STATUS_OK);
    assert_int_equal(try_open(1), STATUS_CORRUPT);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_key_is_there_at_once_and_durable_once_flushed),
        ON_DISK(a_destroyed_key_is_gone_from_memory_and_file),
        ON_DISK(what_is_so_already_is_no_change),
        ON_DISK(another_secret_of_one_name_is_refused),
        ON_DISK(a_key_can_be_retired_and_stays_readable),
        ON_DISK(more_keys_than_slots_make_the_file_grow),
        ON_DISK(without_space_changes_wait_and_leave_with_the_next_flush),
        ON_DISK(
            the_highest_segment_noted_is_remembered_and_older_notes_make_room),
        ON_DISK(another_storage_key_is_refused),
        ON_DISK(a_damaged_copy_is_made_good_from_the_other),
        ON_DISK(a_file_cut_short_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/keyfile.h"

static struct disk_image *image;
static struct disk        disk;
static struct keyfile     file;
static char               why[256];

static int
begin(void **state)
{
    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    image = disk_new(4, 512, 1 << 20);
    disk = disk_face(image);
    assert_int_equal(keyfile_open(&disk, &file), STATUS_NOT_FOUND);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    keyfile_close(&file);
    disk_free(image);
    return 0;
}

static struct secret32
key_of(unsigned first)
{
    struct secret32 key;

    memset(key.bytes, (int)first, sizeof(key.bytes));
    return key;
}

/* Makes the file of one growth. */
static struct keyring *
make(void)
{
    struct secret32 storage = key_of(1);
    struct secret32 seed = key_of(2);
    struct keyring *ring = keyring_new(&storage);

    assert_non_null(ring);
    assert_int_equal(keyring_grow(ring, &seed, keyfile_growth(&file)),
                     STATUS_OK);
    assert_int_equal(keyfile_queue_growth(&file), STATUS_OK);
    return ring;
}

static void
put_vault(struct keyring *ring, uint64_t number)
{
    struct keyring_name name = {.kind = KEYRING_VAULT, .number = number};
    uint8_t             nonce[KEYRING_NONCE_LEN] = {(uint8_t)number};
    struct secret32     secret = key_of((unsigned)number);

    assert_int_equal(
        keyring_put(ring, &name, &secret, nonce, keyfile_change(&file)),
        STATUS_OK);
    keyfile_queue_change(&file);
}

static bool
loads(uint64_t number)
{
    struct keyring_name name = {.kind = KEYRING_VAULT, .number = number};
    struct secret32     storage = key_of(1);
    struct keyring     *ring = keyring_new(&storage);
    struct keyfile      again;
    struct keyring_key  key;
    bool                found;

    assert_int_equal(keyfile_open(&disk, &again), STATUS_OK);
    assert_int_equal(keyfile_load(&again, ring, why), STATUS_OK);
    found = keyring_find(ring, &name, &key) == STATUS_OK;
    keyring_free(ring);
    keyfile_close(&again);
    return found;
}

static void
a_file_has_its_name_only_once_it_is_whole(void **state)
{
    struct keyring *ring = make();
    struct keyfile  again;

    (void)state;
    disk_arm(image, DISK_SYNC_FAILS, 2);
    assert_int_equal(keyfile_create(&file), STATUS_IO);
    assert_int_equal(keyfile_open(&disk, &again), STATUS_NOT_FOUND);
    keyring_free(ring);
}

static void
a_created_file_outlives_a_power_cut(void **state)
{
    struct keyring *ring = make();

    (void)state;
    put_vault(ring, 5);
    assert_int_equal(keyfile_create(&file), STATUS_OK);
    disk_power_cut(image);
    assert_true(loads(5));
    keyring_free(ring);
}

static void
what_is_queued_is_written_by_the_next_flush_and_once(void **state)
{
    struct keyring *ring = make();

    (void)state;
    assert_int_equal(keyfile_create(&file), STATUS_OK);
    put_vault(ring, 5);
    assert_false(loads(5));
    assert_int_equal(keyfile_flush(&file), STATUS_OK);
    assert_true(loads(5));
    disk_arm(image, DISK_WRITE_FAILS, 1); /* nothing is left to write */
    assert_int_equal(keyfile_flush(&file), STATUS_OK);
    disk_arm(image, DISK_WRITE_FAILS, 0);
    keyring_free(ring);
}

/* Whichever write or sync is the last one. */
static void
a_flush_cut_anywhere_leaves_a_file_that_loads(void **state)
{
    (void)state;
    for (uint64_t sync = 1; sync <= 2; sync++) {
        struct keyring *ring;

        (void)end(NULL);
        (void)begin(NULL);
        ring = make();
        put_vault(ring, 5);
        assert_int_equal(keyfile_create(&file), STATUS_OK);
        put_vault(ring, 6);
        disk_arm(image, DISK_SYNC_FAILS, sync);
        assert_int_equal(keyfile_flush(&file), STATUS_IO);
        disk_power_cut(image);
        file.file = -1; /* its handle went with the process */
        assert_true(loads(5));
        keyring_free(ring);
    }
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(a_file_has_its_name_only_once_it_is_whole),
        ON_DISK(a_created_file_outlives_a_power_cut),
        ON_DISK(what_is_queued_is_written_by_the_next_flush_and_once),
        ON_DISK(a_flush_cut_anywhere_leaves_a_file_that_loads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

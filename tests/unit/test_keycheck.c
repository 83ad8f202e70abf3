#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "crypto/keyring.h"
#include "node/sim/disk.h"
#include "node/store/home.h"
#include "node/store/keycheck.h"
#include "node/store/vault.h"

enum { CAPACITY = 1 << 22, SEGMENT_NOTED = 5 };

static struct disk_image *image;
static struct disk        disk;

/* A keyring of a few pairs, all that was queued durable. */
static int
begin(void **state)
{
    struct secret32 key = {.bytes = {1}};
    struct secret32 seed = {.bytes = {2}};
    struct vault   *vault;
    char            why[256];

    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    image = disk_new(2, 512, CAPACITY);
    disk = disk_face(image);
    assert_int_equal(vault_open(&disk, &key, &seed, &vault, why), STATUS_OK);
    assert_int_equal(vault_start(vault), STATUS_OK);
    for (uint64_t i = 1; i <= 2 * KEYRING_PAIR_SLOTS; i++) {
        struct key_change change = {.kind = KEYRING_VAULT,
                                    .state = KEYRING_CURRENT,
                                    .number = i};

        change.nonce[0][0] = (uint8_t)i;
        assert_int_equal(vault_apply(vault, &change), STATUS_OK);
    }
    assert_int_equal(vault_note_segment(vault, SEGMENT_NOTED), STATUS_OK);
    assert_int_equal(vault_flush(vault), STATUS_OK);
    vault_close(vault);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    disk_free(image);
    return 0;
}

static struct keycheck
checked(void)
{
    struct keycheck found;

    assert_int_equal(keycheck_read(&disk, &found), STATUS_OK);
    return found;
}

static void
a_whole_keyring_has_copies_alike_and_tells_the_newest_segment(void **state)
{
    struct keycheck found = checked();

    (void)state;
    assert_int_equal(found.slots, 3 * KEYRING_PAIR_SLOTS);
    assert_int_equal(found.unlike, 0);
    assert_int_equal(found.segment, SEGMENT_NOTED);
}

static void
no_flipped_bit_is_silent(void **state)
{
    uint64_t len = disk_len(image, HOME_KEYRING);

    (void)state;
    assert_int_equal(len, 3 * KEYRING_PAIR_LEN);
    for (uint64_t at = 0; at < len; at++) {
        unsigned        bit = (unsigned)(at % 8);
        size_t          slot = at / KEYRING_PAIR_LEN * KEYRING_PAIR_SLOTS +
                      at % KEYRING_PAGE_LEN / KEYRING_SLOT_LEN;
        struct keycheck found;

        assert_int_equal(disk_rot(image, HOME_KEYRING, at, bit), STATUS_OK);
        found = checked();
        assert_int_equal(found.unlike, 1);
        assert_int_equal(found.first, slot);
        assert_int_equal(disk_rot(image, HOME_KEYRING, at, bit), STATUS_OK);
    }
}

static void
a_file_that_is_cut_or_gone_is_told(void **state)
{
    struct keycheck found;
    int             file;

    (void)state;
    for (uint64_t left = disk_len(image, HOME_KEYRING); left > 0;) {
        left -= left > 100 ? 100 : left;
        assert_int_equal(disk.ops->open(disk.self, HOME_KEYRING, false, &file),
                         STATUS_OK);
        assert_int_equal(disk.ops->truncate(disk.self, file, left), STATUS_OK);
        disk.ops->close(disk.self, file);
        assert_int_equal(keycheck_read(&disk, &found), STATUS_CORRUPT);
    }
    assert_int_equal(disk.ops->remove(disk.self, HOME_KEYRING), STATUS_OK);
    assert_int_equal(keycheck_read(&disk, &found), STATUS_NOT_FOUND);
}

/* A crash before slot 0 counts the pair. */
static void
what_stands_behind_the_last_pair_means_nothing(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3};
    int                  file;

    (void)state;
    assert_int_equal(disk.ops->open(disk.self, HOME_KEYRING, false, &file),
                     STATUS_OK);
    assert_int_equal(disk.ops->write(disk.self, file,
                                     disk_len(image, HOME_KEYRING),
                                     SPAN_OF(bytes)),
                     STATUS_OK);
    disk.ops->close(disk.self, file);
    assert_int_equal(checked().slots, 3 * KEYRING_PAIR_SLOTS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_keyring_has_copies_alike_and_tells_the_newest_segment),
        TEST(no_flipped_bit_is_silent),
        TEST(a_file_that_is_cut_or_gone_is_told),
        TEST(what_stands_behind_the_last_pair_means_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

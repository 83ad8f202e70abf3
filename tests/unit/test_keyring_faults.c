/* test_keyring_faults.c - a keyring's file after damage and lost power. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/kdf.h"
#include "tests/unit/keyring_world.h"

enum { SCRIPT_STEPS = 12 };

/* A life of keys, step by step: puts, retires, destroys, reuse, growth. */
static void
do_step(struct file *file, struct keyring *ring, size_t step)
{
    struct keyring_name log_1 = name_of(KEYRING_LOG, 1);
    struct keyring_name log_2 = name_of(KEYRING_LOG, 2);
    enum status         st = STATUS_OK;

    switch (step) {
    case 0: st = file_put(file, ring, log_1, 10); break;
    case 1: st = file_put(file, ring, name_of(KEYRING_VAULT, 1), 20); break;
    case 2: st = file_put(file, ring, log_2, 30); break;
    case 3: st = file_retire(file, ring, log_1); break;
    case 4: st = file_destroy(file, ring, name_of(KEYRING_VAULT, 1)); break;
    case 5: st = file_put(file, ring, name_of(KEYRING_VAULT, 2), 40); break;
    case 6: st = file_destroy(file, ring, log_1); break;
    case 7: file_grow(file, ring, 0xd1); break;
    case 8: st = file_put(file, ring, name_of(KEYRING_SEGMENT, 9), 0); break;
    case 9: st = file_put(file, ring, name_of(KEYRING_LINK, 1), 50); break;
    case 10: file_grow(file, ring, 0xd2); break;
    default: st = file_retire(file, ring, log_2); break;
    }
    assert_int_equal(st, STATUS_OK);
}

/* All that a ring knows, as one digest. */
static struct digest
digest_of(const struct keyring *ring)
{
    struct keyring_key key;
    struct hash        hash;
    struct digest      out;
    size_t             cursor = 0;

    hash_init(&hash, LABEL_GROUP);
    while (keyring_next(ring, &cursor, &key) == STATUS_OK) {
        hash_u8(&hash, (uint8_t)key.name.kind);
        hash_u64(&hash, key.name.number);
        hash_u8(&hash, (uint8_t)key.state);
        hash_span(&hash, SPAN_OF(key.secret->bytes));
    }
    hash_u64(&hash, keyring_slots(ring));
    hash_end(&hash, &out);
    return out;
}

static struct keyring *
ring_with_pair(struct file *file)
{
    struct keyring *ring = ring_new();

    *file = file_empty();
    file_grow(file, ring, 0xd0);
    return ring;
}

/* Runs the script with `writes` writes; the digest after each whole step goes
 * to `after`.  How many steps had all their writes. */
static size_t
run_script(struct file *file, unsigned writes, bool torn,
           struct digest after[static SCRIPT_STEPS + 1])
{
    struct keyring *ring = ring_with_pair(file);
    size_t          done = 0;

    file->writes_left = writes;
    file->torn = torn;
    after[0] = digest_of(ring);
    for (size_t step = 0; step < SCRIPT_STEPS; step++) {
        do_step(file, ring, step);
        after[step + 1] = digest_of(ring);
        if (file->writes_left > 0)
            done = step + 1;
    }
    keyring_free(ring);
    return done;
}

/* Each slot that is in use has one content in both places. */
static void
assert_copies_agree(const struct file *file, const struct keyring *ring)
{
    for (size_t i = 0; i < keyring_slots(ring); i++)
        assert_true(span_equal(file_copy(file, i, 0), file_copy(file, i, 1)));
}

static void
power_lost_at_any_write_loses_at_most_the_change_under_way(void **state)
{
    static struct file file;
    struct digest      after[SCRIPT_STEPS + 1];

    (void)state;
    for (unsigned writes = 1; writes < 2 * SCRIPT_STEPS + 3; writes++) {
        for (int torn = 0; torn < 2; torn++) {
            size_t          done = run_script(&file, writes, torn, after);
            struct keyring *ring = file_load(&file);
            struct digest   now = digest_of(ring);

            assert_int_equal(keyring_corrupt_count(ring), 0);
            assert_true(digest_equal(&now, &after[done]) ||
                        (done < SCRIPT_STEPS &&
                         digest_equal(&now, &after[done + 1])));
            assert_copies_agree(&file, ring);
            keyring_free(ring);
        }
    }
}

/* A key was destroyed, and the power lost before the second copy. */
static void
a_destroyed_key_that_a_crash_left_behind_is_overwritten_on_loading(void **state)
{
    static struct file  file;
    struct keyring     *ring = ring_with_pair(&file);
    struct keyring_name name = name_of(KEYRING_VAULT, 1);
    struct keyring_key  key;
    uint8_t             wrapped[KEYRING_SLOT_LEN];

    (void)state;
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
    memcpy(wrapped, file_copy(&file, key.slot, 0).ptr, sizeof(wrapped));
    file.writes_left = 1;
    assert_int_equal(file_destroy(&file, ring, name), STATUS_OK);
    keyring_free(ring);

    assert_non_null(memmem(file.bytes, file.len, wrapped, sizeof(wrapped)));
    ring = file_load(&file);
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
    assert_int_equal(key.state, KEYRING_GONE);
    assert_null(memmem(file.bytes, file.len, wrapped, sizeof(wrapped)));
    keyring_free(ring);
}

static void
one_damaged_copy_is_mended_from_the_other(void **state)
{
    static struct file file;
    struct digest      after[SCRIPT_STEPS + 1];
    size_t             len;

    (void)state;
    (void)run_script(&file, UINT32_MAX, false, after);
    len = file.len;
    for (size_t at = 0; at < len; at += 37) {
        struct keyring *ring;
        struct digest   now;

        file.bytes[at] ^= 0x10;
        ring = file_load(&file);
        now = digest_of(ring);
        assert_int_equal(keyring_corrupt_count(ring), 0);
        assert_true(digest_equal(&now, &after[SCRIPT_STEPS]));
        assert_copies_agree(&file, ring);
        keyring_free(ring);
    }
}

static void
a_lost_page_loses_nothing(void **state)
{
    static struct file file;
    struct digest      after[SCRIPT_STEPS + 1];
    size_t             pages;

    (void)state;
    (void)run_script(&file, UINT32_MAX, false, after);
    pages = file.len / KEYRING_PAGE_LEN;
    assert_int_equal(pages, 6);
    for (size_t page = 0; page < pages; page++) {
        struct keyring *ring;
        struct digest   now;

        memset(file.bytes + page * KEYRING_PAGE_LEN, 0, KEYRING_PAGE_LEN);
        ring = file_load(&file);
        now = digest_of(ring);
        assert_true(digest_equal(&now, &after[SCRIPT_STEPS]));
        keyring_free(ring);
    }
}

/* Both copies of `slot` damaged; what it held is `name`. */
static struct keyring *
load_with_slot_damaged(struct file *file, size_t slot)
{
    file->bytes[keyring_offset(slot, 0) + 100] ^= 1;
    file->bytes[keyring_offset(slot, 1) + 20] ^= 1;
    return file_load(file);
}

static void
a_slot_with_no_good_copy_is_counted_kept_and_never_used_again(void **state)
{
    static struct file  file, before;
    struct keyring     *ring = ring_with_pair(&file);
    struct keyring_name name = name_of(KEYRING_VAULT, 1);
    struct keyring_key  key;
    size_t              slot;

    (void)state;
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
    slot = key.slot;
    keyring_free(ring);

    ring = load_with_slot_damaged(&file, slot);
    before = file;
    assert_int_equal(keyring_corrupt_count(ring), 1);
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_NOT_FOUND);
    for (uint64_t i = 2; keyring_free_count(ring) > 0; i++)
        assert_int_equal(file_put(&file, ring, name_of(KEYRING_VAULT, i), 20),
                         STATUS_OK);
    for (unsigned copy = 0; copy < 2; copy++)
        assert_true(span_equal(file_copy(&file, slot, copy),
                               file_copy(&before, slot, copy)));
    keyring_free(ring);
}

static void
a_file_whose_slot_0_is_lost_does_not_grow(void **state)
{
    static struct file    file;
    struct keyring       *ring = ring_with_pair(&file);
    struct secret32       seed = secret_from(3);
    struct keyring_growth growth;

    (void)state;
    keyring_free(ring);
    ring = load_with_slot_damaged(&file, 0);
    assert_int_equal(keyring_slots(ring), 0);
    assert_int_equal(keyring_corrupt_count(ring), 1);
    for (size_t i = 1; i < KEYRING_PAIR_SLOTS; i++)
        assert_int_equal(file_load_slot(&file, ring, i), STATUS_OK);
    assert_int_equal(keyring_grow(ring, &seed, &growth), STATUS_CORRUPT);
    keyring_free(ring);
}

static void
another_storage_key_opens_no_slot(void **state)
{
    static struct file  file;
    struct keyring     *ring = ring_with_pair(&file);
    struct secret32     other = secret_from(2);
    enum keyring_repair repair;

    (void)state;
    keyring_free(ring);
    ring = keyring_new(&other);
    for (size_t i = 0; i < KEYRING_PAIR_SLOTS; i++)
        assert_int_equal(keyring_load_slot(ring, i, file_copy(&file, i, 0),
                                           file_copy(&file, i, 1), &repair),
                         STATUS_CORRUPT);
    keyring_free(ring);
}

/* The bytes of a slot that is sealed well. */
static void
write_slot(struct file *file, size_t index, const struct keyring_slot *slot,
           unsigned copies)
{
    struct secret32 storage_key = secret_from(1);
    uint8_t         nonce[KEYRING_NONCE_LEN], bytes[KEYRING_SLOT_LEN];

    file_nonce(file, nonce);
    keyring_slot_encode(&storage_key, index, nonce, slot, bytes);
    for (unsigned copy = 0; copy < 2; copy++)
        if (copies & 1u << copy)
            memcpy(file->bytes + keyring_offset(index, copy), bytes,
                   sizeof(bytes));
}

static void
slots_that_contradict_are_corrupt(void **state)
{
    static struct file  file, good;
    struct keyring     *ring = ring_with_pair(&good);
    struct keyring_slot slot = {.name = name_of(KEYRING_LOG, 1),
                                .state = KEYRING_CURRENT,
                                .generation = 7};
    struct keyring_slot extent = {.name = name_of(KEYRING_EXTENT, 1),
                                  .state = KEYRING_CURRENT,
                                  .generation = 7};

    (void)state;
    keyring_free(ring);
    for (int way = 0; way < 6; way++) {
        file = good;
        switch (way) {
        case 0: /* two different ones of one generation */
            write_slot(&file, 5, &slot, 1);
            write_slot(&file, 5, &slot, 2);
            break;
        case 1: /* one name twice */
            write_slot(&file, 5, &slot, 3);
            write_slot(&file, 6, &slot, 3);
            break;
        case 2: write_slot(&file, 5, &extent, 3); break;
        case 3: write_slot(&file, 0, &slot, 3); break;
        case 4: /* more pairs than a ring may have */
            extent.name.number = LIMIT_KEYRING_SLOTS / KEYRING_PAIR_SLOTS + 1;
            write_slot(&file, 0, &extent, 3);
            break;
        default: /* a slot in the place of another */
            memcpy(file.bytes + keyring_offset(5, 0),
                   file.bytes + keyring_offset(6, 0), KEYRING_SLOT_LEN);
            memcpy(file.bytes + keyring_offset(5, 1),
                   file.bytes + keyring_offset(6, 1), KEYRING_SLOT_LEN);
            break;
        }
        ring = file_load(&file);
        assert_int_equal(keyring_corrupt_count(ring), 1);
        keyring_free(ring);
    }
}

static void
what_stands_behind_the_last_pair_counted_means_nothing(void **state)
{
    static struct file file;
    struct keyring    *ring = ring_with_pair(&file);
    struct digest      before = digest_of(ring), now;

    (void)state;
    file.writes_left = 1; /* the pair, but not slot 0 */
    file_grow(&file, ring, 0xd1);
    keyring_free(ring);
    assert_int_equal(file.len, 2 * KEYRING_PAIR_LEN);
    ring = file_load(&file);
    now = digest_of(ring);
    assert_true(digest_equal(&now, &before));
    file_grow(&file, ring, 0xd3); /* over it */
    keyring_free(ring);
    ring = file_load(&file);
    assert_int_equal(keyring_slots(ring), 2 * KEYRING_PAIR_SLOTS);
    assert_int_equal(keyring_corrupt_count(ring), 0);
    keyring_free(ring);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            power_lost_at_any_write_loses_at_most_the_change_under_way),
        cmocka_unit_test(
            a_destroyed_key_that_a_crash_left_behind_is_overwritten_on_loading),
        cmocka_unit_test(one_damaged_copy_is_mended_from_the_other),
        cmocka_unit_test(a_lost_page_loses_nothing),
        cmocka_unit_test(
            a_slot_with_no_good_copy_is_counted_kept_and_never_used_again),
        cmocka_unit_test(a_file_whose_slot_0_is_lost_does_not_grow),
        cmocka_unit_test(another_storage_key_opens_no_slot),
        cmocka_unit_test(slots_that_contradict_are_corrupt),
        cmocka_unit_test(
            what_stands_behind_the_last_pair_counted_means_nothing),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

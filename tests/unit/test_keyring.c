/* test_keyring.c - which key is current, old or gone; on disk, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/keyring_world.h"

static const struct keyring_owner self;

/* A ring with one pair of slots and its file. */
static struct keyring *
ring_with_pair(struct file *file)
{
    struct keyring *ring = ring_new();

    *file = file_empty();
    file_grow(file, ring, 0xd0);
    return ring;
}

static void
assert_key(const struct keyring_key *key, uint64_t number,
           enum keyring_state state, unsigned secret_first)
{
    struct secret32 secret = secret_from(secret_first);

    assert_int_equal(key->name.number, number);
    assert_int_equal(key->state, state);
    assert_memory_equal(key->secret->bytes, secret.bytes, LIMIT_KEY);
}

static void
a_key_is_found_by_name_current_and_highest(void **state)
{
    struct file         file;
    struct keyring     *ring = ring_with_pair(&file);
    struct keyring_name one = name_of(KEYRING_LOG, 1);
    struct keyring_name two = name_of(KEYRING_LOG, 2);
    struct keyring_key  key;

    (void)state;
    assert_int_equal(keyring_current(ring, KEYRING_LOG, &self, &key),
                     STATUS_NOT_FOUND);
    assert_int_equal(file_put(&file, ring, two, 20), STATUS_OK);
    assert_int_equal(file_put(&file, ring, one, 10), STATUS_OK);
    assert_int_equal(keyring_find(ring, &one, &key), STATUS_OK);
    assert_key(&key, 1, KEYRING_CURRENT, 10);
    assert_int_equal(keyring_current(ring, KEYRING_LOG, &self, &key),
                     STATUS_OK);
    assert_key(&key, 2, KEYRING_CURRENT, 20);

    assert_int_equal(file_retire(&file, ring, two), STATUS_OK);
    assert_int_equal(keyring_current(ring, KEYRING_LOG, &self, &key),
                     STATUS_OK);
    assert_key(&key, 1, KEYRING_CURRENT, 10);
    assert_int_equal(keyring_highest(ring, KEYRING_LOG, &self, &key),
                     STATUS_OK);
    assert_key(&key, 2, KEYRING_OLD, 20);
    keyring_free(ring);
}

static void
kinds_and_owners_do_not_see_each_other(void **state)
{
    struct file          file;
    struct keyring      *ring = ring_with_pair(&file);
    struct keyring_name  name = name_of(KEYRING_SEALING, 5);
    struct keyring_owner other = {{1}};
    struct keyring_key   key;

    (void)state;
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    name.owner = other;
    name.number = 4;
    assert_int_equal(file_put(&file, ring, name, 20), STATUS_OK);
    assert_int_equal(keyring_current(ring, KEYRING_SEALING, &other, &key),
                     STATUS_OK);
    assert_key(&key, 4, KEYRING_CURRENT, 20);
    assert_int_equal(keyring_current(ring, KEYRING_SEALING, &self, &key),
                     STATUS_OK);
    assert_key(&key, 5, KEYRING_CURRENT, 10);
    assert_int_equal(keyring_current(ring, KEYRING_LINK, &self, &key),
                     STATUS_NOT_FOUND);
    assert_int_equal(keyring_highest(ring, KEYRING_VAULT, &self, &key),
                     STATUS_NOT_FOUND);
    keyring_free(ring);
}

static void
keys_are_walked_in_order_of_kind_owner_number(void **state)
{
    struct file        file;
    struct keyring    *ring = ring_with_pair(&file);
    struct keyring_key key;
    size_t             cursor = 0;
    static const struct {
        enum keyring_kind kind;
        uint64_t          number;
    } order[] = {{KEYRING_LOG, 7},
                 {KEYRING_VAULT, 1},
                 {KEYRING_VAULT, 300},
                 {KEYRING_VAULT, UINT64_MAX}};

    (void)state;
    for (size_t i = 4; i-- > 0;)
        assert_int_equal(file_put(&file, ring,
                                  name_of(order[i].kind, order[i].number), 1),
                         STATUS_OK);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(keyring_next(ring, &cursor, &key), STATUS_OK);
        assert_int_equal(key.name.kind, order[i].kind);
        assert_true(key.name.number == order[i].number);
    }
    assert_int_equal(keyring_next(ring, &cursor, &key), STATUS_NOT_FOUND);
    assert_int_equal(keyring_highest(ring, KEYRING_VAULT, &self, &key),
                     STATUS_OK);
    assert_true(key.name.number == UINT64_MAX);
    keyring_free(ring);
}

static void
a_name_is_given_once_even_when_its_key_is_gone(void **state)
{
    struct file         file;
    struct keyring     *ring = ring_with_pair(&file);
    struct keyring_name name = name_of(KEYRING_VAULT, 1);

    (void)state;
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_DUPLICATE);
    assert_int_equal(file_destroy(&file, ring, name), STATUS_OK);
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_DUPLICATE);
    keyring_free(ring);
}

static void
states_go_one_way(void **state)
{
    struct file         file;
    struct keyring     *ring = ring_with_pair(&file);
    struct keyring_name name = name_of(KEYRING_LINK, 1);

    (void)state;
    assert_int_equal(file_retire(&file, ring, name), STATUS_NOT_FOUND);
    assert_int_equal(file_destroy(&file, ring, name), STATUS_NOT_FOUND);
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    assert_int_equal(file_retire(&file, ring, name), STATUS_OK);
    assert_int_equal(file_retire(&file, ring, name), STATUS_BAD_STATE);
    assert_int_equal(file_destroy(&file, ring, name), STATUS_OK);
    assert_int_equal(file_destroy(&file, ring, name), STATUS_BAD_STATE);
    assert_int_equal(file_retire(&file, ring, name), STATUS_BAD_STATE);
    keyring_free(ring);
}

static void
a_destroyed_key_is_wiped_in_memory_and_overwritten_twice_on_disk(void **state)
{
    struct file            file;
    struct keyring        *ring = ring_with_pair(&file);
    struct keyring_name    name = name_of(KEYRING_SEALING, 1);
    struct keyring_key     key;
    const struct secret32 *secret;
    uint8_t                before[KEYRING_SLOT_LEN];

    (void)state;
    assert_int_equal(file_put(&file, ring, name, 10), STATUS_OK);
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
    secret = key.secret;
    memcpy(before, file_copy(&file, key.slot, 0).ptr, sizeof(before));
    assert_memory_equal(file_copy(&file, key.slot, 1).ptr, before,
                        sizeof(before));

    assert_int_equal(file_destroy(&file, ring, name), STATUS_OK);
    assert_true(secret_is_zero(secret->bytes, LIMIT_KEY));
    assert_null(memmem(file.bytes, file.len, before + 80, LIMIT_KEY));
    assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
    assert_int_equal(key.state, KEYRING_GONE);
    keyring_free(ring);
}

static void
a_full_ring_refuses_until_it_has_grown(void **state)
{
    struct file            file;
    struct keyring        *ring = ring_with_pair(&file);
    struct keyring_name    first = name_of(KEYRING_VAULT, 0);
    struct keyring_key     key;
    const struct secret32 *loan;
    size_t                 count = keyring_free_count(ring);

    (void)state;
    assert_int_equal(count, KEYRING_PAIR_SLOTS - 1);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(
            file_put(&file, ring, name_of(KEYRING_VAULT, i), 10), STATUS_OK);
    assert_int_equal(file_put(&file, ring, name_of(KEYRING_VAULT, count), 10),
                     STATUS_FULL);
    assert_int_equal(keyring_find(ring, &first, &key), STATUS_OK);
    loan = key.secret;
    file_grow(&file, ring, 0xd1);
    assert_int_equal(keyring_slots(ring), 2 * KEYRING_PAIR_SLOTS);
    assert_int_equal(file_put(&file, ring, name_of(KEYRING_VAULT, count), 10),
                     STATUS_OK);
    assert_int_equal(keyring_find(ring, &first, &key), STATUS_OK);
    assert_ptr_equal(key.secret, loan);
    keyring_free(ring);
}

static void
the_slot_of_a_destroyed_key_is_used_again(void **state)
{
    struct file    file;
    struct keyring *ring = ring_with_pair(&file);

    (void)state;
    for (uint64_t i = 0; i < 10 * KEYRING_PAIR_SLOTS; i++) {
        assert_int_equal(file_put(&file, ring, name_of(KEYRING_VAULT, i), 10),
                         STATUS_OK);
        if (i >= 8)
            assert_int_equal(
                file_destroy(&file, ring, name_of(KEYRING_VAULT, i - 8)),
                STATUS_OK);
    }
    assert_int_equal(keyring_slots(ring), KEYRING_PAIR_SLOTS);
    keyring_free(ring);
}

static void
what_is_written_loads_the_same(void **state)
{
    struct file        file;
    struct keyring    *ring = ring_with_pair(&file), *again;
    struct keyring_key key;

    (void)state;
    assert_int_equal(file_put(&file, ring, name_of(KEYRING_LOG, 1), 10),
                     STATUS_OK);
    assert_int_equal(file_put(&file, ring, name_of(KEYRING_LOG, 2), 20),
                     STATUS_OK);
    assert_int_equal(file_put(&file, ring, name_of(KEYRING_SEGMENT, 3), 0),
                     STATUS_OK);
    assert_int_equal(file_retire(&file, ring, name_of(KEYRING_LOG, 1)),
                     STATUS_OK);
    again = file_load(&file);
    assert_int_equal(keyring_corrupt_count(again), 0);
    assert_int_equal(keyring_slots(again), KEYRING_PAIR_SLOTS);
    assert_int_equal(keyring_free_count(again), keyring_free_count(ring));
    assert_int_equal(keyring_current(again, KEYRING_LOG, &self, &key),
                     STATUS_OK);
    assert_key(&key, 2, KEYRING_CURRENT, 20);
    assert_int_equal(
        keyring_find(again, &(struct keyring_name){KEYRING_LOG, self, 1}, &key),
        STATUS_OK);
    assert_key(&key, 1, KEYRING_OLD, 10);
    keyring_free(ring);
    keyring_free(again);
}

static void
ten_thousand_vault_keys_are_kept_and_found(void **state)
{
    struct secret32    secret = secret_from(7), seed = secret_from(9);
    struct keyring    *ring = ring_new();
    struct keyring_key key;
    uint8_t            nonce[KEYRING_NONCE_LEN] = {0};

    (void)state;
    for (uint64_t i = 0; i < 10000; i++) {
        struct keyring_name   name = name_of(KEYRING_VAULT, i);
        struct keyring_change change;
        struct keyring_growth growth;

        if (keyring_free_count(ring) == 0)
            assert_int_equal(keyring_grow(ring, &seed, &growth), STATUS_OK);
        assert_int_equal(keyring_put(ring, &name, &secret, nonce, &change),
                         STATUS_OK);
    }
    for (uint64_t i = 0; i < 10000; i++) {
        struct keyring_name name = name_of(KEYRING_VAULT, i);

        assert_int_equal(keyring_find(ring, &name, &key), STATUS_OK);
        assert_key(&key, i, KEYRING_CURRENT, 7);
    }
    keyring_free(ring);
}

static void
a_ring_stops_growing_at_its_limit(void **state)
{
    struct secret32       seed = secret_from(9);
    struct keyring       *ring = ring_new();
    struct keyring_growth growth;
    size_t                pairs = LIMIT_KEYRING_SLOTS / KEYRING_PAIR_SLOTS;

    (void)state;
    for (size_t i = 0; i < pairs; i++) {
        assert_int_equal(keyring_grow(ring, &seed, &growth), STATUS_OK);
        assert_int_equal(growth.offset, i * KEYRING_PAIR_LEN);
    }
    assert_int_equal(keyring_grow(ring, &seed, &growth), STATUS_FULL);
    assert_int_equal(keyring_slots(ring), LIMIT_KEYRING_SLOTS);
    keyring_free(ring);
}

static void
the_two_copies_of_a_slot_stand_in_different_pages(void **state)
{
    (void)state;
    assert_int_equal(keyring_offset(0, 0), 0);
    assert_int_equal(keyring_offset(0, 1), 4096);
    assert_int_equal(keyring_offset(31, 0), 3968);
    assert_int_equal(keyring_offset(32, 0), 8192);
    assert_int_equal(keyring_offset(33, 1), 12416);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_name_current_and_highest),
        cmocka_unit_test(kinds_and_owners_do_not_see_each_other),
        cmocka_unit_test(keys_are_walked_in_order_of_kind_owner_number),
        cmocka_unit_test(a_name_is_given_once_even_when_its_key_is_gone),
        cmocka_unit_test(states_go_one_way),
        cmocka_unit_test(
            a_destroyed_key_is_wiped_in_memory_and_overwritten_twice_on_disk),
        cmocka_unit_test(a_full_ring_refuses_until_it_has_grown),
        cmocka_unit_test(the_slot_of_a_destroyed_key_is_used_again),
        cmocka_unit_test(what_is_written_loads_the_same),
        cmocka_unit_test(ten_thousand_vault_keys_are_kept_and_found),
        cmocka_unit_test(a_ring_stops_growing_at_its_limit),
        cmocka_unit_test(the_two_copies_of_a_slot_stand_in_different_pages),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

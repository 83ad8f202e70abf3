/* test_keyring_table.c - slots by place, names in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/keyring_table.h"

#include <string.h>

static const struct keyring_owner self;

static struct keyring_name
name_of(enum keyring_kind kind, uint64_t number)
{
    return (struct keyring_name){.kind = kind, .number = number};
}

/* Slot 0 and `count` free ones. */
static struct keyring_table
table_with(size_t count)
{
    struct keyring_table      table = {0};
    const struct keyring_slot extent = {.name = {.kind = KEYRING_EXTENT},
                                        .state = KEYRING_CURRENT};
    const struct keyring_slot unused = {.state = KEYRING_GONE};

    assert_int_equal(keyring_table_reserve(&table, count + 1), STATUS_OK);
    keyring_table_append(&table, &extent);
    for (size_t i = 0; i < count; i++)
        keyring_table_append(&table, &unused);
    return table;
}

static size_t
take(struct keyring_table *table, enum keyring_kind kind, uint64_t number)
{
    struct keyring_name name = name_of(kind, number);
    struct secret32     secret = {{(uint8_t)number}};

    return keyring_table_take(table, &name, &secret);
}

static void
names_are_found_whatever_order_they_came_in(void **state)
{
    static const uint64_t numbers[] = {5, 1, UINT64_MAX, 0, 3};
    struct keyring_table  table = table_with(5);

    (void)state;
    for (size_t i = 0; i < 5; i++)
        (void)take(&table, KEYRING_VAULT, numbers[i]);
    for (size_t i = 0; i < 5; i++) {
        struct keyring_name name = name_of(KEYRING_VAULT, numbers[i]);

        assert_true(keyring_table_has(&table, &name));
        name.kind = KEYRING_LOG;
        assert_false(keyring_table_has(&table, &name));
    }
    for (size_t i = 1; i < table.order_count; i++)
        assert_true(table.entries[table.order[i - 1]].name.number <
                    table.entries[table.order[i]].name.number);
    keyring_table_clear(&table);
}

static void
the_highest_is_asked_by_state_or_by_none(void **state)
{
    struct keyring_table table = table_with(4);
    size_t               at, last = 0;

    (void)state;
    (void)take(&table, KEYRING_LOG, 1);
    (void)take(&table, KEYRING_LOG, 2);
    last = take(&table, KEYRING_LOG, 3);
    (void)take(&table, KEYRING_WITNESS, 9);
    keyring_table_drop(&table, last);
    assert_int_equal(
        keyring_table_highest(&table, KEYRING_LOG, &self, 0, &at), STATUS_OK);
    assert_int_equal(at, 2);
    assert_int_equal(keyring_table_highest(&table, KEYRING_LOG, &self,
                                           KEYRING_CURRENT, &at),
                     STATUS_OK);
    assert_int_equal(at, 1);
    assert_int_equal(
        keyring_table_highest(&table, KEYRING_LOG, &self, KEYRING_OLD, &at),
        STATUS_NOT_FOUND);
    assert_int_equal(
        keyring_table_highest(&table, KEYRING_LINK, &self, 0, &at),
        STATUS_NOT_FOUND);
    keyring_table_clear(&table);
}

static void
a_dropped_slot_is_wiped_remembered_and_then_taken_again(void **state)
{
    struct keyring_table table = table_with(1);
    struct keyring_name  first = name_of(KEYRING_VAULT, 1);
    size_t               slot = take(&table, KEYRING_VAULT, 1);

    (void)state;
    assert_int_equal(table.free_count, 0);
    keyring_table_drop(&table, slot);
    assert_true(secret_is_zero(keyring_table_secret(&table, slot)->bytes,
                               LIMIT_KEY));
    assert_true(keyring_table_has(&table, &first));
    assert_int_equal(take(&table, KEYRING_VAULT, 2), slot);
    assert_false(keyring_table_has(&table, &first));
    keyring_table_clear(&table);
}

static void
a_corrupt_slot_is_neither_free_nor_named(void **state)
{
    struct keyring_table table = table_with(1);

    (void)state;
    assert_int_equal(keyring_table_reserve(&table, 1), STATUS_OK);
    keyring_table_append_corrupt(&table);
    assert_int_equal(table.slot_count, 3);
    assert_int_equal(table.corrupt_count, 1);
    assert_int_equal(table.free_count, 1);
    assert_int_equal(table.order_count, 0);
    keyring_table_clear(&table);
}

static void
secrets_stay_where_they_are_while_the_table_grows(void **state)
{
    struct keyring_table table = table_with(4);
    size_t               slot = take(&table, KEYRING_VAULT, 1);
    struct secret32     *secret = keyring_table_secret(&table, slot);

    (void)state;
    assert_int_equal(keyring_table_reserve(&table, 50000), STATUS_OK);
    assert_ptr_equal(keyring_table_secret(&table, slot), secret);
    assert_int_equal(secret->bytes[0], 1);
    assert_int_equal(keyring_table_reserve(&table, LIMIT_KEYRING_SLOTS),
                     STATUS_FULL);
    keyring_table_clear(&table);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_whatever_order_they_came_in),
        cmocka_unit_test(the_highest_is_asked_by_state_or_by_none),
        cmocka_unit_test(
            a_dropped_slot_is_wiped_remembered_and_then_taken_again),
        cmocka_unit_test(a_corrupt_slot_is_neither_free_nor_named),
        cmocka_unit_test(secrets_stay_where_they_are_while_the_table_grows),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

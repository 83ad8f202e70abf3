#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/core/event.h"

static int
make(void **state)
{
    *state = malloc(sizeof(struct effects));
    effects_init(*state);
    return 0;
}

static int
drop(void **state)
{
    effects_free(*state);
    free(*state);
    return 0;
}

static void
a_new_effect_is_zero_but_for_its_kind(void **state)
{
    struct effect *effect = effects_add(*state, EFFECT_SEND);
    struct effect  expected = {.kind = EFFECT_SEND};

    assert_memory_equal(effect, &expected, sizeof(expected));
}

static void
a_list_of_any_length_keeps_what_was_added(void **state)
{
    struct effects *out = *state;

    for (uint64_t i = 0; i < 10000; i++)
        effects_add(out, EFFECT_SEND)->link = i;
    assert_int_equal(out->count, 10000);
    for (uint64_t i = 0; i < 10000; i++)
        assert_int_equal(out->list[i].link, i);
}

static void
memory_stays_where_it_is_until_the_turn_is_cleared(void **state)
{
    struct effects *out = *state;
    uint8_t        *at[3000];

    for (size_t i = 0; i < 3000; i++) {
        at[i] = effects_alloc(out, 333);
        memset(at[i], (int)(i % 251), 333);
    }
    for (size_t i = 0; i < 3000; i++)
        for (size_t k = 0; k < 333; k++)
            assert_int_equal(at[i][k], i % 251);
}

static void
an_object_larger_than_a_chunk_has_a_place(void **state)
{
    struct effects *out = *state;
    uint8_t        *at = effects_alloc(out, 10000000);

    memset(at, 7, 10000000);
    assert_int_equal(at[9999999], 7);
}

static void
memory_is_aligned_for_any_object(void **state)
{
    struct effects *out = *state;

    for (size_t len = 0; len < 100; len++)
        assert_int_equal((uintptr_t)effects_alloc(out, len) % 16, 0);
}

static void
a_copy_is_the_same_bytes_elsewhere(void **state)
{
    struct effects *out = *state;
    uint8_t         bytes[] = {1, 2, 3};
    struct span     copy = effects_copy(out, SPAN_OF(bytes));

    bytes[0] = 9;
    assert_int_equal(copy.len, 3);
    assert_memory_equal(copy.ptr, ((uint8_t[]){1, 2, 3}), 3);
}

static void
a_copy_of_nothing_is_empty(void **state)
{
    assert_int_equal(effects_copy(*state, SPAN_EMPTY).len, 0);
}

static void
effects_are_ordered_by_kind_and_stay_in_order_within(void **state)
{
    struct effects        *out = *state;
    const enum effect_kind mixed[] = {EFFECT_LOG,  EFFECT_SEND, EFFECT_SAVE,
                                      EFFECT_SEND, EFFECT_KEY,  EFFECT_SAVE,
                                      EFFECT_CLOSE};
    const uint64_t         order[] = {4, 2, 5, 1, 3, 6, 0};

    for (uint64_t i = 0; i < 7; i++)
        effects_add(out, mixed[i])->token = i;
    effects_order(out);
    assert_int_equal(out->count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(out->list[i].token, order[i]);
}

static void
an_empty_list_is_in_order(void **state)
{
    struct effects *out = *state;

    effects_order(out);
    assert_int_equal(out->count, 0);
}

static void
clearing_drops_the_turn_and_wipes_what_it_held(void **state)
{
    struct effects *out = *state;
    uint8_t        *secret = effects_alloc(out, 64);

    memset(secret, 0xee, 64);
    effects_add(out, EFFECT_SAVE)->secret = (struct span){secret, 64};
    effects_clear(out);
    assert_int_equal(out->count, 0);
    /* One chunk of ordinary size is kept for the next turn. */
    assert_ptr_equal(effects_alloc(out, 64), secret);
    for (size_t i = 0; i < 64; i++)
        assert_int_equal(secret[i], 0);
}

static void
a_cleared_list_is_as_good_as_new(void **state)
{
    struct effects *out = *state;

    for (unsigned turn = 0; turn < 50; turn++) {
        for (unsigned i = 0; i < 200; i++) {
            effects_add(out, EFFECT_SEND)->link = i;
            memset(effects_alloc(out, 5000), (int)i, 5000);
        }
        assert_int_equal(out->count, 200);
        effects_clear(out);
    }
}

#define EFFECTS_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        EFFECTS_TEST(a_new_effect_is_zero_but_for_its_kind),
        EFFECTS_TEST(a_list_of_any_length_keeps_what_was_added),
        EFFECTS_TEST(memory_stays_where_it_is_until_the_turn_is_cleared),
        EFFECTS_TEST(an_object_larger_than_a_chunk_has_a_place),
        EFFECTS_TEST(memory_is_aligned_for_any_object),
        EFFECTS_TEST(a_copy_is_the_same_bytes_elsewhere),
        EFFECTS_TEST(a_copy_of_nothing_is_empty),
        EFFECTS_TEST(effects_are_ordered_by_kind_and_stay_in_order_within),
        EFFECTS_TEST(an_empty_list_is_in_order),
        EFFECTS_TEST(clearing_drops_the_turn_and_wipes_what_it_held),
        EFFECTS_TEST(a_cleared_list_is_as_good_as_new),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

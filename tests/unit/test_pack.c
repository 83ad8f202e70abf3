#include "tests/unit/group_world.h"

static void
the_same_turn_gives_the_same_bytes(void **state)
{
    struct group_buffer one = {0};
    struct group_buffer two = {0};

    (void)state;
    pack_some(&one);
    pack_some(&two);
    assert_int_equal(one.len, two.len);
    assert_memory_equal(one.ptr, two.ptr, one.len);
    group_buffer_free(&one);
    group_buffer_free(&two);
}

static void
its_length_is_known_before(void **state)
{
    struct group_buffer buffer = {0};
    struct effects      effects;
    size_t              len = 0;

    (void)state;
    pack_some(&buffer);
    fill_effects(&effects);
    assert_int_equal(pack_len(&effects, &len), STATUS_OK);
    assert_int_equal(len, buffer.len);
    effects_free(&effects);
    group_buffer_free(&buffer);
}

static void
no_secret_stands_in_the_open(void **state)
{
    struct group_buffer buffer = {0};

    (void)state;
    pack_some(&buffer);
    assert_non_null(memmem(buffer.ptr, buffer.len, "fourth", 6));
    assert_null(memmem(buffer.ptr, buffer.len, "three", 5));
    assert_null(memmem(buffer.ptr, buffer.len, "two", 3));
    group_buffer_free(&buffer);
}

static void
a_group_of_another_place_does_not_open(void **state)
{
    struct group_buffer buffer = {0};
    uint32_t            known = 10;
    struct group_keys   keys = keys_below(&known);
    struct group        group;

    (void)state;
    pack_some(&buffer);
    buffer.ptr[47] ^= 1; /* the segment that its boxes are bound to */
    assert_int_equal(group_open(buffer.ptr, buffer.len, &keys, &group),
                     STATUS_CORRUPT);
    buffer.ptr[47] ^= 1;
    buffer.ptr[55] ^= 1; /* and the sequence */
    assert_int_equal(group_open(buffer.ptr, buffer.len, &keys, &group),
                     STATUS_CORRUPT);
    group_buffer_free(&buffer);
}

static void
a_vault_without_key_is_refused_and_leaves_no_plaintext(void **state)
{
    struct group_buffer buffer = {0};
    struct group_id     id = id_of_group(1, 1);
    struct effects      effects;
    uint32_t            known = 2;
    struct group_keys   keys = keys_below(&known);

    (void)state;
    fill_effects(&effects);
    assert_int_equal(pack_group(&effects, &id, &keys, &buffer),
                     STATUS_NOT_FOUND);
    assert_null(memmem(buffer.ptr, buffer.cap, "two", 3));
    effects_free(&effects);
    group_buffer_free(&buffer);
}

static void
what_is_too_large_is_refused_before_it_is_written(void **state)
{
    static uint8_t large[LIMIT_RECORD + 1];
    struct effects effects;
    struct effect *save;
    size_t         len;

    (void)state;
    effects_init(&effects);
    save = effects_add(&effects, EFFECT_SAVE);
    save->bytes = (struct span){large, sizeof(large)};
    assert_int_equal(pack_len(&effects, &len), STATUS_TOO_LARGE);
    save->bytes.len--;
    assert_int_equal(pack_len(&effects, &len), STATUS_OK);
    for (size_t i = 0; i < LIMIT_GROUP / LIMIT_RECORD; i++) {
        save = effects_add(&effects, EFFECT_SAVE);
        save->bytes = (struct span){large, LIMIT_RECORD};
    }
    assert_int_equal(pack_len(&effects, &len), STATUS_TOO_LARGE);
    effects_clear(&effects);
    for (size_t i = 0; i <= GROUP_RECORDS_MAX; i++)
        (void)effects_add(&effects, EFFECT_SAVE);
    assert_int_equal(pack_len(&effects, &len), STATUS_TOO_LARGE);
    effects_free(&effects);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_turn_gives_the_same_bytes),
        cmocka_unit_test(its_length_is_known_before),
        cmocka_unit_test(no_secret_stands_in_the_open),
        cmocka_unit_test(a_group_of_another_place_does_not_open),
        cmocka_unit_test(
            a_vault_without_key_is_refused_and_leaves_no_plaintext),
        cmocka_unit_test(what_is_too_large_is_refused_before_it_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

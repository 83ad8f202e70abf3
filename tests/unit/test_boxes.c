#include "tests/unit/group_world.h"

#include "node/store/boxes.h"

static void
each_vault_has_one_box_however_often_it_is_named(void **state)
{
    struct boxes boxes = {0};
    bool         added;

    (void)state;
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(boxes_count(&boxes, i % 20, 3, &added), STATUS_OK);
        assert_int_equal(added, i < 20);
    }
    assert_int_equal(boxes.count, 20);
    assert_int_equal(boxes_of(&boxes, 7)->len, 15);
    assert_int_equal(boxes.list[7].vault, 7);
    boxes_free(&boxes);
}

static void
a_box_longer_than_a_group_is_refused(void **state)
{
    struct boxes boxes = {0};
    bool         added;

    (void)state;
    assert_int_equal(boxes_count(&boxes, 1, LIMIT_GROUP, &added), STATUS_OK);
    assert_int_equal(boxes_count(&boxes, 1, 1, &added), STATUS_TOO_LARGE);
    assert_int_equal(boxes_count(&boxes, 2, SIZE_MAX, &added),
                     STATUS_TOO_LARGE);
    boxes_free(&boxes);
}

static void
what_was_sealed_opens_and_without_a_key_stays_as_it_is(void **state)
{
    struct group_head head = {.id = id_of_group(1, 2)};
    uint8_t           bytes[4 + LIMIT_TAG] = "tea?";
    uint8_t           sealed[sizeof(bytes)];
    uint32_t          known = 4;
    struct group_keys keys = keys_below(&known);
    struct boxes_one  box = {.vault = 3, .len = 4};

    (void)state;
    assert_int_equal(boxes_seal(&box, &head, &keys, bytes), STATUS_OK);
    memcpy(sealed, bytes, sizeof(sealed));
    known = 3;
    assert_int_equal(boxes_open(&box, &head, &keys, bytes), STATUS_OK);
    assert_true(box.gone);
    assert_memory_equal(bytes, sealed, sizeof(sealed));
    assert_int_equal(boxes_seal(&box, &head, &keys, bytes), STATUS_NOT_FOUND);
    known = 4;
    assert_int_equal(boxes_open(&box, &head, &keys, bytes), STATUS_OK);
    assert_false(box.gone);
    assert_memory_equal(bytes, "tea?", 4);
}

static void
the_key_of_another_vault_opens_nothing(void **state)
{
    struct group_head head = {.id = id_of_group(1, 2)};
    uint8_t           bytes[4 + LIMIT_TAG] = "tea?";
    uint32_t          known = 9;
    struct group_keys keys = keys_below(&known);
    struct boxes_one  box = {.vault = 3, .len = 4};

    (void)state;
    assert_int_equal(boxes_seal(&box, &head, &keys, bytes), STATUS_OK);
    box.vault = 4;
    assert_int_equal(boxes_open(&box, &head, &keys, bytes), STATUS_CORRUPT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_vault_has_one_box_however_often_it_is_named),
        cmocka_unit_test(a_box_longer_than_a_group_is_refused),
        cmocka_unit_test(
            what_was_sealed_opens_and_without_a_key_stays_as_it_is),
        cmocka_unit_test(the_key_of_another_vault_opens_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

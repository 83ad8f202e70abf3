#include "tests/unit/group_world.h"

static void
records_come_back_with_their_secrets_in_order(void **state)
{
    struct group_buffer buffer = {0};
    uint32_t            known = 10;
    struct group_keys   keys = keys_below(&known);
    struct group        group;

    (void)state;
    pack_some(&buffer);
    assert_int_equal(group_check((struct span){buffer.ptr, buffer.len}),
                     STATUS_OK);
    assert_int_equal(group_open(buffer.ptr, buffer.len, &keys, &group),
                     STATUS_OK);
    assert_int_equal(group.count, 4);
    expect(group.records[0].public, "first");
    expect(group.records[0].secret, "one");
    expect(group.records[1].public, "second");
    expect(group.records[1].secret, "");
    expect(group.records[2].secret, "two");
    expect(group.records[3].secret, "three");
    assert_int_equal(group.head.id.sequence, 12);
    group_close(&group);
    group_buffer_free(&buffer);
}

static void
a_secret_without_its_key_is_empty_and_says_that_it_was_there(void **state)
{
    struct group_buffer buffer = {0};
    uint32_t            known = 2;
    struct group_keys   keys = keys_below(&known);
    struct group        group;

    (void)state;
    pack_some(&buffer);
    assert_int_equal(group_open(buffer.ptr, buffer.len, &keys, &group),
                     STATUS_OK);
    expect(group.records[0].secret, "one");
    expect(group.records[2].secret, "");
    assert_int_equal(group.records[2].secret_len, 3);
    assert_int_equal(group.records[2].vault, 2);
    expect(group.records[3].secret, "three");
    group_close(&group);
    group_buffer_free(&buffer);
}

static void
without_keys_nothing_is_opened_and_no_byte_changed(void **state)
{
    struct group_buffer buffer = {0};
    struct group        group;

    (void)state;
    pack_some(&buffer);
    assert_int_equal(group_open(buffer.ptr, buffer.len, NULL, &group),
                     STATUS_OK);
    expect(group.records[2].public, "third");
    expect(group.records[2].secret, "");
    assert_int_equal(group_check((struct span){buffer.ptr, buffer.len}),
                     STATUS_OK);
    group_close(&group);
    group_buffer_free(&buffer);
}

static void
any_bit_flipped_is_no_group(void **state)
{
    struct group_buffer buffer = {0};
    struct span         bytes;

    (void)state;
    pack_some(&buffer);
    bytes = (struct span){buffer.ptr, buffer.len};
    for (size_t i = 0; i < 8 * buffer.len; i++) {
        buffer.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(group_check(bytes), STATUS_CORRUPT);
        buffer.ptr[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    assert_int_equal(group_check(bytes), STATUS_OK);
    group_buffer_free(&buffer);
}

static void
a_group_cut_short_or_grown_is_none(void **state)
{
    struct group_buffer buffer = {0};

    (void)state;
    pack_some(&buffer);
    for (size_t len = 0; len < buffer.len; len++)
        assert_int_equal(group_check((struct span){buffer.ptr, len}),
                         STATUS_CORRUPT);
    assert_int_equal(group_check((struct span){buffer.ptr, buffer.len + 1}),
                     STATUS_CORRUPT);
    group_buffer_free(&buffer);
}

/* A group that an insider made: the checksum fits, the layout does not. */
static void
lengths_that_do_not_fit_are_refused_whatever_the_checksum_says(void **state)
{
    /* record count, first record's public and secret length, box count */
    static const size_t at[] = {15, GROUP_HEAD + 3, GROUP_HEAD + 11, 83};
    uint32_t            known = 10;
    struct group_keys   keys = keys_below(&known);

    (void)state;
    for (size_t i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
        for (unsigned value = 0; value < 256; value++) {
            struct group_buffer buffer = {0};
            struct group        group;
            uint8_t             right;

            pack_some(&buffer);
            right = buffer.ptr[at[i]];
            buffer.ptr[at[i]] = (uint8_t)value;
            if (value != right)
                assert_int_equal(
                    group_open(buffer.ptr, buffer.len, &keys, &group),
                    STATUS_CORRUPT);
            group_buffer_free(&buffer);
        }
    }
}

static void
a_group_stands_on_whole_pages(void **state)
{
    (void)state;
    assert_int_equal(group_stride(1), SEGMENT_PAGE);
    assert_int_equal(group_stride(SEGMENT_PAGE), SEGMENT_PAGE);
    assert_int_equal(group_stride(SEGMENT_PAGE + 1), 2 * SEGMENT_PAGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_back_with_their_secrets_in_order),
        cmocka_unit_test(
            a_secret_without_its_key_is_empty_and_says_that_it_was_there),
        cmocka_unit_test(without_keys_nothing_is_opened_and_no_byte_changed),
        cmocka_unit_test(any_bit_flipped_is_no_group),
        cmocka_unit_test(a_group_cut_short_or_grown_is_none),
        cmocka_unit_test(
            lengths_that_do_not_fit_are_refused_whatever_the_checksum_says),
        cmocka_unit_test(a_group_stands_on_whole_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

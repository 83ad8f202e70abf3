/*
 * test_bundle.c - the header of a bundle has one layout, its key is of all
 * that the header says, and a record opens in its own place alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle.h"
#include "tests/unit/bundle_world.h"

struct header {
    uint8_t bytes[BUNDLE_HEADER_LEN];
};

static struct bundle
whole_fields(void)
{
    struct bundle fields = good_fields();

    memcpy(fields.ephemeral, dh_key_from(0x40).public_key, LIMIT_KEY);
    memcpy(fields.salt, secret_from(0x60).bytes, LIMIT_SALT);
    memcpy(fields.commitment, secret_from(0x70).bytes, LIMIT_KEY);
    memcpy(fields.first.bytes, secret_from(0x90).bytes, LIMIT_DIGEST);
    return fields;
}

static struct header
good_header(void)
{
    struct bundle   fields = whole_fields();
    struct sign_key log = log_key();
    struct header   header;

    bundle_encode(&fields, header.bytes);
    bundle_sign(header.bytes, &log);
    return header;
}

static enum status
decode(const struct header *header)
{
    struct bundle bundle;

    return bundle_decode(SPAN_OF(header->bytes), &bundle);
}

static void
a_header_is_the_bytes_of_its_layout(void **state)
{
    struct header header = good_header();
    struct vector begins = vector_of("656e74656e74652f62756e646c652f31"
                                     "0001"
                                     "000102030405060708090a0b0c0d0e0f"
                                     "101112131415161718191a1b1c1d1e1f"
                                     "00000003"
                                     "0000000000000007"
                                     "00000009"
                                     "00000003");
    struct bundle fields = whole_fields();

    (void)state;
    assert_int_equal(begins.len, 70);
    assert_memory_equal(header.bytes, begins.bytes, 70);
    assert_memory_equal(header.bytes + 70, fields.ephemeral, LIMIT_KEY);
    assert_memory_equal(header.bytes + 102, fields.salt, LIMIT_SALT);
    assert_memory_equal(header.bytes + 118, fields.commitment, LIMIT_KEY);
    assert_memory_equal(header.bytes + 150, fields.first.bytes, LIMIT_DIGEST);
}

static void
what_is_read_is_what_was_written(void **state)
{
    struct header header = good_header(), again;
    struct bundle bundle;

    (void)state;
    assert_int_equal(bundle_decode(SPAN_OF(header.bytes), &bundle), STATUS_OK);
    assert_int_equal(bundle.number, 7);
    assert_int_equal(bundle.serial, 3);
    assert_int_equal(bundle.sealing_key, 9);
    assert_int_equal(bundle.secret_epoch, 3);
    bundle_encode(&bundle, again.bytes);
    assert_memory_equal(again.bytes, header.bytes, BUNDLE_SIGNED_LEN);
    assert_true(secret_is_zero(again.bytes + BUNDLE_SIGNED_LEN,
                               LIMIT_SIGNATURE));
}

static void
every_prefix_and_a_longer_one_are_refused(void **state)
{
    struct header header = good_header();
    uint8_t       longer[BUNDLE_HEADER_LEN + 1] = {0};
    struct bundle bundle;

    (void)state;
    for (size_t len = 0; len < BUNDLE_HEADER_LEN; len++)
        assert_int_equal(
            bundle_decode((struct span){header.bytes, len}, &bundle),
            STATUS_BAD_ENCODING);
    memcpy(longer, header.bytes, sizeof(header.bytes));
    assert_int_equal(bundle_decode(SPAN_OF(longer), &bundle),
                     STATUS_BAD_ENCODING);
}

static void
magic_and_suite_are_judged_before_the_rest(void **state)
{
    struct bundle bundle;

    (void)state;
    for (size_t i = 0; i < 18; i++) {
        struct header header = good_header();

        header.bytes[i] ^= 1;
        assert_int_equal(decode(&header), i < BUNDLE_MAGIC_LEN
                                              ? STATUS_BAD_ENCODING
                                              : STATUS_BAD_VERSION);
        /* A suite of its own length is not called damaged. */
        if (i >= BUNDLE_MAGIC_LEN)
            assert_int_equal(
                bundle_decode((struct span){header.bytes, 18}, &bundle),
                STATUS_BAD_VERSION);
    }
}

static void
fields_out_of_range_are_refused(void **state)
{
    const struct {
        size_t from, len;
    } zeros[] = {
        {18, 16}, /* S */
        {34, 16}, /* R */
        {50, 4},  /* serial */
        {54, 8},  /* number */
        {70, 32}, /* ephemeral */
    };
    struct header to_itself = good_header(), one = good_header();

    (void)state;
    for (size_t i = 0; i < sizeof(zeros) / sizeof(zeros[0]); i++) {
        struct header header = good_header();

        memset(header.bytes + zeros[i].from, 0, zeros[i].len);
        assert_int_equal(decode(&header), STATUS_BAD_FIELD);
    }
    memcpy(to_itself.bytes + 34, to_itself.bytes + 18, LIMIT_NODE_ID);
    assert_int_equal(decode(&to_itself), STATUS_BAD_FIELD);
    memset(one.bytes + 70, 0, LIMIT_KEY);
    one.bytes[70] = 1; /* of order one */
    assert_int_equal(decode(&one), STATUS_BAD_FIELD);
}

static void
every_bit_of_a_header_is_signed(void **state)
{
    struct header   header = good_header();
    struct sign_key log = log_key(), other = org_key();

    (void)state;
    assert_int_equal(bundle_verify(header.bytes, log.public_key), STATUS_OK);
    assert_int_equal(bundle_verify(header.bytes, other.public_key),
                     STATUS_BAD_PROOF);
    for (size_t i = 0; i < sizeof(header.bytes) * 8; i++) {
        header.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(bundle_verify(header.bytes, log.public_key),
                         STATUS_BAD_PROOF);
        header.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

static void
a_signature_under_another_label_is_none(void **state)
{
    struct header   header = good_header();
    struct sign_key log = log_key();

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        sign_make(&log, (enum label)i,
                  (struct span){header.bytes, BUNDLE_SIGNED_LEN},
                  header.bytes + BUNDLE_SIGNED_LEN);
        assert_int_equal(bundle_verify(header.bytes, log.public_key),
                         i == LABEL_BUNDLE ? STATUS_OK : STATUS_BAD_PROOF);
    }
}

/* --- keys ----------------------------------------------------------------- */

static struct bundle_keys
keys_of_sender(const struct header *header, const struct parties *parties)
{
    struct seal_key    key = key_of(parties);
    struct bundle_keys keys;

    assert_int_equal(bundle_keys_sender(header->bytes, &key,
                                        &parties->ephemeral.secret, &keys),
                     STATUS_OK);
    return keys;
}

static struct bundle_keys
keys_of_recipient(const struct header *header, const struct parties *parties)
{
    struct seal_key    key = key_of(parties);
    struct bundle_keys keys;

    assert_int_equal(bundle_keys_recipient(header->bytes, &key,
                                           &parties->sealing.secret, &keys),
                     STATUS_OK);
    return keys;
}

static void
assert_other_keys(const struct bundle_keys *a, const struct bundle_keys *b)
{
    assert_memory_not_equal(a->aead.bytes, b->aead.bytes, LIMIT_KEY);
    assert_memory_not_equal(a->commitment.bytes, b->commitment.bytes,
                            LIMIT_KEY);
}

static void
both_sides_have_the_same_keys(void **state)
{
    struct header      header = good_header();
    struct parties     parties = good_parties();
    struct bundle_keys ours = keys_of_sender(&header, &parties);
    struct bundle_keys theirs = keys_of_recipient(&header, &parties);

    (void)state;
    assert_memory_equal(&ours, &theirs, sizeof(ours));
    assert_memory_not_equal(ours.aead.bytes, ours.commitment.bytes, LIMIT_KEY);
}

static void
every_bound_byte_of_the_header_changes_the_key(void **state)
{
    struct header      header = good_header();
    struct parties     parties = good_parties();
    struct bundle_keys keys = keys_of_recipient(&header, &parties);

    (void)state;
    for (size_t i = 0; i < BUNDLE_BOUND_LEN; i++) {
        struct header      changed = header;
        struct bundle_keys other;

        changed.bytes[i] ^= 1;
        other = keys_of_recipient(&changed, &parties);
        assert_other_keys(&keys, &other);
        other = keys_of_sender(&changed, &parties);
        assert_other_keys(&keys, &other);
    }
}

static void
the_key_is_of_the_sealing_key_and_the_pair_secret(void **state)
{
    struct header      header = good_header();
    struct parties     parties = good_parties(), other = parties;
    struct bundle_keys keys = keys_of_recipient(&header, &parties);
    struct bundle_keys others;
    struct seal_key    key = key_of(&parties);

    (void)state;
    other.sealing = dh_key_from(0x21);
    others = keys_of_recipient(&header, &other);
    assert_other_keys(&keys, &others);
    other = parties;
    other.pair_secret.bytes[31] ^= 1;
    others = keys_of_recipient(&header, &other);
    assert_other_keys(&keys, &others);
    key.pair_secret = NULL;
    assert_int_equal(bundle_keys_recipient(header.bytes, &key,
                                           &parties.sealing.secret, &others),
                     STATUS_OK);
    assert_other_keys(&keys, &others);
    key = key_of(&parties);
    key.public_key[0] ^= 1; /* named, though the exchange be the same */
    assert_int_equal(bundle_keys_recipient(header.bytes, &key,
                                           &parties.sealing.secret, &others),
                     STATUS_OK);
    assert_other_keys(&keys, &others);
}

static void
a_key_of_small_order_gives_no_bundle_key(void **state)
{
    struct header      header = good_header();
    struct parties     parties = good_parties();
    struct seal_key    key = key_of(&parties);
    struct bundle_keys keys;

    (void)state;
    memset(key.public_key, 0, LIMIT_KEY);
    assert_int_equal(bundle_keys_sender(header.bytes, &key,
                                        &parties.ephemeral.secret, &keys),
                     STATUS_BAD_FIELD);
    memset(header.bytes + 70, 0, LIMIT_KEY);
    key = key_of(&parties);
    assert_int_equal(bundle_keys_recipient(header.bytes, &key,
                                           &parties.sealing.secret, &keys),
                     STATUS_BAD_FIELD);
}

/* --- records -------------------------------------------------------------- */

static void
a_record_opens_under_its_own_number_and_end_alone(void **state)
{
    static const uint64_t numbers[] = {0, 1, 2, 256, (uint64_t)1 << 32};
    static uint8_t        sealed[BUNDLE_SEALED_LEN], plain[BUNDLE_RECORD_LEN];
    const struct secret32 key = {{4}}, other = {{5}};
    enum { COUNT = 2 * sizeof(numbers) / sizeof(numbers[0]) };

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        memset(sealed, 0x33, BUNDLE_RECORD_LEN);
        bundle_seal(&key, numbers[i / 2], i % 2, sealed);
        for (size_t j = 0; j < COUNT; j++)
            assert_int_equal(bundle_open(&key, numbers[j / 2], j % 2,
                                         SPAN_OF(sealed), plain),
                             i == j ? STATUS_OK : STATUS_BAD_PROOF);
        assert_int_equal(bundle_open(&other, numbers[i / 2], i % 2,
                                     SPAN_OF(sealed), plain),
                         STATUS_BAD_PROOF);
    }
}

static void
a_record_has_one_length_and_no_byte_of_it_may_differ(void **state)
{
    static uint8_t        sealed[BUNDLE_SEALED_LEN + 1];
    static uint8_t        plain[BUNDLE_RECORD_LEN];
    const struct secret32 key = {{4}};

    (void)state;
    bundle_seal(&key, 1, false, sealed);
    assert_int_equal(bundle_open(&key, 1, false,
                                 (struct span){sealed, BUNDLE_SEALED_LEN - 1},
                                 plain),
                     STATUS_BAD_ENCODING);
    assert_int_equal(bundle_open(&key, 1, false, SPAN_OF(sealed), plain),
                     STATUS_BAD_ENCODING);
    for (size_t i = 0; i < BUNDLE_SEALED_LEN; i += 997) {
        sealed[i] ^= 0x80;
        assert_int_equal(bundle_open(&key, 1, false,
                                     (struct span){sealed, BUNDLE_SEALED_LEN},
                                     plain),
                         STATUS_BAD_PROOF);
        sealed[i] ^= 0x80;
    }
    assert_int_equal(bundle_open(&key, 1, false,
                                 (struct span){sealed, BUNDLE_SEALED_LEN},
                                 plain),
                     STATUS_OK);
    assert_true(secret_is_zero(plain, sizeof(plain)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_is_the_bytes_of_its_layout),
        cmocka_unit_test(what_is_read_is_what_was_written),
        cmocka_unit_test(every_prefix_and_a_longer_one_are_refused),
        cmocka_unit_test(magic_and_suite_are_judged_before_the_rest),
        cmocka_unit_test(fields_out_of_range_are_refused),
        cmocka_unit_test(every_bit_of_a_header_is_signed),
        cmocka_unit_test(a_signature_under_another_label_is_none),
        cmocka_unit_test(both_sides_have_the_same_keys),
        cmocka_unit_test(every_bound_byte_of_the_header_changes_the_key),
        cmocka_unit_test(the_key_is_of_the_sealing_key_and_the_pair_secret),
        cmocka_unit_test(a_key_of_small_order_gives_no_bundle_key),
        cmocka_unit_test(a_record_opens_under_its_own_number_and_end_alone),
        cmocka_unit_test(a_record_has_one_length_and_no_byte_of_it_may_differ),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_kdf.c - digests and derivations against published values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/kdf.h"
#include "tests/unit/vectors.h"

static void
assert_bytes(const uint8_t *bytes, const char *hex)
{
    struct vector expected = vector_of(hex);

    assert_memory_equal(bytes, expected.bytes, expected.len);
}

static const struct secret32 counting_key = {
    {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
     16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}};

static void
sha256_gives_the_values_of_fips_180(void **state)
{
    struct digest digest;

    (void)state;
    sha256_digest(span_text("abc"), &digest);
    assert_bytes(digest.bytes, "ba7816bf8f01cfea414140de5dae2223"
                               "b00361a396177a9cb410ff61f20015ad");
    sha256_digest(SPAN_EMPTY, &digest);
    assert_bytes(digest.bytes, "e3b0c44298fc1c149afbf4c8996fb924"
                               "27ae41e4649b934ca495991b7852b855");
}

static void
several_spans_hash_as_their_concatenation(void **state)
{
    struct span   parts[] = {span_text("a"), SPAN_EMPTY, span_text("bc")};
    struct digest whole;
    struct digest parted;

    (void)state;
    sha256_digest(span_text("abc"), &whole);
    sha256_spans(parts, 3, &parted);
    assert_true(digest_equal(&whole, &parted));
    sha256_spans(parts, 2, &parted);
    assert_false(digest_equal(&whole, &parted));
}

static void
hmac_gives_the_values_of_rfc_4231(void **state)
{
    struct digest mac;
    uint8_t       key[131];

    (void)state;
    hmac_sha256(span_text("Jefe"), span_text("what do ya want for nothing?"),
                &mac);
    assert_bytes(mac.bytes, "5bdcc146bf60754e6a042426089575c7"
                            "5a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof(key)); /* longer than a block */
    hmac_sha256(SPAN_OF(key),
                span_text("Test Using Larger Than Block-Size Key - "
                          "Hash Key First"),
                &mac);
    assert_bytes(mac.bytes, "60e431591ee0b67f0d8a26aacbf5b77f"
                            "8e0bc6213728c5140546040f0ee37f54");
}

static void
hkdf_gives_the_values_of_rfc_5869(void **state)
{
    struct vector ikm = vector_of("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
                                  "0b0b");
    struct vector salt = vector_of("000102030405060708090a0b0c");
    struct vector info = vector_of("f0f1f2f3f4f5f6f7f8f9");
    struct secret32 prk;
    uint8_t         okm[42];

    (void)state;
    hkdf_extract(vector_span(&salt), vector_span(&ikm), &prk);
    assert_bytes(prk.bytes, "077709362c2e32df0ddc3f0dc47bba63"
                            "90b6c73bb50f9c3122ec844ad7c2b3e5");
    assert_int_equal(hkdf_expand(&prk, vector_span(&info), okm, sizeof(okm)),
                     STATUS_OK);
    assert_bytes(okm, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db0"
                      "2d56ecc4c5bf34007208d5b887185865");
}

static void
hkdf_refuses_more_than_255_digests(void **state)
{
    static uint8_t okm[HKDF_LEN_MAX + 1];

    (void)state;
    assert_int_equal(hkdf_expand(&counting_key, SPAN_EMPTY, okm, HKDF_LEN_MAX),
                     STATUS_OK);
    memset(okm, 0xaa, sizeof(okm));
    assert_int_equal(
        hkdf_expand(&counting_key, SPAN_EMPTY, okm, HKDF_LEN_MAX + 1),
        STATUS_TOO_LARGE);
    assert_int_equal(okm[0], 0xaa);
}

static void
hkdf_agrees_with_every_wycheproof_case(void **state)
{
    json_t *root = vectors_load("wycheproof_hkdf_sha256_test.json");
    json_t *group;
    json_t *test;
    size_t  i;
    size_t  j;
    size_t  count = 0;

    (void)state;
    json_array_foreach(json_object_get(root, "testGroups"), i, group) {
        json_array_foreach(json_object_get(group, "tests"), j, test) {
            struct vector   ikm = vector_field(test, "ikm");
            struct vector   salt = vector_field(test, "salt");
            struct vector   info = vector_field(test, "info");
            struct vector   okm = vector_field(test, "okm");
            struct vector   got = {.len = vector_number(test, "size")};
            struct secret32 prk;
            bool            valid = vector_valid(test);

            count++;
            hkdf_extract(vector_span(&salt), vector_span(&ikm), &prk);
            assert_int_equal(
                hkdf_expand(&prk, vector_span(&info), got.bytes, got.len),
                valid ? STATUS_OK : STATUS_TOO_LARGE);
            if (valid)
                assert_true(span_equal(vector_span(&got), vector_span(&okm)));
        }
    }
    assert_int_equal(count, vector_number(root, "numberOfTests"));
    json_decref(root);
}

/* The expected values are from Python's hashlib.blake2b. */
static void
a_labelled_digest_is_blake2b_over_label_zero_byte_and_input(void **state)
{
    struct digest digest;

    (void)state;
    hash_digest(LABEL_ENTRY, span_text("abc"), &digest);
    assert_bytes(digest.bytes, "58691526c52253150326309a34c27574"
                               "2917b04170fc02abb7760a1aff8b3bdd");
}

static void
added_integers_are_big_endian_and_span16_has_its_length_first(void **state)
{
    static const uint8_t bytes[] = {1,    2, 3, 4, 5, 6,    7,   8,   9,
                                    10,   11, 12, 13, 14, 15,  0,   3,   'a',
                                    'b', 'c'};
    struct hash   hash;
    struct digest added;
    struct digest whole;

    (void)state;
    hash_init(&hash, LABEL_ENTRY);
    hash_u8(&hash, 0x01);
    hash_u16(&hash, 0x0203);
    hash_u32(&hash, 0x04050607);
    hash_u64(&hash, 0x08090a0b0c0d0e0f);
    hash_span16(&hash, span_text("abc"));
    hash_end(&hash, &added);
    hash_digest(LABEL_ENTRY, SPAN_OF(bytes), &whole);
    assert_true(digest_equal(&added, &whole));
}

static void
a_derived_key_is_keyed_blake2b_over_label_and_context(void **state)
{
    struct secret32 out;

    (void)state;
    kdf_derive(&counting_key, LABEL_CONTENT, span_text("context"), &out);
    assert_bytes(out.bytes, "e450b92711660dbc3b83f9149eb55c28"
                            "550d0ebca14bd751ade58b3fefab3f17");
    out = counting_key;
    kdf_derive(&out, LABEL_CONTENT, span_text("context"), &out); /* in place */
    assert_int_equal(out.bytes[0], 0xe4);
}

static void
no_two_labels_derive_or_digest_alike(void **state)
{
    struct secret32 keys[LABEL_COUNT];
    struct digest   digests[LABEL_COUNT];

    (void)state;
    for (size_t i = 0; i < LABEL_COUNT; i++) {
        kdf_derive(&counting_key, (enum label)i, SPAN_EMPTY, &keys[i]);
        hash_digest((enum label)i, SPAN_EMPTY, &digests[i]);
        for (size_t j = 0; j < i; j++) {
            assert_memory_not_equal(&keys[i], &keys[j], sizeof(keys[i]));
            assert_false(digest_equal(&digests[i], &digests[j]));
        }
    }
}

static void
key_and_context_both_change_what_is_derived(void **state)
{
    struct secret32 other_key = counting_key;
    struct secret32 a;
    struct secret32 b;

    (void)state;
    other_key.bytes[31] ^= 1;
    kdf_derive(&counting_key, LABEL_AEAD, span_text("one"), &a);
    kdf_derive(&counting_key, LABEL_AEAD, span_text("two"), &b);
    assert_memory_not_equal(&a, &b, sizeof(a));
    kdf_derive(&other_key, LABEL_AEAD, span_text("one"), &b);
    assert_memory_not_equal(&a, &b, sizeof(a));
}

static void
a_seed_stream_is_the_counter_derived_under_the_seed(void **state)
{
    struct seed_stream stream;
    uint8_t            out[70];

    (void)state;
    seed_stream_init(&stream, &counting_key);
    seed_stream_take(&stream, out, sizeof(out));
    assert_bytes(out, "a9d0ca68519ecfa7fd6c36e35121a6bf"
                      "7e161216ae6aa5094cf7eeceec4ae72b"
                      "38587ad2def33e7afd9e3e8de915bda0"
                      "2c33dc824020b3365cd8a6ef58dd0a57"
                      "c4f93119f133");
}

static void
two_takes_share_no_block_and_the_same_takes_give_the_same_bytes(void **state)
{
    struct seed_stream stream;
    struct seed_stream again;
    uint8_t            first[5];
    uint8_t            second[32];
    uint8_t            repeated[32];

    (void)state;
    seed_stream_init(&stream, &counting_key);
    seed_stream_take(&stream, first, sizeof(first));
    seed_stream_take(&stream, second, sizeof(second));
    assert_bytes(first, "a9d0ca6851");
    assert_bytes(second, "38587ad2def33e7afd9e3e8de915bda0"
                         "2c33dc824020b3365cd8a6ef58dd0a57");
    seed_stream_init(&again, &counting_key);
    seed_stream_take(&again, repeated, 5);
    seed_stream_take(&again, repeated, 0); /* nothing is nothing */
    seed_stream_take(&again, repeated, sizeof(repeated));
    assert_memory_equal(second, repeated, sizeof(second));
}

static void
a_wiped_seed_stream_holds_nothing(void **state)
{
    struct seed_stream stream;

    (void)state;
    seed_stream_init(&stream, &counting_key);
    seed_stream_wipe(&stream);
    assert_true(secret_is_zero(stream.seed.bytes, LIMIT_KEY));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_values_of_fips_180),
        cmocka_unit_test(several_spans_hash_as_their_concatenation),
        cmocka_unit_test(hmac_gives_the_values_of_rfc_4231),
        cmocka_unit_test(hkdf_gives_the_values_of_rfc_5869),
        cmocka_unit_test(hkdf_refuses_more_than_255_digests),
        cmocka_unit_test(hkdf_agrees_with_every_wycheproof_case),
        cmocka_unit_test(
            a_labelled_digest_is_blake2b_over_label_zero_byte_and_input),
        cmocka_unit_test(
            added_integers_are_big_endian_and_span16_has_its_length_first),
        cmocka_unit_test(a_derived_key_is_keyed_blake2b_over_label_and_context),
        cmocka_unit_test(no_two_labels_derive_or_digest_alike),
        cmocka_unit_test(key_and_context_both_change_what_is_derived),
        cmocka_unit_test(a_seed_stream_is_the_counter_derived_under_the_seed),
        cmocka_unit_test(
            two_takes_share_no_block_and_the_same_takes_give_the_same_bytes),
        cmocka_unit_test(a_wiped_seed_stream_holds_nothing),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

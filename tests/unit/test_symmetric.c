/*
 * test_symmetric.c - the symmetric half of Noise.  Whole handshakes, byte for
 * byte, are in test_noise_vectors.c; here are its single steps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/symmetric.h"
#include "tests/unit/vectors.h"

#include <sodium.h>

static struct symmetric
fresh(void)
{
    struct symmetric state;

    symmetric_init(&state,
                   span_text("Noise_IKpsk1_25519_ChaChaPoly_SHA256"));
    symmetric_mix_key(&state, span_text("input"));
    return state;
}

static void
hash_and_chain_begin_as_the_digest_of_the_protocol_name(void **state)
{
    struct symmetric symmetric;
    struct span name = span_text("Noise_IKpsk1_25519_ChaChaPoly_SHA256");
    struct digest    digest;

    (void)state;
    symmetric_init(&symmetric, name);
    sha256_digest(name, &digest);
    assert_true(digest_equal(&symmetric.hash, &digest));
    assert_memory_equal(symmetric.chain.bytes, digest.bytes, LIMIT_KEY);
}

static void
the_nonce_is_four_zero_bytes_and_the_number_little_endian(void **state)
{
    static const uint8_t  nonce[12] = {0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1};
    const struct secret32 key = {{1}};
    uint8_t               ours[LIMIT_TAG + 5];
    uint8_t               theirs[LIMIT_TAG + 5];

    (void)state;
    symmetric_seal(&key, 0x0102030405060708, span_text("data"),
                   span_text("plain"), ours);
    crypto_aead_chacha20poly1305_ietf_encrypt(
        theirs, NULL, (const uint8_t *)"plain", 5, (const uint8_t *)"data", 4,
        NULL, nonce, key.bytes);
    assert_memory_equal(ours, theirs, sizeof(ours));
}

static void
each_field_has_its_own_nonce_and_both_ends_hash_alike(void **state)
{
    struct symmetric writer = fresh();
    struct symmetric reader = fresh();
    uint8_t          first[LIMIT_TAG + 1];
    uint8_t          second[LIMIT_TAG + 1];
    uint8_t          plain[1];

    (void)state;
    symmetric_encrypt(&writer, span_text("x"), first);
    symmetric_encrypt(&writer, span_text("x"), second);
    assert_memory_not_equal(first, second, sizeof(first));
    assert_int_equal(symmetric_decrypt(&reader, SPAN_OF(first), plain),
                     STATUS_OK);
    assert_int_equal(symmetric_decrypt(&reader, SPAN_OF(second), plain),
                     STATUS_OK);
    assert_memory_equal(&writer, &reader, sizeof(writer));
    symmetric_mix_key(&writer, span_text("more"));
    assert_int_equal(writer.nonce, 0);
}

static void
a_field_that_does_not_open_leaves_the_state_as_it_was(void **state)
{
    struct symmetric writer = fresh();
    struct symmetric reader = fresh();
    struct symmetric before = reader;
    uint8_t          sealed[LIMIT_TAG + 1];
    uint8_t          plain[1];

    (void)state;
    symmetric_encrypt(&writer, span_text("x"), sealed);
    sealed[0] ^= 1;
    assert_int_equal(symmetric_decrypt(&reader, SPAN_OF(sealed), plain),
                     STATUS_BAD_PROOF);
    assert_memory_equal(&reader, &before, sizeof(reader));
}

static void
what_was_said_is_data_of_the_next_field(void **state)
{
    struct symmetric writer = fresh();
    struct symmetric reader = fresh();
    uint8_t          sealed[LIMIT_TAG + 1];
    uint8_t          plain[1];

    (void)state;
    symmetric_mix_hash(&writer, span_text("said"));
    symmetric_mix_hash(&reader, span_text("heard"));
    symmetric_encrypt(&writer, span_text("x"), sealed);
    assert_int_equal(symmetric_decrypt(&reader, SPAN_OF(sealed), plain),
                     STATUS_BAD_PROOF);
}

static void
the_psk_changes_key_chain_and_hash(void **state)
{
    struct symmetric      plain = fresh();
    struct symmetric      mixed = fresh();
    const struct secret32 psk = {{0}};

    (void)state;
    symmetric_mix_psk(&mixed, &psk); /* zeros count, too */
    assert_memory_not_equal(&plain.key, &mixed.key, LIMIT_KEY);
    assert_memory_not_equal(&plain.chain, &mixed.chain, LIMIT_KEY);
    assert_false(digest_equal(&plain.hash, &mixed.hash));
}

static void
the_split_gives_two_keys_that_differ(void **state)
{
    struct symmetric symmetric = fresh();
    struct secret32  keys[2];

    (void)state;
    symmetric_split(&symmetric, keys);
    assert_memory_not_equal(&keys[0], &keys[1], LIMIT_KEY);
    assert_memory_not_equal(&keys[0], &symmetric.key, LIMIT_KEY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            hash_and_chain_begin_as_the_digest_of_the_protocol_name),
        cmocka_unit_test(
            the_nonce_is_four_zero_bytes_and_the_number_little_endian),
        cmocka_unit_test(each_field_has_its_own_nonce_and_both_ends_hash_alike),
        cmocka_unit_test(a_field_that_does_not_open_leaves_the_state_as_it_was),
        cmocka_unit_test(what_was_said_is_data_of_the_next_field),
        cmocka_unit_test(the_psk_changes_key_chain_and_hash),
        cmocka_unit_test(the_split_gives_two_keys_that_differ),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

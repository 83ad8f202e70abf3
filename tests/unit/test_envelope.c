/* test_envelope.c - a secret under a passphrase opens by that alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "tests/unit/vectors.h"

#include <sodium.h>

#define PASSPHRASE "correct horse"

/* Where the layout has its fields. */
enum { PASSES_AT = 28, KIB_AT = 32, COMMITMENT_AT = 76 };

static void
fill(uint8_t *out, size_t len, unsigned first)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(first + i);
}

static struct envelope_info
good_info(void)
{
    struct envelope_info info = {.purpose = ENVELOPE_STORAGE,
                                 .cost = ENVELOPE_FLOOR};

    fill(info.id, sizeof(info.id), 0);
    return info;
}

static struct secret32
good_secret(void)
{
    struct secret32 secret;

    fill(secret.bytes, sizeof(secret.bytes), 0x55);
    return secret;
}

static enum status
seal(const struct envelope_info *info, const char *passphrase,
     uint8_t out[static ENVELOPE_LEN])
{
    struct secret32 secret = good_secret();
    uint8_t         salt[ENVELOPE_SALT_LEN], nonce[ENVELOPE_NONCE_LEN];

    fill(salt, sizeof(salt), 0x60);
    fill(nonce, sizeof(nonce), 0x90);
    return envelope_seal(info, span_text(passphrase), salt, nonce, &secret,
                         out);
}

static enum status
open(struct span encoded, enum envelope_purpose purpose,
     const char *passphrase)
{
    struct secret32 wanted = good_secret(), secret = {{0}};
    enum status     st =
        envelope_open(encoded, purpose, span_text(passphrase), &secret);

    if (st == STATUS_OK)
        assert_memory_equal(secret.bytes, wanted.bytes, LIMIT_KEY);
    else
        assert_true(secret_is_zero(secret.bytes, LIMIT_KEY));
    return st;
}

/* One good envelope, made once: each costs an Argon2id. */
static int
make_envelope(void **state)
{
    static uint8_t       encoded[ENVELOPE_LEN];
    struct envelope_info info = good_info();

    assert_int_equal(seal(&info, PASSPHRASE, encoded), STATUS_OK);
    *state = encoded;
    return 0;
}

static struct span
good(void **state)
{
    return (struct span){*state, ENVELOPE_LEN};
}

static void
an_envelope_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct vector expected = vector_of(
        "656e74656e74650000010100000102030405060708090a0b0c0d0e0f00000001"
        "00002000606162636465666768696a6b6c6d6e6f909192939495969798999a9b"
        "9c9d9e9fa0a1a2a3a4a5a6a79bec3627a2dc70f2ce541f71bc9fc949a6a9d9cc"
        "4bd43d142e17be55ac68cf0a8f5d99d64baa97ada35352fc704ae070f11a899b"
        "c2be21fa888f58dd4b9ed0cf3e307c3f423b34cab4bc48cd9fcc0bf7");

    assert_int_equal(expected.len, ENVELOPE_LEN);
    assert_memory_equal(good(state).ptr, expected.bytes, ENVELOPE_LEN);
}

static void
the_right_passphrase_opens(void **state)
{
    assert_int_equal(open(good(state), ENVELOPE_STORAGE, PASSPHRASE),
                     STATUS_OK);
}

static void
another_passphrase_or_purpose_does_not(void **state)
{
    static const char *const wrong[] = {"", "correct hors", "correct horse ",
                                        "Correct horse"};

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(open(good(state), ENVELOPE_STORAGE, wrong[i]),
                         STATUS_PASSPHRASE);
    assert_int_equal(open(good(state), ENVELOPE_ORGANISATION, PASSPHRASE),
                     STATUS_PASSPHRASE);
}

static void
every_prefix_and_a_longer_one_are_refused(void **state)
{
    uint8_t longer[ENVELOPE_LEN + 1] = {0};

    memcpy(longer, good(state).ptr, ENVELOPE_LEN);
    for (size_t len = 0; len <= sizeof(longer); len++)
        if (len != ENVELOPE_LEN)
            assert_int_equal(open((struct span){longer, len}, ENVELOPE_STORAGE,
                                  PASSPHRASE),
                             STATUS_PASSPHRASE);
}

/* Bits of the memory cost that would ask for up to the ceiling of 1 GiB; the
 * bounds have a test of their own. */
static bool
is_dear(size_t byte, unsigned bit)
{
    return (byte == KIB_AT + 1 && bit < 5) ||
           (byte == PASSES_AT + 3 && bit > 1);
}

static void
every_byte_flipped_is_refused(void **state)
{
    uint8_t bytes[ENVELOPE_LEN];

    memcpy(bytes, good(state).ptr, ENVELOPE_LEN);
    for (size_t i = 0; i < ENVELOPE_LEN; i++) {
        unsigned bit = i % 8;

        if (is_dear(i, bit))
            bit = 7;
        bytes[i] ^= (uint8_t)(1u << bit);
        assert_int_equal(open(SPAN_OF(bytes), ENVELOPE_STORAGE, PASSPHRASE),
                         STATUS_PASSPHRASE);
        bytes[i] ^= (uint8_t)(1u << bit);
    }
    assert_int_equal(open(SPAN_OF(bytes), ENVELOPE_STORAGE, PASSPHRASE),
                     STATUS_OK);
}

static void
costs_out_of_bounds_are_refused_before_any_work(void **state)
{
    static const struct envelope_cost costs[] = {
        {0, LIMIT_ARGON_KIB_MIN},
        {LIMIT_ARGON_PASSES_MAX + 1, LIMIT_ARGON_KIB_MIN},
        {UINT32_MAX, LIMIT_ARGON_KIB_MIN},
        {1, LIMIT_ARGON_KIB_MIN - 1},
        {1, 0},
        {1, LIMIT_ARGON_KIB_MAX + 1},
        {1, UINT32_MAX},
    };

    for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
        struct envelope_info info = good_info();
        uint8_t              bytes[ENVELOPE_LEN];
        struct writer        to = writer_of(bytes + PASSES_AT, 8);

        memcpy(bytes, good(state).ptr, ENVELOPE_LEN);
        writer_u32(&to, costs[i].passes);
        writer_u32(&to, costs[i].memory_kib);
        /* UINT32_MAX KiB of memory would be IO, not PASSPHRASE, if asked. */
        assert_int_equal(open(SPAN_OF(bytes), ENVELOPE_STORAGE, PASSPHRASE),
                         STATUS_PASSPHRASE);
        info.cost = costs[i];
        assert_int_equal(seal(&info, PASSPHRASE, bytes), STATUS_BAD_FIELD);
    }
}

/*
 * A file that is right in all but its commitment, whose byte 0 is `off`: made
 * to answer to more than one passphrase.
 */
static void
forge(struct span good_one, uint8_t off, uint8_t out[static ENVELOPE_LEN])
{
    struct secret32 root, key, secret = good_secret();
    uint8_t         data[ENVELOPE_LEN + 32];
    struct writer   to = writer_of(data, sizeof(data));

    memcpy(out, good_one.ptr, ENVELOPE_LEN);
    out[COMMITMENT_AT] ^= off;
    assert_int_equal(crypto_pwhash(root.bytes, LIMIT_KEY, PASSPHRASE,
                                   strlen(PASSPHRASE), out + 36, 1,
                                   LIMIT_ARGON_KIB_MIN * 1024,
                                   crypto_pwhash_ALG_ARGON2ID13),
                     0);
    kdf_derive(&root, LABEL_AEAD, SPAN_EMPTY, &key);
    writer_put(&to, label_span(LABEL_ENVELOPE));
    writer_put(&to, (struct span){out, 108});
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + 108, NULL, secret.bytes, LIMIT_KEY, data, to.len, NULL, out + 52,
        key.bytes);
}

static void
a_passphrase_that_the_file_does_not_commit_to_opens_nothing(void **state)
{
    uint8_t bytes[ENVELOPE_LEN];

    forge(good(state), 0, bytes);
    assert_int_equal(open(SPAN_OF(bytes), ENVELOPE_STORAGE, PASSPHRASE),
                     STATUS_OK);
    forge(good(state), 1, bytes);
    assert_int_equal(open(SPAN_OF(bytes), ENVELOPE_STORAGE, PASSPHRASE),
                     STATUS_PASSPHRASE);
}

static void
an_empty_passphrase_closes_nothing(void **state)
{
    struct envelope_info info = good_info();
    uint8_t              out[ENVELOPE_LEN];

    (void)state;
    assert_int_equal(seal(&info, "", out), STATUS_BAD_FIELD);
}

static void
the_clear_fields_can_be_told_to_a_person(void **state)
{
    struct envelope_info info = {0};
    struct span          encoded = good(state);

    assert_int_equal(envelope_peek(encoded, &info), STATUS_OK);
    assert_int_equal(info.purpose, ENVELOPE_STORAGE);
    assert_int_equal(info.id[15], 15);
    assert_int_equal(info.cost.passes, 1);
    assert_int_equal(info.cost.memory_kib, LIMIT_ARGON_KIB_MIN);
    encoded.len--;
    assert_int_equal(envelope_peek(encoded, &info), STATUS_BAD_ENCODING);
    assert_int_equal(envelope_peek(span_text("entente"), &info),
                     STATUS_BAD_ENCODING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            an_envelope_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(the_right_passphrase_opens),
        cmocka_unit_test(another_passphrase_or_purpose_does_not),
        cmocka_unit_test(every_prefix_and_a_longer_one_are_refused),
        cmocka_unit_test(every_byte_flipped_is_refused),
        cmocka_unit_test(costs_out_of_bounds_are_refused_before_any_work),
        cmocka_unit_test(
            a_passphrase_that_the_file_does_not_commit_to_opens_nothing),
        cmocka_unit_test(an_empty_passphrase_closes_nothing),
        cmocka_unit_test(the_clear_fields_can_be_told_to_a_person),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, make_envelope, NULL);
}

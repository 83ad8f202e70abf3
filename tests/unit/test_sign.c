/* test_sign.c - Ed25519 and X25519 against published values and odd keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/sign.h"
#include "tests/unit/vectors.h"

#include <signal.h>
#include <sodium.h>
#include <sys/wait.h>

static struct sign_key
key_of(uint8_t first)
{
    struct secret32 seed = {{first}};
    struct sign_key key;

    sign_key_from_seed(&seed, &key);
    return key;
}

static void
a_seed_gives_the_key_and_signature_of_rfc_8032(void **state)
{
    struct secret32 seed;
    struct sign_key key;
    struct vector   public_key =
        vector_of("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4"
                  "660c");
    struct vector expected =
        vector_of("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb"
                  "69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d2916"
                  "12bb0c00");
    uint8_t signature[LIMIT_SIGNATURE];

    (void)state;
    vector_fill("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6"
                "fb",
                seed.bytes, sizeof(seed.bytes));
    sign_key_from_seed(&seed, &key);
    assert_memory_equal(key.public_key, public_key.bytes, LIMIT_KEY);
    sign_raw_make(&key, span_text("r"), signature); /* 0x72, test 2 */
    assert_memory_equal(signature, expected.bytes, sizeof(signature));
    assert_int_equal(sign_raw_verify(key.public_key, span_text("r"), signature),
                     STATUS_OK);
}

/* c2sp.org/signed-note, section "Example". */
static void
the_example_of_signed_note_verifies(void **state)
{
    struct span text = span_text("This is an example message.\n");
    uint8_t     key[33];
    uint8_t     line[68];
    size_t      len;

    (void)state;
    assert_int_equal(
        sodium_base642bin(key, sizeof(key),
                          "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", 44,
                          NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL),
        0);
    assert_int_equal(
        sodium_base642bin(line, sizeof(line),
                          "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Z"
                          "tg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=",
                          92, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL),
        0);
    assert_int_equal(sign_raw_verify(key + 1, text, line + 4), STATUS_OK);
}

static void
a_signature_verifies_under_its_key_label_and_message_alone(void **state)
{
    struct sign_key key = key_of(1);
    struct sign_key other = key_of(2);
    struct span     hello = span_text("hello");
    uint8_t         signature[LIMIT_SIGNATURE];

    (void)state;
    sign_make(&key, LABEL_CARD, span_text("hello"), signature);
    assert_int_equal(sign_verify(key.public_key, LABEL_CARD, span_text("hello"),
                                 signature),
                     STATUS_OK);
    assert_int_equal(sign_verify(other.public_key, LABEL_CARD,
                                 span_text("hello"), signature),
                     STATUS_BAD_PROOF);
    for (size_t i = 0; i < LABEL_COUNT; i++)
        assert_int_equal(sign_verify(key.public_key, (enum label)i,
                                     span_text("hello"), signature),
                         i == LABEL_CARD ? STATUS_OK : STATUS_BAD_PROOF);
    for (size_t len = 0; len < 5; len++)
        assert_int_equal(sign_verify(key.public_key, LABEL_CARD,
                                     (struct span){hello.ptr, len}, signature),
                         STATUS_BAD_PROOF);
}

static void
any_bit_flipped_in_a_signature_refuses_it(void **state)
{
    struct sign_key key = key_of(1);
    uint8_t         signature[LIMIT_SIGNATURE];

    (void)state;
    sign_make(&key, LABEL_CARD, span_text("hello"), signature);
    for (size_t bit = 0; bit < 8 * sizeof(signature); bit++) {
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(sign_verify(key.public_key, LABEL_CARD,
                                     span_text("hello"), signature),
                         STATUS_BAD_PROOF);
        signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void
a_labelled_signature_is_no_raw_one_of_the_message_and_the_reverse(void **state)
{
    struct sign_key key = key_of(1);
    uint8_t         signature[LIMIT_SIGNATURE];

    (void)state;
    sign_make(&key, LABEL_CARD, span_text("hello"), signature);
    assert_int_equal(
        sign_raw_verify(key.public_key, span_text("hello"), signature),
        STATUS_BAD_PROOF);
    sign_raw_make(&key, span_text("hello"), signature);
    assert_int_equal(sign_verify(key.public_key, LABEL_CARD, span_text("hello"),
                                 signature),
                     STATUS_BAD_PROOF);
}

static void
a_raw_text_with_a_zero_byte_is_never_signed(void **state)
{
    int   status = 0;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        struct sign_key key = key_of(1);
        uint8_t         signature[LIMIT_SIGNATURE];

        (void)signal(SIGABRT, SIG_DFL);
        (void)close(STDERR_FILENO);
        sign_raw_make(&key, label_span(LABEL_CARD), signature);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void
the_longest_message_is_signed_and_a_longer_one_refused(void **state)
{
    static uint8_t  message[LIMIT_SIGNED + 1];
    struct sign_key key = key_of(1);
    uint8_t         signature[LIMIT_SIGNATURE];
    struct span     longest = {message, LIMIT_SIGNED};

    (void)state;
    sign_make(&key, LABEL_REVOCATION, longest, signature);
    assert_int_equal(
        sign_verify(key.public_key, LABEL_REVOCATION, longest, signature),
        STATUS_OK);
    assert_int_equal(sign_verify(key.public_key, LABEL_REVOCATION,
                                 SPAN_OF(message), signature),
                     STATUS_TOO_LARGE);
}

static void
ed25519_agrees_with_every_wycheproof_case(void **state)
{
    json_t *root = vectors_load("wycheproof_ed25519_test.json");
    json_t *group;
    json_t *test;
    size_t  i;
    size_t  j;
    size_t  count = 0;

    (void)state;
    json_array_foreach(json_object_get(root, "testGroups"), i, group) {
        struct vector key =
            vector_field(json_object_get(group, "publicKey"), "pk");

        assert_int_equal(key.len, LIMIT_KEY);
        assert_int_equal(sign_public_check(key.bytes), STATUS_OK);
        json_array_foreach(json_object_get(group, "tests"), j, test) {
            struct vector message = vector_field(test, "msg");
            struct vector signature = vector_field(test, "sig");
            bool          valid = vector_valid(test);

            count++;
            /* Our type has 64 bytes; where more or fewer come is the frame's
             * to refuse. */
            if (signature.len != LIMIT_SIGNATURE) {
                assert_false(valid);
                continue;
            }
            assert_int_equal(sign_raw_verify(key.bytes, vector_span(&message),
                                             signature.bytes),
                             valid ? STATUS_OK : STATUS_BAD_PROOF);
        }
    }
    assert_int_equal(count, vector_number(root, "numberOfTests"));
    json_decref(root);
}

/* The seven points of small order but the identity, as RFC 8032 encodes. */
static const char *const small_order[] = {
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"};

static void
a_key_is_taken_and_all_seven_of_mixed_order_beside_it_are_refused(void **state)
{
    struct sign_key key = key_of(7);

    (void)state;
    assert_int_equal(sign_public_check(key.public_key), STATUS_OK);
    for (size_t i = 0; i < 7; i++) {
        uint8_t point[LIMIT_KEY];
        uint8_t mixed[LIMIT_KEY];

        vector_fill(small_order[i], point, sizeof(point));
        assert_int_equal(crypto_core_ed25519_add(mixed, key.public_key, point),
                         0);
        assert_memory_not_equal(mixed, key.public_key, sizeof(mixed));
        assert_int_equal(sign_public_check(mixed), STATUS_BAD_FIELD);
    }
}

static void
keys_of_small_order_not_canonical_or_not_on_the_curve_are_refused(void **state)
{
    static const char *const bad[] = {
        /* the identity */
        "0100000000000000000000000000000000000000000000000000000000000000",
        /* the identity with its sign bit set */
        "0100000000000000000000000000000000000000000000000000000000000080",
        /* y = p, p + 1, 2^255 - 1: not below p */
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        /* y = 2: no such point */
        "0200000000000000000000000000000000000000000000000000000000000000"};
    uint8_t key[LIMIT_KEY];

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        vector_fill(small_order[i], key, sizeof(key));
        assert_int_equal(sign_public_check(key), STATUS_BAD_FIELD);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        vector_fill(bad[i], key, sizeof(key));
        assert_int_equal(sign_public_check(key), STATUS_BAD_FIELD);
    }
}

static void
x25519_gives_the_values_of_rfc_7748(void **state)
{
    struct secret32 alice;
    struct secret32 bob;
    struct dh_key   alice_key;
    struct dh_key   bob_key;
    struct secret32 shared;
    uint8_t         expected[LIMIT_KEY];

    (void)state;
    vector_fill("77076d0a7318a57d3c16c17251b26645df4c2f87ebc099"
                "2ab177fba51db92c2a",
                alice.bytes, LIMIT_KEY);
    vector_fill("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6"
                "fd1c2f8b27ff88e0eb",
                bob.bytes, LIMIT_KEY);
    dh_key_from_secret(&alice, &alice_key);
    dh_key_from_secret(&bob, &bob_key);
    vector_fill("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381a"
                "f4eba4a98eaa9b4e6a",
                expected, LIMIT_KEY);
    assert_memory_equal(alice_key.public_key, expected, LIMIT_KEY);
    vector_fill("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e"
                "3376f09b3c1e161742",
                expected, LIMIT_KEY);
    assert_int_equal(dh_shared(&alice, bob_key.public_key, &shared), STATUS_OK);
    assert_memory_equal(shared.bytes, expected, LIMIT_KEY);
    assert_int_equal(dh_shared(&bob, alice_key.public_key, &shared), STATUS_OK);
    assert_memory_equal(shared.bytes, expected, LIMIT_KEY);
}

/* The points whose order divides the cofactor, as in RFC 7748 section 7 and
 * libsodium's own list. */
static void
a_public_key_of_small_order_is_refused_before_it_is_used(void **state)
{
    static const char *const small[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    };
    const struct secret32 secret = {{9}};
    struct secret32       shared;
    uint8_t               key[LIMIT_KEY];

    (void)state;
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
        vector_fill(small[i], key, LIMIT_KEY);
        assert_int_equal(dh_public_check(key), STATUS_BAD_FIELD);
        assert_int_equal(dh_shared(&secret, key, &shared), STATUS_BAD_FIELD);
        key[LIMIT_KEY - 1] |= 0x80; /* a bit that X25519 does not read */
        assert_int_equal(dh_public_check(key), STATUS_BAD_FIELD);
        assert_int_equal(dh_shared(&secret, key, &shared), STATUS_BAD_FIELD);
    }
    dh_public(&secret, key);
    assert_int_equal(dh_public_check(key), STATUS_OK);
}

/* 2^255 - 19 + n is n, and the highest bit is not read: of each key but 19
 * there are two spellings, of those four. */
static void
a_public_key_has_one_spelling(void **state)
{
    const struct secret32 secret = {{9}};
    struct secret32       one, other;
    uint8_t               key[LIMIT_KEY], small[LIMIT_KEY] = {0};

    (void)state;
    dh_public(&secret, key);
    key[LIMIT_KEY - 1] |= 0x80;
    assert_int_equal(dh_public_check(key), STATUS_BAD_FIELD);
    for (uint8_t n = 2; n < 19; n++) {
        memset(key, 0xff, LIMIT_KEY);
        key[0] = (uint8_t)(0xed + n);
        key[LIMIT_KEY - 1] = 0x7f;
        small[0] = n;
        assert_int_equal(dh_public_check(small), STATUS_OK);
        assert_int_equal(dh_shared(&secret, small, &one), STATUS_OK);
        assert_int_equal(dh_shared(&secret, key, &other), STATUS_OK);
        assert_memory_equal(one.bytes, other.bytes, LIMIT_KEY);
        assert_int_equal(dh_public_check(key), STATUS_BAD_FIELD);
    }
    memset(key, 0xff, LIMIT_KEY); /* 2^255 - 20, the highest of all */
    key[0] = 0xeb;
    key[LIMIT_KEY - 1] = 0x7f;
    assert_int_equal(dh_public_check(key), STATUS_OK);
}

static void
a_zero_shared_secret_is_refused_and_leaves_the_output_alone(void **state)
{
    struct secret32 secret = {{9}};
    struct secret32 shared = {{0xaa}};
    uint8_t         zero[LIMIT_KEY] = {0};

    (void)state;
    assert_int_equal(dh_shared(&secret, zero, &shared), STATUS_BAD_FIELD);
    assert_int_equal(shared.bytes[0], 0xaa);
}

/*
 * What Wycheproof calls acceptable, decided: a public key on the twist is
 * taken, as RFC 7748 has it; one not canonical, or of small order, which gives
 * a secret of zero, is refused where a key enters.
 */
static void
assert_public_key_is_decided(const json_t *test, const uint8_t *public_key,
                             bool zero)
{
    bool two_spellings = vector_flagged(test, "NonCanonicalPublic");

    assert_int_equal(vector_flagged(test, "ZeroSharedSecret"), zero);
    assert_string_not_equal(vector_text(test, "result"), "invalid");
    if (two_spellings || zero)
        assert_int_equal(dh_public_check(public_key), STATUS_BAD_FIELD);
    else if ((public_key[LIMIT_KEY - 1] & 0x80) == 0)
        assert_int_equal(dh_public_check(public_key), STATUS_OK);
}

static void
x25519_agrees_with_every_wycheproof_case_and_refuses_zero(void **state)
{
    json_t *root = vectors_load("wycheproof_x25519_test.json");
    json_t *group;
    json_t *test;
    size_t  i;
    size_t  j;
    size_t  count = 0;
    size_t  refused = 0;

    (void)state;
    json_array_foreach(json_object_get(root, "testGroups"), i, group) {
        json_array_foreach(json_object_get(group, "tests"), j, test) {
            struct vector   public_key = vector_field(test, "public");
            struct vector   private = vector_field(test, "private");
            struct vector   expected = vector_field(test, "shared");
            struct secret32 secret;
            struct secret32 shared;
            bool zero = secret_is_zero(expected.bytes, expected.len);

            count++;
            refused += zero;
            assert_public_key_is_decided(test, public_key.bytes, zero);
            memcpy(secret.bytes, private.bytes, LIMIT_KEY);
            assert_int_equal(dh_shared(&secret, public_key.bytes, &shared),
                             zero ? STATUS_BAD_FIELD : STATUS_OK);
            if (!zero)
                assert_memory_equal(shared.bytes, expected.bytes, LIMIT_KEY);
        }
    }
    assert_int_equal(count, vector_number(root, "numberOfTests"));
    assert_true(refused > 0);
    json_decref(root);
}

static void
wiped_keys_hold_nothing(void **state)
{
    struct sign_key key = key_of(1);
    struct secret32 secret = {{1}};
    struct dh_key   pair;

    (void)state;
    sign_key_wipe(&key);
    assert_true(secret_is_zero(key.secret.bytes, sizeof(key.secret.bytes)));
    dh_key_from_secret(&secret, &pair);
    dh_key_wipe(&pair);
    assert_true(secret_is_zero(pair.secret.bytes, LIMIT_KEY));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_gives_the_key_and_signature_of_rfc_8032),
        cmocka_unit_test(the_example_of_signed_note_verifies),
        cmocka_unit_test(
            a_signature_verifies_under_its_key_label_and_message_alone),
        cmocka_unit_test(any_bit_flipped_in_a_signature_refuses_it),
        cmocka_unit_test(
            a_labelled_signature_is_no_raw_one_of_the_message_and_the_reverse),
        cmocka_unit_test(a_raw_text_with_a_zero_byte_is_never_signed),
        cmocka_unit_test(
            the_longest_message_is_signed_and_a_longer_one_refused),
        cmocka_unit_test(ed25519_agrees_with_every_wycheproof_case),
        cmocka_unit_test(
            a_key_is_taken_and_all_seven_of_mixed_order_beside_it_are_refused),
        cmocka_unit_test(
            keys_of_small_order_not_canonical_or_not_on_the_curve_are_refused),
        cmocka_unit_test(x25519_gives_the_values_of_rfc_7748),
        cmocka_unit_test(
            a_public_key_of_small_order_is_refused_before_it_is_used),
        cmocka_unit_test(a_public_key_has_one_spelling),
        cmocka_unit_test(
            a_zero_shared_secret_is_refused_and_leaves_the_output_alone),
        cmocka_unit_test(
            x25519_agrees_with_every_wycheproof_case_and_refuses_zero),
        cmocka_unit_test(wiped_keys_hold_nothing),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

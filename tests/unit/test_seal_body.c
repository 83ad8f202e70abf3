/* test_seal_body.c - padding, lengths, unsealed bodies and the AEAD itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/seal_world.h"

#include <sodium.h>

static void
padded_lengths_follow_padme(void **state)
{
    /* Lengths of plaintext and 0x80, and their Padme, by the paper's rule. */
    static const size_t table[][2] = {
        {1, 1},       {2, 2},       {3, 3},         {8, 8},
        {9, 10},      {100, 104},   {1024, 1024},   {1025, 1088},
        {4097, 4352}, {9000, 9216}, {65000, 65536}, {65536, 65536},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        assert_int_equal(seal_padded_len(table[i][0] - 1), table[i][1]);
        assert_int_equal(seal_sealed_len(table[i][0] - 1),
                         table[i][1] + LIMIT_TAG);
    }
    for (size_t len = 32; len <= SEAL_PLAINTEXT_MAX; len++) {
        size_t padded = seal_padded_len(len);

        assert_true(padded > len);
        assert_true((padded - len - 1) * 100 <= (len + 1) * 12);
        assert_int_equal(seal_padded_len(padded - 1), padded);
    }
}

static void
every_length_up_to_the_limit_comes_back(void **state)
{
    static uint8_t plain[SEAL_PLAINTEXT_MAX + 1], sealed[LIMIT_SEALED],
        opened[LIMIT_SEALED];
    static const size_t lengths[] = {0,    1,    2,     63,    64,   1000,
                                     1023, 1024, 65000, 65534, 65535};
    struct world world = world_with_leaf();

    (void)state;
    memset(plain, 0x5a, sizeof(plain));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct leaf leaf = leaf_to_seal();
        size_t      len = 0, opened_len = 0;

        assert_int_equal(seal_entry(&world.content_key, &world.batch, INDEX,
                                    (struct span){plain, lengths[i]}, &leaf,
                                    sealed, &len),
                         STATUS_OK);
        assert_int_equal(len, seal_sealed_len(lengths[i]));
        assert_int_equal(seal_open(&world.content_key, world.batch.origin,
                                   INDEX, &leaf, (struct span){sealed, len},
                                   opened, &opened_len),
                         STATUS_OK);
        assert_int_equal(opened_len, lengths[i]);
        assert_memory_equal(opened, plain, opened_len);
    }
}

static void
a_plaintext_above_the_limit_is_refused_and_nothing_written(void **state)
{
    static uint8_t plain[SEAL_PLAINTEXT_MAX + 1];
    struct world   world = world_with_leaf();
    struct leaf    leaf = leaf_to_seal();
    uint8_t        untouched = 0xaa;
    size_t         len = 77;

    (void)state;
    assert_int_equal(seal_entry(&world.content_key, &world.batch, INDEX,
                                SPAN_OF(plain), &leaf, &untouched, &len),
                     STATUS_TOO_LARGE);
    assert_int_equal(untouched, 0xaa);
    assert_int_equal(len, 77);
}

static void
an_entry_is_sealed_in_the_place_of_its_plaintext(void **state)
{
    struct world world = world_with_leaf();
    struct leaf  leaf = leaf_to_seal();
    uint8_t      buffer[SEALED_LEN] = TEXT;
    size_t       len;

    (void)state;
    assert_int_equal(seal_entry(&world.content_key, &world.batch, INDEX,
                                (struct span){buffer, strlen(TEXT)}, &leaf,
                                buffer, &len),
                     STATUS_OK);
    assert_memory_equal(buffer, world.sealed, SEALED_LEN);
}

/*
 * Seals `padded` as it is under `leaf` as it is, but for its commitment, which
 * is right but for the byte `off`: a sender who keeps to no rule of ours, and
 * whose tag is right all the same.
 */
static void
seal_badly(const struct world *world, struct span padded, uint8_t off,
           struct leaf *leaf, uint8_t *sealed)
{
    uint8_t         header[LEAF_LEN], data[512];
    struct writer   to = writer_of(data, sizeof(data));
    struct secret32 key, commitment;

    kdf_derive(&world->content_key, LABEL_AEAD, SPAN_EMPTY, &key);
    kdf_derive(&world->content_key, LABEL_COMMITMENT, SPAN_EMPTY, &commitment);
    memcpy(leaf->commitment, commitment.bytes, LIMIT_KEY);
    leaf->commitment[31] ^= off;
    leaf_encode(leaf, header);
    writer_put(&to, label_span(LABEL_BODY));
    writer_put16(&to, world->batch.origin);
    writer_u64(&to, INDEX);
    writer_put(&to, (struct span){header, LEAF_SIGNED_LEN});
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed, NULL, padded.ptr, padded.len, data, to.len, NULL,
        (const uint8_t[12]){0}, key.bytes);
}

static void
padding_has_one_form(void **state)
{
    /* 28 bytes is the padded length of 27 bytes of plaintext. */
    static const struct {
        size_t      len;
        const char *padded;
        size_t      text_len; /* with its mark; 0 where none is */
        enum status st;
    } table[] = {
        {28, TEXT "\x80", 28, STATUS_OK},
        {30, TEXT "\x80", 28, STATUS_UNOPENED},      /* too many zeros */
        {28, TEXT "\x81", 28, STATUS_UNOPENED},      /* another mark */
        {28, "", 0, STATUS_UNOPENED},                /* no mark */
        {29, TEXT "\x80\x01", 29, STATUS_UNOPENED},  /* more behind it */
        {29, TEXT "x\x80", 29, STATUS_UNOPENED},     /* 29 is no Padme length */
    };
    struct world world = world_with_leaf();

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        uint8_t     padded[32] = {0}, sealed[48], plain[48];
        struct leaf leaf = leaf_to_seal();
        size_t      len;

        leaf.padded_len = (uint32_t)table[i].len;
        memcpy(padded, table[i].padded, table[i].text_len);
        seal_badly(&world, (struct span){padded, table[i].len}, 0, &leaf,
                   sealed);
        memset(plain, 0xaa, sizeof(plain));
        assert_int_equal(
            seal_open(&world.content_key, world.batch.origin, INDEX, &leaf,
                      (struct span){sealed, table[i].len + LIMIT_TAG}, plain,
                      &len),
            table[i].st);
        if (table[i].st != STATUS_OK)
            assert_true(secret_is_zero(plain, table[i].len));
    }
}

/*
 * Two keys that open one ciphertext can be found for this AEAD, but one leaf
 * commits to one of them alone.  Here tag, data and padding are all right.
 */
static void
a_key_that_the_leaf_does_not_commit_to_never_decrypts(void **state)
{
    struct world world = world_with_leaf();

    (void)state;
    for (unsigned off = 0; off < 2; off++) {
        uint8_t     padded[] = TEXT "\x80", sealed[SEALED_LEN];
        uint8_t     plain[SEALED_LEN] = {0};
        struct leaf leaf = leaf_to_seal();
        size_t      len;

        leaf.padded_len = sizeof(padded) - 1;
        seal_badly(&world, (struct span){padded, leaf.padded_len},
                   (uint8_t)off, &leaf, sealed);
        assert_int_equal(seal_open(&world.content_key, world.batch.origin,
                                   INDEX, &leaf, SPAN_OF(sealed), plain, &len),
                         off == 0 ? STATUS_OK : STATUS_UNOPENED);
        assert_int_equal(seal_check_key(&world.content_key, &leaf),
                         off == 0 ? STATUS_OK : STATUS_UNOPENED);
        assert_int_equal(secret_is_zero(plain, sizeof(plain)), off != 0);
    }
}

static void
a_leaf_that_lies_about_its_body_opens_and_matches_never(void **state)
{
    static const struct {
        unsigned    suite, class, padded_len;
        enum status st;
    } table[] = {
        {SUITE_CLASSIC, CLASS_MESSAGE, 28, STATUS_OK},
        {SUITE_CLASSIC, CLASS_MESSAGE, 27, STATUS_UNOPENED},
        {SUITE_CLASSIC, CLASS_MESSAGE, 0, STATUS_UNOPENED},
        {SUITE_CLASSIC, CLASS_MESSAGE, LIMIT_BODY, STATUS_UNOPENED},
        {SUITE_CLASSIC, CLASS_MESSAGE, UINT32_MAX, STATUS_UNOPENED},
        {SUITE_XWING_RESERVED, CLASS_MESSAGE, 28, STATUS_UNOPENED},
        {SUITE_CLASSIC, CLASS_LAST + 1, 28, STATUS_UNOPENED},
    };
    struct world world = world_with_leaf();

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        uint8_t       sealed[SEALED_LEN], plain[SEALED_LEN];
        struct leaf   leaf = leaf_to_seal();
        struct digest digest;
        size_t        len;

        leaf.suite = (uint16_t)table[i].suite;
        leaf.class = (enum entry_class)table[i].class;
        leaf.padded_len = table[i].padded_len;
        seal_badly(&world, span_text(TEXT "\x80"), 0, &leaf, sealed);
        assert_int_equal(seal_open(&world.content_key, world.batch.origin,
                                   INDEX, &leaf, SPAN_OF(sealed), plain, &len),
                         table[i].st);
        seal_digest(leaf.class, &world.batch, INDEX, SPAN_OF(sealed), &digest);
        memcpy(leaf.digest, digest.bytes, LIMIT_DIGEST);
        assert_int_equal(
            seal_check_digest(&leaf, &world.batch, INDEX, SPAN_OF(sealed)),
            leaf.padded_len == 28 ? STATUS_OK : STATUS_BAD_PROOF);
    }
}

static void
an_unsealed_entry_is_named_by_its_digest(void **state)
{
    struct seal_batch batch = {.origin = span_text(ORIGIN)};
    struct leaf       leaf;
    uint8_t           header[LEAF_LEN];
    struct vector     expected;

    (void)state;
    assert_int_equal(seal_unsealed_leaf(CLASS_OPEN, PRECEDENCE_ROUTINE,
                                        batch.origin, 0, span_text("open"),
                                        &leaf),
                     STATUS_OK);
    leaf_encode(&leaf, header);
    expected = vector_of(
        "0001010200000004000000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000"
        "bd9eef2eac41db4327656939b390637a8b1c36af35e37440c83ce5350b0c9ba5");
    assert_memory_equal(header, expected.bytes, LEAF_LEN);
    assert_int_equal(seal_check_digest(&leaf, &batch, 0, span_text("open")),
                     STATUS_OK);
    assert_int_equal(seal_check_digest(&leaf, &batch, 1, span_text("open")),
                     STATUS_BAD_PROOF);
    assert_int_equal(seal_check_digest(&leaf, &batch, 0, span_text("oqen")),
                     STATUS_BAD_PROOF);
    assert_int_equal(seal_check_digest(&leaf, &batch, 0, span_text("ope")),
                     STATUS_BAD_PROOF);
}

static void
an_unsealed_body_is_one_byte_to_the_limit(void **state)
{
    static uint8_t body[LIMIT_BODY + 1];
    struct leaf    leaf;

    (void)state;
    assert_int_equal(seal_unsealed_leaf(CLASS_KEY, PRECEDENCE_ROUTINE,
                                        span_text(ORIGIN), 1, SPAN_EMPTY,
                                        &leaf),
                     STATUS_TOO_LARGE);
    assert_int_equal(seal_unsealed_leaf(CLASS_KEY, PRECEDENCE_ROUTINE,
                                        span_text(ORIGIN), 1, SPAN_OF(body),
                                        &leaf),
                     STATUS_TOO_LARGE);
    assert_int_equal(
        seal_unsealed_leaf(CLASS_KEY, PRECEDENCE_ROUTINE, span_text(ORIGIN), 1,
                           (struct span){body, LIMIT_BODY}, &leaf),
        STATUS_OK);
}

/* One vector of Wycheproof through the AEAD that sealing uses. */
static void
check_vector(const json_t *test)
{
    struct vector key = vector_field(test, "key");
    struct vector nonce = vector_field(test, "iv");
    struct vector data = vector_field(test, "aad");
    struct vector text = vector_field(test, "msg");
    struct vector sealed = vector_field(test, "ct");
    struct vector tag = vector_field(test, "tag");
    bool          valid = vector_valid(test);
    static uint8_t out[sizeof(sealed.bytes)];
    int            failed;

    assert_int_equal(tag.len, LIMIT_TAG);
    memcpy(sealed.bytes + sealed.len, tag.bytes, tag.len);
    failed = crypto_aead_chacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.bytes, sealed.len + tag.len, data.bytes,
        data.len, nonce.bytes, key.bytes);
    assert_int_equal(failed == 0, valid);
    if (!valid)
        return;
    assert_memory_equal(out, text.bytes, text.len);
    failed = crypto_aead_chacha20poly1305_ietf_encrypt(
        out, NULL, text.bytes, text.len, data.bytes, data.len, NULL,
        nonce.bytes, key.bytes);
    assert_int_equal(failed, 0);
    assert_memory_equal(out, sealed.bytes, text.len + LIMIT_TAG);
}

/* Other nonces cannot be asked of this function: all are invalid. */
static void
check_nonce_size(const json_t *test)
{
    assert_false(vector_valid(test));
    assert_true(vector_flagged(test, "InvalidNonceSize"));
}

static void
the_aead_agrees_with_wycheproof(void **state)
{
    json_t *root = vectors_load("wycheproof_chacha20_poly1305_test.json");
    json_t *groups = json_object_get(root, "testGroups"), *group, *test;
    size_t  i, j, checked = 0;

    (void)state;
    json_array_foreach(groups, i, group) {
        json_array_foreach(json_object_get(group, "tests"), j, test) {
            if (vector_number(group, "ivSize") == 96)
                check_vector(test);
            else
                check_nonce_size(test);
            checked++;
        }
    }
    assert_int_equal(checked, 325);
    assert_int_equal(checked, vector_number(root, "numberOfTests"));
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(padded_lengths_follow_padme),
        cmocka_unit_test(every_length_up_to_the_limit_comes_back),
        cmocka_unit_test(
            a_plaintext_above_the_limit_is_refused_and_nothing_written),
        cmocka_unit_test(an_entry_is_sealed_in_the_place_of_its_plaintext),
        cmocka_unit_test(padding_has_one_form),
        cmocka_unit_test(a_key_that_the_leaf_does_not_commit_to_never_decrypts),
        cmocka_unit_test(
            a_leaf_that_lies_about_its_body_opens_and_matches_never),
        cmocka_unit_test(an_unsealed_entry_is_named_by_its_digest),
        cmocka_unit_test(an_unsealed_body_is_one_byte_to_the_limit),
        cmocka_unit_test(the_aead_agrees_with_wycheproof),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

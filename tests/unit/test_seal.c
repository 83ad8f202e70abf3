/* test_seal.c - sealing, opening, digests; and what each binds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "tests/unit/vectors.h"

#include <sodium.h>

#define ORIGIN                                                                 \
    "entente/v1/000102030405060708090a0b0c0d0e0f/"                             \
    "101112131415161718191a1b1c1d1e1f/actual/wire/1-0123456789abcdef"
#define TEXT "tanker approached off Lagos"

enum { INDEX = 7, SEALED_LEN = 44 };

/* One batch between two sides, from counting keys. */
struct world {
    struct dh_key     ephemeral, sealing;
    struct secret32   pair_secret;
    struct seal_batch batch;
    struct seal_key   key;
    struct secret32   content_key; /* of INDEX */
    struct leaf       leaf;
    uint8_t           sealed[SEALED_LEN];
};

static void
fill(uint8_t *out, size_t len, unsigned first)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(first + i);
}

static struct dh_key
dh_key_of(unsigned first)
{
    struct secret32 secret;
    struct dh_key   key;

    fill(secret.bytes, sizeof(secret.bytes), first);
    dh_key_from_secret(&secret, &key);
    return key;
}

static struct leaf
leaf_to_seal(void)
{
    return (struct leaf){.suite = SUITE_CLASSIC,
                         .class = CLASS_MESSAGE,
                         .precedence = PRECEDENCE_IMMEDIATE,
                         .sealing_key = 9,
                         .secret_epoch = 3};
}

static struct world
world_with_leaf(void)
{
    struct world    world = {.ephemeral = dh_key_of(0x40),
                             .sealing = dh_key_of(0x20)};
    struct secret32 batch_secret;
    size_t          len;

    fill(world.pair_secret.bytes, LIMIT_KEY, 0x80);
    world.batch.origin = span_text(ORIGIN);
    world.batch.first_index = 5;
    memcpy(world.batch.ephemeral, world.ephemeral.public_key, LIMIT_KEY);
    fill(world.batch.salt, LIMIT_SALT, 0x60);
    world.key = (struct seal_key){
        .suite = SUITE_CLASSIC, .number = 9, .secret_epoch = 3};
    memcpy(world.key.public_key, world.sealing.public_key, LIMIT_KEY);
    world.leaf = leaf_to_seal();
    world.key.pair_secret = &world.pair_secret; /* of this copy: lent once */
    assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                       &world.ephemeral.secret, &batch_secret),
                     STATUS_OK);
    world.key.pair_secret = NULL;
    seal_content_key(&batch_secret, INDEX, &world.content_key);
    assert_int_equal(seal_entry(&world.content_key, &world.batch, INDEX,
                                span_text(TEXT), &world.leaf, world.sealed,
                                &len),
                     STATUS_OK);
    assert_int_equal(len, SEALED_LEN);
    return world;
}

static void
assert_secret(const struct secret32 *secret, const char *hex)
{
    struct vector expected = vector_of(hex);

    assert_memory_equal(secret->bytes, expected.bytes, LIMIT_KEY);
}

/* Opens as the recipient would; the plaintext must be TEXT when it is OK. */
static enum status
open_with(const struct secret32 *content_key, struct span origin,
          uint64_t index, const struct leaf *leaf, struct span sealed)
{
    static uint8_t plaintext[LIMIT_SEALED];
    size_t         len = 0;
    enum status    st =
        seal_open(content_key, origin, index, leaf, sealed, plaintext, &len);

    if (st == STATUS_OK) {
        assert_int_equal(len, strlen(TEXT));
        assert_memory_equal(plaintext, TEXT, len);
    } else {
        assert_int_equal(st, STATUS_UNOPENED);
    }
    return st;
}

static enum status
open_world(const struct world *world)
{
    return open_with(&world->content_key, world->batch.origin, INDEX,
                     &world->leaf, SPAN_OF(world->sealed));
}

static void
sender_and_recipient_derive_one_batch_secret(void **state)
{
    struct world    world = world_with_leaf();
    struct secret32 sender, recipient;

    (void)state;
    for (int with_secret = 0; with_secret < 2; with_secret++) {
        world.key.pair_secret = with_secret ? &world.pair_secret : NULL;
        assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                           &world.ephemeral.secret, &sender),
                         STATUS_OK);
        assert_int_equal(seal_batch_recipient(&world.batch, &world.key,
                                              &world.sealing.secret,
                                              &recipient),
                         STATUS_OK);
        assert_memory_equal(sender.bytes, recipient.bytes, LIMIT_KEY);
        /* Computed apart from this code, by hashlib and cryptography. */
        assert_secret(&sender,
                      with_secret ? "9a96e7b5a342740da2344320fb28bb5e"
                                    "9d87224ff431067206c2c3f0c53035a0"
                                  : "7cbae0900c2411f377078ff105c7badb"
                                    "759833d9fbdc0350db2aec39f5b55a9a");
    }
}

static void
no_pair_secret_is_32_zero_bytes(void **state)
{
    struct world          world = world_with_leaf();
    const struct secret32 zeros = {{0}};
    struct secret32       none, zero;

    (void)state;
    assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                       &world.ephemeral.secret, &none),
                     STATUS_OK);
    world.key.pair_secret = &zeros;
    assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                       &world.ephemeral.secret, &zero),
                     STATUS_OK);
    assert_memory_equal(none.bytes, zero.bytes, LIMIT_KEY);
}

/* The batch secret of the world as it is; without a pair secret, which would
 * mask what else is bound. */
static struct secret32
sender_secret(const struct world *world)
{
    struct secret32 out;

    assert_int_equal(seal_batch_sender(&world->batch, &world->key,
                                       &world->ephemeral.secret, &out),
                     STATUS_OK);
    return out;
}

static void
every_field_of_batch_and_key_changes_the_batch_secret(void **state)
{
    const struct world world = world_with_leaf();
    struct secret32    secrets[8];

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct world other = world;

        switch (i) {
        case 1: other.batch.origin.len--; break;
        case 2: other.batch.first_index++; break;
        case 3: other.batch.ephemeral[0] ^= 1; break;
        case 4: other.batch.salt[15] ^= 1; break;
        case 5: other.key.number++; break;
        case 6: other.key.public_key[0] ^= 1; break;
        case 7: other.key.pair_secret = &world.pair_secret; break;
        default: break;
        }
        secrets[i] = sender_secret(&other);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(secrets[i].bytes, secrets[j].bytes,
                                    LIMIT_KEY);
    }
}

static void
an_unknown_suite_and_a_zero_shared_secret_are_refused(void **state)
{
    struct world    world = world_with_leaf();
    struct secret32 out;

    (void)state;
    world.key.suite = SUITE_XWING_RESERVED;
    assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                       &world.ephemeral.secret, &out),
                     STATUS_BAD_VERSION);
    world.key.suite = SUITE_CLASSIC;
    memset(world.key.public_key, 0, LIMIT_KEY);
    assert_int_equal(seal_batch_sender(&world.batch, &world.key,
                                       &world.ephemeral.secret, &out),
                     STATUS_BAD_FIELD);
    memset(world.batch.ephemeral, 0, LIMIT_KEY);
    assert_int_equal(seal_batch_recipient(&world.batch, &world.key,
                                          &world.sealing.secret, &out),
                     STATUS_BAD_FIELD);
}

static void
an_entry_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct world  world = world_with_leaf();
    uint8_t       header[LEAF_LEN];
    struct vector expected;

    (void)state;
    assert_secret(&world.content_key, "8376424ded3fccf8f7c23c08cd12bd51"
                                      "e2dbed67a267519c2f04f80312d85c1c");
    leaf_encode(&world.leaf, header);
    expected = vector_of(
        "000105040000001c0000000900000003"
        "1a575ca187f13309735619b11bcc37c59ab470c3875ae2395f76964f32811457"
        "eebd49133a09578a8ded024d795da377003f53438e16f8b7fa31a3be926953e4");
    assert_memory_equal(header, expected.bytes, LEAF_LEN);
    expected = vector_of("8b60e3f849aeb320d409bd8529da5a85d70954a65fb03cdcc6d4"
                         "82e66ca51632a1877cc1348838e040d27d0a");
    assert_int_equal(expected.len, SEALED_LEN);
    assert_memory_equal(world.sealed, expected.bytes, SEALED_LEN);
}

static void
an_entry_opens_by_its_own_content_key_alone(void **state)
{
    struct world    world = world_with_leaf();
    struct secret32 batch_secret = sender_secret(&world);

    (void)state;
    assert_int_equal(open_world(&world), STATUS_OK);
    assert_int_equal(seal_check_key(&world.content_key, &world.leaf),
                     STATUS_OK);
    for (uint64_t index = 5; index < 10; index++) {
        struct secret32 key;

        /* Without the pair secret, and so another key at each index. */
        seal_content_key(&batch_secret, index, &key);
        assert_int_equal(seal_check_key(&key, &world.leaf), STATUS_UNOPENED);
        assert_int_equal(open_with(&key, world.batch.origin, INDEX, &world.leaf,
                                   SPAN_OF(world.sealed)),
                         STATUS_UNOPENED);
    }
}

static void
each_index_has_a_content_key_of_its_own(void **state)
{
    struct world    world = world_with_leaf();
    struct secret32 batch_secret = sender_secret(&world), one, two;

    (void)state;
    seal_content_key(&batch_secret, 5, &one);
    seal_content_key(&batch_secret, 6, &two);
    assert_memory_not_equal(one.bytes, two.bytes, LIMIT_KEY);
    seal_content_key(&batch_secret, 5, &two);
    assert_memory_equal(one.bytes, two.bytes, LIMIT_KEY);
}

static void
an_entry_opens_nowhere_else(void **state)
{
    struct world world = world_with_leaf();
    char         other[] = ORIGIN;

    (void)state;
    assert_int_equal(open_with(&world.content_key, world.batch.origin,
                               INDEX + 1, &world.leaf, SPAN_OF(world.sealed)),
                     STATUS_UNOPENED);
    for (size_t i = 0; i < strlen(ORIGIN); i++) {
        other[i] ^= 1;
        assert_int_equal(open_with(&world.content_key, span_text(other), INDEX,
                                   &world.leaf, SPAN_OF(world.sealed)),
                         STATUS_UNOPENED);
        other[i] ^= 1;
    }
}

static void
a_body_with_any_byte_flipped_or_missing_opens_never(void **state)
{
    struct world world = world_with_leaf();
    struct world good = world;
    uint8_t      longer[SEALED_LEN + 1] = {0};

    (void)state;
    for (size_t i = 0; i < SEALED_LEN; i++) {
        world.sealed[i] ^= 0x01;
        assert_int_equal(open_world(&world), STATUS_UNOPENED);
        assert_int_equal(seal_check_digest(&world.leaf, &world.batch, INDEX,
                                           SPAN_OF(world.sealed)),
                         STATUS_BAD_PROOF);
        world.sealed[i] ^= 0x01;
    }
    for (size_t len = 0; len < SEALED_LEN; len++) {
        struct span prefix = {world.sealed, len};

        assert_int_equal(open_with(&good.content_key, good.batch.origin, INDEX,
                                   &good.leaf, prefix),
                         STATUS_UNOPENED);
        assert_int_equal(
            seal_check_digest(&good.leaf, &good.batch, INDEX, prefix),
            STATUS_BAD_PROOF);
    }
    memcpy(longer, world.sealed, SEALED_LEN);
    assert_int_equal(open_with(&good.content_key, good.batch.origin, INDEX,
                               &good.leaf, SPAN_OF(longer)),
                     STATUS_UNOPENED);
}

static void
a_leaf_with_any_byte_flipped_opens_or_matches_never(void **state)
{
    struct world world = world_with_leaf();
    uint8_t      header[LEAF_LEN];

    (void)state;
    leaf_encode(&world.leaf, header);
    for (size_t i = 0; i < LEAF_LEN; i++) {
        struct leaf changed;
        enum status opened, matched;

        header[i] ^= 0x01;
        if (leaf_decode(SPAN_OF(header), &changed) == STATUS_OK) {
            opened = open_with(&world.content_key, world.batch.origin, INDEX,
                               &changed, SPAN_OF(world.sealed));
            matched = seal_check_digest(&changed, &world.batch, INDEX,
                                        SPAN_OF(world.sealed));
            /* The digest is not AEAD data; all else is not hashed. */
            assert_true(opened != STATUS_OK || i >= LEAF_SIGNED_LEN);
            assert_true(matched != STATUS_OK || i < LEAF_SIGNED_LEN);
            assert_true(opened != STATUS_OK || matched != STATUS_OK);
        }
        header[i] ^= 0x01;
    }
}

static void
the_digest_covers_place_and_batch(void **state)
{
    const struct world world = world_with_leaf();
    struct span        body = SPAN_OF(world.sealed);

    (void)state;
    assert_int_equal(seal_check_digest(&world.leaf, &world.batch, INDEX, body),
                     STATUS_OK);
    assert_int_equal(
        seal_check_digest(&world.leaf, &world.batch, INDEX + 1, body),
        STATUS_BAD_PROOF);
    for (size_t i = 0; i < 4; i++) {
        struct seal_batch other = world.batch;

        switch (i) {
        case 0: other.origin.len--; break;
        case 1: other.first_index++; break;
        case 2: other.ephemeral[31] ^= 1; break;
        default: other.salt[0] ^= 1; break;
        }
        assert_int_equal(seal_check_digest(&world.leaf, &other, INDEX, body),
                         STATUS_BAD_PROOF);
    }
}

/*
 * Two keys for one ciphertext can be found for this AEAD; the commitment then
 * stands for one of them alone.  Shown from the side that matters: with
 * everything right but the commitment, nothing opens.
 */
static void
a_key_that_the_leaf_does_not_commit_to_never_decrypts(void **state)
{
    struct world world = world_with_leaf();

    (void)state;
    world.leaf.commitment[31] ^= 0x80;
    assert_int_equal(seal_check_key(&world.content_key, &world.leaf),
                     STATUS_UNOPENED);
    assert_int_equal(open_world(&world), STATUS_UNOPENED);
}

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

/* Seals `padded` as it is, by what the header of seal.h says: a sender whose
 * padding is not the rule's. */
static void
seal_padded(const struct world *world, struct span padded, struct leaf *leaf,
            uint8_t *sealed)
{
    uint8_t         header[LEAF_LEN], data[512];
    struct writer   to = writer_of(data, sizeof(data));
    struct secret32 key, commitment;

    kdf_derive(&world->content_key, LABEL_AEAD, SPAN_EMPTY, &key);
    kdf_derive(&world->content_key, LABEL_COMMITMENT, SPAN_EMPTY, &commitment);
    *leaf = leaf_to_seal();
    leaf->padded_len = (uint32_t)padded.len;
    memcpy(leaf->commitment, commitment.bytes, LIMIT_KEY);
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
        struct leaf leaf;
        size_t      len;

        memcpy(padded, table[i].padded, table[i].text_len);
        seal_padded(&world, (struct span){padded, table[i].len}, &leaf, sealed);
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

static void
an_unsealed_entry_never_opens_and_a_sealed_one_never_passes_for_it(void **state)
{
    struct world world = world_with_leaf();
    struct leaf  leaf = world.leaf;

    (void)state;
    leaf.class = CLASS_SEALKEY;
    assert_int_equal(open_with(&world.content_key, world.batch.origin, INDEX,
                               &leaf, SPAN_OF(world.sealed)),
                     STATUS_UNOPENED);
    assert_int_equal(seal_check_digest(&leaf, &world.batch, INDEX,
                                       SPAN_OF(world.sealed)),
                     STATUS_BAD_PROOF);
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
    bool          valid = strcmp(vector_text(test, "result"), "valid") == 0;
    static uint8_t out[sizeof(text.bytes)];
    int            failed;

    assert_int_equal(tag.len, LIMIT_TAG);
    memcpy(sealed.bytes + sealed.len, tag.bytes, tag.len);
    failed = crypto_aead_chacha20poly1305_ietf_decrypt(
        out, NULL, NULL, sealed.bytes, sealed.len + tag.len, data.bytes,
        data.len, nonce.bytes, key.bytes);
    assert_int_equal(failed == 0, valid);
    if (valid)
        assert_memory_equal(out, text.bytes, text.len);
}

static void
the_aead_agrees_with_wycheproof(void **state)
{
    json_t *root = vectors_load("wycheproof_chacha20_poly1305_test.json");
    json_t *groups = json_object_get(root, "testGroups"), *group, *test;
    size_t  i, j, checked = 0;

    (void)state;
    json_array_foreach(groups, i, group) {
        if (vector_number(group, "ivSize") != 96)
            continue; /* other nonces cannot be asked of this function */
        json_array_foreach(json_object_get(group, "tests"), j, test) {
            check_vector(test);
            checked++;
        }
    }
    assert_int_equal(checked, 316);
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sender_and_recipient_derive_one_batch_secret),
        cmocka_unit_test(no_pair_secret_is_32_zero_bytes),
        cmocka_unit_test(every_field_of_batch_and_key_changes_the_batch_secret),
        cmocka_unit_test(an_unknown_suite_and_a_zero_shared_secret_are_refused),
        cmocka_unit_test(an_entry_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(an_entry_opens_by_its_own_content_key_alone),
        cmocka_unit_test(each_index_has_a_content_key_of_its_own),
        cmocka_unit_test(an_entry_opens_nowhere_else),
        cmocka_unit_test(a_body_with_any_byte_flipped_or_missing_opens_never),
        cmocka_unit_test(a_leaf_with_any_byte_flipped_opens_or_matches_never),
        cmocka_unit_test(the_digest_covers_place_and_batch),
        cmocka_unit_test(a_key_that_the_leaf_does_not_commit_to_never_decrypts),
        cmocka_unit_test(padded_lengths_follow_padme),
        cmocka_unit_test(every_length_up_to_the_limit_comes_back),
        cmocka_unit_test(
            a_plaintext_above_the_limit_is_refused_and_nothing_written),
        cmocka_unit_test(an_entry_is_sealed_in_the_place_of_its_plaintext),
        cmocka_unit_test(padding_has_one_form),
        cmocka_unit_test(an_unsealed_entry_is_named_by_its_digest),
        cmocka_unit_test(an_unsealed_body_is_one_byte_to_the_limit),
        cmocka_unit_test(
            an_unsealed_entry_never_opens_and_a_sealed_one_never_passes_for_it),
        cmocka_unit_test(the_aead_agrees_with_wycheproof),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

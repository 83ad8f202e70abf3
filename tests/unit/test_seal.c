/* test_seal.c - who can open an entry, and what its keys and digest bind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/seal_world.h"

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
        cmocka_unit_test(
            an_unsealed_entry_never_opens_and_a_sealed_one_never_passes_for_it),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

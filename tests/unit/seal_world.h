/*
 * seal_world.h - one entry sealed between two sides, for the tests of seal.c.
 */
#ifndef TESTS_UNIT_SEAL_WORLD_H
#define TESTS_UNIT_SEAL_WORLD_H

#include "crypto/seal.h"
#include "crypto/sign.h"
#include "tests/unit/vectors.h"

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

static inline void
fill(uint8_t *out, size_t len, unsigned first)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(first + i);
}

static inline struct dh_key
dh_key_of(unsigned first)
{
    struct secret32 secret;
    struct dh_key   key;

    fill(secret.bytes, sizeof(secret.bytes), first);
    dh_key_from_secret(&secret, &key);
    return key;
}

static inline struct leaf
leaf_to_seal(void)
{
    return (struct leaf){.suite = SUITE_CLASSIC,
                         .class = CLASS_MESSAGE,
                         .precedence = PRECEDENCE_IMMEDIATE,
                         .sealing_key = 9,
                         .secret_epoch = 3};
}

static inline struct world
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

#endif

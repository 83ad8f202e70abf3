/* A log verifies by itself, and what was done to it is named. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/checkpoint.h"
#include "crypto/seal.h"
#include "tools/audit/audit.h"

enum { SIZE = 7, COSIGNED = 5 };

#define ORIGIN                                                                 \
    "entente/v1/00000000000000000000000000000001/"                             \
    "00000000000000000000000000000002/actual/wire/1-0123456789abcdef"

/* A channel of SIZE entries, signed whole and receipted up to COSIGNED. */
struct world {
    struct cert          own;
    struct cert_encoded  theirs;
    struct sign_key      log;
    struct sign_key      witness;
    Entente__LogChannel  channel;
    Entente__LogEntry    entries[SIZE];
    uint8_t              leaves[SIZE][LEAF_LEN];
    uint8_t              bodies[SIZE][8];
    uint8_t              ephemeral[LIMIT_KEY];
    uint8_t              salt[LIMIT_SALT];
    struct head          head;
    struct head          cosigned;
    uint8_t              signature[LIMIT_SIGNATURE];
    struct cosignature   cosignature;
    struct audit         audit;
};

static struct sign_key
key_of(uint8_t seed)
{
    struct secret32 secret = {{seed}};
    struct sign_key key;

    sign_key_from_seed(&secret, &key);
    return key;
}

static void
make_cert(struct cert *cert, uint8_t seed, struct cert_encoded *encoded)
{
    struct sign_key org = key_of(seed);
    struct sign_key log = key_of((uint8_t)(seed + 1));
    struct sign_key witness = key_of((uint8_t)(seed + 2));

    *cert = (struct cert){.serial = 1, .renew_by_ms = 1, .country = "IN",
                          .node_name = "ifc", .org_name = "IFC"};
    cert->node.bytes[15] = 1;
    cert->link_key[0] = 9;
    memcpy(cert->org_key, org.public_key, LIMIT_KEY);
    memcpy(cert->log_key, log.public_key, LIMIT_KEY);
    memcpy(cert->witness_key, witness.public_key, LIMIT_KEY);
    assert_int_equal(cert_sign(cert, &org, encoded), STATUS_OK);
}

static ProtobufCBinaryData
lend(uint8_t *bytes, size_t len)
{
    return (ProtobufCBinaryData){len, bytes};
}

static void
make_entries(struct world *world)
{
    struct merkle_frontier frontier;

    merkle_init(&frontier);
    for (size_t i = 0; i < SIZE; i++) {
        struct leaf        leaf;
        struct digest      hash;
        Entente__LogEntry *entry = &world->entries[i];

        snprintf((char *)world->bodies[i], sizeof(world->bodies[i]), "body %zu",
                 i);
        assert_int_equal(
            seal_unsealed_leaf(CLASS_SEALKEY, PRECEDENCE_ROUTINE,
                               span_text(ORIGIN), i,
                               SPAN_OF(world->bodies[i]), &leaf),
            STATUS_OK);
        leaf_encode(&leaf, world->leaves[i]);
        entente__log_entry__init(entry);
        entry->index = i;
        entry->ephemeral = lend(world->ephemeral, LIMIT_KEY);
        entry->salt = lend(world->salt, LIMIT_SALT);
        entry->leaf = lend(world->leaves[i], LEAF_LEN);
        entry->body = lend(world->bodies[i], sizeof(world->bodies[i]));
        entry->body_here = true;
        merkle_leaf_hash(SPAN_OF(world->leaves[i]), &hash);
        merkle_append(&frontier, &hash);
        if (i + 1 == COSIGNED)
            merkle_root(&frontier, &world->cosigned.root);
    }
    merkle_root(&frontier, &world->head.root);
    world->head.size = SIZE;
    world->cosigned.size = COSIGNED;
}

static int
make_world(void **state)
{
    struct world        *world = calloc(1, sizeof(*world));
    Entente__LogChannel *channel = &world->channel;
    struct cert_encoded  unused;
    struct cert          other;

    if (crypto_start() != STATUS_OK)
        return 1;
    make_cert(&world->own, 10, &unused);
    make_cert(&other, 20, &world->theirs);
    world->log = key_of(11);
    world->witness = key_of(22);
    make_entries(world);
    checkpoint_sign(span_text(ORIGIN), &world->head, &world->log,
                    world->signature);
    cosignature_sign(span_text(ORIGIN), &world->cosigned, 77, &world->witness,
                     &world->cosignature);
    entente__log_channel__init(channel);
    channel->origin = (char *)(uintptr_t)ORIGIN;
    channel->size = SIZE;
    channel->root = lend(world->head.root.bytes, LIMIT_DIGEST);
    channel->signature = lend(world->signature, LIMIT_SIGNATURE);
    channel->cosigned_size = COSIGNED;
    channel->cosigned_root = lend(world->cosigned.root.bytes, LIMIT_DIGEST);
    channel->cosigned_time = 77;
    channel->cosignature = lend(world->cosignature.signature, LIMIT_SIGNATURE);
    channel->log_key = lend(world->log.public_key, LIMIT_KEY);
    channel->witness_key = lend(world->witness.public_key, LIMIT_KEY);
    channel->certificate = lend(world->theirs.bytes, world->theirs.len);
    *state = world;
    return 0;
}

static int
drop_world(void **state)
{
    free(*state);
    return 0;
}

static enum status
verify(struct world *world)
{
    bool        known = false;
    enum status st = audit_begin(&world->audit, &world->channel);

    if (st == STATUS_OK)
        st = audit_keys(&world->audit, &world->own, &known);
    for (size_t i = 0; i < SIZE && st == STATUS_OK; i++)
        st = audit_entry(&world->audit, &world->entries[i]);
    return st == STATUS_OK ? audit_end(&world->audit) : st;
}

#define NAMES(words) assert_non_null(strstr(world->audit.why, words))

static void
a_whole_log_verifies(void **state)
{
    struct world *world = *state;

    assert_int_equal(verify(world), STATUS_OK);
    assert_int_equal(world->audit.bodies, SIZE);
    world->entries[3].body_here = false; /* forgotten: the log still holds */
    assert_int_equal(verify(world), STATUS_OK);
    assert_int_equal(world->audit.bodies, SIZE - 1);
}

static void
an_empty_channel_verifies(void **state)
{
    struct world *world = *state;

    world->channel.size = world->channel.cosigned_size = 0;
    assert_int_equal(audit_begin(&world->audit, &world->channel), STATUS_OK);
    assert_int_equal(audit_end(&world->audit), STATUS_OK);
}

static void
a_changed_body_is_named_by_its_index(void **state)
{
    struct world *world = *state;

    world->bodies[4][0] ^= 1;
    assert_int_equal(verify(world), STATUS_BAD_PROOF);
    NAMES("entry 4");
}

static void
any_changed_byte_of_a_leaf_is_found(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < LEAF_LEN; i++) {
        world->leaves[2][i] ^= 1;
        assert_int_not_equal(verify(world), STATUS_OK);
        assert_true(world->audit.why[0] != '\0');
        world->leaves[2][i] ^= 1;
    }
    assert_int_equal(verify(world), STATUS_OK);
}

static void
a_changed_leaf_beyond_the_receipt_is_placed_beyond_it(void **state)
{
    struct world *world = *state;

    world->leaves[6][3] ^= 1; /* precedence: no body names it */
    assert_int_equal(verify(world), STATUS_BAD_ROOT);
    NAMES("entries 5 to 6");
    world->leaves[6][3] ^= 1;
    world->leaves[1][3] ^= 1;
    assert_int_equal(verify(world), STATUS_BAD_ROOT);
    NAMES("entries 0 to 4");
}

static void
a_missing_or_swapped_entry_is_named(void **state)
{
    struct world     *world = *state;
    Entente__LogEntry kept = world->entries[2];

    world->entries[2] = world->entries[3];
    assert_int_equal(verify(world), STATUS_BAD_PROOF);
    NAMES("entry 2 is missing");
    world->entries[2] = kept;
    world->channel.size = SIZE;
    assert_int_equal(audit_begin(&world->audit, &world->channel), STATUS_OK);
    for (size_t i = 0; i + 1 < SIZE; i++)
        assert_int_equal(audit_entry(&world->audit, &world->entries[i]),
                         STATUS_OK);
    assert_int_equal(audit_end(&world->audit), STATUS_BAD_ROOT);
    NAMES("entry 6 is missing");
}

static void
a_log_shorter_than_its_receipt_was_cut(void **state)
{
    struct world *world = *state;

    world->channel.size = COSIGNED - 1;
    assert_int_equal(verify(world), STATUS_BAD_ROOT);
    NAMES("was cut");
}

static void
any_changed_byte_of_head_or_receipt_is_found(void **state)
{
    struct world *world = *state;
    struct {
        uint8_t *bytes;
        size_t   len;
    } fields[] = {
        {world->head.root.bytes, LIMIT_DIGEST},
        {world->signature, LIMIT_SIGNATURE},
        {world->cosigned.root.bytes, LIMIT_DIGEST},
        {world->cosignature.signature, LIMIT_SIGNATURE},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        for (size_t at = 0; at < fields[i].len; at++) {
            fields[i].bytes[at] ^= 1;
            assert_int_equal(verify(world), STATUS_BAD_PROOF);
            fields[i].bytes[at] ^= 1;
        }
    }
    world->channel.cosigned_time++;
    assert_int_equal(verify(world), STATUS_BAD_PROOF);
}

static void
a_log_signed_by_other_keys_is_not_trusted(void **state)
{
    struct world   *world = *state;
    struct sign_key other = key_of(99);

    /* A whole log that somebody made up, with keys of his own. */
    checkpoint_sign(span_text(ORIGIN), &world->head, &other, world->signature);
    world->channel.log_key = lend(other.public_key, LIMIT_KEY);
    assert_int_equal(verify(world), STATUS_UNTRUSTED);
    make_world(state);
    free(world);
    world = *state;
    cosignature_sign(span_text(ORIGIN), &world->cosigned, 77, &other,
                     &world->cosignature);
    world->channel.witness_key = lend(other.public_key, LIMIT_KEY);
    assert_int_equal(verify(world), STATUS_UNTRUSTED);
    world->theirs.bytes[30] ^= 1;
    assert_int_equal(verify(world), STATUS_UNTRUSTED);
}

static void
a_key_without_a_certificate_is_known_to_be_the_nodes_word(void **state)
{
    struct world *world = *state;
    bool          known = true;

    assert_int_equal(audit_begin(&world->audit, &world->channel), STATUS_OK);
    assert_int_equal(audit_keys(&world->audit, &world->own, &known), STATUS_OK);
    assert_true(known);
    world->channel.certificate.len = 0;
    assert_int_equal(audit_keys(&world->audit, &world->own, &known), STATUS_OK);
    assert_false(known);
}

static void
fields_of_a_wrong_length_are_refused(void **state)
{
    struct world        *world = *state;
    ProtobufCBinaryData *fields[] = {
        &world->channel.root,          &world->channel.signature,
        &world->channel.cosigned_root, &world->channel.cosignature,
        &world->channel.log_key,       &world->channel.witness_key,
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        fields[i]->len--;
        assert_int_equal(verify(world), STATUS_BAD_ENCODING);
        fields[i]->len++;
    }
    world->entries[0].leaf.len--;
    assert_int_equal(verify(world), STATUS_BAD_PROOF);
    world->entries[0].leaf.len++;
    world->entries[0].salt.len = 0;
    assert_int_equal(verify(world), STATUS_BAD_PROOF);
}

#define IN_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, make_world, drop_world)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_whole_log_verifies),
        IN_WORLD(an_empty_channel_verifies),
        IN_WORLD(a_changed_body_is_named_by_its_index),
        IN_WORLD(any_changed_byte_of_a_leaf_is_found),
        IN_WORLD(a_changed_leaf_beyond_the_receipt_is_placed_beyond_it),
        IN_WORLD(a_missing_or_swapped_entry_is_named),
        IN_WORLD(a_log_shorter_than_its_receipt_was_cut),
        IN_WORLD(any_changed_byte_of_head_or_receipt_is_found),
        IN_WORLD(a_log_signed_by_other_keys_is_not_trusted),
        IN_WORLD(a_key_without_a_certificate_is_known_to_be_the_nodes_word),
        IN_WORLD(fields_of_a_wrong_length_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

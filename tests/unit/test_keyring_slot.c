/* test_keyring_slot.c - one key, 128 bytes, in one place under one key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/keyring_slot.h"
#include "proto/label.h"
#include "tests/unit/vectors.h"

#include <sodium.h>

enum { INDEX = 33 };

static struct secret32
secret_from(unsigned first)
{
    struct secret32 secret;

    for (size_t i = 0; i < LIMIT_KEY; i++)
        secret.bytes[i] = (uint8_t)(first + i);
    return secret;
}

static struct node_id
good_node(void)
{
    struct node_id node;

    for (size_t i = 0; i < LIMIT_NODE_ID; i++)
        node.bytes[i] = (uint8_t)i;
    return node;
}

static struct keyring_slot
good_slot(void)
{
    struct node_id node = good_node();

    return (struct keyring_slot){
        .name = {.kind = KEYRING_SEALING,
                 .owner = keyring_owner_of(&node, span_text("actual")),
                 .number = 9},
        .state = KEYRING_CURRENT,
        .generation = 6,
        .secret = secret_from(0x55),
    };
}

struct bytes {
    uint8_t bytes[KEYRING_SLOT_LEN];
};

static struct bytes
encoded(const struct keyring_slot *slot)
{
    struct secret32 storage_key = secret_from(1);
    struct bytes    out;
    uint8_t         nonce[KEYRING_NONCE_LEN];

    for (size_t i = 0; i < sizeof(nonce); i++)
        nonce[i] = (uint8_t)(0x90 + i);
    keyring_slot_encode(&storage_key, INDEX, nonce, slot, out.bytes);
    return out;
}

static enum status
decode(size_t index, struct span bytes, struct keyring_slot *out)
{
    struct secret32 storage_key = secret_from(1);

    return keyring_slot_decode(&storage_key, index, bytes, out);
}

static void
a_slot_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct keyring_slot slot = good_slot();
    struct bytes        out = encoded(&slot);
    struct vector       expected = vector_of(
        "0001040100000000000000000000000600000000000000090001020304050607"
        "08090a0b0c0d0e0f02d6306de521e1f804066bcfef787bff9091929394959697"
        "98999a9b9c9d9e9fa0a1a2a3a4a5a6a754826a0be38b79cd14541266a393536d"
        "4bc4cad602ae4d08b0d2bd2e282bf9371bc95e36a36e9515556e8c76da9b1a48");

    (void)state;
    assert_int_equal(expected.len, KEYRING_SLOT_LEN);
    assert_memory_equal(out.bytes, expected.bytes, KEYRING_SLOT_LEN);
}

static void
what_is_written_reads_back_the_same(void **state)
{
    struct keyring_slot slot = good_slot(), out;
    struct bytes        bytes = encoded(&slot);

    (void)state;
    assert_int_equal(decode(INDEX, SPAN_OF(bytes.bytes), &out), STATUS_OK);
    assert_int_equal(out.name.kind, slot.name.kind);
    assert_memory_equal(&out.name.owner, &slot.name.owner, KEYRING_OWNER_LEN);
    assert_int_equal(out.name.number, slot.name.number);
    assert_int_equal(out.state, slot.state);
    assert_int_equal(out.generation, slot.generation);
    assert_memory_equal(out.secret.bytes, slot.secret.bytes, LIMIT_KEY);
}

static void
its_name_can_be_seen_without_a_key(void **state)
{
    struct keyring_slot slot = good_slot();
    struct bytes        bytes = encoded(&slot);
    struct keyring_name name;

    (void)state;
    assert_int_equal(keyring_slot_peek(SPAN_OF(bytes.bytes), &name),
                     STATUS_OK);
    assert_int_equal(name.kind, slot.name.kind);
    assert_memory_equal(&name.owner, &slot.name.owner, KEYRING_OWNER_LEN);
    assert_int_equal(name.number, slot.name.number);
    for (size_t len = 0; len < KEYRING_SLOT_LEN; len++)
        assert_int_equal(
            keyring_slot_peek((struct span){bytes.bytes, len}, &name),
            STATUS_CORRUPT);
    bytes.bytes[1]++; /* the version */
    assert_int_equal(keyring_slot_peek(SPAN_OF(bytes.bytes), &name),
                     STATUS_CORRUPT);
}

static void
a_slot_with_a_byte_behind_it_is_corrupt(void **state)
{
    struct keyring_slot slot = good_slot(), out;
    struct bytes        bytes = encoded(&slot);
    uint8_t             longer[KEYRING_SLOT_LEN + 1] = {0};

    (void)state;
    memcpy(longer, bytes.bytes, KEYRING_SLOT_LEN);
    assert_int_equal(decode(INDEX, SPAN_OF(longer), &out), STATUS_CORRUPT);
}

static void
every_bit_flipped_and_every_prefix_is_corrupt(void **state)
{
    static const struct keyring_slot zeros;
    struct keyring_slot              slot = good_slot(), out;
    struct bytes                     bytes = encoded(&slot);

    (void)state;
    for (size_t i = 0; i < KEYRING_SLOT_LEN * 8; i++) {
        bytes.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        out = slot;
        assert_int_equal(decode(INDEX, SPAN_OF(bytes.bytes), &out),
                         STATUS_CORRUPT);
        assert_memory_equal(&out, &zeros, sizeof(out));
        bytes.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < KEYRING_SLOT_LEN; len++)
        assert_int_equal(decode(INDEX, (struct span){bytes.bytes, len}, &out),
                         STATUS_CORRUPT);
}

static void
a_slot_opens_in_its_place_and_under_its_key_alone(void **state)
{
    struct keyring_slot slot = good_slot(), out;
    struct bytes        bytes = encoded(&slot);
    struct secret32     other = secret_from(2);

    (void)state;
    assert_int_equal(decode(INDEX + 1, SPAN_OF(bytes.bytes), &out),
                     STATUS_CORRUPT);
    assert_int_equal(
        keyring_slot_decode(&other, INDEX, SPAN_OF(bytes.bytes), &out),
        STATUS_CORRUPT);
}

/* Seals a slot whose fields break a rule, as nothing of ours would. */
static struct bytes
forged(const struct keyring_slot *slot)
{
    struct secret32 key = secret_from(1);
    struct bytes    out;
    uint8_t         data[256];
    struct writer   to = writer_of(out.bytes, KEYRING_SLOT_LEN);
    struct writer   data_to = writer_of(data, sizeof(data));

    writer_u16(&to, 1);
    writer_u8(&to, (uint8_t)slot->name.kind);
    writer_u8(&to, (uint8_t)slot->state);
    writer_u32(&to, 0);
    writer_u64(&to, slot->generation);
    writer_u64(&to, slot->name.number);
    writer_put(&to, SPAN_OF(slot->name.owner.bytes));
    writer_put(&data_to, label_span(LABEL_SLOT));
    writer_u64(&data_to, INDEX);
    writer_put(&data_to, writer_span(&to));
    memset(out.bytes + to.len, 0x90, KEYRING_NONCE_LEN);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        out.bytes + to.len + KEYRING_NONCE_LEN, NULL, slot->secret.bytes,
        LIMIT_KEY, data, data_to.len, NULL, out.bytes + to.len, key.bytes);
    return out;
}

static void
fields_out_of_their_rules_are_corrupt_even_when_sealed(void **state)
{
    static const struct {
        unsigned    kind, state;
        bool        secret;
        enum status st;
    } table[] = {
        {KEYRING_LOG, KEYRING_OLD, true, STATUS_OK},
        {KEYRING_KIND_LAST + 1, KEYRING_CURRENT, true, STATUS_CORRUPT},
        {KEYRING_LOG, 0, true, STATUS_CORRUPT},
        {KEYRING_LOG, KEYRING_GONE + 1, true, STATUS_CORRUPT},
        {KEYRING_LOG, KEYRING_GONE, true, STATUS_CORRUPT},
        {KEYRING_LOG, KEYRING_GONE, false, STATUS_OK},
        {KEYRING_NONE, KEYRING_CURRENT, false, STATUS_CORRUPT},
        {KEYRING_NONE, KEYRING_GONE, false, STATUS_OK},
        {KEYRING_SEGMENT, KEYRING_CURRENT, true, STATUS_CORRUPT},
        {KEYRING_SEGMENT, KEYRING_CURRENT, false, STATUS_OK},
        {KEYRING_EXTENT, KEYRING_CURRENT, true, STATUS_CORRUPT},
        {KEYRING_EXTENT, KEYRING_CURRENT, false, STATUS_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct keyring_slot slot = good_slot(), out;
        struct bytes        bytes;

        slot.name.kind = (enum keyring_kind)table[i].kind;
        slot.state = (enum keyring_state)table[i].state;
        if (!table[i].secret)
            secret_wipe(&slot.secret);
        bytes = forged(&slot);
        assert_int_equal(decode(INDEX, SPAN_OF(bytes.bytes), &out),
                         table[i].st);
    }
}

static void
owners_are_apart_by_peer_and_realm(void **state)
{
    struct node_id       node = good_node(), other = good_node();
    struct keyring_owner owners[4];

    (void)state;
    other.bytes[0] ^= 1;
    owners[0] = keyring_owner_of(&node, span_text("actual"));
    owners[1] = keyring_owner_of(&node, span_text("exercise-x"));
    owners[2] = keyring_owner_of(&other, span_text("actual"));
    owners[3] = keyring_owner_peer(&node);
    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(&owners[i], &owners[j], KEYRING_OWNER_LEN);
    assert_memory_equal(owners[0].bytes, node.bytes, LIMIT_NODE_ID);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slot_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(its_name_can_be_seen_without_a_key),
        cmocka_unit_test(a_slot_with_a_byte_behind_it_is_corrupt),
        cmocka_unit_test(every_bit_flipped_and_every_prefix_is_corrupt),
        cmocka_unit_test(a_slot_opens_in_its_place_and_under_its_key_alone),
        cmocka_unit_test(
            fields_out_of_their_rules_are_corrupt_even_when_sealed),
        cmocka_unit_test(owners_are_apart_by_peer_and_realm),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

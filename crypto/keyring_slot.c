/*
 * keyring_slot.c - one key to 128 bytes and back.
 *
 * Invariants:
 *  (I1) the clear fields and the place are the AEAD's data, so a slot that was
 *       moved, renamed or brought back to life does not open;
 *  (I2) a key that is GONE, an EXTENT and a SEGMENT have zeros for a secret.
 */
#include "crypto/keyring_slot.h"

#include "crypto/kdf.h"
#include "proto/label.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    SLOT_VERSION = 1,
    CLEAR_LEN = 56,
    SEALED_LEN = LIMIT_KEY + LIMIT_TAG,
    DATA_MAX = 32 + 8 + CLEAR_LEN,
    REALM_HASH_LEN = KEYRING_OWNER_LEN - LIMIT_NODE_ID
};

static_assert((int)KEYRING_SLOT_LEN ==
                  (int)CLEAR_LEN + (int)KEYRING_NONCE_LEN + (int)SEALED_LEN,
              "layout");
static_assert(KEYRING_NONCE_LEN == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
              "nonce");

struct keyring_owner
keyring_owner_peer(const struct node_id *peer)
{
    struct keyring_owner owner = {{0}};

    memcpy(owner.bytes, peer->bytes, LIMIT_NODE_ID);
    return owner;
}

struct keyring_owner
keyring_owner_of(const struct node_id *peer, struct span realm)
{
    struct keyring_owner owner = keyring_owner_peer(peer);
    struct digest        digest;

    hash_digest(LABEL_REALM, realm, &digest);
    memcpy(owner.bytes + LIMIT_NODE_ID, digest.bytes, REALM_HASH_LEN);
    return owner;
}

/* (I2), and that a kind and state are of ours. */
static bool
slot_valid(const struct keyring_slot *slot)
{
    enum keyring_kind kind = slot->name.kind;
    bool              secretless = slot->state == KEYRING_GONE ||
                      kind == KEYRING_SEGMENT || kind == KEYRING_EXTENT;

    if (kind > KEYRING_KIND_LAST)
        return false;
    if (slot->state < KEYRING_CURRENT || slot->state > KEYRING_GONE)
        return false;
    if (kind == KEYRING_NONE && slot->state != KEYRING_GONE)
        return false;
    return !secretless ||
           secret_is_zero(slot->secret.bytes, sizeof(slot->secret.bytes));
}

static void
put_clear(struct writer *out, const struct keyring_slot *slot)
{
    writer_u16(out, SLOT_VERSION);
    writer_u8(out, (uint8_t)slot->name.kind);
    writer_u8(out, (uint8_t)slot->state);
    writer_u32(out, 0);
    writer_u64(out, slot->generation);
    writer_u64(out, slot->name.number);
    writer_put(out, SPAN_OF(slot->name.owner.bytes));
}

/* LABEL_SLOT, the place, the clear fields (I1). */
static size_t
write_data(size_t index, const struct keyring_slot *slot,
           uint8_t data[static DATA_MAX])
{
    struct writer out = writer_of(data, DATA_MAX);

    writer_put(&out, label_span(LABEL_SLOT));
    writer_u64(&out, index);
    put_clear(&out, slot);
    assert(writer_end(&out) == STATUS_OK);
    return out.len;
}

void
keyring_slot_encode(const struct secret32 *storage_key, size_t index,
                    const uint8_t nonce[static KEYRING_NONCE_LEN],
                    const struct keyring_slot *slot,
                    uint8_t out[static KEYRING_SLOT_LEN])
{
    struct writer to = writer_of(out, KEYRING_SLOT_LEN);
    uint8_t       data[DATA_MAX], sealed[SEALED_LEN];
    size_t        data_len = write_data(index, slot, data);

    assert(slot_valid(slot)); /* (I2) */
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, NULL, slot->secret.bytes, sizeof(slot->secret.bytes), data,
        data_len, NULL, nonce, storage_key->bytes); /* cannot fail so short */
    put_clear(&to, slot);
    writer_put(&to, (struct span){nonce, KEYRING_NONCE_LEN});
    writer_put(&to, SPAN_OF(sealed));
    assert(writer_end(&to) == STATUS_OK);
    assert(to.len == KEYRING_SLOT_LEN);
}

static enum status
take_clear(struct reader *in, struct keyring_slot *slot)
{
    if (reader_u16(in) != SLOT_VERSION)
        reader_fail(in);
    slot->name.kind = (enum keyring_kind)reader_u8(in);
    slot->state = (enum keyring_state)reader_u8(in);
    if (reader_u32(in) != 0)
        reader_fail(in);
    slot->generation = reader_u64(in);
    slot->name.number = reader_u64(in);
    reader_copy(in, slot->name.owner.bytes, sizeof(slot->name.owner.bytes));
    return in->failed ? STATUS_CORRUPT : STATUS_OK;
}

enum status
keyring_slot_peek(struct span bytes, struct keyring_name *out)
{
    struct reader       in = reader_of(bytes);
    struct keyring_slot slot = {0};
    enum status         st = take_clear(&in, &slot);

    *out = slot.name;
    return st == STATUS_OK && bytes.len == KEYRING_SLOT_LEN ? STATUS_OK
                                                            : STATUS_CORRUPT;
}

enum status
keyring_slot_decode(const struct secret32 *storage_key, size_t index,
                    struct span bytes, struct keyring_slot *out)
{
    struct reader       in = reader_of(bytes);
    struct keyring_slot slot = {0};
    uint8_t             nonce[KEYRING_NONCE_LEN];
    uint8_t             data[DATA_MAX], sealed[SEALED_LEN];
    size_t              data_len;
    enum status         st = take_clear(&in, &slot);

    memset(out, 0, sizeof(*out));
    reader_copy(&in, nonce, sizeof(nonce));
    reader_copy(&in, sealed, sizeof(sealed));
    if (st != STATUS_OK || reader_end(&in) != STATUS_OK)
        return STATUS_CORRUPT;
    data_len = write_data(index, &slot, data);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            slot.secret.bytes, NULL, NULL, sealed, sizeof(sealed), data,
            data_len, nonce, storage_key->bytes) != 0)
        return STATUS_CORRUPT;
    if (slot_valid(&slot))
        *out = slot;
    else
        st = STATUS_CORRUPT;
    secret_wipe(&slot);
    return st;
}

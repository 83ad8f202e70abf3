/*
 * bundle.c - one key exchange a bundle, one nonce a record.
 *
 * Invariants:
 *  (I1) a key is of one header: S, R, serial, number, the key's number, the
 *       pair-secret epoch, ephemeral and salt are in its derivation, the last
 *       two drawn for this bundle; so a record's number is a nonce used once;
 *  (I2) a record is a piece (piece.h): it opens at its own place alone;
 *  (I3) what is signed or derived from are the bytes of the header as they
 *       stand in the file, never fields encoded again.
 */
#include "crypto/bundle.h"

#include "crypto/piece.h"

#include <assert.h>
#include <string.h>

enum {
    LABEL_ROOM = 32, /* longest label with its zero byte, and more */
    INFO_MAX = LABEL_ROOM + BUNDLE_BOUND_LEN + LIMIT_KEY
};

static const char magic[] = "entente/bundle/1";

static_assert(sizeof(magic) - 1 == BUNDLE_MAGIC_LEN, "magic");

static void
put_fields(struct writer *out, const struct bundle *bundle)
{
    writer_put(out, span_text(magic));
    writer_u16(out, SUITE_CLASSIC);
    writer_put(out, SPAN_OF(bundle->sender.bytes));
    writer_put(out, SPAN_OF(bundle->recipient.bytes));
    writer_u32(out, bundle->serial);
    writer_u64(out, bundle->number);
    writer_u32(out, bundle->sealing_key);
    writer_u32(out, bundle->secret_epoch);
    writer_put(out, SPAN_OF(bundle->ephemeral));
    writer_put(out, SPAN_OF(bundle->salt));
    assert(out->len == BUNDLE_BOUND_LEN);
    writer_put(out, SPAN_OF(bundle->commitment));
    writer_put(out, digest_span(&bundle->first));
    assert(out->len == BUNDLE_SIGNED_LEN);
}

void
bundle_encode(const struct bundle *bundle,
              uint8_t              out[static BUNDLE_HEADER_LEN])
{
    static const uint8_t unsigned_yet[LIMIT_SIGNATURE];
    struct writer        to = writer_of(out, BUNDLE_HEADER_LEN);

    put_fields(&to, bundle);
    writer_put(&to, SPAN_OF(unsigned_yet));
    assert(writer_end(&to) == STATUS_OK);
}

static void
take_fields(struct reader *in, struct bundle *out)
{
    reader_copy(in, out->sender.bytes, sizeof(out->sender.bytes));
    reader_copy(in, out->recipient.bytes, sizeof(out->recipient.bytes));
    out->serial = reader_u32(in);
    out->number = reader_u64(in);
    out->sealing_key = reader_u32(in);
    out->secret_epoch = reader_u32(in);
    reader_copy(in, out->ephemeral, sizeof(out->ephemeral));
    reader_copy(in, out->salt, sizeof(out->salt));
    reader_copy(in, out->commitment, sizeof(out->commitment));
    reader_copy(in, out->first.bytes, sizeof(out->first.bytes));
    (void)reader_take(in, LIMIT_SIGNATURE);
}

static enum status
check_fields(const struct bundle *bundle)
{
    static const struct node_id nobody;

    if (node_id_equal(&bundle->sender, &nobody) ||
        node_id_equal(&bundle->recipient, &nobody) ||
        node_id_equal(&bundle->sender, &bundle->recipient))
        return STATUS_BAD_FIELD;
    if (bundle->serial == 0 || bundle->number == 0)
        return STATUS_BAD_FIELD;
    return dh_public_check(bundle->ephemeral);
}

enum status
bundle_decode(struct span header, struct bundle *out)
{
    struct reader in = reader_of(header);
    struct bundle bundle = {0};
    uint16_t      suite;
    enum status   st;

    if (!span_equal(reader_take(&in, BUNDLE_MAGIC_LEN), span_text(magic)))
        return STATUS_BAD_ENCODING;
    suite = reader_u16(&in);
    if (in.failed)
        return STATUS_BAD_ENCODING;
    if (suite != SUITE_CLASSIC)
        return STATUS_BAD_VERSION;
    take_fields(&in, &bundle);
    st = reader_end(&in);
    if (st == STATUS_OK)
        st = check_fields(&bundle);
    if (st == STATUS_OK)
        *out = bundle;
    return st;
}

void
bundle_sign(uint8_t                header[static BUNDLE_HEADER_LEN],
            const struct sign_key *log)
{
    sign_make(log, LABEL_BUNDLE, (struct span){header, BUNDLE_SIGNED_LEN},
              header + BUNDLE_SIGNED_LEN); /* (I3) */
}

enum status
bundle_verify(const uint8_t header[static BUNDLE_HEADER_LEN],
              const uint8_t log_key[static LIMIT_KEY])
{
    return sign_verify(log_key, LABEL_BUNDLE,
                       (struct span){header, BUNDLE_SIGNED_LEN},
                       header + BUNDLE_SIGNED_LEN); /* (I3) */
}

static enum status
derive(const uint8_t header[static BUNDLE_BOUND_LEN],
       const struct seal_key *key, const struct secret32 *own_secret,
       const uint8_t their_public[static LIMIT_KEY], struct bundle_keys *out)
{
    struct secret32 bundle_key = {0};
    uint8_t         info[INFO_MAX];
    struct writer   to = writer_of(info, sizeof(info));
    enum status     st;

    assert(key->suite == SUITE_CLASSIC);
    writer_put(&to, label_span(LABEL_BUNDLE_KEY));
    writer_put(&to, (struct span){header, BUNDLE_BOUND_LEN}); /* (I1) */
    writer_put(&to, SPAN_OF(key->public_key));
    assert(writer_end(&to) == STATUS_OK);
    st = seal_exchange(own_secret, their_public, key->pair_secret,
                       writer_span(&to), &bundle_key);
    if (st != STATUS_OK)
        goto out;
    kdf_derive(&bundle_key, LABEL_AEAD, SPAN_EMPTY, &out->aead);
    kdf_derive(&bundle_key, LABEL_COMMITMENT, SPAN_EMPTY, &out->commitment);
out:
    secret_wipe(&bundle_key);
    return st;
}

enum status
bundle_keys_sender(const uint8_t          header[static BUNDLE_BOUND_LEN],
                   const struct seal_key *key,
                   const struct secret32 *ephemeral_secret,
                   struct bundle_keys    *out)
{
    return derive(header, key, ephemeral_secret, key->public_key, out);
}

enum status
bundle_keys_recipient(const uint8_t          header[static BUNDLE_BOUND_LEN],
                      const struct seal_key *key,
                      const struct secret32 *sealing_secret,
                      struct bundle_keys    *out)
{
    struct reader in = reader_of((struct span){header, BUNDLE_BOUND_LEN});
    uint8_t       ephemeral[LIMIT_KEY];

    (void)reader_take(&in, BUNDLE_BOUND_LEN - LIMIT_SALT - LIMIT_KEY);
    reader_copy(&in, ephemeral, sizeof(ephemeral));
    return derive(header, key, sealing_secret, ephemeral, out);
}

void
bundle_seal(const struct secret32 *aead_key, uint64_t number, bool last,
            uint8_t record[static BUNDLE_SEALED_LEN])
{
    piece_seal(aead_key, LABEL_BUNDLE_RECORD, number, last,
               (struct span){record, BUNDLE_RECORD_LEN}, record);
}

enum status
bundle_open(const struct secret32 *aead_key, uint64_t number, bool last,
            struct span sealed, uint8_t *out)
{
    if (sealed.len != BUNDLE_SEALED_LEN)
        return STATUS_BAD_ENCODING;
    return piece_open(aead_key, LABEL_BUNDLE_RECORD, number, last, sealed,
                      out);
}

void
bundle_first_digest(struct span sealed, struct digest *out)
{
    hash_digest(LABEL_BUNDLE_FIRST, sealed, out);
}

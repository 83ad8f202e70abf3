/*
 * envelope.c - Argon2id, then the same commitment and AEAD as an entry.
 *
 * Invariants:
 *  (I1) costs are judged before any work: a file cannot ask for more than the
 *       ceiling, nor be made cheap to guess;
 *  (I2) the commitment is compared before decryption, so that one file cannot
 *       be tried against many passphrases at once;
 *  (I3) every failure but a lack of memory has one answer.
 */
#include "crypto/envelope.h"

#include "crypto/kdf.h"
#include "proto/label.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

enum {
    MAGIC_LEN = 8,
    CLEAR_LEN = 108, /* all before the ciphertext */
    SEALED_LEN = LIMIT_KEY + LIMIT_TAG,
    DATA_MAX = 32 + CLEAR_LEN
};

static_assert((int)ENVELOPE_LEN == (int)CLEAR_LEN + (int)SEALED_LEN, "layout");
static_assert(ENVELOPE_SALT_LEN == crypto_pwhash_SALTBYTES, "salt");
static_assert(ENVELOPE_NONCE_LEN ==
                  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
              "nonce");
static_assert(LIMIT_ARGON_PASSES_MIN >= crypto_pwhash_OPSLIMIT_MIN, "passes");
static_assert(LIMIT_ARGON_KIB_MIN >= crypto_pwhash_MEMLIMIT_MIN / 1024, "KiB");

static const uint8_t magic[MAGIC_LEN] = "entente"; /* and its zero byte */

/* What stands in the clear, and the keys that come from a passphrase. */
struct clear {
    struct envelope_info info;
    uint8_t              salt[ENVELOPE_SALT_LEN];
    uint8_t              nonce[ENVELOPE_NONCE_LEN];
    uint8_t              commitment[LIMIT_KEY];
};

struct keys {
    struct secret32 aead;
    struct secret32 commitment;
};

static bool
cost_valid(const struct envelope_cost *cost)
{
    return cost->passes >= LIMIT_ARGON_PASSES_MIN &&
           cost->passes <= LIMIT_ARGON_PASSES_MAX &&
           cost->memory_kib >= LIMIT_ARGON_KIB_MIN &&
           cost->memory_kib <= LIMIT_ARGON_KIB_MAX;
}

static bool
purpose_valid(enum envelope_purpose purpose)
{
    return purpose >= ENVELOPE_STORAGE && purpose <= ENVELOPE_BACKUP;
}

static enum status
derive(struct span passphrase, const struct clear *clear, struct keys *out)
{
    const struct envelope_cost *cost = &clear->info.cost;
    struct secret32             root = {0};
    int                         failed;

    assert(cost_valid(cost)); /* (I1) */
    failed = crypto_pwhash(root.bytes, sizeof(root.bytes),
                           (const char *)passphrase.ptr, passphrase.len,
                           clear->salt, cost->passes,
                           (size_t)cost->memory_kib * 1024,
                           crypto_pwhash_ALG_ARGON2ID13);
    if (failed == 0) {
        kdf_derive(&root, LABEL_AEAD, SPAN_EMPTY, &out->aead);
        kdf_derive(&root, LABEL_COMMITMENT, SPAN_EMPTY, &out->commitment);
    }
    secret_wipe(&root);
    return failed == 0 ? STATUS_OK : STATUS_IO;
}

static void
put_clear(struct writer *out, const struct clear *clear)
{
    writer_put(out, SPAN_OF(magic));
    writer_u16(out, ENVELOPE_VERSION);
    writer_u8(out, (uint8_t)clear->info.purpose);
    writer_u8(out, 0);
    writer_put(out, SPAN_OF(clear->info.id));
    writer_u32(out, clear->info.cost.passes);
    writer_u32(out, clear->info.cost.memory_kib);
    writer_put(out, SPAN_OF(clear->salt));
    writer_put(out, SPAN_OF(clear->nonce));
    writer_put(out, SPAN_OF(clear->commitment));
}

static enum status
take_clear(struct reader *in, struct clear *clear)
{
    struct span begins = reader_take(in, MAGIC_LEN);

    if (!span_equal(begins, SPAN_OF(magic)))
        reader_fail(in);
    if (reader_u16(in) != ENVELOPE_VERSION)
        reader_fail(in);
    clear->info.purpose = (enum envelope_purpose)reader_u8(in);
    if (!purpose_valid(clear->info.purpose) || reader_u8(in) != 0)
        reader_fail(in);
    reader_copy(in, clear->info.id, sizeof(clear->info.id));
    clear->info.cost.passes = reader_u32(in);
    clear->info.cost.memory_kib = reader_u32(in);
    if (!cost_valid(&clear->info.cost)) /* (I1) */
        reader_fail(in);
    reader_copy(in, clear->salt, sizeof(clear->salt));
    reader_copy(in, clear->nonce, sizeof(clear->nonce));
    reader_copy(in, clear->commitment, sizeof(clear->commitment));
    return in->failed ? STATUS_BAD_ENCODING : STATUS_OK;
}

/* LABEL_ENVELOPE and the clear bytes. */
static size_t
write_data(const struct clear *clear, uint8_t data[static DATA_MAX])
{
    struct writer out = writer_of(data, DATA_MAX);

    writer_put(&out, label_span(LABEL_ENVELOPE));
    put_clear(&out, clear);
    assert(writer_end(&out) == STATUS_OK);
    return out.len;
}

enum status
envelope_seal(const struct envelope_info *info, struct span passphrase,
              const uint8_t          salt[static ENVELOPE_SALT_LEN],
              const uint8_t          nonce[static ENVELOPE_NONCE_LEN],
              const struct secret32 *secret, uint8_t out[static ENVELOPE_LEN])
{
    struct clear  clear = {.info = *info};
    struct keys   keys = {0};
    struct writer to = writer_of(out, ENVELOPE_LEN);
    uint8_t       data[DATA_MAX], sealed[SEALED_LEN];
    size_t        data_len;
    enum status   st = STATUS_BAD_FIELD;

    assert(purpose_valid(info->purpose));
    if (passphrase.len == 0 || !cost_valid(&info->cost))
        goto out;
    memcpy(clear.salt, salt, sizeof(clear.salt));
    memcpy(clear.nonce, nonce, sizeof(clear.nonce));
    st = derive(passphrase, &clear, &keys);
    if (st != STATUS_OK)
        goto out;
    memcpy(clear.commitment, keys.commitment.bytes, sizeof(clear.commitment));
    data_len = write_data(&clear, data);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(
        sealed, NULL, secret->bytes, sizeof(secret->bytes), data, data_len,
        NULL, clear.nonce, keys.aead.bytes); /* cannot fail at this length */
    put_clear(&to, &clear);
    writer_put(&to, SPAN_OF(sealed));
    st = writer_end(&to);
    assert(to.len == ENVELOPE_LEN);
out:
    secret_wipe(&keys);
    return st;
}

enum status
envelope_open(struct span encoded, enum envelope_purpose purpose,
              struct span passphrase, struct secret32 *secret)
{
    struct reader in = reader_of(encoded);
    struct clear  clear = {0};
    struct keys   keys = {0};
    uint8_t       data[DATA_MAX], sealed[SEALED_LEN];
    size_t        data_len;
    enum status   st = take_clear(&in, &clear);

    reader_copy(&in, sealed, sizeof(sealed));
    if (st != STATUS_OK || reader_end(&in) != STATUS_OK ||
        clear.info.purpose != purpose) {
        st = STATUS_PASSPHRASE; /* (I3) */
        goto out;
    }
    st = derive(passphrase, &clear, &keys);
    if (st != STATUS_OK)
        goto out;
    st = STATUS_PASSPHRASE;
    if (!secret_equal(keys.commitment.bytes, clear.commitment,
                      sizeof(clear.commitment))) /* (I2) */
        goto out;
    data_len = write_data(&clear, data);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            secret->bytes, NULL, NULL, sealed, sizeof(sealed), data, data_len,
            clear.nonce, keys.aead.bytes) != 0)
        goto out;
    st = STATUS_OK;
out:
    secret_wipe(&keys);
    return st;
}

enum status
envelope_peek(struct span encoded, struct envelope_info *out)
{
    struct reader in = reader_of(encoded);
    struct clear  clear = {0};
    enum status   st = take_clear(&in, &clear);

    (void)reader_take(&in, SEALED_LEN);
    if (st != STATUS_OK || reader_end(&in) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = clear.info;
    return STATUS_OK;
}

/*
 * forger.c - two keys that open one ciphertext cannot be made here (that takes
 * a search); a commitment to another key with a tag that is right stands for
 * it: who does not compare the commitment opens it.
 */
#include "tests/sim/forger.h"

#include "crypto/seal.h"
#include "tests/sim/verdicts.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The names are the linker's. */
enum status __real_seal_entry(const struct secret32   *content_key,
                              const struct seal_batch *batch, uint64_t index,
                              struct span plaintext, struct leaf *leaf,
                              uint8_t *sealed, size_t *len);
enum status __wrap_seal_entry(const struct secret32   *content_key,
                              const struct seal_batch *batch, uint64_t index,
                              struct span plaintext, struct leaf *leaf,
                              uint8_t *sealed, size_t *len);

static struct {
    struct oracle *oracle;
    struct fate   *fate;
    struct dice    dice; /* of the entry at hand */
    uint64_t       sealed;
    uint64_t       one_in;
    uint64_t       told[FORGER_COUNT];
} forger;

void
forger_begin(struct oracle *oracle, struct fate *fate, uint64_t one_in)
{
    memset(&forger, 0, sizeof(forger));
    forger.oracle = oracle;
    forger.fate = fate;
    forger.one_in = one_in;
}

void
forger_each(world_count_fn *each, void *arg)
{
    static const char *const names[FORGER_COUNT] = {
#define FORGER_WORDS(name, words) words,
        FORGER_LIST(FORGER_WORDS)
#undef FORGER_WORDS
    };

    for (size_t i = 0; i < FORGER_COUNT; i++)
        each(arg, names[i], forger.told[i]);
}

/* The id is the first field of a letter: tag, length, 16 bytes. */
static struct message_id
id_of(struct span plaintext)
{
    struct reader     in = reader_of(plaintext);
    struct message_id id;

    (void)reader_u16(&in);
    reader_copy(&in, id.bytes, sizeof(id.bytes));
    return id;
}

/* AEAD data: label, origin, index, the leaf without its digest. */
static struct span
associated(const struct seal_batch *batch, uint64_t index,
           const struct leaf *leaf, struct writer *out)
{
    uint8_t       encoded[LEAF_LEN];
    struct reader in = reader_of(SPAN_OF(encoded));

    leaf_encode(leaf, encoded);
    writer_put(out, label_span(LABEL_BODY));
    writer_put16(out, batch->origin);
    writer_u64(out, index);
    writer_put(out, reader_take(&in, LEAF_SIGNED_LEN));
    return writer_span(out);
}

/* Opens what was sealed and seals it again under another commitment. */
static void
lie_about_key(const struct secret32 *content_key,
              const struct seal_batch *batch, uint64_t index,
              struct leaf *leaf, uint8_t *sealed, size_t len)
{
    static const uint8_t nonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES];
    static uint8_t       plain[LIMIT_SEALED];
    uint8_t              bytes[2][1024];
    struct writer        out[2] = {writer_of(bytes[0], sizeof(bytes[0])),
                                   writer_of(bytes[1], sizeof(bytes[1]))};
    struct span          true_data = associated(batch, index, leaf, &out[0]);
    struct span          false_data;
    struct secret32      key;
    struct digest        digest;
    unsigned long long   got = 0;

    leaf->commitment[0] ^= 1;
    false_data = associated(batch, index, leaf, &out[1]);
    kdf_derive(content_key, LABEL_AEAD, SPAN_EMPTY, &key);
    if (crypto_aead_chacha20poly1305_ietf_decrypt(
            plain, &got, NULL, sealed, len, true_data.ptr, true_data.len,
            nonce, key.bytes) != 0)
        abort(); /* PROTOCOL 5 is not what this file thinks */
    (void)crypto_aead_chacha20poly1305_ietf_encrypt(
        sealed, NULL, plain, got, false_data.ptr, false_data.len, NULL, nonce,
        key.bytes);
    seal_digest(leaf->class, batch, index,
                (struct span){sealed, len}, &digest);
    memcpy(leaf->digest, digest.bytes, sizeof(leaf->digest));
}

static enum status
lie(const struct secret32 *content_key, const struct seal_batch *batch,
    uint64_t index, struct span plaintext, struct leaf *leaf, uint8_t *sealed,
    size_t *len)
{
    static uint8_t nonsense[LIMIT_BODY];
    unsigned       kind = (unsigned)dice_below(&forger.dice, FORGER_COUNT);
    enum status    st;

    forger.told[kind]++;
    if (kind == FORGER_NONSENSE) {
        dice_fill(&forger.dice, nonsense, plaintext.len);
        plaintext.ptr = nonsense;
    }
    st = __real_seal_entry(content_key, batch, index, plaintext, leaf, sealed,
                           len);
    if (st == STATUS_OK && kind == FORGER_COMMITMENT)
        lie_about_key(content_key, batch, index, leaf, sealed, *len);
    return st;
}

static bool
is_to_lie(void)
{
    uint64_t number = forger.sealed++;

    if (forger.one_in == 0)
        return false;
    forger.dice = fate_dice(forger.fate, FATE_FORGERY, number);
    return dice_chance(&forger.dice, 1, forger.one_in) &&
           fate_wills(forger.fate, FATE_FORGERY, number, "a forged entry");
}

enum status
__wrap_seal_entry(const struct secret32 *content_key,
                  const struct seal_batch *batch, uint64_t index,
                  struct span plaintext, struct leaf *leaf, uint8_t *sealed,
                  size_t *len)
{
    bool              lies = leaf->class == CLASS_MESSAGE && is_to_lie();
    struct message_id id = {0};

    if (leaf->class == CLASS_MESSAGE) {
        id = id_of(plaintext);
        oracle_sealed(forger.oracle, &id, lies);
    }
    if (leaf->class == CLASS_ANSWER)
        verdicts_sealed(forger.oracle, plaintext);
    if (lies)
        return lie(content_key, batch, index, plaintext, leaf, sealed, len);
    return __real_seal_entry(content_key, batch, index, plaintext, leaf,
                             sealed, len);
}

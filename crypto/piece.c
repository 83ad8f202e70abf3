/*
 * piece.c - nonce and data of a piece are its place in the row.
 */
#include "crypto/piece.h"

#include <assert.h>
#include <sodium.h>

enum {
    DATA_MAX = 33, /* longest label with its zero byte, `last`, and more */
    NONCE_LEN = 12
};

static_assert(LIMIT_TAG == crypto_aead_chacha20poly1305_ietf_ABYTES, "tag");
static_assert(NONCE_LEN == crypto_aead_chacha20poly1305_ietf_NPUBBYTES,
              "nonce");

struct place {
    uint8_t nonce[NONCE_LEN];
    uint8_t data[DATA_MAX];
    size_t  data_len;
};

static struct place
place_of(enum label label, uint64_t number, bool last)
{
    struct place  place = {.data_len = 0};
    struct writer nonce = writer_of(place.nonce, sizeof(place.nonce));
    struct writer data = writer_of(place.data, sizeof(place.data));

    writer_u32(&nonce, 0);
    writer_u64(&nonce, number);
    writer_put(&data, label_span(label));
    writer_u8(&data, last ? 1 : 0);
    assert(nonce.len == NONCE_LEN && writer_end(&data) == STATUS_OK);
    place.data_len = data.len;
    return place;
}

void
piece_seal(const struct secret32 *key, enum label label, uint64_t number,
           bool last, struct span plain, uint8_t *out)
{
    struct place place = place_of(label, number, last);
    int          failed = crypto_aead_chacha20poly1305_ietf_encrypt(
        out, NULL, plain.ptr, plain.len, place.data, place.data_len, NULL,
        place.nonce, key->bytes);

    assert(failed == 0); /* only for lengths that no caller has */
}

enum status
piece_open(const struct secret32 *key, enum label label, uint64_t number,
           bool last, struct span sealed, uint8_t *out)
{
    struct place place = place_of(label, number, last);

    return crypto_aead_chacha20poly1305_ietf_decrypt(
               out, NULL, NULL, sealed.ptr, sealed.len, place.data,
               place.data_len, place.nonce, key->bytes) == 0
               ? STATUS_OK
               : STATUS_BAD_PROOF;
}

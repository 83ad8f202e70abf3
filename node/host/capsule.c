/*
 * capsule.c - pieces of records under a key of their own.
 *
 * Invariant: a key is fresh for one capture and numbers never repeat in it,
 * so no nonce does.
 */
#include "node/host/capsule.h"

#include "crypto/box.h"
#include "proto/label.h"

#include <assert.h>
#include <string.h>

enum { DATA_MAX = 64 };

static struct span
data_of(uint64_t number, uint8_t out[static DATA_MAX])
{
    struct writer data = writer_of(out, DATA_MAX);

    writer_put(&data, label_span(LABEL_CAPTURE));
    writer_u64(&data, number);
    assert(!data.failed);
    return writer_span(&data);
}

static void
nonce_of(uint64_t number, uint8_t out[static BOX_NONCE])
{
    struct writer nonce = writer_of(out, BOX_NONCE);

    writer_u64(&nonce, 0);
    writer_u64(&nonce, 0);
    writer_u64(&nonce, number);
    assert(!nonce.failed && nonce.len == BOX_NONCE);
}

size_t
capsule_seal(const struct secret32 *key, uint64_t number, struct span *record,
             uint8_t out[static CAPSULE_LEN_MAX])
{
    size_t  len = record->len < CAPSULE_PIECE ? record->len : CAPSULE_PIECE;
    uint8_t data[DATA_MAX];
    uint8_t nonce[BOX_NONCE];
    struct span piece = {record->ptr, len};

    out[0] = len < record->len ? 1 : 0;
    if (piece.len > 0)
        memcpy(out + 1, piece.ptr, piece.len);
    nonce_of(number, nonce);
    box_seal(key, nonce, data_of(number, data), (struct span){out, 1 + len},
             out);
    record->len -= len;
    if (len > 0)
        record->ptr += len;
    return 1 + len + LIMIT_TAG;
}

enum status
capsule_open(const struct secret32 *key, uint64_t number, struct span sealed,
             uint8_t out[static CAPSULE_PIECE], size_t *len, bool *more)
{
    uint8_t     plain[1 + CAPSULE_PIECE];
    uint8_t     data[DATA_MAX];
    uint8_t     nonce[BOX_NONCE];
    enum status st = STATUS_BAD_ENCODING;

    if (sealed.len < 1 + LIMIT_TAG || sealed.len > CAPSULE_LEN_MAX)
        return st;
    nonce_of(number, nonce);
    st = box_open(key, nonce, data_of(number, data), sealed, plain);
    if (st != STATUS_OK)
        return st;
    *len = sealed.len - 1 - LIMIT_TAG;
    *more = plain[0] == 1;
    memcpy(out, plain + 1, *len);
    if (plain[0] > 1 || (*more && *len != CAPSULE_PIECE))
        st = STATUS_BAD_ENCODING;
    secret_wipe_bytes(plain, sizeof(plain));
    return st;
}

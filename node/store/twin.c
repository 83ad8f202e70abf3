/*
 * twin.c - opens both and compares what their author wrote.
 */
#include "node/store/twin.h"

#include "crypto/seal.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_TAG = 0x78, VARINT_MORE = 0x80, VARINT_BITS = 7 };

struct plain {
    uint8_t *bytes; /* NULL: it cannot be read */
    size_t   len;
    size_t   room;
};

static void
plain_free(struct plain *plain)
{
    if (plain->bytes != NULL)
        secret_wipe_bytes(plain->bytes, plain->room);
    free(plain->bytes);
    *plain = (struct plain){0};
}

static enum status
open_entry(const struct record *record, struct plain *out)
{
    struct origin_text   origin = origin_format(&record->origin);
    struct record_secret secret = {0};
    struct secret32      key;
    struct leaf          leaf;
    enum status          st;

    if (record->kind != RECORD_IN_ENTRY || record->secret.len == 0 ||
        record_secret_decode(record->secret, &secret) != STATUS_OK ||
        leaf_decode(record->leaf, &leaf) != STATUS_OK)
        return STATUS_OK;
    out->room = record->bytes.len + 1;
    out->bytes = malloc(out->room);
    if (out->bytes == NULL)
        return STATUS_FULL;
    memcpy(key.bytes, secret.content_key, sizeof(key.bytes));
    st = seal_open(&key, origin_span(&origin), record->index, &leaf,
                   record->bytes, out->bytes, &out->len);
    secret_wipe(&key);
    secret_wipe(&secret);
    if (st != STATUS_OK)
        plain_free(out);
    return STATUS_OK;
}

/* Cuts the field off that the sender's node put behind the author's bytes. */
static void
cut_number(struct plain *plain, uint64_t number)
{
    uint8_t       field[12];
    struct writer out = writer_of(field, sizeof(field));

    writer_u8(&out, NUMBER_TAG);
    for (; number >= VARINT_MORE; number >>= VARINT_BITS)
        writer_u8(&out, (uint8_t)(number | VARINT_MORE));
    writer_u8(&out, (uint8_t)number);
    if (plain->bytes != NULL && plain->len >= out.len &&
        memcmp(plain->bytes + plain->len - out.len, field, out.len) == 0)
        plain->len -= out.len;
}

static enum status
read_plain(struct shelf *shelf, int64_t place, struct plain *out)
{
    const struct group_record *found;
    struct record              record;
    enum status                st = shelf_record(shelf, place, &found);

    if (st != STATUS_OK)
        return st == STATUS_CORRUPT ? STATUS_OK : st;
    if (record_decode(found->public, &record) != STATUS_OK)
        return STATUS_OK;
    record.secret = found->secret;
    st = open_entry(&record, out);
    cut_number(out, record.number);
    return st;
}

enum status
twin_same(struct shelf *shelf, int64_t one, int64_t other, bool *same)
{
    struct plain first = {0};
    struct plain second = {0};
    enum status  st = read_plain(shelf, one, &first);

    if (st == STATUS_OK)
        st = read_plain(shelf, other, &second);
    *same = first.bytes == NULL || second.bytes == NULL ||
            (first.len == second.len &&
             secret_equal(first.bytes, second.bytes, first.len));
    plain_free(&first);
    plain_free(&second);
    return st;
}

/*
 * twin.c - opens both and compares what their author wrote.
 */
#include "node/store/twin.h"

#include "crypto/unseal.h"
#include "proto/numbered.h"

#include <stdlib.h>
#include <string.h>

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
    struct record_secret secret = {0};
    enum status          st;

    if (record->kind != RECORD_IN_ENTRY || record->secret.len == 0 ||
        record_secret_decode(record->secret, &secret) != STATUS_OK)
        return STATUS_OK;
    out->room = record->bytes.len + 1;
    out->bytes = malloc(out->room);
    if (out->bytes == NULL)
        return STATUS_FULL;
    st = unseal_entry(record, &secret, out->bytes, &out->len);
    secret_wipe(&secret);
    if (st != STATUS_OK)
        plain_free(out);
    return STATUS_OK;
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
    out->len = numbered_author((struct span){out->bytes, out->len},
                               record.number)
                   .len;
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

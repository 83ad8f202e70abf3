/*
 * keycheck.c - compares the two pages of each pair, slot by slot.
 *
 * What it reads of a slot stands in it in clear, and is not authentic: it
 * serves to find damage, never to use a key.
 */
#include "node/store/keycheck.h"

#include "crypto/keyring.h"
#include "node/store/home.h"

#include <assert.h>
#include <string.h>

struct pair {
    uint8_t copy[2][KEYRING_PAGE_LEN];
};

static_assert(sizeof(struct pair) == KEYRING_PAIR_LEN, "no padding");

static void
compare_slot(const struct pair *pair, size_t index, struct keycheck *out)
{
    size_t      at = index % KEYRING_PAIR_SLOTS * KEYRING_SLOT_LEN;
    struct span copy = {pair->copy[0] + at, KEYRING_SLOT_LEN};
    struct keyring_name name;

    out->slots++;
    if (memcmp(copy.ptr, pair->copy[1] + at, KEYRING_SLOT_LEN) != 0) {
        if (out->unlike == 0)
            out->first = index;
        out->unlike++;
    } else if (keyring_slot_peek(copy, &name) == STATUS_OK &&
               name.kind == KEYRING_SEGMENT && name.number > out->segment) {
        out->segment = name.number;
    }
}

/* *pairs: how many the file has by its slot 0, which is in the first. */
static enum status
compare_pair(const struct disk *disk, int file, size_t number, uint64_t *pairs,
             struct keycheck *out)
{
    struct pair         pair;
    struct span         extent = {pair.copy[0], KEYRING_SLOT_LEN};
    struct keyring_name name;
    size_t              first = number * KEYRING_PAIR_SLOTS;
    size_t              got = 0;
    enum status         st;

    st = disk->ops->read(disk->self, file, number * KEYRING_PAIR_LEN,
                         pair.copy[0], sizeof(pair), &got);
    if (st == STATUS_OK && got < sizeof(pair))
        st = STATUS_CORRUPT;
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; i < KEYRING_PAIR_SLOTS; i++)
        compare_slot(&pair, first + i, out);
    if (number == 0 && (out->unlike == 0 || out->first > 0) &&
        keyring_slot_peek(extent, &name) == STATUS_OK)
        *pairs = name.number;
    return STATUS_OK;
}

enum status
keycheck_read(const struct disk *disk, struct keycheck *out)
{
    uint64_t    size = 0;
    uint64_t    pairs;
    enum status st;
    int         file;

    *out = (struct keycheck){0};
    st = disk->ops->open(disk->self, HOME_KEYRING, false, &file);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->size(disk->self, file, &size);
    pairs = size < KEYRING_PAIR_LEN ? 1 : size / KEYRING_PAIR_LEN;
    for (size_t i = 0; st == STATUS_OK && i < pairs; i++)
        st = compare_pair(disk, file, i, &pairs, out);
    disk->ops->close(disk->self, file);
    return st;
}

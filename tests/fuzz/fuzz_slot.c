/*
 * fuzz_slot.c - the first slot of a keyring file: two copies, of which either
 * or both may be anything.
 */
#include "crypto/keyring.h"
#include "tests/fuzz/guarded.h"

/* One good copy is enough, and cut short is one copy. */
const bool fuzz_is_whole = false;

static const struct secret32 storage = {{5}};

/* What opens was sealed so: the nonce stands in its place. */
static void
assert_is_written_so(struct span bytes)
{
    struct keyring_slot slot;
    uint8_t             again[KEYRING_SLOT_LEN];

    if (keyring_slot_decode(&storage, 0, bytes, &slot) != STATUS_OK)
        return;
    keyring_slot_encode(&storage, 0, bytes.ptr + 56, &slot, again);
    assert(span_equal(bytes, SPAN_OF(again)));
}

bool
fuzz_one(struct span in)
{
    struct reader       from = reader_of(in);
    size_t              half = in.len / 2;
    struct span         copy_0 = reader_take(&from, half);
    struct span         copy_1 = reader_rest(&from);
    enum keyring_repair repair = KEYRING_REPAIR_NONE;
    struct keyring     *ring = keyring_new(&storage);
    enum status         st;

    assert(ring != NULL);
    assert_is_written_so(copy_0);
    assert_is_written_so(copy_1);
    st = keyring_load_slot(ring, 0, copy_0, copy_1, &repair);
    assert(st == STATUS_OK || st == STATUS_CORRUPT);
    assert(keyring_corrupt_count(ring) == (st == STATUS_CORRUPT));
    keyring_free(ring);
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    const struct keyring_slot slot = {.name = {.kind = KEYRING_EXTENT,
                                               .number = 1},
                                      .state = KEYRING_CURRENT,
                                      .generation = 1};
    const uint8_t             nonce[KEYRING_NONCE_LEN] = {6};
    uint8_t                   bytes[2 * KEYRING_SLOT_LEN];

    keyring_slot_encode(&storage, 0, nonce, &slot, bytes);
    keyring_slot_encode(&storage, 0, nonce, &slot, bytes + KEYRING_SLOT_LEN);
    seed(arg, "extent", SPAN_OF(bytes));
}

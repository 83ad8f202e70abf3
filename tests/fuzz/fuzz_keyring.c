/*
 * fuzz_keyring.c - a whole keyring file.  The first byte says how it comes:
 * as it may stand on any disk, or each slot's clear fields and secret as one
 * who has the storage key would seal them.
 *
 * What loads is written over itself, and loads as the same keys.
 */
#include "crypto/box.h"
#include "node/store/keyfile.h"
#include "proto/label.h"
#include "tests/fuzz/guarded.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = true;

enum { AS_IT_IS, SEALED };
enum { CLEAR = 56, SECRET_AT = CLEAR + KEYRING_NONCE_LEN, IMAGE_MAX = 65536,
       SLOTS_KEPT = 5 };

static const struct secret32 storage = {{5}};

/* --- a disk of one file -------------------------------------------------- */

struct image {
    uint8_t *bytes;
    size_t   len;
};

static enum status
image_open(void *self, const char *name, bool create, int *out)
{
    (void)self;
    assert(strcmp(name, HOME_KEYRING) == 0 && !create);
    *out = 0;
    return STATUS_OK;
}

static void
image_close(void *self, int file)
{
    (void)self;
    (void)file;
}

static enum status
image_read(void *self, int file, uint64_t offset, uint8_t *out, size_t len,
           size_t *got)
{
    const struct image *image = self;

    (void)file;
    assert(offset == 0 && len == image->len);
    if (len > 0)
        memcpy(out, image->bytes, len);
    *got = len;
    return STATUS_OK;
}

static enum status
image_write(void *self, int file, uint64_t offset, struct span bytes)
{
    const struct image *image = self;

    (void)file;
    assert(offset <= image->len && bytes.len <= image->len - offset);
    memcpy(image->bytes + offset, bytes.ptr, bytes.len);
    return STATUS_OK;
}

static enum status
image_sync(void *self, int file)
{
    (void)self;
    (void)file;
    return STATUS_OK;
}

static enum status
image_size(void *self, int file, uint64_t *out)
{
    (void)file;
    *out = ((const struct image *)self)->len;
    return STATUS_OK;
}

static const struct file_ops ops = {.open = image_open,
                                    .close = image_close,
                                    .read = image_read,
                                    .write = image_write,
                                    .sync = image_sync,
                                    .size = image_size};

/* --- loading ------------------------------------------------------------- */

/* What begins otherwise is no slot however it is sealed. */
static void
seal_slot(uint8_t *slot, size_t index)
{
    uint8_t       bytes[128];
    struct writer data = writer_of(bytes, sizeof(bytes));

    if (slot[0] != 0 || slot[1] != 1)
        return;
    writer_put(&data, label_span(LABEL_SLOT));
    writer_u64(&data, index);
    writer_put(&data, (struct span){slot, CLEAR});
    box_seal(&storage, slot + CLEAR, writer_span(&data),
             (struct span){slot + SECRET_AT, LIMIT_KEY}, slot + SECRET_AT);
}

static void
seal_all(const struct image *image)
{
    for (size_t at = 0; at + KEYRING_SLOT_LEN <= image->len;
         at += KEYRING_SLOT_LEN)
        seal_slot(image->bytes + at,
                  at / KEYRING_PAIR_LEN * KEYRING_PAIR_SLOTS +
                      at % KEYRING_PAGE_LEN / KEYRING_SLOT_LEN);
}

/* NULL: refused.  What loaded is written again, as after every start. */
static struct keyring *
load(struct image *image)
{
    const struct disk disk = {&ops, image};
    struct keyring   *ring = keyring_new(&storage);
    struct keyfile    file;
    char              why[256] = "";
    enum status       st = keyfile_open(&disk, &file);

    assert(st == STATUS_OK && ring != NULL);
    st = keyfile_load(&file, ring, why);
    assert(memchr(why, 0, sizeof(why)) != NULL);
    if (st == STATUS_OK) {
        enum status written = keyfile_rewrite(&file);

        assert(written == STATUS_OK);
    }
    keyfile_close(&file);
    if (st == STATUS_OK)
        return ring;
    keyring_free(ring);
    return NULL;
}

static void
assert_same(const struct keyring *a, const struct keyring *b)
{
    struct keyring_key one, other;
    size_t             at_a = 0, at_b = 0;
    enum status        st, same;

    do {
        st = keyring_next(a, &at_a, &one);
        same = keyring_next(b, &at_b, &other);
        assert(st == same);
        assert(st != STATUS_OK ||
               (one.slot == other.slot && one.state == other.state &&
                one.name.kind == other.name.kind &&
                one.name.number == other.name.number &&
                memcmp(one.secret, other.secret, LIMIT_KEY) == 0));
    } while (st == STATUS_OK);
    assert(keyring_corrupt_count(a) == keyring_corrupt_count(b));
    assert(keyring_free_count(a) == keyring_free_count(b));
}

bool
fuzz_one(struct span in)
{
    struct reader   from = reader_of(in);
    uint8_t         how = reader_u8(&from);
    struct image    image = {malloc(in.len + 1), from.left};
    struct keyring *ring = NULL, *again;

    assert(image.bytes != NULL);
    reader_copy(&from, image.bytes, image.len);
    if (how == SEALED)
        seal_all(&image);
    if (how <= SEALED && image.len <= IMAGE_MAX)
        ring = load(&image);
    if (ring != NULL) {
        again = load(&image);
        assert(again != NULL);
        assert_same(ring, again);
        keyring_free(again);
        keyring_free(ring);
    }
    free(image.bytes);
    return ring != NULL;
}

/* --- good inputs: a file of three keys ----------------------------------- */

static void
put_change(uint8_t *file, const struct keyring_change *change)
{
    memcpy(file + change->offset[0], change->bytes, KEYRING_SLOT_LEN);
    memcpy(file + change->offset[1], change->bytes, KEYRING_SLOT_LEN);
}

static void
make(uint8_t file[static KEYRING_PAIR_LEN])
{
    const struct secret32 seed = {{6}};
    struct keyring       *ring = keyring_new(&storage);
    struct keyring_growth growth;
    struct keyring_change change;
    enum status           st;

    assert(ring != NULL);
    st = keyring_grow(ring, &seed, &growth);
    assert(st == STATUS_OK);
    memcpy(file, growth.bytes, KEYRING_PAIR_LEN);
    put_change(file, &growth.extent);
    for (uint8_t i = 1; i <= 3; i++) {
        const struct keyring_name name = {.kind = KEYRING_SEALING,
                                          .owner = {{9}},
                                          .number = i};
        const struct secret32     secret = {{i}};
        uint8_t                   nonce[KEYRING_NONCE_LEN] = {i};

        st = keyring_put(ring, &name, &secret, nonce, &change);
        assert(st == STATUS_OK);
        put_change(file, &change);
        nonce[1] = 1;
        st = i == 1   ? keyring_destroy(ring, &name, nonce, &change)
             : i == 2 ? keyring_retire(ring, &name, nonce, &change)
                      : STATUS_NOT_FOUND;
        if (st == STATUS_OK)
            put_change(file, &change);
    }
    keyring_free(ring);
}

/* Of each page the first slots become what seal_all() makes the same of; the
 * others are lost, which is quicker. */
static void
unseal_all(uint8_t *file)
{
    for (size_t at = 0; at < KEYRING_PAIR_LEN; at += KEYRING_SLOT_LEN) {
        size_t              index = at % KEYRING_PAGE_LEN / KEYRING_SLOT_LEN;
        struct keyring_slot slot;
        enum status         st = keyring_slot_decode(
            &storage, index, (struct span){file + at, KEYRING_SLOT_LEN},
            &slot);

        assert(st == STATUS_OK);
        memcpy(file + at + SECRET_AT, slot.secret.bytes, LIMIT_KEY);
        memset(file + at + SECRET_AT + LIMIT_KEY, 0, LIMIT_TAG);
        if (index >= SLOTS_KEPT)
            memset(file + at, 0, KEYRING_SLOT_LEN);
    }
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static uint8_t bytes[1 + KEYRING_PAIR_LEN];

    bytes[0] = AS_IT_IS;
    make(bytes + 1);
    seed(arg, "file", SPAN_OF(bytes));
    unseal_all(bytes + 1);
    bytes[0] = SEALED;
    seed(arg, "sealed", SPAN_OF(bytes));
}

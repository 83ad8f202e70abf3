/*
 * enclosure.c - a pattern of a few bytes, again and again: what seals it makes
 * each chunk another.
 */
#include "tests/sim/enclosure.h"

#include "node/sim/oracle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static uint64_t
draw_size(struct dice *dice)
{
    static const uint64_t edges[] = {0, 1, LIMIT_CHUNK - 1, LIMIT_CHUNK,
                                     LIMIT_CHUNK + 1, 2 * LIMIT_CHUNK};

    switch (dice_below(dice, 8)) {
    case 0:
        return edges[dice_below(dice, sizeof(edges) / sizeof(edges[0]))];
    case 1:
    case 2:
        return dice_between(dice, LIMIT_CHUNK, 4 * LIMIT_CHUNK);
    default:
        return dice_between(dice, 2, 4000);
    }
}

static void *
memory(size_t len)
{
    void *out = calloc(1, len);

    if (out == NULL)
        abort();
    return out;
}

/* With the marker, so that a plaintext that leaves is known. */
static uint8_t *
draw_plain(struct dice *dice, uint64_t size, uint64_t padded)
{
    uint8_t       *plain = memory((size_t)padded);
    uint8_t        pattern[64 + sizeof(ORACLE_MARKER)];
    struct writer  out = writer_of(plain, (size_t)size);

    dice_fill(dice, pattern, sizeof(pattern));
    memcpy(pattern, ORACLE_MARKER, sizeof(ORACLE_MARKER));
    while (out.len < size) {
        size_t left = (size_t)size - out.len;

        writer_put(&out, (struct span){pattern, left < sizeof(pattern)
                                                    ? left
                                                    : sizeof(pattern)});
    }
    return plain;
}

static enum status
leaf_of(void *context, uint64_t index, struct digest *out)
{
    const struct enclosure *enclosure = context;
    uint64_t                at = index * LIMIT_CHUNK_SEALED;
    size_t len = attachment_chunk_len(&enclosure->shape, index);

    attachment_leaf(index, (struct span){enclosure->sealed + at, len}, out);
    return STATUS_OK;
}

static void
seal(struct enclosure *enclosure, const uint8_t *plain)
{
    struct secret32 key;
    uint64_t        chunks = enclosure->shape.chunks;

    memcpy(key.bytes, enclosure->key, sizeof(key.bytes));
    for (uint64_t i = 0; i < chunks; i++) {
        size_t len = attachment_chunk_len(&enclosure->shape, i) - LIMIT_TAG;

        attachment_seal(&key, i, i + 1 == chunks,
                        (struct span){plain + i * LIMIT_CHUNK, len},
                        enclosure->sealed + i * LIMIT_CHUNK_SEALED);
    }
}

void
enclosure_make(struct enclosure *enclosure, struct dice *dice)
{
    struct merkle_leaves leaves = {.hash = leaf_of, .context = enclosure};
    uint64_t             size = draw_size(dice);
    uint8_t *plain = draw_plain(dice, size, attachment_padded_len(size));
    enum status st = attachment_shape_of(attachment_stored_len(size),
                                         &enclosure->shape);

    assert(st == STATUS_OK);
    enclosure->size = size;
    dice_fill(dice, enclosure->key, sizeof(enclosure->key));
    enclosure->sealed = memory((size_t)enclosure->shape.stored);
    seal(enclosure, plain);
    st = merkle_root_of(&leaves, enclosure->shape.chunks, &enclosure->digest);
    assert(st == STATUS_OK);
    free(plain);
}

void
enclosure_clear(struct enclosure *enclosure)
{
    free(enclosure->sealed);
    *enclosure = (struct enclosure){0};
}

struct span
enclosure_span(const struct enclosure *enclosure)
{
    return (struct span){enclosure->sealed, (size_t)enclosure->shape.stored};
}

uint64_t
enclosure_len(const struct enclosure *enclosure, uint64_t chunks)
{
    return chunks >= enclosure->shape.chunks ? enclosure->shape.stored
                                             : chunks * LIMIT_CHUNK_SEALED;
}

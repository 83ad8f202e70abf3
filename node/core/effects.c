/*
 * effects.c - one turn's effects, in an arena of chunks.
 *
 * Invariant: a chunk is never moved, so spans into it stay good until
 * effects_clear().  One chunk of ordinary size is kept between turns.
 */
#include "node/core/event.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_LEN = 1 << 18, EFFECTS_FIRST = 64 };

struct effects_chunk {
    struct effects_chunk *next;
    size_t                cap;
    size_t                used;
    _Alignas(16) uint8_t  bytes[]; /* as malloc aligns */
};

void
effects_init(struct effects *out)
{
    *out = (struct effects){0};
}

static void
chunk_free(struct effects_chunk *chunk)
{
    secret_wipe_bytes(chunk->bytes, chunk->used);
    free(chunk);
}

void
effects_clear(struct effects *out)
{
    struct effects_chunk *keep = NULL;

    while (out->chunks != NULL) {
        struct effects_chunk *chunk = out->chunks;

        out->chunks = chunk->next;
        if (keep == NULL && chunk->cap == CHUNK_LEN) {
            secret_wipe_bytes(chunk->bytes, chunk->used);
            chunk->used = 0;
            chunk->next = NULL;
            keep = chunk;
        } else {
            chunk_free(chunk);
        }
    }
    out->chunks = keep;
    if (out->count > 0)
        secret_wipe_bytes(out->list, out->count * sizeof(*out->list));
    out->count = 0;
}

void
effects_free(struct effects *out)
{
    effects_clear(out);
    if (out->chunks != NULL)
        chunk_free(out->chunks);
    free(out->list);
    *out = (struct effects){0};
}

static void
chunk_add(struct effects *out, size_t len)
{
    size_t                cap = len > CHUNK_LEN ? len : CHUNK_LEN;
    struct effects_chunk *chunk = malloc(sizeof(*chunk) + cap);

    if (chunk == NULL)
        abort();
    *chunk = (struct effects_chunk){.next = out->chunks, .cap = cap};
    out->chunks = chunk;
}

uint8_t *
effects_alloc(struct effects *out, size_t len)
{
    struct effects_chunk *chunk;
    uint8_t              *at;

    len = (len + 15) & ~(size_t)15;
    if (out->chunks == NULL || out->chunks->cap - out->chunks->used < len)
        chunk_add(out, len);
    chunk = out->chunks;
    at = chunk->bytes + chunk->used;
    chunk->used += len;
    return at;
}

struct span
effects_copy(struct effects *out, struct span bytes)
{
    uint8_t *at = effects_alloc(out, bytes.len);

    if (bytes.len > 0)
        memcpy(at, bytes.ptr, bytes.len);
    return (struct span){at, bytes.len};
}

void
effects_order(struct effects *out)
{
    size_t         start[EFFECT_KIND_COUNT + 1] = {0};
    struct effect *list;

    if (out->count == 0)
        return;
    list = malloc(out->cap * sizeof(*list));
    if (list == NULL)
        abort();
    for (size_t i = 0; i < out->count; i++)
        start[out->list[i].kind + 1]++;
    for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++)
        start[kind + 1] += start[kind];
    for (size_t i = 0; i < out->count; i++)
        list[start[out->list[i].kind]++] = out->list[i];
    secret_wipe_bytes(out->list, out->count * sizeof(*list));
    free(out->list);
    out->list = list;
}

struct effect *
effects_add(struct effects *out, enum effect_kind kind)
{
    assert(kind < EFFECT_KIND_COUNT);
    if (out->count == out->cap) {
        size_t         cap = out->cap > 0 ? 2 * out->cap : EFFECTS_FIRST;
        struct effect *list = malloc(cap * sizeof(*list));

        if (list == NULL)
            abort();
        if (out->count > 0) {
            memcpy(list, out->list, out->count * sizeof(*list));
            secret_wipe_bytes(out->list, out->count * sizeof(*list));
        }
        free(out->list);
        out->list = list;
        out->cap = cap;
    }
    out->list[out->count] = (struct effect){.kind = kind};
    return &out->list[out->count++];
}

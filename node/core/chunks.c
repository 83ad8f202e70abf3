/*
 * chunks.c - a list of blocks, the newest first.
 *
 * Invariant: a block is never moved.
 */
#include "node/core/chunks.h"

#include "crypto/secret.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_LEN = 1 << 18, ALIGN = 16 };

struct chunk {
    struct chunk          *next;
    size_t                 cap;
    size_t                 used;
    _Alignas(ALIGN) uint8_t bytes[];
};

static struct chunk *
add(struct chunks *chunks, size_t len)
{
    size_t        cap = len > CHUNK_LEN ? len : CHUNK_LEN;
    struct chunk *chunk = malloc(sizeof(*chunk) + cap);

    if (chunk == NULL)
        abort();
    *chunk = (struct chunk){.next = chunks->first, .cap = cap};
    chunks->first = chunk;
    return chunk;
}

uint8_t *
chunks_alloc(struct chunks *chunks, size_t len)
{
    struct chunk *chunk = chunks->first;
    uint8_t      *at;

    len = (len + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (chunk == NULL || chunk->cap - chunk->used < len)
        chunk = add(chunks, len);
    at = chunk->bytes + chunk->used;
    chunk->used += len;
    return at;
}

struct span
chunks_copy(struct chunks *chunks, struct span bytes)
{
    uint8_t *at;

    if (bytes.len == 0)
        return SPAN_EMPTY;
    at = chunks_alloc(chunks, bytes.len);
    memcpy(at, bytes.ptr, bytes.len);
    return (struct span){at, bytes.len};
}

void
chunks_clear(struct chunks *chunks)
{
    struct chunk *keep = NULL;

    while (chunks->first != NULL) {
        struct chunk *chunk = chunks->first;

        chunks->first = chunk->next;
        secret_wipe_bytes(chunk->bytes, chunk->used);
        if (keep != NULL || chunk->cap != CHUNK_LEN) {
            free(chunk);
            continue;
        }
        keep = chunk;
        keep->used = 0;
        keep->next = NULL;
    }
    chunks->first = keep;
}

void
chunks_free(struct chunks *chunks)
{
    chunks_clear(chunks);
    free(chunks->first);
    chunks->first = NULL;
}

/*
 * assembly.c - pieces put behind each other; a whole body is not copied.
 *
 * Invariant: have < len of the body under way; bytes[0, have) are its pieces.
 */
#include "node/core/log/assembly.h"

#include "node/core/grow.h"
#include "proto/limits.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
assembly_clear(struct assembly *assembly)
{
    free(assembly->bytes);
    *assembly = (struct assembly){0};
}

enum status
assembly_put(struct assembly *assembly, uint64_t index, size_t len,
             uint32_t offset, struct span piece, struct span *body)
{
    assert(len <= LIMIT_SEALED);
    if (piece.len == 0 || piece.len > len)
        return STATUS_BAD_STATE;
    if (offset == 0) {
        assembly->index = index;
        assembly->have = 0;
    }
    if (offset == 0 && piece.len == len) {
        *body = piece;
        return STATUS_OK;
    }
    if (assembly->index != index || assembly->have != offset ||
        piece.len > len - offset)
        return STATUS_BAD_STATE;
    if (assembly->bytes == NULL)
        assembly->bytes = grow_new(LIMIT_SEALED, 1);
    memcpy(assembly->bytes + offset, piece.ptr, piece.len);
    assembly->have += (uint32_t)piece.len;
    if (assembly->have < len)
        return STATUS_AGAIN;
    *body = (struct span){assembly->bytes, len};
    assembly->have = 0;
    return STATUS_OK;
}

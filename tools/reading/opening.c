/*
 * opening.c - chunk by chunk: tag, leaf, unpacking, padding.
 *
 * Invariants:
 *  (I1) no byte is given that its tag does not cover;
 *  (I2) never more than the message's size is given, whatever zstd makes of
 *       the chunks, and its window is bounded.
 */
#include "tools/reading/opening.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { BLOCK = 65536, WINDOW_LOG = 23 };

struct opening {
    const Entente__Attachment *attachment;
    struct secret32            key;
    struct attachment_shape    shape;
    struct merkle_frontier     frontier;
    ZSTD_DCtx                 *zstd;  /* NULL: as it is */
    bool                       ended; /* zstd's frame: the rest is padding */
    uint64_t                   given;
    uint8_t                    chunk[LIMIT_CHUNK];
    uint8_t                    out[BLOCK];
};

enum status
opening_new(const Entente__Attachment *attachment, struct opening **out)
{
    struct opening *opening = calloc(1, sizeof(*opening));
    enum status     st;

    if (opening == NULL)
        return STATUS_FULL;
    opening->attachment = attachment;
    st = attachment_shape_of(attachment->stored, &opening->shape);
    if (attachment->key.len != LIMIT_KEY ||
        attachment->digest.len != LIMIT_DIGEST)
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK &&
        attachment->encoding ==
            ENTENTE__ATTACHMENT__ENCODING__ENCODING_ZSTD) {
        opening->zstd = ZSTD_createDCtx();
        if (opening->zstd == NULL ||
            ZSTD_isError(ZSTD_DCtx_setParameter(
                opening->zstd, ZSTD_d_windowLogMax, WINDOW_LOG)))
            st = STATUS_FULL;
    }
    if (st != STATUS_OK) {
        opening_free(opening);
        return st;
    }
    memcpy(opening->key.bytes, attachment->key.data, LIMIT_KEY);
    merkle_init(&opening->frontier);
    *out = opening;
    return STATUS_OK;
}

void
opening_free(struct opening *opening)
{
    if (opening == NULL)
        return;
    ZSTD_freeDCtx(opening->zstd);
    secret_wipe(opening);
    free(opening);
}

uint64_t
opening_chunks(const struct opening *opening)
{
    return opening->shape.chunks;
}

static bool
is_zeros(struct span bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        if (bytes.ptr[i] != 0)
            return false;
    return true;
}

/* What is beyond the message's size is padding. */
NODISCARD static enum status
put_plain(struct opening *opening, struct span bytes,
          enum status (*give)(void *arg, struct span bytes), void *arg)
{
    uint64_t    left = opening->attachment->size - opening->given;
    struct span head = {bytes.ptr, bytes.len < left ? bytes.len
                                                    : (size_t)left};
    struct span tail = {bytes.ptr + head.len, bytes.len - head.len};

    if (!is_zeros(tail))
        return STATUS_CORRUPT;
    opening->given += head.len;
    return head.len == 0 ? STATUS_OK : give(arg, head);
}

NODISCARD static enum status
put_packed(struct opening *opening, struct span bytes,
           enum status (*give)(void *arg, struct span bytes), void *arg)
{
    ZSTD_inBuffer in = {bytes.ptr, bytes.len, 0};
    enum status   st = STATUS_OK;
    bool          full = true;

    while (st == STATUS_OK && !opening->ended && (in.pos < in.size || full)) {
        ZSTD_outBuffer out = {opening->out, BLOCK, 0};
        size_t         left = ZSTD_decompressStream(opening->zstd, &out, &in);

        if (ZSTD_isError(left) ||
            out.pos > opening->attachment->size - opening->given)
            return STATUS_CORRUPT; /* (I2) */
        opening->given += out.pos;
        opening->ended = left == 0;
        full = out.pos == BLOCK;
        if (out.pos > 0)
            st = give(arg, (struct span){opening->out, out.pos});
    }
    if (st == STATUS_OK && opening->ended &&
        !is_zeros((struct span){bytes.ptr + in.pos, bytes.len - in.pos}))
        st = STATUS_CORRUPT;
    return st;
}

enum status
opening_put(struct opening *opening, struct span sealed,
            enum status (*give)(void *arg, struct span bytes), void *arg)
{
    uint64_t      index = opening->frontier.size;
    bool          last = index + 1 == opening->shape.chunks;
    struct span   plain = {opening->chunk, 0};
    struct digest leaf;
    enum status   st;

    if (index >= opening->shape.chunks ||
        sealed.len != attachment_chunk_len(&opening->shape, index))
        return STATUS_BAD_PROOF;
    st = attachment_open(&opening->key, index, last, sealed, opening->chunk);
    if (st != STATUS_OK)
        return STATUS_BAD_PROOF; /* (I1) */
    attachment_leaf(index, sealed, &leaf);
    merkle_append(&opening->frontier, &leaf);
    plain.len = sealed.len - LIMIT_TAG;
    return opening->zstd != NULL ? put_packed(opening, plain, give, arg)
                                 : put_plain(opening, plain, give, arg);
}

enum status
opening_end(const struct opening *opening)
{
    struct digest root;

    merkle_root(&opening->frontier, &root);
    return opening->frontier.size == opening->shape.chunks &&
                   opening->given == opening->attachment->size &&
                   (opening->zstd == NULL || opening->ended) &&
                   memcmp(root.bytes, opening->attachment->digest.data,
                          sizeof(root.bytes)) == 0
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/*
 * sealing.c - a full chunk waits for the next byte, since the last one says
 * that it is.
 */
#include "tools/writing/sealing.h"

#include <string.h>

void
sealing_begin(struct sealing *sealing)
{
    sealing->encoded = 0;
    sealing->stored = 0;
    sealing->len = 0;
    merkle_init(&sealing->frontier);
}

NODISCARD static enum status
give(struct sealing *sealing, bool last)
{
    uint64_t      index = sealing->frontier.size;
    struct span   chunk = {sealing->chunk, sealing->len};
    struct span   sealed = {sealing->chunk, sealing->len + LIMIT_TAG};
    struct digest leaf;

    attachment_seal(&sealing->key, index, last, chunk, sealing->chunk);
    attachment_leaf(index, sealed, &leaf);
    merkle_append(&sealing->frontier, &leaf);
    sealing->stored += sealed.len;
    sealing->len = 0;
    return sealing->give(sealing->arg, sealed, last);
}

/* How many of `left` bytes go into the chunk at hand. */
NODISCARD static enum status
make_room(struct sealing *sealing, uint64_t left, size_t *len)
{
    enum status st = STATUS_OK;

    if (sealing->len == LIMIT_CHUNK)
        st = give(sealing, false);
    *len = LIMIT_CHUNK - sealing->len;
    if (left < *len)
        *len = (size_t)left;
    return st;
}

enum status
sealing_put(struct sealing *sealing, struct span bytes)
{
    struct reader in = reader_of(bytes);
    enum status   st = STATUS_OK;

    if (bytes.len > LIMIT_ATTACHMENT - sealing->encoded)
        return STATUS_TOO_LARGE;
    sealing->encoded += bytes.len;
    while (st == STATUS_OK && in.left > 0) {
        size_t len;

        st = make_room(sealing, in.left, &len);
        if (st != STATUS_OK)
            break;
        reader_copy(&in, sealing->chunk + sealing->len, len);
        sealing->len += len;
    }
    return st;
}

enum status
sealing_end(struct sealing *sealing, struct digest *digest)
{
    uint64_t zeros = attachment_padded_len(sealing->encoded) -
                     sealing->encoded;
    enum status st = STATUS_OK;

    while (st == STATUS_OK && zeros > 0) {
        size_t len;

        st = make_room(sealing, zeros, &len);
        if (st != STATUS_OK)
            return st;
        memset(sealing->chunk + sealing->len, 0, len);
        sealing->len += len;
        zeros -= len;
    }
    st = give(sealing, true);
    if (st == STATUS_OK)
        merkle_root(&sealing->frontier, digest);
    return st;
}

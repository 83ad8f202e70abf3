/*
 * rereading.c - chunk by chunk, against the leaves as noted and the digest.
 *
 * Invariants:
 *  (I1) the digest alone says that all is right; leaves only say how much of
 *       what is wrong need not come again;
 *  (I2) a file has its whole name only while it was right when last read;
 *  (I3) what is found may have its name from a process that was killed before
 *       it made it durable: that is done here, before anything counts.
 */
#include "node/store/rereading.h"

#include "crypto/attachment.h"
#include "node/store/chunkfile.h"

#include <assert.h>
#include <stdlib.h>

struct rereading {
    const struct disk      *disk;
    struct chunkfile_name   partial;
    struct chunkfile_name   whole;
    bool                    is_whole; /* by its name */
    struct chunkfile        file;
    struct digest           digest;
    struct attachment_shape shape;
    bool                    doubted; /* a leaf was not as noted */
    struct merkle_frontier  right;   /* before that leaf */
    struct merkle_frontier  all;
    uint8_t                 chunk[LIMIT_CHUNK_SEALED];
};

NODISCARD static enum status
open_either(struct rereading *reading)
{
    enum status st = chunkfile_open(reading->disk, &reading->partial, false,
                                    &reading->file, NULL);

    if (st != STATUS_NOT_FOUND)
        return st;
    reading->is_whole = true;
    return chunkfile_open(reading->disk, &reading->whole, false,
                          &reading->file, NULL);
}

enum status
rereading_new(const struct disk *disk, const struct node_id *peer,
              const struct digest *digest, uint64_t chunks, uint64_t stored,
              struct rereading **out)
{
    struct rereading *reading = calloc(1, sizeof(*reading));
    enum status       st;

    if (reading == NULL)
        return STATUS_FULL;
    reading->disk = disk;
    reading->partial = chunkfile_partial(peer, digest);
    reading->whole = chunkfile_theirs(peer, digest);
    reading->digest = *digest;
    merkle_init(&reading->all);
    st = attachment_shape_of(stored, &reading->shape);
    if (st == STATUS_OK && reading->shape.chunks != chunks)
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK)
        st = open_either(reading);
    if (st == STATUS_OK)
        *out = reading;
    else
        rereading_free(reading);
    return st;
}

void
rereading_free(struct rereading *reading)
{
    if (reading == NULL)
        return;
    chunkfile_close(&reading->file);
    free(reading);
}

/* Whether the leaf is the one that was noted when the chunk came. */
NODISCARD static enum status
compare(struct rereading *reading, const struct digest *leaf)
{
    struct digest noted = {{0}};
    enum status   st = chunkfile_leaf(&reading->file, reading->all.size,
                                      &noted);

    if (st != STATUS_OK && st != STATUS_CORRUPT)
        return st;
    if (reading->doubted || (st == STATUS_OK && digest_equal(&noted, leaf)))
        return STATUS_OK;
    reading->doubted = true;
    reading->right = reading->all;
    return STATUS_OK;
}

/* BAD_ENCODING: the file ends before, or cannot be read there. */
NODISCARD static enum status
read_one(struct rereading *reading)
{
    uint64_t      index = reading->all.size;
    size_t        len = attachment_chunk_len(&reading->shape, index);
    size_t        got = 0;
    struct digest leaf;
    enum status   st = chunkfile_get(&reading->file, index, reading->chunk,
                                     &got);

    if (st != STATUS_OK || got < len)
        return STATUS_BAD_ENCODING;
    attachment_leaf(index, (struct span){reading->chunk, len}, &leaf);
    st = compare(reading, &leaf);
    if (st == STATUS_OK)
        merkle_append(&reading->all, &leaf);
    return st;
}

enum status
rereading_step(struct rereading *reading)
{
    enum status st = STATUS_OK;

    for (int i = 0; i < REREADING_STEP && st == STATUS_OK; i++) {
        if (reading->all.size == reading->shape.chunks)
            return STATUS_OK;
        st = read_one(reading);
    }
    if (st == STATUS_BAD_ENCODING)
        return STATUS_OK;
    return st == STATUS_OK ? STATUS_AGAIN : st;
}

static bool
is_right(const struct rereading *reading)
{
    struct digest root;

    if (reading->all.size < reading->shape.chunks)
        return false;
    merkle_root(&reading->all, &root);
    return digest_equal(&root, &reading->digest); /* (I1) */
}

NODISCARD static enum status
keep_whole(struct rereading *reading)
{
    enum status st = chunkfile_cut(&reading->file, reading->shape.stored);

    if (st == STATUS_OK)
        st = chunkfile_sync(&reading->file);
    if (st == STATUS_OK && reading->is_whole) /* (I3) */
        st = reading->disk->ops->sync_folder(reading->disk->self);
    else if (st == STATUS_OK)
        st = chunkfile_rename(reading->disk, &reading->partial,
                              &reading->whole);
    return st;
}

/* What is right though the whole is not; nothing where that cannot be told. */
NODISCARD static enum status
keep_part(struct rereading *reading, struct merkle_frontier *right)
{
    enum status st;

    if (reading->doubted)
        *right = reading->right;
    else if (reading->all.size < reading->shape.chunks)
        *right = reading->all;
    else
        merkle_init(right);
    if (reading->is_whole) /* (I2) */
        st = chunkfile_rename(reading->disk, &reading->whole,
                              &reading->partial);
    else /* (I3) */
        st = reading->disk->ops->sync_folder(reading->disk->self);
    if (st == STATUS_OK)
        st = chunkfile_cut(&reading->file,
                           right->size * LIMIT_CHUNK_SEALED);
    return st == STATUS_OK ? chunkfile_sync(&reading->file) : st;
}

enum status
rereading_end(struct rereading *reading, struct merkle_frontier *frontier)
{
    enum status st;

    if (is_right(reading)) {
        *frontier = reading->all;
        return keep_whole(reading);
    }
    st = keep_part(reading, frontier);
    return st == STATUS_OK ? STATUS_CORRUPT : st;
}

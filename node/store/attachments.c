/*
 * attachments.c - from queries and names to files.
 *
 * Invariant: nothing of a file is kept from one call to the next.
 */
#include "node/store/attachments.h"

#include "crypto/attachment.h"
#include "node/store/chunkfile.h"
#include "node/store/home.h"
#include "node/store/posix.h"
#include "node/store/rereading.h"
#include "node/store/upload.h"

#include <stdlib.h>
#include <string.h>

struct attachments {
    struct disk disk;
    bool        open;
};

enum status
attachments_open(const char *home, struct attachments **out,
                 char why[static 256])
{
    struct home_path path;
    struct disk      disk = {0};
    enum status      st;

    why[0] = '\0';
    st = home_folder(home, HOME_ATTACHMENTS, &path);
    if (st == STATUS_OK)
        st = posix_folder_open(path.text, &disk, why);
    if (st != STATUS_OK)
        return st;
    st = attachments_on(&disk, out);
    if (st == STATUS_OK)
        (*out)->open = true;
    else
        posix_disk_close(&disk);
    return st;
}

enum status
attachments_on(const struct disk *disk, struct attachments **out)
{
    struct attachments *attachments = calloc(1, sizeof(*attachments));
    enum status         st;

    if (attachments == NULL)
        return STATUS_FULL;
    attachments->disk = *disk;
    st = upload_clean(&attachments->disk);
    if (st == STATUS_OK)
        *out = attachments;
    else
        attachments_close(attachments);
    return st;
}

void
attachments_close(struct attachments *attachments)
{
    if (attachments == NULL)
        return;
    if (attachments->open)
        posix_disk_close(&attachments->disk);
    free(attachments);
}

const struct disk *
attachments_disk(const struct attachments *attachments)
{
    return &attachments->disk;
}

/* --- what the core asks -------------------------------------------------- */

NODISCARD static enum status
answer_chunk(const struct attachments *attachments, const struct query *query,
             const struct digest *digest, uint8_t *answer, size_t *len)
{
    struct chunkfile_name name = chunkfile_ours(digest);
    struct chunkfile      file = {0};
    struct merkle_proof   proof;
    size_t                got = 0;
    enum status           st;

    st = chunkfile_open(&attachments->disk, &name, false, &file, NULL);
    if (st == STATUS_OK)
        st = chunkfile_prove(&file, digest, query->from, query->count, answer,
                             &got, &proof);
    chunkfile_close(&file);
    if (st != STATUS_OK)
        return st;
    memcpy(answer + got, proof.nodes, proof.count * LIMIT_DIGEST);
    *len = got + proof.count * LIMIT_DIGEST;
    return STATUS_OK;
}

/* 0: it is not here. */
static uint64_t
stored_of(const struct attachments *attachments, const struct digest *digest)
{
    struct chunkfile_name name = chunkfile_ours(digest);
    struct chunkfile      file = {0};
    uint64_t              size = 0;
    enum status           st;

    st = chunkfile_open(&attachments->disk, &name, false, &file, NULL);
    if (st == STATUS_OK)
        st = chunkfile_size(&file, &size);
    chunkfile_close(&file);
    return st == STATUS_OK ? size : 0;
}

NODISCARD static enum status
answer_stored(const struct attachments *attachments, struct span text,
              uint8_t *answer, size_t *len)
{
    struct reader in = reader_of(text);
    struct writer out = writer_of(answer, ATTACHMENTS_ANSWER);
    struct digest digest;

    while (in.left > 0 && !in.failed) {
        reader_copy(&in, digest.bytes, sizeof(digest.bytes));
        if (!in.failed)
            writer_u64(&out, stored_of(attachments, &digest));
    }
    if (in.failed || writer_end(&out) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *len = writer_span(&out).len;
    return STATUS_OK;
}

NODISCARD static enum status
digest_in(struct span text, struct digest *out)
{
    struct reader in = reader_of(text);

    reader_copy(&in, out->bytes, sizeof(out->bytes));
    return in.failed || in.left > 0 ? STATUS_BAD_ENCODING : STATUS_OK;
}

enum status
attachments_query(const struct attachments *attachments,
                  const struct query *query, struct span text,
                  uint8_t answer[static ATTACHMENTS_ANSWER], size_t *len)
{
    struct digest digest;
    enum status   st;

    if (query->kind == QUERY_STORED)
        return answer_stored(attachments, text, answer, len);
    st = digest_in(text, &digest);
    if (st != STATUS_OK || query->kind != QUERY_CHUNK)
        return STATUS_BAD_ENCODING;
    return answer_chunk(attachments, query, &digest, answer, len);
}

enum status
attachments_reread(const struct attachments *attachments,
                   const struct query *query, struct span text,
                   struct rereading **out)
{
    struct digest digest;
    enum status   st = digest_in(text, &digest);

    if (st != STATUS_OK || query->kind != QUERY_WHOLE)
        return STATUS_BAD_ENCODING;
    return rereading_new(&attachments->disk, &query->peer, &digest,
                         query->count, query->bytes_max, out);
}

/* --- what a client asks -------------------------------------------------- */

NODISCARD static enum status
name_in(struct span file, struct chunkfile_name *out)
{
    static const struct node_id nobody;
    struct reader               in = reader_of(file);
    struct node_id              peer;
    struct digest               digest;

    reader_copy(&in, peer.bytes, sizeof(peer.bytes));
    reader_copy(&in, digest.bytes, sizeof(digest.bytes));
    if (in.failed || in.left > 0)
        return STATUS_BAD_FIELD;
    *out = memcmp(&peer, &nobody, sizeof(peer)) == 0
               ? chunkfile_ours(&digest)
               : chunkfile_theirs(&peer, &digest);
    return STATUS_OK;
}

NODISCARD static enum status
read_chunks(const struct chunkfile *file, uint64_t index, uint32_t count,
            uint8_t *out, size_t cap, size_t *len)
{
    size_t      room = cap / LIMIT_CHUNK_SEALED;
    enum status st = STATUS_OK;

    *len = 0;
    if (count == 0 || count > room)
        count = (uint32_t)room;
    for (; count > 0 && st == STATUS_OK; count--, index++) {
        size_t got = 0;

        st = chunkfile_get(file, index, out + *len, &got);
        *len += got;
        if (got < LIMIT_CHUNK_SEALED)
            break;
    }
    return st;
}

enum status
attachments_read(const struct attachments *attachments, struct span file,
                 uint64_t index, uint32_t count, uint8_t *out, size_t cap,
                 size_t *len, uint64_t *of)
{
    struct chunkfile_name name;
    struct chunkfile      open = {0};
    uint64_t              size = 0;
    enum status           st = name_in(file, &name);

    if (st != STATUS_OK)
        return st;
    st = chunkfile_open(&attachments->disk, &name, false, &open, NULL);
    if (st == STATUS_OK)
        st = chunkfile_size(&open, &size);
    *of = (size + LIMIT_CHUNK_SEALED - 1) / LIMIT_CHUNK_SEALED;
    if (st == STATUS_OK && index >= *of)
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK)
        st = read_chunks(&open, index, count, out, cap, len);
    chunkfile_close(&open);
    return st;
}

enum status
attachments_remove(const struct attachments *attachments,
                   const struct digest *digest)
{
    struct chunkfile_name name = chunkfile_ours(digest);

    return chunkfile_remove(&attachments->disk, &name);
}

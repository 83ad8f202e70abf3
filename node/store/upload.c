/*
 * upload.c - chunks written as they come, their root kept beside.
 *
 *      OPEN --short chunk--> ENDED --upload_finish--> FINISHED
 *        +--upload_finish--------------------------------^
 *
 * Invariant: a file has its digest as name only when it is whole and synced.
 */
#include "node/store/upload.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum upload_state { UPLOAD_OPEN, UPLOAD_ENDED, UPLOAD_FINISHED };

struct upload {
    const struct disk     *disk;
    struct chunkfile_name  name;
    struct chunkfile       file;
    enum upload_state      state;
    enum status            failed;
    uint64_t               stored;
    struct merkle_frontier frontier;
};

enum status
upload_new(const struct disk *disk, uint64_t number, struct upload **out)
{
    struct upload *upload = calloc(1, sizeof(*upload));
    enum status    st;

    if (upload == NULL)
        return STATUS_FULL;
    upload->disk = disk;
    upload->name = chunkfile_upload(number);
    upload->failed = STATUS_OK;
    merkle_init(&upload->frontier);
    st = chunkfile_open(disk, &upload->name, true, &upload->file, NULL);
    if (st == STATUS_OK)
        *out = upload;
    else
        upload_free(upload);
    return st;
}

void
upload_free(struct upload *upload)
{
    if (upload == NULL)
        return;
    chunkfile_close(&upload->file);
    if (upload->state != UPLOAD_FINISHED &&
        chunkfile_remove(upload->disk, &upload->name) != STATUS_OK) {
        /* upload_clean() does it at the next start. */
    }
    free(upload);
}

/* One chunk, the first of what is left of `in`. */
NODISCARD static enum status
take_chunk(struct upload *upload, struct reader *in)
{
    size_t        len = in->left < LIMIT_CHUNK_SEALED ? in->left
                                                      : LIMIT_CHUNK_SEALED;
    struct span   sealed = reader_take(in, len);
    struct digest leaf;
    enum status   st;

    if (upload->state != UPLOAD_OPEN || len <= LIMIT_TAG)
        return STATUS_BAD_ENCODING;
    if (upload->stored + len > LIMIT_STORED)
        return STATUS_TOO_LARGE;
    st = chunkfile_put(&upload->file, upload->frontier.size, sealed, &leaf);
    if (st != STATUS_OK)
        return st;
    merkle_append(&upload->frontier, &leaf);
    upload->stored += len;
    if (len < LIMIT_CHUNK_SEALED)
        upload->state = UPLOAD_ENDED;
    return STATUS_OK;
}

enum status
upload_put(struct upload *upload, struct span chunks)
{
    struct reader in = reader_of(chunks);

    while (upload->failed == STATUS_OK && in.left > 0)
        upload->failed = take_chunk(upload, &in);
    return upload->failed;
}

uint64_t
upload_stored(const struct upload *upload)
{
    return upload->stored;
}

enum status
upload_finish(struct upload *upload, struct digest *digest)
{
    struct chunkfile_name whole;
    struct digest         root;
    enum status           st = upload->failed;

    assert(upload->state != UPLOAD_FINISHED);
    if (st == STATUS_OK && upload->stored == 0)
        st = STATUS_BAD_STATE;
    if (st == STATUS_OK)
        st = chunkfile_sync(&upload->file);
    if (st != STATUS_OK)
        return st;
    merkle_root(&upload->frontier, &root);
    whole = chunkfile_ours(&root);
    st = chunkfile_rename(upload->disk, &upload->name, &whole);
    if (st != STATUS_OK)
        return st;
    upload->state = UPLOAD_FINISHED;
    *digest = root;
    return STATUS_OK;
}

/* --- what was left behind ------------------------------------------------ */

/* Keeps one name that is to go: a list must not change while it is read. */
static void
note_one(void *arg, const char *name)
{
    struct chunkfile_name *found = arg;

    if (strncmp(name, "upload-", 7) == 0 &&
        strlen(name) < sizeof(found->text))
        snprintf(found->text, sizeof(found->text), "%s", name);
}

enum status
upload_clean(const struct disk *disk)
{
    struct chunkfile_name found;
    enum status           st;

    do {
        found.text[0] = '\0';
        st = disk->ops->list(disk->self, note_one, &found);
        if (st == STATUS_OK && found.text[0] != '\0')
            st = disk->ops->remove(disk->self, found.text);
    } while (st == STATUS_OK && found.text[0] != '\0');
    return st;
}

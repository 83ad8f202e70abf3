/*
 * arrivals.c - one file after the other, each synced before the next.
 *
 * Invariant: OK means that every chunk of the turn, and the name of every file
 * that is new, is durable.
 */
#include "node/store/arrivals.h"

#include "node/store/chunkfile.h"

#include <assert.h>
#include <string.h>

static struct chunkfile_name
name_of(const struct effect_file *file)
{
    struct digest digest;

    memcpy(digest.bytes, file->digest, sizeof(digest.bytes));
    return file->outgoing ? chunkfile_ours(&digest)
                          : chunkfile_partial(&file->peer, &digest);
}

/* Puts the chunks from *at on that belong to one file; *at is then behind
 * them.  One that begins counts as new also where an attempt before this one
 * made its name, and had no room for the rest. */
NODISCARD static enum status
commit_file(const struct disk *disk, const struct effects *effects, size_t *at,
            bool *is_new)
{
    const struct effect_file *first = &effects->list[*at].file;
    struct chunkfile_name     name = name_of(first);
    struct chunkfile          file = {0};
    enum status               st;

    assert(!first->outgoing);
    st = chunkfile_open(disk, &name, true, &file, is_new);
    *is_new = *is_new || first->index == 0;
    for (; st == STATUS_OK && *at < effects->count; ++*at) {
        const struct effect  *effect = &effects->list[*at];
        struct digest         leaf;

        if (effect->kind != EFFECT_CHUNK)
            continue;
        if (strcmp(name_of(&effect->file).text, name.text) != 0)
            break;
        st = chunkfile_put(&file, effect->file.index, effect->bytes, &leaf);
    }
    if (st == STATUS_OK)
        st = chunkfile_sync(&file);
    chunkfile_close(&file);
    return st;
}

enum status
arrivals_commit(const struct disk *disk, const struct effects *effects)
{
    enum status st = STATUS_OK;
    bool        any_new = false;
    size_t      at = 0;

    while (st == STATUS_OK && at < effects->count) {
        bool is_new = false;

        if (effects->list[at].kind != EFFECT_CHUNK) {
            at++;
            continue;
        }
        st = commit_file(disk, effects, &at, &is_new);
        any_new = any_new || is_new;
    }
    if (st == STATUS_OK && any_new)
        st = disk->ops->sync_folder(disk->self);
    return st == STATUS_OK || st == STATUS_NO_SPACE ? st : STATUS_IO;
}

enum status
arrivals_drop(const struct disk *disk, const struct effect_file *file)
{
    struct chunkfile_name name = name_of(file);

    return chunkfile_remove(disk, &name);
}

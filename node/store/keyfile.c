/*
 * keyfile.c - reads pairs of pages, writes copies 0 before copies 1.
 *
 * Invariants:
 *  (I1) what is queued leaves the queue only when both copies are durable;
 *  (I2) no copy 1 is written before all copies 0 of the same flush are
 *       durable, so that one whole copy of each page is always there;
 *  (I3) the file has its name only once it is whole.
 */
#include "node/store/keyfile.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading ------------------------------------------------------------- */

static enum status
read_image(struct keyfile *file)
{
    const struct disk *disk = &file->disk;
    uint64_t           size;
    size_t             got;
    enum status        st = disk->ops->size(disk->self, file->file, &size);

    if (st != STATUS_OK)
        return st;
    /* Behind the last pair stands an unfinished growth at most. */
    if (size > 2 * keyring_offset(LIMIT_KEYRING_SLOTS, 0))
        return STATUS_CORRUPT;
    file->image = malloc((size_t)size + 1);
    if (file->image == NULL)
        return STATUS_FULL;
    file->image_len = (size_t)size;
    st = disk->ops->read(disk->self, file->file, 0, file->image,
                         file->image_len, &got);
    return st == STATUS_OK && got < file->image_len ? STATUS_IO : st;
}

enum status
keyfile_open(const struct disk *disk, struct keyfile *out)
{
    enum status st;

    *out = (struct keyfile){.disk = *disk, .file = -1};
    st = disk->ops->open(disk->self, HOME_KEYRING, false, &out->file);
    if (st != STATUS_OK) {
        out->file = -1;
        return st;
    }
    st = read_image(out);
    if (st != STATUS_OK)
        keyfile_close(out);
    return st;
}

void
keyfile_close(struct keyfile *file)
{
    if (file->file >= 0)
        file->disk.ops->close(file->disk.self, file->file);
    free(file->image);
    free(file->growths);
    free(file->changes);
    *file = (struct keyfile){.file = -1};
}

static struct span
image_slot(const struct keyfile *file, size_t index, unsigned copy)
{
    uint64_t at = keyring_offset(index, copy);

    if (at + KEYRING_SLOT_LEN > file->image_len)
        return SPAN_EMPTY;
    return (struct span){file->image + at, KEYRING_SLOT_LEN};
}

static enum status
load_slot(struct keyfile *file, struct keyring *ring, size_t index)
{
    enum keyring_repair repair = KEYRING_REPAIR_NONE;
    uint8_t            *copy_0 = file->image + keyring_offset(index, 0);
    uint8_t            *copy_1 = file->image + keyring_offset(index, 1);
    enum status         st;

    st = keyring_load_slot(ring, index, image_slot(file, index, 0),
                           image_slot(file, index, 1), &repair);
    if (st == STATUS_OK && repair != KEYRING_REPAIR_NONE)
        file->mended++;
    if (st == STATUS_OK && repair == KEYRING_REPAIR_0)
        memcpy(copy_0, copy_1, KEYRING_SLOT_LEN);
    if (st == STATUS_OK && repair == KEYRING_REPAIR_1)
        memcpy(copy_1, copy_0, KEYRING_SLOT_LEN);
    return st;
}

enum status
keyfile_load(struct keyfile *file, struct keyring *ring, char why[static 256])
{
    static const char wrong[] = "slot 0 does not open: the wrong storage key, "
                                "or a damaged file";
    enum status       st = STATUS_CORRUPT;
    size_t            count;

    if (file->image_len >= KEYRING_PAIR_LEN)
        st = load_slot(file, ring, 0);
    if (st == STATUS_CORRUPT)
        (void)snprintf(why, 256, "%s, offset 0: %s", HOME_KEYRING, wrong);
    if (st != STATUS_OK)
        return st;
    count = keyring_slots(ring);
    if (keyring_offset(count, 0) > file->image_len) {
        (void)snprintf(why, 256, "%s, offset %zu: cut off", HOME_KEYRING,
                       file->image_len);
        return STATUS_CORRUPT;
    }
    for (size_t i = 1; i < count; i++) {
        st = load_slot(file, ring, i);
        if (st != STATUS_OK && st != STATUS_CORRUPT)
            return st;
    }
    file->image_len = (size_t)keyring_offset(count, 0);
    return STATUS_OK;
}

/* --- writing ------------------------------------------------------------- */

static enum status
write_at(struct keyfile *file, uint64_t offset, struct span bytes)
{
    return file->disk.ops->write(file->disk.self, file->file, offset, bytes);
}

static enum status
sync_file(struct keyfile *file)
{
    return file->disk.ops->sync(file->disk.self, file->file);
}

static enum status
rewrite_copy(struct keyfile *file, size_t copy)
{
    for (size_t at = copy * KEYRING_PAGE_LEN; at < file->image_len;
         at += KEYRING_PAIR_LEN) {
        struct span page = {file->image + at, KEYRING_PAGE_LEN};
        enum status st = write_at(file, at, page);

        if (st != STATUS_OK)
            return st;
    }
    return sync_file(file);
}

enum status
keyfile_rewrite(struct keyfile *file)
{
    enum status st = rewrite_copy(file, 0);

    if (st == STATUS_OK) /* (I2) */
        st = rewrite_copy(file, 1);
    if (st == STATUS_OK) {
        free(file->image);
        file->image = NULL;
        file->image_len = 0;
    }
    return st;
}

enum status
keyfile_create(struct keyfile *file)
{
    const struct disk *disk = &file->disk;
    enum status        st;

    assert(file->file < 0);
    st = disk->ops->open(disk->self, KEYFILE_NEW, true, &file->file);
    if (st != STATUS_OK) {
        file->file = -1;
        return st;
    }
    st = disk->ops->truncate(disk->self, file->file, 0);
    if (st == STATUS_OK)
        st = keyfile_flush(file);
    if (st == STATUS_OK) /* (I3) */
        st = disk->ops->rename(disk->self, KEYFILE_NEW, HOME_KEYRING);
    if (st == STATUS_OK)
        st = disk->ops->sync_folder(disk->self);
    return st;
}

/* --- the queue ----------------------------------------------------------- */

struct keyring_change *
keyfile_change(struct keyfile *file)
{
    if (file->change_count == file->change_cap) {
        size_t                 cap = 2 * file->change_cap + 8;
        struct keyring_change *changes;

        changes = realloc(file->changes, cap * sizeof(*changes));
        if (changes == NULL)
            return NULL;
        file->changes = changes;
        file->change_cap = cap;
    }
    return &file->changes[file->change_count];
}

void
keyfile_queue_change(struct keyfile *file)
{
    assert(file->change_count < file->change_cap);
    file->change_count++;
}

struct keyring_growth *
keyfile_growth(struct keyfile *file)
{
    struct keyring_growth *growths;

    growths = realloc(file->growths,
                      (file->growth_count + 1) * sizeof(*growths));
    if (growths == NULL)
        return NULL;
    file->growths = growths;
    return &growths[file->growth_count];
}

enum status
keyfile_queue_growth(struct keyfile *file)
{
    struct keyring_change *extent = keyfile_change(file);

    if (extent == NULL)
        return STATUS_FULL;
    *extent = file->growths[file->growth_count].extent;
    file->growth_count++;
    file->change_count++;
    return STATUS_OK;
}

static enum status
write_growths(struct keyfile *file)
{
    for (size_t i = 0; i < file->growth_count; i++) {
        const struct keyring_growth *growth = &file->growths[i];
        enum status st = write_at(file, growth->offset, SPAN_OF(growth->bytes));

        if (st != STATUS_OK)
            return st;
    }
    return sync_file(file);
}

static enum status
write_copies(struct keyfile *file, unsigned copy)
{
    for (size_t i = 0; i < file->change_count; i++) {
        const struct keyring_change *change = &file->changes[i];
        enum status                  st;

        st = write_at(file, change->offset[copy], SPAN_OF(change->bytes));
        if (st != STATUS_OK)
            return st;
    }
    return sync_file(file);
}

enum status
keyfile_flush(struct keyfile *file)
{
    enum status st = STATUS_OK;

    if (file->change_count == 0)
        return STATUS_OK;
    if (file->growth_count > 0)
        st = write_growths(file);
    if (st == STATUS_OK)
        st = write_copies(file, 0);
    if (st == STATUS_OK) /* (I2) */
        st = write_copies(file, 1);
    if (st == STATUS_OK) { /* (I1) */
        file->change_count = 0;
        file->growth_count = 0;
    }
    return st;
}

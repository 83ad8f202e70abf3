/*
 * backup.c - through the same calls as a program would make, unwatched.
 */
#include "node/sim/backup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool
backup_made(const struct backup *backup)
{
    return backup->count > 0;
}

static void
add_file(void *arg, const char *name, struct span bytes)
{
    struct backup      *backup = arg;
    struct backup_file *file;

    if (backup->count == backup->cap) {
        backup->cap = 2 * backup->cap + 16;
        backup->list = realloc(backup->list,
                               backup->cap * sizeof(*backup->list));
        if (backup->list == NULL)
            abort();
    }
    file = &backup->list[backup->count++];
    *file = (struct backup_file){.len = bytes.len};
    memcpy(file->name, name, strlen(name) + 1);
    file->bytes = malloc(bytes.len + 1);
    if (file->bytes == NULL)
        abort();
    if (bytes.len > 0)
        memcpy(file->bytes, bytes.ptr, bytes.len);
}

void
backup_make(struct backup *backup, const struct disk_image *image)
{
    backup_clear(backup);
    disk_each(image, add_file, backup);
}

void
backup_clear(struct backup *backup)
{
    for (size_t i = 0; i < backup->count; i++)
        free(backup->list[i].bytes);
    free(backup->list);
    *backup = (struct backup){0};
}

static void
must(enum status st)
{
    if (st != STATUS_OK)
        abort(); /* the disk is unwatched, unarmed and has room */
}

static void
put_file(const struct disk *disk, const struct backup_file *file)
{
    int handle = -1;

    must(disk->ops->open(disk->self, file->name, true, &handle));
    must(disk->ops->write(disk->self, handle, 0,
                          (struct span){file->bytes, file->len}));
    must(disk->ops->sync(disk->self, handle));
    disk->ops->close(disk->self, handle);
}

void
backup_restore(const struct backup *backup, struct disk_image *image)
{
    struct disk   disk = disk_face(image);
    struct backup now = {0};

    disk_each(image, add_file, &now);
    for (size_t i = 0; i < now.count; i++)
        must(disk.ops->remove(disk.self, now.list[i].name));
    backup_clear(&now);
    must(disk.ops->sync_folder(disk.self));
    disk_killed(image); /* room for as many again */
    for (size_t i = 0; i < backup->count; i++)
        put_file(&disk, &backup->list[i]);
    must(disk.ops->sync_folder(disk.self));
}

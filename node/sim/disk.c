/*
 * disk.c - handles lead to files; folder.c knows their names, platter.c their
 * bytes, each of them cached and durable.
 *
 * Invariants:
 *   (D1) a file lives while a name, cached or durable, or an unsynced change
 *        of names, or a handle leads to it;
 *   (D2) after `goes_on` said false, nothing changes until the process or the
 *        machine is declared gone.
 */
#include "node/sim/disk.h"

#include "node/sim/folder.h"
#include "node/sim/platter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { HANDLES = 64, PAGE_LEN = 4096 };

struct file {
    bool           here;
    struct platter bytes;
};

struct disk_image {
    struct dice       dice;
    size_t            sector_len;
    uint64_t          capacity;
    struct file       files[FOLDER_FILES];
    struct folder     folder;
    int               handles[HANDLES]; /* file, or -1 */
    struct disk_watch watch;
    bool              stopped; /* (D2) */
    uint64_t          armed[DISK_FAULT_COUNT];
    uint64_t          fired[DISK_FAULT_COUNT];
};

static const char *const fault_words[DISK_FAULT_COUNT] = {
#define DISK_FAULT_WORDS(name, words) words,
    DISK_FAULT_LIST(DISK_FAULT_WORDS)
#undef DISK_FAULT_WORDS
};

struct disk_image *
disk_new(uint64_t seed, size_t sector_len, uint64_t capacity)
{
    struct disk_image *image = calloc(1, sizeof(*image));

    if (image == NULL)
        abort();
    assert(sector_len == 512 || sector_len == 4096);
    dice_init(&image->dice, seed, 0xd15c);
    image->sector_len = sector_len;
    image->capacity = capacity;
    for (int i = 0; i < HANDLES; i++)
        image->handles[i] = -1;
    return image;
}

void
disk_free(struct disk_image *image)
{
    if (image == NULL)
        return;
    for (int i = 0; i < FOLDER_FILES; i++)
        platter_clear(&image->files[i].bytes);
    free(image);
}

/* (D1) */
static bool
file_needed(const struct disk_image *image, int file)
{
    for (size_t i = 0; i < HANDLES; i++)
        if (image->handles[i] == file)
            return true;
    return folder_leads_to(&image->folder, file);
}

static void
drop_unneeded(struct disk_image *image)
{
    for (int i = 0; i < FOLDER_FILES; i++)
        if (image->files[i].here && !file_needed(image, i)) {
            platter_clear(&image->files[i].bytes);
            image->files[i].here = false;
        }
}

/* --- what can fail -------------------------------------------------------- */

static bool
stops_here(struct disk_image *image)
{
    const struct disk_watch *watch = &image->watch;

    if (!image->stopped && watch->goes_on != NULL)
        image->stopped = !watch->goes_on(watch->arg);
    return image->stopped;
}

static bool
fails(struct disk_image *image, enum disk_fault fault)
{
    if (image->armed[fault] == 0 || --image->armed[fault] > 0)
        return false;
    image->fired[fault]++;
    return true;
}

static struct platter *
platter_of(struct disk_image *image, int handle)
{
    assert(handle >= 0 && handle < HANDLES && image->handles[handle] >= 0);
    return &image->files[image->handles[handle]].bytes;
}

static bool
has_room(struct disk_image *image, const struct platter *file, uint64_t end)
{
    if (end <= file->cached_len ||
        disk_used(image) + (end - file->cached_len) <= image->capacity)
        return true;
    image->fired[DISK_FULL]++;
    return false;
}

/* --- the face ------------------------------------------------------------ */

static int
file_make(struct disk_image *image)
{
    for (int i = 0; i < FOLDER_FILES; i++)
        if (!image->files[i].here) {
            image->files[i].here = true;
            platter_init(&image->files[i].bytes, image->sector_len);
            return i;
        }
    assert(false); /* more files than FOLDER_FILES */
    return -1;
}

static enum status
on_open(void *self, const char *name, bool create, int *out)
{
    struct disk_image *image = self;
    int                file = folder_find(&image->folder, name);

    if (image->stopped)
        return STATUS_IO;
    if (file < 0 && !create)
        return STATUS_NOT_FOUND;
    if (file < 0) {
        if (stops_here(image))
            return STATUS_IO;
        file = file_make(image);
        folder_change(&image->folder, FOLDER_CREATE, name, NULL, file);
    }
    for (int i = 0; i < HANDLES; i++)
        if (image->handles[i] < 0) {
            image->handles[i] = file;
            *out = i;
            return STATUS_OK;
        }
    return STATUS_IO;
}

static void
on_close(void *self, int handle)
{
    struct disk_image *image = self;

    assert(handle >= 0 && handle < HANDLES);
    image->handles[handle] = -1;
    drop_unneeded(image);
}

static enum status
on_read(void *self, int handle, uint64_t offset, uint8_t *out, size_t len,
        size_t *got)
{
    struct disk_image *image = self;

    if (image->stopped || fails(image, DISK_READ_FAILS))
        return STATUS_IO;
    *got = platter_read(platter_of(image, handle), offset, out, len);
    return STATUS_OK;
}

/* A process that ends within a write has written some pages of it. */
static void
write_cut(struct disk_image *image, struct platter *file, uint64_t offset,
          struct span bytes)
{
    size_t pages = (size_t)dice_below(&image->dice, bytes.len / PAGE_LEN + 1);
    size_t len = pages * PAGE_LEN - (pages > 0 ? offset % PAGE_LEN : 0);

    if (len == 0 || len >= bytes.len)
        return;
    image->fired[DISK_WRITE_CUT]++;
    platter_write(file, offset, (struct span){bytes.ptr, len});
}

static enum status
on_write(void *self, int handle, uint64_t offset, struct span bytes)
{
    struct disk_image *image = self;
    struct platter    *file = platter_of(image, handle);

    if (image->stopped)
        return STATUS_IO;
    if (image->watch.writes != NULL)
        image->watch.writes(image->watch.arg, bytes);
    if (stops_here(image)) {
        write_cut(image, file, offset, bytes);
        return STATUS_IO;
    }
    if (fails(image, DISK_WRITE_FAILS))
        return STATUS_IO;
    if (!has_room(image, file, offset + bytes.len))
        return STATUS_NO_SPACE;
    platter_write(file, offset, bytes);
    return STATUS_OK;
}

static enum status
on_sync(void *self, int handle)
{
    struct disk_image *image = self;
    struct platter    *file = platter_of(image, handle);

    if (stops_here(image))
        return STATUS_IO;
    if (fails(image, DISK_SYNC_FAILS)) {
        platter_sync_failed(file, &image->dice);
        return STATUS_IO;
    }
    platter_sync(file);
    return STATUS_OK;
}

static enum status
on_sync_folder(void *self)
{
    struct disk_image *image = self;

    if (stops_here(image) || fails(image, DISK_SYNC_FAILS))
        return STATUS_IO;
    folder_sync(&image->folder);
    drop_unneeded(image);
    return STATUS_OK;
}

static enum status
on_allocate(void *self, int handle, uint64_t size)
{
    struct disk_image *image = self;
    struct platter    *file = platter_of(image, handle);
    uint64_t           old = file->cached_len;
    uint8_t           *zeros;

    if (stops_here(image))
        return STATUS_IO;
    if (size <= old)
        return STATUS_OK;
    if (!has_room(image, file, size))
        return STATUS_NO_SPACE;
    zeros = calloc(1, (size_t)(size - old));
    if (zeros == NULL)
        abort();
    platter_write(file, old, (struct span){zeros, (size_t)(size - old)});
    free(zeros);
    return STATUS_OK;
}

static enum status
on_truncate(void *self, int handle, uint64_t size)
{
    struct disk_image *image = self;
    struct platter    *file = platter_of(image, handle);

    if (stops_here(image))
        return STATUS_IO;
    if (!has_room(image, file, size))
        return STATUS_NO_SPACE;
    platter_resize(file, size);
    return STATUS_OK;
}

static enum status
on_size(void *self, int handle, uint64_t *out)
{
    struct disk_image *image = self;

    if (image->stopped)
        return STATUS_IO;
    *out = platter_of(image, handle)->cached_len;
    return STATUS_OK;
}

static enum status
on_rename(void *self, const char *from, const char *to)
{
    struct disk_image *image = self;
    int                file = folder_find(&image->folder, from);

    if (stops_here(image))
        return STATUS_IO;
    if (file < 0)
        return STATUS_NOT_FOUND;
    folder_change(&image->folder, FOLDER_RENAME, from, to, file);
    return STATUS_OK;
}

static enum status
on_remove(void *self, const char *name)
{
    struct disk_image *image = self;
    int                file = folder_find(&image->folder, name);

    if (stops_here(image))
        return STATUS_IO;
    if (file < 0)
        return STATUS_NOT_FOUND;
    folder_change(&image->folder, FOLDER_REMOVE, name, NULL, file);
    return STATUS_OK;
}

static enum status
on_list(void *self, void (*each)(void *arg, const char *name), void *arg)
{
    struct disk_image *image = self;

    if (image->stopped)
        return STATUS_IO;
    for (size_t i = 0; i < image->folder.cached.count; i++)
        each(arg, image->folder.cached.list[i].text);
    return STATUS_OK;
}

static const struct file_ops disk_ops = {
    .open = on_open,
    .close = on_close,
    .read = on_read,
    .write = on_write,
    .sync = on_sync,
    .sync_folder = on_sync_folder,
    .allocate = on_allocate,
    .truncate = on_truncate,
    .size = on_size,
    .rename = on_rename,
    .remove = on_remove,
    .list = on_list,
};

struct disk
disk_face(struct disk_image *image)
{
    return (struct disk){&disk_ops, image};
}

/* --- what the simulation does to it -------------------------------------- */

void
disk_set_watch(struct disk_image *image, struct disk_watch watch)
{
    image->watch = watch;
}

void
disk_killed(struct disk_image *image)
{
    for (int i = 0; i < HANDLES; i++)
        image->handles[i] = -1;
    image->stopped = false;
    drop_unneeded(image);
}

void
disk_power_cut(struct disk_image *image)
{
    /* All lost, some lost, all kept: each cut has its own luck. */
    static const uint64_t luck[] = {0, 1, 4, 7, 8};
    struct platter_loss   loss = {0};
    size_t                kept = image->folder.change_count;
    uint64_t              of_8;

    of_8 = luck[dice_below(&image->dice, sizeof(luck) / sizeof(luck[0]))];
    if (of_8 < 8)
        kept = (size_t)dice_below(&image->dice, image->folder.change_count + 1);
    image->fired[DISK_NAME_LOST] += image->folder.change_count - kept;
    folder_power_cut(&image->folder, kept);
    for (int i = 0; i < FOLDER_FILES; i++)
        if (image->files[i].here)
            platter_power_cut(&image->files[i].bytes, &image->dice, of_8,
                              &loss);
    image->fired[DISK_SECTOR_LOST] += loss.sectors_lost;
    image->fired[DISK_SECTOR_KEPT] += loss.sectors_kept;
    image->fired[DISK_SIZE_LOST] += loss.sizes_lost;
    disk_killed(image);
}

void
disk_arm(struct disk_image *image, enum disk_fault fault, uint64_t calls)
{
    assert(fault == DISK_SYNC_FAILS || fault == DISK_WRITE_FAILS ||
           fault == DISK_READ_FAILS);
    image->armed[fault] = calls;
}

void
disk_set_capacity(struct disk_image *image, uint64_t capacity)
{
    image->capacity = capacity;
}

enum status
disk_rot(struct disk_image *image, const char *name, uint64_t offset,
         unsigned bit)
{
    int file = folder_find(&image->folder, name);

    if (offset >= disk_len(image, name))
        return STATUS_NOT_FOUND;
    platter_flip(&image->files[file].bytes, offset, bit);
    image->fired[DISK_BIT_ROTS]++;
    return STATUS_OK;
}

uint64_t
disk_len(const struct disk_image *image, const char *name)
{
    int file = folder_find(&image->folder, name);

    return file >= 0 ? image->files[file].bytes.cached_len : 0;
}

struct span
disk_durable(const struct disk_image *image, const char *name)
{
    int                   file = folder_find_durable(&image->folder, name);
    const struct platter *bytes;

    if (file < 0)
        return SPAN_EMPTY;
    bytes = &image->files[file].bytes;
    return (struct span){bytes->durable, bytes->durable_len};
}

uint64_t
disk_fired(const struct disk_image *image, enum disk_fault fault)
{
    assert(fault < DISK_FAULT_COUNT);
    return image->fired[fault];
}

const char *
disk_fault_words(enum disk_fault fault)
{
    assert(fault < DISK_FAULT_COUNT);
    return fault_words[fault];
}

size_t
disk_open_count(const struct disk_image *image)
{
    size_t count = 0;

    for (int i = 0; i < HANDLES; i++)
        count += image->handles[i] >= 0;
    return count;
}

uint64_t
disk_used(const struct disk_image *image)
{
    uint64_t used = 0;

    for (int i = 0; i < FOLDER_FILES; i++)
        if (image->files[i].here)
            used += image->files[i].bytes.cached_len;
    return used;
}

void
disk_each(const struct disk_image *image,
          void (*each)(void *arg, const char *name, struct span bytes),
          void *arg)
{
    for (size_t i = 0; i < image->folder.cached.count; i++) {
        const struct folder_name *name = &image->folder.cached.list[i];
        const struct platter     *file = &image->files[name->file].bytes;

        each(arg, name->text, (struct span){file->cached, file->cached_len});
    }
}

/*
 * quarantine.c - renames only, so that no byte of the old files is touched.
 *
 * Invariants:
 *  (I1) an old file leaves its name only once the list is durable, and keeps
 *       its bytes under another;
 *  (I2) each step can be done again: what has happened is seen by the names.
 */
#include "node/store/quarantine.h"

#include "crypto/kdf.h"
#include "node/store/home.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* magic 8, u64 from, u64 to, check 32 */
enum { LIST_CHECKED = 24, LIST_LEN = LIST_CHECKED + LIMIT_DIGEST };

static const uint8_t magic[8] = "EntMend";

static void
image_name(uint64_t number, char out[static QUARANTINE_NAME])
{
    (void)snprintf(out, QUARANTINE_NAME, "%s%016" PRIx64, QUARANTINE_IMAGE,
                   number);
}

static bool
exists(const struct disk *disk, const char *name)
{
    int file;

    if (disk->ops->open(disk->self, name, false, &file) != STATUS_OK)
        return false;
    disk->ops->close(disk->self, file);
    return true;
}

enum status
quarantine_add(const struct disk *disk, uint64_t number, int *file)
{
    char name[QUARANTINE_NAME];

    image_name(number, name);
    return disk->ops->open(disk->self, name, true, file);
}

enum status
quarantine_close(const struct disk *disk, int file)
{
    enum status st = disk->ops->sync(disk->self, file);

    disk->ops->close(disk->self, file);
    return st;
}

enum status
quarantine_seal(const struct disk *disk, uint64_t void_from, uint64_t void_to)
{
    uint8_t       bytes[LIST_LEN];
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct digest check;
    enum status   st;
    int           file;

    writer_put(&out, SPAN_OF(magic));
    writer_u64(&out, void_from);
    writer_u64(&out, void_to);
    hash_digest(LABEL_SEGMENT, writer_span(&out), &check);
    writer_put(&out, digest_span(&check));
    st = disk->ops->sync_folder(disk->self);
    if (st == STATUS_OK)
        st = disk->ops->open(disk->self, QUARANTINE_LIST, true, &file);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->write(disk->self, file, 0, writer_span(&out));
    if (st == STATUS_OK)
        st = disk->ops->sync(disk->self, file);
    disk->ops->close(disk->self, file);
    return st == STATUS_OK ? disk->ops->sync_folder(disk->self) : st;
}

enum status
quarantine_under_way(const struct disk *disk, bool *out)
{
    int         file;
    enum status st = disk->ops->open(disk->self, QUARANTINE_LIST, false, &file);

    *out = st == STATUS_OK;
    if (st == STATUS_OK)
        disk->ops->close(disk->self, file);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- images -------------------------------------------------------------- */

static void
on_image(void *arg, const char *name)
{
    size_t   prefix = strlen(QUARANTINE_IMAGE);
    char     segment[SEGMENT_NAME];
    uint64_t number;

    if (strncmp(name, QUARANTINE_IMAGE, prefix) != 0 ||
        strlen(name) != prefix + 16)
        return;
    (void)snprintf(segment, sizeof(segment), "journal-%s", name + prefix);
    if (segment_name_parse(segment, &number) == STATUS_OK)
        segment_list_add(arg, number);
}

static enum status
list_images(const struct disk *disk, struct segment_list *out)
{
    *out = (struct segment_list){0};
    return disk->ops->list(disk->self, on_image, out);
}

enum status
quarantine_drop(const struct disk *disk)
{
    struct segment_list images;
    enum status         st = disk->ops->remove(disk->self, QUARANTINE_LIST);

    images = (struct segment_list){0};
    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = list_images(disk, &images);
    for (size_t i = 0; st == STATUS_OK && i < images.count; i++) {
        char name[QUARANTINE_NAME];

        image_name(images.number[i], name);
        st = disk->ops->remove(disk->self, name);
    }
    segment_list_clear(&images);
    return st;
}

/* --- finishing ----------------------------------------------------------- */

static enum status
read_list(const struct disk *disk, uint64_t *from, uint64_t *to)
{
    uint8_t       bytes[LIST_LEN + 1];
    struct reader in;
    struct digest right;
    size_t        got;
    int           file;
    enum status   st = disk->ops->open(disk->self, QUARANTINE_LIST, false,
                                       &file);

    if (st != STATUS_OK)
        return st;
    st = disk->ops->read(disk->self, file, 0, bytes, sizeof(bytes), &got);
    disk->ops->close(disk->self, file);
    if (st != STATUS_OK)
        return st;
    if (got < LIST_LEN) /* it was being written */
        return STATUS_NOT_FOUND;
    in = reader_of((struct span){bytes, got});
    if (got != LIST_LEN ||
        !span_equal(reader_take(&in, sizeof(magic)), SPAN_OF(magic)))
        return STATUS_CORRUPT;
    *from = reader_u64(&in);
    *to = reader_u64(&in);
    hash_digest(LABEL_SEGMENT, (struct span){bytes, LIST_CHECKED}, &right);
    return span_equal(reader_rest(&in), digest_span(&right)) ? STATUS_OK
                                                             : STATUS_CORRUPT;
}

/* Another name for a file that leaves. */
static enum status
put_away(const struct disk *disk, const char *name, size_t *kept)
{
    char kept_as[QUARANTINE_NAME];

    for (unsigned n = 1; n <= 99999; n++) {
        (void)snprintf(kept_as, sizeof(kept_as), "%s%u-%s", QUARANTINE_KEPT, n,
                       name);
        if (exists(disk, kept_as))
            continue;
        ++*kept;
        return disk->ops->rename(disk->self, name, kept_as);
    }
    return STATUS_FULL;
}

static enum status
put_in_place(const struct disk *disk, uint64_t number, size_t *kept)
{
    char        image[QUARANTINE_NAME];
    char        name[SEGMENT_NAME];
    enum status st = STATUS_OK;

    image_name(number, image);
    segment_name(number, name);
    if (exists(disk, name))
        st = put_away(disk, name, kept);
    return st == STATUS_OK ? disk->ops->rename(disk->self, image, name) : st;
}

static enum status
put_all(const struct disk *disk, uint64_t from, uint64_t to, size_t *kept)
{
    struct segment_list images;
    struct segment_list segments = {0};
    enum status         st = list_images(disk, &images);

    if (st == STATUS_OK)
        st = segment_list_read(disk, &segments);
    for (size_t i = 0; st == STATUS_OK && i < segments.count; i++) {
        char     name[SEGMENT_NAME];
        uint64_t number = segments.number[i];

        if (number < from || number > to)
            continue;
        segment_name(number, name);
        st = put_away(disk, name, kept);
    }
    for (size_t i = 0; st == STATUS_OK && i < images.count; i++)
        st = put_in_place(disk, images.number[i], kept);
    segment_list_clear(&segments);
    segment_list_clear(&images);
    return st;
}

/* It is made anew from the journal. */
static enum status
put_index_away(const struct disk *disk, size_t *kept)
{
    static const char *const names[] = {HOME_INDEX, HOME_INDEX "-wal"};
    enum status              st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < 2; i++)
        if (exists(disk, names[i]))
            st = put_away(disk, names[i], kept);
    return st;
}

enum status
quarantine_finish(const struct disk *disk, size_t *kept)
{
    uint64_t    from;
    uint64_t    to;
    enum status st = read_list(disk, &from, &to);

    *kept = 0;
    if (st == STATUS_OK)
        st = put_all(disk, from, to, kept);
    if (st == STATUS_OK)
        st = put_index_away(disk, kept);
    if (st == STATUS_OK)
        st = disk->ops->sync_folder(disk->self);
    if (st == STATUS_OK)
        st = disk->ops->remove(disk->self, QUARANTINE_LIST);
    return st == STATUS_OK ? disk->ops->sync_folder(disk->self) : st;
}

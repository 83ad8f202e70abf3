/*
 * reserve.c - a file that is made whole or not at all.
 *
 * Invariant: nothing is ever written to it but the zeros that it is made of.
 */
#include "node/store/reserve.h"

static enum status
drop(const struct disk *disk)
{
    enum status st = disk->ops->remove(disk->self, RESERVE_NAME);

    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
reserve_find(struct reserve *reserve, const struct disk *disk, uint64_t len)
{
    uint64_t    found = 0;
    enum status st;
    int         file;

    *reserve = (struct reserve){0};
    st = disk->ops->open(disk->self, RESERVE_NAME, false, &file);
    if (st == STATUS_NOT_FOUND)
        return STATUS_OK;
    if (st != STATUS_OK)
        return st;
    st = disk->ops->size(disk->self, file, &found);
    disk->ops->close(disk->self, file);
    if (st == STATUS_OK && found == len)
        reserve->len = len;
    return st == STATUS_OK && found != len ? drop(disk) : st;
}

static enum status
make(const struct disk *disk, uint64_t len)
{
    enum status st;
    int         file;

    st = disk->ops->open(disk->self, RESERVE_NAME, true, &file);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->allocate(disk->self, file, len);
    if (st == STATUS_OK)
        st = disk->ops->sync(disk->self, file);
    disk->ops->close(disk->self, file);
    return st == STATUS_OK ? disk->ops->sync_folder(disk->self) : st;
}

enum status
reserve_make(struct reserve *reserve, const struct disk *disk, uint64_t len)
{
    enum status st;

    if (reserve->len > 0)
        return STATUS_OK;
    st = make(disk, len);
    reserve->missing = st == STATUS_NO_SPACE;
    if (st == STATUS_OK)
        reserve->len = len;
    if (st == STATUS_NO_SPACE && drop(disk) != STATUS_OK)
        st = STATUS_IO;
    return st;
}

enum status
reserve_spend(struct reserve *reserve, const struct disk *disk, uint64_t need,
              const char *name, uint64_t *len)
{
    enum status st;

    if (reserve->len < need)
        return STATUS_NO_SPACE;
    st = disk->ops->rename(disk->self, RESERVE_NAME, name);
    if (st != STATUS_OK)
        return st == STATUS_NO_SPACE ? st : STATUS_IO;
    *len = reserve->len;
    *reserve = (struct reserve){.missing = true};
    return STATUS_OK;
}

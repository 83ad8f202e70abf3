/*
 * whole.c - tries each page; a page that begins no whole group is passed over.
 */
#include "node/store/whole.h"

enum status
whole_open(const struct disk *disk, uint64_t number, struct whole *out)
{
    char        name[SEGMENT_NAME];
    enum status st;

    *out = (struct whole){.disk = disk, .offset = SEGMENT_PAGE};
    segment_name(number, name);
    st = disk->ops->open(disk->self, name, false, &out->file);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->size(disk->self, out->file, &out->size);
    if (st != STATUS_OK)
        whole_close(out);
    return st;
}

void
whole_close(struct whole *whole)
{
    whole->disk->ops->close(whole->disk->self, whole->file);
}

enum status
whole_next(struct whole *whole, struct group_buffer *buffer,
           struct group_head *head)
{
    while (whole->offset < whole->size) {
        enum status st = group_read(whole->disk, whole->file, whole->offset,
                                    buffer, head);

        whole->offset += st == STATUS_OK ? group_stride(head->len)
                                         : (uint64_t)SEGMENT_PAGE;
        if (st != STATUS_CORRUPT)
            return st;
    }
    return STATUS_AGAIN;
}

enum status
whole_first(const struct disk *disk, uint64_t number,
            struct group_buffer *buffer, struct group_head *head)
{
    struct whole whole;
    enum status  st = whole_open(disk, number, &whole);

    if (st != STATUS_OK)
        return st;
    st = whole_next(&whole, buffer, head);
    whole_close(&whole);
    return st;
}

enum status
whole_last(const struct disk *disk, uint64_t number,
           struct group_buffer *buffer, uint64_t *out)
{
    struct group_head head = {.len = 0};
    struct whole      whole;
    bool              any = false;
    enum status       st = whole_open(disk, number, &whole);

    if (st != STATUS_OK)
        return st;
    while ((st = whole_next(&whole, buffer, &head)) == STATUS_OK) {
        *out = head.id.sequence;
        any = true;
    }
    whole_close(&whole);
    return any && st == STATUS_AGAIN ? STATUS_OK : st;
}

enum status
whole_begins(const struct disk *disk, uint64_t number,
             struct group_buffer *buffer, uint64_t *out)
{
    struct segment    segment;
    struct group_head head;
    struct whole      whole;
    int               file;
    enum status       st = segment_open(disk, number, &segment, &file);

    if (st == STATUS_OK) {
        disk->ops->close(disk->self, file);
        *out = segment.first_sequence;
        return st;
    }
    if (st == STATUS_CORRUPT)
        st = whole_open(disk, number, &whole);
    if (st != STATUS_OK)
        return st;
    st = group_read(disk, whole.file, SEGMENT_PAGE, buffer, &head);
    whole_close(&whole);
    if (st == STATUS_OK)
        *out = head.id.sequence;
    return st == STATUS_CORRUPT ? STATUS_AGAIN : st;
}

enum status
whole_find(const struct disk *disk, const struct segment_list *list,
           uint64_t number, uint64_t sequence, struct group_buffer *buffer)
{
    enum status st = STATUS_AGAIN;

    for (size_t i = list->count; st == STATUS_AGAIN && i > 0; i--) {
        struct group_head head;
        struct whole      whole;

        if (list->number[i - 1] > number)
            continue;
        st = whole_open(disk, list->number[i - 1], &whole);
        if (st != STATUS_OK)
            return st;
        do
            st = whole_next(&whole, buffer, &head);
        while (st == STATUS_OK && head.id.sequence != sequence);
        whole_close(&whole);
    }
    return st;
}

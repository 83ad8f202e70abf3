/*
 * segment.c - names and header pages.
 *
 * Invariant: what segment_decode accepts, segment_encode writes again to the
 * same bytes.
 */
#include "node/store/segment.h"

#include "crypto/kdf.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC_LEN = 8, VERSION = 1, CHECKED_LEN = 48, LIST_FIRST = 16 };

static const uint8_t magic[MAGIC_LEN] = {'E', 'n', 't', 'J',
                                         'r', 'n', 'l', 0};

void
segment_name(uint64_t number, char out[static SEGMENT_NAME])
{
    (void)snprintf(out, SEGMENT_NAME, "journal-%016" PRIx64, number);
}

enum status
segment_name_parse(const char *name, uint64_t *number)
{
    char     again[SEGMENT_NAME];
    uint64_t value;

    if (strncmp(name, "journal-", 8) != 0)
        return STATUS_NOT_FOUND;
    value = strtoull(name + 8, NULL, 16);
    segment_name(value, again);
    if (value == 0 || strcmp(name, again) != 0)
        return STATUS_NOT_FOUND;
    *number = value;
    return STATUS_OK;
}

void
segment_encode(const struct segment *segment, uint8_t page[static SEGMENT_PAGE])
{
    struct writer out = writer_of(page, SEGMENT_PAGE);
    struct digest check;

    assert(segment->number > 0);
    memset(page, 0, SEGMENT_PAGE);
    writer_put(&out, SPAN_OF(magic));
    writer_u16(&out, VERSION);
    writer_u8(&out, segment->copied);
    writer_u8(&out, segment->lost);
    writer_u32(&out, 0);
    writer_put(&out, SPAN_OF(segment->file_id));
    writer_u64(&out, segment->number);
    writer_u64(&out, segment->first_sequence);
    assert(out.len == CHECKED_LEN);
    hash_digest(LABEL_SEGMENT, writer_span(&out), &check);
    writer_put(&out, digest_span(&check));
}

enum status
segment_decode(struct span page, struct segment *out)
{
    struct reader  in = reader_of(page);
    struct span    checked = reader_take(&in, CHECKED_LEN);
    struct span    check = reader_take(&in, LIMIT_DIGEST);
    struct span    rest = reader_rest(&in);
    struct digest  right;
    struct segment segment;
    uint8_t        copied;
    uint8_t        lost;
    uint16_t       version;

    if (page.len != SEGMENT_PAGE || !secret_is_zero(rest.ptr, rest.len))
        return STATUS_CORRUPT;
    hash_digest(LABEL_SEGMENT, checked, &right);
    if (!span_equal(check, digest_span(&right)))
        return STATUS_CORRUPT;
    in = reader_of(checked);
    if (!span_equal(reader_take(&in, MAGIC_LEN), SPAN_OF(magic)))
        return STATUS_CORRUPT;
    version = reader_u16(&in);
    copied = reader_u8(&in);
    lost = reader_u8(&in);
    if (version != VERSION || copied > 1 || lost > 1 || reader_u32(&in) != 0)
        return STATUS_CORRUPT;
    segment.copied = copied != 0;
    segment.lost = lost != 0;
    reader_copy(&in, segment.file_id, sizeof(segment.file_id));
    segment.number = reader_u64(&in);
    segment.first_sequence = reader_u64(&in);
    if (reader_end(&in) != STATUS_OK || segment.number == 0)
        return STATUS_CORRUPT;
    *out = segment;
    return STATUS_OK;
}

enum status
segment_open(const struct disk *disk, uint64_t number, struct segment *out,
             int *file)
{
    char           name[SEGMENT_NAME];
    uint8_t        page[SEGMENT_PAGE];
    struct segment segment;
    size_t         got;
    enum status    st;
    int            opened;

    segment_name(number, name);
    st = disk->ops->open(disk->self, name, false, &opened);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->read(disk->self, opened, 0, page, sizeof(page), &got);
    if (st == STATUS_OK)
        st = segment_decode((struct span){page, got}, &segment);
    if (st == STATUS_OK && segment.number != number)
        st = STATUS_CORRUPT;
    if (st != STATUS_OK) {
        disk->ops->close(disk->self, opened);
        return st;
    }
    *out = segment;
    *file = opened;
    return STATUS_OK;
}

/* --- the list ------------------------------------------------------------ */

void
segment_list_add(struct segment_list *list, uint64_t number)
{
    if (list->count == list->cap) {
        size_t    cap = list->cap > 0 ? 2 * list->cap : LIST_FIRST;
        uint64_t *grown = realloc(list->number, cap * sizeof(*grown));

        if (grown == NULL)
            abort();
        list->number = grown;
        list->cap = cap;
    }
    assert(list->count == 0 || list->number[list->count - 1] < number);
    list->number[list->count++] = number;
}

/* Names come in byte order, which is the order of the numbers. */
static void
on_name(void *arg, const char *name)
{
    uint64_t number;

    if (segment_name_parse(name, &number) == STATUS_OK)
        segment_list_add(arg, number);
}

enum status
segment_list_read(const struct disk *disk, struct segment_list *out)
{
    enum status st;

    *out = (struct segment_list){0};
    st = disk->ops->list(disk->self, on_name, out);
    if (st != STATUS_OK)
        segment_list_clear(out);
    return st;
}

void
segment_list_clear(struct segment_list *list)
{
    free(list->number);
    *list = (struct segment_list){0};
}

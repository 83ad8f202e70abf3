/*
 * group.c - a group's bytes, checked and opened.
 *
 * Invariant: of a group that did not pass group_check, nothing is believed
 * but that its head has this length.
 */
#include "node/store/group.h"

#include "crypto/kdf.h"
#include "node/store/boxes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC_LEN = 8, VERSION = 1 };

static const uint8_t magic[MAGIC_LEN] = {'E', 'n', 't', 'G',
                                         'r', 'o', 'u', 'p'};

enum status
group_buffer_reserve(struct group_buffer *buffer, size_t cap)
{
    uint8_t *bytes;

    if (cap <= buffer->cap)
        return STATUS_OK;
    cap = (size_t)group_stride(cap);
    bytes = malloc(cap);
    if (bytes == NULL)
        return STATUS_FULL;
    group_buffer_free(buffer);
    *buffer = (struct group_buffer){.ptr = bytes, .cap = cap};
    return STATUS_OK;
}

void
group_buffer_free(struct group_buffer *buffer)
{
    if (buffer->ptr != NULL)
        secret_wipe_bytes(buffer->ptr, buffer->cap);
    free(buffer->ptr);
    *buffer = (struct group_buffer){0};
}

uint64_t
group_stride(uint64_t len)
{
    return (len + SEGMENT_PAGE - 1) / SEGMENT_PAGE * SEGMENT_PAGE;
}

/* --- the head ------------------------------------------------------------ */

void
group_head_encode(const struct group_head *head, struct writer *out)
{
    size_t start = out->len;

    writer_put(out, SPAN_OF(magic));
    writer_u16(out, VERSION);
    writer_u16(out, 0);
    writer_u32(out, head->record_count);
    writer_u64(out, head->len);
    writer_put(out, SPAN_OF(head->id.file_id));
    writer_u64(out, head->id.segment);
    writer_u64(out, head->id.sequence);
    writer_put(out, SPAN_OF(head->nonce));
    writer_u32(out, head->box_count);
    writer_u32(out, 0);
    assert(out->failed || out->len - start == GROUP_HEAD);
}

enum status
group_head_decode(struct span in, struct group_head *out)
{
    struct reader     from = reader_of(in);
    struct group_head head;
    uint64_t          least;

    if (!span_equal(reader_take(&from, MAGIC_LEN), SPAN_OF(magic)))
        return STATUS_CORRUPT;
    if (reader_u16(&from) != VERSION || reader_u16(&from) != 0)
        return STATUS_CORRUPT;
    head.record_count = reader_u32(&from);
    head.len = reader_u64(&from);
    reader_copy(&from, head.id.file_id, sizeof(head.id.file_id));
    head.id.segment = reader_u64(&from);
    head.id.sequence = reader_u64(&from);
    reader_copy(&from, head.nonce, sizeof(head.nonce));
    head.box_count = reader_u32(&from);
    if (reader_u32(&from) != 0 || from.failed)
        return STATUS_CORRUPT;
    least = GROUP_HEAD + GROUP_CHECK +
            (uint64_t)head.record_count * GROUP_RECORD_HEAD +
            (uint64_t)head.box_count * (GROUP_BOX_HEAD + LIMIT_TAG);
    if (head.len > LIMIT_GROUP || head.len < least ||
        head.record_count > GROUP_RECORDS_MAX)
        return STATUS_CORRUPT;
    *out = head;
    return STATUS_OK;
}

enum status
group_check(struct span in)
{
    struct reader     from = reader_of(in);
    struct group_head head;
    struct span       checked;
    struct span       check;
    struct digest     right;
    enum status       st = group_head_decode(in, &head);

    if (st != STATUS_OK || head.len != in.len)
        return STATUS_CORRUPT;
    checked = reader_take(&from, in.len - GROUP_CHECK);
    check = reader_rest(&from);
    hash_digest(LABEL_GROUP, checked, &right);
    return span_equal(check, digest_span(&right)) ? STATUS_OK : STATUS_CORRUPT;
}

enum status
group_read(const struct disk *disk, int file, uint64_t offset,
           struct group_buffer *buffer, struct group_head *head)
{
    size_t      got;
    enum status st = group_buffer_reserve(buffer, SEGMENT_PAGE);

    buffer->len = 0;
    if (st != STATUS_OK)
        return st;
    st = disk->ops->read(disk->self, file, offset, buffer->ptr, SEGMENT_PAGE,
                         &got);
    if (st == STATUS_OK)
        st = group_head_decode((struct span){buffer->ptr, got}, head);
    if (st == STATUS_OK)
        st = group_buffer_reserve(buffer, (size_t)head->len);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->read(disk->self, file, offset, buffer->ptr,
                         (size_t)head->len, &got);
    if (st != STATUS_OK)
        return st;
    buffer->len = got;
    return group_check((struct span){buffer->ptr, got});
}

bool
group_belongs(const struct group_id *id, const struct segment *segment,
              uint64_t offset)
{
    if (memcmp(id->file_id, segment->file_id, SEGMENT_FILE_ID) != 0)
        return false;
    if (segment->copied && offset == SEGMENT_PAGE)
        return id->segment < segment->number;
    return id->segment == segment->number;
}

/* --- opening ------------------------------------------------------------- */

static enum status
take_records(struct reader *in, struct group *group, struct boxes *boxes)
{
    for (uint32_t i = 0; i < group->head.record_count; i++) {
        struct group_record *record = &group->records[i];
        uint32_t             public_len = reader_u32(in);
        uint32_t             vault = reader_u32(in);
        uint32_t             secret_len = reader_u32(in);
        bool                 added;
        enum status          st = STATUS_OK;

        *record = (struct group_record){.public = reader_take(in, public_len),
                                        .secret_len = secret_len,
                                        .vault = vault};
        if (in->failed)
            return STATUS_CORRUPT;
        if (secret_len > 0)
            st = boxes_count(boxes, vault, secret_len, &added);
        if (st != STATUS_OK)
            return st == STATUS_FULL ? st : STATUS_CORRUPT;
    }
    group->count = group->head.record_count;
    return STATUS_OK;
}

/* The reader stands at the first box, and ends where bytes[0 .. len) do. */
static enum status
take_boxes(struct reader *in, uint8_t *bytes, size_t len,
           const struct group_head *head, const struct group_keys *keys,
           struct boxes *boxes)
{
    if (head->box_count != boxes->count)
        return STATUS_CORRUPT;
    for (size_t i = 0; i < boxes->count; i++) {
        struct boxes_one *box = &boxes->list[i];
        uint32_t          vault = reader_u32(in);
        struct span       sealed = reader_take32(in, LIMIT_GROUP);
        enum status       st;

        if (in->failed || box->vault != vault ||
            sealed.len != (size_t)box->len + LIMIT_TAG)
            return STATUS_CORRUPT;
        st = boxes_open(box, head, keys, bytes + (len - in->left) - sealed.len);
        if (st != STATUS_OK)
            return st;
    }
    return reader_end(in) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

static void
place_secrets(struct group *group, const struct boxes *boxes)
{
    for (size_t i = 0; i < group->count; i++) {
        struct group_record *record = &group->records[i];
        struct boxes_one    *box;

        if (record->secret_len == 0)
            continue;
        box = boxes_of(boxes, record->vault);
        if (!box->gone)
            record->secret = (struct span){box->at, record->secret_len};
        box->at += record->secret_len;
    }
}

enum status
group_open(uint8_t *bytes, size_t len, const struct group_keys *keys,
           struct group *out)
{
    struct group  group = {0};
    struct boxes  boxes = {0};
    struct reader in;
    enum status   st;

    st = group_head_decode((struct span){bytes, len}, &group.head);
    if (st != STATUS_OK || group.head.len != len)
        return STATUS_CORRUPT;
    group.records = calloc(group.head.record_count + 1, sizeof(*group.records));
    if (group.records == NULL)
        return STATUS_FULL;
    len -= GROUP_CHECK;
    in = reader_of((struct span){bytes, len});
    (void)reader_take(&in, GROUP_HEAD);
    st = take_records(&in, &group, &boxes);
    if (st == STATUS_OK)
        st = take_boxes(&in, bytes, len, &group.head, keys, &boxes);
    if (st == STATUS_OK)
        place_secrets(&group, &boxes);
    boxes_free(&boxes);
    if (st != STATUS_OK)
        group_close(&group);
    else
        *out = group;
    return st;
}

void
group_close(struct group *group)
{
    free(group->records);
    *group = (struct group){0};
}

bool
group_is_snapshot(uint8_t *bytes, size_t len)
{
    struct group group;
    bool         begins = false;
    bool         ends = false;

    if (group_open(bytes, len, NULL, &group) != STATUS_OK)
        return false;
    for (size_t i = 0; i < group.count; i++) {
        struct reader in = reader_of(group.records[i].public);
        uint8_t       kind = reader_u8(&in);

        begins = begins || (i == 0 && kind == RECORD_SNAPSHOT);
        ends = ends || kind == RECORD_SNAPSHOT_END;
    }
    group_close(&group);
    return begins && ends;
}

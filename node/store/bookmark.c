/*
 * bookmark.c - fixed fields, written as hex digits.
 *
 * Invariant: what bookmark_parse accepts, bookmark_text writes again.
 */
#include "node/store/bookmark.h"

#include <assert.h>
#include <string.h>

enum { VERSION = 1 };

static_assert(BOOKMARK_TEXT == 2 * BOOKMARK_LEN + 1, "two digits a byte");

/* The check that ends a group. */
static struct span
check_of(struct span group)
{
    struct reader in = reader_of(group);

    assert(group.len > GROUP_CHECK);
    (void)reader_take(&in, group.len - GROUP_CHECK);
    return reader_take(&in, BOOKMARK_CHECK);
}

struct bookmark
bookmark_at(const struct group_place *place, struct span group)
{
    struct bookmark out = {.group = *place};
    struct reader   in = reader_of(check_of(group));

    reader_copy(&in, out.check, sizeof(out.check));
    return out;
}

struct bookmark
bookmark_behind(const struct group_place *place,
                const uint8_t check[static GROUP_CHECK])
{
    struct bookmark out = {.group = *place, .record = BOOKMARK_DONE};

    memcpy(out.check, check, sizeof(out.check));
    return out;
}

bool
bookmark_is_of(const struct bookmark *bookmark, struct span group)
{
    return span_equal(SPAN_OF(bookmark->check), check_of(group));
}

struct bookmark_text
bookmark_text(const struct bookmark *bookmark)
{
    const struct group_place *group = &bookmark->group;
    struct bookmark_text      text;
    uint8_t                   bytes[BOOKMARK_LEN];
    struct writer             out = writer_of(bytes, sizeof(bytes));

    assert(group->segment <= UINT32_MAX);
    assert(group->offset / SEGMENT_PAGE <= UINT32_MAX);
    writer_u8(&out, VERSION);
    writer_u32(&out, (uint32_t)group->segment);
    writer_u32(&out, (uint32_t)(group->offset / SEGMENT_PAGE));
    writer_u64(&out, group->sequence);
    writer_put(&out, SPAN_OF(bookmark->check));
    writer_u32(&out, bookmark->record);
    writer_u64(&out, bookmark->part);
    assert(writer_end(&out) == STATUS_OK && out.len == BOOKMARK_LEN);
    hex_encode(bytes, sizeof(bytes), text.text);
    return text;
}

static bool
is_beginning(const struct bookmark *bookmark)
{
    static const uint8_t zero[BOOKMARK_CHECK];

    return bookmark->group.segment == 0 && bookmark->group.offset == 0 &&
           bookmark->record == 0 && bookmark->part == 0 &&
           memcmp(bookmark->check, zero, sizeof(zero)) == 0;
}

enum status
bookmark_parse(struct span text, struct bookmark *out)
{
    struct bookmark      one = {0};
    struct bookmark_text again;
    uint8_t              bytes[BOOKMARK_LEN];
    struct reader        in = reader_of(SPAN_OF(bytes));
    uint8_t              version;

    if (hex_decode(text, bytes, sizeof(bytes)) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    version = reader_u8(&in);
    one.group.segment = reader_u32(&in);
    one.group.offset = (uint64_t)reader_u32(&in) * SEGMENT_PAGE;
    one.group.sequence = reader_u64(&in);
    reader_copy(&in, one.check, sizeof(one.check));
    one.record = reader_u32(&in);
    one.part = reader_u64(&in);
    if (reader_end(&in) != STATUS_OK || version != VERSION ||
        one.record > BOOKMARK_DONE)
        return STATUS_BAD_ENCODING;
    if (one.group.sequence == 0 && !is_beginning(&one))
        return STATUS_BAD_ENCODING;
    again = bookmark_text(&one);
    if (!span_equal(text, span_text(again.text))) /* the case of digits */
        return STATUS_BAD_ENCODING;
    *out = one;
    return STATUS_OK;
}

/*
 * tail.c - reads on in blocks; only what is not zero is looked at closer.
 *
 * Invariant: whatever was acknowledged and is damaged is never called TORN,
 * unless it was damaged so that a sector of it is all zeros.
 */
#include "node/store/tail.h"

#include <string.h>

enum {
    BLOCK = 64 * SEGMENT_PAGE,
    STRAY_MAX = 8, /* a group has many more bytes that are not zero */
    LEN_AT = 16    /* of the group's length in its head (group.h) */
};

struct look {
    const struct disk   *disk;
    int                  file;
    uint64_t             from;
    uint64_t             next;
    struct group_buffer *buffer;
    struct tail         *out;
    uint64_t             ones;  /* bytes that are not zero */
    uint64_t             holes; /* sectors of zeros before the last byte */
    uint64_t             blank; /* sectors of zeros since it */
};

const char *
tail_words(enum tail_kind kind)
{
    static const char *const words[] = {
#define TAIL_WORDS(name, text) text,
        TAIL_LIST(TAIL_WORDS)
#undef TAIL_WORDS
    };

    return words[kind];
}

static void
look_at_sector(struct look *look, uint64_t at, const uint8_t *bytes, size_t len)
{
    uint64_t ones = 0;

    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == 0)
            continue;
        ones++;
        look->out->end = at + i + 1;
    }
    look->ones += ones;
    if (ones == 0) {
        look->blank++;
        return;
    }
    look->holes += look->blank;
    look->blank = 0;
}

/* Whole groups stand on pages of their own. */
static enum status
look_for_group(struct look *look, uint64_t at)
{
    struct group_head head;
    enum status       st;

    st = group_read(look->disk, look->file, at, look->buffer, &head);
    if (st == STATUS_OK && head.id.sequence >= look->next) {
        look->out->kind = TAIL_FOLLOWED;
        look->out->next = at;
    }
    return st == STATUS_CORRUPT ? STATUS_OK : st;
}

static enum status
look_at_block(struct look *look, uint64_t at, const uint8_t *bytes, size_t len)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < len; i += TAIL_SECTOR) {
        size_t part = len - i < TAIL_SECTOR ? len - i : TAIL_SECTOR;

        look_at_sector(look, at + i, bytes + i, part);
        if (i % SEGMENT_PAGE == 0 && look->blank == 0)
            st = look_for_group(look, at + i);
        if (look->out->kind == TAIL_FOLLOWED)
            break;
    }
    return st;
}

static enum status
look_on(struct look *look)
{
    static const size_t step = BLOCK;
    struct group_buffer block = {0};
    uint64_t            at = look->from;
    size_t              got = step;
    enum status         st = group_buffer_reserve(&block, step);

    while (st == STATUS_OK && got == step &&
           look->out->kind != TAIL_FOLLOWED) {
        st = look->disk->ops->read(look->disk->self, look->file, at, block.ptr,
                                   step, &got);
        if (st == STATUS_OK)
            st = look_at_block(look, at, block.ptr, got);
        at += step;
    }
    group_buffer_free(&block);
    return st;
}

/* --- what is it? --------------------------------------------------------- */

/* Whether it is a group once its head says that it is `len` bytes long. */
static bool
checks_with_len(struct group_buffer *buffer, size_t len)
{
    struct writer out = writer_of(buffer->ptr + LEN_AT, sizeof(uint64_t));

    writer_u64(&out, len);
    return group_check((struct span){buffer->ptr, len}) == STATUS_OK;
}

/*
 * No sector is missing between the first and the last.  The head says how
 * long the group was; where that is more than there is, either its end was
 * never written, or the head was changed: then what is there checks with its
 * own length.  A check may end in a zero byte or two.
 */
static enum status
judge_extent(struct look *look)
{
    uint64_t          len = look->out->end - look->from;
    struct group_head head;
    size_t            got;
    enum status       st;

    if (len < GROUP_HEAD) { /* ended within its head */
        look->out->kind = TAIL_TORN;
        return STATUS_OK;
    }
    look->out->kind = TAIL_DAMAGED;
    if (len > LIMIT_GROUP)
        return STATUS_OK;
    st = group_buffer_reserve(look->buffer, (size_t)len + GROUP_CHECK);
    if (st != STATUS_OK)
        return st;
    memset(look->buffer->ptr + len, 0, GROUP_CHECK);
    st = look->disk->ops->read(look->disk->self, look->file, look->from,
                               look->buffer->ptr, (size_t)len, &got);
    if (st != STATUS_OK || got != len)
        return st;
    if (group_head_decode((struct span){look->buffer->ptr, got}, &head) !=
            STATUS_OK ||
        head.len <= len)
        return STATUS_OK;
    for (size_t more = 0; more < GROUP_CHECK; more++)
        if (checks_with_len(look->buffer, (size_t)len + more))
            return STATUS_OK;
    look->out->kind = TAIL_TORN;
    return STATUS_OK;
}

enum status
tail_judge(const struct disk *disk, int file, uint64_t from, uint64_t next,
           struct group_buffer *buffer, struct tail *out)
{
    struct look look = {.disk = disk,
                        .file = file,
                        .from = from,
                        .next = next,
                        .buffer = buffer,
                        .out = out};
    enum status st;

    *out = (struct tail){.kind = TAIL_EMPTY, .end = from};
    st = look_on(&look);
    if (st != STATUS_OK || out->kind == TAIL_FOLLOWED || look.ones == 0)
        return st;
    if (look.ones <= STRAY_MAX)
        out->kind = TAIL_STRAY;
    else if (look.holes > 0)
        out->kind = TAIL_TORN;
    else
        return judge_extent(&look);
    return STATUS_OK;
}

/*
 * inspect.c - one pass over all segments, page by page where it must be.
 *
 * Invariants:
 *  (I1) a sequence is lost when no whole group of the journal has it, in
 *       whatever segment;
 *  (I2) every byte of a segment is judged: header page, groups, the zeros
 *       between them, and what stands behind the last.
 */
#include "node/store/inspect.h"

#include "node/store/whole.h"

#include "proto/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FAULTS = 8 };

struct pass {
    const struct disk  *disk;
    struct inspect     *out;
    struct group_buffer buffer;
    uint64_t            next; /* sequence expected */
    uint8_t             file_id[SEGMENT_FILE_ID];
    bool                file_id_known;
    /* the segment being read */
    struct segment      header;
    bool                header_whole;
    int                 file;
    uint64_t            number;
    uint64_t            offset;
    uint64_t            size;
    uint64_t            limit; /* the next segment begins with; 0: unknown */
    bool                newest;
};

const char *
inspect_words(enum inspect_kind kind)
{
    static const char *const words[] = {
#define INSPECT_WORDS(name, text) text,
        INSPECT_LIST(INSPECT_WORDS)
#undef INSPECT_WORDS
    };

    return words[kind];
}

static enum status
add(struct pass *pass, enum inspect_kind kind, uint64_t offset, uint64_t end,
    uint64_t lost_count)
{
    struct inspect       *out = pass->out;
    struct inspect_fault *grown;
    size_t                cap = out->fault_cap;

    if (out->fault_count == cap) {
        cap = cap > 0 ? 2 * cap : FIRST_FAULTS;
        grown = realloc(out->faults, cap * sizeof(*grown));
        if (grown == NULL)
            return STATUS_FULL;
        out->faults = grown;
        out->fault_cap = cap;
    }
    out->faults[out->fault_count++] =
        (struct inspect_fault){.kind = kind,
                               .segment = pass->number,
                               .offset = offset,
                               .end = end,
                               .lost = lost_count > 0 ? pass->next : 0,
                               .lost_count = lost_count};
    return STATUS_OK;
}

/* --- one group ----------------------------------------------------------- */

/* Bytes from `from` to `to` must be zeros. */
static enum status
check_zeros(struct pass *pass, uint64_t from, uint64_t to)
{
    uint8_t     bytes[SEGMENT_PAGE];
    size_t      got;
    size_t      last = 0;
    enum status st;

    assert(to - from <= sizeof(bytes));
    if (from == to)
        return STATUS_OK;
    st = pass->disk->ops->read(pass->disk->self, pass->file, from, bytes,
                               (size_t)(to - from), &got);
    for (size_t i = 0; st == STATUS_OK && i < got; i++)
        if (bytes[i] != 0)
            last = i + 1;
    return last > 0 ? add(pass, INSPECT_STRAY, from, from + last, 0) : st;
}

/* Without a header it is not known whether the first group is a copy. */
static bool
belongs(const struct pass *pass, const struct group_head *head)
{
    struct segment segment = pass->header;

    if (!pass->header_whole) {
        segment = (struct segment){.number = pass->number};
        segment.copied = head->id.segment < pass->number;
        memcpy(segment.file_id,
               pass->file_id_known ? pass->file_id : head->id.file_id,
               SEGMENT_FILE_ID);
    }
    return group_belongs(&head->id, &segment, pass->offset);
}

/* A whole group stands at pass->offset: takes it, and says what is missing
 * before it, from `damage` on. */
static enum status
take(struct pass *pass, const struct group_head *head, uint64_t damage)
{
    uint64_t    sequence = head->id.sequence;
    uint64_t    end = pass->offset + head->len;
    enum status st = STATUS_OK;

    if (pass->out->groups == 0)
        pass->out->snapshot = sequence;
    if (sequence > pass->next)
        st = add(pass, damage < pass->offset ? INSPECT_GROUPS : INSPECT_MISSING,
                 damage, pass->offset, sequence - pass->next);
    else if (damage < pass->offset)
        st = add(pass, INSPECT_STRAY, damage, pass->offset, 0);
    if (sequence >= pass->next) {
        pass->out->groups++;
        pass->out->last = sequence;
        pass->next = sequence + 1;
        if (group_is_snapshot(pass->buffer.ptr, pass->buffer.len))
            pass->out->snapshot = sequence;
    }
    pass->offset += group_stride(head->len);
    if (st == STATUS_OK && pass->offset <= pass->size)
        st = check_zeros(pass, end, pass->offset);
    return st;
}

/* --- the end of a segment ------------------------------------------------ */

/* The copied group at a segment's beginning, where it was read before. */
static bool
is_damaged_copy(const struct pass *pass)
{
    return pass->header_whole && pass->header.copied &&
           pass->offset == SEGMENT_PAGE &&
           pass->header.first_sequence + 1 == pass->next;
}

/* Nothing whole follows in this segment. */
static enum status
end_segment(struct pass *pass, const struct tail *tail)
{
    uint64_t end = tail->end > pass->offset ? tail->end : pass->offset;
    uint64_t lost = 0;

    if (pass->limit > pass->next)
        lost = pass->limit - pass->next;
    else if (pass->newest && tail->kind == TAIL_DAMAGED)
        lost = 1;
    if (lost > 0) {
        enum status st = add(pass, end > pass->offset ? INSPECT_GROUPS
                                                      : INSPECT_MISSING,
                             pass->offset, end, lost);
        pass->next += lost;
        return st;
    }
    if (pass->newest && tail->kind == TAIL_TORN)
        pass->out->torn_len = tail->end - pass->offset;
    if (tail->kind == TAIL_STRAY || tail->kind == TAIL_DAMAGED)
        return add(pass, INSPECT_STRAY, pass->offset, tail->end, 0);
    return STATUS_OK;
}

/* No whole group begins at pass->offset: goes to the next that does.  AGAIN:
 * there is none.  A copy that is damaged is said, and *damage is behind it. */
static enum status
pass_over(struct pass *pass, uint64_t *damage)
{
    bool        copy = is_damaged_copy(pass);
    struct tail tail;
    uint64_t    end;
    enum status st;

    st = tail_judge(pass->disk, pass->file, pass->offset, pass->next,
                    &pass->buffer, &tail);
    if (st != STATUS_OK)
        return st;
    if (copy) {
        end = tail.kind == TAIL_FOLLOWED ? tail.next : tail.end;
        if (end <= pass->offset)
            end = pass->offset + SEGMENT_PAGE;
        st = add(pass, INSPECT_COPY, pass->offset, end, 0);
        *damage = end;
    } else if (tail.kind != TAIL_FOLLOWED) {
        st = end_segment(pass, &tail);
    }
    if (st == STATUS_OK && tail.kind != TAIL_FOLLOWED)
        return STATUS_AGAIN;
    pass->offset = tail.next;
    return st;
}

static enum status
read_groups(struct pass *pass)
{
    enum status st = STATUS_OK;

    while (st == STATUS_OK) {
        uint64_t          damage = pass->offset;
        struct group_head head;

        st = group_read(pass->disk, pass->file, pass->offset, &pass->buffer,
                        &head);
        if (st == STATUS_OK && belongs(pass, &head)) {
            st = take(pass, &head, damage);
            continue;
        }
        if (st != STATUS_OK && st != STATUS_CORRUPT)
            return st;
        st = pass_over(pass, &damage);
        if (st == STATUS_AGAIN) /* nothing whole follows */
            return STATUS_OK;
        if (st == STATUS_OK)
            st = group_read(pass->disk, pass->file, pass->offset,
                            &pass->buffer, &head);
        if (st == STATUS_OK)
            st = take(pass, &head, damage);
    }
    return st;
}

/* --- segments ------------------------------------------------------------ */

static enum status
open_segment(struct pass *pass)
{
    char        name[SEGMENT_NAME];
    enum status st;

    st = segment_open(pass->disk, pass->number, &pass->header, &pass->file);
    pass->header_whole = st == STATUS_OK;
    if (st == STATUS_CORRUPT) {
        segment_name(pass->number, name);
        st = pass->disk->ops->open(pass->disk->self, name, false, &pass->file);
        if (st == STATUS_OK)
            st = add(pass, INSPECT_HEADER, 0, SEGMENT_PAGE, 0);
    }
    return st;
}

static enum status
read_segment(struct pass *pass)
{
    enum status st = open_segment(pass);

    if (st != STATUS_OK)
        return st;
    if (pass->header_whole && !pass->file_id_known) {
        memcpy(pass->file_id, pass->header.file_id, SEGMENT_FILE_ID);
        pass->file_id_known = true;
    }
    pass->offset = SEGMENT_PAGE;
    st = pass->disk->ops->size(pass->disk->self, pass->file, &pass->size);
    if (st == STATUS_OK && pass->header_whole &&
        memcmp(pass->file_id, pass->header.file_id, SEGMENT_FILE_ID) != 0)
        st = add(pass, INSPECT_FOREIGN, 0, pass->size, 0);
    else if (st == STATUS_OK)
        st = read_groups(pass);
    pass->disk->ops->close(pass->disk->self, pass->file);
    return st;
}

/* All segments but the newest `left_out`. */
static enum status
inspect_most(const struct disk *disk, size_t left_out, struct inspect *out)
{
    struct pass pass = {.disk = disk, .out = out, .next = 1};
    enum status st;

    *out = (struct inspect){0};
    st = segment_list_read(disk, &out->segments);
    if (st == STATUS_OK && out->segments.count == 0)
        st = STATUS_NOT_FOUND;
    for (size_t i = 0; st == STATUS_OK && i + left_out < out->segments.count;
         i++) {
        pass.number = out->segments.number[i];
        pass.newest = i + 1 == out->segments.count;
        pass.limit = 0;
        if (!pass.newest)
            st = whole_begins(disk, out->segments.number[i + 1], &pass.buffer,
                              &pass.limit);
        if (st == STATUS_OK || st == STATUS_AGAIN)
            st = read_segment(&pass);
    }
    group_buffer_free(&pass.buffer);
    if (st != STATUS_OK)
        inspect_clear(out);
    return st;
}

enum status
inspect_journal(const struct disk *disk, struct inspect *out)
{
    return inspect_most(disk, 0, out);
}

enum status
inspect_closed(const struct disk *disk, struct inspect *out)
{
    return inspect_most(disk, 1, out);
}

void
inspect_clear(struct inspect *inspect)
{
    segment_list_clear(&inspect->segments);
    free(inspect->faults);
    *inspect = (struct inspect){0};
}

uint64_t
inspect_whole_from(const struct inspect *inspect, uint64_t sequence)
{
    uint64_t count;

    if (inspect->last < sequence)
        return 0;
    count = inspect->last - sequence + 1;
    for (size_t i = 0; i < inspect->fault_count; i++) {
        const struct inspect_fault *fault = &inspect->faults[i];

        if (fault->lost >= sequence && fault->lost <= inspect->last)
            count -= fault->lost_count;
    }
    return count;
}

/*
 * recovery.c - tells a torn tail from corruption.
 *
 * Invariants:
 *  (I1) nothing is written;
 *  (I2) a segment that another one follows must be whole up to the sequence
 *       that the next one's header names; what stands behind was never
 *       acknowledged, or is copied there;
 *  (I3) in the last segment a bad group ends the journal only if it is torn
 *       (tail.h); a copied first group was durable before the segment had its
 *       name and is never torn.
 */
#include "node/store/recovery.h"

#include "node/store/quarantine.h"
#include "node/store/tail.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct scan {
    const struct disk   *disk;
    struct recovery     *out;
    char                *why; /* [256] */
    struct group_buffer  buffer;
    uint64_t             next; /* sequence expected */
    /* the segment being read */
    struct segment       header;
    int                  file;
    uint64_t             offset;
};

static enum status
corrupt(const struct scan *scan, uint64_t number, uint64_t offset,
        const char *what)
{
    char name[SEGMENT_NAME];

    segment_name(number, name);
    (void)snprintf(scan->why, 256, "%s, offset %" PRIu64 ": %s", name, offset,
                   what);
    return STATUS_CORRUPT;
}

static enum status
enter(struct scan *scan, uint64_t number)
{
    enum status st = segment_open(scan->disk, number, &scan->header,
                                  &scan->file);

    scan->offset = SEGMENT_PAGE;
    if (st == STATUS_CORRUPT || st == STATUS_NOT_FOUND)
        return corrupt(scan, number, 0, "the segment's header is damaged");
    return st;
}

static void
leave(struct scan *scan)
{
    scan->disk->ops->close(scan->disk->self, scan->file);
}

/* A whole group of this segment stands at scan->offset. */
static enum status
read_group(struct scan *scan, struct group_head *head)
{
    const struct segment *segment = &scan->header;
    enum status           st;

    st = group_read(scan->disk, scan->file, scan->offset, &scan->buffer, head);
    if (st != STATUS_OK)
        return st;
    return group_belongs(&head->id, segment, scan->offset) ? STATUS_OK
                                                           : STATUS_CORRUPT;
}

/* --- where replay starts ------------------------------------------------- */

/* Index in the list of the newest segment that begins with a snapshot. */
static enum status
find_start(struct scan *scan, size_t *out)
{
    const struct segment_list *list = &scan->out->segments;

    for (size_t i = list->count; i > 0; i--) {
        struct group_head head;
        bool              found = false;
        enum status       st = enter(scan, list->number[i - 1]);

        if (st != STATUS_OK)
            return st;
        st = read_group(scan, &head);
        if (st == STATUS_OK)
            found = group_is_snapshot(scan->buffer.ptr, scan->buffer.len);
        leave(scan);
        if (st != STATUS_OK && st != STATUS_CORRUPT)
            return st;
        *out = i - 1;
        if (found)
            break;
    }
    return STATUS_OK;
}

/* --- to the end ---------------------------------------------------------- */

/* Takes groups as long as they are whole and their sequence is below
 * `limit`.  OK: one was not. */
static enum status
take_groups(struct scan *scan, uint64_t limit)
{
    struct recovery *out = scan->out;

    while (scan->next < limit) {
        struct group_head head;
        enum status       st = read_group(scan, &head);

        if (st == STATUS_CORRUPT)
            break;
        if (st != STATUS_OK)
            return st;
        if (scan->offset == SEGMENT_PAGE &&
            head.id.sequence != scan->header.first_sequence)
            break;
        if (head.id.sequence > scan->next)
            break;
        if (head.id.sequence == scan->next) {
            out->last = (struct group_place){.segment = scan->header.number,
                                             .offset = scan->offset,
                                             .sequence = scan->next};
            out->replay_len += head.len;
            scan->next++;
        }
        scan->offset += group_stride(head.len);
    }
    return STATUS_OK;
}

/* Enters a segment that goes on where the groups so far end. */
static enum status
enter_next(struct scan *scan, uint64_t number)
{
    enum status st = enter(scan, number);

    if (st != STATUS_OK || scan->header.first_sequence <= scan->next)
        return st;
    leave(scan);
    return corrupt(scan, number, 0, "groups before this segment are missing");
}

/* A segment that another one, which begins with `limit`, follows (I2). */
static enum status
take_segment(struct scan *scan, uint64_t number, uint64_t limit)
{
    enum status st = enter_next(scan, number);

    if (st != STATUS_OK)
        return st;
    st = take_groups(scan, limit);
    if (st == STATUS_OK && scan->next < limit)
        st = corrupt(scan, number, scan->offset, "a group is damaged");
    leave(scan);
    return st;
}

/* Behind the end: zeros, a torn group, or what should not be there. */
static enum status
judge_rest(struct scan *scan)
{
    uint64_t    end = scan->offset;
    struct tail tail;
    enum status st;

    st = tail_judge(scan->disk, scan->file, end, scan->next, &scan->buffer,
                    &tail);
    if (st != STATUS_OK)
        return st;
    if (tail.kind == TAIL_FOLLOWED)
        return corrupt(scan, scan->header.number, end,
                       "a group is damaged, and whole ones follow");
    if (tail.kind == TAIL_DAMAGED)
        return corrupt(scan, scan->header.number, end,
                       "the last group is damaged: it was whole once");
    scan->out->newest_end = tail.end;
    scan->out->stray = tail.kind == TAIL_STRAY;
    scan->out->torn_len = tail.kind == TAIL_TORN ? tail.end - end : 0;
    return STATUS_OK;
}

static enum status
take_newest(struct scan *scan, uint64_t number)
{
    enum status st = enter_next(scan, number);

    if (st != STATUS_OK)
        return st;
    st = take_groups(scan, UINT64_MAX);
    if (st == STATUS_OK && scan->header.copied && /* (I3) */
        scan->offset == SEGMENT_PAGE)
        st = corrupt(scan, number, scan->offset, "a group is damaged");
    if (st == STATUS_OK)
        st = judge_rest(scan);
    scan->out->newest = scan->header;
    leave(scan);
    return st;
}

static enum status
take_all(struct scan *scan, size_t from)
{
    const struct segment_list *list = &scan->out->segments;
    uint8_t                    file_id[SEGMENT_FILE_ID];
    enum status                st;

    st = enter(scan, list->number[from]);
    if (st != STATUS_OK)
        return st;
    scan->next = scan->header.first_sequence;
    memcpy(file_id, scan->header.file_id, sizeof(file_id));
    scan->out->start = (struct group_place){.segment = list->number[from],
                                            .offset = SEGMENT_PAGE,
                                            .sequence = scan->next};
    scan->out->replay_segments = list->count - from;
    leave(scan);
    for (size_t i = from + 1; i < list->count; i++) {
        st = enter(scan, list->number[i]);
        if (st != STATUS_OK)
            return st;
        leave(scan);
        if (memcmp(file_id, scan->header.file_id, sizeof(file_id)) != 0)
            return corrupt(scan, list->number[i], 0, "of another journal");
        st = take_segment(scan, list->number[i - 1],
                          scan->header.first_sequence);
        if (st != STATUS_OK)
            return st;
    }
    return take_newest(scan, list->number[list->count - 1]);
}

enum status
recovery_scan(const struct disk *disk, struct recovery *out,
              char why[static 256])
{
    struct scan scan = {.disk = disk, .out = out, .why = why};
    size_t      from = 0;
    bool        mending;
    enum status st;

    *out = (struct recovery){0};
    st = quarantine_under_way(disk, &mending);
    if (st == STATUS_OK && mending) {
        (void)snprintf(why, 256, "%s: a repair was broken off",
                       QUARANTINE_LIST);
        st = STATUS_CORRUPT;
    }
    if (st == STATUS_OK)
        st = segment_list_read(disk, &out->segments);
    if (st == STATUS_OK && out->segments.count == 0)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = find_start(&scan, &from);
    if (st == STATUS_OK)
        st = take_all(&scan, from);
    group_buffer_free(&scan.buffer);
    if (st != STATUS_OK)
        recovery_clear(out);
    return st;
}

void
recovery_clear(struct recovery *recovery)
{
    segment_list_clear(&recovery->segments);
    *recovery = (struct recovery){0};
}

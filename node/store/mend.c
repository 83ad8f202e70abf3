/*
 * mend.c - writes segments again, group by group, from what is whole.
 *
 * Invariants:
 *  (I1) no file of the journal is changed: images are new files, put in place
 *       once all are durable;
 *  (I2) a mended segment has every sequence from its header's to where the
 *       next begins, each whole or empty;
 *  (I3) after a cut the newest segment says that state was lost, and holds one
 *       copied group or none, so that a start believes it (journal.c).
 */
#include "node/store/mend.h"

#include "node/store/pack.h"
#include "node/store/quarantine.h"
#include "node/store/whole.h"

#include <string.h>

struct mending {
    const struct disk       *disk;
    const struct inspect    *found;
    const struct mend_plan  *plan;
    const struct group_keys *keys;
    uint8_t                  nonce[GROUP_NONCE];
    uint8_t                  file_id[SEGMENT_FILE_ID];
    struct group_buffer      buffer;
    struct group_buffer      last; /* the newest group written; may be none */
    uint64_t                 last_sequence;
    /* the image being written */
    struct segment           segment;
    int                      file;
    uint64_t                 offset;
};

/* --- the plan ------------------------------------------------------------ */

static void
plan_fault(const struct inspect *found, const struct inspect_fault *fault,
           struct mend_plan *plan)
{
    enum mend_way way = MEND_RESTORE;

    if (fault->kind == INSPECT_FOREIGN)
        plan->hopeless = true;
    if (fault->lost_count > 0 &&
        fault->lost + fault->lost_count <= found->snapshot) {
        way = MEND_HOLE;
        plan->holes += fault->lost_count;
    } else if (fault->lost_count > 0) {
        way = MEND_CUT;
        plan->cut = fault->lost;
        plan->segment = fault->segment;
    }
    if (way > plan->way)
        plan->way = way;
}

void
mend_plan(const struct inspect *found, struct mend_plan *out)
{
    uint64_t segment = 0;

    *out = (struct mend_plan){.way = MEND_NOTHING};
    for (size_t i = 0; i < found->fault_count && out->way != MEND_CUT; i++) {
        const struct inspect_fault *fault = &found->faults[i];

        plan_fault(found, fault, out);
        out->segments += fault->segment != segment;
        segment = fault->segment;
    }
    if (out->way != MEND_CUT)
        return;
    for (size_t i = 0; i < found->segments.count; i++)
        out->segments += found->segments.number[i] > out->segment;
    out->behind = inspect_whole_from(found, out->cut);
}

/* The header of the old segment, or as it must have been. */
static enum status
find_header(struct mending *mending, uint64_t number, uint64_t expected)
{
    struct segment   *segment = &mending->segment;
    struct group_head head;
    int               file;
    enum status       st = segment_open(mending->disk, number, segment, &file);

    if (st == STATUS_OK) {
        mending->disk->ops->close(mending->disk->self, file);
        memcpy(mending->file_id, segment->file_id, SEGMENT_FILE_ID);
        return st;
    }
    if (st != STATUS_CORRUPT)
        return st;
    *segment = (struct segment){.number = number, .first_sequence = expected};
    st = whole_first(mending->disk, number, &mending->buffer, &head);
    if (st == STATUS_OK) {
        memcpy(mending->file_id, head.id.file_id, SEGMENT_FILE_ID);
        segment->copied = head.id.segment < number;
        if (segment->copied)
            segment->first_sequence = head.id.sequence;
    }
    memcpy(segment->file_id, mending->file_id, SEGMENT_FILE_ID);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

/* --- writing the new ----------------------------------------------------- */

static enum status
begin_image(struct mending *mending)
{
    uint8_t     page[SEGMENT_PAGE];
    enum status st;

    segment_encode(&mending->segment, page);
    st = quarantine_add(mending->disk, mending->segment.number,
                        &mending->file);
    if (st != STATUS_OK)
        return st;
    mending->offset = SEGMENT_PAGE;
    return mending->disk->ops->write(mending->disk->self, mending->file, 0,
                                     SPAN_OF(page));
}

/* Whole pages, so that the file ends where a group might begin. */
static enum status
put_group(struct mending *mending, struct span group, uint64_t sequence)
{
    static const uint8_t zeros[SEGMENT_PAGE];
    const struct disk   *disk = mending->disk;
    uint64_t             stride = group_stride(group.len);
    enum status          st;

    st = disk->ops->write(disk->self, mending->file, mending->offset, group);
    if (st == STATUS_OK && stride > group.len)
        st = disk->ops->write(disk->self, mending->file,
                              mending->offset + group.len,
                              (struct span){zeros, stride - group.len});
    if (st == STATUS_OK)
        st = group_buffer_reserve(&mending->last, group.len);
    if (st != STATUS_OK)
        return st;
    memcpy(mending->last.ptr, group.ptr, group.len);
    mending->last.len = group.len;
    mending->last_sequence = sequence;
    mending->offset += stride;
    return STATUS_OK;
}

/* Packs a group of this segment; without records it is a hole. */
static enum status
put_packed(struct mending *mending, struct effects *saves)
{
    struct group_buffer packed = {0};
    struct group_id     id = {.segment = mending->segment.number,
                              .sequence = mending->last_sequence + 1};
    enum status         st;

    memcpy(id.file_id, mending->file_id, SEGMENT_FILE_ID);
    memcpy(saves->nonce, mending->nonce, GROUP_NONCE);
    for (size_t i = 0; i < 8; i++) /* one nonce a group */
        saves->nonce[i] ^= (uint8_t)(id.sequence >> 8 * i);
    st = pack_group(saves, &id, mending->keys, &packed);
    if (st == STATUS_OK)
        st = put_group(mending, (struct span){packed.ptr, packed.len},
                       id.sequence);
    group_buffer_free(&packed);
    return st;
}

static enum status
put_holes(struct mending *mending, uint64_t limit)
{
    enum status st = STATUS_OK;

    while (st == STATUS_OK && mending->last_sequence + 1 < limit) {
        struct effects none;

        effects_init(&none);
        st = put_packed(mending, &none);
        effects_free(&none);
    }
    return st;
}

static enum status
put_buffer(struct mending *mending, uint64_t sequence)
{
    return put_group(mending,
                     (struct span){mending->buffer.ptr, mending->buffer.len},
                     sequence);
}

static enum status
find_group(struct mending *mending, uint64_t number, uint64_t sequence)
{
    return whole_find(mending->disk, &mending->found->segments, number,
                      sequence, &mending->buffer);
}

/* The group that a copied segment begins with, from where it was first. */
static enum status
put_copy(struct mending *mending)
{
    uint64_t    wanted = mending->segment.first_sequence;
    enum status st = find_group(mending, mending->segment.number, wanted);

    if (st == STATUS_OK)
        return put_buffer(mending, wanted);
    if (st != STATUS_AGAIN)
        return st;
    mending->last_sequence = wanted - 1;
    return put_holes(mending, wanted + 1);
}

/* All groups of an old segment below `limit`, holes where they are lost. */
static enum status
put_old(struct mending *mending, uint64_t number, uint64_t limit)
{
    struct group_head head;
    struct whole      whole;
    enum status       st = whole_open(mending->disk, number, &whole);

    if (st != STATUS_OK)
        return st;
    while (st == STATUS_OK) {
        st = whole_next(&whole, &mending->buffer, &head);
        if (st != STATUS_OK || head.id.sequence >= limit)
            break;
        if (head.id.sequence <= mending->last_sequence)
            continue;
        st = put_holes(mending, head.id.sequence);
        if (st == STATUS_OK)
            st = put_buffer(mending, head.id.sequence);
    }
    whole_close(&whole);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

/* `limit`: where the next segment begins, or what a cut leaves. */
static enum status
write_image(struct mending *mending, uint64_t number, uint64_t expected,
            uint64_t limit)
{
    enum status st = find_header(mending, number, expected);
    enum status end;

    if (st == STATUS_OK)
        st = begin_image(mending);
    if (st != STATUS_OK)
        return st;
    if (mending->segment.copied)
        st = put_copy(mending);
    else
        mending->last_sequence = mending->segment.first_sequence - 1;
    if (st == STATUS_OK)
        st = put_old(mending, number, limit);
    if (st == STATUS_OK && limit != UINT64_MAX)
        st = put_holes(mending, limit);
    end = quarantine_close(mending->disk, mending->file);
    return st == STATUS_OK ? end : st;
}

/* --- what is behind a cut ------------------------------------------------ */

static enum status
take_whole(struct mending *mending, struct salvage *salvage)
{
    struct group group;
    enum status  st = group_open(mending->buffer.ptr, mending->buffer.len,
                                 mending->keys, &group);

    if (st == STATUS_CORRUPT)
        return STATUS_OK; /* whole, and of no use to us */
    if (st != STATUS_OK)
        return st;
    st = salvage_take(salvage, &group);
    group_close(&group);
    return st;
}

/* From sequence *next on, of one segment. */
static enum status
take_segment(struct mending *mending, uint64_t number, uint64_t *next,
             struct salvage *salvage)
{
    struct group_head head;
    struct whole      whole;
    enum status       st = whole_open(mending->disk, number, &whole);

    if (st != STATUS_OK)
        return st;
    while (st == STATUS_OK) {
        st = whole_next(&whole, &mending->buffer, &head);
        if (st != STATUS_OK || head.id.sequence < *next)
            continue;
        *next = head.id.sequence + 1;
        st = take_whole(mending, salvage);
    }
    whole_close(&whole);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

static enum status
take_behind(struct mending *mending, struct salvage *salvage)
{
    const struct segment_list *list = &mending->found->segments;
    uint64_t                   next = mending->plan->cut;
    enum status                st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < list->count; i++)
        if (list->number[i] >= mending->plan->segment)
            st = take_segment(mending, list->number[i], &next, salvage);
    return st;
}

static enum status
put_saves(void *arg, const struct effects *saves)
{
    struct mending *mending = arg;
    struct effects  copy = *saves; /* its nonce alone is changed */

    return put_packed(mending, &copy);
}

static enum status
begin_last(struct mending *mending, uint64_t number, bool copied, bool lost)
{
    mending->segment =
        (struct segment){.number = number,
                         .copied = copied,
                         .lost = lost,
                         .first_sequence = mending->last_sequence + !copied};
    memcpy(mending->segment.file_id, mending->file_id, SEGMENT_FILE_ID);
    return begin_image(mending);
}

static enum status
write_salvaged(struct mending *mending, uint64_t number,
               struct salvage *salvage, struct salvage_count *count)
{
    enum status st = begin_last(mending, number, false, false);
    enum status end;

    if (st != STATUS_OK)
        return st;
    st = salvage_give(salvage, put_saves, mending, count);
    end = quarantine_close(mending->disk, mending->file);
    return st == STATUS_OK ? end : st;
}

/* (I3) */
static enum status
write_loss(struct mending *mending, uint64_t number)
{
    uint64_t    sequence = mending->last_sequence;
    bool        copied = sequence > 0;
    enum status st = STATUS_OK;
    enum status end;

    if (copied && mending->last.len == 0) { /* it stands further back */
        st = find_group(mending, mending->plan->segment, sequence);
        copied = st == STATUS_OK;
        if (st != STATUS_OK && st != STATUS_AGAIN)
            return st;
    }
    st = begin_last(mending, number, copied, true);
    if (st != STATUS_OK)
        return st;
    if (copied && mending->last.len == 0)
        st = put_buffer(mending, sequence);
    else if (copied)
        st = mending->disk->ops->write(
            mending->disk->self, mending->file, mending->offset,
            (struct span){mending->last.ptr, mending->last.len});
    end = quarantine_close(mending->disk, mending->file);
    return st == STATUS_OK ? end : st;
}

static enum status
cut(struct mending *mending, struct salvage_count *count)
{
    const struct segment_list *list = &mending->found->segments;
    uint64_t                   newest = list->number[list->count - 1];
    struct salvage            *salvage = salvage_new();
    enum status                st;

    if (salvage == NULL)
        return STATUS_FULL;
    st = take_behind(mending, salvage);
    if (st == STATUS_OK)
        st = write_salvaged(mending, newest + 1, salvage, count);
    if (st == STATUS_OK)
        st = write_loss(mending, newest + 2);
    salvage_free(salvage);
    return st;
}

/* --- all ----------------------------------------------------------------- */

static bool
is_faulty(const struct mending *mending, uint64_t number)
{
    for (size_t i = 0; i < mending->found->fault_count; i++)
        if (mending->found->faults[i].segment == number)
            return true;
    return false;
}

/* Where segment i ends, at a cut or the next one; UINT64_MAX: unknown. */
static enum status
limit_of(struct mending *mending, size_t i, uint64_t *out)
{
    const struct segment_list *list = &mending->found->segments;
    enum status                st;

    *out = UINT64_MAX;
    if (mending->plan->way == MEND_CUT &&
        list->number[i] == mending->plan->segment) {
        *out = mending->plan->cut;
        return STATUS_OK;
    }
    if (i + 1 == list->count)
        return STATUS_OK;
    st = whole_begins(mending->disk, list->number[i + 1], &mending->buffer,
                      out);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

/* What the segment behind one that ends at `limit` begins with. */
static enum status
expect_next(struct mending *mending, uint64_t number, uint64_t limit,
            uint64_t *expected)
{
    enum status st;

    if (limit != UINT64_MAX) {
        *expected = limit;
        return STATUS_OK;
    }
    st = whole_last(mending->disk, number, &mending->buffer, expected);
    if (st == STATUS_OK)
        ++*expected;
    return st == STATUS_AGAIN ? STATUS_OK : st; /* no group: as this one */
}

static enum status
write_images(struct mending *mending, struct salvage_count *count)
{
    const struct segment_list *list = &mending->found->segments;
    uint64_t                   expected = 1;
    enum status                st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < list->count; i++) {
        uint64_t number = list->number[i];
        uint64_t limit;

        if (mending->plan->way == MEND_CUT && number > mending->plan->segment)
            break;
        st = limit_of(mending, i, &limit);
        if (st == STATUS_OK && is_faulty(mending, number))
            st = write_image(mending, number, expected, limit);
        if (st == STATUS_OK)
            st = expect_next(mending, number, limit, &expected);
    }
    if (st == STATUS_OK && mending->plan->way == MEND_CUT)
        st = cut(mending, count);
    return st;
}

enum status
mend_journal(const struct disk *disk, const struct inspect *found,
             const struct mend_plan *plan, const struct group_keys *keys,
             const uint8_t nonce[static GROUP_NONCE],
             struct salvage_count *salvaged, size_t *kept)
{
    struct mending mending = {
        .disk = disk, .found = found, .plan = plan, .keys = keys};
    uint64_t    newest = found->segments.number[found->segments.count - 1];
    uint64_t    from = plan->way == MEND_CUT ? plan->segment + 1 : newest + 1;
    enum status st;

    *salvaged = (struct salvage_count){0};
    *kept = 0;
    if (plan->hopeless)
        return STATUS_BAD_STATE;
    if (plan->way == MEND_NOTHING)
        return STATUS_OK;
    memcpy(mending.nonce, nonce, GROUP_NONCE);
    st = quarantine_drop(disk);
    if (st == STATUS_OK)
        st = write_images(&mending, salvaged);
    group_buffer_free(&mending.buffer);
    group_buffer_free(&mending.last);
    if (st == STATUS_OK)
        st = quarantine_seal(disk, from, newest);
    if (st == STATUS_OK)
        return quarantine_finish(disk, kept);
    return quarantine_drop(disk) == STATUS_OK ? st : STATUS_IO;
}

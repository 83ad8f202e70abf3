/*
 * journal.c - appends groups, and opens the next segment when one is full.
 *
 * Invariants:
 *  (I1) a group is given out (journal_sequence, readers) only after its sync
 *       returned OK;
 *  (I2) before the first group of a segment is written, the segment's header,
 *       its name and its note in the keyring are durable, in this order: the
 *       keyring never knows of a segment that the journal does not show,
 *       unless the journal lost it;
 *  (I3) no byte of a page that holds a part of a durable group is written
 *       again;
 *  (I4) after IO nothing more is written: the process must end.
 */
#include "node/store/journal.h"

#include "node/store/next.h"
#include "node/store/recovery.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    AHEAD_STEP = 8 << 20,
    OPENING_PART = 16, /* the first segment after opening is so much shorter */
    OPENING_MIN = 16 * SEGMENT_PAGE,
    RESERVE_PART = 4, /* of a segment: see reserve.h */
    GROWTH = 4 /* and each one that follows so much longer, up to the whole */
};

struct journal {
    struct journal_options options;
    bool                   is_new;
    bool                   failed; /* (I4) */
    struct segment         present;
    int                    file; /* of the present segment; -1: none yet */
    uint64_t               newest; /* highest number used or noted */
    uint64_t               old_end; /* as recovery_scan found it */
    uint64_t               torn_len;
    uint64_t               replay_len;
    size_t                 replay_segments;
    struct next            next;

    pthread_mutex_t        lock; /* of all below */
    struct segment_list    segments;
    struct group_place     last;
    struct group_place     start;
    uint64_t               offset; /* where the next group goes */
    uint64_t               len;    /* of the present segment */
};

static enum status
fail(struct journal *journal, enum status st)
{
    if (st != STATUS_OK && st != STATUS_NO_SPACE)
        journal->failed = true; /* (I4) */
    return st;
}

/* --- opening ------------------------------------------------------------- */

static struct journal *
journal_new(const struct journal_options *options)
{
    struct journal *journal = calloc(1, sizeof(*journal));

    if (journal == NULL)
        return NULL;
    journal->options = *options;
    journal->newest = options->segment_noted;
    journal->file = -1;
    if (pthread_mutex_init(&journal->lock, NULL) != 0)
        abort();
    next_init(&journal->next, &journal->options.disk);
    memcpy(journal->present.file_id, options->file_id, SEGMENT_FILE_ID);
    return journal;
}

/* A loss that an earlier opening found, and no group has followed yet. */
static bool
loss_unanswered(const struct recovery *found)
{
    bool copy_only = found->newest.copied &&
                     found->last.sequence == found->newest.first_sequence;

    return found->newest.lost &&
           (found->last.segment != found->newest.number || copy_only);
}

static void
take_over(struct journal *journal, struct recovery *found)
{
    journal->segments = found->segments; /* moved */
    journal->present = found->newest;
    journal->present.lost = loss_unanswered(found) ||
                            journal->newest > found->newest.number;
    if (journal->newest < found->newest.number)
        journal->newest = found->newest.number;
    memcpy(journal->options.file_id, found->newest.file_id, SEGMENT_FILE_ID);
    journal->last = found->last;
    journal->start = found->start;
    journal->torn_len = found->torn_len;
    journal->replay_len = found->replay_len;
    journal->replay_segments = found->replay_segments;
    journal->old_end = found->newest_end;
}

enum status
journal_open(const struct journal_options *options, struct journal **out,
             char why[static 256])
{
    struct recovery found = {0};
    struct journal *journal;
    enum status     st;

    assert(options->segment_len % SEGMENT_PAGE == 0 &&
           options->segment_len >= OPENING_MIN);
    st = recovery_scan(&options->disk, &found, why);
    if (st != STATUS_OK && st != STATUS_NOT_FOUND)
        return st;
    journal = journal_new(options);
    if (journal == NULL) {
        recovery_clear(&found);
        return STATUS_FULL;
    }
    journal->is_new = st == STATUS_NOT_FOUND;
    if (journal->is_new)
        journal->present.lost = journal->newest > 0;
    else
        take_over(journal, &found);
    *out = journal;
    return STATUS_OK;
}

void
journal_close(struct journal *journal)
{
    const struct disk *disk;

    if (journal == NULL)
        return;
    disk = &journal->options.disk;
    if (journal->file >= 0)
        disk->ops->close(disk->self, journal->file);
    next_clear(&journal->next);
    segment_list_clear(&journal->segments);
    (void)pthread_mutex_destroy(&journal->lock);
    free(journal);
}

/* --- from one segment to the next ---------------------------------------- */

/* What is behind the last group of a segment that is full is given back. */
static enum status
close_present(struct journal *journal)
{
    const struct disk *disk = &journal->options.disk;
    enum status        st;

    if (journal->file < 0)
        return STATUS_OK;
    st = disk->ops->truncate(disk->self, journal->file, journal->offset);
    disk->ops->close(disk->self, journal->file);
    journal->file = -1;
    return st;
}

static void
adopt(struct journal *journal, const struct segment *segment, uint64_t used)
{
    journal->present = *segment;
    journal->replay_segments++;
    (void)pthread_mutex_lock(&journal->lock);
    segment_list_add(&journal->segments, segment->number);
    journal->offset = SEGMENT_PAGE + used;
    next_take(&journal->next, &journal->file, &journal->len);
    (void)pthread_mutex_unlock(&journal->lock);
}

/* How long the segment after the present one is. */
static uint64_t
next_len(const struct journal *journal)
{
    uint64_t whole = journal->options.segment_len;

    return journal->len < whole / GROWTH ? GROWTH * journal->len : whole;
}

/* A segment with `copy` in it, or without one and with room for `need` bytes.
 * After NO_SPACE the same may be asked again. */
static enum status
turn_over(struct journal *journal, uint64_t want, uint64_t need,
          struct span copy)
{
    struct segment segment = journal->present;
    enum status    st;

    segment.number = journal->newest + 1;
    segment.copied = copy.len > 0;
    segment.first_sequence = journal->last.sequence + (copy.len > 0 ? 0 : 1);
    st = next_name(&journal->next, want, SEGMENT_PAGE + need, &segment, copy);
    if (st == STATUS_OK) /* (I2) */
        st = journal->options.note(journal->options.arg, segment.number);
    if (st == STATUS_OK)
        st = close_present(journal);
    if (st != STATUS_OK)
        return st;
    journal->newest = segment.number;
    adopt(journal, &segment, group_stride(copy.len));
    return STATUS_OK;
}

/* --- starting ------------------------------------------------------------ */

static enum status
read_last(struct journal *journal, struct group_buffer *copy)
{
    const struct disk *disk = &journal->options.disk;
    struct segment     segment;
    struct group_head  head;
    enum status        st;
    int                file;

    if (journal->last.sequence == 0)
        return STATUS_OK;
    st = segment_open(disk, journal->last.segment, &segment, &file);
    if (st != STATUS_OK)
        return st;
    st = group_read(disk, file, journal->last.offset, copy, &head);
    disk->ops->close(disk->self, file);
    return st;
}

/* Gives back the zeros behind the end of the segment of the last life. */
static enum status
trim_old(struct journal *journal, uint64_t number)
{
    const struct disk *disk = &journal->options.disk;
    char               name[SEGMENT_NAME];
    enum status        st;
    int                file;

    segment_name(number, name);
    st = disk->ops->open(disk->self, name, false, &file);
    if (st != STATUS_OK)
        return st;
    st = disk->ops->truncate(disk->self, file, journal->old_end);
    disk->ops->close(disk->self, file);
    return st;
}

/* Where the last group and the replay begin, now that there is a copy. */
static void
move_to_copy(struct journal *journal, struct span copy)
{
    struct group_place first = {.segment = journal->present.number,
                                .offset = SEGMENT_PAGE,
                                .sequence = journal->present.first_sequence};
    bool last_is_start = journal->last.sequence == journal->start.sequence;

    if (copy.len > 0)
        journal->last = first;
    if (journal->is_new || (copy.len > 0 && last_is_start)) {
        journal->start = first;
        journal->replay_segments = 1;
    }
}

enum status
journal_start(struct journal *journal)
{
    struct group_buffer copy = {0};
    struct span         bytes;
    uint64_t            old = journal->present.number;
    uint64_t            want = journal->options.segment_len / OPENING_PART;
    enum status         st;

    assert(journal->file < 0);
    st = next_forget(&journal->next,
                     journal->options.segment_len / RESERVE_PART);
    if (st == STATUS_OK)
        st = read_last(journal, &copy);
    bytes = (struct span){copy.ptr, copy.len};
    if (st == STATUS_OK)
        st = turn_over(journal, want > OPENING_MIN ? want : OPENING_MIN,
                       group_stride(bytes.len), bytes);
    if (st == STATUS_OK)
        move_to_copy(journal, bytes);
    if (st == STATUS_OK && !journal->is_new)
        st = trim_old(journal, old);
    group_buffer_free(&copy);
    return fail(journal, st);
}

/* --- appending ----------------------------------------------------------- */

enum status
journal_prepare(struct journal *journal, size_t len, bool fresh,
                struct group_id *out)
{
    uint64_t    stride = group_stride(len);
    enum status st = STATUS_OK;

    if (journal->failed)
        return STATUS_IO;
    fresh = fresh && journal->offset > SEGMENT_PAGE;
    while (st == STATUS_OK &&
           (fresh || journal->len - journal->offset < stride)) {
        st = turn_over(journal, next_len(journal), stride, SPAN_EMPTY);
        fresh = false;
    }
    if (st != STATUS_OK)
        return fail(journal, st);
    memcpy(out->file_id, journal->present.file_id, SEGMENT_FILE_ID);
    out->segment = journal->present.number;
    out->sequence = journal->last.sequence + 1;
    return STATUS_OK;
}

enum status
journal_append(struct journal *journal, struct span group, bool snapshot)
{
    const struct disk *disk = &journal->options.disk;
    struct group_head  head;
    struct group_place place;
    enum status        st;

    if (journal->failed)
        return STATUS_IO;
    st = group_head_decode(group, &head);
    assert(st == STATUS_OK && head.len == group.len);
    assert(head.id.segment == journal->present.number);
    assert(head.id.sequence == journal->last.sequence + 1);
    assert(group.len <= journal->len - journal->offset);
    st = disk->ops->write(disk->self, journal->file, journal->offset, group);
    if (st == STATUS_OK) {
        st = disk->ops->sync(disk->self, journal->file);
        /* What a sync could not write is not to be tried again. */
        st = st == STATUS_OK ? STATUS_OK : STATUS_IO;
    }
    if (st != STATUS_OK)
        return fail(journal, st);
    place = (struct group_place){.segment = head.id.segment,
                                 .offset = journal->offset,
                                 .sequence = head.id.sequence};
    (void)pthread_mutex_lock(&journal->lock);
    journal->last = place; /* (I1) */
    journal->offset += group_stride(group.len); /* (I3) */
    if (snapshot)
        journal->start = place;
    (void)pthread_mutex_unlock(&journal->lock);
    journal->replay_len = group.len + (snapshot ? 0 : journal->replay_len);
    journal->replay_segments = snapshot ? 1 : journal->replay_segments;
    journal->present.lost = false;
    return STATUS_OK;
}

bool
journal_state_lost(const struct journal *journal)
{
    return journal->present.lost;
}

bool
journal_is_new(const struct journal *journal)
{
    return journal->is_new;
}

uint64_t
journal_torn_len(const struct journal *journal)
{
    return journal->torn_len;
}

uint64_t
journal_replay_len(const struct journal *journal)
{
    return journal->replay_len;
}

size_t
journal_replay_segments(const struct journal *journal)
{
    return journal->replay_segments;
}

/* --- any thread ---------------------------------------------------------- */

uint64_t
journal_sequence(struct journal *journal)
{
    uint64_t sequence;

    (void)pthread_mutex_lock(&journal->lock);
    sequence = journal->last.sequence;
    (void)pthread_mutex_unlock(&journal->lock);
    return sequence;
}

enum status
journal_ahead(struct journal *journal, bool *more)
{
    enum status st = STATUS_OK;
    uint64_t    len;
    bool        due;

    (void)pthread_mutex_lock(&journal->lock);
    due = journal->offset > journal->len / 8;
    len = next_len(journal);
    (void)pthread_mutex_unlock(&journal->lock);
    *more = false;
    st = next_reserve(&journal->next);
    if (st == STATUS_OK && due)
        st = next_grow(&journal->next, len, AHEAD_STEP, more);
    return st == STATUS_NO_SPACE ? STATUS_OK : st;
}

void
journal_mend(struct journal *journal)
{
    next_mend(&journal->next);
}

unsigned
journal_floor(struct journal *journal)
{
    uint64_t left;

    (void)pthread_mutex_lock(&journal->lock);
    left = journal->len - journal->offset;
    (void)pthread_mutex_unlock(&journal->lock);
    return next_floor(&journal->next, left);
}

struct group_place
journal_replay_start(struct journal *journal)
{
    struct group_place start;

    (void)pthread_mutex_lock(&journal->lock);
    start = journal->start;
    (void)pthread_mutex_unlock(&journal->lock);
    return start;
}

enum status
journal_first(struct journal *journal, struct group_place *out)
{
    const struct disk *disk = &journal->options.disk;
    struct segment     segment;
    uint64_t           number;
    enum status        st;
    int                file;

    (void)pthread_mutex_lock(&journal->lock);
    number = journal->segments.number[0];
    (void)pthread_mutex_unlock(&journal->lock);
    st = segment_open(disk, number, &segment, &file);
    if (st != STATUS_OK)
        return st;
    disk->ops->close(disk->self, file);
    *out = (struct group_place){.segment = number,
                                .offset = SEGMENT_PAGE,
                                .sequence = segment.first_sequence};
    return STATUS_OK;
}

enum status
journal_segment_after(struct journal *journal, uint64_t number, uint64_t *out)
{
    const struct segment_list *list = &journal->segments;
    enum status                st = STATUS_NOT_FOUND;

    (void)pthread_mutex_lock(&journal->lock);
    for (size_t i = list->count; i > 0 && list->number[i - 1] > number; i--) {
        *out = list->number[i - 1];
        st = STATUS_OK;
    }
    (void)pthread_mutex_unlock(&journal->lock);
    return st;
}

const struct disk *
journal_disk(const struct journal *journal)
{
    return &journal->options.disk;
}

const uint8_t *
journal_file_id(const struct journal *journal)
{
    return journal->options.file_id;
}

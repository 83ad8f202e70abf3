/*
 * walk.c - one open segment at a time, and when to go on to the next.
 *
 * Invariant: a group is read from the newest segment that has it, since the
 * copy that an opening made is the one known to be durable.
 */
#include "node/store/walk.h"

#include <stdlib.h>
#include <string.h>

struct walk {
    struct journal *journal;
    int             file;    /* -1: none */
    struct segment  present; /* of the open file */
    bool            followed;
    uint64_t        limit; /* followed: sequence with which the next begins */
};

struct walk *
walk_new(struct journal *journal)
{
    struct walk *walk = calloc(1, sizeof(*walk));

    if (walk == NULL)
        return NULL;
    walk->journal = journal;
    walk->file = -1;
    return walk;
}

static void
leave(struct walk *walk)
{
    const struct disk *disk = journal_disk(walk->journal);

    if (walk->file >= 0)
        disk->ops->close(disk->self, walk->file);
    walk->file = -1;
    walk->followed = false;
}

void
walk_free(struct walk *walk)
{
    if (walk == NULL)
        return;
    leave(walk);
    free(walk);
}

static enum status
enter(struct walk *walk, uint64_t number)
{
    enum status st;

    if (walk->file >= 0 && walk->present.number == number)
        return STATUS_OK;
    leave(walk);
    st = segment_open(journal_disk(walk->journal), number, &walk->present,
                      &walk->file);
    if (st != STATUS_OK)
        walk->file = -1;
    return st == STATUS_NOT_FOUND ? STATUS_CORRUPT : st;
}

enum status
walk_read(struct walk *walk, const struct group_place *place,
          struct group_buffer *buffer)
{
    struct group_head head;
    enum status       st = enter(walk, place->segment);

    if (st == STATUS_OK)
        st = group_read(journal_disk(walk->journal), walk->file, place->offset,
                        buffer, &head);
    if (st != STATUS_OK)
        return st;
    if (place->sequence != 0 && head.id.sequence != place->sequence)
        return STATUS_CORRUPT;
    return memcmp(head.id.file_id, walk->present.file_id, SEGMENT_FILE_ID) == 0
               ? STATUS_OK
               : STATUS_CORRUPT;
}

/* Learns where the segment that follows the present one begins. */
static enum status
look_ahead(struct walk *walk, uint64_t *number)
{
    const struct disk *disk = journal_disk(walk->journal);
    struct segment     next;
    enum status        st;
    int                file;

    st = journal_segment_after(walk->journal, walk->present.number, number);
    if (st != STATUS_OK || walk->followed)
        return st;
    st = segment_open(disk, *number, &next, &file);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_CORRUPT : st;
    disk->ops->close(disk->self, file);
    walk->followed = true;
    walk->limit = next.first_sequence;
    return STATUS_OK;
}

/* Goes to the segment that has the group at *place. */
static enum status
go_to(struct walk *walk, struct group_place *place)
{
    enum status st = enter(walk, place->segment);

    while (st == STATUS_OK) {
        uint64_t number = 0;

        st = look_ahead(walk, &number);
        if (st == STATUS_NOT_FOUND)
            return STATUS_OK;
        if (st != STATUS_OK || walk->limit > place->sequence)
            return st;
        place->segment = number;
        place->offset = SEGMENT_PAGE;
        st = enter(walk, number);
    }
    return st;
}

enum status
walk_next(struct walk *walk, struct group_place *place,
          struct group_place *found, struct group_buffer *buffer)
{
    const struct disk *disk = journal_disk(walk->journal);
    struct group_head  head;
    enum status        st;

    if (place->sequence > journal_sequence(walk->journal))
        return STATUS_AGAIN;
    st = go_to(walk, place);
    while (st == STATUS_OK) {
        st = group_read(disk, walk->file, place->offset, buffer, &head);
        if (st != STATUS_OK)
            break;
        if (head.id.sequence > place->sequence)
            return STATUS_CORRUPT;
        *found = *place;
        place->offset += group_stride(head.len);
        if (head.id.sequence == place->sequence)
            break;
        /* The copy of a group that was read before it was copied. */
    }
    if (st == STATUS_OK)
        place->sequence++;
    return st;
}

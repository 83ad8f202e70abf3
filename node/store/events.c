/*
 * events.c - groups of the journal, one after the other, from a place on.
 *
 * Invariant: groups are told up to the tables' mark.  What is durable since
 * then comes with the next question, when the tables have it too.
 */
#include "node/store/events.h"

#include "node/store/telling.h"

struct listing {
    const struct events_from *from;
    struct telling            telling;
    uint64_t                  walked; /* bytes of groups */
    bool                      ended;  /* nothing is behind telling.at */
};

static struct span
last_group(const struct events_from *from)
{
    return (struct span){from->buffer->ptr, from->buffer->len};
}

/* All of the group in the buffer that stands behind listing->telling.at. */
static enum status
take_group(struct listing *listing, const struct group_place *place)
{
    struct group_buffer *buffer = listing->from->buffer;
    struct group         group;
    bool                 repeats = false;
    enum status st = group_open(buffer->ptr, buffer->len, NULL, &group);

    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; st == STATUS_OK && i < group.count; i++)
        st = telling_take(&listing->telling, &group.records[i], place,
                          (uint32_t)i, &repeats);
    if (st == STATUS_OK) {
        listing->telling.at.record = BOOKMARK_DONE;
        listing->telling.at.part = 0;
    }
    group_close(&group);
    return st;
}

/* --- the journal --------------------------------------------------------- */

/* Reads the group that the bookmark is in; *place moves behind it. */
static enum status
find_group(struct listing *listing, struct group_place *place)
{
    const struct events_from *from = listing->from;
    struct group_place        found;
    enum status               st;

    *place = listing->telling.at.group;
    if (place->sequence > from->mark->last.sequence)
        return STATUS_BAD_CURSOR;
    st = walk_next(from->walk, place, &found, from->buffer);
    if (st == STATUS_AGAIN || st == STATUS_CORRUPT)
        return STATUS_BAD_CURSOR; /* it was never written here, or not so */
    if (st != STATUS_OK)
        return st;
    if (!bookmark_is_of(&listing->telling.at, last_group(from)))
        return STATUS_BAD_CURSOR;
    listing->telling.at.group = found;
    return take_group(listing, &found);
}

/* Groups from `place` on, one at least, until the answer is full or the tables
 * end. */
static enum status
go_on(struct listing *listing, struct group_place place)
{
    const struct events_from *from = listing->from;
    enum status               st = STATUS_OK;

    while (st == STATUS_OK && listing->walked < EVENTS_WALK) {
        struct group_place found;

        listing->ended = place.sequence > from->mark->last.sequence;
        if (listing->ended)
            return STATUS_OK;
        st = walk_next(from->walk, &place, &found, from->buffer);
        if (st != STATUS_OK)
            return st == STATUS_AGAIN ? STATUS_CORRUPT : st;
        listing->telling.at = bookmark_at(&found, last_group(from));
        listing->walked += from->buffer->len;
        st = take_group(listing, &found);
    }
    return st;
}

static enum status
walk_from(struct listing *listing)
{
    struct group_place place;
    enum status        st;

    if (listing->telling.at.group.sequence == 0)
        st = journal_first(listing->from->journal, &place);
    else
        st = find_group(listing, &place);
    return st == STATUS_OK ? go_on(listing, place) : st;
}

enum status
events_list(const struct events_from *from, const struct query *query,
            struct span text, struct reply *out)
{
    struct listing  listing = {.from = from,
                               .telling = {.rows = &from->rows,
                                           .query = query,
                                           .out = out},
                               .ended = query->count == 0};
    struct bookmark *at = &listing.telling.at;
    enum status      st = STATUS_OK;

    if (text.len > 0)
        st = bookmark_parse(text, at);
    else if (query->count == 0 && from->mark->last.sequence > 0)
        *at = bookmark_behind(&from->mark->last, from->mark->digest);
    if (st == STATUS_OK && !listing.ended)
        st = walk_from(&listing);
    return st == STATUS_OK || st == STATUS_AGAIN
               ? telling_end(&listing.telling, !listing.ended)
               : st;
}

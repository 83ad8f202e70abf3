/*
 * events.c - groups one after the other, each record for itself.
 *
 * Invariants:
 *  (I1) the place that goes out with an event, and with the answer, is behind
 *       all that was told and before all that was not;
 *  (I2) what a record means does not depend on where an answer was cut: it is
 *       read from the record and from tables that hold all of the journal.
 */
#include "node/store/events.h"

#include "node/store/bookmark.h"
#include "node/store/picked.h"
#include "node/store/standing.h"
#include "node/store/twin.h"
#include "proto/happening.h"

struct listing {
    const struct events_from *from;
    const struct query       *query;
    struct reply             *out;
    struct bookmark           at; /* what was told ends here */
    uint64_t                  told;
    uint64_t                  walked;
    bool                      ended; /* nothing is behind `at` */
    struct picked_queue       queue;
};

/* An event before its row is known. */
struct occurrence {
    enum message_state state;
    uint64_t           time;
    struct span        why;
    int64_t            sealed; /* the record that has people's words; 0: none */
    struct bookmark    next;   /* the place behind it */
};

static bool
is_message(const struct message_id *id)
{
    static const struct message_id none;

    return !span_equal(SPAN_OF(id->bytes), SPAN_OF(none.bytes));
}

/* --- one event ----------------------------------------------------------- */

static bool
is_full(const struct listing *listing)
{
    return listing->told >= listing->query->count ||
           (listing->told > 0 &&
            listing->out->len >= listing->query->bytes_max);
}

static enum status
put_head(struct listing *listing, const struct happening *head)
{
    struct writer to;
    enum status   st = reply_room(listing->out, happening_head_len(head), &to);

    if (st == STATUS_OK) {
        happening_head_put(&to, head);
        reply_take(listing->out, &to);
    }
    return st;
}

/* A row that is of no message. */
static enum status
put_empty_row(struct listing *listing, const struct node_id *peer)
{
    struct record_row row = {0};
    struct writer     to;
    enum status       st;

    if (peer != NULL)
        row.peer = *peer;
    st = reply_room(listing->out, 256, &to);
    if (st == STATUS_OK) {
        record_row_put(&to, &row);
        reply_take(listing->out, &to);
    }
    return st;
}

/* AGAIN: it goes into the next answer. */
static enum status
tell(struct listing *listing, const struct occurrence *one,
     const struct tables_message *message)
{
    const struct group_record *sealed = NULL;
    struct bookmark_text       cursor = bookmark_text(&one->next);
    struct happening           head = {.what = (uint8_t)one->state,
                                       .time = one->time,
                                       .cursor = span_text(cursor.text),
                                       .why = one->why};
    enum status                st = STATUS_OK;

    if (one->state == STATE_NONE || message->precedence < listing->query->from)
        return STATUS_OK;
    if (is_full(listing))
        return STATUS_AGAIN;
    if (one->sealed != 0)
        st = shelf_record(listing->from->rows.shelf, one->sealed, &sealed);
    if (st == STATUS_OK && sealed != NULL)
        head.secret = sealed->secret;
    if (st == STATUS_OK)
        st = put_head(listing, &head);
    if (st == STATUS_OK)
        st = picked_put_one(&listing->from->rows, message, &listing->queue,
                            listing->out);
    listing->told++;
    return st;
}

static enum status
on_alarm(struct listing *listing, const struct record *record,
         const struct bookmark *next)
{
    struct bookmark_text cursor = bookmark_text(next);
    struct happening     head = {.what = HAPPENED_ALARM,
                                 .time = record->time,
                                 .cursor = span_text(cursor.text),
                                 .why = record->words};
    enum status          st;

    if (is_full(listing))
        return STATUS_AGAIN;
    st = put_head(listing, &head);
    if (st == STATUS_OK)
        st = put_empty_row(listing, &record->peer);
    listing->told++;
    return st;
}

/* --- messages ------------------------------------------------------------ */

/* The state of one message of this peer and direction. */
static enum status
tell_message(struct listing *listing, int64_t pd, const struct message_id *id,
             const struct occurrence *one)
{
    struct tables_message message;
    enum status st = tables_message_find(listing->from->rows.tables, pd, id,
                                         &message);

    if (st == STATUS_OK)
        return tell(listing, one, &message);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
on_peers_message(struct listing *listing, const struct record *record,
                 bool outgoing, const struct occurrence *one)
{
    int64_t     peer = 0;
    enum status st = tables_peer(listing->from->rows.tables, &record->peer,
                                 false, &peer);

    if (st == STATUS_OK)
        return tell_message(listing, 2 * peer + outgoing, &record->id, one);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
on_out_entry(struct listing *listing, const struct record *record,
             const struct occurrence *one)
{
    struct tables_channel *channel;
    enum status            st;

    if (!is_message(&record->id))
        return STATUS_OK;
    st = tables_channel_of(listing->from->rows.tables, &record->origin,
                           &channel);
    if (st == STATUS_OK)
        return tell_message(listing, channel->pd, &record->id, one);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Of several entries with one id the first has arrived, and each that says
 * something else (picked.h). */
static enum status
on_in_entry(struct listing *listing, const struct record *record,
            int64_t place, struct occurrence *one)
{
    const struct reply_from *rows = &listing->from->rows;
    struct tables_channel   *channel;
    struct tables_message    message;
    int64_t                  entry;
    bool                     same = true;
    enum status              st;

    if (!is_message(&record->id))
        return STATUS_OK;
    st = tables_channel_of(rows->tables, &record->origin, &channel);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    entry = tables_at(channel->id, record->index);
    st = tables_message_find(rows->tables, channel->pd, &record->id, &message);
    if (st == STATUS_OK && message.entry == entry)
        return tell(listing, one, &message);
    if (st == STATUS_OK)
        st = twin_same(rows->shelf, message.place, place, &same);
    if (st != STATUS_OK || same)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    message.precedence = record->precedence;
    message.time = record->time;
    message.number = record->number;
    message.entry = entry;
    message.place = place;
    message.state = STATE_QUARANTINED;
    one->state = STATE_QUARANTINED;
    return tell(listing, one, &message);
}

/* --- many messages by one record ----------------------------------------- */

/* The message that an entry of ours brought, if it is one. */
static enum status
tell_entry(struct listing *listing, int64_t pd, int64_t place,
           const struct occurrence *one)
{
    const struct group_record *found;
    struct record              entry;
    enum status st = shelf_record(listing->from->rows.shelf, place, &found);

    if (st != STATUS_OK)
        return st;
    if (record_decode(found->public, &entry) != STATUS_OK)
        return STATUS_CORRUPT;
    return is_message(&entry.id) ? tell_message(listing, pd, &entry.id, one)
                                 : STATUS_OK;
}

/* Entries [first, end) of a channel of ours, from listing->at.part on. */
static enum status
tell_range(struct listing *listing, const struct record *record,
           uint64_t first, uint64_t end, struct occurrence *one)
{
    struct tables         *tables = listing->from->rows.tables;
    struct tables_channel *channel;
    int64_t                pd;
    int64_t                range[2];
    sqlite3_stmt          *entries;
    enum status            st = tables_channel_of(tables, &record->origin,
                                                  &channel);

    if (first < listing->at.part)
        first = listing->at.part;
    if (st != STATUS_OK || first >= end)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    pd = channel->pd;
    range[0] = tables_at(channel->id, first);
    range[1] = tables_at(channel->id, end);
    entries = db_use(tables->db, TABLES_ENTRY_RANGE, 2, range);
    while (st == STATUS_OK && (st = db_row(tables->db, entries)) == STATUS_OK) {
        uint64_t index = tables_at_number(sqlite3_column_int64(entries, 0));

        one->next.part = index + 1;
        st = tell_entry(listing, pd, sqlite3_column_int64(entries, 1), one);
        if (st == STATUS_OK)
            listing->at.part = index + 1; /* (I1) */
    }
    (void)sqlite3_reset(entries);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* The size of the receipt before this one. */
static enum status
size_before(struct tables *tables, const struct record *record, uint64_t *out)
{
    struct tables_channel *channel;
    int64_t                range[2];
    sqlite3_stmt          *find;
    enum status            st = tables_channel_of(tables, &record->origin,
                                                  &channel);

    *out = 0;
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    range[0] = tables_at(channel->id, 0);
    range[1] = tables_at(channel->id, record->size);
    find = db_use(tables->db, TABLES_COSIGNED_BEFORE, 2, range);
    st = db_row(tables->db, find);
    if (st == STATUS_OK)
        *out = tables_at_number(sqlite3_column_int64(find, 0));
    (void)sqlite3_reset(find);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
on_cosigned(struct listing *listing, const struct record *record,
            struct occurrence *one)
{
    uint64_t    before;
    enum status st = size_before(listing->from->rows.tables, record, &before);

    one->time = record->count != 0 ? record->count : record->time * 1000;
    one->why = SPAN_EMPTY;
    return st == STATUS_OK
               ? tell_range(listing, record, before, record->size, one)
               : st;
}

/* --- records ------------------------------------------------------------- */

static enum status
take_record(struct listing *listing, const struct record *record,
            int64_t place, const struct bookmark *next)
{
    struct occurrence one = {.state = standing_of(record->state),
                             .time = record->time,
                             .why = record->words,
                             .next = *next};

    if (!happening_may_be(record->kind))
        return STATUS_OK;
    if (record->index > TABLES_NUMBER_MAX || record->size > TABLES_NUMBER_MAX ||
        record->count > TABLES_NUMBER_MAX)
        return STATUS_OK; /* as the index has it */
    switch (record->kind) {
    case RECORD_PENDING:
        one.state = STATE_QUEUED;
        one.why = SPAN_EMPTY; /* its words are the realm */
        return on_peers_message(listing, record, true, &one);
    case RECORD_OUT_ENTRY:
        one.state = STATE_SENT;
        return on_out_entry(listing, record, &one);
    case RECORD_IN_ENTRY: return on_in_entry(listing, record, place, &one);
    case RECORD_TRAIL:
        one.sealed = place;
        return on_peers_message(listing, record, record->outgoing != 0, &one);
    case RECORD_ALARM: return on_alarm(listing, record, next);
    case RECORD_OUT_COSIGNED:
        one.state = STATE_RECEIVED;
        one.next = listing->at;
        return on_cosigned(listing, record, &one);
    case RECORD_VERDICT:
        one.sealed = place;
        one.next = listing->at;
        return record->outgoing == 0
                   ? STATUS_OK
                   : tell_range(listing, record, record->index,
                                record->index + record->count, &one);
    default: return STATUS_OK;
    }
}

/* One record of the group that listing->at is in. */
static enum status
take(struct listing *listing, const struct group_record *from,
     const struct group_place *place, uint32_t ordinal, bool *repeats)
{
    struct bookmark next = listing->at;
    struct record   record;
    enum status     st;

    if (record_decode(from->public, &record) != STATUS_OK)
        return STATUS_CORRUPT;
    *repeats = (*repeats || record.kind == RECORD_SNAPSHOT) &&
               record.kind != RECORD_SNAPSHOT_END;
    if (ordinal < listing->at.record)
        return STATUS_OK;
    listing->at.record = ordinal;
    next.record = ordinal + 1;
    next.part = 0;
    st = *repeats ? STATUS_OK
                  : take_record(listing, &record, shelf_place(place, ordinal),
                                &next);
    if (st == STATUS_OK)
        listing->at = next; /* (I1) */
    return st;
}

/* All of the group in the buffer that stands behind listing->at. */
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
        st = take(listing, &group.records[i], place, (uint32_t)i, &repeats);
    if (st == STATUS_OK) {
        listing->at.record = BOOKMARK_DONE;
        listing->at.part = 0;
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

    *place = listing->at.group;
    if (place->sequence > from->mark->last.sequence)
        return STATUS_BAD_CURSOR;
    st = walk_next(from->walk, place, &found, from->buffer);
    if (st == STATUS_AGAIN || st == STATUS_CORRUPT)
        return STATUS_BAD_CURSOR; /* it was never written here, or not so */
    if (st != STATUS_OK)
        return st;
    if (!bookmark_is_of(&listing->at, (struct span){from->buffer->ptr,
                                                    from->buffer->len}))
        return STATUS_BAD_CURSOR;
    listing->at.group = found;
    listing->walked += from->buffer->len;
    return take_group(listing, &found);
}

/* Groups from `place` on, until the answer is full or the tables end: what is
 * durable since they were brought up to date comes with the next question. */
static enum status
go_on(struct listing *listing, struct group_place place)
{
    const struct events_from *from = listing->from;
    enum status               st = STATUS_OK;

    while (st == STATUS_OK && listing->walked < EVENTS_WALK) {
        struct group_place found;

        listing->ended = place.sequence > from->mark->last.sequence; /* (I2) */
        if (listing->ended)
            return STATUS_OK;
        st = walk_next(from->walk, &place, &found, from->buffer);
        if (st != STATUS_OK)
            return st == STATUS_AGAIN ? STATUS_CORRUPT : st;
        listing->at = bookmark_at(&found, (struct span){from->buffer->ptr,
                                                        from->buffer->len});
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

    if (listing->at.group.sequence == 0)
        st = journal_first(listing->from->journal, &place);
    else
        st = find_group(listing, &place);
    return st == STATUS_OK ? go_on(listing, place) : st;
}

static enum status
put_end(struct listing *listing)
{
    struct bookmark_text cursor = bookmark_text(&listing->at);
    struct happening     end = {.what = HAPPENED_NOTHING,
                                .more = !listing->ended,
                                .cursor = span_text(cursor.text)};
    enum status          st = put_head(listing, &end);

    return st == STATUS_OK ? put_empty_row(listing, NULL) : st;
}

enum status
events_list(const struct events_from *from, const struct query *query,
            struct span text, struct reply *out)
{
    struct listing listing = {.from = from, .query = query, .out = out};
    enum status    st = STATUS_OK;

    if (text.len > 0)
        st = bookmark_parse(text, &listing.at);
    else if (query->count == 0 && from->mark->last.sequence > 0)
        listing.at = bookmark_behind(&from->mark->last, from->mark->digest);
    listing.ended = query->count == 0;
    if (st == STATUS_OK && !listing.ended)
        st = walk_from(&listing);
    return st == STATUS_OK || st == STATUS_AGAIN ? put_end(&listing) : st;
}

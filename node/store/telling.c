/*
 * telling.c - what a record means to who watches.
 *
 * Invariants:
 *  (I1) the place that goes out with an event, and that `at` holds, is behind
 *       all that was told and before all that was not;
 *  (I2) what a record means does not depend on where an answer was cut: it is
 *       read from the record and from tables that hold all of the journal.
 */
#include "node/store/telling.h"

#include "node/store/standing.h"
#include "node/store/twin.h"
#include "proto/happening.h"

/* An event before its row is known. */
struct occurrence {
    uint8_t         what;
    uint64_t        time;
    struct span     why;
    int64_t         sealed; /* the record that has people's words; 0: none */
    struct bookmark next;   /* the place behind it */
};

static bool
is_message(const struct message_id *id)
{
    static const struct message_id none;

    return !span_equal(SPAN_OF(id->bytes), SPAN_OF(none.bytes));
}

/* --- one event ----------------------------------------------------------- */

static bool
is_full(const struct telling *telling)
{
    return telling->told >= telling->query->count ||
           (telling->told > 0 &&
            telling->out->len >= telling->query->bytes_max);
}

static enum status
put_head(struct telling *telling, const struct happening *head)
{
    struct writer to;
    enum status   st = reply_room(telling->out, happening_head_len(head), &to);

    if (st == STATUS_OK) {
        happening_head_put(&to, head);
        reply_take(telling->out, &to);
    }
    return st;
}

/* A row that is of no message. */
static enum status
put_empty_row(struct telling *telling, const struct node_id *peer)
{
    struct record_row row = {0};
    struct writer     to;
    enum status       st;

    if (peer != NULL)
        row.peer = *peer;
    st = reply_room(telling->out, 256, &to);
    if (st == STATUS_OK) {
        record_row_put(&to, &row);
        reply_take(telling->out, &to);
    }
    return st;
}

/* AGAIN: it goes into the next answer. */
static enum status
tell(struct telling *telling, const struct occurrence *one,
     const struct tables_message *message)
{
    const struct group_record *sealed = NULL;
    struct bookmark_text       cursor = bookmark_text(&one->next);
    struct happening           head = {.what = one->what,
                                       .time = one->time,
                                       .cursor = span_text(cursor.text),
                                       .why = one->why};
    enum status                st = STATUS_OK;

    if (one->what == HAPPENED_NOTHING ||
        message->precedence < telling->query->from)
        return STATUS_OK;
    if (is_full(telling))
        return STATUS_AGAIN;
    if (one->sealed != 0)
        st = shelf_record(telling->rows->shelf, one->sealed, &sealed);
    if (st == STATUS_OK && sealed != NULL)
        head.secret = sealed->secret;
    if (st == STATUS_OK)
        st = put_head(telling, &head);
    if (st == STATUS_OK)
        st = picked_put_one(telling->rows, message, &telling->queue,
                            telling->out);
    telling->told++;
    return st;
}

/* An alarm or a deed: no precedence is asked of it.  A deed has no peer. */
static enum status
tell_plain(struct telling *telling, const struct record *record, unsigned what,
           const struct bookmark *next)
{
    struct bookmark_text cursor = bookmark_text(next);
    struct happening     head = {.what = (uint8_t)what,
                                 .time = record->time,
                                 .cursor = span_text(cursor.text),
                                 .why = record->words};
    enum status          st;

    if (is_full(telling))
        return STATUS_AGAIN;
    st = put_head(telling, &head);
    if (st == STATUS_OK)
        st = put_empty_row(telling, &record->peer);
    telling->told++;
    return st;
}

/* --- messages ------------------------------------------------------------ */

/* The state of one message of this peer and direction. */
static enum status
tell_message(struct telling *telling, int64_t pd, const struct message_id *id,
             const struct occurrence *one)
{
    struct tables_message message;
    enum status st = tables_message_find(telling->rows->tables, pd, id,
                                         &message);

    if (st == STATUS_OK)
        return tell(telling, one, &message);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
on_peers_message(struct telling *telling, const struct record *record,
                 bool outgoing, const struct occurrence *one)
{
    int64_t     peer = 0;
    enum status st = tables_peer(telling->rows->tables, &record->peer,
                                 false, &peer);

    if (st == STATUS_OK)
        return tell_message(telling, 2 * peer + outgoing, &record->id, one);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
on_out_entry(struct telling *telling, const struct record *record,
             const struct occurrence *one)
{
    struct tables_channel *channel;
    enum status            st;

    if (!is_message(&record->id))
        return STATUS_OK;
    st = tables_channel_of(telling->rows->tables, &record->origin,
                           &channel);
    if (st == STATUS_OK)
        return tell_message(telling, channel->pd, &record->id, one);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* Of several entries with one id the first has arrived, and each that says
 * something else (picked.h). */
static enum status
on_in_entry(struct telling *telling, const struct record *record,
            int64_t place, struct occurrence *one)
{
    const struct reply_from *rows = telling->rows;
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
        return tell(telling, one, &message);
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
    one->what = STATE_QUARANTINED;
    return tell(telling, one, &message);
}

/* --- many messages by one record ----------------------------------------- */

/* The message that an entry of ours brought, if it is one. */
static enum status
tell_entry(struct telling *telling, int64_t pd, int64_t place,
           const struct occurrence *one)
{
    const struct group_record *found;
    struct record              entry;
    enum status st = shelf_record(telling->rows->shelf, place, &found);

    if (st != STATUS_OK)
        return st;
    if (record_decode(found->public, &entry) != STATUS_OK)
        return STATUS_CORRUPT;
    return is_message(&entry.id) ? tell_message(telling, pd, &entry.id, one)
                                 : STATUS_OK;
}

/* Where a verdict's entries end; no channel reaches beyond. */
static uint64_t
verdict_end(const struct record *record)
{
    return record->count > TABLES_NUMBER_MAX - record->index
               ? TABLES_NUMBER_MAX
               : record->index + record->count;
}

/* Entries [first, end) of a channel of ours, from telling->at.part on. */
static enum status
tell_range(struct telling *telling, const struct record *record,
           uint64_t first, uint64_t end, struct occurrence *one)
{
    struct tables         *tables = telling->rows->tables;
    struct tables_channel *channel;
    int64_t                pd;
    int64_t                range[2];
    sqlite3_stmt          *entries;
    enum status            st = tables_channel_of(tables, &record->origin,
                                                  &channel);

    if (first < telling->at.part)
        first = telling->at.part;
    if (st != STATUS_OK || first >= end)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    pd = channel->pd;
    range[0] = tables_at(channel->id, first);
    range[1] = tables_at(channel->id, end);
    entries = db_use(tables->db, TABLES_ENTRY_RANGE, 2, range);
    while (st == STATUS_OK && (st = db_row(tables->db, entries)) == STATUS_OK) {
        uint64_t index = tables_at_number(sqlite3_column_int64(entries, 0));

        one->next.part = index + 1;
        st = tell_entry(telling, pd, sqlite3_column_int64(entries, 1), one);
        if (st == STATUS_OK)
            telling->at.part = index + 1; /* (I1) */
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
on_cosigned(struct telling *telling, const struct record *record,
            struct occurrence *one)
{
    uint64_t    before;
    enum status st = size_before(telling->rows->tables, record, &before);

    one->time = record->count != 0 ? record->count : record->time * 1000;
    one->why = SPAN_EMPTY;
    return st == STATUS_OK
               ? tell_range(telling, record, before, record->size, one)
               : st;
}

/* --- records ------------------------------------------------------------- */

static enum status
take_record(struct telling *telling, const struct record *record,
            int64_t place, const struct bookmark *next)
{
    struct occurrence one = {.what = (uint8_t)standing_of(record->state),
                             .time = record->time,
                             .why = record->words,
                             .next = *next};

    if (!happening_may_be(record->kind))
        return STATUS_OK;
    if (record->index > TABLES_NUMBER_MAX || record->size > TABLES_NUMBER_MAX)
        return STATUS_OK; /* as the index has it */
    switch (record->kind) {
    case RECORD_PENDING:
        one.what = STATE_QUEUED;
        one.why = SPAN_EMPTY; /* its words are the realm */
        return on_peers_message(telling, record, true, &one);
    case RECORD_OUT_ENTRY:
        one.what = STATE_SENT;
        return on_out_entry(telling, record, &one);
    case RECORD_IN_ENTRY: return on_in_entry(telling, record, place, &one);
    case RECORD_TRAIL:
        one.sealed = place;
        return on_peers_message(telling, record, record->outgoing != 0, &one);
    case RECORD_AWAIT:
        if (record->state != AWAIT_OVERDUE)
            return STATUS_OK;
        one.what = HAPPENED_OVERDUE;
        one.why = SPAN_EMPTY; /* its words are the channel */
        return on_peers_message(telling, record, record->outgoing != 0, &one);
    case RECORD_ALARM:
        return tell_plain(telling, record,
                          record->words.len > 0 ? HAPPENED_ALARM
                                                : HAPPENED_CLEARED,
                          next);
    case RECORD_DEED:
        return happening_is_deed(record->state)
                   ? tell_plain(telling, record, record->state, next)
                   : STATUS_OK;
    case RECORD_OUT_COSIGNED:
        one.what = STATE_RECEIVED;
        one.next = telling->at;
        return on_cosigned(telling, record, &one);
    case RECORD_VERDICT:
        one.sealed = place;
        one.next = telling->at;
        return record->outgoing == 0
                   ? STATUS_OK
                   : tell_range(telling, record, record->index,
                                verdict_end(record), &one);
    default: return STATUS_OK;
    }
}

/* --- the face ------------------------------------------------------------- */

enum status
telling_take(struct telling *telling, const struct group_record *from,
     const struct group_place *place, uint32_t ordinal, bool *repeats)
{
    struct bookmark next = telling->at;
    struct record   record;
    enum status     st;

    if (record_decode(from->public, &record) != STATUS_OK)
        return STATUS_CORRUPT;
    *repeats = (*repeats || record.kind == RECORD_SNAPSHOT) &&
               record.kind != RECORD_SNAPSHOT_END;
    if (ordinal < telling->at.record)
        return STATUS_OK;
    telling->at.record = ordinal;
    next.record = ordinal + 1;
    next.part = 0;
    st = *repeats ? STATUS_OK
                  : take_record(telling, &record, shelf_place(place, ordinal),
                                &next);
    if (st == STATUS_OK)
        telling->at = next; /* (I1) */
    return st;
}

enum status
telling_end(struct telling *telling, bool more)
{
    struct bookmark_text cursor = bookmark_text(&telling->at);
    struct happening     end = {.what = HAPPENED_NOTHING,
                                .more = more,
                                .cursor = span_text(cursor.text)};
    enum status          st = put_head(telling, &end);

    return st == STATUS_OK ? put_empty_row(telling, NULL) : st;
}

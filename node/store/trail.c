/*
 * trail.c - what the tables know of one message, put in order.
 *
 * States that a range of entries or a whole size has (verdicts, receipts) are
 * looked up here, never written to each row.
 */
#include "node/store/trail.h"

#include "node/store/beside.h"
#include "node/store/newer.h"
#include "node/store/standing.h"

#include <stdlib.h>

enum { RECORD_CAP = 1024 + UINT16_MAX };

struct telling {
    const struct reply_from *from;
    const struct query       *query;
    struct tables_message     message;
    struct reply            *out;
};

/* --- the state as it stands ---------------------------------------------- */

static sqlite3_stmt *
use_verdicts(struct tables *tables, const struct tables_channel *channel,
             uint64_t index)
{
    int64_t values[] = {channel->id, (int64_t)index, (int64_t)channel->span};

    return db_use(tables->db, TABLES_VERDICT_OF, 3, values);
}

enum status
trail_state(const struct reply_from    *from,
            const struct tables_message *message, enum message_state *out)
{
    enum message_state     state = standing_of(message->state);
    struct tables_channel *channel;
    sqlite3_stmt          *verdicts;
    uint64_t               index;
    enum status            st;

    *out = state;
    if (message->pd % 2 == 0 || message->entry == 0)
        return STATUS_OK;
    st = tables_channel_by_id(from->tables, tables_at_channel(message->entry),
                              &channel);
    if (st != STATUS_OK)
        return st;
    index = tables_at_number(message->entry);
    if (channel->cosigned > index)
        state = standing_after(STATE_RECEIVED, state);
    verdicts = use_verdicts(from->tables, channel, index);
    while ((st = db_row(from->tables->db, verdicts)) == STATUS_OK)
        state = standing_after(
            state, standing_of((uint8_t)sqlite3_column_int(verdicts, 0)));
    *out = state;
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- one step ------------------------------------------------------------ */

static enum status
tell(const struct telling *telling, enum message_state state, uint64_t time,
     struct span words, struct span secret)
{
    struct record step = {.kind = RECORD_TRAIL,
                          .peer = telling->query->peer,
                          .outgoing = telling->query->outgoing,
                          .id = telling->query->id,
                          .state = (uint8_t)state,
                          .time = time,
                          .words = words};
    uint8_t      *bytes = malloc(RECORD_CAP);
    struct writer encoded;
    enum status   st;

    if (bytes == NULL)
        return STATUS_FULL;
    encoded = writer_of(bytes, RECORD_CAP);
    record_encode(&step, &encoded);
    st = reply_record(telling->out, writer_span(&encoded), secret);
    free(bytes);
    return st;
}

/* The record at a place, decoded, with its secret. */
static enum status
read_record(const struct telling *telling, int64_t place, struct record *out)
{
    const struct group_record *record;
    enum status st = shelf_record(telling->from->shelf, place, &record);

    if (st == STATUS_OK && record_decode(record->public, out) != STATUS_OK)
        st = STATUS_CORRUPT;
    if (st == STATUS_OK)
        out->secret = record->secret;
    return st;
}

/* A TRAIL or VERDICT record of the journal. */
static enum status
tell_record(const struct telling *telling, int64_t place)
{
    struct record record;
    enum status   st = read_record(telling, place, &record);

    if (st != STATUS_OK)
        return st;
    if (record.kind == RECORD_TRAIL &&
        !span_equal(SPAN_OF(record.id.bytes),
                    SPAN_OF(telling->query->id.bytes)))
        return STATUS_OK; /* another id with this key */
    return tell(telling, standing_of(record.state), record.time, record.words,
                record.secret);
}

/* --- how it went out, how it came in ------------------------------------- */

static enum status
tell_received(const struct telling *telling)
{
    struct tables *tables = telling->from->tables;
    int64_t        entry = telling->message.entry;
    int64_t        range[] = {
        entry, tables_at(tables_at_channel(entry), TABLES_NUMBER_MAX)};
    sqlite3_stmt *find = db_use(tables->db, TABLES_COSIGNED_OF, 2, range);
    enum status   st = db_row(tables->db, find);
    uint64_t      time_s;

    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    time_s = (uint64_t)sqlite3_column_int64(find, 0);
    (void)sqlite3_reset(find);
    return tell(telling, STATE_RECEIVED, time_s * 1000, SPAN_EMPTY, SPAN_EMPTY);
}

static enum status
tell_departure(const struct telling *telling)
{
    struct record entry;
    enum status   st = tell(telling, STATE_QUEUED, telling->message.time,
                            SPAN_EMPTY, SPAN_EMPTY);

    if (st != STATUS_OK || telling->message.entry == 0)
        return st;
    st = read_record(telling, telling->message.place, &entry);
    if (st == STATUS_OK)
        st = tell(telling, STATE_SENT, entry.time, SPAN_EMPTY, SPAN_EMPTY);
    return st == STATUS_OK ? tell_received(telling) : st;
}

/* Its secret says why it was rejected. */
static enum status
tell_arrival(const struct telling *telling)
{
    struct record_secret secret;
    struct record        entry;
    enum status st = read_record(telling, telling->message.place, &entry);

    if (st != STATUS_OK)
        return st;
    if (record_secret_decode(entry.secret, &secret) != STATUS_OK)
        secret = (struct record_secret){0}; /* forgotten */
    return tell(telling, standing_of(entry.state), telling->message.time,
                secret.message, SPAN_EMPTY);
}

/* --- what became of it --------------------------------------------------- */

struct places {
    int64_t *list;
    size_t   count;
    size_t   cap;
};

/* Takes the column of all rows. */
static enum status
places_add(struct places *places, struct db *db, sqlite3_stmt *rows, int column)
{
    enum status st;

    while ((st = db_row(db, rows)) == STATUS_OK) {
        if (places->count == places->cap) {
            size_t   cap = 2 * places->cap + 16;
            int64_t *list = realloc(places->list, cap * sizeof(*list));

            if (list == NULL) {
                (void)sqlite3_reset(rows);
                return STATUS_FULL;
            }
            places->list = list;
            places->cap = cap;
        }
        places->list[places->count++] = sqlite3_column_int64(rows, column);
    }
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static int
place_compare(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Verdicts and single states, in the order of the journal. */
static enum status
tell_rest(const struct telling *telling)
{
    struct tables         *tables = telling->from->tables;
    struct places          places = {0};
    struct tables_channel *channel;
    int64_t                trail[] = {tables_key(&telling->query->id),
                                      telling->message.pd};
    enum status            st;

    st = places_add(&places, tables->db,
                    db_use(tables->db, TABLES_TRAIL_OF, 2, trail), 0);
    if (st == STATUS_OK && telling->query->outgoing &&
        telling->message.entry != 0) {
        int64_t entry = telling->message.entry;

        st = tables_channel_by_id(tables, tables_at_channel(entry), &channel);
        if (st == STATUS_OK)
            st = places_add(&places, tables->db,
                            use_verdicts(tables, channel,
                                         tables_at_number(entry)),
                            1);
    }
    if (places.count > 1)
        qsort(places.list, places.count, sizeof(*places.list), place_compare);
    for (size_t i = 0; st == STATUS_OK && i < places.count; i++)
        st = tell_record(telling, places.list[i]);
    free(places.list);
    return st;
}

enum status
trail_list(const struct reply_from *from, const struct query *query,
           struct reply *out)
{
    struct telling telling = {.from = from, .query = query, .out = out};
    int64_t        peer = 0;
    enum status    st;

    st = tables_peer(from->tables, &query->peer, false, &peer);
    if (st == STATUS_OK)
        st = tables_message_find(from->tables, 2 * peer + query->outgoing,
                                 &query->id, &telling.message);
    if (st == STATUS_OK)
        st = query->outgoing ? tell_departure(&telling)
                             : tell_arrival(&telling);
    if (st == STATUS_OK)
        st = tell_rest(&telling);
    if (st == STATUS_OK)
        st = newer_tell(from, query, &telling.message, out);
    return st == STATUS_OK ? beside_tell(from, query, &telling.message, out)
                           : st;
}

/*
 * entries.c - entries that are here, and leaves of those that are not.
 */
#include "node/store/entries.h"

#include <string.h>

struct listing {
    const struct reply_from *from;
    int64_t                   channel;
    uint64_t                  bytes_max;
    struct reply            *out;
};

static bool
fits(const struct listing *listing, size_t len)
{
    return listing->out->len == 0 ||
           listing->out->len + 8 + len <= listing->bytes_max;
}

/* AGAIN: no room for it any more. */
static enum status
put_entry(const struct listing *listing, int64_t place)
{
    const struct group_record *record;
    enum status st = shelf_record(listing->from->shelf, place, &record);

    if (st != STATUS_OK)
        return st;
    if (!fits(listing, record->public.len + record->secret.len))
        return STATUS_AGAIN;
    return reply_record(listing->out, record->public, record->secret);
}

static enum status
put_missing(const struct listing *listing, const struct record *leaves,
            uint64_t index)
{
    struct record missing = {.kind = RECORD_MISSING,
                             .origin = leaves->origin,
                             .index = index,
                             .first = leaves->first};
    struct reader in = reader_of(leaves->bytes);
    uint8_t       bytes[1024];
    struct writer encoded = writer_of(bytes, sizeof(bytes));

    for (uint64_t i = leaves->index; i < index; i++)
        (void)reader_take(&in, LEAF_LEN);
    missing.leaf = reader_take(&in, LEAF_LEN);
    if (in.failed)
        return STATUS_CORRUPT;
    memcpy(missing.ephemeral, leaves->ephemeral, sizeof(missing.ephemeral));
    memcpy(missing.salt, leaves->salt, sizeof(missing.salt));
    record_encode(&missing, &encoded);
    if (!fits(listing, encoded.len))
        return STATUS_AGAIN;
    return reply_record(listing->out, writer_span(&encoded), SPAN_EMPTY);
}

/* An entry whose leaf alone is known.  AGAIN: nothing is known of it. */
static enum status
put_leaf(const struct listing *listing, uint64_t index)
{
    struct db    *db = listing->from->tables->db;
    int64_t       range[] = {tables_at(listing->channel, index),
                             tables_at(listing->channel, 0)};
    sqlite3_stmt *find = db_use(db, TABLES_LEAVES_FIND, 2, range);
    const struct group_record *found;
    struct record              leaves;
    uint64_t                   first;
    uint64_t                   count;
    int64_t                    place;
    enum status                st = db_row(db, find);

    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_AGAIN : st;
    first = tables_at_number(sqlite3_column_int64(find, 0));
    count = (uint64_t)sqlite3_column_int64(find, 1);
    place = sqlite3_column_int64(find, 2);
    (void)sqlite3_reset(find);
    if (index - first >= count)
        return STATUS_AGAIN;
    st = shelf_record(listing->from->shelf, place, &found);
    if (st == STATUS_OK && record_decode(found->public, &leaves) != STATUS_OK)
        st = STATUS_CORRUPT;
    return st == STATUS_OK ? put_missing(listing, &leaves, index) : st;
}

/* From `index` on, up to `end`.  AGAIN: the list ends before. */
static enum status
put_range(const struct listing *listing, uint64_t index, uint64_t end)
{
    struct db    *db = listing->from->tables->db;
    int64_t       range[] = {tables_at(listing->channel, index),
                             tables_at(listing->channel, end)};
    sqlite3_stmt *rows = db_use(db, TABLES_ENTRY_RANGE, 2, range);
    enum status   st = STATUS_OK;
    enum status   more = db_row(db, rows);

    while (st == STATUS_OK && index < end) {
        bool here = more == STATUS_OK &&
                    tables_at_number(sqlite3_column_int64(rows, 0)) == index;

        if (more != STATUS_OK && more != STATUS_NOT_FOUND)
            return more;
        st = here ? put_entry(listing, sqlite3_column_int64(rows, 1))
                  : put_leaf(listing, index);
        if (here && st == STATUS_OK)
            more = db_row(db, rows);
        index++;
    }
    (void)sqlite3_reset(rows);
    return st;
}

enum status
entries_list(const struct reply_from *from, const struct query *query,
             struct reply *out)
{
    struct listing         listing = {.from = from,
                                      .bytes_max = query->bytes_max,
                                      .out = out};
    struct tables_channel *channel;
    uint64_t               end = TABLES_NUMBER_MAX;
    enum status            st;

    if (query->from > TABLES_NUMBER_MAX)
        return STATUS_OK;
    if (query->count < TABLES_NUMBER_MAX - query->from)
        end = query->from + query->count;
    st = tables_channel_of(from->tables, &query->origin, &channel);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    listing.channel = channel->id;
    st = put_range(&listing, query->from, end);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

/* The place that such a statement finds, above the first size, up to the
 * second. */
static enum status
find_head(const struct reply_from *from, enum tables_statement statement,
          int64_t channel, const uint64_t sizes[static 2], int64_t *place)
{
    struct db    *db = from->tables->db;
    int64_t       range[] = {tables_at(channel, sizes[0]),
                             tables_at(channel, sizes[1])};
    sqlite3_stmt *find = db_use(db, statement, 2, range);
    enum status   st = db_row(db, find);

    if (st != STATUS_OK)
        return st;
    *place = sqlite3_column_int64(find, 0);
    (void)sqlite3_reset(find);
    return STATUS_OK;
}

enum status
entries_head(const struct reply_from *from, const struct query *query,
             struct reply *out)
{
    uint64_t                   sizes[] = {query->from, TABLES_NUMBER_MAX};
    const struct group_record *record;
    struct tables_channel     *channel;
    int64_t                    place = 0;
    enum status                st;

    if (query->from > TABLES_NUMBER_MAX)
        return STATUS_NOT_FOUND;
    st = tables_channel_of(from->tables, &query->origin, &channel);
    if (st != STATUS_OK)
        return st;
    if (query->count < sizes[1] - sizes[0])
        sizes[1] = sizes[0] + query->count;
    st = find_head(from, TABLES_HEAD_BELOW, channel->id, sizes, &place);
    sizes[1] = TABLES_NUMBER_MAX;
    if (st == STATUS_NOT_FOUND)
        st = find_head(from, TABLES_HEAD_ABOVE, channel->id, sizes, &place);
    if (st == STATUS_OK)
        st = shelf_record(from->shelf, place, &record);
    return st == STATUS_OK ? reply_record(out, record->public, record->secret)
                           : st;
}

enum status
entries_pending(const struct reply_from *from, const struct query *query,
                struct reply *out)
{
    const struct group_record *record;
    struct tables_message      message;
    int64_t                    peer = 0;
    enum status                st;

    st = tables_peer(from->tables, &query->peer, false, &peer);
    if (st == STATUS_OK)
        st = tables_waiting_find(from->tables, 2 * peer + 1, &query->id,
                                 &message);
    if (st == STATUS_OK)
        st = shelf_record(from->shelf, message.place, &record);
    return st == STATUS_OK
               ? reply_record(out, record->public, record->secret)
               : st;
}

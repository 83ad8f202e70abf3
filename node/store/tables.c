/*
 * tables.c - the schema, and small numbers for long names.
 *
 * Invariant: what is cached (channels, next ids) is what the tables hold; when
 * a transaction was rolled back, tables_forget_cached makes it so again.
 */
#include "node/store/tables.h"

#include <assert.h>
#include <string.h>

enum { DIRECTION_BIT = 62, PART_BITS = 16, CURSOR_FIRST = 2 };

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS mark(id INTEGER PRIMARY KEY, version, segment,"
    " offset, sequence, len, file_id, digest);"
    "CREATE TABLE IF NOT EXISTS peer(id INTEGER PRIMARY KEY, node UNIQUE);"
    "CREATE TABLE IF NOT EXISTS channel(id INTEGER PRIMARY KEY, pd, cosigned,"
    " span, origin UNIQUE);"
    "CREATE TABLE IF NOT EXISTS entry(id INTEGER PRIMARY KEY, place);"
    "CREATE TABLE IF NOT EXISTS leaves(id INTEGER PRIMARY KEY, count, place);"
    "CREATE TABLE IF NOT EXISTS head(id INTEGER PRIMARY KEY, place);"
    "CREATE TABLE IF NOT EXISTS message(id INTEGER PRIMARY KEY, pd, key,"
    " precedence, time, number, state, entry, place, queued, unread, rest);"
    "CREATE INDEX IF NOT EXISTS message_key ON message(id>>16, key);"
    "CREATE INDEX IF NOT EXISTS message_pd ON message(pd);"
    "CREATE INDEX IF NOT EXISTS message_number ON message(pd, number)"
    " WHERE number>0;"
    "CREATE INDEX IF NOT EXISTS message_queued ON message(queued)"
    " WHERE queued=1;"
    "CREATE INDEX IF NOT EXISTS message_waiting ON message(key)"
    " WHERE queued=1;"
    "CREATE INDEX IF NOT EXISTS message_unread ON message(unread)"
    " WHERE unread=1;"
    "CREATE TABLE IF NOT EXISTS trail(pd, key, place);"
    "CREATE INDEX IF NOT EXISTS trail_key ON trail(key);"
    "CREATE TABLE IF NOT EXISTS verdict(channel, first, count, state, place);"
    "CREATE INDEX IF NOT EXISTS verdict_first ON verdict(channel, first);"
    "CREATE TABLE IF NOT EXISTS cosigned(id INTEGER PRIMARY KEY, time);"
    "CREATE TABLE IF NOT EXISTS refers(key, pd, action, id, by);"
    "CREATE INDEX IF NOT EXISTS refers_key ON refers(key);"
    "CREATE TABLE IF NOT EXISTS file(key, pd, id, digest, state,"
    " PRIMARY KEY(key, pd, id, digest)) WITHOUT ROWID;";

static const char *const sql[TABLES_COUNT] = {
#define TABLES_SQL(name, text) [TABLES_##name] = text,
    TABLES_LIST(TABLES_SQL)
#undef TABLES_SQL
};

/* --- life ---------------------------------------------------------------- */

enum status
tables_open(const struct disk *disk, const char *name, struct tables *out)
{
    enum status st;

    *out = (struct tables){0};
    st = db_open(disk, name, schema, sql, TABLES_COUNT, &out->db);
    if (st == STATUS_OK)
        st = tables_forget_cached(out);
    if (st != STATUS_OK)
        tables_close(out);
    return st;
}

void
tables_close(struct tables *tables)
{
    db_close(tables->db);
    *tables = (struct tables){0};
}

static enum status
read_next(struct tables *tables, bool outgoing)
{
    int64_t       range[] = {tables_first_id(outgoing),
                             tables_last_id(outgoing)};
    sqlite3_stmt *find = db_use(tables->db, TABLES_MESSAGE_LAST, 2, range);
    enum status   st = db_row(tables->db, find);

    if (st != STATUS_OK)
        return st;
    tables->next[outgoing] = range[0] + CURSOR_FIRST;
    if (sqlite3_column_type(find, 0) != SQLITE_NULL)
        tables->next[outgoing] = sqlite3_column_int64(find, 0) + 1;
    (void)sqlite3_reset(find);
    return STATUS_OK;
}

static enum status
read_waiting(struct tables *tables)
{
    int64_t       range[] = {0, INT64_MAX};
    sqlite3_stmt *count = db_use(tables->db, TABLES_QUEUED_COUNT, 2, range);
    enum status   st = db_row(tables->db, count);

    if (st != STATUS_OK)
        return st;
    tables->waiting = (uint64_t)sqlite3_column_int64(count, 0);
    (void)sqlite3_reset(count);
    return STATUS_OK;
}

enum status
tables_forget_cached(struct tables *tables)
{
    enum status st;

    memset(tables->recent, 0, sizeof(tables->recent));
    st = read_next(tables, false);
    if (st == STATUS_OK)
        st = read_next(tables, true);
    return st == STATUS_OK ? read_waiting(tables) : st;
}

/* --- the mark ------------------------------------------------------------ */

enum status
tables_mark_get(struct tables *tables, const uint8_t *file_id,
                struct tables_mark *out)
{
    sqlite3_stmt *get = db_use(tables->db, TABLES_MARK_GET, 0, NULL);
    enum status   st = db_row(tables->db, get);
    struct span   id;
    struct reader digest;

    if (st != STATUS_OK)
        return st;
    id = db_blob(get, 5);
    digest = reader_of(db_blob(get, 6));
    if (sqlite3_column_int64(get, 0) != TABLES_VERSION ||
        !span_equal(id, (struct span){file_id, SEGMENT_FILE_ID}))
        st = STATUS_NOT_FOUND;
    out->last.segment = (uint64_t)sqlite3_column_int64(get, 1);
    out->last.offset = (uint64_t)sqlite3_column_int64(get, 2);
    out->last.sequence = (uint64_t)sqlite3_column_int64(get, 3);
    out->len = (uint64_t)sqlite3_column_int64(get, 4);
    reader_copy(&digest, out->digest, sizeof(out->digest));
    if (reader_end(&digest) != STATUS_OK)
        st = STATUS_NOT_FOUND;
    (void)sqlite3_reset(get);
    return st;
}

bool
tables_are_marked(struct tables *tables)
{
    sqlite3_stmt *get = db_use(tables->db, TABLES_MARK_GET, 0, NULL);
    bool          any = db_row(tables->db, get) == STATUS_OK;

    if (any)
        (void)sqlite3_reset(get);
    return any;
}

enum status
tables_mark_set(struct tables *tables, const uint8_t *file_id,
                const struct tables_mark *mark)
{
    int64_t       values[] = {TABLES_VERSION, (int64_t)mark->last.segment,
                              (int64_t)mark->last.offset,
                              (int64_t)mark->last.sequence,
                              (int64_t)mark->len};
    sqlite3_stmt *set = db_use(tables->db, TABLES_MARK_SET, 5, values);

    db_bind(set, 6, (struct span){file_id, SEGMENT_FILE_ID});
    db_bind(set, 7, SPAN_OF(mark->digest));
    return db_run(tables->db, set);
}

/* --- peers --------------------------------------------------------------- */

/* The first column of the first row. */
static enum status
one_number(struct tables *tables, sqlite3_stmt *find, int64_t *out)
{
    enum status st = db_row(tables->db, find);

    if (st == STATUS_OK) {
        *out = sqlite3_column_int64(find, 0);
        (void)sqlite3_reset(find);
    }
    return st;
}

enum status
tables_peer(struct tables *tables, const struct node_id *node, bool make,
            int64_t *out)
{
    sqlite3_stmt *use = db_use(tables->db, TABLES_PEER_FIND, 0, NULL);
    enum status   st;

    db_bind(use, 1, SPAN_OF(node->bytes));
    st = one_number(tables, use, out);
    if (st != STATUS_NOT_FOUND || !make)
        return st;
    use = db_use(tables->db, TABLES_PEER_ADD, 0, NULL);
    db_bind(use, 1, SPAN_OF(node->bytes));
    st = db_run(tables->db, use);
    if (st == STATUS_OK)
        *out = db_last_id(tables->db);
    return st;
}

enum status
tables_peer_node(struct tables *tables, int64_t peer, struct node_id *out)
{
    sqlite3_stmt *get = db_use(tables->db, TABLES_PEER_NODE, 1, &peer);
    enum status   st = db_row(tables->db, get);
    struct reader in;

    if (st != STATUS_OK)
        return st;
    in = reader_of(db_blob(get, 0));
    reader_copy(&in, out->bytes, sizeof(out->bytes));
    st = reader_end(&in) == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
    (void)sqlite3_reset(get);
    return st;
}

/* --- channels ------------------------------------------------------------ */

/* To the front, so that those in use are found first. */
static struct tables_channel *
remember(struct tables *tables, size_t at, struct tables_channel channel)
{
    memmove(tables->recent + 1, tables->recent, at * sizeof(channel));
    tables->recent[0] = channel;
    return &tables->recent[0];
}

enum status
tables_channel_by_id(struct tables *tables, int64_t id,
                     struct tables_channel **out)
{
    struct tables_channel channel = {.id = id};
    sqlite3_stmt         *get;
    enum status           st;

    for (size_t i = 0; i < TABLES_RECENT; i++)
        if (tables->recent[i].id == id) {
            *out = remember(tables, i, tables->recent[i]);
            return STATUS_OK;
        }
    get = db_use(tables->db, TABLES_CHANNEL_GET, 1, &id);
    st = db_row(tables->db, get);
    if (st != STATUS_OK)
        return st;
    channel.pd = sqlite3_column_int64(get, 0);
    channel.cosigned = (uint64_t)sqlite3_column_int64(get, 1);
    channel.span = (uint64_t)sqlite3_column_int64(get, 2);
    st = origin_parse(db_blob(get, 3), &channel.origin);
    (void)sqlite3_reset(get);
    if (st != STATUS_OK)
        return STATUS_CORRUPT;
    *out = remember(tables, TABLES_RECENT - 1, channel);
    return STATUS_OK;
}

enum status
tables_channel_of(struct tables *tables, const struct origin *origin,
                  struct tables_channel **out)
{
    struct origin_text text;
    sqlite3_stmt      *find;
    int64_t            id;
    enum status        st;

    for (size_t i = 0; i < TABLES_RECENT; i++)
        if (tables->recent[i].id != 0 &&
            origin_equal(&tables->recent[i].origin, origin)) {
            *out = remember(tables, i, tables->recent[i]);
            return STATUS_OK;
        }
    text = origin_format(origin);
    find = db_use(tables->db, TABLES_CHANNEL_FIND, 0, NULL);
    db_bind(find, 1, origin_span(&text));
    st = one_number(tables, find, &id);
    return st == STATUS_OK ? tables_channel_by_id(tables, id, out) : st;
}

enum status
tables_channel_make(struct tables *tables, const struct origin *origin,
                    bool outgoing, struct tables_channel **out)
{
    const struct node_id *node = outgoing ? &origin->recipient
                                          : &origin->sender;
    struct origin_text    text;
    sqlite3_stmt         *add;
    int64_t               pd = 0;
    enum status           st = tables_channel_of(tables, origin, out);

    if (st != STATUS_NOT_FOUND)
        return st;
    st = tables_peer(tables, node, true, &pd);
    if (st != STATUS_OK)
        return st;
    pd = 2 * pd + outgoing;
    text = origin_format(origin);
    add = db_use(tables->db, TABLES_CHANNEL_ADD, 1, &pd);
    db_bind(add, 2, origin_span(&text));
    st = db_run(tables->db, add);
    return st == STATUS_OK ? tables_channel_of(tables, origin, out) : st;
}

enum status
tables_channel_set(struct tables *tables, const struct tables_channel *channel)
{
    int64_t values[] = {channel->id, (int64_t)channel->cosigned,
                        (int64_t)channel->span};

    return db_run(tables->db,
                  db_use(tables->db, TABLES_CHANNEL_SET, 3, values));
}

int64_t
tables_at(int64_t channel, uint64_t number)
{
    assert(channel > 0 && channel < (int64_t)1 << (63 - TABLES_NUMBER_BITS));
    assert(number <= TABLES_NUMBER_MAX);
    return (int64_t)((uint64_t)channel << TABLES_NUMBER_BITS | number);
}

int64_t
tables_at_channel(int64_t at)
{
    return at >> TABLES_NUMBER_BITS;
}

uint64_t
tables_at_number(int64_t at)
{
    return (uint64_t)at & TABLES_NUMBER_MAX;
}

/* --- messages ------------------------------------------------------------ */

int64_t
tables_first_id(bool outgoing)
{
    return outgoing ? (int64_t)1 << DIRECTION_BIT : 0;
}

int64_t
tables_last_id(bool outgoing)
{
    return outgoing ? INT64_MAX : ((int64_t)1 << DIRECTION_BIT) - 1;
}

int64_t
tables_key(const struct message_id *id)
{
    struct reader in = reader_of(SPAN_OF(id->bytes));

    /* Unsigned order as signed order. */
    return (int64_t)(reader_u64(&in) ^ (uint64_t)1 << 63);
}

/* The bytes of an id behind its key. */
static struct span
rest_of(const struct message_id *id)
{
    struct reader in = reader_of(SPAN_OF(id->bytes));

    (void)reader_u64(&in);
    return reader_rest(&in);
}

struct tables_message
tables_message_read(sqlite3_stmt *row)
{
    struct tables_message out = {
        .id = sqlite3_column_int64(row, 0),
        .pd = sqlite3_column_int64(row, 1),
        .precedence = (uint8_t)sqlite3_column_int(row, 3),
        .time = (uint64_t)sqlite3_column_int64(row, 4),
        .number = (uint64_t)sqlite3_column_int64(row, 5),
        .state = (uint8_t)sqlite3_column_int(row, 6),
        .entry = sqlite3_column_int64(row, 7),
        .place = sqlite3_column_int64(row, 8),
        .queued = sqlite3_column_int(row, 9) != 0,
    };
    uint64_t      key = (uint64_t)sqlite3_column_int64(row, 2);
    struct writer id = writer_of(out.message.bytes, sizeof(out.message.bytes));

    writer_u64(&id, key ^ (uint64_t)1 << 63);
    writer_put(&id, db_blob(row, 11));
    return out;
}

int64_t
tables_first_part(bool outgoing)
{
    return tables_first_id(outgoing) >> PART_BITS;
}

int64_t
tables_last_part(const struct tables *tables, bool outgoing)
{
    return tables->next[outgoing] >> PART_BITS;
}

/* The row that a statement answers. */
static enum status
one_message(struct tables *tables, sqlite3_stmt *find,
            struct tables_message *out)
{
    enum status st = db_row(tables->db, find);

    if (st == STATUS_OK) {
        *out = tables_message_read(find);
        (void)sqlite3_reset(find);
    }
    return st;
}

enum status
tables_message_find(struct tables *tables, int64_t pd,
                    const struct message_id *id, struct tables_message *out)
{
    bool          outgoing = pd % 2 == 1;
    int64_t       first = tables_first_part(outgoing);
    int64_t       count = tables_last_part(tables, outgoing) - first + 1;
    int64_t       values[] = {0, tables_key(id), pd};
    sqlite3_stmt *find;
    enum status   st = STATUS_NOT_FOUND;

    for (int64_t i = 0; st == STATUS_NOT_FOUND && i < count; i++) {
        values[0] = first + (outgoing ? count - 1 - i : i);
        find = db_use(tables->db,
                      outgoing ? TABLES_MESSAGE_NEWEST : TABLES_MESSAGE_FIRST,
                      3, values);
        db_bind(find, 4, rest_of(id));
        st = one_message(tables, find, out);
    }
    return st;
}

enum status
tables_waiting_find(struct tables *tables, int64_t pd,
                    const struct message_id *id, struct tables_message *out)
{
    int64_t       values[] = {tables_key(id), pd};
    sqlite3_stmt *find;

    if (tables->waiting == 0)
        return STATUS_NOT_FOUND;
    find = db_use(tables->db, TABLES_WAITING_FIND, 2, values);
    db_bind(find, 3, rest_of(id));
    return one_message(tables, find, out);
}

/* A message of ours is never unread. */
static bool
is_unread(const struct tables_message *message)
{
    return message->pd % 2 == 0 && message->state == STATE_NEW;
}

enum status
tables_message_add(struct tables *tables, struct tables_message *message)
{
    int64_t       values[] = {tables->next[message->pd % 2],
                              message->pd,
                              tables_key(&message->message),
                              message->precedence,
                              (int64_t)message->time,
                              (int64_t)message->number,
                              message->state,
                              message->entry,
                              message->place,
                              message->queued, is_unread(message)};
    sqlite3_stmt *add = db_use(tables->db, TABLES_MESSAGE_ADD, 11, values);
    enum status   st;

    db_bind(add, 12, rest_of(&message->message));
    st = db_run(tables->db, add);
    if (st == STATUS_OK) {
        message->id = tables->next[message->pd % 2]++;
        tables->waiting += message->queued;
    }
    return st;
}

enum status
tables_message_set(struct tables *tables, const struct tables_message *before,
                   const struct tables_message *message)
{
    int64_t     values[] = {message->id,    (int64_t)message->number,
                            message->state, message->entry,
                            message->place, message->queued,
                            is_unread(message)};
    enum status st = db_run(tables->db,
                            db_use(tables->db, TABLES_MESSAGE_SET, 7, values));

    if (st == STATUS_OK)
        tables->waiting += (uint64_t)message->queued - before->queued;
    return st;
}

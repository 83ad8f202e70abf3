/*
 * rows.c - picks messages by what is public, then reads their words.
 *
 * Two passes: the first finds which rows are shown, the second writes them in
 * order of arrival.  Words are read from the journal, in the first pass only
 * when a filter asks for them.
 */
#include "node/store/rows.h"

#include "control.pb-c.h"
#include "node/store/trail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 4096, SQL_CAP = 512, PREFIX_MIN = 6 };

enum { ID_HEX = 2 * LIMIT_MESSAGE_ID, KEY_HEX = 16 };

struct filter {
    struct span       kind;  /* empty: all */
    enum message_state state; /* STATE_NONE: all */
    bool              unread;
    uint64_t          since_ms;
};

struct picked {
    struct tables_message *list;
    size_t                 count;
    size_t                 cap; /* no more are wanted */
};

/* --- one row ------------------------------------------------------------- */

struct words {
    struct record_secret secret; /* empty spans when it is gone */
    bool                 here;
    bool                 forgotten;
};

/* A damaged group does not hide the row, only its words. */
static enum status
words_of(const struct reply_from *from, const struct tables_message *message,
         struct words *out)
{
    const struct group_record *record;
    enum status                st;

    *out = (struct words){0};
    st = shelf_record(from->shelf, message->place, &record);
    if (st != STATUS_OK)
        return st == STATUS_CORRUPT ? STATUS_OK : st;
    out->forgotten = record->secret_len > 0 && record->secret.len == 0;
    out->here = record->secret.len > 0 &&
                record_secret_decode(record->secret, &out->secret) == STATUS_OK;
    return STATUS_OK;
}

static enum status
state_of(const struct reply_from *from, const struct tables_message *message,
         enum message_state *out)
{
    struct words words;
    enum status  st = trail_state(from, message, out);

    if (st != STATUS_OK || message->pd % 2 == 1)
        return st;
    st = words_of(from, message, &words);
    if (st == STATUS_OK && words.forgotten)
        *out = STATE_FORGOTTEN;
    return st;
}

/* The row's words: a record_secret without key and without message. */
static enum status
put_row(const struct reply_from *from, const struct tables_message *message,
        struct record_row *row, struct reply *out)
{
    struct words       words;
    struct writer      to;
    struct writer      encoded;
    uint8_t           *bytes = NULL;
    size_t             len = 0;
    enum status        st = words_of(from, message, &words);

    if (st != STATUS_OK)
        return st;
    if (words.forgotten && !row->outgoing)
        row->state = STATE_FORGOTTEN;
    if (words.here) {
        memset(words.secret.content_key, 0, LIMIT_KEY);
        words.secret.message = SPAN_EMPTY;
        len = record_secret_len(&words.secret);
        bytes = malloc(len);
        if (bytes == NULL)
            return STATUS_FULL;
        encoded = writer_of(bytes, len);
        record_secret_encode(&words.secret, &encoded);
        row->words = writer_span(&encoded);
    }
    st = reply_room(out, 1024 + len, &to);
    if (st == STATUS_OK) {
        record_row_put(&to, row);
        reply_take(out, &to);
    }
    if (bytes != NULL)
        secret_wipe_bytes(bytes, len);
    free(bytes);
    return st;
}

static enum status
put_message(const struct reply_from    *from,
            const struct tables_message *message, uint64_t queue,
            struct reply *out)
{
    struct tables_channel *channel;
    struct origin_text     origin;
    bool                   outgoing = message->pd % 2 == 1;
    struct record_row      row = {
             .outgoing = outgoing,
             .id = message->message,
             .number = message->number,
             .queue = queue,
             .precedence = message->precedence,
             .time = message->time,
             .cursor = (uint64_t)(message->id - tables_first_id(outgoing)),
    };
    enum status st = tables_peer_node(from->tables, message->pd / 2, &row.peer);

    if (st == STATUS_OK)
        st = trail_state(from, message, &row.state);
    if (st == STATUS_OK && message->entry != 0) {
        st = tables_channel_by_id(from->tables,
                                  tables_at_channel(message->entry), &channel);
        if (st != STATUS_OK)
            return st;
        origin = origin_format(&channel->origin);
        row.origin = origin_span(&origin);
        row.index = tables_at_number(message->entry);
    }
    return st == STATUS_OK ? put_row(from, message, &row, out) : st;
}

/* Queued messages with ids above `after`, up to `upto`. */
static enum status
count_queued(const struct reply_from *from, int64_t after, int64_t upto,
             uint64_t *count)
{
    struct db    *db = from->tables->db;
    int64_t       range[] = {after, upto};
    sqlite3_stmt *use = db_use(db, TABLES_QUEUED_COUNT, 2, range);
    enum status   st = db_row(db, use);

    if (st != STATUS_OK)
        return st;
    *count += (uint64_t)sqlite3_column_int64(use, 0);
    (void)sqlite3_reset(use);
    return STATUS_OK;
}

/* Writes what was picked, which is in order of ids. */
static enum status
put_all(const struct reply_from *from, const struct picked *picked,
        struct reply *out)
{
    uint64_t    queue = 0;
    int64_t     counted = 0;
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < picked->count; i++) {
        const struct tables_message *message = &picked->list[i];

        if (message->queued) {
            st = count_queued(from, counted, message->id, &queue);
            counted = message->id;
        }
        if (st == STATUS_OK)
            st = put_message(from, message, message->queued ? queue : 0, out);
    }
    return st;
}

/* --- picking ------------------------------------------------------------- */

static enum status
picked_init(struct picked *picked, uint64_t cap)
{
    *picked = (struct picked){
        .cap = cap == 0 || cap > ROWS_MAX ? ROWS_MAX : (size_t)cap};
    picked->list = calloc(picked->cap, sizeof(*picked->list));
    return picked->list == NULL ? STATUS_FULL : STATUS_OK;
}

static void
picked_reverse(struct picked *picked)
{
    for (size_t i = 0; i < picked->count / 2; i++) {
        struct tables_message *a = &picked->list[i];
        struct tables_message *b = &picked->list[picked->count - 1 - i];
        struct tables_message  held = *a;

        *a = *b;
        *b = held;
    }
}

static enum status
filter_read(struct span text, struct filter *filter,
            Entente__ListRequest **request)
{
    const Entente__ListRequest *list;

    *filter = (struct filter){0};
    *request = entente__list_request__unpack(NULL, text.len, text.ptr);
    list = *request;
    if (list == NULL)
        return STATUS_BAD_ENCODING;
    filter->kind = span_text(list->kind);
    filter->unread = list->unread != 0;
    filter->since_ms = list->since_ms;
    if (list->state[0] == '\0')
        return STATUS_OK;
    return state_parse(span_text(list->state), &filter->state) == STATUS_OK
               ? STATUS_OK
               : STATUS_BAD_FIELD;
}

/* Of several rows with one id one is shown. */
static enum status
is_shown(const struct reply_from *from, const struct tables_message *message,
         bool *out)
{
    struct tables_message shown;
    enum status st = tables_message_find(from->tables, message->pd,
                                         &message->message, &shown);

    if (st == STATUS_OK)
        *out = shown.id == message->id;
    return st == STATUS_NOT_FOUND ? STATUS_CORRUPT : st;
}

static enum status
passes(const struct reply_from *from, const struct filter *filter,
       const struct tables_message *message, bool *out)
{
    enum message_state state = STATE_NONE;
    struct words       words;
    enum status        st = STATUS_OK;

    *out = message->time >= filter->since_ms;
    if (*out && filter->state != STATE_NONE) {
        st = state_of(from, message, &state);
        *out = state == filter->state;
    }
    if (st == STATUS_OK && *out && filter->kind.len > 0) {
        st = words_of(from, message, &words);
        *out = span_equal(words.secret.kind, filter->kind);
    }
    return st;
}

/* Takes rows of the statement until there are enough. */
static enum status
pick(const struct reply_from *from, const struct filter *filter,
     sqlite3_stmt *rows, struct picked *picked)
{
    enum status st = STATUS_OK;

    while (st == STATUS_OK && picked->count < picked->cap) {
        struct tables_message message;
        bool                  fits = true;

        st = db_row(from->tables->db, rows);
        if (st != STATUS_OK)
            break;
        message = tables_message_read(rows);
        if (filter != NULL)
            st = passes(from, filter, &message, &fits);
        if (st == STATUS_OK && fits)
            st = is_shown(from, &message, &fits);
        if (st == STATUS_OK && fits)
            picked->list[picked->count++] = message;
    }
    (void)sqlite3_reset(rows);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
prepare_list(const struct reply_from *from, const struct query *query,
             const struct filter *filter, int64_t pd, sqlite3_stmt **out)
{
    bool        by_peer = pd != 0;
    const char *index = "NOT INDEXED";
    char        sql[SQL_CAP];
    int64_t     after = tables_last_id(false); /* past all cursors */
    enum status st;

    if (filter->unread)
        index = "INDEXED BY message_unread";
    else if (by_peer)
        index = "INDEXED BY message_pd";
    (void)snprintf(sql, sizeof(sql),
                   "SELECT " TABLES_MESSAGE " FROM message %s WHERE id>?1 "
                   "AND id<=?2 %s %s ORDER BY id %s",
                   index, by_peer ? "AND pd=?3" : "",
                   filter->unread ? "AND unread=1" : "",
                   query->from == 0 ? "DESC" : "ASC");
    st = db_prepare(from->tables->db, sql, out);
    if (st != STATUS_OK)
        return st;
    if (query->from < (uint64_t)after)
        after = (int64_t)query->from;
    (void)sqlite3_bind_int64(*out, 1,
                             tables_first_id(query->outgoing) + after);
    (void)sqlite3_bind_int64(*out, 2, tables_last_id(query->outgoing));
    if (by_peer)
        (void)sqlite3_bind_int64(*out, 3, pd);
    return STATUS_OK;
}

static bool
names_peer(const struct query *query)
{
    static const struct node_id none;

    return !node_id_equal(&query->peer, &none);
}

/* 0 for all peers.  NOT_FOUND: nothing was ever said to or by this one. */
static enum status
peer_direction(const struct reply_from *from, const struct query *query,
               int64_t *pd)
{
    int64_t     peer = 0;
    enum status st = STATUS_OK;

    *pd = 0;
    if (!names_peer(query))
        return STATUS_OK;
    st = tables_peer(from->tables, &query->peer, false, &peer);
    *pd = 2 * peer + query->outgoing;
    return st;
}

enum status
rows_list(const struct reply_from *from, const struct query *query,
          struct span text, struct reply *out)
{
    Entente__ListRequest *request = NULL;
    struct picked         picked = {0};
    struct filter         filter;
    sqlite3_stmt         *rows = NULL;
    int64_t               pd;
    enum status           st = filter_read(text, &filter, &request);

    if (st == STATUS_OK)
        st = peer_direction(from, query, &pd);
    if (st == STATUS_OK)
        st = picked_init(&picked, query->count);
    if (st == STATUS_OK)
        st = prepare_list(from, query, &filter, pd, &rows);
    if (st == STATUS_OK)
        st = pick(from, &filter, rows, &picked);
    if (query->from == 0)
        picked_reverse(&picked);
    if (st == STATUS_OK)
        st = put_all(from, &picked, out);
    (void)sqlite3_finalize(rows);
    free(picked.list);
    entente__list_request__free_unpacked(request, NULL);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- references ---------------------------------------------------------- */

static enum status
prepare_find(const struct reply_from *from, const struct query *query,
             int64_t pd, sqlite3_stmt **out)
{
    static const char by_number[] =
        "SELECT " TABLES_MESSAGE " FROM message INDEXED BY message_number "
        "WHERE number>0 AND pd=?1 AND number=?2 ORDER BY id";
    static const char by_queue[] =
        "SELECT " TABLES_MESSAGE " FROM message INDEXED BY message_queued "
        "WHERE queued=1 ORDER BY id LIMIT 1 OFFSET ?1";
    enum status st;

    if (query->from == 0 || query->from > INT64_MAX)
        return STATUS_NOT_FOUND;
    st = db_prepare(from->tables->db, pd != 0 ? by_number : by_queue, out);
    if (st != STATUS_OK)
        return st;
    if (pd != 0) {
        (void)sqlite3_bind_int64(*out, 1, pd);
        (void)sqlite3_bind_int64(*out, 2, (int64_t)query->from);
    } else {
        (void)sqlite3_bind_int64(*out, 1, (int64_t)query->from - 1);
    }
    return STATUS_OK;
}

/* The lowest or highest key that begins with these digits. */
static enum status
prefix_key(struct span digits, char fill, int64_t *out)
{
    struct message_id id = {{0}};
    char              hex[ID_HEX];
    enum status       st;

    memset(hex, fill, sizeof(hex));
    memcpy(hex, digits.ptr, digits.len);
    st = hex_decode((struct span){(const uint8_t *)hex, sizeof(hex)}, id.bytes,
                    sizeof(id.bytes));
    *out = tables_key(&id);
    return st == STATUS_OK ? STATUS_OK : STATUS_BAD_FIELD;
}

static bool
begins_with(const struct message_id *id, struct span digits)
{
    char hex[ID_HEX + 1];

    hex_encode(id->bytes, sizeof(id->bytes), hex);
    return memcmp(hex, digits.ptr, digits.len) == 0;
}

/* Rows of one direction whose ids lie between two keys. */
static enum status
pick_between(const struct reply_from *from, sqlite3_stmt *rows, bool outgoing,
             struct picked *picked)
{
    int64_t     last = tables_last_part(from->tables, outgoing);
    enum status st = STATUS_OK;

    for (int64_t part = tables_first_part(outgoing);
         st == STATUS_OK && part <= last; part++) {
        (void)sqlite3_bind_int64(rows, 4, part);
        st = pick(from, NULL, rows, picked);
    }
    return st;
}

static enum status
pick_prefix(const struct reply_from *from, struct span digits, int64_t pd,
            struct picked *picked)
{
    static const char sql[] =
        "SELECT " TABLES_MESSAGE " FROM message INDEXED BY message_key "
        "WHERE id>>16=?4 AND key>=?1 AND key<=?2 AND (?3=0 OR pd=?3)";
    sqlite3_stmt *rows = NULL;
    int64_t       low;
    int64_t       high;
    size_t        kept = 0;
    enum status   st = prefix_key(digits, '0', &low);

    if (st == STATUS_OK)
        st = prefix_key(digits, 'f', &high);
    if (st == STATUS_OK)
        st = db_prepare(from->tables->db, sql, &rows);
    if (st != STATUS_OK)
        return st;
    (void)sqlite3_bind_int64(rows, 1, low);
    (void)sqlite3_bind_int64(rows, 2, high);
    (void)sqlite3_bind_int64(rows, 3, pd);
    st = pick_between(from, rows, false, picked);
    if (st == STATUS_OK)
        st = pick_between(from, rows, true, picked);
    (void)sqlite3_finalize(rows);
    for (size_t i = 0; i < picked->count; i++)
        if (begins_with(&picked->list[i].message, digits))
            picked->list[kept++] = picked->list[i];
    picked->count = kept;
    return st;
}

enum status
rows_find(const struct reply_from *from, const struct query *query,
          struct span text, struct reply *out)
{
    struct picked picked = {0};
    sqlite3_stmt *rows = NULL;
    int64_t       pd;
    enum status   st = peer_direction(from, query, &pd);

    if (st == STATUS_OK)
        st = picked_init(&picked, 0);
    if (st == STATUS_OK && text.len > ID_HEX)
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK && text.len > 0 && text.len < PREFIX_MIN)
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK && text.len > 0) {
        st = pick_prefix(from, text, pd, &picked);
    } else if (st == STATUS_OK) {
        st = prepare_find(from, query, pd, &rows);
        if (st == STATUS_OK)
            st = pick(from, NULL, rows, &picked);
    }
    if (st == STATUS_OK)
        st = put_all(from, &picked, out);
    (void)sqlite3_finalize(rows);
    free(picked.list);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

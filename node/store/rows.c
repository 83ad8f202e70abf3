/*
 * rows.c - which messages a list or a reference means.
 */
#include "node/store/rows.h"

#include "control.pb-c.h"
#include "node/store/picked.h"

#include <stdio.h>
#include <string.h>

enum { SQL_CAP = 512, PREFIX_MIN = 6 };

enum { ID_HEX = 2 * LIMIT_MESSAGE_ID, KEY_HEX = 16 };

struct filter {
    struct span       kind;  /* empty: all */
    enum message_state state; /* STATE_NONE: all */
    bool              unread;
    uint64_t          since_ms;
};

/* --- filters -------------------------------------------------------------- */

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

static enum status
passes(const struct reply_from *from, const void *arg,
       const struct tables_message *message, bool *out)
{
    const struct filter *filter = arg;
    enum message_state   state = STATE_NONE;
    struct picked_words  words;
    enum status          st = STATUS_OK;

    *out = message->time >= filter->since_ms;
    if (*out && filter->state != STATE_NONE) {
        st = picked_state(from, message, &state);
        *out = state == filter->state;
    }
    if (st == STATUS_OK && *out && filter->kind.len > 0) {
        st = picked_words(from, message, &words);
        *out = span_equal(words.secret.kind, filter->kind);
    }
    return st;
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
        st = picked_take(&picked, from, rows, passes, &filter);
    if (query->from == 0)
        picked_reverse(&picked);
    if (st == STATUS_OK)
        st = picked_put(&picked, from, out);
    (void)sqlite3_finalize(rows);
    picked_free(&picked);
    entente__list_request__free_unpacked(request, NULL);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- references ----------------------------------------------------------- */

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
        st = picked_take(picked, from, rows, NULL, NULL);
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
            st = picked_take(&picked, from, rows, NULL, NULL);
    }
    if (st == STATUS_OK)
        st = picked_put(&picked, from, out);
    (void)sqlite3_finalize(rows);
    picked_free(&picked);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/*
 * picked.c - two passes: which rows, then what they say.
 *
 * Words are read from the journal, never from the tables; a damaged group
 * there does not hide a row, only its words.
 */
#include "node/store/picked.h"

#include "node/store/beside.h"
#include "node/store/newer.h"
#include "node/store/trail.h"
#include "node/store/twin.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_ROOM = 1024 };

/* --- picking -------------------------------------------------------------- */

enum status
picked_init(struct picked *picked, uint64_t cap)
{
    *picked = (struct picked){
        .cap = cap == 0 || cap > PICKED_MAX ? PICKED_MAX : (size_t)cap};
    picked->list = calloc(picked->cap, sizeof(*picked->list));
    return picked->list == NULL ? STATUS_FULL : STATUS_OK;
}

void
picked_free(struct picked *picked)
{
    free(picked->list);
    *picked = (struct picked){0};
}

void
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

/*
 * Of several rows with one id one is shown, unless the peer used that id for
 * another message: then both, and the later one quarantined.
 */
static enum status
is_shown(const struct reply_from *from, struct tables_message *message,
         bool *out)
{
    struct tables_message shown;
    bool                  same = true;
    enum status st = tables_message_find(from->tables, message->pd,
                                         &message->message, &shown);

    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_CORRUPT : st;
    if (shown.id != message->id && message->pd % 2 == 0)
        st = twin_same(from->shelf, shown.place, message->place, &same);
    if (!same)
        message->state = STATE_QUARANTINED;
    *out = shown.id == message->id || !same;
    return st;
}

enum status
picked_take(struct picked *picked, const struct reply_from *from,
            sqlite3_stmt *rows,
            enum status (*passes)(const struct reply_from     *from,
                                  const void                  *filter,
                                  const struct tables_message *message,
                                  bool                        *out),
            const void *filter)
{
    enum status st = STATUS_OK;

    while (st == STATUS_OK && picked->count < picked->cap) {
        struct tables_message message;
        bool                  fits = true;

        st = db_row(from->tables->db, rows);
        if (st != STATUS_OK)
            break;
        message = tables_message_read(rows);
        if (passes != NULL)
            st = passes(from, filter, &message, &fits);
        if (st == STATUS_OK && fits)
            st = is_shown(from, &message, &fits);
        if (st == STATUS_OK && fits)
            picked->list[picked->count++] = message;
    }
    (void)sqlite3_reset(rows);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- one row -------------------------------------------------------------- */

enum status
picked_words(const struct reply_from     *from,
             const struct tables_message *message, struct picked_words *out)
{
    const struct group_record *record;
    enum status                st;

    *out = (struct picked_words){0};
    st = shelf_record(from->shelf, message->place, &record);
    if (st != STATUS_OK)
        return st == STATUS_CORRUPT ? STATUS_OK : st;
    out->forgotten = record->secret_len > 0 && record->secret.len == 0;
    out->here = record->secret.len > 0 &&
                record_secret_decode(record->secret, &out->secret) == STATUS_OK;
    return STATUS_OK;
}

enum status
picked_state(const struct reply_from     *from,
             const struct tables_message *message, enum message_state *out)
{
    struct picked_words words;
    enum status  st = trail_state(from, message, out);

    if (st != STATUS_OK || message->pd % 2 == 1)
        return st;
    st = picked_words(from, message, &words);
    if (st == STATUS_OK && words.forgotten)
        *out = STATE_FORGOTTEN;
    return st;
}

/* The row's words: a record_secret without key and without message. */
static enum status
put_row(const struct reply_from *from, const struct tables_message *message,
        struct record_row *row, struct reply *out)
{
    struct picked_words       words;
    struct writer      to;
    struct writer      encoded;
    uint8_t           *bytes = NULL;
    size_t             len = 0;
    enum status        st = picked_words(from, message, &words);

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
    st = reply_room(out, ROW_ROOM + len, &to);
    if (st == STATUS_OK) {
        record_row_put(&to, row);
        reply_take(out, &to);
    }
    if (bytes != NULL)
        secret_wipe_bytes(bytes, len);
    free(bytes);
    return st;
}

/* What did most to it since. */
static enum status
fill_newer(const struct reply_from     *from,
           const struct tables_message *message, struct record_row *row)
{
    struct newer list[NEWER_MAX];
    size_t       count = 0;
    enum status  st = newer_list(from, message, list, &count);

    if (st == STATUS_OK && count > 0) {
        row->newer = list[0].action;
        row->newer_number = list[0].number;
    }
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
    if (st == STATUS_OK)
        st = fill_newer(from, message, &row);
    if (st == STATUS_OK)
        st = beside_fill(from->tables, message, &row);
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

enum status
picked_put_one(const struct reply_from     *from,
               const struct tables_message *message,
               struct picked_queue *queue, struct reply *out)
{
    enum status st = STATUS_OK;

    if (!message->queued)
        return put_message(from, message, 0, out);
    if (message->id < queue->upto)
        *queue = (struct picked_queue){0};
    st = count_queued(from, queue->upto, message->id, &queue->count);
    queue->upto = message->id;
    return st == STATUS_OK ? put_message(from, message, queue->count, out)
                           : st;
}

enum status
picked_put(const struct picked *picked, const struct reply_from *from,
           struct reply *out)
{
    struct picked_queue queue = {0};
    enum status         st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < picked->count; i++)
        st = picked_put_one(from, &picked->list[i], &queue, out);
    return st;
}

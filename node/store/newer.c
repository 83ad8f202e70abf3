/*
 * newer.c - who refers to an id, and whether that counts.
 *
 * The tables name candidates; realm and status of both sides are compared
 * here, where the words of both can be read.
 */
#include "node/store/newer.h"

#include <string.h>

enum { STATUS_WORD = 16, RECORD_ROOM = 128 };

struct side {
    char status[STATUS_WORD]; /* ACTUAL; "" when its words are gone */
    char realm[REALM_LEN + 1];
};

static enum status
read_side(const struct reply_from *from, const struct tables_message *message,
          struct side *out)
{
    const struct group_record *record;
    struct record_secret       secret = {0};
    struct tables_channel     *channel;
    enum status st = shelf_record(from->shelf, message->place, &record);

    *out = (struct side){.realm = REALM_ACTUAL}; /* of what waits */
    if (st == STATUS_OK && record->secret.len > 0 &&
        record_secret_decode(record->secret, &secret) == STATUS_OK &&
        secret.status.len < STATUS_WORD && secret.status.len > 0)
        memcpy(out->status, secret.status.ptr, secret.status.len);
    if (st != STATUS_OK && st != STATUS_CORRUPT)
        return st;
    if (message->entry == 0)
        return STATUS_OK;
    st = tables_channel_by_id(from->tables, tables_at_channel(message->entry),
                              &channel);
    if (st == STATUS_OK)
        memcpy(out->realm, channel->origin.realm, sizeof(out->realm));
    return st;
}

/* Where words are gone they are taken to fit: a warning more, not less. */
static bool
is_same(const struct side *one, const struct side *other)
{
    return strcmp(one->realm, other->realm) == 0 &&
           (one->status[0] == '\0' || other->status[0] == '\0' ||
            strcmp(one->status, other->status) == 0);
}

/* Those that name this id, whether they count or not. */
static enum status
candidates(const struct reply_from *from, const struct tables_message *message,
           struct newer list[static NEWER_MAX], size_t *count)
{
    struct db    *db = from->tables->db;
    int64_t       values[] = {tables_key(&message->message), message->pd};
    sqlite3_stmt *rows = db_use(db, TABLES_REFERS_TO, 2, values);
    enum status   st = STATUS_OK;

    db_bind(rows, 3, SPAN_OF(message->message.bytes));
    *count = 0;
    while (*count < NEWER_MAX && (st = db_row(db, rows)) == STATUS_OK) {
        struct newer *newer = &list[*count];
        struct reader id = reader_of(db_blob(rows, 1));

        *newer = (struct newer){
            .action = (uint8_t)sqlite3_column_int(rows, 0)};
        reader_copy(&id, newer->id.bytes, sizeof(newer->id.bytes));
        if (reader_end(&id) != STATUS_OK)
            return STATUS_CORRUPT;
        *count += !span_equal(SPAN_OF(newer->id.bytes),
                              SPAN_OF(message->message.bytes));
    }
    (void)sqlite3_reset(rows);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
newer_list(const struct reply_from     *from,
           const struct tables_message *message,
           struct newer list[static NEWER_MAX], size_t *count)
{
    struct tables_message found;
    struct side           own;
    struct side           side;
    size_t                kept = 0;
    enum status           st = candidates(from, message, list, count);

    if (st != STATUS_OK || *count == 0)
        return st;
    st = read_side(from, message, &own);
    for (size_t i = 0; st == STATUS_OK && i < *count; i++) {
        st = tables_message_find(from->tables, message->pd, &list[i].id,
                                 &found);
        if (st == STATUS_NOT_FOUND) { /* it was struck: never sent */
            st = STATUS_OK;
            continue;
        }
        if (st == STATUS_OK)
            st = read_side(from, &found, &side);
        list[i].number = found.number;
        if (st == STATUS_OK && is_same(&own, &side))
            list[kept++] = list[i];
    }
    *count = kept;
    return st;
}

enum status
newer_tell(const struct reply_from *from, const struct query *query,
           const struct tables_message *message, struct reply *out)
{
    struct newer list[NEWER_MAX];
    size_t       count = 0;
    enum status  st = newer_list(from, message, list, &count);

    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        struct record record = {.kind = RECORD_REFERS,
                                .peer = query->peer,
                                .outgoing = query->outgoing,
                                .id = list[i].id,
                                .number = list[i].number,
                                .state = list[i].action,
                                .bytes = SPAN_OF(query->id.bytes)};
        uint8_t       bytes[RECORD_ROOM];
        struct writer to = writer_of(bytes, sizeof(bytes));

        record_encode(&record, &to);
        st = reply_record(out, writer_span(&to), SPAN_EMPTY);
    }
    return st;
}

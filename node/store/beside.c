/*
 * beside.c - a row for each file of each message, written over as it comes on.
 */
#include "node/store/beside.h"

enum { RECORD_ROOM = 256 };

enum status
beside_note(struct tables *tables, const struct record *record)
{
    int64_t       values[] = {tables_key(&record->id), 0, record->state};
    sqlite3_stmt *put;
    enum status   st = tables_peer(tables, &record->peer, true, &values[1]);

    if (st != STATUS_OK)
        return st;
    values[1] = 2 * values[1] + (record->outgoing != 0);
    put = db_use(tables->db, TABLES_FILE_PUT, 3, values);
    db_bind(put, 4, SPAN_OF(record->id.bytes));
    db_bind(put, 5, SPAN_OF(record->root));
    return db_run(tables->db, put);
}

static sqlite3_stmt *
use_files(struct tables *tables, const struct tables_message *message)
{
    int64_t       values[] = {tables_key(&message->message), message->pd};
    sqlite3_stmt *rows = db_use(tables->db, TABLES_FILES_OF, 2, values);

    db_bind(rows, 3, SPAN_OF(message->message.bytes));
    return rows;
}

enum status
beside_fill(struct tables *tables, const struct tables_message *message,
            struct record_row *row)
{
    sqlite3_stmt *rows = use_files(tables, message);
    enum status   st;

    while ((st = db_row(tables->db, rows)) == STATUS_OK) {
        uint8_t state = (uint8_t)sqlite3_column_int(rows, 0);

        if (row->files == UINT8_MAX)
            continue;
        row->files++;
        if (state == ATTACHMENT_COMPLETE)
            row->files_whole++;
        row->files_state = record_attachment_first(row->files_state, state);
    }
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static enum status
tell_one(const struct query *query, sqlite3_stmt *row, struct reply *out)
{
    struct record record = {.kind = RECORD_ATTACHMENT,
                            .peer = query->peer,
                            .outgoing = query->outgoing,
                            .id = query->id,
                            .state = (uint8_t)sqlite3_column_int(row, 0)};
    struct reader digest = reader_of(db_blob(row, 1));
    uint8_t       bytes[RECORD_ROOM];
    struct writer to = writer_of(bytes, sizeof(bytes));

    reader_copy(&digest, record.root, sizeof(record.root));
    if (reader_end(&digest) != STATUS_OK)
        return STATUS_CORRUPT;
    record_encode(&record, &to);
    return reply_record(out, writer_span(&to), SPAN_EMPTY);
}

enum status
beside_tell(const struct reply_from *from, const struct query *query,
            const struct tables_message *message, struct reply *out)
{
    struct db    *db = from->tables->db;
    sqlite3_stmt *rows = use_files(from->tables, message);
    enum status   st;

    while ((st = db_row(db, rows)) == STATUS_OK) {
        st = tell_one(query, rows, out);
        if (st != STATUS_OK) {
            (void)sqlite3_reset(rows);
            return st;
        }
    }
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

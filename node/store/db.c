/*
 * db.c - SQLite in write-ahead mode, alone with its file.
 *
 * synchronous=NORMAL: a commit is not synced, a checkpoint is.  After a power
 * cut the database is as it was at some commit; what it lost is made again
 * from the journal, behind the watermark of that very commit.  Checkpoints run
 * only when asked for, since one stalls whoever waits behind it.
 */
#include "node/store/db.h"

#include "node/store/vfs.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static const char settings[] = "PRAGMA page_size=4096;"
                               "PRAGMA locking_mode=EXCLUSIVE;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA journal_mode=WAL;"
                               "PRAGMA synchronous=NORMAL;"
                               "PRAGMA wal_autocheckpoint=0;"
                               "PRAGMA cache_size=-8192;"
                               "PRAGMA cache_spill=OFF;"
                               "PRAGMA trusted_schema=OFF;";

struct db {
    sqlite3       *handle;
    struct vfs    *vfs;
    bool           damaged;
    size_t         waiting;
    size_t         count;
    sqlite3_stmt **statements;
};

static enum status
status_of(struct db *db, int code)
{
    if (code == SQLITE_IOERR_DATA) /* a page that is not as it was written */
        code = SQLITE_CORRUPT;
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW: return STATUS_OK;
    case SQLITE_DONE: return STATUS_NOT_FOUND;
    case SQLITE_FULL: return STATUS_NO_SPACE;
    case SQLITE_NOMEM: return STATUS_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CONSTRAINT:
    case SQLITE_ERROR: /* tables that are not as we made them */
        db->damaged = true;
        return STATUS_CORRUPT;
    default: return STATUS_IO;
    }
}

static int
on_wal(void *arg, sqlite3 *handle, const char *name, int pages)
{
    struct db *db = arg;

    (void)handle;
    (void)name;
    db->waiting = (size_t)pages;
    return SQLITE_OK;
}

static enum status
prepare_all(struct db *db, const char *const *sql, size_t count)
{
    enum status st = STATUS_OK;

    db->statements = calloc(count + 1, sizeof(*db->statements));
    if (db->statements == NULL)
        return STATUS_FULL;
    db->count = count;
    for (size_t i = 0; st == STATUS_OK && i < count; i++)
        st = status_of(db, sqlite3_prepare_v3(db->handle, sql[i], -1,
                                          SQLITE_PREPARE_PERSISTENT,
                                          &db->statements[i], NULL));
    return st;
}

enum status
db_open(const struct disk *disk, const char *name, const char *schema,
        const char *const *sql, size_t count, struct db **out)
{
    int         flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    struct db  *db = calloc(1, sizeof(*db));
    const char *vfs = NULL;
    enum status st = db == NULL ? STATUS_FULL : STATUS_OK;

    if (st == STATUS_OK && name != NULL)
        st = vfs_new(disk, &db->vfs);
    if (st == STATUS_OK && name != NULL)
        vfs = vfs_name(db->vfs);
    if (st == STATUS_OK)
        st = status_of(db, sqlite3_open_v2(name != NULL ? name : ":memory:",
                                       &db->handle, flags, vfs));
    if (st == STATUS_OK && name != NULL)
        st = vfs_reserve(db->handle);
    if (st == STATUS_OK)
        st = db_exec(db, settings);
    if (st == STATUS_OK)
        (void)sqlite3_wal_hook(db->handle, on_wal, db);
    if (st == STATUS_OK)
        st = db_exec(db, schema);
    if (st == STATUS_OK)
        st = prepare_all(db, sql, count);
    if (st != STATUS_OK)
        db_close(db);
    else
        *out = db;
    return st;
}

void
db_close(struct db *db)
{
    int code;

    if (db == NULL)
        return;
    /* What waits in the log is found there again; closing writes nothing. */
    (void)sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                            NULL);
    for (size_t i = 0; i < db->count; i++)
        (void)sqlite3_finalize(db->statements[i]);
    free(db->statements);
    code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK); /* all statements were finalised */
    vfs_free(db->vfs);
    free(db);
}

enum status
db_remove(const struct disk *disk, const char *name)
{
    static const char *const parts[] = {"", "-wal", "-journal"};
    enum status              st = STATUS_OK;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        char part[64];

        (void)snprintf(part, sizeof(part), "%s%s", name, parts[i]);
        st = disk->ops->remove(disk->self, part);
        if (st != STATUS_OK && st != STATUS_NOT_FOUND)
            return st;
    }
    return disk->ops->sync_folder(disk->self);
}

enum status
db_exec(struct db *db, const char *sql)
{
    return status_of(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

sqlite3_stmt *
db_use(struct db *db, size_t statement, size_t count, const int64_t *values)
{
    sqlite3_stmt *use = db->statements[statement];

    assert(statement < db->count);
    (void)sqlite3_reset(use);
    for (size_t i = 0; i < count; i++) {
        int code = sqlite3_bind_int64(use, (int)i + 1, values[i]);

        assert(code == SQLITE_OK);
    }
    return use;
}

void
db_bind(sqlite3_stmt *statement, int at, struct span bytes)
{
    int code = sqlite3_bind_blob64(statement, at, bytes.ptr, bytes.len,
                                   SQLITE_STATIC);

    assert(code == SQLITE_OK);
}

enum status
db_prepare(struct db *db, const char *sql, sqlite3_stmt **out)
{
    return status_of(db, sqlite3_prepare_v2(db->handle, sql, -1, out, NULL));
}

enum status
db_row(struct db *db, sqlite3_stmt *statement)
{
    enum status st = status_of(db, sqlite3_step(statement));

    if (st != STATUS_OK)
        (void)sqlite3_reset(statement);
    return st;
}

enum status
db_run(struct db *db, sqlite3_stmt *statement)
{
    enum status st = db_row(db, statement);

    assert(st != STATUS_OK);
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

struct span
db_blob(sqlite3_stmt *statement, int column)
{
    const uint8_t *ptr = sqlite3_column_blob(statement, column);

    return (struct span){ptr, (size_t)sqlite3_column_bytes(statement, column)};
}

bool
db_damaged(const struct db *db)
{
    return db->damaged;
}

bool
db_in_transaction(const struct db *db)
{
    return sqlite3_get_autocommit(db->handle) == 0;
}

uint64_t
db_changes(const struct db *db)
{
    return (uint64_t)sqlite3_changes64(db->handle);
}

int64_t
db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}

size_t
db_waiting(const struct db *db)
{
    return db->waiting;
}

enum status
db_checkpoint(struct db *db)
{
    int         code = sqlite3_wal_checkpoint_v2(
        db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    enum status st = status_of(db, code);

    if (st == STATUS_OK)
        db->waiting = 0;
    return st;
}

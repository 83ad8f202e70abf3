/*
 * db.h - one SQLite connection with its prepared statements.
 *
 * For one thread.  Statements are named by small numbers; each is reset
 * before it is bound again, so none is left half read for long.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "node/host/file.h"

#include <sqlite3.h>

struct db; /* opaque: db_open / db_close */

/*
 * Opens or makes `name` on the disk (NULL: in memory only), runs `schema` and
 * prepares `sql[0 .. count)`.  CORRUPT: not a database, or damaged.  NO_SPACE,
 * IO.  FULL: no memory.
 */
NODISCARD enum status db_open(const struct disk *disk, const char *name,
                              const char *schema, const char *const *sql,
                              size_t count, struct db **out);
void                  db_close(struct db *db);

/* Removes the files of a database that is closed. */
NODISCARD enum status db_remove(const struct disk *disk, const char *name);

NODISCARD enum status db_exec(struct db *db, const char *sql);

/* The statement, ready to be bound, with integers bound from 1 on. */
sqlite3_stmt *db_use(struct db *db, size_t statement, size_t count,
                     const int64_t *values);
/* Binds bytes that stay valid until the statement is used again. */
void db_bind(sqlite3_stmt *statement, int at, struct span bytes);
/* Prepares one that is used once: finish it with sqlite3_finalize. */
NODISCARD enum status db_prepare(struct db *db, const char *sql,
                                 sqlite3_stmt **out);

/* The next row.  NOT_FOUND: no more; the statement is then reset.  Else as
 * db_open. */
NODISCARD enum status db_row(struct db *db, sqlite3_stmt *statement);
/* For what answers no row. */
NODISCARD enum status db_run(struct db *db, sqlite3_stmt *statement);
struct span db_blob(sqlite3_stmt *statement, int column);

/* A call answered CORRUPT: the database is to be made anew. */
bool db_damaged(const struct db *db);

bool     db_in_transaction(const struct db *db);
uint64_t db_changes(const struct db *db);
int64_t  db_last_id(const struct db *db);

/* Pages that wait in the write-ahead log, and moving them on. */
size_t                db_waiting(const struct db *db);
NODISCARD enum status db_checkpoint(struct db *db);

#endif

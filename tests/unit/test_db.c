#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/db.h"

enum { ADD, ALL, STATEMENTS };

static const char        schema[] = "CREATE TABLE IF NOT EXISTS t(a, b);";
static const char *const sql[STATEMENTS] = {
    [ADD] = "INSERT INTO t VALUES(?1, ?2)",
    [ALL] = "SELECT a, b FROM t WHERE a>=?1 ORDER BY a",
};

static struct disk_image *image;
static struct disk        disk;
static struct db         *db;

static enum status
try_open(const char *name)
{
    return db_open(&disk, name, schema, sql, STATEMENTS, &db);
}

static int
begin(void **state)
{
    (void)state;
    image = disk_new(8, 4096, 1 << 22);
    disk = disk_face(image);
    assert_int_equal(try_open("x.db"), STATUS_OK);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    db_close(db);
    db = NULL;
    disk_free(image);
    return 0;
}

static enum status
add(int64_t number, const char *text)
{
    sqlite3_stmt *use = db_use(db, ADD, 1, &number);

    db_bind(use, 2, span_text(text));
    return db_run(db, use);
}

static int
count_from(int64_t number)
{
    sqlite3_stmt *use = db_use(db, ALL, 1, &number);
    int           count = 0;

    while (db_row(db, use) == STATUS_OK)
        count++;
    return count;
}

static void
statements_are_used_again_and_again(void **state)
{
    int64_t       from = 2;
    sqlite3_stmt *use;

    (void)state;
    assert_int_equal(add(1, "one"), STATUS_OK);
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(add(2, "two"), STATUS_OK);
    assert_int_equal(db_last_id(db), 2);
    assert_int_equal(count_from(0), 2);
    use = db_use(db, ALL, 1, &from); /* left half read */
    assert_int_equal(db_row(db, use), STATUS_OK);
    assert_int_equal(sqlite3_column_int64(use, 0), 2);
    assert_true(span_equal(db_blob(use, 1), span_text("two")));
    assert_int_equal(count_from(0), 2);
    assert_int_equal(count_from(3), 0);
}

static void
what_was_committed_is_there_after_closing(void **state)
{
    (void)state;
    assert_int_equal(add(1, "one"), STATUS_OK);
    assert_int_equal(db_exec(db, "BEGIN"), STATUS_OK);
    assert_true(db_in_transaction(db));
    assert_int_equal(add(2, "two"), STATUS_OK);
    db_close(db);
    assert_int_equal(try_open("x.db"), STATUS_OK);
    assert_int_equal(count_from(0), 1);
}

static void
a_database_in_memory_needs_no_disk(void **state)
{
    (void)state;
    db_close(db);
    disk_set_capacity(image, 0);
    assert_int_equal(try_open(NULL), STATUS_OK);
    assert_int_equal(add(1, "one"), STATUS_OK);
    assert_int_equal(count_from(0), 1);
}

static void
what_is_no_database_is_corrupt(void **state)
{
    static const char text[] = "this is a text, and not at all a database...";
    uint8_t           page[4096] = {0};
    int               file;

    (void)state;
    db_close(db);
    assert_int_equal(db_remove(&disk, "x.db"), STATUS_OK);
    memcpy(page, text, sizeof(text));
    assert_int_equal(disk.ops->open(disk.self, "x.db", true, &file), STATUS_OK);
    assert_int_equal(disk.ops->write(disk.self, file, 0, SPAN_OF(page)),
                     STATUS_OK);
    db = NULL;
    assert_int_equal(try_open("x.db"), STATUS_CORRUPT);
    assert_int_equal(db_remove(&disk, "x.db"), STATUS_OK);
    assert_int_equal(db_remove(&disk, "x.db"), STATUS_OK);
    assert_int_equal(try_open("x.db"), STATUS_OK);
}

static void
tables_of_another_shape_are_damage(void **state)
{
    (void)state;
    assert_false(db_damaged(db));
    assert_int_equal(db_exec(db, "DROP TABLE t; CREATE TABLE t(c)"), STATUS_OK);
    assert_int_equal(add(1, "one"), STATUS_CORRUPT);
    assert_true(db_damaged(db));
    db_close(db);
    db = NULL;
    assert_int_equal(try_open("x.db"), STATUS_CORRUPT);
}

static void
a_full_disk_and_a_failing_one_are_told_apart(void **state)
{
    enum status st = STATUS_OK;

    (void)state;
    disk_set_capacity(image, disk_used(image) + 8192);
    for (int i = 0; i < 100 && st == STATUS_OK; i++)
        st = add(i, "some words that fill a page with time");
    assert_int_equal(st, STATUS_NO_SPACE);
    disk_set_capacity(image, 1 << 22);
    disk_arm(image, DISK_WRITE_FAILS, 1);
    assert_int_equal(add(1, "one"), STATUS_IO);
}

static void
pages_wait_in_the_log_until_they_are_moved_on(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(add(i, "x"), STATUS_OK);
    assert_true(db_waiting(db) > 5);
    assert_int_equal(db_checkpoint(db), STATUS_OK);
    assert_int_equal(db_waiting(db), 0);
    assert_int_equal(count_from(0), 10);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(statements_are_used_again_and_again),
        ON_DISK(what_was_committed_is_there_after_closing),
        ON_DISK(a_database_in_memory_needs_no_disk),
        ON_DISK(what_is_no_database_is_corrupt),
        ON_DISK(tables_of_another_shape_are_damage),
        ON_DISK(a_full_disk_and_a_failing_one_are_told_apart),
        ON_DISK(pages_wait_in_the_log_until_they_are_moved_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/vfs.h"

enum { CAPACITY = 1 << 22 };

static struct disk_image *image;
static struct disk        disk;
static struct vfs        *vfs;
static sqlite3           *db;

static int
run(const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) & 0xff;
}

static void
open_db(void)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    assert_int_equal(vfs_new(&disk, &vfs), STATUS_OK);
    assert_int_equal(sqlite3_open_v2("x.db", &db, flags, vfs_name(vfs)),
                     SQLITE_OK);
    assert_int_equal(vfs_reserve(db), STATUS_OK);
    assert_int_equal(run("PRAGMA locking_mode=EXCLUSIVE"), SQLITE_OK);
    assert_int_equal(run("PRAGMA journal_mode=WAL"), SQLITE_OK);
}

static void
close_db(void)
{
    (void)sqlite3_close(db);
    vfs_free(vfs);
    db = NULL;
    vfs = NULL;
}

static int
begin(void **state)
{
    (void)state;
    image = disk_new(8, 4096, CAPACITY);
    disk = disk_face(image);
    open_db();
    return 0;
}

static int
end(void **state)
{
    (void)state;
    close_db();
    disk_free(image);
    return 0;
}

static int
row_count(void)
{
    sqlite3_stmt *count;
    int           answer;

    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &count, NULL) !=
        SQLITE_OK)
        return -1;
    assert_int_equal(sqlite3_step(count), SQLITE_ROW);
    answer = sqlite3_column_int(count, 0);
    (void)sqlite3_finalize(count);
    return answer;
}

static void
rows_come_back_after_closing(void **state)
{
    (void)state;
    assert_int_equal(run("CREATE TABLE t(a); INSERT INTO t VALUES(1),(2)"),
                     SQLITE_OK);
    close_db();
    open_db();
    assert_int_equal(row_count(), 2);
}

static void
all_its_files_are_on_the_disk_it_was_given(void **state)
{
    int file;

    (void)state;
    assert_int_equal(run("CREATE TABLE t(a)"), SQLITE_OK);
    assert_int_equal(disk.ops->open(disk.self, "x.db", false, &file),
                     STATUS_OK);
    disk.ops->close(disk.self, file);
    assert_int_equal(disk.ops->open(disk.self, "x.db-wal", false, &file),
                     STATUS_OK);
    disk.ops->close(disk.self, file);
}

static void
a_power_cut_takes_what_was_not_synced_and_leaves_a_sound_database(void **state)
{
    (void)state;
    assert_int_equal(run("PRAGMA synchronous=NORMAL"), SQLITE_OK);
    assert_int_equal(run("CREATE TABLE t(a)"), SQLITE_OK);
    assert_int_equal(run("PRAGMA wal_checkpoint"), SQLITE_OK);
    for (int i = 0; i < 50; i++)
        assert_int_equal(run("INSERT INTO t VALUES(randomblob(900))"),
                         SQLITE_OK);
    (void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    close_db();
    disk_power_cut(image);
    open_db();
    assert_in_range(row_count(), 0, 50);
    assert_int_equal(run("PRAGMA integrity_check"), SQLITE_OK);
}

static void
no_space_is_full_and_the_database_goes_on_when_there_is_some(void **state)
{
    int code = SQLITE_OK;

    (void)state;
    assert_int_equal(run("CREATE TABLE t(a)"), SQLITE_OK);
    disk_set_capacity(image, disk_used(image) + 40960);
    for (int i = 0; i < 50 && code == SQLITE_OK; i++)
        code = run("INSERT INTO t VALUES(randomblob(3000))");
    assert_int_equal(code, SQLITE_FULL);
    disk_set_capacity(image, CAPACITY);
    assert_int_equal(run("INSERT INTO t VALUES(1)"), SQLITE_OK);
}

static void
a_failing_disk_is_an_io_error(void **state)
{
    (void)state;
    assert_int_equal(run("CREATE TABLE t(a)"), SQLITE_OK);
    disk_arm(image, DISK_WRITE_FAILS, 1);
    assert_int_equal(run("INSERT INTO t VALUES(1)"), SQLITE_IOERR);
    disk_arm(image, DISK_WRITE_FAILS, 0);
    disk_arm(image, DISK_SYNC_FAILS, 1);
    assert_int_equal(run("PRAGMA synchronous=FULL; INSERT INTO t VALUES(1)"),
                     SQLITE_IOERR);
}

/* A page that was changed, lost, or written somewhere else. */
static void
a_page_that_is_not_the_one_written_is_refused(void **state)
{
    uint8_t  page[VFS_PAGE];
    uint64_t size = 0;
    size_t   got;
    int      file;

    (void)state;
    assert_int_equal(run("CREATE TABLE t(a); INSERT INTO t VALUES(1)"),
                     SQLITE_OK);
    close_db(); /* moves all pages into the database */
    assert_int_equal(disk.ops->open(disk.self, "x.db", false, &file),
                     STATUS_OK);
    assert_int_equal(disk.ops->size(disk.self, file, &size), STATUS_OK);
    assert_int_equal(size, 2 * VFS_PAGE);
    for (uint64_t at = 0; at < 8 * size; at += 37) {
        assert_int_equal(disk_rot(image, "x.db", at / 8, at % 8), STATUS_OK);
        assert_int_equal(vfs_new(&disk, &vfs), STATUS_OK);
        assert_int_equal(sqlite3_open_v2("x.db", &db, SQLITE_OPEN_READWRITE,
                                         vfs_name(vfs)),
                         SQLITE_OK);
        assert_int_equal(run("PRAGMA locking_mode=EXCLUSIVE"), SQLITE_OK);
        assert_int_not_equal(run("SELECT a FROM t"), SQLITE_OK);
        close_db();
        assert_int_equal(disk_rot(image, "x.db", at / 8, at % 8), STATUS_OK);
        assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    }
    assert_int_equal(
        disk.ops->read(disk.self, file, 0, page, sizeof(page), &got),
        STATUS_OK);
    assert_int_equal(
        disk.ops->write(disk.self, file, VFS_PAGE, SPAN_OF(page)), STATUS_OK);
    open_db();
    assert_int_equal(run("SELECT a FROM t"), SQLITE_IOERR);
}

static void
two_disks_have_two_names(void **state)
{
    struct vfs *other;

    (void)state;
    assert_int_equal(vfs_new(&disk, &other), STATUS_OK);
    assert_string_not_equal(vfs_name(vfs), vfs_name(other));
    vfs_free(other);
}

#define ON_DISK(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(rows_come_back_after_closing),
        ON_DISK(all_its_files_are_on_the_disk_it_was_given),
        ON_DISK(
            a_power_cut_takes_what_was_not_synced_and_leaves_a_sound_database),
        ON_DISK(no_space_is_full_and_the_database_goes_on_when_there_is_some),
        ON_DISK(a_failing_disk_is_an_io_error),
        ON_DISK(a_page_that_is_not_the_one_written_is_refused),
        ON_DISK(two_disks_have_two_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

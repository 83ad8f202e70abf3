/* test_backup.c - a copy of a disk, put back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/backup.h"
#include "node/sim/disk.h"

enum { SECTOR = 512, CAPACITY = 1 << 20 };

struct copied {
    struct disk_image *image;
    struct disk        disk;
    struct backup      backup;
};

static void
put(struct copied *copied, const char *name, const char *text)
{
    struct disk disk = copied->disk;
    int         file = -1;

    assert_int_equal(disk.ops->open(disk.self, name, true, &file), STATUS_OK);
    assert_int_equal(disk.ops->write(disk.self, file, 0, span_text(text)),
                     STATUS_OK);
    assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
    disk.ops->close(disk.self, file);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
}

static bool
has(struct copied *copied, const char *name, const char *text)
{
    struct disk disk = copied->disk;
    uint8_t     bytes[16] = {0};
    size_t      got = 0;
    int         file = -1;
    bool        same;

    if (disk.ops->open(disk.self, name, false, &file) != STATUS_OK)
        return false;
    same = disk.ops->read(disk.self, file, 0, bytes, sizeof(bytes), &got) ==
               STATUS_OK &&
           span_equal((struct span){bytes, got}, span_text(text));
    disk.ops->close(disk.self, file);
    return same;
}

static int
make(void **state)
{
    static struct copied copied;

    copied = (struct copied){.image = disk_new(5, SECTOR, CAPACITY)};
    copied.disk = disk_face(copied.image);
    put(&copied, "kept", "then");
    put(&copied, "removed", "then too");
    assert_false(backup_made(&copied.backup));
    backup_make(&copied.backup, copied.image);
    assert_true(backup_made(&copied.backup));
    *state = &copied;
    return 0;
}

static int
drop(void **state)
{
    struct copied *copied = *state;

    backup_clear(&copied->backup);
    disk_free(copied->image);
    return 0;
}

static void
what_is_put_back_is_what_was_there_and_nothing_else(void **state)
{
    struct copied *copied = *state;

    put(copied, "kept", "now!");
    put(copied, "new", "since");
    assert_int_equal(copied->disk.ops->remove(copied->disk.self, "removed"),
                     STATUS_OK);
    backup_restore(&copied->backup, copied->image);
    assert_true(has(copied, "kept", "then"));
    assert_true(has(copied, "removed", "then too"));
    assert_false(has(copied, "new", "since"));
}

static void
what_was_put_back_is_durable(void **state)
{
    struct copied *copied = *state;

    put(copied, "kept", "now!");
    backup_restore(&copied->backup, copied->image);
    disk_power_cut(copied->image);
    assert_true(has(copied, "kept", "then"));
    assert_true(has(copied, "removed", "then too"));
}

static void
a_later_backup_replaces_an_earlier_one(void **state)
{
    struct copied *copied = *state;

    put(copied, "kept", "now!");
    backup_make(&copied->backup, copied->image);
    put(copied, "kept", "soon");
    backup_restore(&copied->backup, copied->image);
    assert_true(has(copied, "kept", "now!"));
}

#define BACKUP_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        BACKUP_TEST(what_is_put_back_is_what_was_there_and_nothing_else),
        BACKUP_TEST(what_was_put_back_is_durable),
        BACKUP_TEST(a_later_backup_replaces_an_earlier_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

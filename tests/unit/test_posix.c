#include "tests/unit/store_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char        home[sizeof(WORLD_HOME)];
static struct disk disk;
static char        why[256];

static int
make_home(void **state)
{
    (void)state;
    memcpy(home, WORLD_HOME, sizeof(home));
    assert_non_null(mkdtemp(home));
    assert_int_equal(posix_disk_open(home, &disk, why), STATUS_OK);
    return 0;
}

static int
drop_home(void **state)
{
    (void)state;
    posix_disk_close(&disk);
    world_remove_home(home);
    return 0;
}

static int
opened(const char *name)
{
    int file = -1;

    assert_int_equal(disk.ops->open(disk.self, name, true, &file), STATUS_OK);
    return file;
}

static void
touch(const char *name, mode_t mode)
{
    char path[128];
    int  file;

    (void)snprintf(path, sizeof(path), "%s/%s", home, name);
    file = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(file >= 0);
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void
bytes_come_back_from_where_they_were_written(void **state)
{
    uint8_t  out[8] = {0};
    int      file = opened("a");
    size_t   got = 0;
    uint64_t size = 0;

    (void)state;
    assert_int_equal(disk.ops->write(disk.self, file, 3, span_text("tea")),
                     STATUS_OK);
    assert_int_equal(disk.ops->sync(disk.self, file), STATUS_OK);
    assert_int_equal(disk.ops->read(disk.self, file, 2, out, 8, &got),
                     STATUS_OK);
    assert_int_equal(got, 4);
    assert_memory_equal(out, "\0tea", 4);
    assert_int_equal(disk.ops->size(disk.self, file, &size), STATUS_OK);
    assert_int_equal(size, 6);
    assert_int_equal(disk.ops->truncate(disk.self, file, 4), STATUS_OK);
    assert_int_equal(disk.ops->read(disk.self, file, 0, out, 8, &got),
                     STATUS_OK);
    assert_int_equal(got, 4);
    disk.ops->close(disk.self, file);
}

static void
allocate_grows_with_zeros_and_changes_nothing_that_is_there(void **state)
{
    uint8_t  out[16];
    int      file = opened("a");
    size_t   got = 0;
    uint64_t size = 0;

    (void)state;
    assert_int_equal(disk.ops->write(disk.self, file, 0, span_text("tea")),
                     STATUS_OK);
    assert_int_equal(disk.ops->allocate(disk.self, file, 3 << 20), STATUS_OK);
    assert_int_equal(disk.ops->allocate(disk.self, file, 10), STATUS_OK);
    assert_int_equal(disk.ops->size(disk.self, file, &size), STATUS_OK);
    assert_int_equal(size, 3 << 20);
    assert_int_equal(disk.ops->read(disk.self, file, 0, out, 16, &got),
                     STATUS_OK);
    assert_memory_equal(out, "tea\0\0\0\0", 7);
    disk.ops->close(disk.self, file);
}

static void
a_name_that_is_not_there_is_not_found(void **state)
{
    int file;

    (void)state;
    assert_int_equal(disk.ops->open(disk.self, "a", false, &file),
                     STATUS_NOT_FOUND);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_NOT_FOUND);
    assert_int_equal(disk.ops->rename(disk.self, "a", "b"), STATUS_NOT_FOUND);
}

static void
a_symbolic_link_is_not_followed(void **state)
{
    char path[128];
    int  file;

    (void)state;
    (void)snprintf(path, sizeof(path), "%s/a", home);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(disk.ops->open(disk.self, "a", false, &file), STATUS_IO);
}

static void
note_name(void *arg, const char *name)
{
    char  *all = arg;
    size_t len = strlen(all);

    assert_true(len + strlen(name) + 2 < 64);
    (void)snprintf(all + len, 64 - len, "%s ", name);
}

static void
names_are_listed_in_byte_order_and_follow_their_changes(void **state)
{
    char all[64] = "";

    (void)state;
    disk.ops->close(disk.self, opened("b"));
    disk.ops->close(disk.self, opened("a"));
    disk.ops->close(disk.self, opened("B"));
    assert_int_equal(disk.ops->rename(disk.self, "b", "c"), STATUS_OK);
    assert_int_equal(disk.ops->remove(disk.self, "a"), STATUS_OK);
    assert_int_equal(disk.ops->sync_folder(disk.self), STATUS_OK);
    assert_int_equal(disk.ops->list(disk.self, note_name, all), STATUS_OK);
    assert_string_equal(all, "B c lock ");
}

static void
a_home_is_held_by_one_at_a_time(void **state)
{
    struct disk second = {0};

    (void)state;
    assert_int_equal(posix_disk_open(home, &second, why), STATUS_LOCKED);
    assert_non_null(strstr(why, "lock"));
    posix_disk_close(&disk);
    assert_int_equal(posix_disk_open(home, &disk, why), STATUS_OK);
}

static void
a_file_that_others_can_reach_is_named_and_refused(void **state)
{
    (void)state;
    posix_disk_close(&disk);
    touch("keyring", 0640);
    assert_int_equal(posix_disk_open(home, &disk, why), STATUS_MODE);
    assert_non_null(strstr(why, "keyring"));
    touch("keyring", 0600);
    assert_int_equal(chmod(home, 0755), 0);
    assert_int_equal(posix_disk_open(home, &disk, why), STATUS_MODE);
    assert_int_equal(chmod(home, 0700), 0);
    assert_int_equal(posix_disk_open(home, &disk, why), STATUS_OK);
}

static void
a_home_that_is_not_there_is_not_found(void **state)
{
    struct disk none = {0};

    (void)state;
    assert_int_equal(posix_disk_open("/nonexistent/home", &none, why),
                     STATUS_NOT_FOUND);
    assert_null(none.self);
}

static void
past_a_file_size_limit_there_is_no_space(void **state)
{
    struct rlimit before;
    struct rlimit limit;
    int           file = opened("a");

    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 8192;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(disk.ops->write(disk.self, file, 8192, span_text("tea")),
                     STATUS_NO_SPACE);
    assert_int_equal(disk.ops->allocate(disk.self, file, 1 << 20),
                     STATUS_NO_SPACE);
    assert_int_equal(disk.ops->truncate(disk.self, file, 1 << 20),
                     STATUS_NO_SPACE);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(disk.ops->write(disk.self, file, 8192, span_text("tea")),
                     STATUS_OK);
    disk.ops->close(disk.self, file);
}

#define AT_HOME(test)                                                          \
    cmocka_unit_test_setup_teardown(test, make_home, drop_home)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        AT_HOME(bytes_come_back_from_where_they_were_written),
        AT_HOME(allocate_grows_with_zeros_and_changes_nothing_that_is_there),
        AT_HOME(a_name_that_is_not_there_is_not_found),
        AT_HOME(a_symbolic_link_is_not_followed),
        AT_HOME(names_are_listed_in_byte_order_and_follow_their_changes),
        AT_HOME(a_home_is_held_by_one_at_a_time),
        AT_HOME(a_file_that_others_can_reach_is_named_and_refused),
        AT_HOME(a_home_that_is_not_there_is_not_found),
        AT_HOME(past_a_file_size_limit_there_is_no_space),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "node/sim/disk.h"
#include "node/store/readonly.h"

static const uint8_t      words[] = "as it was";
static struct disk_image *image;
static struct disk        disk;
static struct readonly    view;
static struct disk        face;

static int
begin(void **state)
{
    int file;

    (void)state;
    image = disk_new(1, 512, 1 << 20);
    disk = disk_face(image);
    assert_int_equal(disk.ops->open(disk.self, "there", true, &file),
                     STATUS_OK);
    assert_int_equal(disk.ops->write(disk.self, file, 0, SPAN_OF(words)),
                     STATUS_OK);
    disk.ops->close(disk.self, file);
    view = (struct readonly){.under = &disk};
    face = readonly_face(&view);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    disk_free(image);
    return 0;
}

static void
what_is_there_is_read_as_it_is(void **state)
{
    uint8_t  got[sizeof(words)];
    uint64_t size = 0;
    size_t   len = 0;
    int      file;

    (void)state;
    assert_int_equal(face.ops->open(face.self, "there", true, &file),
                     STATUS_OK);
    assert_int_equal(face.ops->size(face.self, file, &size), STATUS_OK);
    assert_int_equal(size, sizeof(words));
    assert_int_equal(face.ops->read(face.self, file, 0, got, sizeof(got), &len),
                     STATUS_OK);
    assert_memory_equal(got, words, sizeof(words));
    face.ops->close(face.self, file);
    assert_false(view.tried);
}

static void
each_change_is_refused_and_noted(void **state)
{
    int file;

    (void)state;
    assert_int_equal(face.ops->open(face.self, "there", false, &file),
                     STATUS_OK);
    for (int i = 0; i < 5; i++) {
        enum status st = STATUS_OK;

        view.tried = false;
        switch (i) {
        case 0: st = face.ops->write(face.self, file, 0, SPAN_OF(words)); break;
        case 1: st = face.ops->truncate(face.self, file, 1); break;
        case 2: st = face.ops->allocate(face.self, file, 4096); break;
        case 3: st = face.ops->rename(face.self, "there", "away"); break;
        case 4: st = face.ops->remove(face.self, "there"); break;
        default: break;
        }
        assert_int_equal(st, STATUS_IO);
        assert_true(view.tried);
    }
    face.ops->close(face.self, file);
    assert_int_equal(disk_len(image, "there"), sizeof(words));
}

static void
a_file_that_is_to_be_made_is_empty_and_not_there(void **state)
{
    uint8_t  got[4];
    uint64_t size = 1;
    size_t   len = 1;
    int      file;

    (void)state;
    assert_int_equal(face.ops->open(face.self, "new", false, &file),
                     STATUS_NOT_FOUND);
    assert_int_equal(face.ops->open(face.self, "new", true, &file), STATUS_OK);
    assert_int_equal(face.ops->size(face.self, file, &size), STATUS_OK);
    assert_int_equal(size, 0);
    assert_int_equal(face.ops->read(face.self, file, 0, got, sizeof(got), &len),
                     STATUS_OK);
    assert_int_equal(len, 0);
    face.ops->close(face.self, file);
    assert_int_equal(disk.ops->open(disk.self, "new", false, &file),
                     STATUS_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_there_is_read_as_it_is),
        TEST(each_change_is_refused_and_noted),
        TEST(a_file_that_is_to_be_made_is_empty_and_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

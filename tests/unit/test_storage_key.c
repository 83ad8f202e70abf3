/* The storage key of a home: closed, or open and then of one mode only. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "node/store/home.h"
#include "node/store/storage_key.h"

static int
make(void **state)
{
    char *home = strdup("/tmp/entente-key-XXXXXX");

    *state = home;
    return mkdtemp(home) == NULL;
}

static int
drop(void **state)
{
    char command[128];
    int  code;

    snprintf(command, sizeof(command), "rm -rf -- '%s'", (char *)*state);
    code = system(command);
    free(*state);
    return code;
}

static const struct secret32 secret = {{1, 2, 3, 4, 5, 6, 7, 8}};

static void
set_mode(const char *home, mode_t mode)
{
    struct home_path path;

    assert_int_equal(home_path(home, HOME_STORAGE_KEY, &path), STATUS_OK);
    assert_int_equal(chmod(path.text, mode), 0);
}

static void
an_envelope_is_given_as_it_stands(void **state)
{
    uint8_t            envelope[ENVELOPE_LEN] = {7};
    struct storage_key key;

    assert_int_equal(home_create(*state, HOME_STORAGE_KEY, SPAN_OF(envelope)),
                     STATUS_OK);
    assert_int_equal(storage_key_read(*state, &key), STATUS_OK);
    assert_false(key.open);
    assert_memory_equal(key.envelope, envelope, ENVELOPE_LEN);
}

static void
an_open_key_is_written_read_only_and_read_back(void **state)
{
    struct storage_key key;
    struct home_path   path;
    struct stat        info;

    assert_int_equal(storage_key_put_open(*state, &secret), STATUS_OK);
    assert_int_equal(home_path(*state, HOME_STORAGE_KEY, &path), STATUS_OK);
    assert_int_equal(stat(path.text, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0400);
    assert_int_equal(storage_key_read(*state, &key), STATUS_OK);
    assert_true(key.open);
    assert_memory_equal(key.secret.bytes, secret.bytes, 32);
    assert_int_equal(storage_key_put_open(*state, &secret), STATUS_EXISTS);
}

static void
an_open_key_of_any_other_mode_is_refused(void **state)
{
    static const mode_t odd[] = {0600, 0500, 0700, 0440, 0404, 0444, 0644};
    struct storage_key  key;

    assert_int_equal(storage_key_put_open(*state, &secret), STATUS_OK);
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
        set_mode(*state, odd[i]);
        assert_int_equal(storage_key_read(*state, &key), STATUS_MODE);
        assert_false(key.open);
        assert_int_equal(key.secret.bytes[0], 0);
    }
    set_mode(*state, 0400);
    assert_int_equal(storage_key_read(*state, &key), STATUS_OK);
}

static void
another_length_is_no_key(void **state)
{
    static const size_t wrong[] = {0, 31, 33, ENVELOPE_LEN - 1,
                                   ENVELOPE_LEN + 1};
    uint8_t             bytes[ENVELOPE_LEN + 1] = {0};
    struct storage_key  key;

    assert_int_equal(storage_key_read(*state, &key), STATUS_NOT_FOUND);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_int_equal(home_write(*state, HOME_STORAGE_KEY,
                                    (struct span){bytes, wrong[i]}),
                         STATUS_OK);
        assert_int_equal(storage_key_read(*state, &key), STATUS_BAD_ENCODING);
    }
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        CLAIM(an_envelope_is_given_as_it_stands),
        CLAIM(an_open_key_is_written_read_only_and_read_back),
        CLAIM(an_open_key_of_any_other_mode_is_refused),
        CLAIM(another_length_is_no_key),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}

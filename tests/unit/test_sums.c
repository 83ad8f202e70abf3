#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/secret.h"
#include "node/store/home.h"
#include "node/store/sums.h"

static char home[] = "/tmp/entente-sums-XXXXXX";

static void
put(const char *name, const char *text)
{
    assert_int_equal(home_write(home, name, span_text(text)), STATUS_OK);
}

static int
begin(void **state)
{
    (void)state;
    assert_int_equal(crypto_start(), STATUS_OK);
    memcpy(home + strlen(home) - 6, "XXXXXX", 6);
    assert_non_null(mkdtemp(home));
    return 0;
}

static int
end(void **state)
{
    static const char *const names[] = {"one", "two", HOME_SUMS};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct home_path path;

        assert_int_equal(home_path(home, names[i], &path), STATUS_OK);
        (void)unlink(path.text);
    }
    return rmdir(home);
}

static void
a_file_is_as_noted_or_it_is_not(void **state)
{
    (void)state;
    put("one", "1");
    put("two", "2");
    assert_int_equal(sums_check(home, "one"), STATUS_NOT_FOUND);
    assert_int_equal(sums_note(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "two"), STATUS_NOT_FOUND);
    assert_int_equal(sums_note(home, "two"), STATUS_OK);
    assert_int_equal(sums_check(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "two"), STATUS_OK);
    put("two", "3");
    assert_int_equal(sums_check(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "two"), STATUS_CORRUPT);
    assert_int_equal(sums_note(home, "two"), STATUS_OK);
    assert_int_equal(sums_check(home, "two"), STATUS_OK);
}

static void
a_file_that_is_gone_or_too_long_is_not_judged(void **state)
{
    static char long_one[SUMS_FILE_MAX + 2];

    (void)state;
    memset(long_one, 'x', sizeof(long_one) - 1);
    assert_int_equal(sums_note(home, "one"), STATUS_NOT_FOUND);
    put("one", long_one);
    assert_int_equal(sums_note(home, "one"), STATUS_TOO_LARGE);
    put("one", "1");
    assert_int_equal(sums_note(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "one"), STATUS_OK);
}

/* Any bit of the list. */
static void
a_damaged_list_says_so_and_is_begun_anew(void **state)
{
    uint8_t bytes[512];
    size_t  len;

    (void)state;
    put("one", "1");
    put("two", "2");
    assert_int_equal(sums_note(home, "one"), STATUS_OK);
    assert_int_equal(sums_note(home, "two"), STATUS_OK);
    assert_int_equal(home_read(home, HOME_SUMS, bytes, sizeof(bytes), &len),
                     STATUS_OK);
    for (size_t i = 0; i < 8 * len; i++) {
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(home_write(home, HOME_SUMS,
                                    (struct span){bytes, len}),
                         STATUS_OK);
        assert_int_equal(sums_check(home, "one"), STATUS_BAD_PROOF);
        bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    put(HOME_SUMS, "");
    assert_int_equal(sums_check(home, "one"), STATUS_BAD_PROOF);
    assert_int_equal(sums_note(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "one"), STATUS_OK);
    assert_int_equal(sums_check(home, "two"), STATUS_NOT_FOUND);
}

#define IN_A_HOME(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_HOME(a_file_is_as_noted_or_it_is_not),
        IN_A_HOME(a_file_that_is_gone_or_too_long_is_not_judged),
        IN_A_HOME(a_damaged_list_says_so_and_is_begun_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

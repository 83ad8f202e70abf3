/* A passphrase comes from a descriptor, a file or a credential, in order. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/net/passphrase.h"

static enum status
from_pipe(const char *text, size_t len, struct passphrase *out)
{
    int         ends[2];
    const char *why = NULL;
    enum status st;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, len), (ssize_t)len);
    close(ends[1]);
    st = passphrase_get(ends[0], NULL, false, out, &why);
    assert_non_null(why);
    close(ends[0]);
    return st;
}

static void
it_is_what_stands_before_the_first_line_end(void **state)
{
    struct passphrase got;

    (void)state;
    assert_int_equal(from_pipe("open sesame\nrest", 16, &got), STATUS_OK);
    assert_int_equal(got.len, 11);
    assert_memory_equal(got.bytes, "open sesame", 11);
    assert_int_equal(from_pipe("no end", 6, &got), STATUS_OK);
    assert_int_equal(got.len, 6);
    assert_int_equal(from_pipe("crlf\r\n", 6, &got), STATUS_OK);
    assert_int_equal(got.len, 4);
}

static void
empty_and_too_long_ones_are_refused_and_nothing_is_left(void **state)
{
    char              text[PASSPHRASE_MAX + 1];
    struct passphrase got;

    (void)state;
    assert_int_equal(from_pipe("", 0, &got), STATUS_BAD_FIELD);
    assert_int_equal(from_pipe("\nx", 2, &got), STATUS_BAD_FIELD);
    memset(text, 'a', sizeof(text));
    assert_int_equal(from_pipe(text, PASSPHRASE_MAX, &got), STATUS_OK);
    assert_int_equal(from_pipe(text, sizeof(text), &got), STATUS_BAD_FIELD);
    assert_int_equal(got.len, 0);
    assert_int_equal(got.bytes[0], 0);
}

static void
write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void
a_descriptor_goes_before_a_file_and_a_file_before_a_credential(void **state)
{
    char              folder[] = "/tmp/entente-pass-XXXXXX";
    char              file[64];
    char              credential[64];
    struct passphrase got;
    const char       *why;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(file, sizeof(file), "%s/file", folder);
    snprintf(credential, sizeof(credential), "%s/entente.passphrase", folder);
    write_file(file, "of the file\n", 0600);
    write_file(credential, "credential\n", 0400);
    setenv("CREDENTIALS_DIRECTORY", folder, 1);
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why), STATUS_OK);
    assert_memory_equal(got.bytes, "credential", got.len);
    setenv("ENTENTE_PASSPHRASE_FILE", file, 1);
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why), STATUS_OK);
    assert_memory_equal(got.bytes, "of the file", got.len);
    assert_int_equal(from_pipe("of the pipe\n", 12, &got), STATUS_OK);
    assert_memory_equal(got.bytes, "of the pipe", got.len);
    assert_int_equal(chmod(file, 0644), 0);
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why), STATUS_MODE);
    unlink(file);
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why),
                     STATUS_NOT_FOUND);
    unlink(credential);
    unsetenv("ENTENTE_PASSPHRASE_FILE");
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why), STATUS_USAGE);
    unsetenv("CREDENTIALS_DIRECTORY");
    assert_int_equal(passphrase_get(-1, NULL, false, &got, &why), STATUS_USAGE);
    rmdir(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_stands_before_the_first_line_end),
        cmocka_unit_test(
            empty_and_too_long_ones_are_refused_and_nothing_is_left),
        cmocka_unit_test(
            a_descriptor_goes_before_a_file_and_a_file_before_a_credential),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

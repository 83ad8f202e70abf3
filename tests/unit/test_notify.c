/* test_notify.c - a supervisor hears of it, at both kinds of address. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/notify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void
hear_at(const char *name, const char *path, size_t path_len)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char               in[64] = {0};
    int                fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    memcpy(address.sun_path, path, path_len);
    assert_int_equal(
        bind(fd, (struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path_len)),
        0);
    setenv("NOTIFY_SOCKET", name, 1);
    assert_true(notify_send("READY=1"));
    assert_int_equal(recv(fd, in, sizeof(in), MSG_DONTWAIT), 7);
    assert_string_equal(in, "READY=1");
    close(fd);
    unsetenv("NOTIFY_SOCKET");
}

static void
a_path_is_told(void **state)
{
    char folder[] = "/tmp/entente-test-XXXXXX";
    char path[64];

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/notify", folder);
    hear_at(path, path, strlen(path));
    unlink(path);
    rmdir(folder);
}

static void
an_abstract_name_is_told(void **state)
{
    char name[64];
    char path[64];

    (void)state;
    snprintf(name, sizeof(name), "@entente-test-%d", (int)getpid());
    memcpy(path, name, sizeof(path));
    path[0] = '\0';
    hear_at(name, path, strlen(name));
}

static void
without_a_supervisor_nothing_is_told(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    assert_false(notify_send("READY=1"));
    setenv("NOTIFY_SOCKET", "relative", 1);
    assert_false(notify_send("READY=1"));
    setenv("NOTIFY_SOCKET", "/nobody/is/here", 1);
    assert_false(notify_send("READY=1"));
    unsetenv("NOTIFY_SOCKET");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_told),
        cmocka_unit_test(an_abstract_name_is_told),
        cmocka_unit_test(without_a_supervisor_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

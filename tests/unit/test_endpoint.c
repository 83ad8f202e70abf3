/* The control socket is found in a home of any path. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "node/net/endpoint.h"

static void
a_socket_works_in_a_folder_with_a_path_longer_than_sun_path(void **state)
{
    char               home[] = "/tmp/entente-end-XXXXXX";
    char               deep[512];
    char               path[600];
    struct sockaddr_un address;
    int                folder = -1;
    int                server = socket(AF_UNIX, SOCK_STREAM, 0);
    int                client = socket(AF_UNIX, SOCK_STREAM, 0);

    (void)state;
    assert_non_null(mkdtemp(home));
    snprintf(deep, sizeof(deep), "%s/%0200d", home, 7);
    assert_int_equal(mkdir(deep, 0700), 0);
    assert_int_equal(endpoint_of(deep, &address, &folder), STATUS_OK);
    assert_int_equal(
        bind(server, (struct sockaddr *)&address, sizeof(address)), 0);
    close(folder);
    assert_int_equal(listen(server, 1), 0);
    assert_int_equal(endpoint_of(deep, &address, &folder), STATUS_OK);
    assert_int_equal(
        connect(client, (struct sockaddr *)&address, sizeof(address)), 0);
    close(folder);
    close(client);
    close(server);
    snprintf(path, sizeof(path), "%s/" ENDPOINT_NAME, deep);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(deep), 0);
    assert_int_equal(rmdir(home), 0);
}

static void
a_home_that_is_not_there_has_no_socket(void **state)
{
    struct sockaddr_un address;
    int                folder = -1;

    (void)state;
    assert_int_equal(endpoint_of("/nonexistent", &address, &folder),
                     STATUS_NOT_FOUND);
    assert_int_equal(endpoint_of("/dev/null", &address, &folder),
                     STATUS_NOT_FOUND);
    assert_int_equal(folder, -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_socket_works_in_a_folder_with_a_path_longer_than_sun_path),
        cmocka_unit_test(a_home_that_is_not_there_has_no_socket),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

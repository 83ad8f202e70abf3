/* test_sockopt.c - what the kernel keeps unsent, and what it says is acked. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/sockopt.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Two ends of a connection on loopback; the second has a small window. */
static void
connect_pair(int out[2])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t          len = sizeof(address);
    int                small = 4096;
    int                listener = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small,
                                sizeof(small)),
                     0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len),
                     0);
    out[0] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(out[0], (struct sockaddr *)&address, len), 0);
    out[1] = accept(listener, NULL, NULL);
    assert_true(out[1] >= 0);
    assert_int_equal(fcntl(out[0], F_SETFL, O_NONBLOCK), 0);
    close(listener);
}

/* What the kernel takes before it says no. */
static size_t
fill(int fd)
{
    uint8_t bytes[4096] = {0};
    size_t  taken = 0;
    ssize_t len;

    for (int i = 0; i < 20; i++) {
        while ((len = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL)) > 0)
            taken += (size_t)len;
        usleep(1000);
    }
    return taken;
}

static void
the_kernel_keeps_little_unsent_when_told_so(void **state)
{
    int    bounded[2];
    int    plain[2];
    size_t taken, taken_plain;

    (void)state;
    connect_pair(bounded);
    connect_pair(plain);
    sockopt_unsent_max(bounded[0], 16384);
    taken = fill(bounded[0]);
    taken_plain = fill(plain[0]);
    print_message("taken with a bound: %zu, without: %zu\n", taken,
                  taken_plain);
    assert_true(taken < 128 * 1024);
    assert_true(taken < taken_plain);
    for (int i = 0; i < 2; i++) {
        close(bounded[i]);
        close(plain[i]);
    }
}

static void
acknowledged_bytes_are_counted_as_they_arrive(void **state)
{
    int      fds[2];
    uint8_t  bytes[1000] = {0};
    uint64_t acked;

    (void)state;
    connect_pair(fds);
    assert_int_equal(send(fds[0], bytes, sizeof(bytes), 0), 1000);
    usleep(100000);
    acked = sockopt_acked(fds[0], 7);
    if (acked == 7)
        skip(); /* a kernel that does not tell */
    assert_in_range(acked, 1000, 1001);
    close(fds[0]);
    close(fds[1]);
}

static void
without_a_connection_the_answer_is_the_other_one(void **state)
{
    (void)state;
    assert_int_equal(sockopt_acked(-1, 42), 42);
}

static void
a_link_has_no_delay_and_notices_a_dead_peer(void **state)
{
    int       fds[2];
    int       value = 0;
    socklen_t len = sizeof(value);

    (void)state;
    connect_pair(fds);
    assert_int_equal(sockopt_link(fds[0]), STATUS_OK);
    assert_int_equal(
        getsockopt(fds[0], IPPROTO_TCP, TCP_NODELAY, &value, &len), 0);
    assert_int_equal(value, 1);
    assert_int_equal(
        getsockopt(fds[0], SOL_SOCKET, SO_KEEPALIVE, &value, &len), 0);
    assert_int_equal(value, 1);
    close(fds[0]);
    close(fds[1]);
    assert_int_equal(sockopt_link(-1), STATUS_IO);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_keeps_little_unsent_when_told_so),
        cmocka_unit_test(acknowledged_bytes_are_counted_as_they_arrive),
        cmocka_unit_test(without_a_connection_the_answer_is_the_other_one),
        cmocka_unit_test(a_link_has_no_delay_and_notices_a_dead_peer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_listener.c - where a node may listen, and why not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/listener.h"
#include "tests/unit/tcp_world.h"

static void
a_port_in_use_is_said_so(void **state)
{
    struct world *world = *state;
    char          address[64];
    uint16_t      port = 0;

    snprintf(address, sizeof(address), "127.0.0.1:%u", world->a.port);
    assert_int_equal(tcp_listen(world->b.tcp, span_text(address), &port),
                     STATUS_IN_USE);
}

static void
an_address_of_another_machine_is_said_so(void **state)
{
    struct world *world = *state;
    uint16_t      port = 0;

    assert_int_equal(tcp_listen(world->b.tcp, span_text("192.0.2.1:7300"),
                                &port),
                     STATUS_UNREACHABLE);
}

static void
version_6_works_alike(void **state)
{
    struct world *world = *state;
    uint16_t      port = 0;
    char          address[64];
    enum status st = tcp_listen(world->b.tcp, span_text("[::1]:0"), &port);

    if (st == STATUS_UNREACHABLE) {
        print_message("skipped: no IPv6 loopback here\n");
        skip();
    }
    assert_int_equal(st, STATUS_OK);
    snprintf(address, sizeof(address), "[::1]:%u", port);
    tcp_dial(world->a.tcp, 2, span_text(address));
    until(world, &world->a, EVENT_LINK_OPENED, 1);
    tcp_send(world->a.tcp, 2, span_text("hello"));
    until(world, &world->b, EVENT_LINK_FRAME, 1);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(a_port_in_use_is_said_so),
        CLAIM(an_address_of_another_machine_is_said_so),
        CLAIM(version_6_works_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

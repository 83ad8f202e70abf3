/* test_dial.c - from HOST:PORT to a link, or to the reason why not. */
#include <netdb.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/net/dial.h"
#include "tests/unit/tcp_world.h"

static void
a_dial_that_fails_is_answered_with_the_reason(void **state)
{
    struct world *world = *state;
    char          long_name[300];

    memset(long_name, 'a', sizeof(long_name));
    memcpy(long_name + 254, ":7300", 6);
    tcp_dial(world->b.tcp, 2, span_text("127.0.0.1:1"));
    tcp_dial(world->b.tcp, 4, span_text("no-port"));
    tcp_dial(world->b.tcp, 6, span_text(long_name));
    until(world, &world->b, EVENT_LINK_CLOSED, 3);
    assert_int_equal(world->b.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(world->b.events[i].status,
                         world->b.events[i].link == 2 ? STATUS_UNREACHABLE
                                                      : STATUS_BAD_FIELD);
}

static void
a_name_is_resolved(void **state)
{
    struct addrinfo *found = NULL;
    struct world    *world = *state;
    char             address[64];

    if (getaddrinfo("localhost", NULL, NULL, &found) != 0)
        skip(); /* a bare system has no name for itself */
    freeaddrinfo(found);
    snprintf(address, sizeof(address), "localhost:%u", world->a.port);
    tcp_dial(world->b.tcp, 2, span_text(address));
    until(world, &world->b, EVENT_LINK_OPENED, 1);
}

static void
a_dial_that_the_core_closes_is_not_answered(void **state)
{
    struct world *world = *state;

    tcp_dial(world->b.tcp, 4, span_text("localhost:1"));
    turn_loop(world); /* it is being resolved */
    tcp_dial(world->b.tcp, 2, span_text("127.0.0.1:1"));
    tcp_close(world->b.tcp, 2);
    tcp_close(world->b.tcp, 4);
    run_ms(world, 50);
    assert_int_equal(world->b.count, 0);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(a_dial_that_fails_is_answered_with_the_reason),
        CLAIM(a_name_is_resolved),
        CLAIM(a_dial_that_the_core_closes_is_not_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

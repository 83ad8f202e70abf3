/* What a node says of itself: what is wrong first, what to type last. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/admin/status_view.h"

static char text_buffer[8192];

static char *
lent(const char *text)
{
    return (char *)(uintptr_t)text;
}

static Entente__StatusResponse
node(void)
{
    Entente__StatusResponse status = ENTENTE__STATUS_RESPONSE__INIT;

    status.name = lent("ifc");
    status.org = lent("IFC-IOR");
    status.version = lent("1");
    status.listen = lent("127.0.0.1:7300");
    status.uptime_s = 61;
    return status;
}

static const char *
told(const Entente__StatusResponse *status)
{
    const struct cli cli = {.program = "entente", .home = "/nowhere"};
    FILE            *out = fmemopen(text_buffer, sizeof(text_buffer), "w");

    assert_non_null(out);
    assert_int_equal(status_view_text(&cli, status, out), STATUS_OK);
    assert_int_equal(fclose(out), 0);
    return text_buffer;
}

static void
who_has_no_peers_is_told_how_to_get_one(void **state)
{
    Entente__StatusResponse status = node();
    const char             *text = told(&status);

    (void)state;
    assert_memory_equal(text, "ifc of IFC-IOR, up ", 19);
    assert_non_null(strstr(text, "listens on 127.0.0.1:7300\n"));
    assert_non_null(strstr(text, "no peers yet\n\nNext:\n"
                                 "  entente card --out ifc.card\n"
                                 "  entente pair THEIR.card\n"));
    status.listen = lent("");
    assert_non_null(strstr(told(&status), "nobody can call it"));
}

static void
what_is_wrong_stands_before_all_else(void **state)
{
    Entente__StatusResponse status = node();
    char                   *alarms[] = {lent("the disk is nearly full")};

    (void)state;
    status.n_alarms = 1;
    status.alarms = alarms;
    assert_memory_equal(told(&status), "ALARM  the disk is nearly full\n", 31);
    status.capture = lent("/tmp/x.pcapng");
    status.capture_replay = true;
    assert_memory_equal(told(&status), "CAPTURE IS ON: /tmp/x.pcapng, 0 bytes",
                        37);
    assert_non_null(strstr(text_buffer, "sealed all keys and messages"));
    assert_non_null(strstr(text_buffer, "entente capture stop ends it"));
}

static void
unread_messages_are_the_next_thing_to_type(void **state)
{
    Entente__StatusResponse status = node();
    Entente__PeerStatus     peer = ENTENTE__PEER_STATUS__INIT;
    Entente__PeerStatus    *peers[] = {&peer};

    (void)state;
    peer.name = lent("jmsdf");
    peer.link = lent("up");
    status.n_peers = 1;
    status.peers = peers;
    assert_null(strstr(told(&status), "Next:"));
    peer.unread = 1;
    assert_non_null(strstr(told(&status), "Next:\n  entente inbox --unread\n"));
}

static void
how_long_messages_took_stands_by_precedence(void **state)
{
    Entente__StatusResponse status = node();
    Entente__PeerStatus     peer = ENTENTE__PEER_STATUS__INIT;
    Entente__PeerStatus    *peers[] = {&peer};
    Entente__Pace           pace = ENTENTE__PACE__INIT;
    Entente__Pace          *paces[] = {&pace};
    Entente__PaceTimes      received = ENTENTE__PACE_TIMES__INIT;

    (void)state;
    peer.name = lent("jmsdf");
    peer.link = lent("up");
    status.n_peers = 1;
    status.peers = peers;
    assert_null(strstr(told(&status), "\nto jmsdf\n"));
    received.count = 20;
    received.p50_ms = 4500;
    received.p90_ms = 8200;
    pace.precedence = lent("FLASH");
    pace.received = &received;
    peer.n_paces = 1;
    peer.paces = paces;
    assert_non_null(strstr(told(&status),
                           "\nto jmsdf\nFLASH          received in 4.5 s "
                           "(9 of 10 in 8.2 s, 20), none read yet\n"));
    peer.removed = true;
    assert_null(strstr(told(&status), "\nto jmsdf\n"));
}

static void
what_a_peer_wrote_cannot_steer_the_terminal(void **state)
{
    Entente__StatusResponse status = node();

    (void)state;
    status.org = lent("IFC\x1b[2J");
    assert_null(strchr(told(&status), '\x1b'));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_peers_is_told_how_to_get_one),
        cmocka_unit_test(what_is_wrong_stands_before_all_else),
        cmocka_unit_test(unread_messages_are_the_next_thing_to_type),
        cmocka_unit_test(how_long_messages_took_stands_by_precedence),
        cmocka_unit_test(what_a_peer_wrote_cannot_steer_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

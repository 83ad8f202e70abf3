/* How long a peer has had no link. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tools/admin/examine_node.h"

#define NOW UINT64_C(1760000000000)

static Entente__PeerStatus
peer(const char *link, uint64_t last_heard_ms)
{
    Entente__PeerStatus out = ENTENTE__PEER_STATUS__INIT;

    out.link = (char *)(uintptr_t)link;
    out.last_heard_ms = last_heard_ms;
    return out;
}

static void
a_link_that_is_up_has_never_been_down(void **state)
{
    Entente__PeerStatus one = peer("up", NOW - 40000);

    (void)state;
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 0);
}

static void
it_is_down_since_it_was_last_heard(void **state)
{
    Entente__PeerStatus one = peer("down", NOW - 40000);

    (void)state;
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 40);
    one.last_heard_ms = NOW;
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 1);
    one.last_heard_ms = NOW + 5000; /* the clock was set back */
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 1);
}

static void
who_was_never_heard_is_down_since_the_start(void **state)
{
    Entente__PeerStatus one = peer("dialling", 0);

    (void)state;
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 100);
}

static void
who_was_removed_is_not_missed(void **state)
{
    Entente__PeerStatus one = peer("removed", NOW - 40000);

    (void)state;
    one.removed = true;
    assert_int_equal(examine_node_down_s(&one, 100, NOW), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_that_is_up_has_never_been_down),
        cmocka_unit_test(it_is_down_since_it_was_last_heard),
        cmocka_unit_test(who_was_never_heard_is_down_since_the_start),
        cmocka_unit_test(who_was_removed_is_not_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A pairing that ends, and one that comes back. */
#include "tests/unit/pairing_world.h"

/* --- removed -------------------------------------------------------------- */

static void
both_pair(void)
{
    duo_pair(world.duo);
    duo_forget_told(a());
}

static void
a_removed_peer_is_let_go_and_its_log_is_kept(void **state)
{
    (void)state;
    both_pair();
    assert_int_equal(remove_peer("node2")->kind_case,
                     ENTENTE__RESPONSE__KIND_DONE);
    assert_true(peer_removed(peer()));
    assert_null(peer()->link);
    assert_int_equal(a()->wire_count, 0);
    assert_int_equal(peer()->channel_count, 1);
    duo_wait(world.duo, 60000);
    assert_null(peer()->link);
    duo_restart(a());
    assert_true(peer_removed(peer()));
    assert_int_equal(peer()->witness_count, 1);
}

static void
nobody_is_removed_twice(void **state)
{
    (void)state;
    both_pair();
    (void)remove_peer("node2");
    assert_string_equal(remove_peer("node2")->failure->code, "NOT_FOUND");
    assert_string_equal(remove_peer("nobody")->failure->code, "NOT_FOUND");
}

static void
a_removed_peer_takes_no_messages(void **state)
{
    (void)state;
    both_pair();
    (void)remove_peer("node2");
    duo_forget_told(a());
    duo_submit(a(), "node2", 1, "ROUTINE", "hello?", NULL);
    duo_turn(a());
    assert_string_equal(
        duo_last(a(), ENTENTE__RESPONSE__KIND_FAILURE)->failure->code,
        "NOT_FOUND");
}

static void
a_handshake_under_way_ends_with_the_pairing(void **state)
{
    (void)state;
    world.duo->b.reachable = false;
    both_pair();
    duo_cut(world.duo);
    duo_turn(a());
    world.duo->a.reachable = true;
    world.duo->b.now_ms += 60000;
    duo_post(&world.duo->b, &(struct event){.kind = EVENT_TIMER});
    duo_turn(&world.duo->b); /* dials */
    duo_turn(&world.duo->b); /* message 1 */
    duo_turn(a());           /* message 2 */
    assert_int_equal(a()->node->session_count, 1);
    assert_null(peer()->link);
    (void)remove_peer("node2");
    duo_run(world.duo);
    assert_null(peer()->link);
    assert_int_equal(a()->node->session_count, 0);
}

/* Submitted and removed in one turn: kept, told, and not lent any more. */
static void
what_waits_for_a_removed_peer_is_kept(void **state)
{
    Entente__Request  request = ENTENTE__REQUEST__INIT;
    Entente__PeerName name = ENTENTE__PEER_NAME__INIT;

    (void)state;
    both_pair();
    name.name = (char *)(uintptr_t)"node2";
    request.kind_case = ENTENTE__REQUEST__KIND_PEER_REMOVE;
    request.peer_remove = &name;
    duo_submit(a(), "node2", 1, "ROUTINE", "too late", NULL);
    duo_request(a(), &request);
    duo_turn(a());
    assert_int_equal(peer()->outbox.count, 1);
    assert_int_equal(duo_count_records(a(), RECORD_PENDING), 1);
    assert_non_null(outbox_first(&peer()->outbox)->kept);
    assert_ptr_equal(outbox_first(&peer()->outbox)->plain.ptr,
                     outbox_first(&peer()->outbox)->kept);
    assert_string_equal(
        duo_last(a(), ENTENTE__RESPONSE__KIND_SUBMIT)->submit->state,
        "queued");
}

static void
a_peer_that_comes_back_gets_what_waited(void **state)
{
    (void)state;
    both_pair();
    duo_cut(world.duo);
    duo_submit(a(), "node2", 1, "ROUTINE", "hello?", NULL);
    duo_turn(a());
    (void)remove_peer("node2");
    is_paired();
    assert_false(peer_removed(peer()));
    assert_int_equal(peer()->channel_count, 2);
    duo_wait(world.duo, 60000);
    assert_int_equal(duo_count_records(&world.duo->b, RECORD_IN_ENTRY), 3);
    assert_int_equal(peer()->outbox.count, 0);
}

static void
a_peer_comes_back_with_the_card_and_the_name_it_has_now(void **state)
{
    (void)state;
    both_pair();
    (void)remove_peer("node2");
    world.duo->b.node->cert.serial++;
    memset(world.duo->b.node->addresses[0], 0, LIMIT_ADDRESS);
    snprintf(world.duo->b.node->addresses[0], LIMIT_ADDRESS, "elsewhere:1");
    snprintf(world.card, sizeof(world.card), "%s", duo_card(&world.duo->b));
    world.pair.name = (char *)(uintptr_t)"back";
    is_paired();
    assert_string_equal(peer()->name, "back");
    assert_string_equal(peer()->address, "elsewhere:1");
    assert_string_equal(peer()->card.address[0], "elsewhere:1");
    duo_restart(a());
    assert_string_equal(peer()->name, "back");
    assert_string_equal(peer()->card.address[0], "elsewhere:1");
}

static void
a_peer_comes_back_with_another_secret_or_none(void **state)
{
    uint8_t secret[LIMIT_KEY] = {5};

    (void)state;
    world.pair.pair_secret = (ProtobufCBinaryData){LIMIT_KEY, secret};
    is_paired();
    (void)remove_peer("node2");
    secret[0] = 6;
    is_paired();
    duo_restart(a());
    assert_memory_equal(peer()->pair_secret.bytes, secret, LIMIT_KEY);
    assert_int_equal(peer()->secret_epoch, 1);
    (void)remove_peer("node2");
    world.pair.pair_secret.len = 0;
    is_paired();
    assert_int_equal(peer()->secret_epoch, 0);
    duo_restart(a());
    assert_int_equal(peer()->secret_epoch, 0);
    assert_true(secret_is_zero(peer()->pair_secret.bytes, LIMIT_KEY));
}

#define PAIRING_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PAIRING_TEST(a_removed_peer_is_let_go_and_its_log_is_kept),
        PAIRING_TEST(nobody_is_removed_twice),
        PAIRING_TEST(a_removed_peer_takes_no_messages),
        PAIRING_TEST(a_handshake_under_way_ends_with_the_pairing),
        PAIRING_TEST(what_waits_for_a_removed_peer_is_kept),
        PAIRING_TEST(a_peer_that_comes_back_gets_what_waited),
        PAIRING_TEST(a_peer_comes_back_with_the_card_and_the_name_it_has_now),
        PAIRING_TEST(a_peer_comes_back_with_another_secret_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

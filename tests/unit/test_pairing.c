#include "tests/unit/pairing_world.h"

/* --- cards ---------------------------------------------------------------- */

static void
our_card_is_ours(void **state)
{
    struct card card;
    size_t      line;

    (void)state;
    assert_int_equal(card_parse(span_text(world.card), &card, &line),
                     STATUS_OK);
    assert_true(node_id_equal(&card.cert.node,
                              &world.duo->b.node->cert.node));
    assert_memory_equal(card.first_contact,
                        world.duo->b.node->first_contact.public_key,
                        LIMIT_KEY);
    assert_string_equal(card.address[0], "127.0.0.1:7000");
}

static void
a_card_that_was_changed_is_refused_by_its_line(void **state)
{
    (void)state;
    world.card[strlen(world.card) / 2] ^= 1;
    assert_int_equal(ask()->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_memory_equal(a()->told[0].response->failure->path, "card line ",
                        10);
    assert_int_equal(a()->node->peer_count, 0);
}

static void
our_own_card_is_refused(void **state)
{
    (void)state;
    snprintf(world.card, sizeof(world.card), "%s", duo_card(a()));
    is_refused("BAD_FIELD", "card");
}

/* --- the safety number ---------------------------------------------------- */

static void
all_sixty_digits_pair(void **state)
{
    (void)state;
    is_paired();
    assert_string_equal(peer()->name, "node2");
    assert_int_equal(peer()->channel_count, 1);
    assert_int_equal(duo_record(a(), RECORD_OUT_ENTRY, 0).index, 0);
}

static void
the_thirty_digits_that_the_other_side_reads_pair(void **state)
{
    (void)state;
    set_digits(safety_typed_by(a()->node->cert.org_key,
                               world.duo->b.node->cert.org_key));
    is_paired();
}

static void
the_thirty_digits_that_we_read_ourselves_do_not(void **state)
{
    (void)state;
    set_digits(safety_read_by(a()->node->cert.org_key,
                              world.duo->b.node->cert.org_key));
    assert_int_equal(ask()->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(a()->told[0].response->failure->path, "safety_number");
    assert_int_equal(a()->node->peer_count, 0);
}

static void
one_wrong_digit_does_not_pair(void **state)
{
    (void)state;
    world.digits[7] = world.digits[7] == '9' ? '0' : '9';
    assert_int_equal(ask()->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(a()->told[0].response->failure->path, "safety_number");
    world.pair.safety_number = (char *)(uintptr_t)"";
    assert_int_equal(ask()->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_int_equal(a()->node->peer_count, 0);
}

/* --- what is asked for ---------------------------------------------------- */

static void
a_name_of_ones_own_is_used(void **state)
{
    (void)state;
    world.pair.name = (char *)(uintptr_t)"jmsdf";
    is_paired();
    assert_non_null(roster_peer_by_name(a()->node, span_text("jmsdf")));
}

static void
a_name_that_cannot_be_typed_is_refused(void **state)
{
    static const char *const bad[] = {
        "q", "-f", "a b", "a/b", "a,b", "a\tb", "\x01",
        "a-name-of-sixty-five-bytes-a-name-of-sixty-five-bytes-a-name-of-x"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        world.pair.name = (char *)(uintptr_t)bad[i];
        is_refused("BAD_FIELD", "name");
    }
}

static void
an_address_that_is_none_is_refused(void **state)
{
    (void)state;
    world.pair.address = (char *)(uintptr_t)"nowhere";
    is_refused("BAD_FIELD", "address");
    world.pair.address = (char *)(uintptr_t)"example.org:7000";
    is_paired();
    assert_string_equal(peer()->address, "example.org:7000");
}

static void
a_secret_has_thirty_two_bytes_or_none(void **state)
{
    uint8_t bytes[33] = {1};

    (void)state;
    world.pair.pair_secret = (ProtobufCBinaryData){31, bytes};
    is_refused("BAD_FIELD", "pair_secret");
    world.pair.pair_secret.len = 33;
    is_refused("BAD_FIELD", "pair_secret");
    world.pair.pair_secret.len = 32;
    is_paired();
    assert_int_equal(peer()->secret_epoch, 1);
}

static void
a_ceiling_too_long_is_refused(void **state)
{
    char ceiling[LIMIT_NAME + 2] = {0};

    (void)state;
    memset(ceiling, 'C', LIMIT_NAME + 1);
    world.pair.ceiling = ceiling;
    is_refused("TOO_LARGE", "ceiling");
}

static void
who_is_not_to_be_dialled_is_not(void **state)
{
    (void)state;
    world.pair.no_dial = true;
    is_paired();
    assert_int_equal(peer()->flags, PEER_NO_DIAL);
    assert_int_equal(a()->node->session_count, 0);
}

static void
nobody_is_paired_twice(void **state)
{
    (void)state;
    is_paired();
    is_refused("EXISTS", "card");
}

static void
a_known_node_under_another_organisations_key_is_a_stop(void **state)
{
    (void)state;
    is_paired();
    peer()->card.cert.org_key[0] ^= 1;
    is_refused("UNTRUSTED", "card");
    assert_memory_equal(a()->told[0].response->failure->message, "STOP", 4);
}

/* Another node, which says that it is of an organisation that we know. */
static void
a_known_organisation_under_another_key_is_a_stop(void **state)
{
    (void)state;
    is_paired();
    peer()->card.cert.org_key[0] ^= 1;
    peer()->card.cert.node.bytes[0] ^= 1;
    peer()->id = peer()->card.cert.node;
    is_refused("UNTRUSTED", "card");
    assert_non_null(strstr(a()->told[0].response->failure->message,
                           peer()->name));
    peer()->card.cert.country[0] ^= 1; /* one of that name elsewhere */
    is_refused("EXISTS", "name");      /* no stop */
}

/* So a person is asked for digits only when they are all that is missing. */
static void
the_digits_are_judged_last(void **state)
{
    (void)state;
    world.pair.safety_number = (char *)(uintptr_t)"";
    is_refused("BAD_FIELD", "safety_number");
    world.pair.name = (char *)(uintptr_t)"q";
    is_refused("BAD_FIELD", "name");
    world.pair.name = (char *)(uintptr_t)"";
    set_digits(SAFETY_ALL);
    is_paired();
    world.pair.safety_number = (char *)(uintptr_t)"";
    is_refused("EXISTS", "card");
}

static void
pairing_comes_back_from_the_journal(void **state)
{
    uint8_t secret[LIMIT_KEY] = {5};

    (void)state;
    world.pair.pair_secret = (ProtobufCBinaryData){LIMIT_KEY, secret};
    world.pair.ceiling = (char *)(uintptr_t)"SECRET";
    is_paired();
    duo_restart(a());
    assert_int_equal(a()->node->peer_count, 1);
    assert_string_equal(peer()->ceiling, "SECRET");
    assert_memory_equal(peer()->pair_secret.bytes, secret, LIMIT_KEY);
    assert_int_equal(peer()->own_count, 1);
}

/* The keys were durable, the group was not: the person asks again. */
static void
a_pairing_that_was_lost_half_way_is_done_again(void **state)
{
    Entente__Request request = ENTENTE__REQUEST__INIT;
    uint8_t          secret[LIMIT_KEY] = {5};

    (void)state;
    world.pair.pair_secret = (ProtobufCBinaryData){LIMIT_KEY, secret};
    request.kind_case = ENTENTE__REQUEST__KIND_PAIR;
    request.pair = &world.pair;
    duo_request(a(), &request);
    duo_crash(a(), false, DUO_ALL);
    assert_int_equal(a()->node->peer_count, 0);
    secret[0] = 6; /* and with another secret */
    is_paired();
    assert_int_equal(peer()->secret_epoch, 1);
    duo_restart(a());
    assert_memory_equal(peer()->pair_secret.bytes, secret, LIMIT_KEY);
    assert_int_equal(peer()->own_count, 1);
}

#define PAIRING_TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PAIRING_TEST(our_card_is_ours),
        PAIRING_TEST(a_card_that_was_changed_is_refused_by_its_line),
        PAIRING_TEST(our_own_card_is_refused),
        PAIRING_TEST(all_sixty_digits_pair),
        PAIRING_TEST(the_thirty_digits_that_the_other_side_reads_pair),
        PAIRING_TEST(the_thirty_digits_that_we_read_ourselves_do_not),
        PAIRING_TEST(one_wrong_digit_does_not_pair),
        PAIRING_TEST(a_name_of_ones_own_is_used),
        PAIRING_TEST(a_name_that_cannot_be_typed_is_refused),
        PAIRING_TEST(an_address_that_is_none_is_refused),
        PAIRING_TEST(a_secret_has_thirty_two_bytes_or_none),
        PAIRING_TEST(a_ceiling_too_long_is_refused),
        PAIRING_TEST(who_is_not_to_be_dialled_is_not),
        PAIRING_TEST(nobody_is_paired_twice),
        PAIRING_TEST(a_known_node_under_another_organisations_key_is_a_stop),
        PAIRING_TEST(a_known_organisation_under_another_key_is_a_stop),
        PAIRING_TEST(the_digits_are_judged_last),
        PAIRING_TEST(pairing_comes_back_from_the_journal),
        PAIRING_TEST(a_pairing_that_was_lost_half_way_is_done_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

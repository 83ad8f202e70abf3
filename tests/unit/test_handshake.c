#include "tests/unit/rogue.h"

#include "node/core/link/handshake.h"
#include "node/core/roster.h"

#include <string.h>

/* Connects and sends these bytes; whether anything came back. */
static bool
is_answered(struct rogue *rogue, struct span frame)
{
    struct event event;

    rogue_dial(rogue);
    while (rogue_next_raw(rogue, &event))
        continue;
    rogue_send_raw(rogue, frame);
    return rogue_next_raw(rogue, &event);
}

/* Not a byte, the link closed, not a record. */
static void
is_met_with_silence(struct rogue *rogue, struct span frame)
{
    size_t records = rogue->victim->record_count;

    assert_false(is_answered(rogue, frame));
    assert_true(rogue_is_closed(rogue));
    assert_int_equal(rogue->victim->record_count, records);
}

/* --- called --------------------------------------------------------------- */

static void
a_paired_caller_is_answered(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);

    assert_true(is_answered(rogue, (struct span){frame, len}));
    assert_false(rogue_is_closed(rogue));
}

static void
message_1_changes_nothing_that_lasts(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);
    size_t        records = rogue->victim->record_count;

    assert_true(is_answered(rogue, (struct span){frame, len}));
    assert_int_equal(rogue->victim->record_count, records);
    assert_int_equal(rogue->victim->node->peers[0]->stamp_seen, 0);
    assert_null(rogue->victim->node->peers[0]->link);
}

static void
the_stamp_is_stored_with_the_first_transport_message(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    assert_int_equal(rogue->victim->node->peers[0]->stamp_seen, rogue->stamp);
    duo_restart(rogue->victim);
    assert_int_equal(rogue->victim->node->peers[0]->stamp_seen, rogue->stamp);
}

static void
message_1_again_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len;

    rogue_open(rogue);
    len = rogue_message1(rogue, rogue->stamp, frame);
    is_met_with_silence(rogue, (struct span){frame, len});
}

static void
a_stamp_that_does_not_grow_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len;

    rogue_open(rogue);
    len = rogue_message1(rogue, rogue->stamp - 1, frame);
    is_met_with_silence(rogue, (struct span){frame, len});
    len = rogue_message1(rogue, rogue->stamp + 1, frame);
    assert_true(is_answered(rogue, (struct span){frame, len}));
}

static void
every_changed_byte_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);

    for (size_t i = 0; i < len; i++) {
        rogue->victim->now_ms += 1000; /* the budgets are not what refuses */
        frame[i] ^= 0x40;
        is_met_with_silence(rogue, (struct span){frame, len});
        frame[i] ^= 0x40;
    }
    assert_true(is_answered(rogue, (struct span){frame, len}));
}

static void
every_shorter_or_longer_message_is_met_with_silence(void **state)
{
    static uint8_t frame[LIMIT_FRAME];
    struct rogue  *rogue = *state;
    size_t         len = rogue_message1(rogue, ++rogue->stamp, frame);

    for (size_t cut = 0; cut < len; cut += cut < 40 ? 1 : 17) {
        rogue->victim->now_ms += 1000;
        is_met_with_silence(rogue, (struct span){frame, cut});
    }
    is_met_with_silence(rogue, (struct span){frame, len + 1});
    is_met_with_silence(rogue, SPAN_OF(frame));
}

/* Made anew over what was changed, so that only what is inside decides. */
static void
set_mac1(const struct rogue *rogue, uint8_t *frame, size_t len)
{
    noise_mac1(rogue->victim->node->cert.link_key,
               (struct span){frame + NOISE_MAC1_LEN, len - NOISE_MAC1_LEN},
               frame);
}

static void
who_knows_our_link_key_and_no_more_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);

    frame[NOISE_MAC1_LEN + 40] ^= 1;
    set_mac1(rogue, frame, len);
    is_met_with_silence(rogue, (struct span){frame, len});
}

static void
a_key_that_is_not_paired_is_met_with_silence(void **state)
{
    struct rogue   *rogue = *state;
    struct dh_key   own = rogue->duo->a.node->link_key;
    struct secret32 secret = {{5}};
    uint8_t         frame[LIMIT_STRANGER_FRAME];
    size_t          len;

    dh_key_from_secret(&secret, &rogue->duo->a.node->link_key);
    len = rogue_message1(rogue, ++rogue->stamp, frame);
    is_met_with_silence(rogue, (struct span){frame, len});
    rogue->duo->a.node->link_key = own;
}

static void
another_pair_secret_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    struct peer  *peer = rogue->victim->node->peers[0];
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);

    peer->secret_epoch = 1;
    memset(peer->pair_secret.bytes, 3, LIMIT_KEY);
    is_met_with_silence(rogue, (struct span){frame, len});
}

static void
a_removed_peer_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len = rogue_message1(rogue, ++rogue->stamp, frame);

    rogue->victim->node->peers[0]->flags |= PEER_REMOVED;
    is_met_with_silence(rogue, (struct span){frame, len});
}

/* --- its certificate ------------------------------------------------------ */

/* A certificate of the rogue's organisation: `number` as duo.c makes it. */
static void
recertify(struct rogue *rogue, const struct cert *cert, unsigned number)
{
    struct secret32 seed;
    struct sign_key org;

    memset(seed.bytes, (int)(16 * number + 1), LIMIT_KEY);
    sign_key_from_seed(&seed, &org);
    assert_int_equal(
        cert_sign(cert, &org, &rogue->duo->a.node->certificate), STATUS_OK);
}

static void
a_later_certificate_of_the_same_keys_is_taken(void **state)
{
    struct rogue *rogue = *state;
    struct cert   cert = rogue->duo->a.node->cert;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len;

    cert.serial = 2;
    recertify(rogue, &cert, 1);
    len = rogue_message1(rogue, ++rogue->stamp, frame);
    assert_true(is_answered(rogue, (struct span){frame, len}));
}

static void
a_certificate_of_another_node_is_met_with_silence(void **state)
{
    struct rogue *rogue = *state;
    struct cert   cert = rogue->duo->a.node->cert;
    uint8_t       frame[LIMIT_STRANGER_FRAME];
    size_t        len;

    cert.serial = 2;
    cert.node.bytes[0] ^= 1;
    recertify(rogue, &cert, 1);
    len = rogue_message1(rogue, ++rogue->stamp, frame);
    is_met_with_silence(rogue, (struct span){frame, len});
}

static void
a_certificate_for_another_key_is_met_with_silence(void **state)
{
    struct rogue   *rogue = *state;
    struct cert     had = rogue->duo->a.node->cert;
    struct secret32 seed = {{78}};
    struct sign_key other;
    uint8_t         frame[LIMIT_STRANGER_FRAME];
    size_t          len;

    sign_key_from_seed(&seed, &other);
    for (unsigned i = 0; i < 3; i++) {
        struct cert cert = had;

        cert.serial = 2;
        cert.link_key[3] ^= i == 0;
        if (i > 0)
            memcpy(i == 1 ? cert.log_key : cert.witness_key, other.public_key,
                   LIMIT_KEY);
        recertify(rogue, &cert, 1);
        len = rogue_message1(rogue, ++rogue->stamp, frame);
        is_met_with_silence(rogue, (struct span){frame, len});
    }
}

static void
a_certificate_of_another_organisation_is_met_with_silence(void **state)
{
    struct rogue   *rogue = *state;
    struct cert     cert = rogue->duo->a.node->cert;
    struct secret32 seed = {{77}};
    struct sign_key org;
    uint8_t         frame[LIMIT_STRANGER_FRAME];
    size_t          len;

    sign_key_from_seed(&seed, &org);
    memcpy(cert.org_key, org.public_key, LIMIT_KEY);
    assert_int_equal(
        cert_sign(&cert, &org, &rogue->duo->a.node->certificate), STATUS_OK);
    len = rogue_message1(rogue, ++rogue->stamp, frame);
    is_met_with_silence(rogue, (struct span){frame, len});
}

/* --- budgets -------------------------------------------------------------- */

/* How many of `tries` handshakes from that address are answered at once. */
static unsigned
answered(struct rogue *rogue, unsigned tries, uint64_t source)
{
    uint8_t  frame[LIMIT_STRANGER_FRAME];
    unsigned count = 0;

    for (unsigned i = 0; i < tries; i++) {
        size_t       len = rogue_message1(rogue, ++rogue->stamp, frame);
        struct event opened = {.kind = EVENT_LINK_OPENED,
                               .link = 100001 + 2 * rogue->stamp,
                               .source = source};
        struct event said = {.kind = EVENT_LINK_FRAME,
                             .link = opened.link,
                             .bytes = {frame, len}};
        size_t       sessions;

        duo_post(rogue->victim, &opened);
        duo_post(rogue->victim, &said);
        sessions = rogue->victim->node->session_count;
        while (duo_turn(rogue->victim))
            continue;
        count += rogue->victim->node->session_count > sessions;
    }
    return count;
}

static void
one_address_gets_so_many_handshakes_a_second(void **state)
{
    struct rogue *rogue = *state;

    rogue->victim->now_ms += 100000;
    assert_int_equal(answered(rogue, 30, 5), LIMIT_HANDSHAKES_PER_SOURCE_S);
    assert_int_equal(answered(rogue, 1, 6), 1);
    rogue->victim->now_ms += 500;
    assert_int_equal(answered(rogue, 30, 5), LIMIT_HANDSHAKES_PER_SOURCE_S / 2);
}

static void
all_addresses_together_get_so_many_a_second(void **state)
{
    struct rogue *rogue = *state;
    unsigned      count = 0;

    rogue->victim->now_ms += 100000;
    for (uint64_t source = 0; source < 30; source++)
        count += answered(rogue, 10, source);
    assert_int_equal(count, LIMIT_HANDSHAKES_PER_S);
}

static void
what_fails_mac1_costs_no_budget(void **state)
{
    static const uint8_t noise[200];
    struct rogue        *rogue = *state;

    rogue->victim->now_ms += 100000;
    for (unsigned i = 0; i < 300; i++)
        is_met_with_silence(rogue, SPAN_OF(noise));
    assert_int_equal(answered(rogue, 1, 7), 1);
}

/* --- calling -------------------------------------------------------------- */

/* The victim dials the rogue, who listens; the bytes of its message 1. */
static struct event
be_called(struct rogue *rogue)
{
    struct event event;

    rogue->duo->a.reachable = true;
    rogue->victim->now_ms += 60000;
    duo_post(rogue->victim, &(struct event){.kind = EVENT_TIMER});
    while (duo_turn(rogue->victim))
        continue;
    rogue->link = rogue->duo->a.link;
    assert_int_not_equal(rogue->link, 0);
    assert_true(rogue_next_raw(rogue, &event));
    return event;
}

static void
the_callers_stamp_is_saved_before_it_leaves(void **state)
{
    struct rogue *rogue = *state;
    struct record stamp;
    uint64_t      before = rogue->victim->node->peers[0]->stamp_used;

    (void)be_called(rogue);
    stamp = duo_record(rogue->victim, RECORD_STAMP,
                       duo_count_records(rogue->victim, RECORD_STAMP) - 1);
    assert_true(stamp.number > before);
    assert_true(stamp.number >= rogue->victim->wall_ms);
}

static void
the_callers_stamp_grows_where_its_clock_went_back(void **state)
{
    struct rogue *rogue = *state;
    uint64_t      before;

    (void)be_called(rogue);
    before = rogue->victim->node->peers[0]->stamp_used;
    duo_cut(rogue->duo);
    rogue->victim->wall_ms -= 86400000;
    (void)be_called(rogue);
    assert_int_equal(rogue->victim->node->peers[0]->stamp_used, before + 1);
}

static void
an_answer_that_is_not_message_2_ends_the_call(void **state)
{
    static const uint8_t zeros[48];
    struct rogue        *rogue = *state;

    (void)be_called(rogue);
    rogue_send_raw(rogue, SPAN_OF(zeros));
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue->victim->node->peers[0]->link);
}

#define HANDSHAKE_TEST(name) \
    cmocka_unit_test_setup_teardown(name, rogue_make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HANDSHAKE_TEST(a_paired_caller_is_answered),
        HANDSHAKE_TEST(message_1_changes_nothing_that_lasts),
        HANDSHAKE_TEST(the_stamp_is_stored_with_the_first_transport_message),
        HANDSHAKE_TEST(message_1_again_is_met_with_silence),
        HANDSHAKE_TEST(a_stamp_that_does_not_grow_is_met_with_silence),
        HANDSHAKE_TEST(every_changed_byte_is_met_with_silence),
        HANDSHAKE_TEST(every_shorter_or_longer_message_is_met_with_silence),
        HANDSHAKE_TEST(who_knows_our_link_key_and_no_more_is_met_with_silence),
        HANDSHAKE_TEST(a_key_that_is_not_paired_is_met_with_silence),
        HANDSHAKE_TEST(another_pair_secret_is_met_with_silence),
        HANDSHAKE_TEST(a_removed_peer_is_met_with_silence),
        HANDSHAKE_TEST(a_later_certificate_of_the_same_keys_is_taken),
        HANDSHAKE_TEST(a_certificate_of_another_node_is_met_with_silence),
        HANDSHAKE_TEST(a_certificate_for_another_key_is_met_with_silence),
        HANDSHAKE_TEST(
            a_certificate_of_another_organisation_is_met_with_silence),
        HANDSHAKE_TEST(one_address_gets_so_many_handshakes_a_second),
        HANDSHAKE_TEST(all_addresses_together_get_so_many_a_second),
        HANDSHAKE_TEST(what_fails_mac1_costs_no_budget),
        HANDSHAKE_TEST(the_callers_stamp_is_saved_before_it_leaves),
        HANDSHAKE_TEST(the_callers_stamp_grows_where_its_clock_went_back),
        HANDSHAKE_TEST(an_answer_that_is_not_message_2_ends_the_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/unit/rogue.h"

#include "node/core/roster.h"
#include "node/core/link/session.h"

#include <string.h>

static const uint8_t zeros[LIMIT_DIGEST];

/* A frame of each kind, as empty as it can be. */
static void
say_empty(struct rogue *rogue, Entente__Frame__KindCase kind)
{
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Hello     hello = ENTENTE__HELLO__INIT;
    Entente__Sizes     sizes = ENTENTE__SIZES__INIT;
    Entente__Leaves    leaves = ENTENTE__LEAVES__INIT;
    Entente__Head      head = ENTENTE__HEAD__INIT;
    Entente__Bodies    bodies = ENTENTE__BODIES__INIT;
    Entente__Cosigned  cosigned = ENTENTE__COSIGNED__INIT;
    Entente__Fetch     fetch = ENTENTE__FETCH__INIT;
    Entente__Stop      stop = ENTENTE__STOP__INIT;
    Entente__AskGrant  ask = ENTENTE__ASK_GRANT__INIT;
    Entente__Keepalive keepalive = ENTENTE__KEEPALIVE__INIT;
    Entente__Bye       bye = ENTENTE__BYE__INIT;
    void *const        body[] = {NULL,   &hello, &sizes,    &leaves,
                                 &head,  &bodies, &cosigned, &fetch,
                                 &stop,  &ask,   &keepalive, &bye};

    frame.kind_case = kind;
    frame.hello = body[kind];
    rogue_say(rogue, &frame);
}

/* --- the way to an open link ---------------------------------------------- */

static void
a_called_node_comes_up_by_hello_and_sizes(void **state)
{
    struct rogue *rogue = *state;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    assert_null(rogue_peer(rogue)->link);
    rogue_hello(rogue, zeros, zeros);
    assert_int_equal(rogue_peer(rogue)->link->state, SESSION_SETTLING);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELLO));
    rogue_sizes(rogue);
    assert_int_equal(rogue_peer(rogue)->link->state, SESSION_OPEN);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_SIZES));
}

static void
nothing_is_dispatched_before_the_sizes(void **state)
{
    struct rogue *rogue = *state;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, zeros, zeros);
    duo_submit(rogue->victim, "node1", 1, "FLASH", "not yet", NULL);
    rogue_pass(rogue, 10);
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES));
    assert_int_equal(rogue_peer(rogue)->outbox.count, 1);
    rogue_sizes(rogue);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_LEAVES));
}

static void
before_hello_any_other_frame_closes(void **state)
{
    struct rogue *rogue = *state;

    for (int kind = ENTENTE__FRAME__KIND_SIZES;
         kind <= ENTENTE__FRAME__KIND_BYE; kind++) {
        rogue_dial(rogue);
        rogue_handshake(rogue);
        say_empty(rogue, (Entente__Frame__KindCase)kind);
        assert_true(rogue_is_closed(rogue));
        assert_null(rogue_peer(rogue)->link);
        rogue_pass(rogue, 1000);
    }
}

static void
between_hello_and_sizes_any_other_frame_closes(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       confirmed[LIMIT_DIGEST], pending[LIMIT_DIGEST];

    for (int kind = ENTENTE__FRAME__KIND_HELLO;
         kind <= ENTENTE__FRAME__KIND_BYE; kind++) {
        if (kind == ENTENTE__FRAME__KIND_SIZES)
            continue;
        memcpy(confirmed, rogue_peer(rogue)->confirmed, LIMIT_DIGEST);
        memcpy(pending, rogue_peer(rogue)->pending, LIMIT_DIGEST);
        rogue_dial(rogue);
        rogue_handshake(rogue);
        rogue_hello(rogue, confirmed, pending);
        say_empty(rogue, (Entente__Frame__KindCase)kind);
        assert_true(rogue_is_closed(rogue));
        assert_null(rogue_peer(rogue)->link);
        rogue_pass(rogue, 1000);
    }
}

static void
an_open_link_takes_no_second_hello_or_sizes(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    rogue_sizes(rogue);
    assert_true(rogue_is_closed(rogue));
    rogue_open(rogue);
    rogue_hello(rogue, zeros, zeros);
    assert_true(rogue_is_closed(rogue));
}

static void
frames_that_this_version_does_not_know_close(void **state)
{
    struct rogue *rogue = *state;

    rogue_open(rogue);
    say_empty(rogue, ENTENTE__FRAME__KIND_ASK_GRANT);
    assert_true(rogue_is_closed(rogue));
    rogue_open(rogue);
    rogue_say(rogue, &(Entente__Frame)ENTENTE__FRAME__INIT);
    assert_true(rogue_is_closed(rogue));
}

/* --- the transport -------------------------------------------------------- */

static void
a_frame_that_does_not_decrypt_closes(void **state)
{
    static const uint8_t garbage[64];
    struct rogue        *rogue = *state;

    rogue_open(rogue);
    rogue_send_raw(rogue, SPAN_OF(garbage));
    assert_true(rogue_is_closed(rogue));
    rogue_open(rogue);
    rogue_send_raw(rogue, SPAN_EMPTY);
    assert_true(rogue_is_closed(rogue));
}

static void
a_frame_sent_twice_closes(void **state)
{
    struct rogue      *rogue = *state;
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive keepalive = ENTENTE__KEEPALIVE__INIT;
    uint64_t           nonce;

    rogue_open(rogue);
    frame.kind_case = ENTENTE__FRAME__KIND_KEEPALIVE;
    frame.keepalive = &keepalive;
    nonce = rogue->send.nonce;
    rogue_say(rogue, &frame);
    assert_false(rogue_is_closed(rogue));
    rogue->send.nonce = nonce;
    rogue_say(rogue, &frame);
    assert_true(rogue_is_closed(rogue));
}

static void
plaintext_that_is_no_frame_closes(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       bytes[5 + LIMIT_TAG] = {0xff, 0xff, 0xff, 0xff, 0xff};

    rogue_open(rogue);
    assert_int_equal(noise_encrypt(&rogue->send, (struct span){bytes, 5},
                                   bytes),
                     STATUS_OK);
    rogue_send_raw(rogue, SPAN_OF(bytes));
    assert_true(rogue_is_closed(rogue));
}

/* --- stamps -------------------------------------------------------------- */

/* Both hold message 1 of the same peer; only the later one may go on. */
static void
a_handshake_that_was_overtaken_ends(void **state)
{
    struct rogue          *rogue = *state;
    struct noise_transport send, receive;
    uint64_t               first;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    first = rogue->link;
    send = rogue->send;
    receive = rogue->receive;
    rogue_open(rogue);
    rogue->link = first;
    rogue->send = send;
    rogue->receive = receive;
    rogue_hello(rogue, zeros, zeros);
    assert_true(rogue_is_closed(rogue));
    assert_non_null(rogue_peer(rogue)->link); /* the later one stays */
}

static void
the_highest_stamp_told_heals_a_lost_counter(void **state)
{
    struct rogue  *rogue = *state;
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;
    uint64_t       ahead = rogue->victim->wall_ms + 1000000000;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    hello.confirmed = hello.pending =
        (ProtobufCBinaryData){LIMIT_DIGEST, (uint8_t *)(uintptr_t)zeros};
    hello.stamp_seen = ahead;
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    rogue_say(rogue, &frame);
    assert_int_equal(rogue_peer(rogue)->stamp_used, ahead);
    duo_restart(rogue->victim);
    assert_int_equal(rogue_peer(rogue)->stamp_used, ahead);
}

/* --- names ---------------------------------------------------------------- */

static void
every_row_of_the_table_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < SESSION_ROWS; i++)
        for (size_t k = i + 1; k < SESSION_ROWS; k++)
            assert_string_not_equal(session_row_name(i), session_row_name(k));
}

#define SESSION_TEST(name) \
    cmocka_unit_test_setup_teardown(name, rogue_make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        SESSION_TEST(a_called_node_comes_up_by_hello_and_sizes),
        SESSION_TEST(nothing_is_dispatched_before_the_sizes),
        SESSION_TEST(before_hello_any_other_frame_closes),
        SESSION_TEST(between_hello_and_sizes_any_other_frame_closes),
        SESSION_TEST(an_open_link_takes_no_second_hello_or_sizes),
        SESSION_TEST(frames_that_this_version_does_not_know_close),
        SESSION_TEST(a_frame_that_does_not_decrypt_closes),
        SESSION_TEST(a_frame_sent_twice_closes),
        SESSION_TEST(plaintext_that_is_no_frame_closes),
        SESSION_TEST(a_handshake_that_was_overtaken_ends),
        SESSION_TEST(the_highest_stamp_told_heals_a_lost_counter),
        cmocka_unit_test(every_row_of_the_table_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

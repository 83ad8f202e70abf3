/* test_chain.c - which Hello matches, and what follows where none does. */
#include "tests/unit/rogue.h"

#include "node/core/link/chain.h"
#include "node/core/roster.h"

#include <string.h>

static const uint8_t zeros[LIMIT_DIGEST];

static void
a_session_is_journaled_as_pending_and_confirmed_when_it_is_named(void **state)
{
    struct rogue *rogue = *state;
    struct digest first;
    struct record chain;

    rogue_open(rogue);
    first = rogue->hash;
    chain = duo_record(rogue->victim, RECORD_CHAIN, 0);
    assert_memory_equal(chain.root, first.bytes, LIMIT_DIGEST);
    assert_memory_equal(chain.key, zeros, LIMIT_DIGEST);
    rogue_open(rogue);
    chain = duo_record(rogue->victim, RECORD_CHAIN, 1);
    assert_memory_equal(chain.key, first.bytes, LIMIT_DIGEST);
    assert_memory_equal(chain.root, rogue->hash.bytes, LIMIT_DIGEST);
}

static void
a_hello_names_what_was_held_before_this_session(void **state)
{
    struct rogue         *rogue = *state;
    const Entente__Frame *heard;

    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, zeros, zeros);
    heard = rogue_hear(rogue, ENTENTE__FRAME__KIND_HELLO);
    assert_memory_equal(heard->hello->confirmed.data, zeros, LIMIT_DIGEST);
    assert_memory_equal(heard->hello->pending.data, zeros, LIMIT_DIGEST);
}

/* A link that broke between the two halves leaves one side a session ahead. */
static void
one_common_session_is_enough(void **state)
{
    struct rogue *rogue = *state;
    struct digest first;

    rogue_open(rogue);
    first = rogue->hash;
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, zeros, first.bytes); /* journaled there, not here */
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, zeros, first.bytes);
    assert_string_equal(rogue_peer(rogue)->alarm, "");
    assert_int_equal(rogue_peer(rogue)->channel_count, 1);
}

static void
a_chain_that_shares_nothing_is_an_alarm_and_a_new_epoch(void **state)
{
    struct rogue *rogue = *state;
    uint8_t       other[LIMIT_DIGEST] = {1}, another[LIMIT_DIGEST] = {2};
    struct record open;

    rogue_open(rogue);
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, other, another);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELLO));
    assert_int_equal(duo_count_records(rogue->victim, RECORD_ALARM), 1);
    assert_int_equal(rogue_peer(rogue)->channel_count, 2);
    assert_true(rogue_peer(rogue)->channels[0]->closed);
    open = duo_record(rogue->victim, RECORD_OUT_ENTRY, 1);
    assert_int_equal(open.origin.epoch, 2);
    assert_int_equal(open.index, 0);
    assert_false(rogue_is_closed(rogue)); /* the link goes on */
}

/* Each link shows another past. */
static void
show_nothing_known(struct rogue *rogue, uint8_t which)
{
    uint8_t other[LIMIT_DIGEST] = {1, which}, another[LIMIT_DIGEST] = {2};

    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, other, another);
}

static void
chains_that_share_nothing_open_so_many_epochs_and_no_more(void **state)
{
    struct rogue *rogue = *state;
    size_t        records;

    for (uint8_t i = 0; i < LIMIT_EPOCHS; i++)
        show_nothing_known(rogue, i);
    assert_int_equal(rogue_peer(rogue)->channel_count, 1 + LIMIT_EPOCHS);
    records = rogue->victim->record_count;
    show_nothing_known(rogue, LIMIT_EPOCHS);
    assert_true(rogue_is_closed(rogue));
    assert_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELLO));
    assert_int_equal(rogue->victim->record_count, records);
    rogue_open(rogue); /* a past that is shared is welcome */
    rogue_pass(rogue, LIMIT_EPOCH_MS);
    show_nothing_known(rogue, LIMIT_EPOCHS);
    assert_int_equal(rogue_peer(rogue)->channel_count, 2 + LIMIT_EPOCHS);
}

static void
a_hello_of_other_lengths_closes(void **state)
{
    struct rogue  *rogue = *state;
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;

    for (size_t len = 0; len < 40; len += 31) {
        rogue_dial(rogue);
        rogue_handshake(rogue);
        hello.confirmed = (ProtobufCBinaryData){LIMIT_DIGEST,
                                                (uint8_t *)(uintptr_t)zeros};
        hello.pending = (ProtobufCBinaryData){len,
                                              (uint8_t *)(uintptr_t)zeros};
        frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
        frame.hello = &hello;
        rogue_say(rogue, &frame);
        assert_true(rogue_is_closed(rogue));
        assert_int_equal(duo_count_records(rogue->victim, RECORD_CHAIN), 0);
    }
}

#define CHAIN_TEST(name) \
    cmocka_unit_test_setup_teardown(name, rogue_make, rogue_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CHAIN_TEST(
            a_session_is_journaled_as_pending_and_confirmed_when_it_is_named),
        CHAIN_TEST(a_hello_names_what_was_held_before_this_session),
        CHAIN_TEST(one_common_session_is_enough),
        CHAIN_TEST(a_chain_that_shares_nothing_is_an_alarm_and_a_new_epoch),
        CHAIN_TEST(
            chains_that_share_nothing_open_so_many_epochs_and_no_more),
        CHAIN_TEST(a_hello_of_other_lengths_closes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

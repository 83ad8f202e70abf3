/*
 * test_loss.c - a node whose disk was set back never writes a second entry of
 * one index, and what the peer holds comes back into step.
 */
#include "node/core/recovery/loss.h"
#include "node/core/roster.h"
#include "tests/unit/duo.h"

#include <stdlib.h>
#include <string.h>

static int
make(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    *state = duo;
    return 0;
}

/* An officer of this node reads the peer's first message. */
static void
show(struct duo_party *party, const char *ref)
{
    duo_show(party, ref);
    while (duo_turn(party))
        continue;
    assert_non_null(duo_last(party, ENTENTE__RESPONSE__KIND_SHOW));
}

/* The disk as it was when it had `count` records is put back. */
static void
set_back(struct duo_party *party, size_t count)
{
    while (party->record_count > count) {
        struct duo_record *last = &party->records[--party->record_count];

        free(last->bytes);
        free(last->secret);
    }
    duo_restart(party);
}

static struct peer *
peer_of(struct duo_party *party)
{
    return party->node->peers[0];
}

static uint64_t
epoch(struct duo_party *party)
{
    return peer_channel(peer_of(party), REALM_ACTUAL)->origin.epoch;
}

/* Verdicts of the peer on our entries that are in this state. */
static size_t
verdicts(const struct duo_party *party, enum message_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < duo_count_records(party, RECORD_VERDICT); i++)
        count += duo_record(party, RECORD_VERDICT, i).state == state;
    return count;
}

/* The leaf that the reader of a log holds. */
static struct span
leaf_at_reader(const struct duo_party *party, const struct origin *origin,
               uint64_t index)
{
    for (size_t i = 0; i < duo_count_records(party, RECORD_IN_LEAVES); i++) {
        struct record leaves = duo_record(party, RECORD_IN_LEAVES, i);

        if (origin_equal(&leaves.origin, origin) && index >= leaves.index &&
            index - leaves.index < leaves.bytes.len / LEAF_LEN)
            return (struct span){leaves.bytes.ptr +
                                     (index - leaves.index) * LEAF_LEN,
                                 LEAF_LEN};
    }
    return SPAN_EMPTY;
}

static void
read_while_the_link_is_down(struct duo *duo)
{
    duo_submit(&duo->b, "node1", 1, "ROUTINE", "read me", NULL);
    duo_run(duo);
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

static void
what_is_read_while_the_link_is_down_is_answered_when_it_is_up(void **state)
{
    struct duo *duo = *state;
    size_t      entries;

    read_while_the_link_is_down(duo);
    entries = duo_count_records(&duo->a, RECORD_OUT_ENTRY);
    show(&duo->a, "node2/1");
    assert_int_equal(duo_count_records(&duo->a, RECORD_OUT_ENTRY), entries);
    assert_int_equal(duo_count_records(&duo->a, RECORD_DUE), 1);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_int_equal(duo_count_records(&duo->a, RECORD_OUT_ENTRY),
                     entries + 1);
    assert_int_equal(verdicts(&duo->b, STATE_READ), 1);
    assert_int_equal(peer_of(&duo->a)->answer_count, 0);
}

static void
what_is_due_survives_a_restart(struct duo *duo, enum duo_from from)
{
    const struct event event = {.kind = EVENT_SNAPSHOT};

    read_while_the_link_is_down(duo);
    show(&duo->a, "node2/1");
    duo_post(&duo->a, &event);
    assert_true(duo_turn(&duo->a));
    duo_restart_from(&duo->a, from);
    assert_int_equal(peer_of(&duo->a)->answer_count, 1);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_int_equal(verdicts(&duo->b, STATE_READ), 1);
    duo_restart(&duo->a);
    assert_int_equal(peer_of(&duo->a)->answer_count, 0);
    duo_wait(duo, 60000);
    assert_int_equal(verdicts(&duo->b, STATE_READ), 1);
}

static void
an_answer_that_is_due_survives_a_restart(void **state)
{
    what_is_due_survives_a_restart(*state, DUO_ALL);
}

static void
an_answer_that_is_due_is_in_a_snapshot(void **state)
{
    what_is_due_survives_a_restart(*state, DUO_SNAPSHOT);
}

/* It was read and answered after the copy; from the copy it is read again. */
static void
a_node_that_was_set_back_appends_to_no_epoch_that_was_open(void **state)
{
    struct duo *duo = *state;
    size_t      copy;

    read_while_the_link_is_down(duo);
    copy = duo->a.record_count;
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    show(&duo->a, "node2/1");
    duo_run(duo);
    assert_int_equal(verdicts(&duo->b, STATE_READ), 1);
    set_back(&duo->a, copy);
    duo_cut(duo);
    duo->a.reachable = duo->b.reachable = false;
    show(&duo->a, "node2/1");
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    for (size_t i = 0; i < duo_count_records(&duo->a, RECORD_OUT_ENTRY); i++) {
        struct record entry = duo_record(&duo->a, RECORD_OUT_ENTRY, i);

        /* As in the copy, or as it came back. */
        if (entry.origin.epoch == 1 && entry.index >= 2)
            assert_true(span_equal(
                entry.leaf, leaf_at_reader(&duo->b, &entry.origin,
                                           entry.index)));
    }
    assert_true(epoch(&duo->a) > 1);
    assert_int_equal(duo_count_records(&duo->b, RECORD_STOPPED), 0);
    assert_int_equal(verdicts(&duo->b, STATE_READ), 2);
}

/* A third node that `party` is paired with, and that is never there. */
static void
pair_with_a_third(struct duo_party *party)
{
    struct peer        *two = peer_of(party);
    struct node        *node = party->node;
    struct peer        *three;
    struct card         card = two->card;
    struct effects      out;
    struct turn_input   input = {.mono_ms = party->now_ms,
                                 .wall_ms = party->wall_ms};
    struct context      turn = {.node = node,
                                .input = &input,
                                .out = &out,
                                .vaults = &node->vaults};
    struct secret32     seed = {{3}};

    effects_init(&out);
    seed_stream_init(&turn.seeds, &seed);
    memset(card.cert.node.bytes, 3, LIMIT_NODE_ID);
    three = peer_new(&card, span_text(two->card_text), span_text("node3"));
    three->flags = PEER_NO_DIAL;
    roster_peer_add(node, three);
    peer_open_epoch(three, &turn, LANE_WIRE,
                    ENTENTE__ENTRY_OPEN__REASON__PAIRING, NULL);
    peer_sign(three, &turn);
    effects_free(&out);
}

static uint64_t
third_epoch(struct duo_party *party)
{
    return peer_channel(party->node->peers[1], REALM_ACTUAL)->origin.epoch;
}

static void
a_loss_that_the_keyring_tells_opens_epochs_towards_all(void **state)
{
    struct duo        *duo = *state;
    const struct event lost = {.kind = EVENT_STATE_LOST};

    pair_with_a_third(&duo->a);
    duo_post(&duo->a, &lost);
    duo_run(duo);
    assert_int_equal(epoch(&duo->a), 2);
    assert_int_equal(third_epoch(&duo->a), 2);
    assert_string_equal(peer_of(&duo->a)->alarm,
                        "this node lost state; new epoch opened");
    duo_post(&duo->a, &lost); /* the same loss */
    duo_run(duo);
    assert_int_equal(epoch(&duo->a), 2);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "goes on", NULL);
    duo_run(duo);
    assert_int_equal(peer_of(&duo->b)->received, 1);
}

/* The session chain fits, since the copy is of the link that is still up. */
static void
a_loss_that_one_peer_shows_opens_epochs_towards_all(void **state)
{
    struct duo *duo = *state;
    size_t      copy = duo->a.record_count;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "forgotten", NULL);
    duo_run(duo);
    set_back(&duo->a, copy);
    pair_with_a_third(&duo->a);
    duo_wait(duo, 60000);
    assert_int_equal(epoch(&duo->a), 2);
    assert_int_equal(third_epoch(&duo->a), 2);
}

/* It gets again what it had cosigned, and the sender's window opens. */
static void
a_reader_that_was_set_back_catches_up(void **state)
{
    struct duo           *duo = *state;
    size_t                copy = duo->b.record_count;
    const struct channel *channel =
        peer_channel(peer_of(&duo->a), REALM_ACTUAL);
    struct witness       *witness;

    duo_submit(&duo->a, "node2", 1, "ROUTINE", "forgotten", NULL);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "too", NULL);
    duo_run(duo);
    assert_int_equal(channel->cosigned.size, 3);
    set_back(&duo->b, copy);
    assert_int_equal(peer_of(&duo->b)->received, 0);
    duo_wait(duo, 60000);
    witness = peer_of(&duo->b)->witnesses[0];
    assert_int_equal(peer_of(&duo->b)->received, 2);
    assert_int_equal(witness->cosigned.size, channel->cosigned.size);
    assert_memory_equal(witness->cosignature.signature,
                        channel->cosignature.signature, LIMIT_SIGNATURE);
    assert_int_equal(channel->flight.count, 0);
    assert_int_equal(channel->window[0].entries, 0);
    assert_non_null(strstr(peer_of(&duo->a)->alarm, "had lost state"));
}

#define LOSS_TEST(name) cmocka_unit_test_setup_teardown(name, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        LOSS_TEST(
            what_is_read_while_the_link_is_down_is_answered_when_it_is_up),
        LOSS_TEST(an_answer_that_is_due_survives_a_restart),
        LOSS_TEST(an_answer_that_is_due_is_in_a_snapshot),
        LOSS_TEST(a_node_that_was_set_back_appends_to_no_epoch_that_was_open),
        LOSS_TEST(a_loss_that_the_keyring_tells_opens_epochs_towards_all),
        LOSS_TEST(a_loss_that_one_peer_shows_opens_epochs_towards_all),
        LOSS_TEST(a_reader_that_was_set_back_catches_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

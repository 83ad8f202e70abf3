/*
 * test_snapshot.c - whatever a node is in the middle of, its snapshot alone
 * makes a node that is in the middle of the same.
 */
#include "tests/unit/asking.h"

#include "node/core/roster.h"
#include "node/core/snapshot.h"

#include <stdio.h>

static int
make(void **state)
{
    *state = duo_new();
    return 0;
}

static void
snapshot(struct duo_party *party)
{
    struct event event = {.kind = EVENT_SNAPSHOT};

    duo_post(party, &event);
    duo_turn(party);
}

/* Where the newest one begins. */
static size_t
begins_at(const struct duo_party *party)
{
    size_t at = party->record_count;

    while (at > 0 && party->records[at - 1].bytes[0] != RECORD_SNAPSHOT)
        at--;
    assert_true(at > 0);
    return at - 1;
}

/* Live, from all that was ever saved, and from the snapshot: no difference;
 * and a second snapshot of that node says what the first did. */
static void
same_again(struct duo_party *party)
{
    struct node *all = duo_node(party, DUO_ALL);
    struct node *from;

    snapshot(party);
    from = duo_node(party, DUO_SNAPSHOT);
    duo_same_state(party->node, all);
    duo_same_state(party->node, from);
    node_free(all);
    node_free(from);
}

static void
part(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

static void
meet(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
}

static void
a_node_without_peers_is_a_beginning_and_an_end(void **state)
{
    struct duo *duo = *state;
    size_t      at;

    snapshot(&duo->a);
    at = begins_at(&duo->a);
    assert_int_equal(duo->a.records[at + 1].bytes[0], RECORD_VAULTS);
    assert_int_equal(duo->a.records[at + 2].bytes[0], RECORD_SNAPSHOT_END);
    same_again(&duo->a);
}

static void
its_end_counts_what_stands_in_it(void **state)
{
    struct duo   *duo = *state;
    struct record end;
    size_t        at, count = 0;

    duo_pair(duo);
    snapshot(&duo->a);
    at = begins_at(&duo->a);
    while (duo->a.records[at + 1 + count].bytes[0] != RECORD_SNAPSHOT_END)
        count++;
    end = duo_record(&duo->a, RECORD_SNAPSHOT_END, 0);
    assert_int_equal(end.count, count);
    assert_true(count > 5);
}

/* The group of the turn begins with it: what the turn did comes after. */
static void
it_stands_before_what_its_turn_does(void **state)
{
    struct duo  *duo = *state;
    struct event event = {.kind = EVENT_SNAPSHOT};
    size_t       before;

    duo_pair(duo);
    before = duo->a.record_count;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_post(&duo->a, &event);
    duo_turn(&duo->a);
    assert_int_equal(duo->a.records[before].bytes[0], RECORD_SNAPSHOT);
    assert_true(duo_count_records(&duo->a, RECORD_OUT_ENTRY) > 1);
    same_again(&duo->a);
}

static void
logs_receipts_and_counts_are_in_it(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    for (unsigned i = 1; i <= 5; i++)
        duo_submit(&duo->a, "node2", i, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    asking_show(&duo->b, 7, 1, "node1/2", false);
    duo_run(duo);
    same_again(&duo->a);
    same_again(&duo->b);
    duo_restart_from(&duo->b, DUO_SNAPSHOT);
    assert_int_equal(duo->b.node->peers[0]->received, 5);
    assert_int_equal(duo->b.node->peers[0]->read, 1);
}

static void
what_waits_is_in_it_in_its_order(void **state)
{
    static const char *const words[] = {"ROUTINE", "FLASH", "DEFERRED",
                                        "ROUTINE"};
    static const unsigned    order[] = {2, 1, 4, 3};
    struct duo *duo = *state;

    duo_pair(duo);
    part(duo);
    for (unsigned i = 0; i < 4; i++)
        duo_submit(&duo->a, "node2", i + 1, words[i], "waits", NULL);
    duo_run(duo);
    same_again(&duo->a);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    meet(duo);
    for (unsigned i = 0; i < 4; i++) {
        struct record     entry = duo_record(&duo->b, RECORD_IN_ENTRY, i + 1);
        struct message_id id = duo_message_id(&duo->a, order[i]);

        assert_memory_equal(entry.id.bytes, id.bytes, sizeof(id.bytes));
    }
}

static unsigned let_through;

static bool
some_frames(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    if (let_through == 0)
        return false;
    let_through--;
    return true;
}

/* Leaves and head came, the body did not. */
static void
bodies_that_are_missing_are_in_it(void **state)
{
    static char    text[30001];
    struct duo    *duo = *state;
    struct duo_note note = {.to = "node2",
                            .id = 1,
                            .precedence = "ROUTINE",
                            .subject = "long",
                            .text = text};
    const struct witness *witness;

    memset(text, 'a', sizeof(text) - 1);
    duo->a.frame_max = duo->b.frame_max = LIMIT_FRAME_MIN;
    duo_pair(duo);
    let_through = 3;
    duo->a.tap = some_frames;
    duo_submit_note(&duo->a, &note);
    duo_run(duo);
    duo->a.tap = NULL;
    part(duo);
    witness = duo->b.node->peers[0]->witnesses[0];
    assert_true(witness->whole < witness->head.size);
    same_again(&duo->b);
    duo_restart_from(&duo->b, DUO_SNAPSHOT);
    meet(duo);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 2);
    assert_int_equal(duo->b.node->peers[0]->witnesses[0]->whole, 2);
}

static void
a_removed_peer_is_in_it_and_stays_removed(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    part(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "waits", NULL);
    duo_run(duo);
    asking_remove(&duo->a, 7, 1, "node2");
    duo_run(duo);
    same_again(&duo->a);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    assert_true(peer_removed(duo->a.node->peers[0]));
    assert_int_equal(duo->a.node->peers[0]->outbox.count, 1);
}

static void
an_alarm_is_in_it(void **state)
{
    struct duo *duo = *state;

    duo_pair(duo);
    snprintf(duo->a.node->peers[0]->alarm,
             sizeof(duo->a.node->peers[0]->alarm), "something is odd");
    snapshot(&duo->a);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    assert_string_equal(duo->a.node->peers[0]->alarm, "something is odd");
}

/* Both lost the session chain: closed epochs, and what was given back. */
static void
closed_epochs_are_in_it(void **state)
{
    struct duo  *duo = *state;
    struct peer *peer;

    duo_pair(duo);
    let_through = 0;
    duo->a.tap = some_frames;
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    duo->a.tap = NULL;
    part(duo);
    peer = duo->b.node->peers[0];
    memset(peer->confirmed, 7, sizeof(peer->confirmed));
    memset(peer->pending, 8, sizeof(peer->pending));
    meet(duo);
    assert_true(duo->a.node->peers[0]->channels[0]->closed);
    same_again(&duo->a);
    snapshot(&duo->b);
    duo_restart_from(&duo->a, DUO_SNAPSHOT);
    duo_restart_from(&duo->b, DUO_SNAPSHOT);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "coffee?", "received");
    duo_wait(duo, 60000);
    assert_string_equal(asking_state_told(&duo->a, 1, 2), "received");
}

static void
all_before_it_is_void(void **state)
{
    struct duo  *duo = *state;
    struct node *node;
    size_t       at;

    duo_pair(duo);
    snapshot(&duo->a);
    at = begins_at(&duo->a);
    node = duo_node(&duo->a, DUO_JOURNAL); /* the past, then the snapshot */
    assert_int_equal(node->peer_count, 1);
    assert_int_equal(node->peers[0]->channel_count, 1);
    duo_same_state(duo->a.node, node);
    node_free(node);
    assert_true(at > 0);
}

/* Of a peer that it does not have, a record is no state of any node. */
static void
a_snapshot_that_lacks_a_peer_is_corrupt(void **state)
{
    struct duo  *duo = *state;
    struct node *node = NULL;
    enum status  st = STATUS_OK;

    duo_pair(duo);
    snapshot(&duo->a);
    assert_int_equal(node_new(&duo->a.config, &node), STATUS_OK);
    for (size_t i = 0; i < duo->a.key_count; i++)
        assert_int_equal(
            node_key(node, duo->a.keys[i].kind, KEYRING_CURRENT,
                     duo->a.keys[i].number, duo->a.keys[i].owner,
                     &duo->a.keys[i].secret),
            STATUS_OK);
    for (size_t i = begins_at(&duo->a);
         st == STATUS_OK && i < duo->a.record_count; i++) {
        struct record record;

        assert_int_equal(
            record_decode((struct span){duo->a.records[i].bytes,
                                        duo->a.records[i].len},
                          &record),
            STATUS_OK);
        if (record.kind != RECORD_PEER)
            st = node_replay(node, &record);
    }
    assert_int_equal(st, STATUS_CORRUPT);
    node_free(node);
}

/* --- for a capture -------------------------------------------------------- */

static const struct effect *
key_of(const struct effects *out, enum keyring_kind kind)
{
    for (size_t i = 0; i < out->count; i++)
        if (out->list[i].kind == EFFECT_KEY &&
            out->list[i].key.kind == (uint8_t)kind)
            return &out->list[i];
    fail_msg("no such key");
    return NULL;
}

static void
an_export_has_the_keys_first_and_then_the_state(void **state)
{
    struct duo    *duo = *state;
    struct effects out;
    size_t         keys = 0;

    duo_pair(duo);
    asking_quiesce(&duo->a);
    duo_turn(&duo->a);
    effects_init(&out);
    node_export(duo->a.node, &out);
    while (out.list[keys].kind == EFFECT_KEY)
        keys++;
    assert_int_equal(out.list[keys].bytes.ptr[0], RECORD_SNAPSHOT);
    for (size_t i = keys; i < out.count; i++)
        assert_int_equal(out.list[i].kind, EFFECT_SAVE);
    assert_memory_equal(
        key_of(&out, KEYRING_LOG)->key.secret.bytes,
        duo->a.keys[0].secret.bytes, LIMIT_KEY);
    (void)key_of(&out, KEYRING_WITNESS);
    (void)key_of(&out, KEYRING_LINK);
    (void)key_of(&out, KEYRING_FIRST_CONTACT);
    (void)key_of(&out, KEYRING_SEALING);
    effects_free(&out);
}

/* A vault key opens what the journal sealed: a replay needs its number only. */
static void
an_export_hands_out_no_vault_key(void **state)
{
    struct duo    *duo = *state;
    struct effects out;
    size_t         vaults = 0;

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    effects_init(&out);
    node_export(duo->a.node, &out);
    for (size_t i = 0; i < out.count; i++)
        if (out.list[i].kind == EFFECT_KEY &&
            out.list[i].key.kind == KEYRING_VAULT) {
            assert_true(secret_is_zero(out.list[i].key.secret.bytes,
                                       LIMIT_KEY));
            vaults++;
        }
    assert_true(vaults > 0);
    effects_free(&out);
}

#define ON_DUO(test) cmocka_unit_test_setup_teardown(test, make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(a_node_without_peers_is_a_beginning_and_an_end),
        ON_DUO(its_end_counts_what_stands_in_it),
        ON_DUO(it_stands_before_what_its_turn_does),
        ON_DUO(logs_receipts_and_counts_are_in_it),
        ON_DUO(what_waits_is_in_it_in_its_order),
        ON_DUO(bodies_that_are_missing_are_in_it),
        ON_DUO(a_removed_peer_is_in_it_and_stays_removed),
        ON_DUO(an_alarm_is_in_it),
        ON_DUO(closed_epochs_are_in_it),
        ON_DUO(all_before_it_is_void),
        ON_DUO(a_snapshot_that_lacks_a_peer_is_corrupt),
        ON_DUO(an_export_has_the_keys_first_and_then_the_state),
        ON_DUO(an_export_hands_out_no_vault_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

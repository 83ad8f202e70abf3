/*
 * test_roster.c - the node's lists: keys, peers, loads under way.
 */
#include "tests/unit/duo.h"

#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

static int
make(void **state)
{
    *state = calloc(1, sizeof(struct node));
    return *state == NULL;
}

static int
drop(void **state)
{
    struct node *node = *state;

    for (size_t i = 0; i < node->peer_count; i++)
        free(node->peers[i]);
    free(node->peers);
    for (size_t i = 0; i < node->load_cap; i++)
        roster_load_free(&node->loads[i]);
    free(node->loads);
    free(node->sessions);
    free(node->keys);
    free(node);
    return 0;
}

static struct peer *
add_peer(struct node *node, uint8_t number, const char *name)
{
    struct peer *peer = calloc(1, sizeof(*peer));

    assert_non_null(peer);
    memset(peer->id.bytes, number, sizeof(peer->id.bytes));
    memset(peer->card.cert.link_key, number, LIMIT_KEY);
    memcpy(peer->name, name, strlen(name));
    roster_peer_add(node, peer);
    return peer;
}

static struct secret32
secret_of(uint8_t value)
{
    struct secret32 secret;

    memset(secret.bytes, value, sizeof(secret.bytes));
    return secret;
}

static void
give_key(struct node *node, enum keyring_kind kind, enum keyring_state state,
         uint64_t number, const uint8_t *owner, uint8_t value)
{
    static const uint8_t nobody[LIMIT_KEY];
    struct secret32      secret = secret_of(value);

    assert_int_equal(roster_key(node, (uint8_t)kind, (uint8_t)state, number,
                                owner != NULL ? owner : nobody, &secret),
                     STATUS_OK);
}

static void
give_sealing_key(struct node *node, const struct peer *peer, uint64_t number)
{
    struct keyring_owner owner =
        keyring_owner_of(&peer->id, span_text(REALM_ACTUAL));

    give_key(node, KEYRING_SEALING, KEYRING_CURRENT, number, owner.bytes,
             (uint8_t)number);
}

/* --- peers ---------------------------------------------------------------- */

static void
a_peer_is_found_by_id_name_and_link_key(void **state)
{
    struct node   *node = *state;
    struct peer   *first = add_peer(node, 1, "jmsdf");
    struct peer   *second = add_peer(node, 2, "usff");
    struct node_id id = {{0}};
    uint8_t        key[LIMIT_KEY];

    memset(id.bytes, 2, sizeof(id.bytes));
    memset(key, 1, sizeof(key));
    assert_ptr_equal(roster_peer_by_id(node, &id), second);
    assert_ptr_equal(roster_peer_by_name(node, span_text("jmsdf")), first);
    assert_ptr_equal(roster_peer_by_link_key(node, key), first);
}

static void
what_is_not_quite_a_peers_finds_nobody(void **state)
{
    struct node   *node = *state;
    struct node_id id = {{0}};
    uint8_t        key[LIMIT_KEY];

    assert_null(roster_peer_by_name(node, SPAN_EMPTY)); /* nor with none */
    (void)add_peer(node, 1, "jmsdf");
    memset(id.bytes, 1, sizeof(id.bytes));
    memset(key, 1, sizeof(key));
    id.bytes[LIMIT_NODE_ID - 1] ^= 1;
    key[LIMIT_KEY - 1] ^= 1;
    assert_null(roster_peer_by_id(node, &id));
    assert_null(roster_peer_by_link_key(node, key));
    assert_null(roster_peer_by_name(node, SPAN_EMPTY));
    assert_null(roster_peer_by_name(node, span_text("jmsd")));
    assert_null(roster_peer_by_name(node, span_text("jmsdf2")));
    assert_null(roster_peer_by_name(node, span_text("JMSDF")));
}

static void
peers_stay_where_they_are_as_their_list_grows(void **state)
{
    struct node *node = *state;
    struct peer *first = add_peer(node, 1, "jmsdf");

    for (unsigned i = 2; i < 200; i++)
        (void)add_peer(node, (uint8_t)i, "other");
    assert_ptr_equal(node->peers[0], first);
    assert_int_equal(node->peer_count, 199);
}

/* --- keys ----------------------------------------------------------------- */

static void
the_nodes_own_keys_are_taken_in_their_current_state(void **state)
{
    struct node    *node = *state;
    struct secret32 secret = secret_of(5);
    struct sign_key log;
    struct dh_key   link;

    give_key(node, KEYRING_LOG, KEYRING_CURRENT, 1, NULL, 5);
    give_key(node, KEYRING_WITNESS, KEYRING_CURRENT, 1, NULL, 5);
    give_key(node, KEYRING_LINK, KEYRING_CURRENT, 1, NULL, 5);
    give_key(node, KEYRING_FIRST_CONTACT, KEYRING_CURRENT, 1, NULL, 5);
    sign_key_from_seed(&secret, &log);
    dh_key_from_secret(&secret, &link);
    assert_memory_equal(node->log_key.public_key, log.public_key, LIMIT_KEY);
    assert_memory_equal(node->witness_key.public_key, log.public_key,
                        LIMIT_KEY);
    assert_memory_equal(node->link_key.public_key, link.public_key, LIMIT_KEY);
    assert_memory_equal(node->first_contact.public_key, link.public_key,
                        LIMIT_KEY);
    assert_int_equal(node->key_count, 0); /* these are nobody's else */
}

static void
an_old_key_is_not_the_nodes_own_any_more(void **state)
{
    struct node *node = *state;

    give_key(node, KEYRING_LOG, KEYRING_OLD, 1, NULL, 5);
    give_key(node, KEYRING_LINK, KEYRING_OLD, 1, NULL, 5);
    assert_true(secret_is_zero(node->log_key.public_key, LIMIT_KEY));
    assert_true(secret_is_zero(node->link_key.public_key, LIMIT_KEY));
}

static void
vault_keys_are_counted_and_never_held(void **state)
{
    struct node *node = *state;

    for (uint64_t i = 1; i <= 3; i++)
        give_key(node, KEYRING_VAULT, KEYRING_CURRENT, i, NULL, 5);
    assert_int_equal(node->vaults.made, 3);
    assert_int_equal(node->key_count, 0);
}

static void
sealing_keys_wait_for_the_peer_that_they_are_for(void **state)
{
    struct node *node = *state;
    struct peer *first = add_peer(node, 1, "jmsdf");
    struct peer *second = add_peer(node, 2, "usff");

    give_sealing_key(node, first, 1);
    give_sealing_key(node, first, 2);
    give_sealing_key(node, second, 7);
    assert_int_equal(roster_attach_keys(node, first), STATUS_OK);
    assert_int_equal(first->own_count, 2);
    assert_int_equal(first->own[1].number, 2);
    assert_non_null(peer_own_key(first, 1));
    assert_null(peer_own_key(first, 7));
    assert_int_equal(second->own_count, 0);
}

static void
a_sealing_key_is_attached_once(void **state)
{
    struct node *node = *state;
    struct peer *peer = add_peer(node, 1, "jmsdf");

    give_sealing_key(node, peer, 1);
    give_sealing_key(node, peer, 1);
    assert_int_equal(roster_attach_keys(node, peer), STATUS_OK);
    assert_int_equal(roster_attach_keys(node, peer), STATUS_OK);
    assert_int_equal(peer->own_count, 1);
}

static void
a_peer_has_so_many_sealing_keys_and_no_more(void **state)
{
    struct node *node = *state;
    struct peer *peer = add_peer(node, 1, "jmsdf");

    for (unsigned i = 1; i <= PEER_SEALING_KEYS; i++)
        give_sealing_key(node, peer, i);
    assert_int_equal(roster_attach_keys(node, peer), STATUS_OK);
    assert_int_equal(peer->own_count, PEER_SEALING_KEYS);
    give_sealing_key(node, peer, PEER_SEALING_KEYS + 1);
    assert_int_equal(roster_attach_keys(node, peer), STATUS_FULL);
    assert_int_equal(peer->own_count, PEER_SEALING_KEYS);
}

static void
a_pair_secret_is_taken_by_its_number(void **state)
{
    struct node         *node = *state;
    struct peer         *peer = add_peer(node, 1, "jmsdf");
    struct keyring_owner owner = keyring_owner_peer(&peer->id);
    struct secret32      second = secret_of(2);

    give_key(node, KEYRING_PAIR_SECRET, KEYRING_OLD, 1, owner.bytes, 1);
    give_key(node, KEYRING_PAIR_SECRET, KEYRING_CURRENT, 2, owner.bytes, 2);
    peer->secret_number = 2;
    assert_int_equal(roster_attach_keys(node, peer), STATUS_OK);
    assert_memory_equal(peer->pair_secret.bytes, second.bytes, LIMIT_KEY);
}

/* A list of keys that grows keeps what it has, and leaves no copy behind. */
static void
many_keys_are_all_kept(void **state)
{
    struct node *node = *state;
    struct peer *peer = add_peer(node, 1, "jmsdf");

    for (unsigned i = 1; i <= 200; i++)
        give_sealing_key(node, peer, i);
    assert_int_equal(node->key_count, 200);
    for (unsigned i = 0; i < 200; i++) {
        assert_int_equal(node->keys[i].number, i + 1);
        assert_int_equal(node->keys[i].secret.bytes[0], (uint8_t)(i + 1));
    }
}

/* --- loads ---------------------------------------------------------------- */

static void
every_load_has_a_token_of_its_own_for_ever(void **state)
{
    struct node *node = *state;
    uint64_t     last = 0;

    for (unsigned i = 0; i < 1000; i++) {
        struct load *load = roster_load_new(node, LOAD_LIST);

        assert_true(load->token > last);
        last = load->token;
        if (i % 3 != 0)
            roster_load_free(load);
    }
}

static void
a_place_that_was_left_is_taken_again(void **state)
{
    struct node *node = *state;

    for (unsigned i = 0; i < 10000; i++)
        roster_load_free(roster_load_new(node, LOAD_LIST));
    assert_true(node->load_cap < 1000);
}

static void
a_new_load_is_empty(void **state)
{
    struct node *node = *state;
    struct load *load = roster_load_new(node, LOAD_SHOW_ROW);

    load->client = 7;
    load->flag = true;
    load->held = calloc(1, 100);
    load->held_len = 100;
    roster_load_free(load);
    assert_int_equal(load->token, 0);
    load = roster_load_new(node, LOAD_LOG);
    assert_int_equal(load->step, LOAD_LOG);
    assert_int_equal(load->client, 0);
    assert_false(load->flag);
    assert_null(load->held);
}

static void
sessions_are_listed_in_the_order_they_came(void **state)
{
    struct node *node = *state;
    uint8_t      places[100];

    for (size_t i = 0; i < 100; i++)
        roster_session_add(node, (struct session *)(void *)&places[i]);
    assert_int_equal(node->session_count, 100);
    for (size_t i = 0; i < 100; i++)
        assert_ptr_equal(node->sessions[i], &places[i]);
    node->session_count = 0;
}

#define ON_NODE(test) cmocka_unit_test_setup_teardown(test, make, drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_NODE(a_peer_is_found_by_id_name_and_link_key),
        ON_NODE(what_is_not_quite_a_peers_finds_nobody),
        ON_NODE(peers_stay_where_they_are_as_their_list_grows),
        ON_NODE(the_nodes_own_keys_are_taken_in_their_current_state),
        ON_NODE(an_old_key_is_not_the_nodes_own_any_more),
        ON_NODE(vault_keys_are_counted_and_never_held),
        ON_NODE(sealing_keys_wait_for_the_peer_that_they_are_for),
        ON_NODE(a_sealing_key_is_attached_once),
        ON_NODE(a_peer_has_so_many_sealing_keys_and_no_more),
        ON_NODE(a_pair_secret_is_taken_by_its_number),
        ON_NODE(many_keys_are_all_kept),
        ON_NODE(every_load_has_a_token_of_its_own_for_ever),
        ON_NODE(a_place_that_was_left_is_taken_again),
        ON_NODE(a_new_load_is_empty),
        ON_NODE(sessions_are_listed_in_the_order_they_came),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

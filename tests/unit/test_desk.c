/*
 * test_desk.c - every request gets an answer, exactly one of them the last,
 * whatever happens meanwhile; and what is asked is bounded.
 */
#include "tests/unit/asking.h"

#include "node/core/client/desk.h"
#include "node/core/roster.h"
#include "tests/unit/rogue.h"

#include <stdio.h>

static void
part(struct duo *duo)
{
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
}

/* --- what is asked -------------------------------------------------------- */

static void
status_tells_what_is_wrong_with_the_node_itself(void **state)
{
    struct duo                    *duo = *state;
    struct event                   full = {.kind = EVENT_DISK};
    const Entente__StatusResponse *status;

    asking_plain(&duo->b, 7, 1, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->b);
    status = duo_last(&duo->b, ENTENTE__RESPONSE__KIND_STATUS)->status;
    assert_int_equal(status->n_alarms, 0);
    duo->b.wall_ms = duo->b.node->cert.renew_by_ms + 1;
    duo_post(&duo->b, &full);
    asking_plain(&duo->b, 7, 2, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->b);
    status = duo_last(&duo->b, ENTENTE__RESPONSE__KIND_STATUS)->status;
    assert_int_equal(status->n_alarms, 2);
    assert_non_null(strstr(status->alarms[0], "disk is nearly full"));
    assert_non_null(strstr(status->alarms[1], "past their renew-by date"));
}

static void
status_tells_who_the_node_is_and_how_its_peers_are(void **state)
{
    struct duo                    *duo = *state;
    const Entente__StatusResponse *status;
    const Entente__PeerStatus     *peer;

    duo->b.now_ms += 5000;
    asking_plain(&duo->b, 7, 1, ENTENTE__REQUEST__KIND_STATUS);
    duo_run(duo);
    status = asking_ended(&duo->b, 7, 1, ENTENTE__RESPONSE__KIND_STATUS)
                 ->status;
    assert_string_equal(status->name, "node2");
    assert_string_equal(status->node, "02020202020202020202020202020202");
    assert_string_equal(status->org, "Organisation 2");
    assert_string_equal(status->version, ENTENTE_VERSION);
    assert_string_equal(status->listen, "127.0.0.1:7000");
    assert_true(status->uptime_s >= 5);
    assert_int_equal(status->n_peers, 1);
    peer = status->peers[0];
    assert_string_equal(peer->name, "node1");
    assert_string_equal(peer->link, "up");
    assert_int_equal(peer->received, 1);
    assert_int_equal(peer->unread, 1);
    assert_int_equal(peer->queued, 0);
    assert_int_equal(peer->sent, peer->cosigned);
    assert_int_equal(peer->last_heard_ms, duo->b.wall_ms);
    assert_int_equal(peer->key_days_left,
                     (1900000000000 - (int64_t)duo->b.wall_ms) / 86400000);
}

/* What nobody can read is not unread: it would be so for ever. */
static void
a_quarantined_message_is_received_and_not_unread(void **state)
{
    struct rogue                  *rogue = rogue_new();
    const Entente__StatusResponse *status;
    uint8_t                        key[LIMIT_KEY] = {9};

    (void)state;
    rogue_open(rogue);
    rogue_announce(rogue, 1, key);
    (void)rogue_seal(rogue, CLASS_MESSAGE, PRECEDENCE_ROUTINE,
                     span_text("no message"));
    rogue_say_all(rogue, 0);
    for (uint64_t i = 1; i <= 2; i++) {
        asking_plain(rogue->victim, 7, i, ENTENTE__REQUEST__KIND_STATUS);
        duo_turn(rogue->victim);
        status = asking_ended(rogue->victim, 7, i,
                              ENTENTE__RESPONSE__KIND_STATUS)
                     ->status;
        assert_int_equal(status->peers[0]->received, 1);
        assert_int_equal(status->peers[0]->unread, 0);
        duo_restart(rogue->victim);
    }
    rogue_free(rogue);
}

static const char *
link_of(struct duo *duo, struct duo_party *party)
{
    const Entente__Response *told;

    duo_forget_told(party);
    asking_plain(party, 7, 1, ENTENTE__REQUEST__KIND_PEERS);
    duo_run(duo);
    told = asking_ended(party, 7, 1, ENTENTE__RESPONSE__KIND_PEERS);
    return told->peers->peers[0]->link;
}

static void
a_link_is_up_dialling_down_waiting_or_removed(void **state)
{
    struct duo *duo = *state;

    assert_string_equal(link_of(duo, &duo->a), "up");
    part(duo);
    assert_string_equal(link_of(duo, &duo->a), "down");
    duo->b.hangs = true;
    duo_wait(duo, 60000);
    assert_string_equal(link_of(duo, &duo->a), "dialling");
    duo->a.node->peers[0]->flags |= PEER_NO_DIAL;
    duo_wait(duo, 60000);
    assert_string_equal(link_of(duo, &duo->a), "waiting");
    asking_remove(&duo->a, 7, 2, "node2");
    duo_run(duo);
    assert_string_equal(link_of(duo, &duo->a), "removed");
}

static void
what_waits_is_counted_and_its_age_told(void **state)
{
    struct duo              *duo = *state;
    const Entente__Response *told;
    uint64_t                 at;

    part(duo);
    at = duo->a.wall_ms;
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "first", NULL);
    duo_run(duo);
    duo->a.wall_ms += 1000;
    duo_submit(&duo->a, "node2", 3, "FLASH", "second", NULL);
    duo_run(duo);
    asking_plain(&duo->a, 7, 1, ENTENTE__REQUEST__KIND_PEERS);
    duo_run(duo);
    told = asking_ended(&duo->a, 7, 1, ENTENTE__RESPONSE__KIND_PEERS);
    assert_int_equal(told->peers->peers[0]->queued, 2);
    assert_int_equal(told->peers->peers[0]->oldest_queued_ms, at);
}

static void
what_is_no_request_is_refused(void **state)
{
    static const uint8_t bytes[][4] = {
        {0xff, 0xff, 0xff, 0xff}, /* garbage */
        {0x08, 0x05, 0x08, 0x06}, /* two ids */
        {0x52, 0x7f, 0x00, 0x00}, /* a length beyond the end */
    };
    struct duo  *duo = *state;
    struct event event = {.kind = EVENT_REQUEST, .client = 7};

    for (size_t i = 0; i < 3; i++) {
        event.bytes = (struct span){bytes[i], sizeof(bytes[i])};
        duo_forget_told(&duo->a);
        duo_post(&duo->a, &event);
        duo_run(duo);
        asking_refused(&duo->a, 7, 0, "BAD_ENCODING", "request");
    }
}

static void
what_the_edge_answers_is_refused_here_and_so_is_nothing(void **state)
{
    struct duo      *duo = *state;
    Entente__Request request = ENTENTE__REQUEST__INIT;

    request.id = 1;
    asking_post(&duo->a, 7, &request);
    asking_plain(&duo->a, 7, 2, ENTENTE__REQUEST__KIND_SHUTDOWN);
    duo_run(duo);
    asking_refused(&duo->a, 7, 1, "BAD_ENCODING", "kind");
    asking_refused(&duo->a, 7, 2, "BAD_ENCODING", "kind");
}

/* --- the end of all links ------------------------------------------------- */

/* Requests of all kinds, none of which has its last answer. */
static void
ask_everything(struct duo *duo)
{
    static char          origin[LIMIT_ORIGIN + 1];
    struct duo_note      again = {.to = "node2",
                                  .id = 1,
                                  .precedence = "ROUTINE",
                                  .subject = "tea?",
                                  .until = "read",
                                  .may_exist = true};
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;
    Entente__LogRequest  log = ENTENTE__LOG_REQUEST__INIT;

    snprintf(origin, sizeof(origin), "%s",
             duo->a.node->peers[0]->channels[0]->text.text);
    log.origin = origin;
    duo_submit(&duo->a, "node2", 100, "ROUTINE", "followed", "read");
    duo_run(duo); /* it stands in the list */
    duo->a.tap = NULL;
    part(duo);
    duo_submit(&duo->a, "node2", 101, "ROUTINE", "queued", "received");
    asking_state(&duo->a, 1, 102, "node2/s1", "read");
    duo_run(duo);
    duo->a.loads_held = true;
    duo_submit_note(&duo->a, &again); /* request 1 */
    asking_show(&duo->a, 1, 103, "node2/s1", false);
    asking_list(&duo->a, 1, 104, &list);
    asking_log(&duo->a, 1, 105, &log);
    asking_state(&duo->a, 1, 106, "q/1", "received");
    duo_run(duo);
}

static const uint64_t everything[] = {1, 100, 101, 102, 103, 104, 105, 106};

enum { EVERYTHING = sizeof(everything) / sizeof(everything[0]) };

static void
all_ended(const struct duo_party *party, const char *code)
{
    for (size_t i = 0; i < EVERYTHING; i++)
        assert_string_equal(
            asking_told(party, 1, everything[i])->failure->code, code);
    for (size_t i = 0; i < EVERYTHING; i++) {
        const char *hint =
            asking_refused(party, 1, everything[i], code, "");

        assert_true(hint[0] != '\0');
    }
}

static void
nothing_is_kept(const struct node *node)
{
    assert_int_equal(node->follower_count, 0);
    assert_int_equal(node->parts_count, 0);
    for (size_t i = 0; i < node->load_cap; i++)
        assert_int_equal(node->loads[i].client, 0);
}

static void
before_links_close_every_request_is_answered(void **state)
{
    struct duo *duo = *state;

    ask_everything(duo);
    for (size_t i = 0; i < EVERYTHING; i++)
        assert_int_equal(asking_count(&duo->a, 1, everything[i], true), 0);
    asking_quiesce(&duo->a);
    duo_run(duo);
    all_ended(&duo->a, "AGAIN");
    nothing_is_kept(duo->a.node);
}

/* What the store answers after that is for nobody. */
static void
after_it_no_request_from_before_is_answered_again(void **state)
{
    struct duo *duo = *state;

    ask_everything(duo);
    asking_quiesce(&duo->a);
    duo_run(duo);
    duo_forget_told(&duo->a);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    assert_int_equal(duo->a.told_count, 0);
    assert_int_equal(duo->a.node->peers[0]->outbox.count, 0); /* it went */
}

static void
what_is_asked_in_the_very_turn_is_answered_too(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->a, 7, 1, "node2/s1", false);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "just in time", "read");
    asking_plain(&duo->a, 7, 2, ENTENTE__REQUEST__KIND_STATUS);
    asking_quiesce(&duo->a);
    duo_turn(&duo->a);
    asking_refused(&duo->a, 7, 1, "AGAIN", "");
    asking_refused(&duo->a, 1, 2, "AGAIN", "");
    asking_ended(&duo->a, 7, 2, ENTENTE__RESPONSE__KIND_STATUS);
    assert_int_equal(duo_count_records(&duo->a, RECORD_OUT_ENTRY) +
                         duo_count_records(&duo->a, RECORD_PENDING),
                     3);
}

/* A capture begins so: the node goes on, and what is asked then is new. */
static void
what_is_asked_after_it_is_answered_as_ever(void **state)
{
    struct duo *duo = *state;

    ask_everything(duo);
    asking_quiesce(&duo->a);
    duo_run(duo);
    duo->a.held_count = 0;
    duo->a.loads_held = false;
    duo->a.reachable = duo->b.reachable = true;
    asking_state(&duo->a, 7, 1, "node2/s1", "accepted");
    duo_wait(duo, 60000);
    assert_string_equal(
        asking_ended(&duo->a, 7, 1, ENTENTE__RESPONSE__KIND_SUBMIT)
            ->submit->state,
        "accepted");
}

/* --- clients that go ------------------------------------------------------ */

static void
who_is_gone_with_everything_under_way_is_forgotten(void **state)
{
    struct duo *duo = *state;

    ask_everything(duo);
    duo_forget_told(&duo->a);
    asking_gone(&duo->a, 1);
    duo_run(duo);
    nothing_is_kept(duo->a.node);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo->a.reachable = duo->b.reachable = true;
    duo_wait(duo, 60000);
    asking_quiesce(&duo->a);
    duo_run(duo);
    assert_int_equal(duo->a.told_count, 0);
}

static void
another_client_goes_on(void **state)
{
    struct duo *duo = *state;

    duo->a.loads_held = true;
    asking_show(&duo->a, 7, 1, "node2/s1", false);
    asking_show(&duo->a, 8, 1, "node2/s1", false);
    duo_run(duo);
    asking_gone(&duo->a, 7);
    duo->a.loads_held = false;
    duo_release(&duo->a);
    duo_run(duo);
    assert_null(asking_told(&duo->a, 7, 1));
    asking_ended(&duo->a, 8, 1, ENTENTE__RESPONSE__KIND_SHOW);
}

static void
who_goes_in_the_turn_of_its_request_hurts_nobody(void **state)
{
    struct duo *duo = *state;

    asking_show(&duo->a, 7, 1, "node2/s1", false);
    duo_submit(&duo->a, "node2", 2, "ROUTINE", "and away", "read");
    asking_gone(&duo->a, 7);
    asking_gone(&duo->a, 1);
    asking_gone(&duo->a, 99); /* never asked anything */
    duo_run(duo);
    nothing_is_kept(duo->a.node);
    assert_int_equal(duo_count_records(&duo->b, RECORD_IN_ENTRY), 3);
}

/* --- bounds --------------------------------------------------------------- */

static void
a_client_has_so_many_questions_to_the_store_and_no_more(void **state)
{
    struct duo          *duo = *state;
    Entente__ListRequest list = ENTENTE__LIST_REQUEST__INIT;

    duo->a.loads_held = true;
    for (uint64_t i = 1; i <= DESK_LOADS + 5; i++)
        asking_list(&duo->a, 7, i, &list);
    asking_list(&duo->a, 8, 1, &list);
    duo_run(duo);
    assert_int_equal(duo->a.held_count, DESK_LOADS + 1);
    for (uint64_t i = 1; i <= DESK_LOADS; i++)
        assert_null(asking_told(&duo->a, 7, i));
    for (uint64_t i = DESK_LOADS + 1; i <= DESK_LOADS + 5; i++)
        asking_refused(&duo->a, 7, i, "FULL", "");
    duo->a.loads_held = false;
    duo_release(&duo->a);
    asking_list(&duo->a, 7, 1000, &list); /* behind the answers */
    duo_run(duo);
    asking_ended(&duo->a, 7, DESK_LOADS, ENTENTE__RESPONSE__KIND_LIST);
    asking_ended(&duo->a, 7, 1000, ENTENTE__RESPONSE__KIND_LIST);
    asking_ended(&duo->a, 8, 1, ENTENTE__RESPONSE__KIND_LIST);
}

static size_t turn_bytes;

static void
count_told(void *arg, const struct turn_input *input,
           const struct event *events, size_t count,
           const struct effects *effects)
{
    (void)arg;
    (void)input;
    (void)events;
    (void)count;
    turn_bytes = 0;
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_TELL)
            turn_bytes += effects->list[i].bytes.len;
}

static void
a_turn_answers_so_many_bytes_and_refuses_the_rest(void **state)
{
    struct duo *duo = *state;

    /* Peers enough to make one answer long. */
    for (unsigned i = 3; i < 16; i++) {
        struct duo_party other;
        struct peer     *peer;

        duo_party_init(&other, i);
        asking_pair(&duo->a, &other, NULL);
        duo_party_clear(&other);
        peer = duo->a.node->peers[i - 2];
        memset(peer->name, 'a' + (int)i, LIMIT_NAME);
        memset(peer->address, 'a', LIMIT_ADDRESS);
        memset(peer->alarm, 'a', sizeof(peer->alarm) - 1);
    }
    duo_forget_told(&duo->a);
    duo->a.seen = count_told;
    for (uint64_t i = 1; i <= 4000; i++)
        asking_plain(&duo->a, 7, i, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->a);
    assert_true(turn_bytes > DESK_ANSWERS);
    assert_true(turn_bytes < DESK_ANSWERS + LIMIT_CONTROL_FRAME);
    asking_ended(&duo->a, 7, 1, ENTENTE__RESPONSE__KIND_STATUS);
    asking_refused(&duo->a, 7, 4000, "FULL", "");
    duo_forget_told(&duo->a);
    asking_plain(&duo->a, 7, 5000, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->a); /* the next turn is a new one */
    asking_ended(&duo->a, 7, 5000, ENTENTE__RESPONSE__KIND_STATUS);
    duo->a.seen = NULL;
}

#define ON_DUO(test)                                                           \
    cmocka_unit_test_setup_teardown(test, duo_make_sent, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DUO(status_tells_who_the_node_is_and_how_its_peers_are),
        ON_DUO(status_tells_what_is_wrong_with_the_node_itself),
        cmocka_unit_test(a_quarantined_message_is_received_and_not_unread),
        ON_DUO(a_link_is_up_dialling_down_waiting_or_removed),
        ON_DUO(what_waits_is_counted_and_its_age_told),
        ON_DUO(what_is_no_request_is_refused),
        ON_DUO(what_the_edge_answers_is_refused_here_and_so_is_nothing),
        ON_DUO(before_links_close_every_request_is_answered),
        ON_DUO(after_it_no_request_from_before_is_answered_again),
        ON_DUO(what_is_asked_in_the_very_turn_is_answered_too),
        ON_DUO(what_is_asked_after_it_is_answered_as_ever),
        ON_DUO(who_is_gone_with_everything_under_way_is_forgotten),
        ON_DUO(another_client_goes_on),
        ON_DUO(who_goes_in_the_turn_of_its_request_hurts_nobody),
        ON_DUO(a_client_has_so_many_questions_to_the_store_and_no_more),
        ON_DUO(a_turn_answers_so_many_bytes_and_refuses_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

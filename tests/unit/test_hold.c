/* test_hold.c - a short disk here, and a peer that says Stop. */
#include "tests/unit/asking.h"

#include "node/core/message/hold.h"
#include "node/core/message/quota.h"
#include "node/core/roster.h"

static const char *const words[PRECEDENCE_COUNT] = {
    "", "DEFERRED", "ROUTINE", "PRIORITY", "IMMEDIATE", "FLASH", "OVERRIDE"};

static void
disk(struct duo_party *party, uint64_t room, unsigned floor)
{
    struct event event = {
        .kind = EVENT_DISK, .room = room, .floor = floor};

    duo_post(party, &event);
}

/* Of the newest answer about a message: its state, or the failure's code. */
static const char *
submitted(struct duo *duo, unsigned id, const char *precedence)
{
    const struct duo_told *told;

    duo_forget_told(&duo->a);
    duo_submit(&duo->a, "node2", id, precedence, "tea?", "queued");
    duo_turn(&duo->a);
    assert_true(duo->a.told_count > 0);
    told = &duo->a.told[duo->a.told_count - 1];
    if (told->response->kind_case == ENTENTE__RESPONSE__KIND_FAILURE)
        return told->response->failure->code;
    return told->response->submit->state;
}

static const struct peer *
peer_of_a(struct duo *duo)
{
    return duo->a.node->peers[0];
}

/* --- this node's disk ----------------------------------------------------- */

static void
on_a_short_disk_what_is_below_the_floor_is_refused_and_no_more(void **state)
{
    struct duo *duo = *state;
    unsigned    id = 0;

    for (unsigned floor = 1; floor <= PRECEDENCE_COUNT; floor++) {
        disk(&duo->a, 0, floor);
        duo_turn(&duo->a);
        for (unsigned i = 1; i < PRECEDENCE_COUNT; i++) {
            const char *told = submitted(duo, ++id, words[i]);

            assert_string_equal(told, i < floor ? "HELD" : "sent");
            duo_run(duo);
        }
    }
    disk(&duo->a, 1, 0);
    assert_string_equal(submitted(duo, ++id, "DEFERRED"), "sent");
}

static void
a_disk_without_room_takes_nothing_where_no_floor_is_told(void **state)
{
    struct duo *duo = *state;

    disk(&duo->a, 0, 0);
    duo_turn(&duo->a);
    assert_string_equal(submitted(duo, 1, "OVERRIDE"), "HELD");
    disk(&duo->a, 0, 4711);
    duo_turn(&duo->a);
    assert_string_equal(submitted(duo, 2, "OVERRIDE"), "HELD");
}

static void
the_refusal_says_what_is_short_what_is_taken_and_what_to_do(void **state)
{
    struct duo             *duo = *state;
    const Entente__Failure *failure;

    disk(&duo->a, 0, PRECEDENCE_FLASH);
    duo_turn(&duo->a);
    assert_string_equal(submitted(duo, 1, "ROUTINE"), "HELD");
    failure = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE)->failure;
    assert_non_null(strstr(failure->message, "node2: ROUTINE"));
    assert_non_null(strstr(failure->message, "disk"));
    assert_non_null(strstr(failure->message, "FLASH and OVERRIDE are still"));
    assert_non_null(strstr(failure->hint, "make room"));
}

/* --- the outbox's quota --------------------------------------------------- */

static void
each_rung_of_the_quota_refuses_what_is_below_it(void **state)
{
    static const struct {
        unsigned percent, floor;
    } ladder[] = {{89, 0}, {90, PRECEDENCE_PRIORITY},
                  {95, PRECEDENCE_IMMEDIATE}, {98, PRECEDENCE_FLASH}};
    struct duo    *duo = *state;
    struct outbox *box = &duo->a.node->peers[0]->outbox;
    unsigned       id = 0;

    for (size_t i = 0; i < sizeof(ladder) / sizeof(ladder[0]); i++)
        for (unsigned k = 1; k < PRECEDENCE_COUNT; k++) {
            const char *told;

            box->bytes = LIMIT_PENDING_BYTES / 100 * ladder[i].percent +
                         LIMIT_PENDING_BYTES % 100;
            told = submitted(duo, ++id, words[k]);
            assert_string_equal(told, k < ladder[i].floor ? "HELD" : "sent");
            box->bytes = 0;
            duo_run(duo);
        }
}

static void
a_quota_that_is_used_up_refuses_all_and_names_the_limit(void **state)
{
    struct duo             *duo = *state;
    struct outbox          *box = &duo->a.node->peers[0]->outbox;
    const Entente__Failure *failure;

    box->bytes = LIMIT_PENDING_BYTES;
    assert_string_equal(submitted(duo, 1, "OVERRIDE"), "FULL");
    box->bytes = LIMIT_PENDING_BYTES / 100 * 92;
    assert_string_equal(submitted(duo, 2, "ROUTINE"), "HELD");
    failure = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE)->failure;
    assert_non_null(strstr(failure->message, "LIMIT_PENDING_BYTES"));
    assert_non_null(strstr(failure->message, "91 %"));
    assert_non_null(strstr(failure->message, "PRIORITY and above are still"));
    assert_non_null(strstr(failure->hint, "link"));
    box->bytes = 0;
}

static void
from_seventy_percent_on_status_names_the_limit(void **state)
{
    struct duo                *duo = *state;
    struct outbox             *box = &duo->a.node->peers[0]->outbox;
    const Entente__PeerStatus *told;

    box->count = (uint64_t)LIMIT_PENDING_COUNT * 69 / 100;
    asking_plain(&duo->a, 1, 1, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->a);
    told = asking_told(&duo->a, 1, 1)->status->peers[0];
    assert_string_equal(told->quota_limit, "");
    box->count = (uint64_t)LIMIT_PENDING_COUNT * 71 / 100;
    asking_plain(&duo->a, 1, 2, ENTENTE__REQUEST__KIND_STATUS);
    duo_turn(&duo->a);
    told = asking_told(&duo->a, 1, 2)->status->peers[0];
    assert_int_equal(told->quota_percent, 70);
    assert_non_null(strstr(told->quota_limit, "LIMIT_PENDING_COUNT"));
    box->count = 0;
}

/* --- Stop ----------------------------------------------------------------- */

static void
a_short_disk_is_told_to_the_peer_and_so_is_its_end(void **state)
{
    struct duo *duo = *state;

    disk(&duo->b, 0, PRECEDENCE_IMMEDIATE);
    duo_run(duo);
    assert_int_equal(peer_of_a(duo)->link->stop_heard, PRECEDENCE_IMMEDIATE);
    disk(&duo->b, 0, 0);
    duo_run(duo);
    assert_int_equal(peer_of_a(duo)->link->stop_heard, PRECEDENCE_COUNT);
    disk(&duo->b, 1, 0);
    duo_run(duo);
    assert_int_equal(peer_of_a(duo)->link->stop_heard, 0);
}

static void
below_a_peers_stop_messages_are_taken_and_held_above_it_they_go(void **state)
{
    struct duo *duo = *state;
    uint64_t    came = duo->b.node->peers[0]->received;

    disk(&duo->b, 0, PRECEDENCE_IMMEDIATE);
    duo_run(duo);
    assert_string_equal(submitted(duo, 1, "ROUTINE"), "held");
    assert_non_null(
        strstr(duo->a.told[0].response->submit->why, "short of room"));
    assert_string_equal(submitted(duo, 2, "PRIORITY"), "held");
    assert_string_equal(submitted(duo, 3, "IMMEDIATE"), "sent");
    duo_run(duo);
    assert_string_equal(submitted(duo, 4, "FLASH"), "sent");
    duo_run(duo);
    assert_int_equal(duo->b.node->peers[0]->received - came, 2);
    assert_int_equal(peer_of_a(duo)->outbox.count, 2);
    disk(&duo->b, 1, 0);
    duo_run(duo);
    assert_int_equal(duo->b.node->peers[0]->received - came, 4);
    assert_int_equal(peer_of_a(duo)->outbox.count, 0);
}

static void
answers_go_on_in_both_directions(void **state)
{
    struct duo *duo = *state;

    disk(&duo->a, 0, PRECEDENCE_COUNT);
    duo_run(duo); /* b holds, and a says nothing new */
    disk(&duo->b, 0, PRECEDENCE_FLASH);
    duo_run(duo);
    assert_string_equal(submitted(duo, 1, "FLASH"), "HELD");
    disk(&duo->a, 1, 0);
    duo_run(duo);
    duo_forget_told(&duo->a);
    duo_submit(&duo->a, "node2", 2, "FLASH", "tea?", "accepted");
    duo_run(duo); /* b's answer is an entry of b's log */
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_SUBMIT)->submit->state,
        "accepted");
}

static void
a_stop_ends_with_its_link_and_is_said_again_on_the_next(void **state)
{
    struct duo *duo = *state;

    disk(&duo->b, 0, PRECEDENCE_FLASH);
    duo_run(duo);
    duo_cut(duo);
    duo_turn(&duo->a);
    assert_int_equal(hold_floor(duo->a.node, peer_of_a(duo)), 0);
    duo_wait(duo, LIMIT_BACKOFF_MAX_MS);
    assert_non_null(peer_of_a(duo)->link);
    assert_int_equal(peer_of_a(duo)->link->stop_heard, PRECEDENCE_FLASH);
}

static void
status_and_lists_say_what_is_held_and_why(void **state)
{
    struct duo                *duo = *state;
    const Entente__PeerStatus *told;

    disk(&duo->b, 0, PRECEDENCE_PRIORITY);
    duo_run(duo);
    assert_string_equal(submitted(duo, 1, "ROUTINE"), "held");
    asking_plain(&duo->a, 1, 77, ENTENTE__REQUEST__KIND_STATUS);
    asking_show(&duo->a, 1, 78, "q/1", true);
    duo_run(duo);
    told = asking_told(&duo->a, 1, 77)->status->peers[0];
    assert_string_equal(told->held_below, "PRIORITY");
    assert_non_null(strstr(told->held_why, "short of room"));
    disk(&duo->b, 0, PRECEDENCE_COUNT);
    duo_run(duo);
    asking_plain(&duo->a, 1, 79, ENTENTE__REQUEST__KIND_STATUS);
    duo_run(duo);
    assert_string_equal(
        asking_told(&duo->a, 1, 79)->status->peers[0]->held_below, HOLD_ALL);
}

/* As a peer would say it. */
static enum status
stop(struct duo *duo, uint32_t precedence)
{
    struct session      *session = duo->a.node->peers[0]->link;
    struct effects       effects;
    struct turn_input    input = {.mono_ms = duo->a.now_ms};
    struct context       turn = {
              .node = duo->a.node, .input = &input, .out = &effects};
    Entente__Frame       frame = ENTENTE__FRAME__INIT;
    Entente__Stop        said = ENTENTE__STOP__INIT;
    enum status          st;

    effects_init(&effects);
    said.precedence = precedence;
    frame.stop = &said;
    st = hold_stopped(session, &turn, &frame, SPAN_EMPTY);
    effects_free(&effects);
    return st;
}

static void
what_is_no_precedence_is_refused(void **state)
{
    struct duo *duo = *state;

    assert_int_equal(stop(duo, PRECEDENCE_COUNT), STATUS_OK);
    assert_int_equal(stop(duo, PRECEDENCE_COUNT + 1), STATUS_BAD_FIELD);
    assert_int_equal(stop(duo, UINT32_MAX), STATUS_BAD_FIELD);
    assert_int_equal(peer_of_a(duo)->link->stop_heard, PRECEDENCE_COUNT);
    assert_int_equal(stop(duo, 0), STATUS_OK);
}

static void
a_quiesced_node_knows_of_no_shortage(void **state)
{
    struct duo *duo = *state;

    disk(&duo->a, 0, PRECEDENCE_FLASH);
    asking_quiesce(&duo->a);
    duo_turn(&duo->a);
    assert_int_equal(duo->a.node->disk_floor, 0);
}

int
main(void)
{
#define CLAIM(name)                                                            \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)
    const struct CMUnitTest tests[] = {
        CLAIM(on_a_short_disk_what_is_below_the_floor_is_refused_and_no_more),
        CLAIM(a_disk_without_room_takes_nothing_where_no_floor_is_told),
        CLAIM(the_refusal_says_what_is_short_what_is_taken_and_what_to_do),
        CLAIM(each_rung_of_the_quota_refuses_what_is_below_it),
        CLAIM(a_quota_that_is_used_up_refuses_all_and_names_the_limit),
        CLAIM(from_seventy_percent_on_status_names_the_limit),
        CLAIM(a_short_disk_is_told_to_the_peer_and_so_is_its_end),
        CLAIM(below_a_peers_stop_messages_are_taken_and_held_above_it_they_go),
        CLAIM(answers_go_on_in_both_directions),
        CLAIM(a_stop_ends_with_its_link_and_is_said_again_on_the_next),
        CLAIM(status_and_lists_say_what_is_held_and_why),
        CLAIM(what_is_no_precedence_is_refused),
        CLAIM(a_quiesced_node_knows_of_no_shortage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

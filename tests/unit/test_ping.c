/* An echo over a link: who gets which answer, and when. */
#include "tests/unit/duo.h"

#include "node/core/link/ping.h"
#include "node/core/roster.h"

#include <string.h>

static void
ask(struct duo_party *party, const char *name, uint64_t id)
{
    Entente__Request  request = ENTENTE__REQUEST__INIT;
    Entente__PeerName peer = ENTENTE__PEER_NAME__INIT;

    peer.name = (char *)(uintptr_t)name;
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_PING;
    request.ping = &peer;
    duo_request(party, &request);
}

static const char *
name_of_b(const struct duo *duo)
{
    return duo->a.node->peers[0]->name;
}

static const Entente__PingResponse *
answer_to(const struct duo_party *party, uint64_t id)
{
    for (size_t i = 0; i < party->told_count; i++) {
        const Entente__Response *response = party->told[i].response;

        if (response->id == id &&
            response->kind_case == ENTENTE__RESPONSE__KIND_PING)
            return response->ping;
    }
    return NULL;
}

/* What b sends is lost. */
static bool
nothing_leaves(struct duo_party *party, struct span frame)
{
    (void)party;
    (void)frame;
    return false;
}

static void
an_echo_comes_back_over_the_link(void **state)
{
    struct duo *duo = *state;
    uint64_t    frames = duo->b.sent_frames;

    ask(&duo->a, name_of_b(duo), 7);
    duo_run(duo);
    assert_non_null(answer_to(&duo->a, 7));
    assert_true(answer_to(&duo->a, 7)->answered);
    assert_string_equal(answer_to(&duo->a, 7)->link, "up");
    assert_int_equal(duo->b.sent_frames, frames + 1);
    assert_int_equal(duo->a.node->ping_count, 0);
}

static void
nothing_is_said_before_it_is_back(void **state)
{
    struct duo *duo = *state;

    duo->b.tap = nothing_leaves;
    ask(&duo->a, name_of_b(duo), 7);
    duo_run(duo);
    assert_null(answer_to(&duo->a, 7));
}

static void
without_a_link_it_is_said_at_once(void **state)
{
    struct duo *duo = *state;

    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    ask(&duo->a, name_of_b(duo), 7);
    duo_run(duo);
    assert_non_null(answer_to(&duo->a, 7));
    assert_false(answer_to(&duo->a, 7)->answered);
    assert_string_not_equal(answer_to(&duo->a, 7)->link, "up");
    assert_int_not_equal(answer_to(&duo->a, 7)->last_heard_ms, 0);
}

static void
the_end_of_the_link_answers_who_waits(void **state)
{
    struct duo *duo = *state;

    duo->b.tap = nothing_leaves;
    ask(&duo->a, name_of_b(duo), 7);
    ask(&duo->a, name_of_b(duo), 8);
    duo_run(duo);
    duo->a.reachable = duo->b.reachable = false;
    duo_cut(duo);
    duo_run(duo);
    assert_false(answer_to(&duo->a, 7)->answered);
    assert_false(answer_to(&duo->a, 8)->answered);
    assert_int_equal(duo->a.node->ping_count, 0);
}

/* A peer answers the newest echo only: the second is sent after the first. */
static void
who_asks_meanwhile_gets_an_echo_of_his_own(void **state)
{
    struct duo *duo = *state;
    uint64_t    frames = duo->b.sent_frames;

    ask(&duo->a, name_of_b(duo), 7);
    ask(&duo->a, name_of_b(duo), 8);
    ask(&duo->a, name_of_b(duo), 9);
    duo_run(duo);
    assert_true(answer_to(&duo->a, 7)->answered);
    assert_true(answer_to(&duo->a, 8)->answered);
    assert_true(answer_to(&duo->a, 9)->answered);
    assert_int_equal(duo->b.sent_frames, frames + 2);
}

static void
a_client_that_leaves_keeps_nobody_waiting(void **state)
{
    struct duo  *duo = *state;
    struct event gone = {.kind = EVENT_CLIENT_GONE, .client = 1};

    duo->b.tap = nothing_leaves;
    ask(&duo->a, name_of_b(duo), 7);
    duo_run(duo);
    duo_post(&duo->a, &gone);
    duo_run(duo);
    assert_int_equal(duo->a.node->pings[0].client, 0);
    duo->b.tap = NULL;
    ask(&duo->a, name_of_b(duo), 8);
    duo_cut(duo);
    duo_wait(duo, 5000);
    assert_null(answer_to(&duo->a, 7));
    assert_int_equal(duo->a.node->ping_count, 0);
}

static void
a_name_that_is_no_peers_is_refused(void **state)
{
    struct duo              *duo = *state;
    const Entente__Response *response;

    ask(&duo->a, "nobody", 7);
    duo_run(duo);
    response = duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_non_null(response);
    assert_string_equal(response->failure->code, "NOT_FOUND");
    assert_string_equal(response->failure->path, "name");
}

static void
more_than_the_limit_are_refused(void **state)
{
    struct duo *duo = *state;

    duo->b.tap = nothing_leaves;
    for (uint64_t id = 1; id <= PING_WAITS; id++)
        ask(&duo->a, name_of_b(duo), id);
    duo_run(duo);
    assert_null(duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE));
    ask(&duo->a, name_of_b(duo), PING_WAITS + 1);
    duo_run(duo);
    assert_string_equal(
        duo_last(&duo->a, ENTENTE__RESPONSE__KIND_FAILURE)->failure->code,
        "FULL");
}

static void
an_answer_that_nobody_asked_for_means_nothing(void **state)
{
    struct duo     *duo = *state;
    struct session *session = duo->a.node->peers[0]->link;
    struct context  turn = {.node = duo->a.node};
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive keepalive = ENTENTE__KEEPALIVE__INIT;

    frame.keepalive = &keepalive;
    assert_int_equal(ping_keepalive(session, &turn, &frame, SPAN_EMPTY),
                     STATUS_OK);
    keepalive.answer = 4711;
    assert_int_equal(ping_keepalive(session, &turn, &frame, SPAN_EMPTY),
                     STATUS_OK);
    assert_int_equal(duo->a.node->ping_count, 0);
}

int
main(void)
{
#define CLAIM(name)                                                            \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)
    const struct CMUnitTest tests[] = {
        CLAIM(an_echo_comes_back_over_the_link),
        CLAIM(nothing_is_said_before_it_is_back),
        CLAIM(without_a_link_it_is_said_at_once),
        CLAIM(the_end_of_the_link_answers_who_waits),
        CLAIM(who_asks_meanwhile_gets_an_echo_of_his_own),
        CLAIM(a_client_that_leaves_keeps_nobody_waiting),
        CLAIM(a_name_that_is_no_peers_is_refused),
        CLAIM(more_than_the_limit_are_refused),
        CLAIM(an_answer_that_nobody_asked_for_means_nothing),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}

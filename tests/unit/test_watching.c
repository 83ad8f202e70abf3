/* Who waits for events: parked, woken, answered once. */
#include "tests/unit/asking.h"

#include "node/core/roster.h"
#include "node/core/client/watching.h"

static void
watch(struct duo_party *party, uint64_t client, uint64_t id,
      const char *cursor, const char *precedence, bool oldest)
{
    Entente__Request       request = ENTENTE__REQUEST__INIT;
    Entente__EventsRequest events = ENTENTE__EVENTS_REQUEST__INIT;

    events.cursor = asking_text(cursor);
    events.precedence = asking_text(precedence);
    events.oldest = oldest;
    request.id = id;
    request.kind_case = ENTENTE__REQUEST__KIND_EVENTS;
    request.events = &events;
    asking_post(party, client, &request);
}

/* The last answer to this request; NULL: none yet. */
static const Entente__Response *
answer_to(const struct duo_party *party, uint64_t client, uint64_t id)
{
    const Entente__Response *found = NULL;

    for (size_t i = 0; i < party->told_count; i++)
        if (party->told[i].client == client &&
            party->told[i].response->id == id) {
            assert_null(found); /* one answer, never two */
            found = party->told[i].response;
            assert_true(found->last);
        }
    return found;
}

static const Entente__EventsResponse *
events_of(const struct duo_party *party, uint64_t client, uint64_t id)
{
    const Entente__Response *response = answer_to(party, client, id);

    assert_non_null(response);
    assert_int_equal(response->kind_case, ENTENTE__RESPONSE__KIND_EVENTS);
    return response->events;
}

static void
expect_failure(const struct duo_party *party, uint64_t client, uint64_t id,
               const char *code)
{
    const Entente__Response *response = answer_to(party, client, id);

    assert_non_null(response);
    assert_int_equal(response->kind_case, ENTENTE__RESPONSE__KIND_FAILURE);
    assert_string_equal(response->failure->code, code);
}

/* The place where the journal ends now; free() it. */
static char *
place_now(struct duo *duo)
{
    char *out;

    watch(&duo->a, 9, 900, "", "", false);
    duo_run(duo);
    out = strdup(events_of(&duo->a, 9, 900)->cursor);
    assert_int_equal(events_of(&duo->a, 9, 900)->n_events, 0);
    duo_forget_told(&duo->a);
    return out;
}

/* a is asked by client 1, request 7, from the end of its journal on. */
static void
park(struct duo *duo, const char *precedence)
{
    char *place = place_now(duo);

    watch(&duo->a, 1, 7, place, precedence, false);
    duo_run(duo);
    assert_null(answer_to(&duo->a, 1, 7));
    free(place);
}

static void
receive(struct duo *duo, unsigned id, const char *precedence)
{
    duo_submit(&duo->b, "node1", id, precedence, "tea?", NULL);
    duo_run(duo);
}

/* The store, which was asked, answers that up to this place there is nothing;
 * what is asked from now on it answers by itself. */
static void
store_answers(struct duo *duo, const char *place, bool more)
{
    struct happening  end = {.cursor = span_text(place), .more = more};
    struct record_row none = {0};
    struct event      event = {.kind = EVENT_LOADED,
                               .token = duo->a.held[0].token};
    uint8_t           bytes[256];
    struct writer     out = writer_of(bytes, sizeof(bytes));

    assert_int_equal(duo->a.held_count, 1);
    happening_head_put(&out, &end);
    record_row_put(&out, &none);
    event.bytes = writer_span(&out);
    duo->a.held_count = 0;
    duo->a.loads_held = false;
    duo_post(&duo->a, &event);
}

static size_t
loads_under_way(const struct node *node)
{
    size_t count = 0;

    for (size_t i = 0; i < node->load_cap; i++)
        count += node->loads[i].token != 0;
    return count;
}

/* --- waiting -------------------------------------------------------------- */

static void
what_happens_wakes_who_waits_for_it(void **state)
{
    struct duo                    *duo = *state;
    const Entente__EventsResponse *events;

    park(duo, "");
    receive(duo, 1, "ROUTINE");
    events = events_of(&duo->a, 1, 7);
    assert_int_equal(events->n_events, 1);
    assert_string_equal(events->events[0]->event, "new");
    assert_string_equal(events->events[0]->row->subject, "tea?");
    assert_string_equal(events->events[0]->row->ref, "node2/1");
    assert_string_not_equal(events->events[0]->cursor, "");
    assert_false(events->events[0]->outgoing);
    assert_int_equal(duo->a.node->watch_count, 0);
}

static void
what_is_there_already_is_told_at_once(void **state)
{
    struct duo *duo = *state;
    char       *place = place_now(duo);

    receive(duo, 1, "ROUTINE");
    receive(duo, 2, "ROUTINE");
    watch(&duo->a, 1, 7, place, "", false);
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 7)->n_events, 2);
    free(place);
}

static void
without_a_place_nobody_waits(void **state)
{
    struct duo *duo = *state;

    watch(&duo->a, 1, 7, "", "", false);
    watch(&duo->a, 1, 8, "", "", true);
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 7)->n_events, 0);
    assert_int_equal(events_of(&duo->a, 1, 8)->n_events, 0);
    receive(duo, 1, "ROUTINE");
    watch(&duo->a, 1, 9, "", "", false);
    watch(&duo->a, 1, 10, "", "", true);
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 9)->n_events, 0);
    assert_int_equal(events_of(&duo->a, 1, 10)->n_events, 1);
}

static void
who_waits_for_what_is_urgent_sleeps_through_the_rest(void **state)
{
    struct duo                    *duo = *state;
    const Entente__EventsResponse *events;

    park(duo, "IMMEDIATE");
    receive(duo, 1, "ROUTINE");
    receive(duo, 2, "PRIORITY");
    assert_null(answer_to(&duo->a, 1, 7));
    receive(duo, 3, "FLASH");
    events = events_of(&duo->a, 1, 7);
    assert_int_equal(events->n_events, 1);
    assert_string_equal(events->events[0]->row->precedence, "FLASH");
}

/* The store's answer may be older than the newest turn. */
static void
what_comes_while_the_store_is_asked_is_not_slept_through(void **state)
{
    struct duo *duo = *state;
    char       *place = place_now(duo);

    duo->a.loads_held = true;
    watch(&duo->a, 1, 7, place, "", false);
    duo_run(duo);
    assert_int_equal(duo->a.held_count, 1);
    receive(duo, 1, "ROUTINE");
    assert_true(duo->a.node->watches[0].stale);
    store_answers(duo, place, false); /* from before it */
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 7)->n_events, 1);
    free(place);
}

static void
an_answer_that_ends_early_is_gone_on_from(void **state)
{
    struct duo *duo = *state;
    char       *place = place_now(duo);

    for (unsigned i = 1; i < 6; i++)
        receive(duo, i, i == 4 ? "FLASH" : "ROUTINE");
    duo->a.loads_held = true;
    watch(&duo->a, 1, 7, place, "FLASH", false);
    duo_run(duo);
    store_answers(duo, place, true);
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 7)->n_events, 1);
    free(place);
}

static void
an_alarm_is_told_to_all(void **state)
{
    struct duo                    *duo = *state;
    const Entente__EventsResponse *events;
    struct event lost = {.kind = EVENT_STATE_LOST};

    park(duo, "OVERRIDE");
    duo_post(&duo->a, &lost);
    duo_run(duo);
    if (duo_count_records(&duo->a, RECORD_ALARM) == 0)
        fail_msg("a loss of state is no alarm");
    events = events_of(&duo->a, 1, 7);
    assert_string_equal(events->events[0]->event, "alarm");
    assert_string_equal(events->events[0]->row->peer, "node2");
    assert_string_not_equal(events->events[0]->why, "");
}

static void
a_capture_is_told_to_all_and_has_no_peer(void **state)
{
    struct duo                    *duo = *state;
    const Entente__EventsResponse *events;
    struct event deed = {.kind = EVENT_DEED,
                         .bytes = span_text("\x83uid 7 captures")};

    park(duo, "OVERRIDE");
    duo_post(&duo->a, &deed);
    duo_run(duo);
    events = events_of(&duo->a, 1, 7);
    assert_int_equal(events->n_events, 1);
    assert_string_equal(events->events[0]->event, "capture");
    assert_string_equal(events->events[0]->why, "uid 7 captures");
    assert_string_equal(events->events[0]->row->peer, "");
}

/* --- ends ----------------------------------------------------------------- */

static void
who_has_gone_leaves_nothing(void **state)
{
    struct duo *duo = *state;

    park(duo, "");
    asking_gone(&duo->a, 1);
    duo_run(duo);
    assert_int_equal(duo->a.node->watch_count, 0);
    receive(duo, 1, "ROUTINE");
    assert_null(answer_to(&duo->a, 1, 7));
    assert_int_equal(loads_under_way(duo->a.node), 0);
}

static void
who_goes_while_the_store_is_asked_leaves_nothing(void **state)
{
    struct duo *duo = *state;

    duo->a.loads_held = true;
    watch(&duo->a, 1, 7, "0", "", false);
    duo_run(duo);
    asking_gone(&duo->a, 1);
    duo_run(duo);
    duo_release(&duo->a);
    duo->a.loads_held = false;
    duo_run(duo);
    assert_null(answer_to(&duo->a, 1, 7));
    assert_int_equal(duo->a.node->watch_count, 0);
}

static void
a_node_that_ends_says_ask_again(void **state)
{
    struct duo *duo = *state;

    park(duo, "");
    duo->a.loads_held = true;
    watch(&duo->a, 2, 8, "0", "", false);
    duo_run(duo);
    asking_quiesce(&duo->a);
    duo_turn(&duo->a);
    expect_failure(&duo->a, 1, 7, "AGAIN");
    expect_failure(&duo->a, 2, 8, "AGAIN");
    assert_int_equal(duo->a.node->watch_count, 0);
    duo_release(&duo->a); /* comes too late for anybody */
    duo_run(duo);
    expect_failure(&duo->a, 2, 8, "AGAIN");
}

static void
after_a_restart_the_place_goes_on(void **state)
{
    struct duo *duo = *state;
    char       *place = place_now(duo);

    receive(duo, 1, "ROUTINE");
    duo_restart(&duo->a);
    duo_wait(duo, 60000);
    watch(&duo->a, 1, 7, place, "", false);
    duo_run(duo);
    assert_int_equal(events_of(&duo->a, 1, 7)->n_events, 1);
    free(place);
}

static void
more_than_the_limit_are_refused_each_client_for_itself(void **state)
{
    struct duo *duo = *state;
    char       *place = place_now(duo);

    for (uint64_t id = 1; id <= WATCHING_MAX; id++)
        watch(&duo->a, 1, id, place, "", false);
    watch(&duo->a, 1, 100, place, "", false);
    watch(&duo->a, 2, 101, place, "", false);
    duo_run(duo);
    expect_failure(&duo->a, 1, 100, "FULL");
    assert_null(answer_to(&duo->a, 2, 101));
    receive(duo, 1, "ROUTINE");
    for (uint64_t id = 1; id <= WATCHING_MAX; id++)
        assert_int_equal(events_of(&duo->a, 1, id)->n_events, 1);
    assert_int_equal(events_of(&duo->a, 2, 101)->n_events, 1);
    free(place);
}

static void
a_place_that_is_none_is_refused_in_words(void **state)
{
    struct duo *duo = *state;
    char        longer[400];

    memset(longer, '1', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    watch(&duo->a, 1, 7, "x", "", false);
    watch(&duo->a, 1, 8, longer, "", false);
    watch(&duo->a, 1, 9, "999999", "", false);
    watch(&duo->a, 1, 10, "0", "URGENT", false);
    duo_run(duo);
    expect_failure(&duo->a, 1, 7, "BAD_ENCODING");
    expect_failure(&duo->a, 1, 8, "BAD_ENCODING");
    expect_failure(&duo->a, 1, 9, "BAD_CURSOR");
    assert_non_null(strstr(answer_to(&duo->a, 1, 9)->failure->hint, "backup"));
    expect_failure(&duo->a, 1, 10, "BAD_FIELD");
    assert_int_equal(duo->a.node->watch_count, 0);
}

static void
while_nobody_watches_nothing_is_asked(void **state)
{
    struct duo *duo = *state;

    duo->a.loads_held = true;
    receive(duo, 1, "ROUTINE");
    assert_int_equal(duo->a.held_count, 0);
    assert_int_equal(duo->a.node->watch_cap, 0);
}

int
main(void)
{
#define CLAIM(name)                                                            \
    cmocka_unit_test_setup_teardown(name, duo_make_paired, duo_drop)
    const struct CMUnitTest tests[] = {
        CLAIM(what_happens_wakes_who_waits_for_it),
        CLAIM(what_is_there_already_is_told_at_once),
        CLAIM(without_a_place_nobody_waits),
        CLAIM(who_waits_for_what_is_urgent_sleeps_through_the_rest),
        CLAIM(what_comes_while_the_store_is_asked_is_not_slept_through),
        CLAIM(an_answer_that_ends_early_is_gone_on_from),
        CLAIM(an_alarm_is_told_to_all),
        CLAIM(a_capture_is_told_to_all_and_has_no_peer),
        CLAIM(who_has_gone_leaves_nothing),
        CLAIM(who_goes_while_the_store_is_asked_leaves_nothing),
        CLAIM(a_node_that_ends_says_ask_again),
        CLAIM(after_a_restart_the_place_goes_on),
        CLAIM(more_than_the_limit_are_refused_each_client_for_itself),
        CLAIM(a_place_that_is_none_is_refused_in_words),
        CLAIM(while_nobody_watches_nothing_is_asked),
    };
#undef CLAIM

    return cmocka_run_group_tests(tests, NULL, NULL);
}

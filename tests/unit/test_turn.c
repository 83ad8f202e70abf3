/*
 * test_turn.c - the law, over a node and an edge that are both fakes.
 *
 * The fake node answers each turn with the effects that the test scripted
 * for it; the fake edge writes down, in one line of text, what it is asked
 * to do and when.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/core/node.h"
#include "node/host/turn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT_MAX = 16, DIARY_LEN = 4096 };

/* What the next turns of the fake node do. */
struct node {
    const char *script[SCRIPT_MAX]; /* one letter an effect, see add() */
    size_t      script_count;
    size_t      turns;
    char        seen[DIARY_LEN]; /* events as the node saw them */
    bool        deaf;            /* too many to write down */
    struct turn_input last;
};

struct edge {
    struct turn          *turn;
    char                  diary[DIARY_LEN];
    bool                  save_at_once;
    bool                  post_from_send; /* send() posts and runs */
    const struct effects *offered;
    uint8_t               bytes[256]; /* of the commit that was offered */
    size_t                bytes_len;
};

struct world {
    struct node  node;
    struct edge  edge;
    struct turn *turn;
};

static void
note(char *diary, const char *words)
{
    size_t used = strlen(diary);

    assert_true(used + strlen(words) + 2 < DIARY_LEN);
    snprintf(diary + used, DIARY_LEN - used, "%s%s", used > 0 ? " " : "",
             words);
}

static void
add(struct effects *out, char letter)
{
    static const struct {
        char             letter;
        enum effect_kind kind;
    } table[] = {
        {'K', EFFECT_KEY},  {'S', EFFECT_SAVE}, {'s', EFFECT_SEND},
        {'t', EFFECT_TELL}, {'l', EFFECT_LOAD}, {'d', EFFECT_DIAL},
        {'c', EFFECT_CLOSE}, {'w', EFFECT_WAKE_AT}, {'g', EFFECT_LOG},
    };

    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
        if (table[i].letter == letter) {
            struct effect *effect = effects_add(out, table[i].kind);

            effect->bytes = effects_copy(
                out, (struct span){(const uint8_t *)&letter, 1});
            return;
        }
    }
    fail_msg("no effect %c", letter);
}

void
node_turn(struct node *node, const struct turn_input *input,
          const struct event *events, size_t count, struct effects *out)
{
    char words[64];

    node->last = *input;
    note(node->seen, "turn");
    for (size_t i = 0; i < count && !node->deaf; i++) {
        snprintf(words, sizeof(words), "%d:%.*s", (int)events[i].kind,
                 (int)events[i].bytes.len, (const char *)events[i].bytes.ptr);
        note(node->seen, words);
    }
    if (node->turns < node->script_count)
        for (const char *at = node->script[node->turns]; *at != 0; at++)
            add(out, *at);
    node->turns++;
}

static void
on_input(void *arg, struct turn_input *out)
{
    struct edge *edge = arg;

    note(edge->diary, "input");
    out->mono_ms = 7;
    memset(out->seed, 0x5a, sizeof(out->seed));
}

static void
on_save(void *arg, const struct effects *effects)
{
    struct edge *edge = arg;

    note(edge->diary, "save");
    edge->offered = effects;
    edge->bytes_len = 0;
    for (size_t i = 0; i < effects->count; i++)
        for (size_t k = 0; k < effects->list[i].bytes.len; k++)
            edge->bytes[edge->bytes_len++] = effects->list[i].bytes.ptr[k];
    if (edge->save_at_once)
        turn_saved(edge->turn, STATUS_OK);
}

static struct event
event(enum event_kind kind, const char *text)
{
    return (struct event){.kind = kind, .bytes = span_text(text)};
}

static void
on_send(void *arg, uint64_t link, struct span frame)
{
    struct edge *edge = arg;

    (void)link;
    assert_int_equal(frame.len, 1);
    note(edge->diary, "send");
    if (edge->post_from_send) {
        struct event from_send = event(EVENT_LINK_CLOSED, "x");

        assert_int_equal(turn_post(edge->turn, &from_send), STATUS_OK);
        turn_run(edge->turn);
        note(edge->diary, "sent");
    }
}

static void
on_tell(void *arg, uint64_t client, struct span response)
{
    struct edge *edge = arg;

    (void)client;
    (void)response;
    note(edge->diary, "tell");
}

static void
on_load(void *arg, uint64_t token, const struct query *query, struct span text)
{
    struct edge *edge = arg;

    (void)token;
    (void)query;
    (void)text;
    note(edge->diary, "load");
}

static void
on_dial(void *arg, uint64_t link, struct span address)
{
    struct edge *edge = arg;

    (void)link;
    (void)address;
    note(edge->diary, "dial");
}

static void
on_close(void *arg, uint64_t link, uint64_t client)
{
    struct edge *edge = arg;

    (void)link;
    (void)client;
    note(edge->diary, "close");
}

static void
on_wake_at(void *arg, uint64_t mono_ms)
{
    struct edge *edge = arg;

    (void)mono_ms;
    note(edge->diary, "wake");
}

static void
on_log(void *arg, struct span line)
{
    struct edge *edge = arg;

    (void)line;
    note(edge->diary, "log");
}

static void
on_seen(void *arg, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct edge *edge = arg;

    (void)events;
    (void)count;
    (void)effects;
    assert_int_equal(input->seed[0], 0x5a);
    note(edge->diary, "seen");
}

static const struct host_ops ops = {
    .input = on_input, .save = on_save,       .send = on_send,
    .tell = on_tell,   .load = on_load,       .dial = on_dial,
    .close = on_close, .wake_at = on_wake_at, .log = on_log,
    .seen = on_seen,
};

static int
setup(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    if (world == NULL)
        return -1;
    world->turn = turn_new(&world->node, &ops, &world->edge);
    world->edge.turn = world->turn;
    *state = world;
    return 0;
}

static int
teardown(void **state)
{
    struct world *world = *state;

    turn_free(world->turn);
    free(world);
    return 0;
}

static void
post(struct world *world, enum event_kind kind, const char *text)
{
    struct event posted = event(kind, text);

    assert_int_equal(turn_post(world->turn, &posted), STATUS_OK);
}

static void
script(struct world *world, const char *effects)
{
    world->node.script[world->node.script_count++] = effects;
}

static void
nothing_is_done_before_the_commit_is_durable(void **state)
{
    struct world *world = *state;

    script(world, "SSstldcwg");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen save");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen save");
    assert_false(turn_idle(world->turn));
    turn_saved(world->turn, STATUS_OK);
    assert_string_equal(world->edge.diary,
                        "input seen save "
                        "send tell load dial close wake log");
    assert_true(turn_idle(world->turn));
}

static void
effects_are_done_kind_by_kind_however_the_core_appended_them(void **state)
{
    struct world *world = *state;

    script(world, "gwcsSdltsK");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen save");
    turn_saved(world->turn, STATUS_OK);
    assert_string_equal(world->edge.diary,
                        "input seen save "
                        "send send tell load dial close wake log");
}

static void
a_key_alone_is_a_commit_too(void **state)
{
    struct world *world = *state;

    script(world, "Ks");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen save");
    turn_saved(world->turn, STATUS_OK);
    assert_string_equal(world->edge.diary, "input seen save send");
}

static void
a_turn_that_saves_nothing_needs_no_commit(void **state)
{
    struct world *world = *state;

    turn_run(world->turn); /* without an event there is no turn at all */
    assert_string_equal(world->edge.diary, "");
    script(world, "sw");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen send wake");
    assert_true(turn_idle(world->turn));
}

static void
what_arrives_during_a_commit_forms_the_next_turn(void **state)
{
    struct world *world = *state;

    script(world, "S");
    post(world, EVENT_REQUEST, "a");
    post(world, EVENT_REQUEST, "b");
    turn_run(world->turn);
    post(world, EVENT_REQUEST, "c");
    turn_run(world->turn);
    post(world, EVENT_REQUEST, "d");
    turn_run(world->turn);
    assert_string_equal(world->node.seen, "turn 4:a 4:b");
    turn_saved(world->turn, STATUS_OK);
    turn_run(world->turn);
    assert_string_equal(world->node.seen, "turn 4:a 4:b turn 4:c 4:d");
}

static void
an_event_keeps_its_own_copy_of_its_bytes(void **state)
{
    struct world *world = *state;
    char          bytes[] = "before";

    post(world, EVENT_REQUEST, bytes);
    memcpy(bytes, "after!", 6);
    turn_run(world->turn);
    assert_string_equal(world->node.seen, "turn 4:before");
}

static void
a_withheld_commit_is_offered_again_byte_for_byte(void **state)
{
    struct world *world = *state;
    uint8_t       before[256];
    size_t        before_len;

    script(world, "KSSs");
    post(world, EVENT_REQUEST, "a");
    turn_run(world->turn);
    memcpy(before, world->edge.bytes, sizeof(before));
    before_len = world->edge.bytes_len;
    for (int i = 0; i < 3; i++) {
        turn_saved(world->turn, STATUS_NO_SPACE);
        assert_true(turn_withheld(world->turn));
        post(world, EVENT_DISK, "");
        turn_run(world->turn);
        assert_int_equal(world->node.turns, 1); /* never computed anew */
        turn_retry(world->turn);
        assert_false(turn_withheld(world->turn));
        assert_int_equal(world->edge.bytes_len, before_len);
        assert_memory_equal(world->edge.bytes, before, before_len);
    }
    assert_string_equal(world->edge.diary, "input seen save save save save");
    turn_saved(world->turn, STATUS_OK);
    assert_string_equal(world->edge.diary,
                        "input seen save save save save send");
    turn_run(world->turn);
    assert_string_equal(world->node.seen, "turn 4:a turn 9: 9: 9:");
}

static void
an_edge_may_commit_at_once(void **state)
{
    struct world *world = *state;

    world->edge.save_at_once = true;
    script(world, "Ss");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary, "input seen save send");
    assert_true(turn_idle(world->turn));
}

static void
an_effect_may_post_and_run_without_a_turn_inside_a_turn(void **state)
{
    struct world *world = *state;

    world->edge.post_from_send = true;
    script(world, "sc");
    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_string_equal(world->edge.diary,
                        "input seen send sent close input seen");
    assert_string_equal(world->node.seen, "turn 7: turn 3:x");
}

static void
past_the_count_frames_are_refused_but_endings_are_taken(void **state)
{
    struct world *world = *state;
    struct event  frame = event(EVENT_LINK_FRAME, "f");
    struct event  opened = event(EVENT_LINK_OPENED, "");
    struct event  closed = event(EVENT_LINK_CLOSED, "");
    struct event  request = event(EVENT_REQUEST, "r");

    for (int i = 0; i < LIMIT_EVENTS_PER_TURN; i++)
        assert_int_equal(turn_post(world->turn, &frame), STATUS_OK);
    assert_int_equal(turn_post(world->turn, &frame), STATUS_FULL);
    assert_int_equal(turn_post(world->turn, &opened), STATUS_FULL);
    assert_int_equal(turn_post(world->turn, &request), STATUS_FULL);
    assert_int_equal(turn_post(world->turn, &closed), STATUS_OK);
    assert_int_equal(turn_waiting(world->turn), LIMIT_EVENTS_PER_TURN);
}

static void
past_the_bytes_frames_are_refused_and_nothing_of_them_is_kept(void **state)
{
    struct world *world = *state;
    size_t        len = 1 << 20;
    uint8_t      *bytes = calloc(1, len);
    struct event  big = {.kind = EVENT_REQUEST, .bytes = {bytes, len}};

    assert_non_null(bytes);
    for (size_t i = 0; i < LIMIT_TURN_BYTES / len; i++)
        assert_int_equal(turn_post(world->turn, &big), STATUS_OK);
    assert_int_equal(turn_post(world->turn, &big), STATUS_FULL);
    assert_int_equal(turn_waiting(world->turn), LIMIT_TURN_BYTES);
    big.kind = EVENT_LOADED;
    assert_int_equal(turn_post(world->turn, &big), STATUS_OK);
    free(bytes);
}

static void
after_a_turn_there_is_room_again(void **state)
{
    struct world *world = *state;
    struct event  frame = event(EVENT_LINK_FRAME, "");

    for (int i = 0; i < LIMIT_EVENTS_PER_TURN; i++)
        assert_int_equal(turn_post(world->turn, &frame), STATUS_OK);
    assert_int_equal(turn_post(world->turn, &frame), STATUS_FULL);
    world->node.deaf = true;
    turn_run(world->turn);
    assert_int_equal(world->node.turns, 1);
    assert_int_equal(turn_post(world->turn, &frame), STATUS_OK);
}

static void
each_turn_has_the_clock_and_seed_of_its_own_start(void **state)
{
    struct world *world = *state;

    post(world, EVENT_TIMER, "");
    turn_run(world->turn);
    assert_int_equal(world->node.last.mono_ms, 7);
    assert_int_equal(world->node.last.seed[31], 0x5a);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CLAIM(nothing_is_done_before_the_commit_is_durable),
        CLAIM(effects_are_done_kind_by_kind_however_the_core_appended_them),
        CLAIM(a_key_alone_is_a_commit_too),
        CLAIM(a_turn_that_saves_nothing_needs_no_commit),
        CLAIM(what_arrives_during_a_commit_forms_the_next_turn),
        CLAIM(an_event_keeps_its_own_copy_of_its_bytes),
        CLAIM(a_withheld_commit_is_offered_again_byte_for_byte),
        CLAIM(an_edge_may_commit_at_once),
        CLAIM(an_effect_may_post_and_run_without_a_turn_inside_a_turn),
        CLAIM(past_the_count_frames_are_refused_but_endings_are_taken),
        CLAIM(past_the_bytes_frames_are_refused_and_nothing_of_them_is_kept),
        CLAIM(after_a_turn_there_is_room_again),
        CLAIM(each_turn_has_the_clock_and_seed_of_its_own_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_busy.c - the promises of the core under all that a seed can think of:
 * both sides submit, links break, disks are slow, clients are impatient,
 * machines fail between any two steps, nodes come up from journal or snapshot.
 * In the end every message that was asked for has arrived once, in order, and
 * both sides hold the same signed logs.
 *
 * A failure prints the seed; BUSY_SEED=n runs that one alone.
 */
#include "tests/unit/duo.h"

#include "node/core/roster.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUSY_MESSAGES = 400 };

/* One message asked for. */
struct asked {
    bool     from_a;
    unsigned precedence;
    size_t   len;
    bool     answered; /* the client heard that it is safe */
    bool     known;    /* a state was told: it stands in the outbox or log */
};

struct busy {
    struct duo  *duo;
    uint64_t     dice;
    struct asked asked[BUSY_MESSAGES];
    unsigned     count;
};

static uint32_t
roll(struct busy *busy, uint32_t below)
{
    busy->dice = busy->dice * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((busy->dice >> 33) % below);
}

static struct duo_party *
one_of(struct busy *busy)
{
    return roll(busy, 2) == 0 ? &busy->duo->a : &busy->duo->b;
}

static void
submit(struct busy *busy, unsigned id, bool may_exist)
{
    static char         text[LIMIT_BODY];
    const struct asked *asked = &busy->asked[id];
    struct duo_party   *party = asked->from_a ? &busy->duo->a : &busy->duo->b;
    struct duo_note     note = {.to = asked->from_a ? "node2" : "node1",
                                .id = id,
                                .subject = "busy",
                                .text = text,
                                .may_exist = may_exist};

    note.precedence = precedence_name(asked->precedence);
    memset(text, 'a' + (int)(id % 26), asked->len);
    text[asked->len] = '\0';
    duo_submit_note(party, &note);
}

static void
submit_new(struct busy *busy)
{
    struct asked *asked = &busy->asked[busy->count];
    uint32_t      kind = roll(busy, 10);

    if (busy->count == BUSY_MESSAGES)
        return;
    asked->from_a = roll(busy, 2) == 0;
    asked->precedence = 1 + roll(busy, PRECEDENCE_COUNT - 1);
    asked->len = 1 + roll(busy, kind < 5 ? 50 : kind < 9 ? 3000 : 65000);
    submit(busy, busy->count++, false);
}

/* Marks what the clients were told. */
static void
hear(struct busy *busy, struct duo_party *party)
{
    for (size_t i = 0; i < party->told_count; i++) {
        const Entente__Response *told = party->told[i].response;

        assert_int_equal(told->kind_case, ENTENTE__RESPONSE__KIND_SUBMIT);
        busy->asked[told->id].answered = true;
    }
    duo_forget_told(party);
}

/* A client that got no answer asks again, as one that may have been heard. */
static void
ask_again(struct busy *busy, bool from_a)
{
    for (unsigned id = 0; id < busy->count; id++)
        if (busy->asked[id].from_a == from_a && !busy->asked[id].answered)
            submit(busy, id, true);
}

static void
hear_both(struct busy *busy)
{
    hear(busy, &busy->duo->a);
    hear(busy, &busy->duo->b);
}

/* The link breaks; what was on its way to one side may be lost. */
static void
cut(struct busy *busy)
{
    struct duo_party *party = one_of(busy);
    size_t            keep = roll(busy, 3) == 0 ? 0 : DUO_EVENTS;

    for (size_t i = 0; i < party->event_count; i++)
        if (party->events[i].kind == EVENT_LINK_FRAME && keep-- == 0)
            party->events[i].link = 1u << 30; /* nobody's */
        else if (keep > DUO_EVENTS)
            keep = 0;
    duo_cut(busy->duo);
}

static void
come_up(struct busy *busy, struct duo_party *party, uint32_t how)
{
    enum duo_from from = (enum duo_from)roll(busy, 3);

    switch (how) {
    case 0: duo_restart_from(party, from); break;
    case 1: duo_crash(party, false, from); break;
    default: duo_crash(party, true, from); break;
    }
    ask_again(busy, party == &busy->duo->a);
}

static void
pass_time(struct busy *busy)
{
    struct event timer = {.kind = EVENT_TIMER};
    uint64_t     ms = 1 + roll(busy, 4000);

    busy->duo->a.now_ms += ms;
    busy->duo->b.now_ms += ms;
    busy->duo->a.wall_ms += ms;
    busy->duo->b.wall_ms += ms;
    duo_post(&busy->duo->a, &timer);
    duo_post(&busy->duo->b, &timer);
}

static void
act(struct busy *busy)
{
    struct event      snapshot = {.kind = EVENT_SNAPSHOT};
    uint32_t          what = roll(busy, 100);
    struct duo_party *party = one_of(busy);

    if (what < 35)
        submit_new(busy);
    else if (what < 75)
        (void)duo_turn(party);
    else if (what < 82)
        pass_time(busy);
    else if (what < 86)
        cut(busy);
    else if (what < 90)
        duo_post(party, &snapshot);
    else if (what < 93)
        come_up(busy, party, roll(busy, 3));
    else if (what < 95)
        party->reachable = !party->reachable;
    else if (what < 97)
        party->loads_held = !party->loads_held; /* a slow disk */
    else if (what < 98)
        duo_release(party);
    else if (what < 99)
        ask_again(busy, party == &busy->duo->a); /* an impatient client */
    else
        duo_run(busy->duo);
    hear_both(busy);
}

/* Live state, all records, and the newest snapshot with what follows. */
static void
restarts_agree(struct busy *busy)
{
    struct duo_party *party = one_of(busy);
    struct node      *all = duo_node(party, DUO_ALL);
    struct node      *snapshot = duo_node(party, DUO_SNAPSHOT);

    duo_same_state(party->node, all);
    duo_same_state(party->node, snapshot);
    node_free(all);
    node_free(snapshot);
}

static void
come_to_rest(struct busy *busy)
{
    busy->duo->a.reachable = true;
    busy->duo->b.reachable = true;
    busy->duo->a.loads_held = false;
    busy->duo->b.loads_held = false;
    duo_release(&busy->duo->a);
    duo_release(&busy->duo->b);
    for (unsigned i = 0; i < 20; i++) {
        duo_wait(busy->duo, 30000);
        hear_both(busy);
        if (i == 5) {
            ask_again(busy, true);
            ask_again(busy, false);
        }
    }
}

/* The place of the n-th message record among `party`'s: 1 up, 0 for none. */
static size_t
arrivals(const struct duo_party *party, const struct message_id *id,
         struct record *out)
{
    size_t count = 0;

    for (size_t i = 0; i < party->record_count; i++) {
        struct record record;

        if (party->records[i].bytes[0] != RECORD_IN_ENTRY)
            continue;
        assert_int_equal(record_decode((struct span){party->records[i].bytes,
                                                     party->records[i].len},
                                       &record),
                         STATUS_OK);
        if (memcmp(record.id.bytes, id->bytes, LIMIT_MESSAGE_ID) == 0) {
            *out = record;
            count++;
        }
    }
    return count;
}

static void
every_message_arrived_once(struct busy *busy)
{
    for (unsigned id = 0; id < busy->count; id++) {
        const struct asked *asked = &busy->asked[id];
        struct duo_party   *from = asked->from_a ? &busy->duo->a
                                                 : &busy->duo->b;
        struct message_id   name = duo_message_id(from, id);
        struct record       record;

        if (!asked->answered)
            fail_msg("message %u was never answered", id);
        assert_int_equal(arrivals(from->other, &name, &record), 1);
        assert_int_equal(record.state, STATE_NEW);
        assert_int_equal(record.precedence, asked->precedence);
    }
}

/* Within a precedence messages leave as they came, and get their numbers. */
static void
order_was_kept(const struct duo_party *party)
{
    static struct message_id waits[PRECEDENCE_COUNT][BUSY_MESSAGES];
    size_t   put[PRECEDENCE_COUNT] = {0}, taken[PRECEDENCE_COUNT] = {0};
    uint64_t number = 0;

    for (size_t i = 0; i < party->record_count; i++) {
        struct record record;
        uint8_t       kind = party->records[i].bytes[0];

        if (kind != RECORD_PENDING && kind != RECORD_OUT_ENTRY)
            continue;
        assert_int_equal(record_decode((struct span){party->records[i].bytes,
                                                     party->records[i].len},
                                       &record),
                         STATUS_OK);
        if (kind == RECORD_PENDING)
            waits[record.precedence][put[record.precedence]++] = record.id;
        if (kind == RECORD_PENDING || record.number == 0)
            continue;
        assert_int_equal(record.number, ++number);
        if (taken[record.precedence] < put[record.precedence])
            assert_memory_equal(
                record.id.bytes,
                waits[record.precedence][taken[record.precedence]++].bytes,
                LIMIT_MESSAGE_ID);
    }
}

static void
logs_agree(const struct duo_party *writer)
{
    const struct peer    *to = writer->node->peers[0];
    const struct peer    *from = writer->other->node->peers[0];
    const struct channel *channel = peer_channel(to, REALM_ACTUAL);
    const struct witness *witness =
        peer_witness_of(from, origin_span(&channel->text));

    assert_int_equal(to->channel_count, 1); /* nothing was ever lost */
    assert_non_null(witness);
    assert_true(head_equal(&channel->head, &witness->head));
    assert_true(head_equal(&channel->head, &channel->cosigned));
    assert_true(head_equal(&channel->head, &witness->cosigned));
    assert_int_equal(witness->whole, channel->head.size);
    assert_int_equal(to->outbox.count, 0);
    assert_string_equal(to->alarm, "");
}

static void
run_busy(uint64_t seed, unsigned steps)
{
    struct busy *busy = calloc(1, sizeof(*busy));

    print_message("BUSY_SEED=%llu\n", (unsigned long long)seed);
    busy->dice = seed;
    busy->duo = duo_new();
    busy->duo->a.room = busy->duo->b.room = 2048 + roll(busy, 60000);
    busy->duo->a.frame_max = 2048 + roll(busy, 14000);
    busy->duo->b.frame_max = 2048 + roll(busy, 14000);
    duo_pair(busy->duo);
    duo_forget_told(&busy->duo->a);
    duo_forget_told(&busy->duo->b);
    for (unsigned i = 0; i < steps; i++) {
        act(busy);
        if (i % 16 == 0)
            restarts_agree(busy);
    }
    come_to_rest(busy);
    every_message_arrived_once(busy);
    order_was_kept(&busy->duo->a);
    order_was_kept(&busy->duo->b);
    logs_agree(&busy->duo->a);
    logs_agree(&busy->duo->b);
    restarts_agree(busy);
    duo_free(busy->duo);
    free(busy);
}

static void
whatever_happens_all_arrives_once_in_order_and_both_logs_agree(void **state)
{
    const char *one = getenv("BUSY_SEED");
    const char *runs = getenv("BUSY_RUNS");
    uint64_t    count = runs != NULL ? strtoull(runs, NULL, 10) : 12;

    (void)state;
    if (one != NULL) {
        run_busy(strtoull(one, NULL, 10), 600);
        return;
    }
    for (uint64_t seed = 1; seed <= count; seed++)
        run_busy(seed, 600);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            whatever_happens_all_arrives_once_in_order_and_both_logs_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

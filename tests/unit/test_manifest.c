/*
 * test_manifest.c - wire and courier in any order, by chance: every message is
 * shown once, and all is receipted in the end.
 */
#include "node/core/bundle/manifest.h"

#include "tests/unit/courier_world.h"

enum { SEEDS = 24, STEPS = 60, STICKS = 8 };

struct chance {
    uint64_t state;
};

static unsigned
draw(struct chance *chance, unsigned below)
{
    chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(chance->state >> 33) % below;
}

struct run {
    struct duo   *duo;
    struct chance chance;
    struct stick  sticks[2][STICKS]; /* under way, from a and from b */
    unsigned      sent[2];
};

static struct duo_party *
party(struct run *run, unsigned side)
{
    return side == 0 ? &run->duo->a : &run->duo->b;
}

static void
write_one(struct run *run, unsigned side)
{
    static const char *const precedences[] = {"DEFERRED", "ROUTINE", "FLASH"};
    static char              text[9000];
    size_t                   len = draw(&run->chance, sizeof(text) - 1) + 1;
    struct duo_note note = {.to = courier_peer(party(run, side))->name,
                            .id = ++run->sent[side],
                            .precedence = precedences[draw(&run->chance, 3)],
                            .subject = "by chance",
                            .text = text};

    memset(text, 'a', len);
    text[len] = '\0';
    duo_submit_note(party(run, side), &note);
}

static void
make_stick(struct run *run, unsigned side)
{
    struct stick *stick = &run->sticks[side][draw(&run->chance, STICKS)];

    stick_free(stick); /* that one was lost */
    (void)courier_export(party(run, side), stick);
}

/* One that is under way, whole, or cut; it may come again. */
static void
bring_stick(struct run *run, unsigned side)
{
    struct stick stick = run->sticks[side][draw(&run->chance, STICKS)];

    if (stick.len == 0)
        return;
    if (draw(&run->chance, 4) == 0)
        stick.len -= draw(&run->chance, (unsigned)(stick.len / 2));
    if (stick.len >= BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN)
        (void)courier_import(party(run, 1 - side), &stick);
}

static void
step(struct run *run)
{
    unsigned side = draw(&run->chance, 2);

    switch (draw(&run->chance, 10)) {
    case 0:
    case 1:
    case 2: write_one(run, side); break;
    case 3:
    case 4: make_stick(run, side); break;
    case 5:
    case 6: bring_stick(run, side); break;
    case 7:
        run->duo->a.reachable = run->duo->b.reachable = true;
        duo_wait(run->duo, 1000 * (1 + draw(&run->chance, 90)));
        break;
    case 8:
        run->duo->a.reachable = run->duo->b.reachable = false;
        duo_cut(run->duo);
        break;
    default: duo_restart_from(party(run, side), DUO_JOURNAL);
    }
    courier_settle(party(run, side));
}

/* In the end, by sticks alone or by a link. */
static void
come_to_rest(struct run *run, bool link)
{
    run->duo->a.reachable = run->duo->b.reachable = link;
    if (link) {
        duo_wait(run->duo, 200000);
        duo_wait(run->duo, 200000);
        return;
    }
    duo_cut(run->duo);
    for (unsigned i = 0; i < 3; i++) {
        (void)courier_carry(&run->duo->a, &run->duo->b);
        (void)courier_carry(&run->duo->b, &run->duo->a);
    }
}

static void
assert_each_came_once(struct run *run, unsigned side, uint64_t seed)
{
    struct duo_party *reader = party(run, 1 - side);
    unsigned          count[STEPS + 1] = {0};

    for (size_t i = 0; i < duo_count_records(reader, RECORD_IN_ENTRY); i++) {
        struct record record = duo_record(reader, RECORD_IN_ENTRY, i);

        if (record.state != STATE_NEW)
            continue;
        for (unsigned id = 1; id <= run->sent[side]; id++) {
            struct message_id known = duo_message_id(party(run, side), id);

            count[id] += memcmp(&known, &record.id, sizeof(known)) == 0;
        }
    }
    for (unsigned id = 1; id <= run->sent[side]; id++)
        if (count[id] != 1)
            fail_msg("seed %llu: message %u of side %u came %u times",
                     (unsigned long long)seed, id, side, count[id]);
}

static void
wire_and_sticks_in_any_order_show_each_message_once(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct run run = {.chance = {seed}};
        void      *made;

        assert_int_equal(courier_make(&made), 0);
        run.duo = made;
        for (unsigned i = 0; i < STEPS; i++)
            step(&run);
        come_to_rest(&run, seed % 2 == 0);
        courier_assert_even(run.duo);
        assert_each_came_once(&run, 0, seed);
        assert_each_came_once(&run, 1, seed);
        assert_string_equal(courier_peer(&run.duo->a)->alarm, "");
        assert_string_equal(courier_peer(&run.duo->b)->alarm, "");
        for (unsigned i = 0; i < 2 * STICKS; i++)
            stick_free(&run.sticks[i / STICKS][i % STICKS]);
        duo_free(run.duo);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wire_and_sticks_in_any_order_show_each_message_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "tests/unit/sealed_world.h"

#include "node/store/bookmark.h"
#include "node/store/events.h"
#include "proto/happening.h"

enum { SEEN_MAX = 1024, PLENTY = 500, BYTES_MAX = 1 << 20 };

struct seen {
    unsigned what;
    bool     outgoing;
    uint64_t id; /* as id_of has it; 0: of no message */
    uint8_t  peer;
    uint64_t time, number, queue;
    char     why[64], by[64], subject[64];
    char     cursor[BOOKMARK_TEXT];
};

struct watching {
    struct world *world;
    enum status   st;
    size_t        count;
    struct seen   list[SEEN_MAX];
    char          cursor[BOOKMARK_TEXT];
    bool          more;
    uint64_t      floor; /* lowest precedence */
    uint64_t      bytes_max;
};

static int
open_world(void **state)
{
    struct watching *watching = calloc(1, sizeof(*watching));

    assert_non_null(watching);
    watching->world = world_new(false);
    watching->bytes_max = BYTES_MAX;
    world_opened(watching->world);
    *state = watching;
    return 0;
}

static int
end_world(void **state)
{
    struct watching *watching = *state;

    world_free(watching->world);
    free(watching);
    return 0;
}

/* --- asking --------------------------------------------------------------- */

static void
copy_text(char *out, size_t cap, struct span text)
{
    assert_true(text.len < cap);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
}

static void
see(struct seen *seen, const struct happening *one)
{
    struct record_secret words = {0};
    struct reader        id = reader_of(SPAN_OF(one->row.id.bytes));

    *seen = (struct seen){.what = one->what,
                          .outgoing = one->row.outgoing,
                          .id = reader_u64(&id),
                          .peer = one->row.peer.bytes[0],
                          .time = one->time,
                          .number = one->row.number,
                          .queue = one->row.queue};
    copy_text(seen->why, sizeof(seen->why), one->why);
    copy_text(seen->cursor, sizeof(seen->cursor), one->cursor);
    if (one->secret.len > 0) {
        assert_int_equal(record_secret_decode(one->secret, &words), STATUS_OK);
        copy_text(seen->by, sizeof(seen->by), words.subject);
        copy_text(seen->why, sizeof(seen->why), words.message);
    }
    if (one->row.words.len == 0)
        return;
    assert_int_equal(record_secret_decode(one->row.words, &words), STATUS_OK);
    copy_text(seen->subject, sizeof(seen->subject), words.subject);
}

/* One answer from watching->cursor on, which moves; events are added. */
static void
ask(struct watching *watching, uint64_t count)
{
    struct query     query = {.kind = QUERY_EVENTS,
                              .from = watching->floor,
                              .count = count,
                              .bytes_max = watching->bytes_max};
    struct span      answer = SPAN_EMPTY;
    struct happening one;
    struct reader    in;
    uint64_t         got = 0;

    watching->st = store_query(watching->world->store, &query,
                               span_text(watching->cursor), &answer);
    if (watching->st != STATUS_OK)
        return;
    in = reader_of(answer);
    for (;;) {
        assert_int_equal(happening_next(&in, &one), STATUS_OK);
        if (one.what == HAPPENED_NOTHING)
            break;
        assert_true(++got <= count && watching->count < SEEN_MAX);
        see(&watching->list[watching->count++], &one);
    }
    copy_text(watching->cursor, sizeof(watching->cursor), one.cursor);
    watching->more = one.more;
    assert_int_equal(reader_end(&in), STATUS_OK);
}

/* All that there is behind the cursor, in answers of `count`. */
static void
read_on(struct watching *watching, uint64_t count)
{
    do {
        ask(watching, count);
        assert_int_equal(watching->st, STATUS_OK);
    } while (watching->more);
}

static void
begin_again(struct watching *watching, const char *cursor)
{
    char kept[BOOKMARK_TEXT];

    copy_text(kept, sizeof(kept), span_text(cursor));
    watching->count = 0;
    copy_text(watching->cursor, sizeof(watching->cursor), span_text(kept));
}

static const struct seen *
expect(const struct watching *watching, size_t at, unsigned what, uint64_t id)
{
    assert_true(at < watching->count);
    assert_int_equal(watching->list[at].what, what);
    assert_int_equal(watching->list[at].id, id);
    return &watching->list[at];
}

/* --- what there is to tell ------------------------------------------------ */

static void
save_alarm(struct effects *out, uint8_t peer, const char *words)
{
    struct record record = {.kind = RECORD_ALARM,
                            .peer = node_of(peer),
                            .time = 7000,
                            .state = STATUS_BAD_ROOT,
                            .words = span_text(words)};

    world_save_record(out, &record, 0, SPAN_EMPTY);
}

/* Some of everything, in two groups; the number of events in it. */
static size_t
some_life(struct world *world)
{
    struct effects *turn = turn_begin(world);
    struct origin   to = origin_to(1, 1);
    struct origin   from = origin_from(1, 1);

    save_pending(turn, 1, 5, "waits");
    save_out(turn, &to, 0, 0, ""); /* a control entry */
    save_out(turn, &to, 1, 6, "leaves at once");
    save_out(turn, &to, 2, 7, "too");
    save_in(turn, &from, 0, 8, STATE_NEW, "comes");
    save_in(turn, &from, 1, 0, STATE_NONE, ""); /* a control entry of theirs */
    save_leaves(turn, &from, 2, 1);
    turn_commit(world, turn);
    turn = turn_begin(world);
    save_cosigned(turn, &to, 2, 70);
    save_out(turn, &to, 3, 5, "waits");
    save_verdict(turn, &to, 1, 2, STATE_ACCEPTED, "");
    save_cosigned(turn, &to, 4, 71);
    save_verdict(turn, &to, 3, 1, STATE_REJECTED, "BAD_FIELD");
    save_state(turn, 1, false, 8, STATE_READ, "");
    save_alarm(turn, 1, "a head of theirs is wrong");
    turn_commit(world, turn);
    return 13;
}

static void
each_thing_that_happens_is_told_in_its_order(void **state)
{
    struct watching *watching = *state;
    size_t           count = some_life(watching->world);

    read_on(watching, PLENTY);
    assert_int_equal(watching->count, count);
    assert_true(expect(watching, 0, STATE_QUEUED, 5)->outgoing);
    assert_string_equal(watching->list[0].subject, "waits");
    assert_int_equal(watching->list[0].time, 1005);
    expect(watching, 1, STATE_SENT, 6);
    assert_int_equal(watching->list[1].time, 2001);
    expect(watching, 2, STATE_SENT, 7);
    assert_false(expect(watching, 3, STATE_NEW, 8)->outgoing);
    assert_int_equal(watching->list[3].number, 10);
    assert_int_equal(expect(watching, 4, STATE_RECEIVED, 6)->time, 70000);
    expect(watching, 5, STATE_SENT, 5);
    expect(watching, 6, STATE_ACCEPTED, 6);
    expect(watching, 7, STATE_ACCEPTED, 7);
    expect(watching, 8, STATE_RECEIVED, 7); /* from the last receipt on */
    expect(watching, 9, STATE_RECEIVED, 5);
    assert_string_equal(expect(watching, 10, STATE_REJECTED, 5)->why,
                        "BAD_FIELD");
    expect(watching, 11, STATE_READ, 8);
    expect(watching, 12, HAPPENED_ALARM, 0);
    assert_int_equal(watching->list[12].peer, 1);
    assert_string_equal(watching->list[12].why, "a head of theirs is wrong");
}

static void
a_receipt_is_told_at_the_time_it_came(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct record    record = {.kind = RECORD_OUT_COSIGNED,
                               .origin = to,
                               .size = 1,
                               .time = 3,
                               .count = 123456};

    save_out(turn, &to, 0, 6, "x");
    world_save_record(turn, &record, 0, SPAN_EMPTY);
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(expect(watching, 1, STATE_RECEIVED, 6)->time, 123456);
}

static void
who_answered_and_why_come_with_it(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct record    record = {.kind = RECORD_VERDICT,
                               .origin = to,
                               .outgoing = 1,
                               .index = 0,
                               .count = 2,
                               .state = STATE_DECLINED};

    save_out(turn, &to, 0, 6, "x");
    save_out(turn, &to, 1, 7, "y");
    index_save(turn, &record, "Duty Officer", "not our area");
    turn_commit(watching->world, turn);
    read_on(watching, 1);
    assert_int_equal(watching->count, 4);
    for (size_t i = 0; i < 2; i++) {
        const struct seen *seen = expect(watching, 2 + i, STATE_DECLINED,
                                         6 + i);

        assert_string_equal(seen->by, "Duty Officer");
        assert_string_equal(seen->why, "not our area");
    }
}

static void
what_is_no_event_is_not_told(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    to = origin_to(1, 1);
    struct origin    from = origin_from(1, 1);
    struct record    own = {.kind = RECORD_VERDICT,
                            .origin = from,
                            .count = 1,
                            .state = STATE_REFUSED};

    save_cosigned(turn, &to, 3, 70);                     /* of no message */
    save_state(turn, 1, false, 99, STATE_READ, "");      /* not here */
    save_state(turn, 9, true, 99, STATE_READ, "");       /* nor its peer */
    save_verdict(turn, &to, 50, 7, STATE_ACCEPTED, "");  /* nor the entries */
    save_in(turn, &from, 0, 8, STATE_NEW, "x");
    world_save_record(turn, &own, 0, SPAN_EMPTY); /* what we say, not they */
    save_state(turn, 1, false, 8, STATE_NONE, "");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 1);
    expect(watching, 0, STATE_NEW, 8);
}

static void
what_waits_has_its_place_in_the_queue(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);

    for (uint64_t i = 0; i < 5; i++)
        save_pending(turn, 1, 5 + i, "x");
    save_state(turn, 1, true, 6, STATE_HELD, "");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    for (uint64_t i = 0; i < 5; i++)
        assert_int_equal(expect(watching, i, STATE_QUEUED, 5 + i)->queue,
                         1 + i);
    assert_int_equal(expect(watching, 5, STATE_HELD, 6)->queue, 2);
}

/* --- once ----------------------------------------------------------------- */

static void
what_a_snapshot_repeats_is_not_told_again(void **state)
{
    struct watching *watching = *state;
    struct origin    to = origin_to(1, 1);
    struct record    begin = {.kind = RECORD_SNAPSHOT};
    struct record    end = {.kind = RECORD_SNAPSHOT_END, .count = 2};
    size_t           count = some_life(watching->world);
    struct effects  *turn = turn_begin(watching->world);

    world_save_record(turn, &begin, 0, SPAN_EMPTY);
    save_cosigned(turn, &to, 4, 71);
    save_alarm(turn, 1, "a head of theirs is wrong");
    world_save_record(turn, &end, 0, SPAN_EMPTY);
    save_pending(turn, 1, 20, "after it");
    turn_commit(watching->world, turn);
    for (uint64_t limit = 1; limit < 4; limit++) {
        begin_again(watching, "");
        read_on(watching, limit);
        assert_int_equal(watching->count, count + 1);
        expect(watching, count, STATE_QUEUED, 20);
    }
}

static void
a_message_that_comes_again_has_arrived_once(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    one = origin_from(1, 1);
    struct origin    two = origin_from(1, 2);
    struct origin    other = origin_from(2, 1);

    save_sealed(turn, &one, 4, 17, "tea at four");
    save_sealed(turn, &two, 7, 300, "tea at four");
    save_sealed(turn, &other, 0, 5, "tea at six"); /* another peer's id */
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    assert_int_equal(expect(watching, 0, STATE_NEW, 9)->number, 17);
    assert_int_equal(expect(watching, 1, STATE_NEW, 9)->peer, 2);
}

static void
another_message_under_its_id_is_told_as_quarantined(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    one = origin_from(1, 1);
    struct origin    two = origin_from(1, 2);

    save_sealed(turn, &one, 4, 17, "tea at four");
    save_sealed(turn, &two, 7, 300, "tea at five");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    expect(watching, 0, STATE_NEW, 9);
    expect(watching, 1, STATE_QUARANTINED, 9);
    assert_int_equal(watching->list[1].number, 300);
    assert_string_equal(watching->list[1].subject, "tea at five");
}

static void
an_answer_may_be_cut_anywhere(void **state)
{
    struct watching *watching = *state;
    struct seen      whole[SEEN_MAX];
    size_t           count = some_life(watching->world);

    read_on(watching, PLENTY);
    assert_int_equal(watching->count, count);
    memcpy(whole, watching->list, sizeof(whole));
    for (uint64_t limit = 1; limit <= count; limit++) {
        begin_again(watching, "");
        read_on(watching, limit);
        assert_int_equal(watching->count, count);
        assert_memory_equal(watching->list, whole, count * sizeof(*whole));
    }
    watching->bytes_max = 1; /* one event, however long */
    begin_again(watching, "");
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, count);
    for (size_t i = 0; i < count; i++) { /* from each event's own cursor */
        begin_again(watching, whole[i].cursor);
        read_on(watching, PLENTY);
        assert_int_equal(watching->count, count - 1 - i);
        assert_memory_equal(watching->list, whole + i + 1,
                            (count - 1 - i) * sizeof(*whole));
    }
}

static void
nothing_is_lost_or_doubled_over_segments_and_openings(void **state)
{
    struct watching *watching = *state;
    struct world    *world = watching->world;
    struct origin    from = origin_from(1, 1);

    for (uint64_t i = 0; i < 150; i++) {
        struct effects *turn = turn_begin(world);

        save_in(turn, &from, i, 100 + i, STATE_NEW, "x");
        turn_commit(world, turn);
        if (i % 20 == 7)
            world_reopen(world);
        if (i % 3 == 0)
            ask(watching, 1 + i % 5);
        assert_int_equal(watching->st, STATUS_OK);
    }
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 150);
    for (uint64_t i = 0; i < 150; i++)
        expect(watching, i, STATE_NEW, 100 + i);
    world_reopen(world);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 150);
}

static void
an_index_made_again_tells_the_same(void **state)
{
    struct watching *watching = *state;
    struct seen      whole[SEEN_MAX];
    size_t           count = some_life(watching->world);

    read_on(watching, PLENTY);
    memcpy(whole, watching->list, sizeof(whole));
    assert_int_equal(store_index_rebuild(watching->world->store), STATUS_OK);
    begin_again(watching, whole[3].cursor);
    read_on(watching, 2);
    assert_int_equal(watching->count, count - 4);
    assert_memory_equal(watching->list, whole + 4,
                        (count - 4) * sizeof(*whole));
}

/* --- from now on ---------------------------------------------------------- */

static void
the_end_is_told_without_events_and_what_follows_it_with(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn;

    ask(watching, 0); /* of a journal without groups */
    assert_int_equal(watching->st, STATUS_OK);
    assert_false(watching->more);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 0);
    (void)some_life(watching->world);
    begin_again(watching, "");
    ask(watching, 0);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 0);
    turn = turn_begin(watching->world);
    save_pending(turn, 1, 30, "x");
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 1);
    expect(watching, 0, STATE_QUEUED, 30);
}

static void
only_what_is_urgent_enough_is_told_and_every_alarm(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn = turn_begin(watching->world);
    struct origin    from = origin_from(1, 1);

    for (uint8_t i = 0; i < PRECEDENCE_COUNT; i++) {
        struct record record = entry_record(RECORD_IN_ENTRY, &from, i,
                                            100u + i);

        record.state = STATE_NEW;
        record.precedence = i;
        index_save(turn, &record, "x", "");
    }
    save_alarm(turn, 1, "x");
    turn_commit(watching->world, turn);
    watching->floor = PRECEDENCE_IMMEDIATE;
    for (uint64_t limit = 1; limit < 4; limit++) {
        begin_again(watching, "");
        read_on(watching, limit);
        assert_int_equal(watching->count, 4);
        expect(watching, 0, STATE_NEW, 100 + PRECEDENCE_IMMEDIATE);
        expect(watching, 2, STATE_NEW, 100 + PRECEDENCE_OVERRIDE);
        expect(watching, 3, HAPPENED_ALARM, 0);
    }
}

static void
no_answer_reads_more_of_the_journal_than_its_share(void **state)
{
    static const uint8_t body[3000];
    struct watching     *watching = *state;
    struct origin        from = origin_from(1, 1);
    struct effects      *turn;
    uint64_t             index = 0;
    unsigned             answers = 0;

    while (index * sizeof(body) < EVENTS_WALK + 2 * WORLD_SEGMENT) {
        turn = turn_begin(watching->world);
        for (unsigned i = 0; i < 30; i++) {
            struct record record = entry_record(RECORD_IN_ENTRY, &from, index++,
                                                0);

            record.bytes = SPAN_OF(body);
            index_save(turn, &record, "", "");
        }
        turn_commit(watching->world, turn);
    }
    turn = turn_begin(watching->world);
    save_pending(turn, 1, 30, "x");
    turn_commit(watching->world, turn);
    do {
        ask(watching, PLENTY);
        assert_int_equal(watching->st, STATUS_OK);
        answers++;
    } while (watching->more);
    assert_int_equal(answers, 2);
    assert_int_equal(watching->count, 1);
}

/* --- places that are not here --------------------------------------------- */

static void
garbage_is_refused(void **state)
{
    struct watching *watching = *state;

    (void)some_life(watching->world);
    read_on(watching, PLENTY);
    watching->cursor[10] = 'x';
    ask(watching, PLENTY);
    assert_int_equal(watching->st, STATUS_BAD_ENCODING);
    copy_text(watching->cursor, sizeof(watching->cursor), span_text("17"));
    ask(watching, PLENTY);
    assert_int_equal(watching->st, STATUS_BAD_ENCODING);
}

static void
ask_from(struct watching *watching, const struct bookmark *bookmark)
{
    struct bookmark_text text = bookmark_text(bookmark);

    begin_again(watching, text.text);
    ask(watching, PLENTY);
}

static void
a_place_that_the_journal_does_not_have_is_refused(void **state)
{
    struct watching *watching = *state;
    struct bookmark  right, wrong;

    (void)some_life(watching->world);
    read_on(watching, PLENTY);
    assert_int_equal(bookmark_parse(span_text(watching->cursor), &right),
                     STATUS_OK);
    ask_from(watching, &right);
    assert_int_equal(watching->st, STATUS_OK);
    wrong = right;
    wrong.group.sequence++; /* of the future */
    ask_from(watching, &wrong);
    assert_int_equal(watching->st, STATUS_BAD_CURSOR);
    wrong = right;
    wrong.check[7] ^= 1;
    ask_from(watching, &wrong);
    assert_int_equal(watching->st, STATUS_BAD_CURSOR);
    wrong = right;
    wrong.group.offset += SEGMENT_PAGE;
    ask_from(watching, &wrong);
    assert_int_equal(watching->st, STATUS_BAD_CURSOR);
    wrong = right;
    wrong.group.segment += 90;
    ask_from(watching, &wrong);
    assert_int_equal(watching->st, STATUS_BAD_CURSOR);
    wrong = right;
    wrong.record = 3; /* more than the group has is the end of it */
    wrong.part = UINT64_MAX;
    ask_from(watching, &wrong);
    assert_int_equal(watching->st, STATUS_OK);
}

/* Two lives that begin the same: as after a backup was restored. */
static void
a_place_of_another_life_is_refused_and_one_before_it_goes_on(void **state)
{
    struct watching *watching = *state;
    struct world    *other = world_new(false);
    struct world    *first = watching->world;
    char             before[BOOKMARK_TEXT], after[BOOKMARK_TEXT];
    struct effects  *turn;

    world_opened(other);
    (void)some_life(first);
    (void)some_life(other);
    read_on(watching, PLENTY);
    copy_text(before, sizeof(before), span_text(watching->cursor));
    turn = turn_begin(first);
    save_pending(turn, 1, 40, "lost with the disk");
    turn_commit(first, turn);
    read_on(watching, PLENTY);
    copy_text(after, sizeof(after), span_text(watching->cursor));
    turn = turn_begin(other);
    save_pending(turn, 1, 41, "another");
    turn_commit(other, turn);
    watching->world = other;
    ask(watching, PLENTY);
    assert_int_equal(watching->st, STATUS_BAD_CURSOR);
    begin_again(watching, before);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 1);
    expect(watching, 0, STATE_QUEUED, 41);
    watching->world = first;
    begin_again(watching, after);
    read_on(watching, PLENTY);
    world_free(other);
}

static void
a_disk_that_fails_is_said_and_asked_again(void **state)
{
    struct watching *watching = *state;

    (void)some_life(watching->world);
    ask(watching, 1);
    assert_int_equal(watching->st, STATUS_OK);
    disk_arm(watching->world->image, DISK_READ_FAILS, 1);
    ask(watching, PLENTY);
    assert_int_equal(watching->st, STATUS_IO);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 13);
}

static void
what_was_forgotten_is_told_without_words(void **state)
{
    struct watching *watching = *state;
    struct effects  *turn;
    struct origin    from = origin_from(1, 1);

    turn = turn_begin(watching->world);
    save_in(turn, &from, 0, 8, STATE_NEW, "a secret");
    save_state(turn, 1, false, 8, STATE_ACKNOWLEDGED, "Duty Officer");
    turn_commit(watching->world, turn);
    turn = turn_begin(watching->world);
    world_destroy_key(turn, WORLD_VAULT);
    turn->list[0] = turn->list[turn->count - 1]; /* not put again */
    turn->count--;
    turn_commit(watching->world, turn);
    read_on(watching, PLENTY);
    assert_int_equal(watching->count, 2);
    assert_string_equal(expect(watching, 0, STATE_NEW, 8)->subject, "");
    assert_string_equal(expect(watching, 1, STATE_ACKNOWLEDGED, 8)->by, "");
}

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, open_world, end_world)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_WORLD(each_thing_that_happens_is_told_in_its_order),
        ON_WORLD(a_receipt_is_told_at_the_time_it_came),
        ON_WORLD(who_answered_and_why_come_with_it),
        ON_WORLD(what_is_no_event_is_not_told),
        ON_WORLD(what_waits_has_its_place_in_the_queue),
        ON_WORLD(what_a_snapshot_repeats_is_not_told_again),
        ON_WORLD(a_message_that_comes_again_has_arrived_once),
        ON_WORLD(another_message_under_its_id_is_told_as_quarantined),
        ON_WORLD(an_answer_may_be_cut_anywhere),
        ON_WORLD(nothing_is_lost_or_doubled_over_segments_and_openings),
        ON_WORLD(an_index_made_again_tells_the_same),
        ON_WORLD(the_end_is_told_without_events_and_what_follows_it_with),
        ON_WORLD(only_what_is_urgent_enough_is_told_and_every_alarm),
        ON_WORLD(no_answer_reads_more_of_the_journal_than_its_share),
        ON_WORLD(garbage_is_refused),
        ON_WORLD(a_place_that_the_journal_does_not_have_is_refused),
        ON_WORLD(a_place_of_another_life_is_refused_and_one_before_it_goes_on),
        ON_WORLD(a_disk_that_fails_is_said_and_asked_again),
        ON_WORLD(what_was_forgotten_is_told_without_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

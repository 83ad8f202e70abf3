/* Where an answer begins and ends: nothing is lost there, nothing doubled. */
#include "tests/unit/events_world.h"

#include "node/store/events.h"

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

int
main(void)
{
    const struct CMUnitTest tests[] = {
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

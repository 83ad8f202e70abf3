/*
 * events_world.h - a store of which somebody asks what happened, and what it
 * answered so far.
 */
#ifndef TESTS_UNIT_EVENTS_WORLD_H
#define TESTS_UNIT_EVENTS_WORLD_H

#include "node/store/bookmark.h"
#include "proto/happening.h"
#include "tests/unit/sealed_world.h"

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

static inline int
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

static inline int
end_world(void **state)
{
    struct watching *watching = *state;

    world_free(watching->world);
    free(watching);
    return 0;
}

/* --- asking --------------------------------------------------------------- */

static inline void
copy_text(char *out, size_t cap, struct span text)
{
    assert_true(text.len < cap);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
}

static inline void
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
static inline void
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
static inline void
read_on(struct watching *watching, uint64_t count)
{
    do {
        ask(watching, count);
        assert_int_equal(watching->st, STATUS_OK);
    } while (watching->more);
}

static inline void
begin_again(struct watching *watching, const char *cursor)
{
    char kept[BOOKMARK_TEXT];

    copy_text(kept, sizeof(kept), span_text(cursor));
    watching->count = 0;
    copy_text(watching->cursor, sizeof(watching->cursor), span_text(kept));
}

static inline const struct seen *
expect(const struct watching *watching, size_t at, unsigned what, uint64_t id)
{
    assert_true(at < watching->count);
    assert_int_equal(watching->list[at].what, what);
    assert_int_equal(watching->list[at].id, id);
    return &watching->list[at];
}

/* --- what there is to tell ------------------------------------------------ */

static inline void
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
static inline size_t
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

#define ON_WORLD(test)                                                         \
    cmocka_unit_test_setup_teardown(test, open_world, end_world)

#endif

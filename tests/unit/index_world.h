/*
 * index_world.h - a store on a simulated disk with messages in and out of it,
 * and the index's answers read back.
 */
#ifndef TESTS_UNIT_INDEX_WORLD_H
#define TESTS_UNIT_INDEX_WORLD_H

#include "control.pb-c.h"
#include "tests/unit/store_world.h"

enum { SELF = 0xaa, INDEX_ROWS = 512 };

static inline struct node_id
node_of(uint8_t number)
{
    struct node_id id;

    memset(id.bytes, number, sizeof(id.bytes));
    return id;
}

/* An id whose first hex digits are those of `number` in 16 digits. */
static inline struct message_id
id_of(uint64_t number)
{
    struct message_id id = {{0}};
    struct writer     out = writer_of(id.bytes, sizeof(id.bytes));

    writer_u64(&out, number);
    writer_u64(&out, 0x0123456789abcdef);
    return id;
}

static inline struct origin
origin_to(uint8_t peer, uint64_t epoch)
{
    struct origin origin = {.sender = node_of(SELF),
                            .recipient = node_of(peer),
                            .realm = REALM_ACTUAL,
                            .epoch = epoch};

    return origin;
}

static inline struct origin
origin_from(uint8_t peer, uint64_t epoch)
{
    struct origin origin = {.sender = node_of(peer),
                            .recipient = node_of(SELF),
                            .realm = REALM_ACTUAL,
                            .epoch = epoch};

    return origin;
}

/* --- records ------------------------------------------------------------- */

static inline void
index_save(struct effects *out, const struct record *record,
           const char *subject, const char *message)
{
    struct record_secret secret = {.kind = span_text("note"),
                                   .status = span_text("ACTUAL"),
                                   .subject = span_text(subject),
                                   .message = span_text(message)};
    uint8_t              bytes[2048];
    struct writer        to = writer_of(bytes, sizeof(bytes));

    memset(secret.content_key, 0xc0, sizeof(secret.content_key));
    record_secret_encode(&secret, &to);
    assert_int_equal(writer_end(&to), STATUS_OK);
    world_save_record(out, record, WORLD_VAULT, writer_span(&to));
}

static inline void
save_pending(struct effects *out, uint8_t peer, uint64_t id,
             const char *subject)
{
    struct record record = {.kind = RECORD_PENDING,
                            .peer = node_of(peer),
                            .id = id_of(id),
                            .time = 1000 + id,
                            .precedence = PRECEDENCE_ROUTINE,
                            .count = 4,
                            .words = span_text(REALM_ACTUAL)};

    index_save(out, &record, subject, "body");
}

static inline struct record
entry_record(enum record_kind kind, const struct origin *origin, uint64_t index,
             uint64_t id)
{
    static const uint8_t leaf[LEAF_LEN] = {1, 2, 3};
    struct record record = {.kind = kind,
                            .origin = *origin,
                            .index = index,
                            .time = 2000 + index,
                            .precedence = PRECEDENCE_ROUTINE,
                            .leaf = SPAN_OF(leaf),
                            .bytes = span_text("sealed body")};

    if (id != 0) {
        record.id = id_of(id);
        record.number = 10 + index;
    }
    return record;
}

static inline void
save_out(struct effects *out, const struct origin *origin, uint64_t index,
         uint64_t id, const char *subject)
{
    struct record record = entry_record(RECORD_OUT_ENTRY, origin, index, id);

    index_save(out, &record, subject, "");
}

static inline void
save_in(struct effects *out, const struct origin *origin, uint64_t index,
        uint64_t id, enum message_state state, const char *subject)
{
    struct record record = entry_record(RECORD_IN_ENTRY, origin, index, id);

    record.state = (uint8_t)state;
    index_save(out, &record, subject, "");
}

static inline void
save_cosigned(struct effects *out, const struct origin *origin, uint64_t size,
              uint64_t time_s)
{
    struct record record = {.kind = RECORD_OUT_COSIGNED,
                            .origin = *origin,
                            .size = size,
                            .time = time_s};

    world_save_record(out, &record, 0, SPAN_EMPTY);
}

static inline void
save_verdict(struct effects *out, const struct origin *origin, uint64_t first,
             uint64_t count, enum message_state state, const char *why)
{
    struct record record = {.kind = RECORD_VERDICT,
                            .origin = *origin,
                            .outgoing = 1,
                            .index = first,
                            .count = count,
                            .time = 5000,
                            .state = (uint8_t)state,
                            .words = span_text(why)};

    world_save_record(out, &record, 0, SPAN_EMPTY);
}

static inline void
save_state(struct effects *out, uint8_t peer, bool outgoing, uint64_t id,
           enum message_state state, const char *who)
{
    struct record record = {.kind = RECORD_TRAIL,
                            .peer = node_of(peer),
                            .outgoing = outgoing,
                            .id = id_of(id),
                            .time = 6000,
                            .state = (uint8_t)state};

    index_save(out, &record, who, "");
}

/* Message `id` does this to another. */
static inline void
save_refers(struct effects *out, uint8_t peer, bool outgoing, uint64_t id,
            unsigned action, uint64_t about)
{
    struct message_id other = id_of(about);
    struct record     record = {.kind = RECORD_REFERS,
                                .peer = node_of(peer),
                                .outgoing = outgoing,
                                .id = id_of(id),
                                .state = (uint8_t)action,
                                .bytes = SPAN_OF(other.bytes)};

    world_save_record(out, &record, 0, SPAN_EMPTY);
}

/* Leaves of one batch whose bodies are not here. */
static inline void
save_leaves(struct effects *out, const struct origin *origin, uint64_t index,
            size_t count)
{
    uint8_t       bytes[8 * LEAF_LEN];
    struct record record = {.kind = RECORD_IN_LEAVES,
                            .origin = *origin,
                            .first = index,
                            .index = index,
                            .bytes = {bytes, count * LEAF_LEN}};

    for (size_t i = 0; i < count; i++)
        memset(bytes + i * LEAF_LEN, (int)(index + i), LEAF_LEN);
    world_save_record(out, &record, 0, SPAN_EMPTY);
}

/* --- turns --------------------------------------------------------------- */

static inline struct effects *
turn_begin(struct world *world)
{
    struct effects *effects = calloc(1, sizeof(*effects));

    assert_non_null(effects);
    world_turn(world, effects);
    world_put_key(effects, WORLD_VAULT);
    return effects;
}

static inline void
turn_commit(struct world *world, struct effects *effects)
{
    assert_int_equal(store_commit(world->store, effects), STATUS_OK);
    effects_free(effects);
    free(effects);
}

/* --- answers ------------------------------------------------------------- */

struct shown {
    struct record_row row; /* its spans are gone */
    char              origin[LIMIT_ORIGIN + 1];
    char              subject[64];
};

struct rows {
    enum status  st;
    size_t       count;
    struct shown list[INDEX_ROWS];
};

static inline void
shown_of(const struct record_row *row, struct shown *out)
{
    struct record_secret words;

    *out = (struct shown){.row = *row};
    if (row->origin.len > 0)
        memcpy(out->origin, row->origin.ptr, row->origin.len);
    if (row->words.len == 0)
        return;
    assert_int_equal(record_secret_decode(row->words, &words), STATUS_OK);
    assert_true(words.subject.len < sizeof(out->subject));
    assert_int_equal(words.message.len, 0);
    assert_int_equal(words.content_key[0], 0);
    if (words.subject.len > 0)
        memcpy(out->subject, words.subject.ptr, words.subject.len);
}

static inline const struct rows *
ask_rows(struct world *world, const struct query *query, struct span text)
{
    static struct rows rows;
    struct span        answer = SPAN_EMPTY;
    struct reader      in;
    struct record_row  row;

    rows.count = 0;
    rows.st = store_query(world->store, query, text, &answer);
    if (rows.st != STATUS_OK)
        return &rows;
    in = reader_of(answer);
    while (record_row_next(&in, &row) == STATUS_OK) {
        assert_true(rows.count < INDEX_ROWS);
        shown_of(&row, &rows.list[rows.count++]);
    }
    assert_int_equal(reader_end(&in), STATUS_OK);
    return &rows;
}

static inline const struct rows *
list(struct world *world, bool outgoing, uint64_t after, uint64_t count,
     const Entente__ListRequest *filters)
{
    Entente__ListRequest none = ENTENTE__LIST_REQUEST__INIT;
    uint8_t              text[256];
    size_t               len;
    struct query         query = {.kind = QUERY_ROWS,
                                  .outgoing = outgoing,
                                  .from = after,
                                  .count = count};

    len = entente__list_request__pack(filters != NULL ? filters : &none, text);
    return ask_rows(world, &query, (struct span){text, len});
}

static inline const struct rows *
inbox(struct world *world)
{
    return list(world, false, 0, 100, NULL);
}

static inline const struct rows *
outbox(struct world *world)
{
    return list(world, true, 0, 100, NULL);
}

static inline const struct rows *
find_prefix(struct world *world, const char *prefix)
{
    struct query query = {.kind = QUERY_FIND};

    return ask_rows(world, &query, span_text(prefix));
}

static inline const struct rows *
find_number(struct world *world, uint8_t peer, bool outgoing, uint64_t number)
{
    struct query query = {.kind = QUERY_FIND,
                          .outgoing = outgoing,
                          .from = number};

    if (peer != 0)
        query.peer = node_of(peer);
    return ask_rows(world, &query, SPAN_EMPTY);
}

struct records {
    enum status   st;
    size_t        count;
    struct record list[INDEX_ROWS]; /* good until the next question */
};

static inline const struct records *
ask_records(struct world *world, const struct query *query)
{
    static struct records records;
    struct span           answer = SPAN_EMPTY;
    struct reader         in;

    records.count = 0;
    records.st = store_query(world->store, query, SPAN_EMPTY, &answer);
    if (records.st != STATUS_OK)
        return &records;
    in = reader_of(answer);
    while (record_list_next(&in, &records.list[records.count]) == STATUS_OK)
        assert_true(++records.count < INDEX_ROWS);
    assert_int_equal(reader_end(&in), STATUS_OK);
    return &records;
}

static inline const struct records *
trail_of(struct world *world, uint8_t peer, bool outgoing, uint64_t id)
{
    struct query query = {.kind = QUERY_TRAIL,
                          .peer = node_of(peer),
                          .outgoing = outgoing,
                          .id = id_of(id)};

    return ask_records(world, &query);
}

static inline const struct records *
entries_of(struct world *world, const struct origin *origin, uint64_t from,
           uint64_t count, uint64_t bytes_max)
{
    struct query query = {.kind = QUERY_ENTRIES,
                          .origin = *origin,
                          .from = from,
                          .count = count,
                          .bytes_max = bytes_max};

    return ask_records(world, &query);
}

/* Messages of peer 1, whose subject is "x", a turn each. */
static inline void
receive(struct world *world, uint64_t first, uint64_t count)
{
    struct origin origin = origin_from(1, 1);

    for (uint64_t i = first; i < first + count; i++) {
        struct effects *turn = turn_begin(world);

        save_in(turn, &origin, i, 100 + i, STATE_NEW, "x");
        turn_commit(world, turn);
    }
}

/* All of these are in the inbox, from index 0 on, and nothing else is. */
static inline void
expect_inbox(struct world *world, uint64_t count)
{
    const struct rows *rows = inbox(world);

    assert_int_equal(rows->st, STATUS_OK);
    assert_int_equal(rows->count, count);
    for (uint64_t i = 0; i < count; i++) {
        assert_int_equal(rows->list[i].row.index, i);
        assert_string_equal(rows->list[i].subject, "x");
    }
}

#endif

/* duo_store.c - duo.h's store: a list of records, searched from the front. */
#include "tests/unit/duo.h"

#include <stdlib.h>
#include <string.h>

static void
must(enum status st)
{
    assert_string_equal(status_name(st), "OK");
}

/* The record at `i` where it is of this kind; false: it is of another. */
static bool
read_record(const struct duo_party *party, size_t i, enum record_kind kind,
            struct record *out)
{
    const struct duo_record *kept = &party->records[i];

    if (kept->bytes[0] != (uint8_t)kind)
        return false;
    must(record_decode((struct span){kept->bytes, kept->len}, out));
    out->secret = (struct span){kept->secret, kept->secret_len};
    return true;
}

static void
put(const struct duo_party *party, size_t i, struct writer *out)
{
    const struct duo_record *kept = &party->records[i];

    record_list_put(out, (struct span){kept->bytes, kept->len},
                    (struct span){kept->secret, kept->secret_len});
}

/* Entries of an origin from an index on. */
static void
answer_entries(struct duo_party *party, const struct query *query,
               struct writer *out)
{
    uint64_t next = query->from;

    for (size_t i = 0; i < party->record_count; i++) {
        struct record record;

        if ((read_record(party, i, RECORD_OUT_ENTRY, &record) ||
             read_record(party, i, RECORD_IN_ENTRY, &record)) &&
            origin_equal(&record.origin, &query->origin) &&
            record.index == next && next < query->from + query->count &&
            out->len < query->bytes_max) {
            put(party, i, out);
            next++;
        }
    }
}

/* The newest, since a message may be given back and wait again. */
static void
answer_pending(struct duo_party *party, const struct query *query,
               struct writer *out)
{
    for (size_t i = party->record_count; i-- > 0;) {
        struct record record;

        if (read_record(party, i, RECORD_PENDING, &record) &&
            node_id_equal(&record.peer, &query->peer) &&
            memcmp(record.id.bytes, query->id.bytes, LIMIT_MESSAGE_ID) == 0) {
            put(party, i, out);
            return;
        }
    }
}

/* Whether this record is what a FIND names: by id, or by peer and number. */
static bool
is_found(const struct record *record, const struct query *query,
         struct span text)
{
    char id[2 * LIMIT_MESSAGE_ID + 1];

    hex_encode(record->id.bytes, LIMIT_MESSAGE_ID, id);
    if (text.len > 0)
        return memcmp(id, text.ptr, text.len) == 0;
    return record->number == query->from && record->number > 0 &&
           query->outgoing == (record->kind == RECORD_OUT_ENTRY) &&
           node_id_equal(&query->peer, query->outgoing
                                           ? &record->origin.recipient
                                           : &record->origin.sender);
}

static void
put_row(const struct record *record, struct writer *out)
{
    struct record_row  row = {.id = record->id,
                              .number = record->number,
                              .time = record->time,
                              .precedence = record->precedence,
                              .words = record->secret};
    struct origin_text origin;

    if (record->kind == RECORD_PENDING) {
        row.outgoing = true;
        row.peer = record->peer;
        row.state = STATE_QUEUED;
        row.queue = 1;
    } else {
        row.outgoing = record->kind == RECORD_OUT_ENTRY;
        row.peer = row.outgoing ? record->origin.recipient
                                : record->origin.sender;
        row.state = row.outgoing ? STATE_SENT
                                 : (enum message_state)record->state;
        origin = origin_format(&record->origin);
        row.origin = origin_span(&origin);
        row.index = record->index;
    }
    record_row_put(out, &row);
}

/* One row a message: its entry, or while there is none what waits. */
static void
answer_find(struct duo_party *party, const struct query *query,
            struct span text, struct writer *out)
{
    struct record record;

    for (size_t i = 0; i < party->record_count; i++)
        if ((read_record(party, i, RECORD_OUT_ENTRY, &record) ||
             read_record(party, i, RECORD_IN_ENTRY, &record)) &&
            is_found(&record, query, text))
            put_row(&record, out);
    for (size_t i = 0; i < party->record_count && out->len == 0; i++)
        if (read_record(party, i, RECORD_PENDING, &record) &&
            is_found(&record, query, text))
            put_row(&record, out);
}

static void
answer_trail(struct duo_party *party, const struct query *query,
             struct writer *out)
{
    struct record record;

    for (size_t i = 0; i < party->record_count; i++)
        if (read_record(party, i, RECORD_TRAIL, &record) &&
            memcmp(record.id.bytes, query->id.bytes, LIMIT_MESSAGE_ID) == 0)
            put(party, i, out);
}

/* All messages of one direction. */
static void
answer_rows(struct duo_party *party, struct span text, struct writer *out)
{
    Entente__ListRequest *list =
        entente__list_request__unpack(NULL, text.len, text.ptr);
    struct record record;

    assert_non_null(list);
    for (size_t i = 0; i < party->record_count; i++)
        if (read_record(party, i,
                        list->outgoing ? RECORD_OUT_ENTRY : RECORD_IN_ENTRY,
                        &record) &&
            record.number > 0)
            put_row(&record, out);
    entente__list_request__free_unpacked(list, NULL);
}

/* Whether an effect says the same of the state; numbers of links and loads,
 * which a SNAPSHOT carries, are not of it. */
static bool
says_the_same(const struct effect *a, const struct effect *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == EFFECT_KEY)
        return a->key.kind == b->key.kind && a->key.number == b->key.number &&
               memcmp(a->key.owner, b->key.owner, LIMIT_KEY) == 0 &&
               secret_equal(a->key.secret.bytes, b->key.secret.bytes,
                            LIMIT_KEY);
    return (a->bytes.ptr[0] == RECORD_SNAPSHOT &&
            b->bytes.ptr[0] == RECORD_SNAPSHOT) ||
           span_equal(a->bytes, b->bytes);
}

static const char *
what(const struct effect *effect)
{
    return effect->kind == EFFECT_KEY ? "KEY"
                                      : record_name(effect->bytes.ptr[0]);
}

void
duo_same_state(struct node *a, struct node *b)
{
    struct effects from_a, from_b;

    effects_init(&from_a);
    effects_init(&from_b);
    node_export(a, &from_a);
    node_export(b, &from_b);
    for (size_t i = 0; i < from_a.count && i < from_b.count; i++)
        if (!says_the_same(&from_a.list[i], &from_b.list[i]))
            fail_msg("state %zu: %s differs from %s", i,
                     what(&from_a.list[i]), what(&from_b.list[i]));
    assert_int_equal(from_a.count, from_b.count);
    effects_free(&from_a);
    effects_free(&from_b);
}

void
duo_load(struct duo_party *party, uint64_t token, const struct query *query,
         struct span text)
{
    size_t        cap = 1 << 24;
    uint8_t      *buffer = malloc(cap);
    struct writer out = writer_of(buffer, cap);
    struct event  event = {.kind = EVENT_LOADED, .token = token};

    switch (query->kind) {
    case QUERY_ENTRIES: answer_entries(party, query, &out); break;
    case QUERY_PENDING: answer_pending(party, query, &out); break;
    case QUERY_FIND: answer_find(party, query, text, &out); break;
    case QUERY_TRAIL: answer_trail(party, query, &out); break;
    case QUERY_ROWS: answer_rows(party, text, &out); break;
    default: fail_msg("no such query");
    }
    event.bytes = writer_span(&out);
    duo_post(party, &event);
    free(buffer);
}

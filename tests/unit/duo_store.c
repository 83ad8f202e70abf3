/* duo_store.c - duo.h's store: a list of records, searched from the front. */
#include "tests/unit/duo_files.h"

#include "proto/happening.h"

#include <stdio.h>
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

/* The newest record of an entry, since one may come back and be opened. */
static bool
put_entry(struct duo_party *party, const struct origin *origin, uint64_t index,
          struct writer *out)
{
    for (size_t i = party->record_count; i-- > 0;) {
        struct record record;

        if ((read_record(party, i, RECORD_OUT_ENTRY, &record) ||
             read_record(party, i, RECORD_IN_ENTRY, &record)) &&
            origin_equal(&record.origin, origin) && record.index == index) {
            put(party, i, out);
            return true;
        }
    }
    return false;
}

/* A leaf whose body is not here. */
static bool
put_leaf(struct duo_party *party, const struct origin *origin, uint64_t index,
         struct writer *out)
{
    for (size_t i = 0; i < party->record_count; i++) {
        struct record leaves, missing = {.kind = RECORD_MISSING,
                                         .origin = *origin,
                                         .index = index};
        uint8_t       bytes[512];
        struct writer encoded = writer_of(bytes, sizeof(bytes));

        if (!read_record(party, i, RECORD_IN_LEAVES, &leaves) ||
            !origin_equal(&leaves.origin, origin) || index < leaves.index ||
            index - leaves.index >= leaves.bytes.len / LEAF_LEN)
            continue;
        missing.first = leaves.first;
        memcpy(missing.ephemeral, leaves.ephemeral, LIMIT_KEY);
        memcpy(missing.salt, leaves.salt, LIMIT_SALT);
        missing.leaf = (struct span){
            leaves.bytes.ptr + (index - leaves.index) * LEAF_LEN, LEAF_LEN};
        record_encode(&missing, &encoded);
        record_list_put(out, writer_span(&encoded), SPAN_EMPTY);
        return true;
    }
    return false;
}

/* Entries of an origin from an index on. */
static void
answer_entries(struct duo_party *party, const struct query *query,
               struct writer *out)
{
    uint64_t next = query->from;

    while (next - query->from < query->count && out->len < query->bytes_max &&
           (put_entry(party, &query->origin, next, out) ||
            put_leaf(party, &query->origin, next, out)))
        next++;
}

/* The largest signed head within reach, or the next one. */
static void
answer_head(struct duo_party *party, const struct query *query,
            struct writer *out)
{
    uint64_t best = 0;
    size_t   at = 0;

    for (size_t i = 0; i < party->record_count; i++) {
        struct record record;
        bool          near;

        if ((!read_record(party, i, RECORD_OUT_HEAD, &record) &&
             !read_record(party, i, RECORD_IN_HEAD, &record)) ||
            !origin_equal(&record.origin, &query->origin) ||
            record.size <= query->from ||
            secret_is_zero(record.signature, LIMIT_SIGNATURE))
            continue;
        near = record.size - query->from <= query->count;
        if (best == 0 || (near ? record.size > best ||
                                     best - query->from > query->count
                               : record.size < best)) {
            best = record.size;
            at = i;
        }
    }
    if (best > 0)
        put(party, at, out);
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

/* Whose message it is: the peer, and the direction. */
static const struct node_id *
peer_of(const struct record *record)
{
    if (record->kind == RECORD_PENDING)
        return &record->peer;
    return record->kind == RECORD_OUT_ENTRY ? &record->origin.recipient
                                            : &record->origin.sender;
}

/* Whether this record is what a FIND names: by id, or by peer and number. */
static bool
is_found(const struct record *record, const struct query *query,
         struct span text)
{
    static const struct node_id anybody;
    bool names = !node_id_equal(&query->peer, &anybody);
    char id[2 * LIMIT_MESSAGE_ID + 1];

    if (names && !node_id_equal(&query->peer, peer_of(record)))
        return false;
    if (text.len > 0) {
        hex_encode(record->id.bytes, LIMIT_MESSAGE_ID, id);
        return memcmp(id, text.ptr, text.len) == 0;
    }
    return names && record->number == query->from && record->number > 0 &&
           query->outgoing == (record->kind == RECORD_OUT_ENTRY);
}

static bool
same_id(const struct record *a, const struct record *b)
{
    return memcmp(a->id.bytes, b->id.bytes, LIMIT_MESSAGE_ID) == 0;
}

/* How far a message of ours came, as receipts and verdicts tell. */
static enum message_state
state_of_ours(const struct duo_party *party, const struct record *entry)
{
    enum message_state state = STATE_SENT;
    struct record      record;

    for (size_t i = 0; i < party->record_count; i++) {
        if (read_record(party, i, RECORD_OUT_COSIGNED, &record) &&
            origin_equal(&record.origin, &entry->origin) &&
            record.size > entry->index && state < STATE_RECEIVED)
            state = STATE_RECEIVED;
        if (read_record(party, i, RECORD_VERDICT, &record) &&
            record.outgoing &&
            origin_equal(&record.origin, &entry->origin) &&
            entry->index >= record.index &&
            entry->index - record.index < record.count)
            state = (enum message_state)record.state;
    }
    return state;
}

static enum message_state
state_of_theirs(const struct duo_party *party, const struct record *entry)
{
    struct record record;

    for (size_t i = 0; i < party->record_count; i++)
        if (read_record(party, i, RECORD_TRAIL, &record) &&
            !record.outgoing && same_id(&record, entry))
            return (enum message_state)record.state;
    return (enum message_state)entry->state;
}

static void
put_row(const struct duo_party *party, const struct record *record,
        uint64_t queue, struct writer *out)
{
    struct record_row  row = {.id = record->id,
                              .peer = *peer_of(record),
                              .number = record->number,
                              .time = record->time,
                              .precedence = record->precedence,
                              .words = record->secret};
    struct origin_text origin;

    row.outgoing = record->kind != RECORD_IN_ENTRY;
    if (record->kind == RECORD_PENDING) {
        row.state = STATE_QUEUED;
        row.queue = queue;
    } else {
        row.state = row.outgoing ? state_of_ours(party, record)
                                 : state_of_theirs(party, record);
        origin = origin_format(&record->origin);
        row.origin = origin_span(&origin);
        row.index = record->index;
    }
    record_row_put(out, &row);
}

/* Whether a later record is this message's entry. */
static bool
is_dispatched(const struct duo_party *party, size_t from,
              const struct record *pending)
{
    struct record record;

    for (size_t i = from; i < party->record_count; i++)
        if (read_record(party, i, RECORD_OUT_ENTRY, &record) &&
            same_id(&record, pending) &&
            node_id_equal(&record.origin.recipient, &pending->peer))
            return true;
    return false;
}

/* Messages that wait: by id, or the q/N that is asked for. */
static void
find_waiting(const struct duo_party *party, const struct query *query,
             struct span text, struct writer *out)
{
    static const struct node_id anybody;
    bool          by_queue = text.len == 0 &&
                    node_id_equal(&query->peer, &anybody);
    struct record record;
    uint64_t      queue = 0;

    for (size_t i = 0; i < party->record_count; i++) {
        if (!read_record(party, i, RECORD_PENDING, &record) ||
            is_dispatched(party, i, &record))
            continue;
        queue++;
        if (by_queue ? queue == query->from : is_found(&record, query, text))
            put_row(party, &record, queue, out);
    }
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
            put_row(party, &record, 0, out);
    find_waiting(party, query, text, out);
}

static void
answer_trail(struct duo_party *party, const struct query *query,
             struct writer *out)
{
    struct record record;

    for (size_t i = 0; i < party->record_count; i++)
        if (read_record(party, i, RECORD_TRAIL, &record) &&
            record.outgoing == query->outgoing &&
            memcmp(record.id.bytes, query->id.bytes, LIMIT_MESSAGE_ID) == 0)
            put(party, i, out);
    for (size_t i = 0; i < party->record_count; i++)
        if (read_record(party, i, RECORD_REFERS, &record) &&
            record.outgoing == query->outgoing &&
            memcmp(record.bytes.ptr, query->id.bytes, LIMIT_MESSAGE_ID) == 0)
            put(party, i, out);
    for (size_t i = party->record_count; i-- > 0;) /* the newest counts */
        if (read_record(party, i, RECORD_ATTACHMENT, &record) &&
            record.outgoing == query->outgoing &&
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
            put_row(party, &record, 0, out);
    entente__list_request__free_unpacked(list, NULL);
}

/* What came, left or waits, and alarms; a place is the number of a record. */
static bool
put_event(struct duo_party *party, size_t i, const struct query *query,
          struct writer *out)
{
    struct record    record;
    char             cursor[32];
    struct happening one = {.what = HAPPENED_ALARM};
    struct record_row row = {0};

    snprintf(cursor, sizeof(cursor), "%zu", i + 1);
    one.cursor = span_text(cursor);
    if (read_record(party, i, RECORD_ALARM, &record) ||
        read_record(party, i, RECORD_DEED, &record)) {
        one.why = record.words;
        if (record.kind == RECORD_DEED)
            one.what = record.state;
        row.peer = record.peer;
        happening_head_put(out, &one);
        record_row_put(out, &row);
        return true;
    }
    if (read_record(party, i, RECORD_IN_ENTRY, &record))
        one.what = record.state;
    else if (read_record(party, i, RECORD_OUT_ENTRY, &record))
        one.what = STATE_SENT;
    else if (read_record(party, i, RECORD_PENDING, &record))
        one.what = STATE_QUEUED;
    else
        return false;
    if (one.what != STATE_QUEUED && record.number == 0)
        return false; /* no message */
    if (record.precedence < query->from)
        return false;
    happening_head_put(out, &one);
    put_row(party, &record, 0, out);
    return true;
}

static enum status
answer_events(struct duo_party *party, const struct query *query,
              struct span text, struct writer *out)
{
    char             cursor[32] = "";
    struct happening end = {.what = HAPPENED_NOTHING};
    struct record_row none = {0};
    size_t           at = query->count == 0 ? party->record_count : 0;
    size_t           told = 0;

    if (text.len >= sizeof(cursor))
        return STATUS_BAD_ENCODING;
    if (text.len > 0)
        memcpy(cursor, text.ptr, text.len);
    if (strspn(cursor, "0123456789") != text.len)
        return STATUS_BAD_ENCODING;
    if (text.len > 0)
        at = strtoul(cursor, NULL, 10);
    if (at > party->record_count)
        return STATUS_BAD_CURSOR;
    for (; at < party->record_count && told < query->count; at++)
        told += put_event(party, at, query, out);
    snprintf(cursor, sizeof(cursor), "%zu", at);
    end.cursor = span_text(cursor);
    end.more = at < party->record_count;
    happening_head_put(out, &end);
    record_row_put(out, &none);
    return STATUS_OK;
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
    case QUERY_HEAD: answer_head(party, query, &out); break;
    case QUERY_PENDING: answer_pending(party, query, &out); break;
    case QUERY_FIND: answer_find(party, query, text, &out); break;
    case QUERY_TRAIL: answer_trail(party, query, &out); break;
    case QUERY_ROWS: answer_rows(party, text, &out); break;
    case QUERY_EVENTS:
        event.status = answer_events(party, query, text, &out);
        break;
    case QUERY_CHUNK:
    case QUERY_WHOLE:
    case QUERY_STORED:
        event.status = duo_file_load(party, query, text, &out);
        break;
    default: fail_msg("no such query");
    }
    event.bytes = writer_span(&out);
    duo_post(party, &event);
    free(buffer);
}

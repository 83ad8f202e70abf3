/* duo.c - see duo.h. */
#include "tests/unit/duo.h"

#include "crypto/cert.h"
#include "crypto/keyring.h"
#include "crypto/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
must(enum status st)
{
    assert_string_equal(status_name(st), "OK");
}

/* --- a node -------------------------------------------------------------- */

static void
add_key(struct duo_party *party, enum keyring_kind kind, uint64_t number,
        const uint8_t *owner, const struct secret32 *secret)
{
    size_t i = party->key_count++;

    assert_true(i < sizeof(party->keys) / sizeof(party->keys[0]));
    party->keys[i].kind = (uint8_t)kind;
    party->keys[i].number = number;
    party->keys[i].secret = *secret;
    if (owner != NULL)
        memcpy(party->keys[i].owner, owner, LIMIT_KEY);
}

static void
node_up(struct duo_party *party)
{
    must(node_new(&party->config, &party->node));
    for (size_t i = 0; i < party->key_count; i++)
        must(node_key(party->node, party->keys[i].kind, KEYRING_CURRENT,
                      party->keys[i].number, party->keys[i].owner,
                      &party->keys[i].secret));
    for (size_t i = 0; i < party->record_count; i++) {
        const struct duo_record *kept = &party->records[i];
        struct record            record;

        must(record_decode((struct span){kept->bytes, kept->len}, &record));
        record.secret = (struct span){kept->secret, kept->secret_len};
        must(node_replay(party->node, &record));
    }
    must(node_start(party->node));
}

void
duo_party_init(struct duo_party *party, unsigned number)
{
    struct secret32     seeds[5];
    struct sign_key     org, log, witness;
    struct dh_key       link;
    struct cert         cert = {.serial = 1,
                                .renew_by_ms = 1900000000000,
                                .country = "IN"};
    struct cert_encoded encoded;

    memset(party, 0, sizeof(*party));
    for (size_t i = 0; i < 5; i++)
        memset(seeds[i].bytes, (int)(16 * number + i + 1), LIMIT_KEY);
    sign_key_from_seed(&seeds[0], &org);
    sign_key_from_seed(&seeds[1], &log);
    sign_key_from_seed(&seeds[2], &witness);
    dh_key_from_secret(&seeds[3], &link);
    memset(cert.node.bytes, (int)number, LIMIT_NODE_ID);
    memcpy(cert.org_key, org.public_key, LIMIT_KEY);
    memcpy(cert.log_key, log.public_key, LIMIT_KEY);
    memcpy(cert.witness_key, witness.public_key, LIMIT_KEY);
    memcpy(cert.link_key, link.public_key, LIMIT_KEY);
    snprintf(cert.node_name, sizeof(cert.node_name), "node%u", number);
    snprintf(cert.org_name, sizeof(cert.org_name), "Organisation %u", number);
    must(cert_sign(&cert, &org, &encoded));
    memcpy(party->certificate.bytes, encoded.bytes, encoded.len);
    party->certificate.len = encoded.len;
    party->config.certificate =
        (struct span){party->certificate.bytes, encoded.len};
    party->config.listen = span_text("127.0.0.1:7000");
    party->config.addresses[0] = span_text("127.0.0.1:7000");
    party->config.address_count = 1;
    party->config.first_contact_expires_ms = 1900000000000;
    add_key(party, KEYRING_LOG, 1, NULL, &seeds[1]);
    add_key(party, KEYRING_WITNESS, 1, NULL, &seeds[2]);
    add_key(party, KEYRING_LINK, 1, NULL, &seeds[3]);
    add_key(party, KEYRING_FIRST_CONTACT, 1, NULL, &seeds[4]);
    party->next_accepted = 1;
    party->reachable = true;
    party->now_ms = 1000;
    party->wall_ms = 1760000000000;
    party->seed = number;
    effects_init(&party->effects);
    node_up(party);
}

static void
drop_events(struct duo_party *party)
{
    for (size_t i = 0; i < party->event_count; i++)
        free(party->event_bytes[i]);
    party->event_count = 0;
}

void
duo_party_clear(struct duo_party *party)
{
    node_free(party->node);
    effects_free(&party->effects);
    drop_events(party);
    duo_forget_told(party);
    for (size_t i = 0; i < party->record_count; i++) {
        free(party->records[i].bytes);
        free(party->records[i].secret);
    }
    free(party->records);
}

void
duo_restart(struct duo_party *party)
{
    if (party->link != 0) {
        struct event gone = {.kind = EVENT_LINK_CLOSED,
                             .link = party->other->link};

        duo_post(party->other, &gone);
        party->other->link = 0;
        party->link = 0;
    }
    drop_events(party);
    node_free(party->node);
    node_up(party);
}

static uint8_t *
copy(struct span bytes)
{
    uint8_t *at = malloc(bytes.len + 1);

    if (bytes.len > 0)
        memcpy(at, bytes.ptr, bytes.len);
    return at;
}

void
duo_post(struct duo_party *party, const struct event *event)
{
    size_t i = party->event_count++;

    assert_true(i < DUO_EVENTS);
    party->event_bytes[i] = copy(event->bytes);
    party->events[i] = *event;
    party->events[i].bytes =
        (struct span){party->event_bytes[i], event->bytes.len};
}

static void
keep_record(struct duo_party *party, const struct effect *effect)
{
    if (party->record_count == party->record_cap) {
        party->record_cap = party->record_cap * 2 + 64;
        party->records = realloc(party->records,
                                 party->record_cap * sizeof(*party->records));
    }
    party->records[party->record_count++] =
        (struct duo_record){copy(effect->bytes), effect->bytes.len,
                            copy(effect->secret), effect->secret.len};
}

/* Entries of an origin from an index on, as a store answers them. */
static void
answer_entries(struct duo_party *party, const struct query *query,
               struct writer *out)
{
    uint64_t next = query->from;

    for (size_t i = 0; i < party->record_count; i++) {
        struct span   bytes = {party->records[i].bytes, party->records[i].len};
        struct record record;

        must(record_decode(bytes, &record));
        if ((record.kind == RECORD_OUT_ENTRY ||
             record.kind == RECORD_IN_ENTRY) &&
            origin_equal(&record.origin, &query->origin) &&
            record.index == next && next < query->from + query->count &&
            out->len < query->bytes_max) {
            record_list_put(out, bytes,
                            (struct span){party->records[i].secret,
                                          party->records[i].secret_len});
            next++;
        }
    }
}

static bool
is_pending(const struct record *record, const struct query *query)
{
    return record->kind == RECORD_PENDING &&
           node_id_equal(&record->peer, &query->peer) &&
           memcmp(record->id.bytes, query->id.bytes, LIMIT_MESSAGE_ID) == 0;
}

/* The row of the message that a FIND names: by id, or by peer and number. */
static bool
is_found(const struct record *record, const struct query *query,
         struct span text)
{
    char id[2 * LIMIT_MESSAGE_ID + 1];

    if (record->kind != RECORD_OUT_ENTRY && record->kind != RECORD_IN_ENTRY)
        return false;
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
answer_find(struct duo_party *party, const struct query *query,
            struct span text, struct writer *out)
{
    for (size_t i = 0; i < party->record_count; i++) {
        struct span        bytes = {party->records[i].bytes,
                                    party->records[i].len};
        struct record      record;
        struct record_row  row = {0};
        struct origin_text origin;

        must(record_decode(bytes, &record));
        if (!is_found(&record, query, text))
            continue;
        row.outgoing = record.kind == RECORD_OUT_ENTRY;
        row.peer = row.outgoing ? record.origin.recipient
                                : record.origin.sender;
        row.id = record.id;
        row.number = record.number;
        row.state = row.outgoing ? STATE_SENT
                                 : (enum message_state)record.state;
        row.time = record.time;
        origin = origin_format(&record.origin);
        row.origin = origin_span(&origin);
        row.index = record.index;
        row.words = (struct span){party->records[i].secret,
                                  party->records[i].secret_len};
        record_row_put(out, &row);
    }
}

static void
answer_load(struct duo_party *party, const struct effect *effect)
{
    size_t        cap = 1 << 24;
    uint8_t      *buffer = malloc(cap);
    struct writer out = writer_of(buffer, cap);
    struct event  event = {.kind = EVENT_LOADED, .token = effect->token};

    if (effect->query.kind == QUERY_ENTRIES)
        answer_entries(party, &effect->query, &out);
    if (effect->query.kind == QUERY_FIND)
        answer_find(party, &effect->query, effect->bytes, &out);
    for (size_t i = 0; effect->query.kind == QUERY_PENDING &&
                       i < party->record_count && out.len == 0; i++) {
        struct span   bytes = {party->records[i].bytes, party->records[i].len};
        struct record record;

        must(record_decode(bytes, &record));
        if (is_pending(&record, &effect->query))
            record_list_put(&out, bytes,
                            (struct span){party->records[i].secret,
                                          party->records[i].secret_len});
    }
    event.bytes = writer_span(&out);
    duo_post(party, &event);
    free(buffer);
}

static void
give_room(struct duo_party *party, uint64_t room)
{
    struct event event = {.kind = EVENT_LINK_ROOM,
                          .link = party->link,
                          .room = room,
                          .frame_max = 16384};

    duo_post(party, &event);
}

static void
on_dial(struct duo_party *party, const struct effect *effect)
{
    struct event ours = {.kind = EVENT_LINK_CLOSED,
                         .link = effect->link,
                         .status = STATUS_UNREACHABLE};
    struct event theirs = {.kind = EVENT_LINK_OPENED, .source = 7};

    if (!party->other->reachable || party->link != 0) {
        duo_post(party, &ours);
        return;
    }
    ours.kind = EVENT_LINK_OPENED;
    party->link = effect->link;
    theirs.link = party->other->next_accepted;
    party->other->next_accepted += 2;
    party->other->link = theirs.link;
    duo_post(party, &ours);
    duo_post(party->other, &theirs);
    give_room(party, 1 << 16);
    give_room(party->other, 1 << 16);
}

static void
on_send(struct duo_party *party, const struct effect *effect)
{
    struct event event = {.kind = EVENT_LINK_FRAME,
                          .link = party->other->link,
                          .bytes = effect->bytes};

    if (effect->link != party->link || party->link == 0)
        return;
    party->sent_frames++;
    party->sent_bytes += effect->bytes.len;
    duo_post(party->other, &event);
    give_room(party, effect->bytes.len + 2);
}

static void
on_close(struct duo_party *party, const struct effect *effect)
{
    struct event event = {.kind = EVENT_LINK_CLOSED,
                          .link = party->other->link};

    if (effect->link != party->link || party->link == 0)
        return;
    party->link = 0;
    duo_post(party->other, &event);
    party->other->link = 0;
}

static void
on_tell(struct duo_party *party, const struct effect *effect)
{
    struct duo_told *told = &party->told[party->told_count++];

    assert_true(party->told_count <= DUO_TOLD);
    told->client = effect->client;
    told->response = entente__response__unpack(NULL, effect->bytes.len,
                                               effect->bytes.ptr);
    assert_non_null(told->response);
}

static void
perform(struct duo_party *party, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SEND: on_send(party, effect); break;
    case EFFECT_TELL: on_tell(party, effect); break;
    case EFFECT_LOAD: answer_load(party, effect); break;
    case EFFECT_DIAL: on_dial(party, effect); break;
    case EFFECT_CLOSE: on_close(party, effect); break;
    case EFFECT_WAKE_AT: party->wake_at_ms = effect->mono_ms; break;
    case EFFECT_LOG:
        if (getenv("DUO_LOG") != NULL)
            fprintf(stderr, "[%u] %.*s\n", (unsigned)party->seed % 16,
                    (int)effect->bytes.len, (const char *)effect->bytes.ptr);
        break;
    default: break;
    }
}

bool
duo_turn(struct duo_party *party)
{
    struct event      events[DUO_EVENTS];
    uint8_t          *bytes[DUO_EVENTS];
    size_t            count = party->event_count;
    struct turn_input input = {party->now_ms, party->wall_ms, {0}};

    if (count == 0)
        return false;
    memcpy(events, party->events, count * sizeof(*events));
    memcpy(bytes, party->event_bytes, count * sizeof(*bytes));
    party->event_count = 0;
    party->seed += 16;
    memcpy(input.seed, &party->seed, sizeof(party->seed));
    node_turn(party->node, &input, events, count, &party->effects);
    for (size_t i = 0; i < party->effects.count; i++) {
        const struct effect *effect = &party->effects.list[i];

        if (effect->kind == EFFECT_KEY)
            add_key(party, (enum keyring_kind)effect->key.kind,
                    effect->key.number, effect->key.owner,
                    &effect->key.secret);
        if (effect->kind == EFFECT_SAVE)
            keep_record(party, effect);
    }
    for (size_t i = 0; i < party->effects.count; i++)
        perform(party, &party->effects.list[i]);
    effects_clear(&party->effects);
    for (size_t i = 0; i < count; i++)
        free(bytes[i]);
    return true;
}

void
duo_run(struct duo *duo)
{
    bool busy = true;

    for (int turns = 0; busy; turns++) {
        busy = duo_turn(&duo->a);
        busy = duo_turn(&duo->b) || busy;
        assert_true(turns < 20000); /* it comes to rest */
        duo->a.now_ms++;
        duo->b.now_ms++;
    }
}

void
duo_wait(struct duo *duo, uint64_t ms)
{
    struct event timer = {.kind = EVENT_TIMER};

    duo->a.now_ms += ms;
    duo->b.now_ms += ms;
    duo->a.wall_ms += ms;
    duo->b.wall_ms += ms;
    duo_post(&duo->a, &timer);
    duo_post(&duo->b, &timer);
    duo_run(duo);
}

void
duo_cut(struct duo *duo)
{
    struct event gone = {.kind = EVENT_LINK_CLOSED, .link = duo->a.link};

    if (duo->a.link == 0)
        return;
    duo_post(&duo->a, &gone);
    gone.link = duo->b.link;
    duo_post(&duo->b, &gone);
    duo->a.link = 0;
    duo->b.link = 0;
}

size_t
duo_count_records(const struct duo_party *party, enum record_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < party->record_count; i++)
        count += party->records[i].bytes[0] == (uint8_t)kind;
    return count;
}

struct record
duo_record(const struct duo_party *party, enum record_kind kind, size_t n)
{
    struct record record = {0};

    for (size_t i = 0; i < party->record_count; i++)
        if (party->records[i].bytes[0] == (uint8_t)kind && n-- == 0) {
            must(record_decode((struct span){party->records[i].bytes,
                                             party->records[i].len},
                               &record));
            record.secret = (struct span){party->records[i].secret,
                                          party->records[i].secret_len};
            return record;
        }
    fail_msg("no such record");
    return record;
}

struct duo *
duo_new(void)
{
    struct duo *duo = calloc(1, sizeof(*duo));

    must(crypto_start());
    duo_party_init(&duo->a, 1);
    duo_party_init(&duo->b, 2);
    duo->a.other = &duo->b;
    duo->b.other = &duo->a;
    return duo;
}

void
duo_free(struct duo *duo)
{
    duo_party_clear(&duo->a);
    duo_party_clear(&duo->b);
    free(duo);
}

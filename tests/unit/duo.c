/* duo.c - see duo.h. */
#include "tests/unit/duo_files.h"

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
    size_t i = 0;

    for (; i < party->key_count; i++)
        if (party->keys[i].kind == (uint8_t)kind &&
            party->keys[i].number == number &&
            (owner == NULL ||
             memcmp(party->keys[i].owner, owner, LIMIT_KEY) == 0)) {
            /* As a keyring takes it: the same key, or none. */
            assert_memory_equal(party->keys[i].secret.bytes, secret->bytes,
                                LIMIT_KEY);
            return;
        }
    party->key_count++;
    assert_true(i < sizeof(party->keys) / sizeof(party->keys[0]));
    party->keys[i].kind = (uint8_t)kind;
    party->keys[i].number = number;
    party->keys[i].secret = *secret;
    if (owner != NULL)
        memcpy(party->keys[i].owner, owner, LIMIT_KEY);
}

/* Where the newest snapshot begins; 0 where there is none. */
static size_t
newest_snapshot(const struct duo_party *party)
{
    for (size_t i = party->record_count; i-- > 0;)
        if (party->records[i].bytes[0] == RECORD_SNAPSHOT)
            return i;
    return 0;
}

static void
replay(struct node *node, const struct duo_record *kept)
{
    struct record record;

    must(record_decode((struct span){kept->bytes, kept->len}, &record));
    record.secret = (struct span){kept->secret, kept->secret_len};
    must(node_replay(node, &record));
}

struct node *
duo_node(const struct duo_party *party, enum duo_from from)
{
    struct node *node = NULL;
    bool         within = false; /* a snapshot that is passed over */

    must(node_new(&party->config, &node));
    for (size_t i = 0; i < party->key_count; i++)
        must(node_key(node, party->keys[i].kind, KEYRING_CURRENT,
                      party->keys[i].number, party->keys[i].owner,
                      &party->keys[i].secret));
    for (size_t i = from == DUO_SNAPSHOT ? newest_snapshot(party) : 0;
         i < party->record_count; i++) {
        uint8_t kind = party->records[i].bytes[0];

        within = within || (from == DUO_ALL && kind == RECORD_SNAPSHOT);
        if (!within)
            replay(node, &party->records[i]);
        within = within && kind != RECORD_SNAPSHOT_END;
    }
    must(node_start(node));
    return node;
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
    party->frame_max = 16384;
    party->room = 1 << 16;
    party->reachable = true;
    party->now_ms = 1000;
    party->wall_ms = 1760000000000;
    party->seed = number;
    effects_init(&party->effects);
    party->node = duo_node(party, DUO_ALL);
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
    for (size_t i = 0; i < DUO_FILES; i++)
        duo_file_clear(&party->files[i]);
}

void
duo_restart_from(struct duo_party *party, enum duo_from from)
{
    while (party->link != 0)
        duo_link_close(party, party->link);
    drop_events(party);
    party->held_count = 0;
    node_free(party->node);
    party->node = duo_node(party, from);
}

void
duo_restart(struct duo_party *party)
{
    duo_restart_from(party, DUO_JOURNAL);
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

/* For tests that answer by themselves, or later. */
static void
hold_load(struct duo_party *party, const struct effect *effect)
{
    struct duo_held *held = &party->held[party->held_count++];

    assert_true(party->held_count <= DUO_HELD);
    held->token = effect->token;
    held->query = effect->query;
    assert_true(effect->bytes.len < sizeof(held->text));
    held->text_len = effect->bytes.len;
    if (held->text_len > 0)
        memcpy(held->text, effect->bytes.ptr, held->text_len);
}

void
duo_release(struct duo_party *party)
{
    size_t count = party->held_count;

    party->held_count = 0;
    for (size_t i = 0; i < count; i++)
        duo_load(party, party->held[i].token, &party->held[i].query,
                 (struct span){party->held[i].text, party->held[i].text_len});
}

static void
perform(struct duo_party *party, const struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_SEND:
        duo_link_send(party, effect->link, effect->bytes);
        break;
    case EFFECT_TELL: on_tell(party, effect); break;
    case EFFECT_LOAD:
        if (party->loads_held)
            hold_load(party, effect);
        else
            duo_load(party, effect->token, &effect->query, effect->bytes);
        break;
    case EFFECT_DROP: duo_file_drop(party, &effect->file); break;
    case EFFECT_DIAL: duo_link_dial(party, effect->link); break;
    case EFFECT_CLOSE: duo_link_close(party, effect->link); break;
    case EFFECT_WAKE_AT: party->wake_at_ms = effect->mono_ms; break;
    case EFFECT_LOG:
        if (getenv("DUO_LOG") != NULL)
            fprintf(stderr, "[%u] %.*s\n", (unsigned)party->seed % 16,
                    (int)effect->bytes.len, (const char *)effect->bytes.ptr);
        break;
    default: break;
    }
}

/* The events of a turn; their bytes last until its effects are done. */
struct turn_events {
    struct event events[DUO_EVENTS];
    uint8_t     *bytes[DUO_EVENTS];
    size_t       count;
};

/* Steps the node over all that waits. */
static void
step(struct duo_party *party, struct turn_events *taken)
{
    struct turn_input input = {party->now_ms, party->wall_ms, {0}};

    taken->count = party->event_count;
    memcpy(taken->events, party->events,
           taken->count * sizeof(taken->events[0]));
    memcpy(taken->bytes, party->event_bytes,
           taken->count * sizeof(taken->bytes[0]));
    party->event_count = 0;
    party->seed += 16;
    memcpy(input.seed, &party->seed, sizeof(party->seed));
    node_turn(party->node, &input, taken->events, taken->count,
              &party->effects);
    if (party->seen != NULL)
        party->seen(party->seen_arg, &input, taken->events, taken->count,
                    &party->effects);
}

static void
end_step(struct duo_party *party, struct turn_events *taken)
{
    effects_clear(&party->effects);
    for (size_t i = 0; i < taken->count; i++)
        free(taken->bytes[i]);
}

static void
save(struct duo_party *party, bool records)
{
    for (size_t i = 0; i < party->effects.count; i++) {
        const struct effect *effect = &party->effects.list[i];

        if (effect->kind == EFFECT_KEY)
            add_key(party, (enum keyring_kind)effect->key.kind,
                    effect->key.number, effect->key.owner,
                    &effect->key.secret);
        if (effect->kind == EFFECT_CHUNK)
            duo_file_chunk(party, effect);
        if (effect->kind == EFFECT_SAVE && records)
            keep_record(party, effect);
    }
}

bool
duo_turn(struct duo_party *party)
{
    struct turn_events taken;

    if (party->event_count == 0)
        return false;
    step(party, &taken);
    save(party, true);
    for (size_t i = 0; i < party->effects.count; i++)
        perform(party, &party->effects.list[i]);
    end_step(party, &taken);
    return true;
}

void
duo_crash(struct duo_party *party, bool saved, enum duo_from from)
{
    struct turn_events taken;

    step(party, &taken);
    save(party, saved);
    end_step(party, &taken);
    duo_restart_from(party, from);
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

bool
duo_wake(struct duo_party *party)
{
    struct event timer = {.kind = EVENT_TIMER};
    uint64_t     at = party->wake_at_ms;

    if (at == 0)
        return false;
    party->wake_at_ms = 0;
    if (at > party->now_ms) {
        party->wall_ms += at - party->now_ms;
        party->now_ms = at;
    }
    duo_post(party, &timer);
    duo_turn(party);
    return true;
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

int
duo_make_paired(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_forget_told(&duo->a);
    *state = duo;
    return 0;
}

int
duo_make_sent(void **state)
{
    struct duo *duo = duo_new();

    duo_pair(duo);
    duo_submit(&duo->a, "node2", 1, "ROUTINE", "tea?", NULL);
    duo_run(duo);
    duo_forget_told(&duo->a);
    duo_forget_told(&duo->b);
    *state = duo;
    return 0;
}

int
duo_drop(void **state)
{
    duo_free(*state);
    return 0;
}

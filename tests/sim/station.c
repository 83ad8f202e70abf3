/*
 * station.c - a start is what entented does: open, keys, replay, start.
 */
#include "tests/sim/station.h"

#include "crypto/keyring.h"
#include "node/store/home.h"
#include "node/store/vault.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define YEAR_MS (365ull * 86400000)

static const enum keyring_kind kinds[STATION_KEYS] = {
    KEYRING_LOG, KEYRING_WITNESS, KEYRING_LINK, KEYRING_FIRST_CONTACT};

static void
draw(struct dice *dice, struct secret32 *out)
{
    dice_fill(dice, out->bytes, sizeof(out->bytes));
}

static void
must(enum status st)
{
    if (st == STATUS_OK)
        return;
    fprintf(stderr, "a home cannot be made: %s\n", status_name(st));
    abort();
}

/* --- a home -------------------------------------------------------------- */

static void
certify(struct station *station)
{
    struct cert    *cert = &station->cert;
    struct secret32 secret;
    struct sign_key org;
    struct sign_key log;
    struct sign_key witness;

    *cert = (struct cert){.serial = 1,
                          .renew_by_ms = MACHINE_WALL_MS + YEAR_MS,
                          .country = "IN"};
    draw(&station->dice, &secret);
    sign_key_from_seed(&secret, &org);
    sign_key_from_seed(&station->keys[0], &log);
    sign_key_from_seed(&station->keys[1], &witness);
    dice_fill(&station->dice, cert->node.bytes, sizeof(cert->node.bytes));
    memcpy(cert->org_key, org.public_key, LIMIT_KEY);
    memcpy(cert->log_key, log.public_key, LIMIT_KEY);
    memcpy(cert->witness_key, witness.public_key, LIMIT_KEY);
    dh_public(&station->keys[2], cert->link_key);
    snprintf(cert->node_name, sizeof(cert->node_name), "node%zu",
             station->who);
    snprintf(cert->org_name, sizeof(cert->org_name), "Org %zu", station->who);
    must(cert_sign(cert, &org, &station->certificate));
}

static int
no_randomness(sqlite3_vfs *base, int len, char *out)
{
    (void)base;
    memset(out, 0, (size_t)len);
    return len;
}

/*
 * SQLite salts its log from one generator a process, seeded by the default
 * VFS: here from zeros, and anew for each run, so that a run's bytes do not
 * depend on the runs before it.
 */
static void
still_sqlite(void)
{
    static sqlite3_vfs still;

    if (still.zName == NULL) {
        still = *sqlite3_vfs_find(NULL);
        still.zName = "still";
        still.xRandomness = no_randomness;
        if (sqlite3_vfs_register(&still, 1) != SQLITE_OK)
            abort();
    }
    sqlite3_randomness(0, NULL);
}

void
stations_init(struct stations *stations, uint64_t seed, size_t count,
              struct oracle *oracle, struct custody *custody)
{
    static const uint64_t lens[] = {65536, 262144, 1048576};

    still_sqlite();
    *stations = (struct stations){
        .oracle = oracle, .custody = custody, .count = count};
    for (size_t who = 0; who < count; who++) {
        struct station *station = &stations->list[who];

        station->who = who;
        dice_init(&station->dice, seed, 0x57a7 + who);
        draw(&station->dice, &station->storage_key);
        for (size_t i = 0; i < STATION_KEYS; i++)
            draw(&station->dice, &station->keys[i]);
        certify(station);
        station->segment_len = lens[dice_below(&station->dice, 3)];
        machine_address(who, station->address);
        ledger_node(&oracle->ledger, who, &station->cert.node);
    }
}

void
stations_install(struct stations *stations, size_t who, struct disk disk)
{
    struct station *station = &stations->list[who];
    struct vault   *vault = NULL;
    struct secret32 seed;

    draw(&station->dice, &seed);
    must(vault_open(&disk, &station->storage_key, &seed, &vault,
                    station->why));
    must(vault_start(vault));
    for (size_t i = 0; i < STATION_KEYS; i++) {
        struct key_change change = {.kind = (uint8_t)kinds[i],
                                    .state = KEYRING_CURRENT,
                                    .number = 1,
                                    .secret = station->keys[i]};

        dice_fill(&station->dice, change.nonce[0], sizeof(change.nonce[0]));
        dice_fill(&station->dice, change.nonce[1], sizeof(change.nonce[1]));
        must(vault_apply(vault, &change));
    }
    must(vault_flush(vault));
    vault_close(vault);
    must(disk.ops->sync_folder(disk.self));
}

void
stations_backed_up(struct stations *stations, size_t who)
{
    stations->list[who].backup = stations->list[who].sequence;
}

void
stations_restored(struct stations *stations, size_t who)
{
    stations->list[who].sequence = stations->list[who].backup;
}

void
stations_clear(struct stations *stations)
{
    for (size_t who = 0; who < stations->count; who++) {
        store_close(stations->list[who].store);
        cabinet_close(&stations->list[who].cabinet);
    }
    *stations = (struct stations){0};
}

/* --- a start ------------------------------------------------------------- */

static enum status
open_store(struct station *station, struct disk disk)
{
    struct store_options options = {.disk = disk,
                                    .storage_key = station->storage_key,
                                    .segment_len = station->segment_len,
                                    .index_name = HOME_INDEX};

    draw(&station->dice, &options.seed);
    return store_open(&options, &station->store, station->why);
}

static enum status
give_keys(struct station *station)
{
    const struct keyring *ring = store_keyring(station->store);
    struct keyring_key    key;
    size_t                cursor = 0;
    enum status           st = STATUS_OK;

    while (st == STATUS_OK &&
           keyring_next(ring, &cursor, &key) == STATUS_OK)
        st = node_key(station->node, (uint8_t)key.name.kind,
                      (uint8_t)key.state, key.name.number,
                      key.name.owner.bytes, key.secret);
    return st;
}

struct replay {
    struct station *station;
    struct oracle  *oracle;
    struct custody *custody;
};

static enum status
on_record(void *arg, const struct record *record)
{
    struct replay  *replay = arg;
    struct station *station = replay->station;
    enum status     st;

    recall_record(&replay->oracle->recall[station->who], record);
    past_recalled(&replay->oracle->past, station->who, record);
    custody_recalled(replay->custody, station->who, record);
    st = node_replay(station->node, record);
    if (st != STATUS_OK)
        snprintf(station->why, sizeof(station->why),
                 "record %s, index %llu, size %llu is refused",
                 record_name(record->kind), (unsigned long long)record->index,
                 (unsigned long long)record->size);
    return st;
}

static enum status
make_node(struct station *station, struct node **out)
{
    struct node_config config = {
        .certificate = cert_span(&station->certificate),
        .listen = span_text(station->address),
        .addresses = {span_text(station->address)},
        .address_count = 1,
        .first_contact_expires_ms = MACHINE_WALL_MS + YEAR_MS};

    return node_new(&config, out);
}

static enum status
bring_up(struct station *station, struct oracle *oracle,
         struct custody *custody)
{
    struct recall *recall = &oracle->recall[station->who];
    struct replay  replay = {station, oracle, custody};
    enum status    st = make_node(station, &station->node);

    if (st == STATUS_OK)
        st = give_keys(station);
    if (st != STATUS_OK)
        return st;
    recall_begin(recall, &oracle->ledger, station->who);
    custody_recall_begin(custody, station->who);
    st = store_replay(station->store, on_record, &replay);
    if (st != STATUS_OK)
        return st;
    recall_end(recall);
    custody_recall_end(custody, station->who);
    return node_start(station->node);
}

static enum status
on_start(void *arg, size_t who, struct disk disk, struct node **node,
         bool *lost)
{
    struct stations *stations = arg;
    struct oracle   *oracle = stations->oracle;
    struct station  *station = &stations->list[who];
    enum status      st = cabinet_open(&station->cabinet, disk);

    if (st == STATUS_OK)
        st = open_store(station, disk);
    if (st != STATUS_OK) {
        station->store = NULL;
        return st;
    }
    if (store_sequence(station->store) < station->sequence)
        verdict_break(&oracle->verdict,
                      "node %zu starts at group %llu; %llu was durable", who,
                      (unsigned long long)store_sequence(station->store),
                      (unsigned long long)station->sequence);
    st = bring_up(station, oracle, stations->custody);
    *lost = store_state_lost(station->store);
    if (st == STATUS_OK)
        *node = station->node;
    else
        node_free(station->node);
    station->node = NULL;
    return st;
}

/* --- its life ------------------------------------------------------------ */

static enum status
on_commit(void *arg, size_t who, const struct effects *effects)
{
    struct station *station = &((struct stations *)arg)->list[who];
    enum status     st = cabinet_commit(&station->cabinet, effects);

    if (st == STATUS_OK)
        st = store_commit(station->store, effects);
    if (st == STATUS_OK)
        station->sequence = store_sequence(station->store);
    return st;
}

static enum status
on_query(void *arg, size_t who, const struct query *query, struct span text,
         struct span *answer)
{
    struct station *station = &((struct stations *)arg)->list[who];
    enum status     st;

    if (cabinet_answers(query))
        return cabinet_query(&station->cabinet, query, text, answer);
    st = store_query(station->store, query, text, answer);
    if (st != STATUS_OK)
        *answer = SPAN_EMPTY;
    return st;
}

static enum status
on_drop(void *arg, size_t who, const struct effect_file *file)
{
    return cabinet_drop(&((struct stations *)arg)->list[who].cabinet, file);
}

static bool
on_snapshot_due(void *arg, size_t who)
{
    return store_snapshot_due(((struct stations *)arg)->list[who].store);
}

static enum status
on_idle(void *arg, size_t who)
{
    return store_index_catch_up(((struct stations *)arg)->list[who].store);
}

static void
on_stop(void *arg, size_t who)
{
    struct station *station = &((struct stations *)arg)->list[who];

    store_close(station->store);
    station->store = NULL;
    cabinet_close(&station->cabinet);
}

struct machine_program
stations_program(struct stations *stations)
{
    return (struct machine_program){on_start, on_commit, on_query,
                                    on_drop, on_snapshot_due, on_idle,
                                    on_stop, stations};
}

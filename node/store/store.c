/*
 * store.c - one commit over the keyring file and the journal, and one index
 * behind them.
 *
 * Invariants:
 *  (I1) a commit writes in this order, each durable before the next: key
 *       puts, the group, key destructions;
 *  (I2) nothing is changed on the disk before keyring and journal were read
 *       whole and found sound;
 *  (I3) the committer touches journal and vault, the indexer the index; both
 *       meet only in the locks of journal and vault.
 */
#include "node/store/store.h"

#include "node/store/home.h"
#include "node/store/index.h"
#include "node/store/journal.h"
#include "node/store/pack.h"
#include "node/store/vault.h"
#include "node/store/walk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { SNAPSHOT_SEGMENTS = 64 };

struct store {
    struct disk         disk;
    uint64_t            segment_len;
    struct vault       *vault;
    struct journal     *journal;
    struct index       *index;
    uint64_t            destroyed; /* vault keys, as the index knows */
    struct group_keys   keys;
    struct group_buffer group; /* the committer's */
};

static enum status
find_key(void *arg, uint32_t vault, struct secret32 *out)
{
    return vault_find(arg, KEYRING_VAULT, vault, out);
}

static enum status
note_segment(void *arg, uint64_t number)
{
    return vault_note_segment(arg, number);
}

/* --- opening ------------------------------------------------------------- */

static enum status
open_vault(struct store *store, const struct store_options *options,
           uint8_t file_id[static SEGMENT_FILE_ID], char why[static 256])
{
    struct seed_stream seeds;
    struct secret32    seed;
    enum status        st;

    seed_stream_init(&seeds, &options->seed);
    seed_stream_take(&seeds, file_id, SEGMENT_FILE_ID);
    seed_stream_take(&seeds, seed.bytes, sizeof(seed.bytes));
    st = vault_open(&store->disk, &options->storage_key, &seed, &store->vault,
                    why);
    secret_wipe(&seed);
    seed_stream_wipe(&seeds);
    return st;
}

static enum status
open_parts(struct store *store, const struct store_options *options,
           char why[static 256])
{
    struct journal_options journal = {.disk = options->disk,
                                      .segment_len = options->segment_len,
                                      .note = note_segment};
    enum status            st;

    st = open_vault(store, options, journal.file_id, why);
    if (st != STATUS_OK)
        return st;
    store->keys = (struct group_keys){find_key, store->vault};
    journal.arg = store->vault;
    journal.segment_noted = vault_segment_noted(store->vault);
    st = journal_open(&journal, &store->journal, why);
    if (st != STATUS_OK)
        return st;
    if (vault_is_new(store->vault) && !journal_is_new(store->journal)) {
        (void)snprintf(why, 256, "%s: missing beside a journal", HOME_KEYRING);
        return STATUS_CORRUPT;
    }
    st = vault_start(store->vault); /* (I2) */
    if (st == STATUS_OK)
        st = journal_start(store->journal);
    if (st == STATUS_OK)
        st = index_open(&store->disk, options->index_name, store->journal,
                        &store->keys, &store->index);
    return st;
}

enum status
store_open(const struct store_options *options, struct store **out,
           char why[static 256])
{
    struct store *store = calloc(1, sizeof(*store));
    enum status   st;

    why[0] = '\0';
    if (store == NULL)
        return STATUS_FULL;
    store->disk = options->disk;
    store->segment_len = options->segment_len;
    st = open_parts(store, options, why);
    if (st != STATUS_OK)
        store_close(store);
    else
        *out = store;
    return st;
}

void
store_close(struct store *store)
{
    if (store == NULL)
        return;
    index_close(store->index);
    journal_close(store->journal);
    vault_close(store->vault);
    group_buffer_free(&store->group);
    free(store);
}

uint64_t
store_torn_len(const struct store *store)
{
    return journal_torn_len(store->journal);
}

const struct keyring *
store_keyring(const struct store *store)
{
    return vault_ring(store->vault);
}

size_t
store_keys_mended(const struct store *store)
{
    return vault_mended(store->vault);
}

bool
store_state_lost(const struct store *store)
{
    return journal_state_lost(store->journal);
}

/* --- replay -------------------------------------------------------------- */

static enum status
give_records(const struct group *group,
             enum status (*each)(void *arg, const struct record *record),
             void *arg)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < group->count; i++) {
        struct record record;

        st = record_decode(group->records[i].public, &record);
        if (st != STATUS_OK)
            return STATUS_CORRUPT;
        record.secret = group->records[i].secret;
        st = each(arg, &record);
    }
    return st;
}

enum status
store_replay(struct store *store,
             enum status (*each)(void *arg, const struct record *record),
             void *arg)
{
    struct group_place  place = journal_replay_start(store->journal);
    struct group_place  found;
    struct group_buffer buffer = {0};
    struct walk        *walk = walk_new(store->journal);
    enum status         st = walk == NULL ? STATUS_FULL : STATUS_OK;

    while (st == STATUS_OK) {
        struct group group;

        st = walk_next(walk, &place, &found, &buffer);
        if (st != STATUS_OK)
            break;
        st = group_open(buffer.ptr, buffer.len, &store->keys, &group);
        if (st != STATUS_OK)
            break;
        st = give_records(&group, each, arg);
        group_close(&group);
    }
    group_buffer_free(&buffer);
    walk_free(walk);
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

/* --- commit -------------------------------------------------------------- */

static enum status
apply_keys(struct store *store, const struct effects *effects, bool destroy)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < effects->count; i++) {
        const struct effect *effect = &effects->list[i];

        if (effect->kind == EFFECT_KEY && effect->key.destroy == destroy)
            st = vault_apply(store->vault, &effect->key);
    }
    return st == STATUS_OK ? vault_flush(store->vault) : st;
}

static const struct effect *
first_save(const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SAVE)
            return &effects->list[i];
    return NULL;
}

static bool
is_record(const struct effect *save, enum record_kind kind)
{
    struct reader in = reader_of(save->bytes);

    return save->kind == EFFECT_SAVE && reader_u8(&in) == kind;
}

/* A snapshot is whole in one group, or recovery would not start with it. */
static bool
begins_snapshot(const struct effects *effects, const struct effect *first)
{
    bool ends = false;

    if (!is_record(first, RECORD_SNAPSHOT))
        return false;
    for (size_t i = 0; i < effects->count; i++)
        ends = ends || is_record(&effects->list[i], RECORD_SNAPSHOT_END);
    assert(ends);
    return true;
}

static enum status
commit_group(struct store *store, const struct effects *effects)
{
    const struct effect *first = first_save(effects);
    struct group_id      id;
    bool                 snapshot;
    size_t               len;
    enum status          st;

    if (first == NULL)
        return STATUS_OK;
    snapshot = begins_snapshot(effects, first);
    st = pack_len(effects, &len);
    if (st == STATUS_OK)
        st = journal_prepare(store->journal, len, snapshot, &id);
    if (st == STATUS_OK)
        st = pack_group(effects, &id, &store->keys, &store->group);
    if (st == STATUS_OK)
        st = journal_append(store->journal,
                            (struct span){store->group.ptr, store->group.len},
                            snapshot);
    return st;
}

enum status
store_commit(struct store *store, const struct effects *effects)
{
    enum status st = apply_keys(store, effects, false); /* (I1) */

    if (st == STATUS_OK)
        st = commit_group(store, effects);
    if (st != STATUS_OK)
        return st;
    st = apply_keys(store, effects, true);
    /* The group counts.  What could not be overwritten yet is queued, and
     * leaves with the next flush. */
    return st == STATUS_NO_SPACE ? STATUS_OK : st;
}

bool
store_snapshot_due(const struct store *store)
{
    return journal_replay_len(store->journal) > store->segment_len / 8 * 7 ||
           journal_replay_segments(store->journal) > SNAPSHOT_SEGMENTS;
}

unsigned
store_floor(const struct store *store)
{
    return journal_floor(store->journal);
}

void
store_mend(struct store *store)
{
    journal_mend(store->journal);
}

uint64_t
store_sequence(const struct store *store)
{
    return journal_sequence(store->journal);
}

/* --- the index ----------------------------------------------------------- */

enum status
store_query(struct store *store, const struct query *query, struct span text,
            struct span *answer)
{
    uint64_t destroyed = vault_destroyed(store->vault);

    if (destroyed != store->destroyed)
        index_forget(store->index);
    store->destroyed = destroyed;
    return index_query(store->index, query, text, answer);
}

enum status
store_index_catch_up(struct store *store)
{
    bool        idle;
    bool        more;
    enum status st = index_catch_up(store->index, &idle);

    if (st == STATUS_OK)
        st = journal_ahead(store->journal, &more);
    if (st == STATUS_OK && idle)
        st = index_tidy(store->index);
    return st;
}

enum status
store_index_rebuild(struct store *store)
{
    return index_rebuild(store->index);
}

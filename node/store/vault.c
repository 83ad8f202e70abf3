/*
 * vault.c - a ring in memory in step with its file.
 *
 * Invariant: a change is in the ring and in the file's queue at once, or in
 * neither.
 */
#include "node/store/vault.h"

#include "node/store/keyfile.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct vault {
    struct keyring    *ring;
    struct keyfile     file;
    bool               is_new;
    struct seed_stream nonces;
    pthread_mutex_t    lock;      /* of the ring and what follows */
    uint64_t           destroyed; /* keys since vault_open */
};

static struct vault *
vault_new(const struct secret32 *storage_key, const struct secret32 *seed)
{
    struct vault *vault = calloc(1, sizeof(*vault));

    if (vault == NULL)
        return NULL;
    vault->file.file = -1;
    vault->ring = keyring_new(storage_key);
    if (vault->ring == NULL) {
        free(vault);
        return NULL;
    }
    if (pthread_mutex_init(&vault->lock, NULL) != 0)
        abort();
    seed_stream_init(&vault->nonces, seed);
    return vault;
}

enum status
vault_open(const struct disk *disk, const struct secret32 *storage_key,
           const struct secret32 *seed, struct vault **out,
           char why[static 256])
{
    struct vault *vault = vault_new(storage_key, seed);
    enum status   st;

    if (vault == NULL)
        return STATUS_FULL;
    st = keyfile_open(disk, &vault->file);
    vault->is_new = st == STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        st = keyfile_load(&vault->file, vault->ring, why);
    if (st != STATUS_OK && !vault->is_new) {
        vault_close(vault);
        return st;
    }
    *out = vault;
    return STATUS_OK;
}

void
vault_close(struct vault *vault)
{
    if (vault == NULL)
        return;
    keyfile_close(&vault->file);
    keyring_free(vault->ring);
    seed_stream_wipe(&vault->nonces);
    (void)pthread_mutex_destroy(&vault->lock);
    free(vault);
}

/* Adds free slots when there are none. */
static enum status
grow(struct vault *vault)
{
    struct keyring_growth *growth;
    struct secret32        seed;
    enum status            st;

    if (keyring_free_count(vault->ring) > 0)
        return STATUS_OK;
    growth = keyfile_growth(&vault->file);
    if (growth == NULL || keyfile_change(&vault->file) == NULL)
        return STATUS_FULL;
    seed_stream_take(&vault->nonces, seed.bytes, sizeof(seed.bytes));
    st = keyring_grow(vault->ring, &seed, growth);
    secret_wipe(&seed);
    return st == STATUS_OK ? keyfile_queue_growth(&vault->file) : st;
}

enum status
vault_start(struct vault *vault)
{
    enum status st;

    if (!vault->is_new)
        return keyfile_rewrite(&vault->file);
    st = grow(vault);
    return st == STATUS_OK ? keyfile_create(&vault->file) : st;
}

enum status
vault_flush(struct vault *vault)
{
    return keyfile_flush(&vault->file);
}

/* --- keys ---------------------------------------------------------------- */

const struct keyring *
vault_ring(const struct vault *vault)
{
    return vault->ring;
}

size_t
vault_mended(const struct vault *vault)
{
    return vault->file.mended;
}

bool
vault_is_new(const struct vault *vault)
{
    return vault->is_new;
}

enum status
vault_find(struct vault *vault, enum keyring_kind kind, uint64_t number,
           struct secret32 *out)
{
    struct keyring_name name = {.kind = kind, .number = number};
    struct keyring_key  key;
    enum status         st;

    (void)pthread_mutex_lock(&vault->lock);
    st = keyring_find(vault->ring, &name, &key);
    if (st == STATUS_OK && key.state == KEYRING_GONE)
        st = STATUS_NOT_FOUND;
    if (st == STATUS_OK)
        *out = *key.secret;
    (void)pthread_mutex_unlock(&vault->lock);
    return st;
}

uint64_t
vault_destroyed(struct vault *vault)
{
    uint64_t destroyed;

    (void)pthread_mutex_lock(&vault->lock);
    destroyed = vault->destroyed;
    (void)pthread_mutex_unlock(&vault->lock);
    return destroyed;
}

static enum status
put(struct vault *vault, const struct keyring_name *name,
    const struct secret32 *secret,
    const uint8_t          nonce[static KEYRING_NONCE_LEN])
{
    struct keyring_change *change;
    enum status            st = grow(vault);

    if (st != STATUS_OK)
        return st;
    change = keyfile_change(&vault->file);
    if (change == NULL)
        return STATUS_FULL;
    st = keyring_put(vault->ring, name, secret, nonce, change);
    if (st == STATUS_OK)
        keyfile_queue_change(&vault->file);
    return st;
}

static enum status
retire(struct vault *vault, const struct keyring_name *name,
       const uint8_t nonce[static KEYRING_NONCE_LEN])
{
    struct keyring_change *change = keyfile_change(&vault->file);
    enum status            st;

    if (change == NULL)
        return STATUS_FULL;
    st = keyring_retire(vault->ring, name, nonce, change);
    if (st == STATUS_OK)
        keyfile_queue_change(&vault->file);
    return st;
}

static enum status
destroy(struct vault *vault, const struct keyring_name *name,
        const uint8_t nonce[static KEYRING_NONCE_LEN])
{
    struct keyring_change *change = keyfile_change(&vault->file);
    enum status            st;

    if (change == NULL)
        return STATUS_FULL;
    st = keyring_destroy(vault->ring, name, nonce, change);
    if (st == STATUS_OK) {
        keyfile_queue_change(&vault->file);
        vault->destroyed++;
    }
    /* Gone already, or never there: what was asked for is so. */
    return st == STATUS_NOT_FOUND || st == STATUS_BAD_STATE ? STATUS_OK : st;
}

static enum status
present(struct vault *vault, const struct keyring_name *name,
        const struct key_change *change)
{
    bool               old = change->state == KEYRING_OLD;
    struct keyring_key key;
    enum status        st = keyring_find(vault->ring, name, &key);

    if (st == STATUS_NOT_FOUND) {
        st = put(vault, name, &change->secret, change->nonce[0]);
        return st == STATUS_OK && old ? retire(vault, name, change->nonce[1])
                                      : st;
    }
    if (key.state == KEYRING_GONE ||
        !secret_equal(key.secret->bytes, change->secret.bytes, LIMIT_KEY))
        return STATUS_DUPLICATE;
    if (key.state == change->state)
        return STATUS_OK;
    return old ? retire(vault, name, change->nonce[0]) : STATUS_BAD_STATE;
}

enum status
vault_apply(struct vault *vault, const struct key_change *change)
{
    struct keyring_name name = {.number = change->number};
    enum status         st;

    assert(change->kind > KEYRING_NONE && change->kind < KEYRING_EXTENT);
    assert(change->destroy || change->state == KEYRING_CURRENT ||
           change->state == KEYRING_OLD);
    name.kind = (enum keyring_kind)change->kind;
    memcpy(name.owner.bytes, change->owner, sizeof(name.owner.bytes));
    (void)pthread_mutex_lock(&vault->lock);
    st = change->destroy ? destroy(vault, &name, change->nonce[0])
                         : present(vault, &name, change);
    (void)pthread_mutex_unlock(&vault->lock);
    return st;
}

/* --- segments ------------------------------------------------------------ */

uint64_t
vault_segment_noted(const struct vault *vault)
{
    struct keyring_owner self = KEYRING_SELF;
    struct keyring_key   key;

    if (keyring_highest(vault->ring, KEYRING_SEGMENT, &self, &key) != STATUS_OK)
        return 0;
    return key.name.number;
}

/* The number of a note below `number`; 0: there is none. */
static uint64_t
older_note(const struct vault *vault, uint64_t number)
{
    struct keyring_key key;
    size_t             cursor = 0;

    while (keyring_next(vault->ring, &cursor, &key) == STATUS_OK)
        if (key.name.kind == KEYRING_SEGMENT && key.name.number < number &&
            key.state != KEYRING_GONE)
            return key.name.number;
    return 0;
}

enum status
vault_note_segment(struct vault *vault, uint64_t number)
{
    struct keyring_name          name = {.kind = KEYRING_SEGMENT};
    static const struct secret32 none;
    uint8_t                      nonce[KEYRING_NONCE_LEN];
    enum status                  st = STATUS_OK;

    name.number = number;
    (void)pthread_mutex_lock(&vault->lock);
    if (vault_segment_noted(vault) < number) {
        seed_stream_take(&vault->nonces, nonce, sizeof(nonce));
        st = put(vault, &name, &none, nonce);
    }
    (void)pthread_mutex_unlock(&vault->lock);
    if (st == STATUS_OK)
        st = vault_flush(vault);
    if (st != STATUS_OK)
        return st;
    /* Older notes say nothing any more; they leave with the next flush. */
    (void)pthread_mutex_lock(&vault->lock);
    for (;;) {
        name.number = older_note(vault, number);
        if (name.number == 0 || st != STATUS_OK)
            break;
        seed_stream_take(&vault->nonces, nonce, sizeof(nonce));
        st = destroy(vault, &name, nonce);
    }
    (void)pthread_mutex_unlock(&vault->lock);
    return st;
}

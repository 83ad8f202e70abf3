/*
 * vaults.c - numbers of vault keys, made ahead.
 *
 * Invariants:
 *  (I1) current <= made; a number is only taken when its key stands among the
 *       KEY effects of this or an earlier turn, and those are durable before
 *       the group that names it;
 *  (I2) all of current + 1 .. made have keys: a start skips what is missing.
 */
#include "node/core/vaults.h"

#include "crypto/keyring.h"

#include <assert.h>

void
vaults_known(struct vaults *vaults, uint64_t number)
{
    if (number <= vaults->made)
        return;
    if (number > vaults->made + 1u)
        vaults->missing = (uint32_t)number - 1;
    vaults->made = (uint32_t)number;
}

void
vaults_replay(struct vaults *vaults, const struct record *record)
{
    vaults->current = record->vault;
    if (vaults->made < record->vault)
        vaults->made = record->vault;
}

void
vaults_start(struct vaults *vaults)
{
    vaults->used = LIMIT_VAULT_ENTRIES;
    if (vaults->current < vaults->missing)
        vaults->current = vaults->missing; /* (I2) */
}

static void
make_one(struct vaults *vaults, struct seed_stream *seeds, struct effects *out)
{
    struct effect *effect = effects_add(out, EFFECT_KEY);

    effect->key.kind = KEYRING_VAULT;
    effect->key.state = KEYRING_CURRENT;
    effect->key.number = ++vaults->made;
    seed_stream_take(seeds, effect->key.secret.bytes, LIMIT_KEY);
    seed_stream_take(seeds, effect->key.nonce[0], sizeof(effect->key.nonce[0]));
    seed_stream_take(seeds, effect->key.nonce[1], sizeof(effect->key.nonce[1]));
}

void
vaults_refill(struct vaults *vaults, struct seed_stream *seeds,
              struct effects *out)
{
    if (vaults->made - vaults->current > LIMIT_VAULTS_AHEAD / 2)
        return;
    while (vaults->made - vaults->current < LIMIT_VAULTS_AHEAD)
        make_one(vaults, seeds, out);
}

static void
say_current(const struct vaults *vaults, struct effects *out)
{
    struct record  record = {.kind = RECORD_VAULTS,
                             .vault = vaults->current,
                             .number = vaults->made};
    struct writer  to = writer_of(effects_alloc(out, 64), 64);
    struct effect *effect;

    record_encode(&record, &to);
    assert(writer_end(&to) == STATUS_OK);
    effect = effects_add(out, EFFECT_SAVE);
    effect->bytes = writer_span(&to);
}

uint32_t
vaults_take(struct vaults *vaults, struct seed_stream *seeds,
            struct effects *out)
{
    if (vaults->current == 0 || vaults->used >= LIMIT_VAULT_ENTRIES) {
        vaults_refill(vaults, seeds, out);
        assert(vaults->current < vaults->made);
        vaults->current++;
        vaults->used = 0;
        say_current(vaults, out);
    }
    vaults->used++;
    return vaults->current;
}

/*
 * saved.c - a snapshot stands between two records of its own.
 */
#include "node/sim/saved.h"

enum status
saved_each(const struct effects *effects, saved_fn *each, void *arg)
{
    bool          snapshot = false;
    struct record record;

    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->list[i];

        if (effect->kind != EFFECT_SAVE)
            continue;
        if (record_decode(effect->bytes, &record) != STATUS_OK)
            return STATUS_CORRUPT;
        snapshot = snapshot || record.kind == RECORD_SNAPSHOT;
        if (!snapshot)
            each(arg, &record);
        snapshot = snapshot && record.kind != RECORD_SNAPSHOT_END;
    }
    return STATUS_OK;
}

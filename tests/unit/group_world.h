/*
 * group_world.h - small groups under keys that are known, for the tests of
 * group.c, pack.c and boxes.c.
 */
#ifndef TESTS_UNIT_GROUP_WORLD_H
#define TESTS_UNIT_GROUP_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "node/store/group.h"
#include "node/store/pack.h"

/* Vault numbers below `known` have keys. */
static inline enum status
known_key(void *arg, uint32_t vault, struct secret32 *out)
{
    const uint32_t *known = arg;

    if (vault >= *known)
        return STATUS_NOT_FOUND;
    memset(out->bytes, (int)vault + 1, sizeof(out->bytes));
    return STATUS_OK;
}

static inline struct group_keys
keys_below(uint32_t *known)
{
    return (struct group_keys){known_key, known};
}

static inline struct group_id
id_of_group(uint64_t segment, uint64_t sequence)
{
    return (struct group_id){.file_id = {7, 7},
                             .segment = segment,
                             .sequence = sequence};
}

static inline void
add_save(struct effects *out, const char *public_part, uint32_t vault,
         const char *secret)
{
    struct effect *save = effects_add(out, EFFECT_SAVE);

    save->bytes = span_text(public_part);
    save->secret = span_text(secret);
    save->vault = vault;
}

/* Three records under two vaults, one without secret, and effects that are
 * no records. */
static inline void
fill_effects(struct effects *out)
{
    effects_init(out);
    memset(out->nonce, 9, sizeof(out->nonce));
    (void)effects_add(out, EFFECT_KEY);
    add_save(out, "first", 1, "one");
    add_save(out, "second", 0, "");
    add_save(out, "third", 2, "two");
    add_save(out, "fourth", 1, "three");
    (void)effects_add(out, EFFECT_WAKE_AT);
}

static inline void
pack_some(struct group_buffer *out)
{
    struct group_id id = id_of_group(3, 12);
    struct effects  effects;
    uint32_t        known = 10;
    struct group_keys keys = keys_below(&known);

    fill_effects(&effects);
    assert_int_equal(pack_group(&effects, &id, &keys, out), STATUS_OK);
    effects_free(&effects);
}

static inline void
expect(struct span span, const char *text)
{
    assert_true(span_equal(span, span_text(text)));
}

#endif

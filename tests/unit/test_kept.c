/* test_kept.c - effects are kept so that any difference in them shows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/kept.h"

#include <stdlib.h>
#include <string.h>

enum { BYTES_MAX = 512 };

/* An effect of that kind, and one field of it made another one; false: the
 * kind has no such field. */
enum field {
    FIELD_NONE,
    FIELD_LINK,
    FIELD_CLIENT,
    FIELD_TOKEN,
    FIELD_TIME,
    FIELD_BYTES,
    FIELD_SECRET,
    FIELD_VAULT,
    FIELD_QUERY,
    FIELD_ID,
    FIELD_DESTROY,
    FIELD_KEY,
    FIELD_NONCE,
    FIELD_FILE,
    FIELD_COUNT
};

static struct effect
changed(enum effect_kind kind, enum field field)
{
    struct effect effect = {.kind = kind, .bytes = span_text("bytes")};

    switch (field) {
    case FIELD_NONE: break;
    case FIELD_LINK: effect.link = 1; break;
    case FIELD_CLIENT: effect.client = 1; break;
    case FIELD_TOKEN: effect.token = 1; break;
    case FIELD_TIME: effect.mono_ms = 1; break;
    case FIELD_BYTES: effect.bytes = span_text("other"); break;
    case FIELD_SECRET: effect.secret = span_text("s"); break;
    case FIELD_VAULT: effect.vault = 1; break;
    case FIELD_QUERY: effect.query.count = 1; break;
    case FIELD_ID: effect.query.id.bytes[15] = 1; break;
    case FIELD_DESTROY: effect.key.destroy = true; break;
    case FIELD_KEY: effect.key.secret.bytes[31] = 1; break;
    case FIELD_NONCE: effect.key.nonce[1][23] = 1; break;
    case FIELD_FILE: effect.file.digest[31] = 1; break;
    case FIELD_COUNT: fail();
    }
    return effect;
}

static struct span
keep(const struct effect *effect, uint8_t out[static BYTES_MAX])
{
    struct writer writer = writer_of(out, BYTES_MAX);

    kept_put(&writer, effect);
    assert_false(writer.failed);
    assert_int_equal(writer.len, kept_len(effect));
    return writer_span(&writer);
}

static const uint32_t has[EFFECT_KIND_COUNT] = {
#define HAS(name) 1u << FIELD_##name
    [EFFECT_KEY] = HAS(DESTROY) | HAS(KEY) | HAS(NONCE),
    [EFFECT_SAVE] = HAS(BYTES) | HAS(SECRET) | HAS(VAULT),
    [EFFECT_SEND] = HAS(LINK) | HAS(BYTES),
    [EFFECT_TELL] = HAS(CLIENT) | HAS(BYTES),
    [EFFECT_LOAD] = HAS(TOKEN) | HAS(BYTES) | HAS(QUERY) | HAS(ID),
    [EFFECT_DIAL] = HAS(LINK) | HAS(BYTES),
    [EFFECT_CLOSE] = HAS(LINK) | HAS(CLIENT),
    [EFFECT_WAKE_AT] = HAS(TIME),
    [EFFECT_LOG] = HAS(BYTES),
    [EFFECT_CHUNK] = HAS(FILE) | HAS(BYTES),
    [EFFECT_DROP] = HAS(FILE),
};

static void
each_field_that_a_kind_has_shows_and_no_other(void **state)
{
    uint8_t one[BYTES_MAX], two[BYTES_MAX];

    (void)state;
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        for (int field = FIELD_LINK; field < FIELD_COUNT; field++) {
            struct effect plain = changed((enum effect_kind)kind, FIELD_NONE);
            struct effect other =
                changed((enum effect_kind)kind, (enum field)field);
            bool same = span_equal(keep(&plain, one), keep(&other, two));

            assert_int_equal(same, (has[kind] >> field & 1) == 0);
        }
    }
}

static void
every_kind_comes_back_with_its_fields(void **state)
{
    uint8_t bytes[BYTES_MAX];

    (void)state;
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        struct effect effect = changed((enum effect_kind)kind, FIELD_NONE);
        struct span   written = keep(&effect, bytes);
        struct reader in = reader_of(written);
        struct kept   kept;

        assert_int_equal(kept_next(&in, &kept), STATUS_OK);
        assert_int_equal(kept.kind, kind);
        assert_int_equal(kept.fields.len, written.len - 1);
        assert_int_equal(kept_next(&in, &kept), STATUS_AGAIN);
    }
}

static void
every_prefix_and_every_unknown_kind_is_refused(void **state)
{
    uint8_t       bytes[BYTES_MAX];
    const uint8_t unknown[64] = {EFFECT_KIND_COUNT};
    struct reader in = reader_of(SPAN_OF(unknown));
    struct kept   kept;

    (void)state;
    assert_int_equal(kept_next(&in, &kept), STATUS_BAD_ENCODING);
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        struct effect effect = changed((enum effect_kind)kind, FIELD_NONE);
        struct span   whole = keep(&effect, bytes);

        for (size_t cut = 1; cut < whole.len; cut++) {
            uint8_t *copy = malloc(cut);

            assert_non_null(copy);
            memcpy(copy, whole.ptr, cut);
            in = reader_of((struct span){copy, cut});
            assert_int_equal(kept_next(&in, &kept), STATUS_BAD_ENCODING);
            free(copy);
        }
    }
}

static void
what_leaves_and_what_is_kept_is_promised_and_what_is_told_is_not(void **state)
{
    (void)state;
    assert_true(kept_promised(EFFECT_SAVE));
    assert_true(kept_promised(EFFECT_KEY));
    assert_true(kept_promised(EFFECT_SEND));
    assert_true(kept_promised(EFFECT_DIAL));
    assert_true(kept_promised(EFFECT_CLOSE));
    assert_true(kept_promised(EFFECT_CHUNK));
    assert_false(kept_promised(EFFECT_DROP));
    assert_false(kept_promised(EFFECT_TELL));
    assert_false(kept_promised(EFFECT_LOAD));
    assert_false(kept_promised(EFFECT_WAKE_AT));
    assert_false(kept_promised(EFFECT_LOG));
    assert_string_equal(kept_name(EFFECT_WAKE_AT), "WAKE_AT");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_field_that_a_kind_has_shows_and_no_other),
        cmocka_unit_test(every_kind_comes_back_with_its_fields),
        cmocka_unit_test(every_prefix_and_every_unknown_kind_is_refused),
        cmocka_unit_test(
            what_leaves_and_what_is_kept_is_promised_and_what_is_told_is_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

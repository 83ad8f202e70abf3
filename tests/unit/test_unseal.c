/* test_unseal.c - an entry as the journal has it, opened or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/unseal.h"
#include "tests/unit/seal_world.h"

/* The record of that entry, and its secret part. */
struct kept {
    struct world         world;
    uint8_t              leaf[LEAF_LEN];
    struct record        record;
    struct record_secret secret;
    uint8_t              plain[SEALED_LEN];
    size_t               len;
};

static int
make(void **state)
{
    static struct kept kept;

    kept = (struct kept){.world = world_with_leaf()};
    leaf_encode(&kept.world.leaf, kept.leaf);
    kept.record = (struct record){.kind = RECORD_IN_ENTRY,
                                  .index = INDEX,
                                  .leaf = SPAN_OF(kept.leaf),
                                  .bytes = SPAN_OF(kept.world.sealed)};
    assert_int_equal(origin_parse(span_text(ORIGIN), &kept.record.origin),
                     STATUS_OK);
    memcpy(kept.secret.content_key, kept.world.content_key.bytes, LIMIT_KEY);
    *state = &kept;
    return 0;
}

static enum status
opened(struct kept *kept)
{
    return unseal_entry(&kept->record, &kept->secret, kept->plain, &kept->len);
}

static void
an_entry_is_opened_with_its_content_key(void **state)
{
    struct kept *kept = *state;

    assert_int_equal(opened(kept), STATUS_OK);
    assert_true(span_equal((struct span){kept->plain, kept->len},
                           span_text(TEXT)));
}

static void
another_key_index_origin_or_body_opens_nothing(void **state)
{
    struct kept  *kept = *state;
    struct record right = kept->record;

    kept->secret.content_key[0] ^= 1;
    assert_int_equal(opened(kept), STATUS_UNOPENED);
    kept->secret.content_key[0] ^= 1;
    kept->record.index++;
    assert_int_equal(opened(kept), STATUS_UNOPENED);
    kept->record = right;
    kept->record.origin.random++;
    assert_int_equal(opened(kept), STATUS_UNOPENED);
    kept->record = right;
    kept->world.sealed[0] ^= 1;
    assert_int_equal(opened(kept), STATUS_UNOPENED);
}

static void
what_is_no_leaf_is_refused(void **state)
{
    struct kept *kept = *state;

    kept->record.leaf.len--;
    assert_int_not_equal(opened(kept), STATUS_OK);
}

#define UNSEAL_TEST(name) cmocka_unit_test_setup(name, make)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        UNSEAL_TEST(an_entry_is_opened_with_its_content_key),
        UNSEAL_TEST(another_key_index_origin_or_body_opens_nothing),
        UNSEAL_TEST(what_is_no_leaf_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

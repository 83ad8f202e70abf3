/* test_checkpoint.c - what a head's signature covers, and what it refuses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/signed_log.h"
#include "tests/unit/vectors.h"

static void
signatures_are_those_that_another_program_made(void **state)
{
    struct signed_log log = signed_log();
    struct vector     signature =
        vector_of("b94b0c6acdb0e5ae8d7401d89d82823a2b107edc9ca1e5cf415a9fd51f2a"
                  "44ee561dc836fe0e63d8502f84d41773848ede6d554d43192e575596cd10"
                  "07886a01");
    struct vector cosignature =
        vector_of("4cae0a0870a9ee3ebb2e7b203da95e7d901a4271689fae887bc370894876"
                  "a05c083d6d5513e9531d1ec5e6dce0f0256a48c559d666d86ebcb94dcd22"
                  "0c815105");

    (void)state;
    assert_memory_equal(log.signatures.log_signature, signature.bytes,
                        LIMIT_SIGNATURE);
    assert_memory_equal(log.signatures.cosignature.signature,
                        cosignature.bytes, LIMIT_SIGNATURE);
}

static void
the_text_is_origin_size_and_root_a_line_each(void **state)
{
    struct signed_log log = signed_log();
    uint8_t           buffer[CHECKPOINT_TEXT_MAX];
    struct writer     out = writer_of(buffer, sizeof(buffer));

    (void)state;
    assert_int_equal(checkpoint_text(log_origin(), &log.head, &out),
                     STATUS_OK);
    assert_true(span_equal(writer_span(&out), span_text(LOG_TEXT)));
}

static void
the_longest_origin_and_the_largest_size_fit(void **state)
{
    uint8_t       origin[LIMIT_ORIGIN + 1];
    uint8_t       buffer[CHECKPOINT_TEXT_MAX];
    struct writer out = writer_of(buffer, sizeof(buffer));
    struct head   head = {.size = LIMIT_TREE};

    (void)state;
    memset(origin, 'a', sizeof(origin));
    assert_int_equal(checkpoint_text((struct span){origin, LIMIT_ORIGIN}, &head,
                                     &out),
                     STATUS_OK);
    assert_int_equal(out.len, CHECKPOINT_TEXT_MAX);
    assert_int_equal(checkpoint_text(SPAN_OF(origin), &head, &out),
                     STATUS_BAD_FIELD);
    head.size = LIMIT_TREE + 1;
    assert_int_equal(checkpoint_text(span_text("a"), &head, &out),
                     STATUS_BAD_FIELD);
}

static void
origins_are_of_lower_case_digits_dash_and_slash(void **state)
{
    static const char *const bad[] = {
        "",     "a b",  "a\nb", "A",    "a.b",           "a+b",
        "a_b",  "\x01", "a\t",  "\xc3", "cosignature/v1"};

    (void)state;
    assert_true(checkpoint_origin_valid(log_origin()));
    assert_true(checkpoint_origin_valid(span_text("a-z/09")));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(checkpoint_origin_valid(span_text(bad[i])));
    assert_false(checkpoint_origin_valid(
        (struct span){(const uint8_t *)"a\0b", 3}));
}

/* What a checkpoint's signature says of these values. */
static enum status
verify_head(const struct signed_log *log, const char *origin, uint64_t size)
{
    struct head head = log->head;

    head.size = size;
    return checkpoint_verify(span_text(origin), &head, log->log.public_key,
                             log->signatures.log_signature);
}

static void
a_checkpoint_verifies_for_its_origin_size_root_and_key_alone(void **state)
{
    struct signed_log log = signed_log();
    struct head       head = log.head;

    (void)state;
    assert_int_equal(verify_head(&log, LOG_ORIGIN, 3), STATUS_OK);
    assert_int_equal(verify_head(&log, LOG_ORIGIN, 2), STATUS_BAD_PROOF);
    assert_int_equal(verify_head(&log, LOG_ORIGIN "0", 3), STATUS_BAD_PROOF);
    assert_int_equal(verify_head(&log, "", 3), STATUS_BAD_FIELD);
    assert_int_equal(verify_head(&log, LOG_ORIGIN, UINT64_MAX),
                     STATUS_BAD_FIELD);
    head.root.bytes[31] ^= 1;
    assert_int_equal(checkpoint_verify(log_origin(), &head, log.log.public_key,
                                       log.signatures.log_signature),
                     STATUS_BAD_PROOF);
    assert_int_equal(checkpoint_verify(log_origin(), &log.head,
                                       log.witness.public_key,
                                       log.signatures.log_signature),
                     STATUS_BAD_PROOF);
    for (size_t bit = 0; bit < 8 * LIMIT_SIGNATURE; bit++) {
        uint8_t *byte = &log.signatures.log_signature[bit / 8];

        *byte ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(verify_head(&log, LOG_ORIGIN, 3), STATUS_BAD_PROOF);
        *byte ^= (uint8_t)(1u << bit % 8);
    }
}

static enum status
verify_cosignature(const struct signed_log *log, const struct head *head,
                   uint64_t time_s)
{
    struct cosignature cosignature = log->signatures.cosignature;

    cosignature.time_s = time_s;
    return cosignature_verify(log_origin(), head, &cosignature,
                              log->witness.public_key);
}

static void
a_cosignature_verifies_for_its_time_and_head_alone(void **state)
{
    struct signed_log log = signed_log();
    struct head       head = log.head;

    (void)state;
    assert_int_equal(verify_cosignature(&log, &head, LOG_TIME_S), STATUS_OK);
    assert_int_equal(verify_cosignature(&log, &head, LOG_TIME_S + 1),
                     STATUS_BAD_PROOF);
    assert_int_equal(verify_cosignature(&log, &head, LIMIT_TREE + 1),
                     STATUS_BAD_FIELD);
    head.size++;
    assert_int_equal(verify_cosignature(&log, &head, LOG_TIME_S),
                     STATUS_BAD_PROOF);
    assert_int_equal(cosignature_verify(span_text("a"), &log.head,
                                        &log.signatures.cosignature,
                                        log.witness.public_key),
                     STATUS_BAD_PROOF);
    assert_int_equal(cosignature_verify(log_origin(), &log.head,
                                        &log.signatures.cosignature,
                                        log.log.public_key),
                     STATUS_BAD_PROOF);
    for (size_t bit = 0; bit < 8 * LIMIT_SIGNATURE; bit++) {
        uint8_t *byte = &log.signatures.cosignature.signature[bit / 8];

        *byte ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(verify_cosignature(&log, &log.head, LOG_TIME_S),
                         STATUS_BAD_PROOF);
        *byte ^= (uint8_t)(1u << bit % 8);
    }
}

/*
 * With one key for all (which no node has), so that only the signed strings
 * tell them apart.
 */
static void
checkpoint_cosignature_and_labelled_ones_are_never_each_other(void **state)
{
    struct signed_log  log = signed_log();
    struct cosignature as_cosignature = {.time_s = LOG_TIME_S};
    struct cosignature cosignature;
    uint8_t            signatures[2 + LABEL_COUNT][LIMIT_SIGNATURE];
    const uint8_t     *key = log.log.public_key;

    (void)state;
    checkpoint_sign(log_origin(), &log.head, &log.log, signatures[0]);
    cosignature_sign(log_origin(), &log.head, LOG_TIME_S, &log.log,
                     &cosignature);
    memcpy(signatures[1], cosignature.signature, LIMIT_SIGNATURE);
    for (size_t i = 0; i < LABEL_COUNT; i++)
        sign_make(&log.log, (enum label)i, span_text(LOG_TEXT),
                  signatures[2 + i]);
    for (size_t is = 0; is < 2 + LABEL_COUNT; is++) {
        memcpy(as_cosignature.signature, signatures[is], LIMIT_SIGNATURE);
        assert_int_equal(checkpoint_verify(log_origin(), &log.head, key,
                                           signatures[is]) == STATUS_OK,
                         is == 0);
        assert_int_equal(cosignature_verify(log_origin(), &log.head,
                                            &as_cosignature,
                                            key) == STATUS_OK,
                         is == 1);
        for (size_t as = 0; as < LABEL_COUNT; as++)
            assert_int_equal(sign_verify(key, (enum label)as,
                                         span_text(LOG_TEXT),
                                         signatures[is]) == STATUS_OK,
                             is == 2 + as);
    }
}

static void
the_empty_log_has_a_head_and_heads_compare_by_value(void **state)
{
    struct signed_log log = signed_log();
    struct head       empty = {.size = 0};
    struct head       same = log.head;
    uint8_t           signature[LIMIT_SIGNATURE];

    (void)state;
    merkle_empty_root(&empty.root);
    checkpoint_sign(log_origin(), &empty, &log.log, signature);
    assert_int_equal(checkpoint_verify(log_origin(), &empty,
                                       log.log.public_key, signature),
                     STATUS_OK);
    assert_true(head_equal(&log.head, &same));
    same.size++;
    assert_false(head_equal(&log.head, &same));
    same = log.head;
    same.root.bytes[0] ^= 1;
    assert_false(head_equal(&log.head, &same));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_those_that_another_program_made),
        cmocka_unit_test(the_text_is_origin_size_and_root_a_line_each),
        cmocka_unit_test(the_longest_origin_and_the_largest_size_fit),
        cmocka_unit_test(origins_are_of_lower_case_digits_dash_and_slash),
        cmocka_unit_test(
            a_checkpoint_verifies_for_its_origin_size_root_and_key_alone),
        cmocka_unit_test(a_cosignature_verifies_for_its_time_and_head_alone),
        cmocka_unit_test(
            checkpoint_cosignature_and_labelled_ones_are_never_each_other),
        cmocka_unit_test(the_empty_log_has_a_head_and_heads_compare_by_value),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

/* test_proof.c - tlog-proofs: what a stranger can check, and nothing looser. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/base64.h"
#include "crypto/proof.h"
#include "tests/unit/signed_log.h"
#include "tests/unit/vectors.h"

#define HEADER "c2sp.org/tlog-proof@v1\n"
#define EXTRA "extra aGVsbG8=\n"
#define PATH LOG_LEAF_0 "\n" LOG_LEAF_2 "\n"
#define PROOF HEADER EXTRA "index 1\n" PATH "\n" LOG_NOTE

/* Parsed and verified for leaf `index`, both keys known. */
static enum status
verify(const struct signed_log *log, struct span text, uint64_t index)
{
    struct note_signatures found;
    struct proof           proof;
    struct digest          leaf;
    enum status            st = proof_parse(text, &proof);

    if (st != STATUS_OK)
        return st;
    log_leaf(index, &leaf);
    return proof_verify(&proof, &leaf, log->log.public_key, &log->known,
                        &found);
}

static struct merkle_proof
path_of_leaf_1(void)
{
    struct merkle_proof path = {.count = 2};

    log_leaf(0, &path.nodes[0]);
    log_leaf(2, &path.nodes[1]);
    return path;
}

static void
a_proof_is_written_as_another_program_writes_it(void **state)
{
    struct merkle_proof path = path_of_leaf_1();
    uint8_t             buffer[LIMIT_PROOF];
    struct writer       out = writer_of(buffer, sizeof(buffer));

    (void)state;
    assert_int_equal(proof_write(1, &path, span_text("hello"),
                                 span_text(LOG_NOTE), &out),
                     STATUS_OK);
    assert_true(span_equal(writer_span(&out), span_text(PROOF)));
    out = writer_of(buffer, strlen(PROOF) - 1);
    assert_int_equal(proof_write(1, &path, span_text("hello"),
                                 span_text(LOG_NOTE), &out),
                     STATUS_TOO_LARGE);
}

static void
a_proof_gives_its_index_extra_and_signatures_back(void **state)
{
    struct signed_log      log = signed_log();
    struct note_signatures found = {0};
    struct proof           proof;
    struct digest          leaf;
    uint8_t                extra[16];
    size_t                 extra_len = 0;

    (void)state;
    assert_int_equal(proof_parse(span_text(PROOF), &proof), STATUS_OK);
    assert_int_equal(proof.index, 1);
    assert_int_equal(proof.inclusion.count, 2);
    assert_int_equal(
        base64_decode(proof.extra, extra, sizeof(extra), &extra_len),
        STATUS_OK);
    assert_int_equal(extra_len, 5);
    assert_memory_equal(extra, "hello", 5);
    log_leaf(1, &leaf);
    assert_int_equal(proof_verify(&proof, &leaf, log.log.public_key, &log.known,
                                  &found),
                     STATUS_OK);
    assert_true(found.cosigned);
    assert_int_equal(found.cosignature.time_s, LOG_TIME_S);
}

static void
a_proof_holds_for_its_leaf_and_index_alone(void **state)
{
    struct signed_log log = signed_log();

    (void)state;
    assert_int_equal(verify(&log, span_text(PROOF), 1), STATUS_OK);
    assert_int_equal(verify(&log, span_text(PROOF), 0), STATUS_BAD_PROOF);
    assert_int_equal(verify(&log, span_text(PROOF), 2), STATUS_BAD_PROOF);
    assert_int_equal(
        verify(&log, span_text(HEADER "index 0\n" PATH "\n" LOG_NOTE), 1),
        STATUS_BAD_PROOF);
    assert_int_equal(
        verify(&log, span_text(HEADER "index 3\n" PATH "\n" LOG_NOTE), 1),
        STATUS_BAD_PROOF);
    /* the extra line is nobody's word: without it the proof still holds */
    assert_int_equal(
        verify(&log, span_text(HEADER "index 1\n" PATH "\n" LOG_NOTE), 1),
        STATUS_OK);
}

static void
a_good_path_under_a_note_that_does_not_verify_proves_nothing(void **state)
{
    struct signed_log log = signed_log();
    struct signed_log other = signed_log();

    (void)state;
    other.log = log.witness;
    assert_int_equal(verify(&other, span_text(PROOF), 1), STATUS_BAD_PROOF);
    assert_int_equal(
        verify(&log,
               span_text(HEADER "index 1\n" PATH "\n" LOG_TEXT
                                "\n" LOG_WITNESS_LINE),
               1),
        STATUS_BAD_PROOF);
}

static void
a_log_of_one_leaf_has_an_empty_path(void **state)
{
    struct signed_log   log = signed_log();
    struct merkle_proof none = {0};
    uint8_t             note_buffer[LIMIT_NOTE];
    struct writer       note = writer_of(note_buffer, sizeof(note_buffer));
    uint8_t             buffer[LIMIT_PROOF];
    struct writer       out = writer_of(buffer, sizeof(buffer));

    (void)state;
    log.head.size = 1;
    log_leaf(0, &log.head.root);
    checkpoint_sign(log_origin(), &log.head, &log.log,
                    log.signatures.log_signature);
    log.signatures.cosigned = false;
    assert_int_equal(note_write(log_origin(), &log.head, log.log.public_key,
                                NULL, &log.signatures, &note),
                     STATUS_OK);
    assert_int_equal(
        proof_write(0, &none, SPAN_EMPTY, writer_span(&note), &out),
        STATUS_OK);
    assert_int_equal(verify(&log, writer_span(&out), 0), STATUS_OK);
    assert_int_equal(verify(&log, writer_span(&out), 1), STATUS_BAD_PROOF);
}

static void
every_prefix_is_refused_but_the_one_without_the_witness(void **state)
{
    struct signed_log log = signed_log();
    struct span       whole = span_text(PROOF);
    size_t            unwitnessed = whole.len - strlen(LOG_WITNESS_LINE);

    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_int_equal(verify(&log, (struct span){whole.ptr, len}, 1),
                         len == unwitnessed ? STATUS_OK : STATUS_BAD_ENCODING);
}

/* Writes what was parsed from `text` again, before its last note_len bytes. */
static void
assert_writes_again(struct span text, size_t note_len)
{
    struct proof  proof;
    uint8_t       extra[LIMIT_PROOF_EXTRA];
    size_t        extra_len = 0;
    uint8_t       buffer[LIMIT_PROOF];
    struct writer out = writer_of(buffer, sizeof(buffer));
    struct span   note = {text.ptr + text.len - note_len, note_len};

    assert_int_equal(proof_parse(text, &proof), STATUS_OK);
    assert_int_equal(
        base64_decode(proof.extra, extra, sizeof(extra), &extra_len),
        STATUS_OK);
    assert_int_equal(proof_write(proof.index, &proof.inclusion,
                                 (struct span){extra, extra_len}, note, &out),
                     STATUS_OK);
    assert_true(span_equal(writer_span(&out), text));
}

static void
what_parses_after_a_flipped_bit_is_written_again_to_the_same_bytes(
    void **state)
{
    struct vector text = {.len = strlen(PROOF)};
    size_t        note_len = strlen(LOG_NOTE);
    size_t        parsed = 0;

    (void)state;
    memcpy(text.bytes, PROOF, text.len);
    for (size_t bit = 0; bit < 8 * (text.len - note_len); bit++) {
        struct proof proof;

        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (proof_parse(vector_span(&text), &proof) == STATUS_OK) {
            assert_writes_again(vector_span(&text), note_len);
            parsed++;
        }
        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_true(parsed > 0);
}

static void
any_bit_flipped_before_the_note_is_refused_but_in_extra(void **state)
{
    struct signed_log log = signed_log();
    struct vector     text = {.len = strlen(PROOF)};
    size_t            note = text.len - strlen(LOG_NOTE);
    size_t            extra = strlen(HEADER "extra ");
    size_t            extra_end = strlen(HEADER EXTRA) - 1;

    (void)state;
    memcpy(text.bytes, PROOF, text.len);
    for (size_t bit = 0; bit < 8 * note; bit++) {
        enum status st;

        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        st = verify(&log, vector_span(&text), 1);
        if (bit / 8 >= extra && bit / 8 < extra_end)
            assert_true(st == STATUS_OK || st == STATUS_BAD_ENCODING);
        else
            assert_true(st == STATUS_BAD_PROOF || st == STATUS_BAD_ENCODING);
        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static void
a_second_spelling_of_anything_is_refused(void **state)
{
    static const char *const bad[] = {
        "c2sp.org/tlog-proof@v2\nindex 1\n" PATH "\n" LOG_NOTE,
        "c2sp.org/tlog-proof@v1 \nindex 1\n" PATH "\n" LOG_NOTE,
        HEADER "index 01\n" PATH "\n" LOG_NOTE,
        HEADER "index  1\n" PATH "\n" LOG_NOTE,
        HEADER "index -1\n" PATH "\n" LOG_NOTE,
        HEADER "index 9223372036854775808\n" PATH "\n" LOG_NOTE,
        HEADER "Index 1\n" PATH "\n" LOG_NOTE,
        HEADER "extra \nindex 1\n" PATH "\n" LOG_NOTE,
        HEADER "extra aGVsbG9=\nindex 1\n" PATH "\n" LOG_NOTE,
        HEADER "extra aGVsbG8\nindex 1\n" PATH "\n" LOG_NOTE,
        HEADER EXTRA EXTRA "index 1\n" PATH "\n" LOG_NOTE,
        HEADER "index 1\n" EXTRA PATH "\n" LOG_NOTE,
        HEADER "index 1\n" PATH LOG_NOTE,
        HEADER "index 1\n" PATH "\n\n" LOG_NOTE,
        HEADER "index 1\nAAAA\n" PATH "\n" LOG_NOTE,
        HEADER "index 1\n" PATH "\n" LOG_NOTE "\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct proof proof;

        if (proof_parse(span_text(bad[i]), &proof) != STATUS_BAD_ENCODING)
            fail_msg("%s", bad[i]);
    }
}

static void
the_largest_proof_is_read_back_and_a_larger_one_refused(void **state)
{
    static uint8_t             extra[LIMIT_PROOF_EXTRA + 1];
    static struct merkle_proof path = {.count = MERKLE_PROOF_MAX};
    static uint8_t             buffer[LIMIT_PROOF + 1];
    struct writer              out = writer_of(buffer, sizeof(buffer));
    struct proof               proof;
    struct span                largest = {extra, LIMIT_PROOF_EXTRA};

    (void)state;
    assert_int_equal(proof_write(LIMIT_TREE - 1, &path, largest,
                                 span_text(LOG_NOTE), &out),
                     STATUS_OK);
    assert_int_equal(proof_parse(writer_span(&out), &proof), STATUS_OK);
    assert_int_equal(proof.inclusion.count, MERKLE_PROOF_MAX);
    assert_true(proof.index == LIMIT_TREE - 1);
    assert_int_equal(proof_write(0, &path, SPAN_OF(extra), span_text(LOG_NOTE),
                                 &out),
                     STATUS_TOO_LARGE);
    assert_int_equal(proof_parse(SPAN_OF(buffer), &proof), STATUS_TOO_LARGE);
}

static void
more_digests_than_any_log_is_high_are_refused(void **state)
{
    static uint8_t buffer[LIMIT_PROOF];
    struct writer  out = writer_of(buffer, sizeof(buffer));
    struct proof   proof;

    (void)state;
    writer_put(&out, span_text(HEADER "index 1\n"));
    for (size_t i = 0; i <= MERKLE_PROOF_MAX; i++)
        writer_put(&out, span_text(LOG_LEAF_0 "\n"));
    writer_put(&out, span_text("\n" LOG_NOTE));
    assert_int_equal(proof_parse(writer_span(&out), &proof),
                     STATUS_BAD_ENCODING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proof_is_written_as_another_program_writes_it),
        cmocka_unit_test(a_proof_gives_its_index_extra_and_signatures_back),
        cmocka_unit_test(a_proof_holds_for_its_leaf_and_index_alone),
        cmocka_unit_test(
            a_good_path_under_a_note_that_does_not_verify_proves_nothing),
        cmocka_unit_test(a_log_of_one_leaf_has_an_empty_path),
        cmocka_unit_test(
            every_prefix_is_refused_but_the_one_without_the_witness),
        cmocka_unit_test(
            what_parses_after_a_flipped_bit_is_written_again_to_the_same_bytes),
        cmocka_unit_test(
            any_bit_flipped_before_the_note_is_refused_but_in_extra),
        cmocka_unit_test(a_second_spelling_of_anything_is_refused),
        cmocka_unit_test(
            the_largest_proof_is_read_back_and_a_larger_one_refused),
        cmocka_unit_test(more_digests_than_any_log_is_high_are_refused),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

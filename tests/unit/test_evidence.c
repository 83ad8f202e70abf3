/* test_evidence.c - what an evidence file proves, and each way it fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/evidence_world.h"

struct bench {
    struct evidence_world  *world;
    struct evidence_report *report;
    uint8_t                *room;
};

static int
set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));

    assert_non_null(bench);
    bench->world = evidence_world();
    bench->report = malloc(sizeof(*bench->report));
    bench->room = malloc(EVIDENCE_ROOM);
    assert_non_null(bench->report);
    assert_non_null(bench->room);
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct bench *bench = *state;

    free(bench->world);
    free(bench->report);
    free(bench->room);
    free(bench);
    return 0;
}

static enum status
verify(struct bench *bench, struct span text)
{
    struct strict_arena arena = strict_arena_of(bench->room, EVIDENCE_ROOM);

    return evidence_verify(text, &arena, bench->report);
}

/* The world's values, written again and verified. */
static enum status
verify_world(struct bench *bench)
{
    write_world(bench->world);
    return verify(bench, text_of_world(bench->world));
}

/* That the first step that fails is this one of this part. */
static void
assert_fails_at(struct bench *bench, enum status st, enum evidence_check check,
                size_t part)
{
    const struct evidence_step *last;

    assert_int_equal(verify_world(bench), st);
    assert_true(bench->report->step_count > 0);
    last = &bench->report->steps[bench->report->step_count - 1];
    assert_string_equal(evidence_check_name(last->check),
                        evidence_check_name(check));
    assert_int_equal(last->part, part);
    assert_int_equal(last->st, st);
    for (size_t i = 0; i + 1 < bench->report->step_count; i++)
        assert_int_equal(bench->report->steps[i].st, STATUS_OK);
}

/* --- what is proven ------------------------------------------------------- */

static void
a_good_file_proves_message_receipt_and_answers(void **state)
{
    struct bench                 *bench = *state;
    const struct evidence_report *report = bench->report;
    const struct evidence_part   *message = &report->parts[0];

    assert_int_equal(verify_world(bench), STATUS_OK);
    assert_int_equal(report->part_count, 3);
    assert_true(span_equal(message->origin_text, span_text(ORIGIN)));
    assert_int_equal(message->index, 1);
    assert_int_equal(message->writer, 0);
    assert_true(message->receipted);
    assert_int_equal(message->reader, 1);
    assert_int_equal(message->time_s, EXAMPLE_COSIGNED_S);
    assert_true(message->opened);
    assert_true(span_equal(message->plain,
                           (struct span){bench->world->log.plaintext,
                                         bench->world->log.plaintext_len}));
    assert_false(report->parts[1].receipted);
    assert_int_equal(report->parts[1].writer, 1);
    assert_int_equal(report->said_count, 3);
    assert_int_equal(report->said[1].verdict,
                     ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED);
    assert_int_equal(report->said[1].part, 2);
    assert_string_equal(report->said[1].by, "Watch");
    assert_string_equal(report->said[1].why, "A patrol boat has left.");
    assert_int_equal(report->said[1].time_ms, EXAMPLE_MS);
    assert_int_equal(report->said[2].verdict, ENTENTE__ANSWER__VERDICT__READ);
}

static void
each_step_is_told_with_what_it_is_of(void **state)
{
    struct bench *bench = *state;
    char          words[1024] = "";

    assert_int_equal(verify_world(bench), STATUS_OK);
    for (size_t i = 0; i < bench->report->step_count; i++) {
        const struct evidence_step *step = &bench->report->steps[i];
        size_t                      at = strlen(words);

        snprintf(words + at, sizeof(words) - at, "%s %zu, ",
                 evidence_check_name(step->check), step->part);
    }
    assert_string_equal(
        words,
        "FORM 0, CERTIFICATE 0, CERTIFICATE 1, PARTIES 0, "
        "PROOF 0, ORIGIN 0, HEAD 0, RECEIPT 0, LEAF 0, INCLUDED 0, BODY 0, "
        "KEY 0, OPENED 0, "
        "PROOF 1, ORIGIN 1, HEAD 1, LEAF 1, INCLUDED 1, BODY 1, KEY 1, "
        "OPENED 1, ANSWERS 1, "
        "PROOF 2, ORIGIN 2, HEAD 2, LEAF 2, INCLUDED 2, BODY 2, KEY 2, "
        "OPENED 2, ANSWERS 2, NEEDED 0, ");
}

static void
without_its_key_it_proves_existence_and_receipt_and_opens_nothing(void **state)
{
    struct bench               *bench = *state;
    const struct evidence_part *message = &bench->report->parts[0];
    char                        key[BASE64_LEN(LIMIT_KEY) + 1];
    struct writer               to = writer_of((uint8_t *)key, sizeof(key));

    base64_encode(SPAN_OF(bench->world->log.content_key.bytes), &to);
    writer_u8(&to, '\0');
    bench->world->evidence.message.disclosed = false;
    bench->world->evidence.answer_count = 0;
    assert_int_equal(verify_world(bench), STATUS_OK);
    assert_true(message->receipted);
    assert_false(message->opened);
    assert_int_equal(message->plain.len, 0);
    bench->world->text[bench->world->len] = '\0';
    assert_null(strstr((char *)bench->world->text, key));
}

static void
a_file_without_a_receipt_says_so(void **state)
{
    struct bench         *bench = *state;
    struct evidence_world *world = bench->world;
    struct sign_key        a = log_key();

    world->evidence.message.proof =
        proof_of(world->log.origin, world->log.leaves, 2, 1, &a, NULL, NULL,
                 world->proofs[0]);
    assert_int_equal(verify_world(bench), STATUS_OK);
    assert_false(bench->report->parts[0].receipted);
}

/* --- each step can fail --------------------------------------------------- */

static void
another_node_s_certificate_does_not_belong(void **state)
{
    struct bench *bench = *state;
    struct cert   cert = cert_of_b();

    cert.node.bytes[0] ^= 1;
    bench->world->certs[1] = cert_bytes_of(&cert, 0xb1);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ORIGIN, 0);
}

static void
two_certificates_of_one_node_are_no_two_parties(void **state)
{
    struct bench *bench = *state;

    bench->world->certs[1] = bench->world->certs[0];
    bench->world->evidence.certificates[1] =
        cert_span(&bench->world->certs[1]);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_PARTIES, 0);
}

static void
a_certificate_that_its_organisation_did_not_sign_fails(void **state)
{
    struct bench *bench = *state;

    bench->world->certs[1].bytes[50] ^= 1;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_CERTIFICATE, 1);
}

static void
the_second_party_s_keys_sign_nothing_for_the_first(void **state)
{
    struct bench  *bench = *state;
    struct cert    cert = good_cert();
    struct cert    other = cert_of_b();

    memcpy(cert.log_key, other.log_key, LIMIT_KEY);
    bench->world->certs[0] = cert_bytes_of(&cert, 0xa0);
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_HEAD, 0);
}

static void
a_receipt_by_another_key_fails(void **state)
{
    struct bench *bench = *state;
    struct cert   cert = cert_of_b();

    memcpy(cert.witness_key, sign_key_from(0xe2).public_key, LIMIT_KEY);
    bench->world->certs[1] = cert_bytes_of(&cert, 0xb1);
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_RECEIPT, 0);
}

static void
an_extra_line_in_the_proof_fails(void **state)
{
    struct bench   *bench = *state;
    struct span     proof = bench->world->evidence.message.proof;
    size_t          at = sizeof("c2sp.org/tlog-proof@v1");
    static uint8_t  text[LIMIT_PROOF];
    struct writer   to = writer_of(text, sizeof(text));

    writer_put(&to, (struct span){proof.ptr, at});
    writer_put(&to, span_text("extra aGVsbG8=\n"));
    writer_put(&to, (struct span){proof.ptr + at, proof.len - at});
    bench->world->evidence.message.proof = writer_span(&to);
    assert_fails_at(bench, STATUS_BAD_ENCODING, EVIDENCE_PROOF, 0);
}

static void
a_signature_of_a_stranger_in_the_note_fails(void **state)
{
    struct bench  *bench = *state;
    static uint8_t text[LIMIT_PROOF];
    struct writer  to = writer_of(text, sizeof(text));

    writer_put(&to, bench->world->evidence.message.proof);
    writer_put(&to, span_text("\u2014 example.com AAAAAAAAAAAA\n"));
    bench->world->evidence.message.proof = writer_span(&to);
    assert_fails_at(bench, STATUS_BAD_ENCODING, EVIDENCE_PROOF, 0);
}

static void
an_entry_of_another_class_is_no_message(void **state)
{
    struct bench          *bench = *state;
    struct evidence_entry *message = &bench->world->evidence.message;

    memcpy(message->leaf, bench->world->log.leaves[0], LEAF_LEN);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_LEAF, 0);
}

static void
a_leaf_that_is_not_at_that_index_fails(void **state)
{
    struct bench          *bench = *state;
    struct evidence_entry *message = &bench->world->evidence.message;

    message->leaf[16] ^= 1;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_INCLUDED, 0);
}

static void
another_body_salt_ephemeral_or_first_index_fails(void **state)
{
    struct bench          *bench = *state;
    struct evidence_entry *message = &bench->world->evidence.message;

    message->salt[0] ^= 1;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_BODY, 0);
    message->salt[0] ^= 1;
    message->ephemeral[31] ^= 1;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_BODY, 0);
    message->ephemeral[31] ^= 1;
    message->first++;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_BODY, 0);
    message->first--;
    message->body.len--;
    assert_fails_at(bench, STATUS_BAD_PROOF, EVIDENCE_BODY, 0);
    message->body.len++;
    assert_int_equal(verify_world(bench), STATUS_OK);
}

static void
another_key_fails_before_anything_is_opened_by_it(void **state)
{
    struct bench *bench = *state;

    bench->world->evidence.message.content_key.bytes[0] ^= 1;
    assert_fails_at(bench, STATUS_UNOPENED, EVIDENCE_KEY, 0);
}

static void
an_answer_about_another_message_fails(void **state)
{
    struct bench *bench = *state;

    add_answer(bench->world, 1, 2, ENTENTE__ANSWER__VERDICT__ACCEPTED, "", "");
    prove_back(bench->world);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ANSWERS, 1);
}

static void
an_answer_that_breaks_a_rule_of_its_own_says_nothing(void **state)
{
    struct bench *bench = *state;

    add_answer(bench->world, 1, 1, ENTENTE__ANSWER__VERDICT__COMPLETE, "", "");
    prove_back(bench->world);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ANSWERS, 1);
}

static void
an_answer_without_its_key_says_nothing(void **state)
{
    struct bench *bench = *state;

    bench->world->evidence.answers[0].disclosed = false;
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ANSWERS, 1);
}

static void
answers_stand_in_order_and_once(void **state)
{
    struct bench         *bench = *state;
    struct evidence_entry first = bench->world->evidence.answers[0];

    bench->world->evidence.answers[0] = bench->world->evidence.answers[1];
    bench->world->evidence.answers[1] = first;
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ANSWERS, 2);
    bench->world->evidence.answers[0] = first;
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ANSWERS, 2);
}

static void
the_sender_s_own_entry_is_no_answer(void **state)
{
    struct bench *bench = *state;

    bench->world->evidence.answers[0] = bench->world->evidence.message;
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_ORIGIN, 1);
}

static void
a_further_certificate_is_there_for_a_signature_or_not_at_all(void **state)
{
    struct bench       *bench = *state;
    struct evidence    *evidence = &bench->world->evidence;
    struct cert         next = cert_of_b();
    struct cert_encoded bytes;
    struct sign_key     key = sign_key_from(0xc2);

    next.serial = 2;
    memcpy(next.log_key, key.public_key, LIMIT_KEY);
    bytes = cert_bytes_of(&next, 0xb1);
    evidence->certificates[evidence->certificate_count++] = cert_span(&bytes);
    assert_fails_at(bench, STATUS_BAD_FIELD, EVIDENCE_NEEDED, 0);
    evidence->answers[1].proof =
        proof_of(span_text(ORIGIN_BACK), bench->world->leaves, BACK_LEAVES, 2,
                 &key, NULL, NULL, bench->world->proofs[2]);
    assert_int_equal(verify_world(bench), STATUS_OK);
    assert_int_equal(bench->report->parts[1].writer, 1);
    assert_int_equal(bench->report->parts[2].writer, 2);
    memcpy(next.org_key, sign_key_from(0xb2).public_key, LIMIT_KEY);
    bytes = cert_bytes_of(&next, 0xb2);
    evidence->certificates[2] = cert_span(&bytes);
    assert_fails_at(bench, STATUS_UNTRUSTED, EVIDENCE_PARTIES, 0);
}

/* --- no changed file passes ----------------------------------------------- */

static void
no_byte_can_be_changed_removed_or_doubled(void **state)
{
    struct bench          *bench = *state;
    static uint8_t         text[EVIDENCE_TEXT_MAX + 1];
    const struct span      good = text_of_world(bench->world);
    static const uint8_t   flips[] = {0x01, 0x02, 0x20, 0x80};

    assert_int_equal(verify(bench, good), STATUS_OK);
    for (size_t at = 0; at < good.len; at++) {
        memcpy(text, good.ptr, good.len);
        for (size_t i = 0; i < sizeof(flips); i++) {
            text[at] = good.ptr[at] ^ flips[i];
            if (verify(bench, (struct span){text, good.len}) == STATUS_OK)
                fail_msg("byte %zu changed by %02x passes", at, flips[i]);
        }
        memcpy(text + at, good.ptr + at + 1, good.len - at - 1);
        if (verify(bench, (struct span){text, good.len - 1}) == STATUS_OK)
            fail_msg("without byte %zu it passes", at);
        memcpy(text + at + 1, good.ptr + at, good.len - at);
        text[at] = good.ptr[at];
        if (verify(bench, (struct span){text, good.len + 1}) == STATUS_OK)
            fail_msg("with byte %zu twice it passes", at);
    }
}

/* Without the line of a receipt it is a file without a receipt. */
static void
assert_receipt_is_gone(const struct bench *bench, struct span line)
{
    struct span name = span_text("\u2014 entente/v1/witness/");

    if (line.len < name.len ||
        !span_equal((struct span){line.ptr, name.len}, name))
        fail_msg("without this line it passes: %.*s", (int)line.len, line.ptr);
    assert_false(bench->report->parts[0].receipted);
}

static void
every_prefix_is_refused_and_every_line_left_out_or_doubled(void **state)
{
    struct bench     *bench = *state;
    static uint8_t    text[2 * EVIDENCE_TEXT_MAX];
    const struct span good = text_of_world(bench->world);
    size_t            line = 0;

    for (size_t len = 0; len < good.len; len++) {
        struct writer to = writer_of(text, sizeof(text));

        if (verify(bench, (struct span){good.ptr, len}) == STATUS_OK)
            fail_msg("the first %zu bytes pass", len);
        if (good.ptr[len] != '\n')
            continue;
        writer_put(&to, (struct span){good.ptr, line});
        writer_put(&to, (struct span){good.ptr + len + 1, good.len - len - 1});
        if (verify(bench, writer_span(&to)) == STATUS_OK)
            assert_receipt_is_gone(
                bench, (struct span){good.ptr + line, len - line});
        to = writer_of(text, sizeof(text));
        writer_put(&to, (struct span){good.ptr, len + 1});
        writer_put(&to, (struct span){good.ptr + line, good.len - line});
        if (verify(bench, writer_span(&to)) == STATUS_OK)
            fail_msg("with the line at %zu twice it passes", line);
        line = len + 1;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_good_file_proves_message_receipt_and_answers),
        TEST(each_step_is_told_with_what_it_is_of),
        TEST(without_its_key_it_proves_existence_and_receipt_and_opens_nothing),
        TEST(a_file_without_a_receipt_says_so),
        TEST(another_node_s_certificate_does_not_belong),
        TEST(two_certificates_of_one_node_are_no_two_parties),
        TEST(a_certificate_that_its_organisation_did_not_sign_fails),
        TEST(the_second_party_s_keys_sign_nothing_for_the_first),
        TEST(a_receipt_by_another_key_fails),
        TEST(an_extra_line_in_the_proof_fails),
        TEST(a_signature_of_a_stranger_in_the_note_fails),
        TEST(an_entry_of_another_class_is_no_message),
        TEST(a_leaf_that_is_not_at_that_index_fails),
        TEST(another_body_salt_ephemeral_or_first_index_fails),
        TEST(another_key_fails_before_anything_is_opened_by_it),
        TEST(an_answer_about_another_message_fails),
        TEST(an_answer_that_breaks_a_rule_of_its_own_says_nothing),
        TEST(an_answer_without_its_key_says_nothing),
        TEST(answers_stand_in_order_and_once),
        TEST(the_sender_s_own_entry_is_no_answer),
        TEST(a_further_certificate_is_there_for_a_signature_or_not_at_all),
        TEST(no_byte_can_be_changed_removed_or_doubled),
        TEST(every_prefix_is_refused_and_every_line_left_out_or_doubled),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

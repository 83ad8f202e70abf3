/*
 * test_protocol_entries.c - PROTOCOL.md's examples of entries and heads.
 *
 * Where a formula stands in PROTOCOL.md it is computed here once more from
 * its parts, and must give what the code gave.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/export.h"
#include "crypto/proof.h"
#include "node/core/message/message.h"
#include "tests/unit/evidence_world.h"

#include <sodium.h>

/* --- entries -------------------------------------------------------------- */

static void
the_origin_has_one_spelling(void **state)
{
    static struct lines_text out;
    struct origin            origin;

    (void)state;
    assert_int_equal(origin_parse(span_text(ORIGIN), &origin), STATUS_OK);
    page_line(&out, "%s", ORIGIN);
    page_block("entry/origin", out.text);
}

static void
an_unsealed_entry_is_its_body_and_its_leaf(void **state)
{
    struct example_log log = example_log();

    (void)state;
    page_hex("entry/open-body",
             (struct span){log.open_body, log.open_body_len});
    page_hex("entry/open-leaf", SPAN_OF(log.leaves[0]));
}

static void
the_message_is_one_that_a_peer_accepts(void **state)
{
    static uint8_t              memory[65536];
    static struct message_faults faults;
    struct example_log          log = example_log();
    struct strict_arena arena = strict_arena_of(memory, sizeof(memory));
    Entente__Message   *message;

    (void)state;
    page_hex("entry/author", (struct span){log.author, log.author_len});
    page_hex("entry/plaintext",
             (struct span){log.plaintext, log.plaintext_len});
    assert_int_equal(
        message_parse((struct span){log.plaintext, log.plaintext_len},
                      MESSAGE_SENT, &arena, &message, &faults),
        STATUS_OK);
    assert_int_equal(message->number, 1);
}

static void
padme_is_as_written(void **state)
{
    static const size_t      lengths[] = {1,   2,   7,    8,    9,    20,
                                          100, 255, 1000, 1025, 9000, 65535};
    static struct lines_text out;

    (void)state;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        page_line(&out, "%6zu %6zu", lengths[i],
                  seal_padded_len(lengths[i] - 1));
    page_block("entry/padme", out.text);
}

/* 5.2, from its parts. */
static void
the_batch_secret_is_the_formula(void **state)
{
    static struct lines_text out;
    struct example_log       log = example_log();
    struct secret32          shared, prk, secret;
    uint8_t                  buffer[512];
    struct writer            info = writer_of(buffer, sizeof(buffer));

    (void)state;
    writer_put(&info, span_text("entente/v1/batch"));
    writer_u8(&info, 0);
    writer_put16(&info, log.origin);
    writer_u16(&info, 1);
    writer_u32(&info, 1);
    writer_put(&info, SPAN_OF(log.sealing.public_key));
    writer_put(&info, SPAN_OF(log.ephemeral.public_key));
    writer_put(&info, SPAN_OF(log.batch.salt));
    writer_u64(&info, 1);
    assert_int_equal(dh_shared(&log.sealing.secret, log.ephemeral.public_key,
                               &shared),
                     STATUS_OK);
    hkdf_extract(SPAN_OF(log.pair_secret.bytes), SPAN_OF(shared.bytes), &prk);
    assert_int_equal(hkdf_expand(&prk, writer_span(&info), secret.bytes,
                                 LIMIT_KEY),
                     STATUS_OK);
    assert_memory_equal(secret.bytes, log.batch_secret.bytes, LIMIT_KEY);
    page_line_hex(&out, "info", writer_span(&info));
    page_line_hex(&out, "DH", SPAN_OF(shared.bytes));
    page_line_hex(&out, "HKDF extract", SPAN_OF(prk.bytes));
    page_line_hex(&out, "batch secret", SPAN_OF(secret.bytes));
    page_block("entry/batch", out.text);
}

/* K of 1.2, by libsodium alone. */
static void
derive(const uint8_t *key, const char *label, struct span context,
       uint8_t *out)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, key, 32, 32);
    crypto_generichash_update(&state, (const uint8_t *)label,
                              strlen(label) + 1);
    crypto_generichash_update(&state, context.ptr, context.len);
    crypto_generichash_final(&state, out, 32);
}

/* 5.3 and 5.4, from their parts. */
static void
keys_and_body_of_an_entry_are_the_formulas(void **state)
{
    static const uint8_t     nonce[12], index[8] = {0, 0, 0, 0, 0, 0, 0, 1};
    static struct lines_text out;
    struct example_log       log = example_log();
    uint8_t       content[32], aead[32], commitment[32], buffer[512];
    uint8_t       opened[2048];
    struct writer data = writer_of(buffer, sizeof(buffer));

    (void)state;
    derive(log.batch_secret.bytes, "entente/v1/content", SPAN_OF(index),
           content);
    derive(content, "entente/v1/aead", SPAN_EMPTY, aead);
    derive(content, "entente/v1/commitment", SPAN_EMPTY, commitment);
    writer_put(&data, span_text("entente/v1/body"));
    writer_u8(&data, 0);
    writer_put16(&data, log.origin);
    writer_put(&data, SPAN_OF(index));
    writer_put(&data, (struct span){log.leaves[1], 48});
    assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(
                         opened, NULL, NULL, log.body, log.body_len,
                         buffer, data.len, nonce, aead),
                     0);
    assert_memory_equal(opened, log.plaintext, log.plaintext_len);
    assert_int_equal(opened[log.plaintext_len], 0x80);
    assert_memory_equal(commitment, log.leaf.commitment, 32);
    page_line_hex(&out, "content key", SPAN_OF(content));
    page_line_hex(&out, "AEAD key", SPAN_OF(aead));
    page_line_hex(&out, "commitment", SPAN_OF(commitment));
    page_line_hex(&out, "data", writer_span(&data));
    page_block("entry/keys", out.text);
    page_hex("entry/body", (struct span){log.body, log.body_len});
}

/* 4.3, from its parts. */
static void
digests_are_the_formulas(void **state)
{
    struct example_log log = example_log();
    struct hash        hash;
    struct digest      digest;

    (void)state;
    hash_init(&hash, LABEL_ENTRY);
    hash_span16(&hash, log.origin);
    hash_u64(&hash, 0);
    hash_span(&hash, (struct span){log.open_body, log.open_body_len});
    hash_end(&hash, &digest);
    assert_memory_equal(log.leaves[0] + 48, digest.bytes, LIMIT_DIGEST);
    hash_init(&hash, LABEL_ENTRY);
    hash_span16(&hash, log.origin);
    hash_u64(&hash, 1);
    hash_u64(&hash, 1);
    hash_span(&hash, SPAN_OF(log.ephemeral.public_key));
    hash_span(&hash, SPAN_OF(log.batch.salt));
    hash_span(&hash, (struct span){log.body, log.body_len});
    hash_end(&hash, &digest);
    assert_memory_equal(log.leaves[1] + 48, digest.bytes, LIMIT_DIGEST);
    page_hex("entry/leaf", SPAN_OF(log.leaves[1]));
}

/* --- heads ---------------------------------------------------------------- */

static void
the_tree_is_over_the_leaves(void **state)
{
    static struct lines_text out;
    struct example_log       log = example_log();

    (void)state;
    page_line_hex(&out, "leaf hash 0", SPAN_OF(log.hashes[0].bytes));
    page_line_hex(&out, "leaf hash 1", SPAN_OF(log.hashes[1].bytes));
    page_line_hex(&out, "root of 1", SPAN_OF(log.heads[0].root.bytes));
    page_line_hex(&out, "root of 2", SPAN_OF(log.heads[1].root.bytes));
    page_block("head/tree", out.text);
}

static void
signatures_are_over_the_texts(void **state)
{
    static char        text[2 * CHECKPOINT_TEXT_MAX];
    struct example_log log = example_log();
    uint8_t            checkpoint[CHECKPOINT_TEXT_MAX];
    struct writer      to = writer_of(checkpoint, sizeof(checkpoint));
    struct sign_key    a = log_key(), b = sign_key_from(0xe1);

    (void)state;
    assert_int_equal(checkpoint_text(log.origin, &log.heads[1], &to),
                     STATUS_OK);
    snprintf(text, sizeof(text), "%.*s", (int)to.len, (char *)checkpoint);
    page_block("head/checkpoint", text);
    assert_int_equal(
        sign_raw_verify(a.public_key, span_text(text), log.signature),
        STATUS_OK);
    page_hex("head/signature", SPAN_OF(log.signature));
    snprintf(text, sizeof(text), "cosignature/v1\ntime %llu\n%.*s",
             EXAMPLE_COSIGNED_S, (int)to.len, (char *)checkpoint);
    page_block("head/cosigned", text);
    assert_int_equal(sign_raw_verify(b.public_key, span_text(text),
                                     log.cosignature.signature),
                     STATUS_OK);
    page_hex("head/cosignature", SPAN_OF(log.cosignature.signature));
}

static struct note_witness
witness_b(void)
{
    struct note_witness witness;

    count_from(0x10, witness.node.bytes, LIMIT_NODE_ID);
    memcpy(witness.public_key, sign_key_from(0xe1).public_key, LIMIT_KEY);
    return witness;
}

/* The note of the head of `size`, with a receipt unless it is at 0 s; ended
 * by a zero byte. */
static struct writer
note_of(const struct example_log *log, uint64_t size, uint64_t receipted_s,
        uint8_t out[static LIMIT_NOTE + 1])
{
    const struct head     *head = &log->heads[size - 1];
    struct sign_key        a = log_key(), b = sign_key_from(0xe1);
    struct note_witness    witness = witness_b();
    struct note_signatures signatures = {.cosigned = receipted_s != 0};
    struct writer          to = writer_of(out, LIMIT_NOTE);

    checkpoint_sign(log->origin, head, &a, signatures.log_signature);
    cosignature_sign(log->origin, head, receipted_s, &b,
                     &signatures.cosignature);
    assert_int_equal(note_write(log->origin, head, a.public_key,
                                receipted_s == 0 ? NULL : &witness,
                                &signatures, &to),
                     STATUS_OK);
    out[to.len] = '\0';
    return to;
}

static void
note_and_proof_are_as_c2sp_has_them(void **state)
{
    static uint8_t            note[LIMIT_NOTE + 1], text[LIMIT_PROOF + 1];
    const struct example_log  log = example_log();
    const struct note_witness witness = witness_b();
    struct writer             noted =
        note_of(&log, 2, EXAMPLE_COSIGNED_S, note);
    struct writer             to = writer_of(text, LIMIT_PROOF);
    struct merkle_proof       inclusion = {.count = 1,
                                           .nodes = {log.hashes[0]}};
    struct note_signatures    found;
    struct proof              proof;

    (void)state;
    page_block("head/note", (const char *)note);
    assert_int_equal(
        proof_write(1, &inclusion, SPAN_EMPTY, writer_span(&noted), &to),
        STATUS_OK);
    text[to.len] = '\0';
    page_block("head/proof", (const char *)text);
    assert_int_equal(proof_parse(writer_span(&to), &proof), STATUS_OK);
    assert_int_equal(proof_verify(&proof, &log.hashes[1], log_key().public_key,
                                  &witness, &found),
                     STATUS_OK);
}

static void
evidence_is_what_its_page_says_and_proves_it(void **state)
{
    struct evidence_world  *world = evidence_world();
    struct evidence_report *report = malloc(sizeof(*report));
    uint8_t                *room = malloc(EVIDENCE_ROOM);
    struct strict_arena     arena = strict_arena_of(room, EVIDENCE_ROOM);

    (void)state;
    assert_non_null(report);
    assert_non_null(room);
    world->evidence.answer_count = 0;
    write_world(world);
    world->text[world->len] = '\0';
    page_block("head/evidence", (const char *)world->text);
    assert_int_equal(evidence_verify(text_of_world(world), &arena, report),
                     STATUS_OK);
    free(room);
    free(report);
    free(world);
}

static void
an_export_is_what_its_page_says_and_verifies(void **state)
{
    static char         text[EVIDENCE_TEXT_MAX];
    static uint8_t      newest[LIMIT_NOTE + 1], smaller[LIMIT_NOTE + 1];
    struct example_log  log = example_log();
    struct cert         b = cert_of_b();
    struct cert_encoded own = good_cert_bytes();
    struct cert_encoded other = cert_bytes_of(&b, 0xb1);
    struct writer       out = writer_of((uint8_t *)text, sizeof(text) - 1);
    struct writer       head = note_of(&log, 2, 0, newest);
    struct writer       receipt = note_of(&log, 1, EXAMPLE_COSIGNED_S - 1,
                                          smaller);
    struct export_log   logs[1];
    struct export       export = {.logs = logs, .cap = 1};

    (void)state;
    assert_int_equal(export_begin(cert_span(&own), cert_span(&other), &out),
                     STATUS_OK);
    assert_int_equal(
        export_log(writer_span(&head), writer_span(&receipt), &out),
        STATUS_OK);
    for (size_t i = 0; i < 2; i++)
        export_leaf(log.leaves[i], &out);
    export_end_log(&out);
    export_end(&out);
    assert_int_equal(writer_end(&out), STATUS_OK);
    page_block("head/export", text);
    assert_int_equal(export_verify(writer_span(&out), &export), STATUS_OK);
    assert_int_equal(export.logs[0].head.size, 2);
    assert_int_equal(export.logs[0].cosigned.size, 1);
}

static void
verifier_keys_are_as_c2sp_has_them(void **state)
{
    static uint8_t           text[1024];
    struct writer            to = writer_of(text, sizeof(text) - 1);
    struct note_witness      witness = witness_b();
    struct note_witness_name name = note_witness_name(&witness.node);

    (void)state;
    note_verifier_key(span_text(ORIGIN), NOTE_ED25519, log_key().public_key,
                      &to);
    writer_put(&to, span_text("\n"));
    note_verifier_key(span_text(name.text), NOTE_COSIGNATURE,
                      witness.public_key, &to);
    writer_put(&to, span_text("\n"));
    assert_int_equal(writer_end(&to), STATUS_OK);
    page_block("head/verifier-keys", (const char *)text);
}

static void
no_block_of_these_areas_is_left_over(void **state)
{
    static const char *const areas[] = {"entry/", "head/"};

    (void)state;
    page_all_seen(areas, 2);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_origin_has_one_spelling),
        cmocka_unit_test(an_unsealed_entry_is_its_body_and_its_leaf),
        cmocka_unit_test(the_message_is_one_that_a_peer_accepts),
        cmocka_unit_test(padme_is_as_written),
        cmocka_unit_test(the_batch_secret_is_the_formula),
        cmocka_unit_test(keys_and_body_of_an_entry_are_the_formulas),
        cmocka_unit_test(digests_are_the_formulas),
        cmocka_unit_test(the_tree_is_over_the_leaves),
        cmocka_unit_test(signatures_are_over_the_texts),
        cmocka_unit_test(note_and_proof_are_as_c2sp_has_them),
        cmocka_unit_test(evidence_is_what_its_page_says_and_proves_it),
        cmocka_unit_test(an_export_is_what_its_page_says_and_verifies),
        cmocka_unit_test(verifier_keys_are_as_c2sp_has_them),
        cmocka_unit_test(no_block_of_these_areas_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}

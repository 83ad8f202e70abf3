/*
 * evidence_world.h - evidence of one message from A to B, the world of
 * PROTOCOL.md's examples, with two answers of B's.
 *
 * B's log back to A has an OPEN, an ANSWER (accepted, by the node) and an
 * ANSWER (acknowledged, by a post; and read).
 */
#ifndef TESTS_UNIT_EVIDENCE_WORLD_H
#define TESTS_UNIT_EVIDENCE_WORLD_H

#include "crypto/evidence.h"
#include "crypto/base64.h"
#include "crypto/proof.h"
#include "tests/unit/protocol_world.h"

#define ORIGIN_BACK                                                            \
    "entente/v1/101112131415161718191a1b1c1d1e1f/"                             \
    "000102030405060708090a0b0c0d0e0f/actual/wire/1-fedcba9876543210"

enum { EVIDENCE_TEXT_MAX = 65536, BACK_LEAVES = 3 };

struct evidence_world {
    struct example_log  log;
    struct cert_encoded certs[2];
    struct evidence     evidence;
    uint8_t             bodies[BACK_LEAVES][1024];
    uint8_t             proofs[BACK_LEAVES][LIMIT_PROOF];
    uint8_t             leaves[BACK_LEAVES][LEAF_LEN];
    uint8_t             text[EVIDENCE_TEXT_MAX];
    size_t              len;
};

static inline struct cert
cert_of_b(void)
{
    struct cert     cert = {.serial = 1,
                            .renew_by_ms = 1900000000000,
                            .country = "JP",
                            .node_name = "jmsdf",
                            .org_name = "JMSDF"};
    struct secret32 link = secret_from(0x12);

    count_from(0x10, cert.node.bytes, LIMIT_NODE_ID);
    memcpy(cert.org_key, sign_key_from(0xb1).public_key, LIMIT_KEY);
    memcpy(cert.log_key, sign_key_from(0xc1).public_key, LIMIT_KEY);
    memcpy(cert.witness_key, sign_key_from(0xe1).public_key, LIMIT_KEY);
    dh_public(&link, cert.link_key);
    return cert;
}

static inline struct cert_encoded
cert_bytes_of(const struct cert *cert, unsigned org_first)
{
    struct sign_key     org = sign_key_from(org_first);
    struct cert_encoded encoded;

    assert_int_equal(cert_sign(cert, &org, &encoded), STATUS_OK);
    return encoded;
}

struct proof_leaves {
    uint8_t (*leaves)[LEAF_LEN];
};

static inline enum status
proof_leaf_hash(void *context, uint64_t index, struct digest *out)
{
    struct proof_leaves *of = context;

    merkle_leaf_hash((struct span){of->leaves[index], LEAF_LEN}, out);
    return STATUS_OK;
}

/* That leaf `index` is among these; without a reader not receipted. */
static inline struct span
proof_of(struct span origin, uint8_t (*leaves)[LEAF_LEN], size_t count,
         uint64_t index, const struct sign_key *writer,
         const struct note_witness *reader, const struct cosignature *receipt,
         uint8_t out[static LIMIT_PROOF])
{
    struct proof_leaves    of = {leaves};
    struct merkle_leaves   hashes = {proof_leaf_hash, &of};
    struct merkle_proof    inclusion;
    struct head            head = {.size = count};
    struct note_signatures signatures = {.cosigned = reader != NULL};
    uint8_t                note[LIMIT_NOTE];
    struct writer          noted = writer_of(note, sizeof(note));
    struct writer          to = writer_of(out, LIMIT_PROOF);

    assert_int_equal(merkle_root_of(&hashes, count, &head.root), STATUS_OK);
    assert_int_equal(merkle_inclusion_make(&hashes, index, count, &inclusion),
                     STATUS_OK);
    checkpoint_sign(origin, &head, writer, signatures.log_signature);
    if (receipt != NULL)
        signatures.cosignature = *receipt;
    assert_int_equal(note_write(origin, &head, writer->public_key, reader,
                                &signatures, &noted),
                     STATUS_OK);
    assert_int_equal(proof_write(index, &inclusion, SPAN_EMPTY,
                                 writer_span(&noted), &to),
                     STATUS_OK);
    return writer_span(&to);
}

static inline void
add_message(struct evidence_world *world)
{
    struct evidence_entry *entry = &world->evidence.message;
    struct sign_key        a = log_key();
    struct note_witness    b = {.node = cert_of_b().node};

    memcpy(b.public_key, sign_key_from(0xe1).public_key, LIMIT_KEY);
    memcpy(entry->leaf, world->log.leaves[1], LEAF_LEN);
    entry->first = world->log.batch.first_index;
    memcpy(entry->ephemeral, world->log.batch.ephemeral, LIMIT_KEY);
    memcpy(entry->salt, world->log.batch.salt, LIMIT_SALT);
    entry->disclosed = true;
    entry->content_key = world->log.content_key;
    entry->body = (struct span){world->log.body, world->log.body_len};
    entry->proof =
        proof_of(world->log.origin, world->log.leaves, 2, 1, &a, &b,
                 &world->log.cosignature, world->proofs[0]);
}

/* Seals an answer of B's at `index` of its log, its own batch. */
static inline void
seal_back(struct evidence_world *world, uint64_t index,
          const Entente__EntryAnswer *answer)
{
    struct evidence_entry *entry = &world->evidence.answers[index - 1];
    struct dh_key          ephemeral = dh_key_from(0x60 + (unsigned)index);
    struct dh_key          sealing = dh_key_from(0x21);
    struct seal_batch      batch = {.origin = span_text(ORIGIN_BACK),
                                    .first_index = index};
    struct seal_key        key = {.suite = SUITE_CLASSIC, .number = 1};
    struct leaf            leaf = {.suite = SUITE_CLASSIC,
                                   .class = CLASS_ANSWER,
                                   .precedence = PRECEDENCE_IMMEDIATE,
                                   .sealing_key = 1};
    struct secret32        secret;
    uint8_t                plain[512];
    size_t                 len = pack_into(&answer->base, plain, sizeof(plain));

    memcpy(batch.ephemeral, ephemeral.public_key, LIMIT_KEY);
    count_from(0x90, batch.salt, LIMIT_SALT);
    memcpy(key.public_key, sealing.public_key, LIMIT_KEY);
    assert_int_equal(seal_batch_sender(&batch, &key, &ephemeral.secret,
                                       &secret),
                     STATUS_OK);
    seal_content_key(&secret, index, &entry->content_key);
    assert_int_equal(seal_entry(&entry->content_key, &batch, index,
                                (struct span){plain, len}, &leaf,
                                world->bodies[index], &entry->body.len),
                     STATUS_OK);
    entry->body.ptr = world->bodies[index];
    leaf_encode(&leaf, entry->leaf);
    memcpy(world->leaves[index], entry->leaf, LEAF_LEN);
    entry->first = index;
    memcpy(entry->ephemeral, batch.ephemeral, LIMIT_KEY);
    memcpy(entry->salt, batch.salt, LIMIT_SALT);
    entry->disclosed = true;
}

static inline void
add_answer(struct evidence_world *world, uint64_t index, uint64_t named,
           Entente__Answer__Verdict verdict, const char *by, const char *why)
{
    Entente__EntryAnswer  entry = ENTENTE__ENTRY_ANSWER__INIT;
    Entente__Answer       said = ENTENTE__ANSWER__INIT;
    Entente__Answer       read = ENTENTE__ANSWER__INIT;
    Entente__AnswerRange  range = ENTENTE__ANSWER_RANGE__INIT;
    Entente__AnswerRange *ranges[] = {&range};
    Entente__Answer      *answers[] = {&said, &read};

    range.first = named;
    range.count = 1;
    said.verdict = verdict;
    said.origin = ORIGIN;
    said.n_ranges = 1;
    said.ranges = ranges;
    said.by = (char *)(uintptr_t)by;
    said.why = (char *)(uintptr_t)why;
    said.time_ms = EXAMPLE_MS;
    read = said;
    read.verdict = ENTENTE__ANSWER__VERDICT__READ;
    read.by = read.why = (char *)(uintptr_t)"";
    entry.n_answers = by[0] == '\0' ? 1 : 2;
    entry.answers = answers;
    seal_back(world, index, &entry);
}

/* Proofs of the answers, once all of them are sealed; not receipted by A. */
static inline void
prove_back(struct evidence_world *world)
{
    struct sign_key b = sign_key_from(0xc1);

    for (size_t i = 1; i < BACK_LEAVES; i++)
        world->evidence.answers[i - 1].proof =
            proof_of(span_text(ORIGIN_BACK), world->leaves, BACK_LEAVES, i, &b,
                     NULL, NULL, world->proofs[i]);
    world->evidence.answer_count = BACK_LEAVES - 1;
}

static inline void
write_world(struct evidence_world *world)
{
    struct writer out = writer_of(world->text, sizeof(world->text));

    assert_int_equal(evidence_text_write(&world->evidence, &out), STATUS_OK);
    world->len = out.len;
}

static inline struct span
text_of_world(const struct evidence_world *world)
{
    return (struct span){world->text, world->len};
}

/* Free it. */
static inline struct evidence_world *
evidence_world(void)
{
    struct evidence_world *world = calloc(1, sizeof(*world));
    struct cert            b = cert_of_b();
    struct leaf            open;

    assert_non_null(world);
    world->log = example_log();
    world->certs[0] = good_cert_bytes();
    world->certs[1] = cert_bytes_of(&b, 0xb1);
    world->evidence.certificate_count = 2;
    world->evidence.certificates[0] = cert_span(&world->certs[0]);
    world->evidence.certificates[1] = cert_span(&world->certs[1]);
    add_message(world);
    assert_int_equal(seal_unsealed_leaf(CLASS_OPEN, PRECEDENCE_IMMEDIATE,
                                        span_text(ORIGIN_BACK), 0,
                                        span_text("open"), &open),
                     STATUS_OK);
    leaf_encode(&open, world->leaves[0]);
    add_answer(world, 1, 1, ENTENTE__ANSWER__VERDICT__ACCEPTED, "", "");
    add_answer(world, 2, 1, ENTENTE__ANSWER__VERDICT__ACKNOWLEDGED, "Watch",
               "A patrol boat has left.");
    prove_back(world);
    write_world(world);
    return world;
}

#endif

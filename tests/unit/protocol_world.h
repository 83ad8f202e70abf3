/*
 * protocol_world.h - the world of PROTOCOL.md's examples: A and B, their
 * fixed keys, and a log of two entries from A to B.
 */
#ifndef TESTS_UNIT_PROTOCOL_WORLD_H
#define TESTS_UNIT_PROTOCOL_WORLD_H

#include "crypto/checkpoint.h"
#include "crypto/seal.h"
#include "entry.pb-c.h"
#include "message.pb-c.h"
#include "proto/protobuf.h"
#include "tests/unit/card_world.h"
#include "tests/unit/protocol_page.h"

#define EXAMPLE_MS 1760000000000ull
#define EXAMPLE_COSIGNED_S 1700000000ull

/* The first len bytes of S(first). */
static inline void
count_from(unsigned first, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(first + i);
}

static inline struct dh_key
dh_key_from(unsigned first)
{
    struct secret32 secret = secret_from(first);
    struct dh_key   key;

    dh_key_from_secret(&secret, &key);
    return key;
}

struct example_log {
    struct span       origin;
    uint8_t           open_body[512];
    size_t            open_body_len;
    struct leaf       open_leaf;
    uint8_t           author[1024];
    size_t            author_len;
    uint8_t           plaintext[1024]; /* with its number */
    size_t            plaintext_len;
    struct dh_key     ephemeral, sealing;
    struct secret32   pair_secret;
    struct seal_batch batch;
    struct seal_key   key; /* its pair_secret: the caller sets it */
    struct secret32   batch_secret, content_key;
    struct leaf       leaf;
    uint8_t           body[2048];
    size_t            body_len;
    uint8_t           leaves[2][LEAF_LEN];
    struct digest     hashes[2];
    struct head       heads[2]; /* of size 1 and 2 */
    uint8_t           signature[LIMIT_SIGNATURE]; /* on the second */
    struct cosignature cosignature;               /* on the second */
};

static inline ProtobufCBinaryData
lend(const uint8_t *bytes, size_t len)
{
    return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)bytes};
}

static inline size_t
pack_into(const ProtobufCMessage *message, uint8_t *out, size_t cap)
{
    assert_true(protobuf_c_message_get_packed_size(message) <= cap);
    return protobuf_c_message_pack(message, out);
}

static inline void
make_open(struct example_log *log)
{
    struct dh_key         own = dh_key_from(0x21);
    const uint8_t         zeros[LIMIT_DIGEST] = {0};
    Entente__EntryOpen    open = ENTENTE__ENTRY_OPEN__INIT;
    Entente__EntrySealkey sealkey = ENTENTE__ENTRY_SEALKEY__INIT;

    sealkey.number = 1;
    sealkey.key = lend(own.public_key, LIMIT_KEY);
    sealkey.realm = (char *)(uintptr_t)REALM_ACTUAL;
    sealkey.secret_epoch = 1;
    open.reason = ENTENTE__ENTRY_OPEN__REASON__PAIRING;
    open.before_root = lend(zeros, LIMIT_DIGEST);
    open.sealkey = &sealkey;
    log->open_body_len =
        pack_into(&open.base, log->open_body, sizeof(log->open_body));
    assert_int_equal(
        seal_unsealed_leaf(CLASS_OPEN, PRECEDENCE_IMMEDIATE, log->origin, 0,
                           (struct span){log->open_body, log->open_body_len},
                           &log->open_leaf),
        STATUS_OK);
}

/* What the author wrote: all that F.2 asks for but the number. */
static inline void
make_message(struct example_log *log)
{
    Entente__Message    message = ENTENTE__MESSAGE__INIT;
    Entente__Originator originator = ENTENTE__ORIGINATOR__INIT;
    Entente__Time       dtg = ENTENTE__TIME__INIT;
    Entente__Label      label = ENTENTE__LABEL__INIT;
    Entente__LegalBasis basis = ENTENTE__LEGAL_BASIS__INIT;
    Entente__Note       note = ENTENTE__NOTE__INIT;
    char               *action_to[] = {"JMSDF"}, *releasable[] = {"IN", "JP"};
    uint8_t             id[LIMIT_MESSAGE_ID];
    struct writer       numbered = writer_of(log->plaintext,
                                             sizeof(log->plaintext));

    count_from(0x70, id, sizeof(id));
    originator.org = "IFC-IOR";
    originator.post = "Duty Officer";
    dtg.seconds = 1398247200;
    dtg.precision = ENTENTE__TIME__PRECISION__PRECISION_SECOND;
    label.policy = "IN-JP";
    label.classification = ENTENTE__CLASSIFICATION__CLASSIFICATION_RESTRICTED;
    label.n_releasable_to = 2;
    label.releasable_to = releasable;
    basis.agreement = "JDSC-2025";
    basis.article = "2";
    note.text = "Tanker approached off Lagos by two skiffs.";
    message.id = lend(id, sizeof(id));
    message.version = 1;
    message.originator = &originator;
    message.n_action_to = 1;
    message.action_to = action_to;
    message.precedence = ENTENTE__PRECEDENCE__PRECEDENCE_IMMEDIATE;
    message.dtg = &dtg;
    message.status = ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL;
    message.action = ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL;
    message.label = &label;
    message.legal_basis = &basis;
    message.subject = "Suspicious approach";
    message.body_case = ENTENTE__MESSAGE__BODY_NOTE;
    message.note = &note;
    log->author_len =
        pack_into(&message.base, log->author, sizeof(log->author));
    writer_put(&numbered, (struct span){log->author, log->author_len});
    protobuf_put_varint(&numbered, 15, 1);
    assert_int_equal(writer_end(&numbered), STATUS_OK);
    log->plaintext_len = numbered.len;
}

static inline void
seal_message(struct example_log *log)
{
    log->ephemeral = dh_key_from(0x40);
    log->sealing = dh_key_from(0x20);
    log->pair_secret = secret_from(0x80);
    log->batch.origin = log->origin;
    log->batch.first_index = 1;
    memcpy(log->batch.ephemeral, log->ephemeral.public_key, LIMIT_KEY);
    count_from(0x60, log->batch.salt, LIMIT_SALT);
    log->key = (struct seal_key){.suite = SUITE_CLASSIC,
                                 .number = 1,
                                 .secret_epoch = 1,
                                 .pair_secret = &log->pair_secret};
    memcpy(log->key.public_key, log->sealing.public_key, LIMIT_KEY);
    assert_int_equal(seal_batch_sender(&log->batch, &log->key,
                                       &log->ephemeral.secret,
                                       &log->batch_secret),
                     STATUS_OK);
    log->key.pair_secret = NULL; /* it would outlive this copy */
    seal_content_key(&log->batch_secret, 1, &log->content_key);
    log->leaf = (struct leaf){.suite = SUITE_CLASSIC,
                              .class = CLASS_MESSAGE,
                              .precedence = PRECEDENCE_IMMEDIATE,
                              .sealing_key = 1,
                              .secret_epoch = 1};
    assert_true(seal_sealed_len(log->plaintext_len) <= sizeof(log->body));
    assert_int_equal(
        seal_entry(&log->content_key, &log->batch, 1,
                   (struct span){log->plaintext, log->plaintext_len},
                   &log->leaf, log->body, &log->body_len),
        STATUS_OK);
}

static inline struct example_log
example_log(void)
{
    struct example_log     log = {.origin = span_text(ORIGIN)};
    struct merkle_frontier frontier;
    struct sign_key        logs = log_key(), witness = sign_key_from(0xe1);

    make_open(&log);
    make_message(&log);
    seal_message(&log);
    leaf_encode(&log.open_leaf, log.leaves[0]);
    leaf_encode(&log.leaf, log.leaves[1]);
    merkle_init(&frontier);
    for (size_t i = 0; i < 2; i++) {
        merkle_leaf_hash(SPAN_OF(log.leaves[i]), &log.hashes[i]);
        merkle_append(&frontier, &log.hashes[i]);
        log.heads[i].size = i + 1;
        merkle_root(&frontier, &log.heads[i].root);
    }
    checkpoint_sign(log.origin, &log.heads[1], &logs, log.signature);
    cosignature_sign(log.origin, &log.heads[1], EXAMPLE_COSIGNED_S, &witness,
                     &log.cosignature);
    return log;
}

#endif

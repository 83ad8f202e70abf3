/*
 * confusion_objects.h - one of each thing that is signed or sealed, and its
 * reader: for test_confusion.c, which presents each to the reader of each.
 */
#ifndef TESTS_UNIT_CONFUSION_OBJECTS_H
#define TESTS_UNIT_CONFUSION_OBJECTS_H

#include "crypto/attachment.h"
#include "crypto/box.h"
#include "crypto/bundle.h"
#include "crypto/checkpoint.h"
#include "crypto/envelope.h"
#include "crypto/keyring_slot.h"
#include "crypto/revocation.h"
#include "node/host/capsule.h"
#include "node/store/boxes.h"
#include "node/store/segment.h"
#include "tests/unit/card_world.h"

/* What all labels are used on here: the same key, the same bytes. */
static const struct secret32 one_key = {{1, 2, 3}};
static const uint8_t         one_text[] = "the same bytes under every label";
static const uint8_t         one_nonce[BOX_NONCE];

/* X(name): each is made valid, and presented to the reader of each. */
#define OBJECT_LIST(X)                                                         \
    X(certificate)                                                             \
    X(card)                                                                    \
    X(revocation)                                                              \
    X(checkpoint)                                                              \
    X(cosignature)                                                             \
    X(slot)                                                                    \
    X(envelope)                                                                \
    X(capsule)                                                                 \
    X(segment)                                                                 \
    X(vault_box)                                                               \
    X(bundle)                                                                  \
    X(bundle_record)                                                           \
    X(chunk)                                                                   \
    X(entry)

struct object {
    uint8_t bytes[BUNDLE_SEALED_LEN]; /* the longest of them */
    size_t  len;
};

static const struct head one_head = {3, {{9, 9}}};
static const struct segment one_segment = {{7, 7}, 5, 11, false, false};

static void
make_certificate(struct object *out)
{
    struct cert_encoded encoded = good_cert_bytes();

    memcpy(out->bytes, encoded.bytes, encoded.len);
    out->len = encoded.len;
}

static enum status
open_certificate(struct span in)
{
    struct cert cert;

    return cert_verify(in, NULL, &cert);
}

static void
make_card(struct object *out)
{
    struct card_text text = good_text();

    assert_true(text.len <= sizeof(out->bytes));
    memcpy(out->bytes, text.text, text.len);
    out->len = text.len;
}

static enum status
open_card(struct span in)
{
    struct card card;
    size_t      line;

    return card_parse(in, &card, &line);
}

static void
make_revocation(struct object *out)
{
    struct sign_key   org = org_key();
    struct revocation fields = {.number = 1, .serial = 3};

    memcpy(fields.org_key, org.public_key, LIMIT_KEY);
    assert_int_equal(revocation_sign(&fields, NULL, 0, &org, out->bytes,
                                     sizeof(out->bytes), &out->len),
                     STATUS_OK);
}

static enum status
open_revocation(struct span in)
{
    struct revocation revocation;

    return revocation_verify(in, org_key().public_key, &revocation);
}

static void
make_checkpoint(struct object *out)
{
    struct sign_key org = org_key();

    checkpoint_sign(span_text(ORIGIN), &one_head, &org, out->bytes);
    out->len = LIMIT_SIGNATURE;
}

static enum status
open_checkpoint(struct span in)
{
    if (in.len != LIMIT_SIGNATURE)
        return STATUS_BAD_ENCODING;
    return checkpoint_verify(span_text(ORIGIN), &one_head,
                             org_key().public_key, in.ptr);
}

static void
make_cosignature(struct object *out)
{
    struct sign_key    org = org_key();
    struct cosignature made;

    cosignature_sign(span_text(ORIGIN), &one_head, 5, &org, &made);
    memcpy(out->bytes, made.signature, LIMIT_SIGNATURE);
    out->len = LIMIT_SIGNATURE;
}

static enum status
open_cosignature(struct span in)
{
    struct cosignature cosignature = {.time_s = 5};

    if (in.len != LIMIT_SIGNATURE)
        return STATUS_BAD_ENCODING;
    memcpy(cosignature.signature, in.ptr, LIMIT_SIGNATURE);
    return cosignature_verify(span_text(ORIGIN), &one_head, &cosignature,
                              org_key().public_key);
}

static void
make_slot(struct object *out)
{
    struct keyring_slot slot = {.name = {.kind = KEYRING_LOG, .number = 1},
                                .state = KEYRING_CURRENT,
                                .generation = 1,
                                .secret = {{4}}};

    keyring_slot_encode(&one_key, 1, one_nonce, &slot, out->bytes);
    out->len = KEYRING_SLOT_LEN;
}

static enum status
open_slot(struct span in)
{
    struct keyring_slot slot;

    return keyring_slot_decode(&one_key, 1, in, &slot);
}

static void
make_envelope(struct object *out)
{
    struct envelope_info info = {.purpose = ENVELOPE_STORAGE,
                                 .cost = ENVELOPE_FLOOR};

    assert_int_equal(envelope_seal(&info, span_text("sesame"), one_nonce,
                                   one_nonce, &one_key, out->bytes),
                     STATUS_OK);
    out->len = ENVELOPE_LEN;
}

static enum status
open_envelope(struct span in)
{
    struct secret32 secret;

    return envelope_open(in, ENVELOPE_STORAGE, span_text("sesame"), &secret);
}

static void
make_capsule(struct object *out)
{
    static uint8_t sealed[CAPSULE_LEN_MAX];
    struct span    record = SPAN_OF(one_text);

    out->len = capsule_seal(&one_key, 1, &record, sealed);
    assert_true(out->len <= sizeof(out->bytes));
    memcpy(out->bytes, sealed, out->len);
}

static enum status
open_capsule(struct span in)
{
    static uint8_t piece[CAPSULE_PIECE];
    size_t         len;
    bool           more;

    return capsule_open(&one_key, 1, in, piece, &len, &more);
}

static void
make_segment(struct object *out)
{
    segment_encode(&one_segment, out->bytes);
    out->len = SEGMENT_PAGE;
}

static enum status
open_segment(struct span in)
{
    struct segment segment;

    return segment_decode(in, &segment);
}

static enum status
one_vault_key(void *arg, uint32_t vault, struct secret32 *out)
{
    (void)arg;
    *out = one_key;
    return vault == 1 ? STATUS_OK : STATUS_NOT_FOUND;
}

static const struct group_keys vault_keys = {one_vault_key, NULL};
static const struct group_head one_group = {.id = {{7, 7}, 5, 11}};

static void
make_vault_box(struct object *out)
{
    const struct boxes_one box = {.vault = 1, .len = sizeof(one_text)};

    memcpy(out->bytes, one_text, sizeof(one_text));
    assert_int_equal(boxes_seal(&box, &one_group, &vault_keys, out->bytes),
                     STATUS_OK);
    out->len = sizeof(one_text) + LIMIT_TAG;
}

static enum status
open_vault_box(struct span in)
{
    static struct object copy;
    struct boxes_one     box = {.vault = 1};

    if (in.len < LIMIT_TAG)
        return STATUS_BAD_ENCODING;
    memcpy(copy.bytes, in.ptr, in.len);
    box.len = (uint32_t)(in.len - LIMIT_TAG);
    return boxes_open(&box, &one_group, &vault_keys, copy.bytes);
}

static void
make_bundle(struct object *out)
{
    struct sign_key org = org_key();
    struct bundle   bundle = {.sender = {{1}},
                              .recipient = {{2}},
                              .serial = 1,
                              .number = 1,
                              .ephemeral = {9}};

    bundle_encode(&bundle, out->bytes);
    bundle_sign(out->bytes, &org);
    out->len = BUNDLE_HEADER_LEN;
}

static enum status
open_bundle(struct span in)
{
    struct bundle bundle;
    enum status   st = bundle_decode(in, &bundle);

    return st != STATUS_OK ? st : bundle_verify(in.ptr, org_key().public_key);
}

/* Record 0 of a bundle, and an entry of that size: under the same AEAD key,
 * as if bundle key and content key were one, and the same nonce. */
static void
make_bundle_record(struct object *out)
{
    struct secret32 key;

    kdf_derive(&one_key, LABEL_AEAD, SPAN_EMPTY, &key);
    memset(out->bytes, 0, sizeof(out->bytes));
    bundle_seal(&key, 0, true, out->bytes);
    out->len = BUNDLE_SEALED_LEN;
}

static enum status
open_bundle_record(struct span in)
{
    static uint8_t  plain[BUNDLE_RECORD_LEN];
    struct secret32 key;

    kdf_derive(&one_key, LABEL_AEAD, SPAN_EMPTY, &key);
    return bundle_open(&key, 0, true, in, plain);
}

/* The longest one, which has the length of the longest body. */
static void
make_chunk(struct object *out)
{
    memset(out->bytes, 0, sizeof(out->bytes));
    attachment_seal(&one_key, 0, true,
                    (struct span){out->bytes, LIMIT_CHUNK}, out->bytes);
    out->len = LIMIT_CHUNK_SEALED;
}

static enum status
open_chunk(struct span in)
{
    static uint8_t plain[LIMIT_CHUNK];

    return attachment_open(&one_key, 0, true, in, plain);
}

static struct leaf
seal_one_entry(uint8_t out[static LIMIT_SEALED])
{
    const struct seal_batch batch = {.origin = span_text(ORIGIN)};
    struct leaf             leaf = {.suite = SUITE_CLASSIC,
                                    .class = CLASS_MESSAGE,
                                    .precedence = PRECEDENCE_ROUTINE};
    size_t                  len;

    memset(out, 0, SEAL_PLAINTEXT_MAX);
    assert_int_equal(seal_entry(&one_key, &batch, 0,
                                (struct span){out, SEAL_PLAINTEXT_MAX}, &leaf,
                                out, &len),
                     STATUS_OK);
    assert_int_equal(len, LIMIT_SEALED);
    return leaf;
}

static void
make_entry(struct object *out)
{
    (void)seal_one_entry(out->bytes);
    out->len = LIMIT_SEALED;
}

static enum status
open_entry(struct span in)
{
    static uint8_t sealed[LIMIT_SEALED], plain[LIMIT_SEALED];
    struct leaf    leaf = seal_one_entry(sealed);
    size_t         len;

    return seal_open(&one_key, span_text(ORIGIN), 0, &leaf, in, plain, &len);
}

static const struct {
    const char *name;
    void (*make)(struct object *out);
    enum status (*open)(struct span in);
} objects[] = {
#define OBJECT_ROW(name) {#name, make_##name, open_##name},
    OBJECT_LIST(OBJECT_ROW)
#undef OBJECT_ROW
};
enum { OBJECT_COUNT = sizeof(objects) / sizeof(objects[0]) };

#endif

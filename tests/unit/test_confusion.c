/*
 * test_confusion.c - nothing signed or sealed passes for anything else.
 *
 * Every pair of labels, every pair of objects, every pair of places and
 * recipients: row i presented where j belongs is refused unless i is j.  The
 * labels come from LABEL_LIST, so that a new one cannot be forgotten here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/box.h"
#include "crypto/bundle.h"
#include "crypto/checkpoint.h"
#include "crypto/envelope.h"
#include "crypto/keyring_slot.h"
#include "crypto/revocation.h"
#include "node/host/capsule.h"
#include "node/store/segment.h"
#include "tests/unit/card_world.h"

/* --- labels --------------------------------------------------------------- */

/* What all labels are used on here: the same key, the same bytes. */
static const struct secret32 one_key = {{1, 2, 3}};
static const uint8_t         one_text[] = "the same bytes under every label";
static const uint8_t         one_nonce[BOX_NONCE];

enum { DATA_MAX = 64 };

/* The data of a box under a label, as each user of boxes begins it. */
static struct span
data_of(enum label label, uint8_t out[static DATA_MAX])
{
    struct writer to = writer_of(out, DATA_MAX);

    writer_put(&to, label_span(label));
    writer_u64(&to, 7);
    assert_int_equal(writer_end(&to), STATUS_OK);
    return writer_span(&to);
}

static void
what_is_signed_under_a_label_verifies_under_no_other(void **state)
{
    struct sign_key key = sign_key_from(1);
    uint8_t         signature[LIMIT_SIGNATURE];

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        sign_make(&key, (enum label)i, SPAN_OF(one_text), signature);
        for (unsigned j = 0; j < LABEL_COUNT; j++)
            assert_int_equal(sign_verify(key.public_key, (enum label)j,
                                         SPAN_OF(one_text), signature),
                             i == j ? STATUS_OK : STATUS_BAD_PROOF);
    }
}

static void
what_is_sealed_under_a_label_opens_under_no_other(void **state)
{
    uint8_t data[DATA_MAX], sealed[sizeof(one_text) + LIMIT_TAG];
    uint8_t plain[sizeof(one_text)];

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        box_seal(&one_key, one_nonce, data_of((enum label)i, data),
                 SPAN_OF(one_text), sealed);
        for (unsigned j = 0; j < LABEL_COUNT; j++)
            assert_int_equal(box_open(&one_key, one_nonce,
                                      data_of((enum label)j, data),
                                      SPAN_OF(sealed), plain),
                             i == j ? STATUS_OK : STATUS_BAD_PROOF);
    }
}

static void
no_two_labels_give_the_same_digest_or_key(void **state)
{
    struct digest   digest[LABEL_COUNT];
    struct secret32 derived[LABEL_COUNT];

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        hash_digest((enum label)i, SPAN_OF(one_text), &digest[i]);
        kdf_derive(&one_key, (enum label)i, SPAN_OF(one_text), &derived[i]);
        for (unsigned j = 0; j < i; j++) {
            assert_false(digest_equal(&digest[i], &digest[j]));
            assert_memory_not_equal(derived[i].bytes, derived[j].bytes,
                                    LIMIT_KEY);
        }
    }
}

/* A note is signed raw: its text could begin with anything but a zero byte. */
static void
a_signed_note_is_no_signature_under_any_label(void **state)
{
    struct sign_key key = sign_key_from(1);

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        struct span label = label_span((enum label)i);
        char        text[128];
        uint8_t     raw[LIMIT_SIGNATURE], labelled[LIMIT_SIGNATURE];

        (void)snprintf(text, sizeof(text), "%s%s", (const char *)label.ptr,
                       (const char *)one_text);
        sign_raw_make(&key, span_text(text), raw);
        assert_int_equal(sign_verify(key.public_key, (enum label)i,
                                     SPAN_OF(one_text), raw),
                         STATUS_BAD_PROOF);
        assert_int_equal(sign_verify(key.public_key, (enum label)i,
                                     span_text((const char *)one_text), raw),
                         STATUS_BAD_PROOF);
        sign_make(&key, (enum label)i, span_text((const char *)one_text),
                  labelled);
        assert_int_equal(sign_raw_verify(key.public_key, span_text(text),
                                         labelled),
                         STATUS_BAD_PROOF);
    }
}

/* --- objects -------------------------------------------------------------- */

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
    X(bundle)                                                                  \
    X(bundle_record)                                                           \
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

/* Where the reader's object is longer or shorter, it is filled or cut: what
 * stands at its beginning is then all that tells them apart. */
static void
present(unsigned made, unsigned read)
{
    struct object own = {.len = 0};
    struct object fitted = {.len = 0};

    objects[made].make(&own);
    objects[read].make(&fitted);
    memset(fitted.bytes, 0, sizeof(fitted.bytes));
    memcpy(fitted.bytes, own.bytes,
           own.len < fitted.len ? own.len : fitted.len);
    for (unsigned cut = 0; cut < 2; cut++) {
        struct span  in = cut ? (struct span){fitted.bytes, fitted.len}
                              : (struct span){own.bytes, own.len};
        enum status st = objects[read].open(in);

        if ((st == STATUS_OK) != (made == read))
            fail_msg("%s read as %s: %s", objects[made].name,
                     objects[read].name, status_name(st));
    }
}

static void
no_object_is_read_as_another(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OBJECT_COUNT; i++)
        for (unsigned j = 0; j < OBJECT_COUNT; j++)
            present(i, j);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_under_a_label_verifies_under_no_other),
        cmocka_unit_test(what_is_sealed_under_a_label_opens_under_no_other),
        cmocka_unit_test(no_two_labels_give_the_same_digest_or_key),
        cmocka_unit_test(a_signed_note_is_no_signature_under_any_label),
        cmocka_unit_test(no_object_is_read_as_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

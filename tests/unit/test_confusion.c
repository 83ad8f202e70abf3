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

#include "tests/unit/confusion_objects.h"

/* --- labels --------------------------------------------------------------- */

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

/* What is made under each label: an object above, or nothing that anybody
 * presents.  A label that is not here is one whose object was forgotten. */
#define A_DIGEST "a digest: computed anew and compared"
#define A_KEY "a key or secret: never leaves its node"
#define NOT_YET "nothing: no code makes it"

static const char *const made_under[LABEL_COUNT] = {
    [LABEL_CERTIFICATE] = "certificate",
    [LABEL_REVOCATION] = "revocation",
    [LABEL_CARD] = "card",
    [LABEL_STATEMENT] = NOT_YET,
    [LABEL_BUNDLE] = "bundle",
    [LABEL_SAFETY] = A_DIGEST,
    [LABEL_MAC1] = A_DIGEST,
    [LABEL_ENTRY] = A_DIGEST,
    [LABEL_KEY_ID] = A_DIGEST,
    [LABEL_CHUNK] = A_DIGEST,
    [LABEL_GROUP] = A_DIGEST,
    [LABEL_SEGMENT] = "segment",
    [LABEL_PAGE] = A_DIGEST,
    [LABEL_REALM] = A_DIGEST,
    [LABEL_REPLAY] = A_DIGEST,
    [LABEL_SAID] = A_DIGEST,
    [LABEL_BUNDLE_FIRST] = A_DIGEST,
    [LABEL_BATCH] = A_KEY,
    [LABEL_CONTENT] = A_KEY,
    [LABEL_AEAD] = A_KEY,
    [LABEL_COMMITMENT] = A_DIGEST,
    [LABEL_PAIR_SECRET] = NOT_YET,
    [LABEL_PSK] = A_KEY,
    [LABEL_ENVELOPE] = "envelope",
    [LABEL_SUBSEED] = A_KEY,
    [LABEL_SOURCE] = A_DIGEST,
    [LABEL_BUNDLE_KEY] = A_KEY,
    [LABEL_CHUNK_KEY] = A_KEY,
    [LABEL_BODY] = "entry",
    [LABEL_SLOT] = "slot",
    [LABEL_VAULT] = "vault_box",
    [LABEL_CAPTURE] = "capsule",
    [LABEL_BUNDLE_RECORD] = "bundle_record",
    [LABEL_CHUNK_SEALED] = "chunk",
    [LABEL_PROLOGUE] = A_DIGEST,
};

static bool
is_object(const char *name)
{
    for (unsigned i = 0; i < OBJECT_COUNT; i++)
        if (strcmp(objects[i].name, name) == 0)
            return true;
    return false;
}

static void
every_label_has_its_object_here_or_makes_none(void **state)
{
    unsigned count = 2; /* checkpoint and cosignature have no label: C2SP */

    (void)state;
    for (unsigned i = 0; i < LABEL_COUNT; i++) {
        const char *made = made_under[i];

        if (made == NULL)
            fail_msg("%s: what is made under it?",
                     (const char *)label_span((enum label)i).ptr);
        if (strcmp(made, A_DIGEST) == 0 || strcmp(made, A_KEY) == 0 ||
            strcmp(made, NOT_YET) == 0)
            continue;
        if (!is_object(made))
            fail_msg("%s: there is no object '%s'",
                     (const char *)label_span((enum label)i).ptr, made);
        count++;
    }
    assert_int_equal(count, OBJECT_COUNT);
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
        cmocka_unit_test(every_label_has_its_object_here_or_makes_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

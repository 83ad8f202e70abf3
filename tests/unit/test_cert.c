/* test_cert.c - certificates: one form, checked keys, one signer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/kdf.h"
#include "proto/label.h"
#include "tests/unit/cert_world.h"

enum { VERSION_AT = 1, NAME_LEN_AT = 160, NAME_AT = 162 };

/* Verifies bytes that must be refused; *out may not be written. */
static enum status
refused(struct span encoded)
{
    struct cert cert, before;
    enum status st;

    memset(&cert, 0x5a, sizeof(cert));
    memcpy(&before, &cert, sizeof(cert));
    st = cert_verify(encoded, org_key().public_key, &cert);
    assert_int_not_equal(st, STATUS_OK);
    assert_memory_equal(&before, &cert, sizeof(cert));
    return st;
}

/* Signs changed bytes again, as an organisation that breaks the rules. */
static void
sign_again(struct cert_encoded *encoded, enum label label)
{
    struct sign_key org = org_key();
    size_t          body_len = encoded->len - LIMIT_SIGNATURE;

    sign_make(&org, label, (struct span){encoded->bytes, body_len},
              encoded->bytes + body_len);
}

static void
a_certificate_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct vector       expected = vector_of(
        "d765f207d07772b4779bdf1f7c042570bc58f28e2c4001fd3477612b9400bd2e");
    struct digest digest;

    (void)state;
    sha256_digest(cert_span(&encoded), &digest);
    assert_memory_equal(digest.bytes, expected.bytes, LIMIT_DIGEST);
}

static void
what_is_signed_reads_back_the_same(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct cert         cert = good_cert(), out = {0};

    (void)state;
    assert_int_equal(
        cert_verify(cert_span(&encoded), org_key().public_key, &out),
        STATUS_OK);
    assert_memory_equal(&out.node, &cert.node, sizeof(cert.node));
    assert_memory_equal(out.org_key, cert.org_key, LIMIT_KEY);
    assert_int_equal(out.serial, cert.serial);
    assert_int_equal(out.renew_by_ms, cert.renew_by_ms);
    assert_memory_equal(out.log_key, cert.log_key, LIMIT_KEY);
    assert_memory_equal(out.witness_key, cert.witness_key, LIMIT_KEY);
    assert_memory_equal(out.link_key, cert.link_key, LIMIT_KEY);
    assert_string_equal(out.country, cert.country);
    assert_string_equal(out.node_name, cert.node_name);
    assert_string_equal(out.org_name, cert.org_name);
    assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out), STATUS_OK);
}

static void
every_prefix_and_every_longer_one_is_refused(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    uint8_t             longer[CERT_LEN_MAX + 1] = {0};

    (void)state;
    for (size_t len = 0; len < encoded.len; len++)
        assert_int_equal(refused((struct span){encoded.bytes, len}),
                         STATUS_BAD_ENCODING);
    memcpy(longer, encoded.bytes, encoded.len);
    assert_int_equal(refused((struct span){longer, encoded.len + 1}),
                     STATUS_BAD_ENCODING);
}

static void
every_bit_flipped_is_refused(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();

    (void)state;
    for (size_t i = 0; i < encoded.len * 8; i++) {
        encoded.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        (void)refused(cert_span(&encoded));
        encoded.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
}

static void
another_organisation_than_the_pinned_one_is_untrusted(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct cert         out;

    (void)state;
    assert_int_equal(
        cert_verify(cert_span(&encoded), log_key().public_key, &out),
        STATUS_UNTRUSTED);
}

static void
a_signature_under_another_label_is_none(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct cert         out;

    (void)state;
    sign_again(&encoded, LABEL_REVOCATION);
    assert_int_equal(refused(cert_span(&encoded)), STATUS_BAD_PROOF);
    sign_again(&encoded, LABEL_CERTIFICATE);
    assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out), STATUS_OK);
}

static void
another_version_is_not_read(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();

    (void)state;
    encoded.bytes[VERSION_AT] = 2;
    sign_again(&encoded, LABEL_CERTIFICATE);
    assert_int_equal(refused(cert_span(&encoded)), STATUS_BAD_VERSION);
}

static void
only_the_certified_organisation_signs(void **state)
{
    struct cert         cert = good_cert();
    struct sign_key     other = log_key();
    struct cert_encoded encoded = {.len = 77};

    (void)state;
    assert_int_equal(cert_sign(&cert, &other, &encoded), STATUS_BAD_FIELD);
    assert_int_equal(encoded.len, 77);
}

/* B plus a point of order 2: on the curve, not in the group. */
static void
put_mixed(uint8_t *key)
{
    memset(key, 0x99, LIMIT_KEY);
    key[0] = 0x95;
}

/* An X25519 key with which every shared secret is zero. */
static void
put_small(uint8_t *key)
{
    memset(key, 0, LIMIT_KEY);
    key[0] = 1;
}

/* One way each to break a certificate. */
static void
break_one(struct cert *cert, size_t way)
{
    switch (way) {
    case 0: memset(&cert->node, 0, sizeof(cert->node)); break;
    case 1: cert->serial = 0; break;
    case 2: cert->renew_by_ms = 0; break;
    case 3: cert->renew_by_ms = CERT_TIME_MAX + 1; break;
    case 4: memcpy(cert->country, "in", 2); break;
    case 5: memcpy(cert->country, "I1", 2); break;
    case 6: put_mixed(cert->org_key); break;
    case 7: put_mixed(cert->log_key); break;
    case 8: put_mixed(cert->witness_key); break;
    case 9: memset(cert->link_key, 0, LIMIT_KEY); break;
    case 14: put_small(cert->link_key); break;
    case 15: cert->link_key[LIMIT_KEY - 1] |= 0x80; break;
    case 10: memcpy(cert->log_key, cert->witness_key, LIMIT_KEY); break;
    case 11: memcpy(cert->log_key, cert->org_key, LIMIT_KEY); break;
    case 12: memcpy(cert->witness_key, cert->org_key, LIMIT_KEY); break;
    case 13: memcpy(cert->node_name, "ifc\nior", 7); break;
    default: memcpy(cert->org_name, "\xff", 1); break;
    }
}
enum { WAYS_TO_BREAK = 17 };

/* The good certificate's bytes with the fields of `cert` in their places;
 * names keep their lengths. */
static struct cert_encoded
encoded_as(const struct cert *cert)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct writer       to = writer_of(encoded.bytes + 2, encoded.len - 2);
    size_t              node_len = strlen(good_cert().node_name);

    writer_put(&to, SPAN_OF(cert->node.bytes));
    writer_put(&to, SPAN_OF(cert->org_key));
    writer_u32(&to, cert->serial);
    writer_u64(&to, cert->renew_by_ms);
    writer_put(&to, SPAN_OF(cert->log_key));
    writer_put(&to, SPAN_OF(cert->witness_key));
    writer_put(&to, SPAN_OF(cert->link_key));
    memcpy(encoded.bytes + NAME_LEN_AT - 2, cert->country, 2);
    memcpy(encoded.bytes + NAME_AT, cert->node_name, node_len);
    memcpy(encoded.bytes + NAME_AT + node_len + 2, cert->org_name,
           strlen(good_cert().org_name));
    sign_again(&encoded, LABEL_CERTIFICATE);
    return encoded;
}

static void
fields_out_of_their_rules_are_neither_signed_nor_accepted(void **state)
{
    struct sign_key     org = org_key();
    struct cert         good = good_cert(), out;
    struct cert_encoded control = encoded_as(&good);

    (void)state;
    assert_int_equal(cert_check(&good), STATUS_OK);
    assert_int_equal(cert_verify(cert_span(&control), NULL, &out), STATUS_OK);
    for (size_t way = 0; way < WAYS_TO_BREAK; way++) {
        struct cert         cert = good_cert();
        struct cert_encoded encoded;

        break_one(&cert, way);
        assert_int_equal(cert_check(&cert), STATUS_BAD_FIELD);
        assert_int_equal(cert_sign(&cert, &org, &encoded), STATUS_BAD_FIELD);
        encoded = encoded_as(&cert);
        assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out),
                         STATUS_BAD_FIELD);
    }
}

static void
a_name_with_a_zero_byte_or_too_long_is_refused(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();
    struct cert         out;

    (void)state;
    encoded.bytes[NAME_AT + 3] = 0;
    sign_again(&encoded, LABEL_CERTIFICATE);
    assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out),
                     STATUS_BAD_ENCODING);
    encoded = good_cert_bytes();
    encoded.bytes[NAME_LEN_AT + 1] = LIMIT_NAME + 1;
    sign_again(&encoded, LABEL_CERTIFICATE);
    assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out),
                     STATUS_BAD_ENCODING);
}

static void
names_are_what_people_can_read_and_compare(void **state)
{
    static const struct {
        const char *name;
        bool        valid;
    } table[] = {
        {"a", true},
        {"Marine nationale - Toulon", true},
        {"\xe6\xb5\xb7\xe4\xb8\x8a\xe8\x87\xaa\xe8\xa1\x9b\xe9\x9a\x8a", true},
        {"\xf0\x9f\x8c\x8a", true},            /* U+1F30A */
        {"\xe0\xb7\x81\xe2\x80\x8d", true},    /* Sinhala with a joiner */
        {"\xf4\x8f\xbf\xbf", true},            /* U+10FFFF */
        {"", false},
        {" a", false},
        {"a ", false},
        {"a\tb", false},
        {"a\x7f", false},
        {"a\xc2\x85", false},                  /* U+0085 */
        {"a\xc2\xad", false},                  /* soft hyphen */
        {"a\xe2\x80\x8b", false},              /* zero-width space */
        {"a\xe2\x80\xa8", false},              /* line separator */
        {"a\xe2\x80\xae", false},              /* right-to-left override */
        {"a\xe2\x81\xa6", false},              /* isolate */
        {"\xef\xbb\xbf" "a", false},           /* byte order mark */
        {"\xc0\x80", false},                   /* U+0000, too long a form */
        {"\xc1\xbf", false},
        {"\xe0\x9f\xbf", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xed\xa0\x80", false},               /* surrogate */
        {"\xf4\x90\x80\x80", false},           /* above U+10FFFF */
        {"\xf8\x88\x80\x80\x80", false},
        {"\x80", false},
        {"\x9f\xbf", false},                   /* begins in the middle */
        {"\xbf\xbf", false},
        {"\xc3", false},
        {"\xe6\xb5", false},
        {"\xe6\xb5\x41", false},
        {"\xff", false},
    };
    uint8_t longest[LIMIT_NAME + 1];

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        assert_int_equal(cert_name_valid(span_text(table[i].name)),
                         table[i].valid);
    memset(longest, 'a', sizeof(longest));
    assert_true(cert_name_valid((struct span){longest, LIMIT_NAME}));
    assert_false(cert_name_valid(SPAN_OF(longest)));
    assert_false(cert_name_valid((struct span){(const uint8_t *)"a\0b", 3}));
}

static void
the_longest_names_fit(void **state)
{
    struct cert         cert = good_cert(), out;
    struct sign_key     org = org_key();
    struct cert_encoded encoded;

    (void)state;
    memset(cert.node_name, 'n', LIMIT_NAME);
    memset(cert.org_name, 'o', LIMIT_NAME);
    assert_int_equal(cert_sign(&cert, &org, &encoded), STATUS_OK);
    assert_int_equal(encoded.len, CERT_LEN_MAX);
    assert_int_equal(cert_verify(cert_span(&encoded), NULL, &out), STATUS_OK);
    assert_string_equal(out.org_name, cert.org_name);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_certificate_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(what_is_signed_reads_back_the_same),
        cmocka_unit_test(every_prefix_and_every_longer_one_is_refused),
        cmocka_unit_test(every_bit_flipped_is_refused),
        cmocka_unit_test(another_organisation_than_the_pinned_one_is_untrusted),
        cmocka_unit_test(a_signature_under_another_label_is_none),
        cmocka_unit_test(another_version_is_not_read),
        cmocka_unit_test(only_the_certified_organisation_signs),
        cmocka_unit_test(
            fields_out_of_their_rules_are_neither_signed_nor_accepted),
        cmocka_unit_test(a_name_with_a_zero_byte_or_too_long_is_refused),
        cmocka_unit_test(names_are_what_people_can_read_and_compare),
        cmocka_unit_test(the_longest_names_fit),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

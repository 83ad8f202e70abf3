/* test_revocation.c - revocations: one form, one signer, heads in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/revocation.h"
#include "tests/unit/cert_world.h"

/* A channel to the revoked node, and one that is not its. */
#define ORIGIN_TO                                                              \
    "entente/v1/101112131415161718191a1b1c1d1e1f/"                             \
    "000102030405060708090a0b0c0d0e0f/actual/wire/1-0123456789abcdef"
#define ORIGIN_OTHER                                                           \
    "entente/v1/202122232425262728292a2b2c2d2e2f/"                             \
    "101112131415161718191a1b1c1d1e1f/actual/wire/1-0123456789abcdef"

enum { ROOM = 1024, HEADS_AT = 60 };

struct encoded {
    uint8_t bytes[ROOM];
    size_t  len;
};

static struct revocation
good_fields(void)
{
    struct revocation fields = {.number = 2, .serial = 3};
    struct cert       cert = good_cert();

    fields.node = cert.node;
    memcpy(fields.org_key, cert.org_key, LIMIT_KEY);
    return fields;
}

static struct revocation_head
head_of(const char *origin, uint64_t size)
{
    struct revocation_head head = {.origin = span_text(origin), .size = size};

    for (size_t i = 0; i < LIMIT_DIGEST; i++)
        head.root.bytes[i] = (uint8_t)(0x70 + i);
    return head;
}

static enum status
try_sign(const struct revocation *fields, const struct revocation_head *heads,
         size_t count, struct encoded *out)
{
    struct sign_key org = org_key();

    return revocation_sign(fields, heads, count, &org, out->bytes,
                           sizeof(out->bytes), &out->len);
}

/* With `count` of two heads. */
static struct encoded
good_bytes(size_t count)
{
    struct revocation      fields = good_fields();
    struct revocation_head heads[] = {head_of(ORIGIN, 12),
                                      head_of(ORIGIN_TO, 0)};
    struct encoded         out = {0};

    assert_int_equal(try_sign(&fields, heads, count, &out), STATUS_OK);
    return out;
}

static enum status
verify(struct span bytes)
{
    struct revocation out;

    return revocation_verify(bytes, org_key().public_key, &out);
}

static struct span
span_of(const struct encoded *encoded)
{
    return (struct span){encoded->bytes, encoded->len};
}

static void
sign_again(struct encoded *encoded, enum label label)
{
    struct sign_key org = org_key();
    size_t          body_len = encoded->len - LIMIT_SIGNATURE;

    sign_make(&org, label, (struct span){encoded->bytes, body_len},
              encoded->bytes + body_len);
}

static void
a_revocation_is_the_bytes_computed_apart_from_this_code(void **state)
{
    struct encoded encoded = good_bytes(1);
    struct vector  expected = vector_of(
        "f5035aa00fd8b82a104c175905c71378e43868080a2078b2e2ff3f7d242aedcd");
    struct digest digest;

    (void)state;
    sha256_digest(span_of(&encoded), &digest);
    assert_memory_equal(digest.bytes, expected.bytes, LIMIT_DIGEST);
}

static void
what_is_stood_by_is_found_by_origin(void **state)
{
    struct encoded         encoded = good_bytes(2);
    struct revocation      fields = good_fields(), out;
    struct revocation_head head;

    (void)state;
    assert_int_equal(
        revocation_verify(span_of(&encoded), org_key().public_key, &out),
        STATUS_OK);
    assert_int_equal(out.number, 2);
    assert_int_equal(out.serial, 3);
    assert_true(node_id_equal(&out.node, &fields.node));
    assert_int_equal(out.head_count, 2);
    assert_int_equal(revocation_find(&out, span_text(ORIGIN), &head),
                     STATUS_OK);
    assert_int_equal(head.size, 12);
    assert_int_equal(head.root.bytes[0], 0x70);
    assert_int_equal(revocation_find(&out, span_text(ORIGIN_TO), &head),
                     STATUS_OK);
    assert_int_equal(head.size, 0);
    assert_int_equal(revocation_find(&out, span_text(ORIGIN_OTHER), &head),
                     STATUS_NOT_FOUND);
}

static void
one_that_stands_by_nothing_is_as_good(void **state)
{
    struct encoded encoded = good_bytes(0);

    (void)state;
    assert_int_equal(encoded.len, REVOCATION_LEN_MIN);
    assert_int_equal(verify(span_of(&encoded)), STATUS_OK);
}

static void
every_prefix_and_a_longer_one_are_refused(void **state)
{
    struct encoded encoded = good_bytes(2);

    (void)state;
    for (size_t len = 0; len < encoded.len; len++)
        assert_int_equal(verify((struct span){encoded.bytes, len}),
                         STATUS_BAD_ENCODING);
    encoded.len++;
    assert_int_equal(verify(span_of(&encoded)), STATUS_BAD_ENCODING);
}

static void
every_bit_flipped_is_refused(void **state)
{
    struct encoded encoded = good_bytes(2);

    (void)state;
    for (size_t i = 0; i < encoded.len * 8; i++) {
        encoded.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_not_equal(verify(span_of(&encoded)), STATUS_OK);
        encoded.bytes[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    assert_int_equal(verify(span_of(&encoded)), STATUS_OK);
}

static void
only_the_pinned_organisation_revokes(void **state)
{
    struct encoded    encoded = good_bytes(1);
    struct sign_key   other = log_key();
    struct revocation fields = good_fields(), out;

    (void)state;
    assert_int_equal(
        revocation_verify(span_of(&encoded), other.public_key, &out),
        STATUS_UNTRUSTED);
    assert_int_equal(revocation_sign(&fields, NULL, 0, &other, encoded.bytes,
                                     ROOM, &encoded.len),
                     STATUS_BAD_FIELD);
}

static void
a_signature_under_another_label_is_none(void **state)
{
    struct encoded encoded = good_bytes(1);

    (void)state;
    sign_again(&encoded, LABEL_CERTIFICATE);
    assert_int_equal(verify(span_of(&encoded)), STATUS_BAD_PROOF);
    sign_again(&encoded, LABEL_REVOCATION);
    assert_int_equal(verify(span_of(&encoded)), STATUS_OK);
}

static void
heads_out_of_order_or_of_other_nodes_are_not_signed(void **state)
{
    struct revocation_head in_order = head_of(ORIGIN, 1);
    struct revocation_head later = head_of(ORIGIN_TO, 1);
    struct revocation_head others = head_of(ORIGIN_OTHER, 1);
    struct revocation_head no_origin = head_of("entente/v1/x", 1);
    struct revocation_head too_big = head_of(ORIGIN, LIMIT_TREE + 1);
    const struct {
        struct revocation_head heads[2];
        size_t                 count;
        enum status            st;
    } table[] = {
        {{in_order, later}, 2, STATUS_OK},
        {{later, in_order}, 2, STATUS_BAD_FIELD},
        {{in_order, in_order}, 2, STATUS_BAD_FIELD},
        {{others}, 1, STATUS_BAD_FIELD},
        {{no_origin}, 1, STATUS_BAD_FIELD},
        {{too_big}, 1, STATUS_BAD_FIELD},
    };
    struct revocation fields = good_fields();

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct encoded out;

        assert_int_equal(
            try_sign(&fields, table[i].heads, table[i].count, &out),
            table[i].st);
    }
}

static void
heads_out_of_order_or_of_other_nodes_are_not_accepted(void **state)
{
    struct encoded encoded = good_bytes(2), swapped;
    size_t         each = 2 + strlen(ORIGIN) + 8 + LIMIT_DIGEST;

    (void)state;
    assert_int_equal(strlen(ORIGIN), strlen(ORIGIN_TO));
    swapped = encoded;
    memcpy(swapped.bytes + HEADS_AT, encoded.bytes + HEADS_AT + each, each);
    memcpy(swapped.bytes + HEADS_AT + each, encoded.bytes + HEADS_AT, each);
    sign_again(&swapped, LABEL_REVOCATION);
    assert_int_equal(verify(span_of(&swapped)), STATUS_BAD_FIELD);
    swapped = encoded;
    swapped.bytes[38] ^= 1; /* another node: neither channel is its */
    sign_again(&swapped, LABEL_REVOCATION);
    assert_int_equal(verify(span_of(&swapped)), STATUS_BAD_FIELD);
}

static void
number_and_serial_begin_at_one_and_the_version_is_known(void **state)
{
    struct revocation fields = good_fields();
    struct encoded    out, encoded = good_bytes(0);

    (void)state;
    fields.number = 0;
    assert_int_equal(try_sign(&fields, NULL, 0, &out), STATUS_BAD_FIELD);
    fields.number = 1;
    fields.serial = 0;
    assert_int_equal(try_sign(&fields, NULL, 0, &out), STATUS_BAD_FIELD);
    encoded.bytes[5] = 0;
    sign_again(&encoded, LABEL_REVOCATION);
    assert_int_equal(verify(span_of(&encoded)), STATUS_BAD_FIELD);
    encoded = good_bytes(0);
    encoded.bytes[1] = 2;
    sign_again(&encoded, LABEL_REVOCATION);
    assert_int_equal(verify(span_of(&encoded)), STATUS_BAD_VERSION);
}

static void
what_does_not_fit_is_refused(void **state)
{
    static uint8_t         large[LIMIT_REVOCATION + 1];
    struct revocation      fields = good_fields();
    struct revocation_head head = head_of(ORIGIN, 12);
    struct sign_key        org = org_key();
    struct encoded         good = good_bytes(1);
    size_t                 len = 77;

    (void)state;
    for (size_t cap = 0; cap < good.len; cap += 16)
        assert_int_equal(
            revocation_sign(&fields, &head, 1, &org, large, cap, &len),
            STATUS_TOO_LARGE);
    assert_int_equal(len, 77);
    assert_int_equal(verify(SPAN_OF(large)), STATUS_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_revocation_is_the_bytes_computed_apart_from_this_code),
        cmocka_unit_test(what_is_stood_by_is_found_by_origin),
        cmocka_unit_test(one_that_stands_by_nothing_is_as_good),
        cmocka_unit_test(every_prefix_and_a_longer_one_are_refused),
        cmocka_unit_test(every_bit_flipped_is_refused),
        cmocka_unit_test(only_the_pinned_organisation_revokes),
        cmocka_unit_test(a_signature_under_another_label_is_none),
        cmocka_unit_test(heads_out_of_order_or_of_other_nodes_are_not_signed),
        cmocka_unit_test(heads_out_of_order_or_of_other_nodes_are_not_accepted),
        cmocka_unit_test(
            number_and_serial_begin_at_one_and_the_version_is_known),
        cmocka_unit_test(what_does_not_fit_is_refused),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

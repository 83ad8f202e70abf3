/*
 * test_protocol_keys.c - PROTOCOL.md's examples of identities are what the
 * fixed keys give.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/revocation.h"
#include "crypto/safety.h"
#include "tests/unit/protocol_world.h"

static void
put_sign_key(struct lines_text *out, const char *words, unsigned first)
{
    page_line_hex(out, words, SPAN_OF(sign_key_from(first).public_key));
}

static void
put_dh_key(struct lines_text *out, const char *words, unsigned first)
{
    page_line_hex(out, words, SPAN_OF(dh_key_from(first).public_key));
}

static void
public_keys_are_those_of_their_secrets(void **state)
{
    static struct lines_text out;
    struct dh_key            first_contact = dh_key_from(0x33);
    uint8_t                  id[CARD_KEY_ID_LEN];

    (void)state;
    put_sign_key(&out, "A organisation", 0xa0);
    put_sign_key(&out, "A log", 0xc0);
    put_sign_key(&out, "A witness", 0xe0);
    put_dh_key(&out, "A link", 0x11);
    put_dh_key(&out, "A first contact", 0x33);
    card_key_id(first_contact.public_key, id);
    page_line_hex(&out, "its key id", SPAN_OF(id));
    put_sign_key(&out, "B organisation", 0xb1);
    put_sign_key(&out, "B log", 0xc1);
    put_sign_key(&out, "B witness", 0xe1);
    put_dh_key(&out, "B link", 0x12);
    put_dh_key(&out, "B sealing 1", 0x20);
    put_dh_key(&out, "batch ephemeral", 0x40);
    page_block("keys/public", out.text);
}

static void
the_certificate_is_what_the_organisation_signs(void **state)
{
    struct cert_encoded encoded = good_cert_bytes();

    (void)state;
    page_hex("keys/certificate", cert_span(&encoded));
}

static void
the_card_is_what_the_node_writes(void **state)
{
    struct card_text text = good_text();

    (void)state;
    page_block("keys/card", text.text);
}

static void
the_safety_number_is_that_of_both(void **state)
{
    static struct lines_text out;
    struct sign_key          a = org_key(), b = sign_key_from(0xb1);
    struct safety            safety;
    char                     text[SAFETY_TEXT_LEN + 1];

    (void)state;
    assert_int_equal(safety_number(a.public_key, b.public_key, &safety),
                     STATUS_OK);
    safety_format(&safety, SAFETY_ALL, text);
    page_line(&out, "%s", text);
    safety_format(&safety, safety_read_by(a.public_key, b.public_key), text);
    page_line(&out, "A reads  %s", text);
    safety_format(&safety, safety_read_by(b.public_key, a.public_key), text);
    page_line(&out, "B reads  %s", text);
    page_block("keys/safety", out.text);
}

static void
the_revocation_is_what_the_organisation_signs(void **state)
{
    struct example_log     log = example_log();
    struct sign_key        org = org_key();
    struct revocation      fields = {.number = 1, .serial = 3};
    struct revocation_head head = {.origin = log.origin,
                                   .size = 2,
                                   .root = log.heads[1].root};
    uint8_t                bytes[512];
    size_t                 len = 0;

    (void)state;
    memcpy(fields.org_key, org.public_key, LIMIT_KEY);
    fields.node = good_cert().node;
    assert_int_equal(revocation_sign(&fields, &head, 1, &org, bytes,
                                     sizeof(bytes), &len),
                     STATUS_OK);
    page_hex("keys/revocation", (struct span){bytes, len});
}

static void
no_block_of_this_area_is_left_over(void **state)
{
    static const char *const areas[] = {"keys/"};

    (void)state;
    page_all_seen(areas, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_keys_are_those_of_their_secrets),
        cmocka_unit_test(the_certificate_is_what_the_organisation_signs),
        cmocka_unit_test(the_card_is_what_the_node_writes),
        cmocka_unit_test(the_safety_number_is_that_of_both),
        cmocka_unit_test(the_revocation_is_what_the_organisation_signs),
        cmocka_unit_test(no_block_of_this_area_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}

/* test_parties.c - who may sign what, by the certificates of a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/parties.h"
#include "tests/unit/evidence_world.h"

struct signed_note {
    uint8_t       proof[LIMIT_PROOF];
    struct proof  parsed;
    struct origin origin;
};

static void
add_cert(struct parties *parties, const struct cert *cert, unsigned org_first)
{
    struct cert_encoded bytes = cert_bytes_of(cert, org_first);

    assert_int_equal(parties_add(parties, cert_span(&bytes)), STATUS_OK);
}

static struct parties
a_and_b(void)
{
    struct parties parties = {0};
    struct cert    a = good_cert();
    struct cert    b = cert_of_b();

    add_cert(&parties, &a, 0xa0);
    add_cert(&parties, &b, 0xb1);
    return parties;
}

/* A's head, receipted by B. */
static void
note_of_a(struct signed_note *out)
{
    struct example_log  log = example_log();
    struct sign_key     a = log_key();
    struct note_witness b = {.node = cert_of_b().node};
    struct span         text;

    memcpy(b.public_key, sign_key_from(0xe1).public_key, LIMIT_KEY);
    text = proof_of(log.origin, log.leaves, 2, 1, &a, &b, &log.cosignature,
                    out->proof);
    assert_int_equal(proof_parse(text, &out->parsed), STATUS_OK);
    assert_int_equal(origin_parse(log.origin, &out->origin), STATUS_OK);
}

static void
head_and_receipt_are_found_among_the_certificates(void **state)
{
    struct parties     parties = a_and_b();
    struct signed_note noted;
    struct cosignature cosignature;
    size_t             writer = 9, reader = 9;

    (void)state;
    note_of_a(&noted);
    assert_int_equal(parties_check(&parties), STATUS_OK);
    assert_int_equal(parties_note_form(&noted.parsed.note, &noted.origin),
                     STATUS_OK);
    assert_int_equal(parties_head(&parties, &noted.parsed.note, &noted.origin,
                                  &writer),
                     STATUS_OK);
    assert_int_equal(writer, 0);
    assert_int_equal(parties_receipt(&parties, &noted.parsed.note,
                                     &noted.origin, writer, &reader,
                                     &cosignature),
                     STATUS_OK);
    assert_int_equal(reader, 1);
    assert_int_equal(cosignature.time_s, EXAMPLE_COSIGNED_S);
    assert_int_equal(parties_needed(&parties), STATUS_OK);
}

static void
a_log_of_the_other_direction_is_signed_by_nobody(void **state)
{
    struct parties     parties = a_and_b();
    struct signed_note noted;
    struct origin      back;
    size_t             writer;

    (void)state;
    note_of_a(&noted);
    assert_int_equal(origin_parse(span_text(ORIGIN_BACK), &back), STATUS_OK);
    assert_int_equal(parties_head(&parties, &noted.parsed.note, &back, &writer),
                     STATUS_BAD_PROOF);
    assert_int_equal(parties_note_form(&noted.parsed.note, &back),
                     STATUS_BAD_ENCODING);
}

static void
a_later_certificate_signs_only_by_the_same_organisation(void **state)
{
    struct parties parties = a_and_b();
    struct cert    next = good_cert();
    struct cert    stranger = good_cert();

    (void)state;
    next.serial++;
    add_cert(&parties, &next, 0xa0);
    assert_int_equal(parties_check(&parties), STATUS_OK);
    assert_int_equal(parties_needed(&parties), STATUS_BAD_FIELD);
    memcpy(next.org_key, sign_key_from(0xa1).public_key, LIMIT_KEY);
    add_cert(&parties, &next, 0xa1);
    assert_int_equal(parties_check(&parties), STATUS_UNTRUSTED);
    parties = a_and_b();
    stranger.node.bytes[3] ^= 1;
    add_cert(&parties, &stranger, 0xa0);
    assert_int_equal(parties_check(&parties), STATUS_BAD_FIELD);
}

static void
one_certificate_is_no_pair_and_nine_are_too_many(void **state)
{
    struct parties      parties = {0};
    struct cert         a = good_cert();
    struct cert_encoded bytes = cert_bytes_of(&a, 0xa0);

    (void)state;
    add_cert(&parties, &a, 0xa0);
    assert_int_equal(parties_check(&parties), STATUS_BAD_FIELD);
    while (parties.count < LIMIT_EVIDENCE_CERTIFICATES)
        assert_int_equal(parties_add(&parties, cert_span(&bytes)), STATUS_OK);
    assert_int_equal(parties_add(&parties, cert_span(&bytes)), STATUS_FULL);
    bytes.bytes[bytes.len - 1] ^= 1;
    parties.count = 0;
    assert_int_equal(parties_add(&parties, cert_span(&bytes)),
                     STATUS_BAD_PROOF);
    assert_int_equal(parties.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_and_receipt_are_found_among_the_certificates),
        cmocka_unit_test(a_log_of_the_other_direction_is_signed_by_nobody),
        cmocka_unit_test(
            a_later_certificate_signs_only_by_the_same_organisation),
        cmocka_unit_test(one_certificate_is_no_pair_and_nine_are_too_many),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

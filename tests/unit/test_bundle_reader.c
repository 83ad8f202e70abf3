/*
 * test_bundle_reader.c - a bundle is taken as it was written, or what differs
 * is refused and named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle_frames.h"
#include "tests/unit/bundle_world.h"

static struct bundle_reader reader;
static struct bundle_file   file; /* each test makes it anew */

static enum status
open_with(const struct parties *parties)
{
    struct bundle_trust trust = trust_of(parties);
    struct bundle       bundle;
    struct cert         cert;
    enum status         st = bundle_decode(header_in(&file), &bundle);

    if (st != STATUS_OK)
        return st;
    trust.key.number = bundle.sealing_key; /* as R finds it by these */
    trust.key.secret_epoch = bundle.secret_epoch;
    st = bundle_reader_open(&reader, header_in(&file), record_span(&file, 0),
                            &trust, &cert);
    if (st == STATUS_OK)
        assert_true(node_id_equal(&cert.node, &bundle.sender));
    return st;
}

static enum status
open_good(void)
{
    struct parties parties = good_parties();

    good_file(&file);
    return open_with(&parties);
}

static void
assert_frame(enum tag tag, size_t len)
{
    struct frame frame;

    assert_true(span_equal(bundle_reader_frame(&reader),
                           frame_of(&frame, tag, len)));
}

static void
assert_no_frame(void)
{
    assert_int_equal(bundle_reader_frame(&reader).len, 0);
}

static enum status
next(size_t number)
{
    return bundle_reader_next(&reader, record_span(&file, number));
}

static void
a_bundle_is_read_as_it_was_written(void **state)
{
    (void)state;
    assert_int_equal(open_good(), STATUS_OK);
    assert_frame(HELLO, 2);
    assert_frame(SIZES, 300);
    assert_frame(COSIGNED, 200);
    assert_no_frame();
    assert_int_equal(bundle_reader_end(&reader), STATUS_BAD_ENCODING);
    assert_int_equal(next(1), STATUS_OK);
    assert_frame(LEAVES, 250);
    assert_frame(HEAD, 190);
    assert_frame(BODIES, BODY_FRAME);
    assert_no_frame();
    assert_int_equal(next(2), STATUS_OK);
    assert_frame(BODIES, 5);
    assert_no_frame();
    assert_int_equal(bundle_reader_end(&reader), STATUS_OK);
    bundle_reader_clear(&reader);
    assert_true(secret_is_zero((const uint8_t *)&reader, sizeof(reader)));
}

/* What the header is refused for when one byte of it is changed. */
static enum status
refusal_at(size_t at)
{
    if (at < 16)
        return STATUS_BAD_ENCODING; /* magic */
    if (at < 18)
        return STATUS_BAD_VERSION; /* suite */
    if (at >= 34 && at < 50)
        return STATUS_UNTRUSTED; /* R */
    if (at == 101)
        return STATUS_BAD_FIELD; /* the ephemeral, spelt otherwise */
    if (at < 150)
        return STATUS_UNOPENED; /* another key, or commitment */
    return STATUS_BAD_PROOF;    /* digest of record 0, signature */
}

static void
every_byte_of_the_header_is_judged(void **state)
{
    struct parties parties = good_parties();

    (void)state;
    good_file(&file);
    for (size_t i = 0; i < BUNDLE_HEADER_LEN; i++) {
        file.bytes[i] ^= 0x80;
        if (open_with(&parties) != refusal_at(i))
            fail_msg("byte %zu: %s", i, status_name(open_with(&parties)));
        file.bytes[i] ^= 0x80;
    }
    assert_int_equal(open_with(&parties), STATUS_OK);
}

static void
a_changed_byte_of_a_record_is_a_record_that_does_not_open(void **state)
{
    struct parties parties = good_parties();

    (void)state;
    good_file(&file);
    for (size_t i = 0; i < BUNDLE_SEALED_LEN; i += 1999) {
        record_in(&file, 0)[i] ^= 1;
        assert_int_equal(open_with(&parties), STATUS_BAD_PROOF);
        record_in(&file, 0)[i] ^= 1;
        record_in(&file, 1)[i] ^= 1;
        assert_int_equal(open_with(&parties), STATUS_OK);
        assert_int_equal(next(1), STATUS_BAD_PROOF);
        assert_no_frame();
        record_in(&file, 1)[i] ^= 1;
    }
}

static void
behind_a_damaged_record_the_others_are_read(void **state)
{
    (void)state;
    assert_int_equal(open_good(), STATUS_OK);
    record_in(&file, 1)[5] ^= 1;
    assert_int_equal(next(1), STATUS_BAD_PROOF);
    assert_int_equal(next(2), STATUS_OK);
    assert_frame(BODIES, 5);
    assert_int_equal(bundle_reader_end(&reader), STATUS_OK);
}

static void
records_that_changed_places_do_not_open(void **state)
{
    struct parties parties = good_parties();

    (void)state;
    assert_int_equal(open_good(), STATUS_OK);
    assert_int_equal(next(2), STATUS_BAD_PROOF);
    assert_int_equal(next(1), STATUS_BAD_PROOF);
    assert_int_equal(bundle_reader_end(&reader), STATUS_BAD_ENCODING);
    assert_int_equal(open_good(), STATUS_OK);
    assert_int_equal(next(0), STATUS_BAD_PROOF);
    assert_int_equal(open_good(), STATUS_OK);
    assert_int_equal(next(1), STATUS_OK);
    assert_int_equal(next(1), STATUS_BAD_PROOF); /* doubled */
    memcpy(record_in(&file, 0), record_in(&file, 1), BUNDLE_SEALED_LEN);
    assert_int_equal(open_with(&parties), STATUS_BAD_PROOF);
}

static void
a_bundle_that_was_cut_is_known_by_its_end(void **state)
{
    (void)state;
    for (size_t records = 1; records <= FILE_RECORDS; records++) {
        assert_int_equal(open_good(), STATUS_OK);
        for (size_t i = 1; i < records; i++)
            assert_int_equal(next(i), STATUS_OK);
        assert_int_equal(bundle_reader_end(&reader),
                         records == FILE_RECORDS ? STATUS_OK
                                                 : STATUS_BAD_ENCODING);
    }
}

static void
a_record_that_was_cut_is_none(void **state)
{
    static const size_t lens[] = {0, 1, LIMIT_TAG, 40000,
                                  BUNDLE_SEALED_LEN - 1};
    struct parties      parties = good_parties();
    struct bundle_trust trust = trust_of(&parties);
    struct cert         cert;

    (void)state;
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        assert_int_equal(open_good(), STATUS_OK);
        assert_int_equal(
            bundle_reader_next(&reader,
                               (struct span){record_in(&file, 1), lens[i]}),
            STATUS_BAD_ENCODING);
        assert_no_frame();
        assert_int_equal(
            bundle_reader_open(&reader, header_in(&file),
                               (struct span){record_in(&file, 0), lens[i]},
                               &trust, &cert),
            STATUS_BAD_ENCODING);
    }
}

static void
nothing_stands_behind_the_last_record(void **state)
{
    (void)state;
    assert_int_equal(open_good(), STATUS_OK);
    assert_int_equal(next(1), STATUS_OK);
    assert_int_equal(next(2), STATUS_OK);
    for (size_t i = 0; i < FILE_RECORDS; i++)
        assert_int_equal(next(i), STATUS_BAD_STATE);
    assert_no_frame();
}

static void
more_records_than_a_bundle_has_are_refused(void **state)
{
    (void)state;
    assert_int_equal(open_good(), STATUS_OK);
    reader.next = LIMIT_BUNDLE_RECORDS;
    assert_int_equal(next(1), STATUS_TOO_LARGE);
}

static void
another_key_or_secret_opens_nothing(void **state)
{
    struct parties      parties = good_parties(), other = parties;
    struct bundle_trust trust = trust_of(&parties);
    struct cert         cert;

    (void)state;
    good_file(&file);
    other.sealing = dh_key_from(0x21);
    assert_int_equal(open_with(&other), STATUS_UNOPENED);
    other = parties;
    other.pair_secret.bytes[0] ^= 1;
    assert_int_equal(open_with(&other), STATUS_UNOPENED);
    trust.key.pair_secret = NULL;
    assert_int_equal(bundle_reader_open(&reader, header_in(&file),
                                        record_span(&file, 0), &trust, &cert),
                     STATUS_UNOPENED);
}

static void
a_bundle_for_another_node_is_not_opened(void **state)
{
    struct parties      parties = good_parties();
    struct bundle_trust trust = trust_of(&parties);
    struct cert         cert;

    (void)state;
    good_file(&file);
    trust.self.bytes[15] ^= 1;
    assert_int_equal(bundle_reader_open(&reader, header_in(&file),
                                        record_span(&file, 0), &trust, &cert),
                     STATUS_UNTRUSTED);
}

static void
another_organisations_bundle_is_not_trusted(void **state)
{
    struct parties parties = good_parties();

    (void)state;
    good_file(&file);
    memcpy(parties.org_key, parties.log.public_key, LIMIT_KEY);
    assert_int_equal(open_with(&parties), STATUS_UNTRUSTED);
}

/* --- what S, or who has R's sealing key, may have written ----------------- */

static struct bundle_keys
keys_of_file(void)
{
    struct parties     parties = good_parties();
    struct seal_key    key = key_of(&parties);
    struct bundle_keys keys;

    assert_int_equal(bundle_keys_recipient(file.bytes, &key,
                                           &parties.sealing.secret, &keys),
                     STATUS_OK);
    return keys;
}

/* The plaintext of a record, to be changed and sealed again. */
static uint8_t *
unseal(size_t number, bool last)
{
    struct bundle_keys keys = keys_of_file();
    uint8_t           *record = record_in(&file, number);

    assert_int_equal(bundle_open(&keys.aead, number, last,
                                 record_span(&file, number), record),
                     STATUS_OK);
    return record;
}

static void
seal_again(size_t number, bool last)
{
    struct bundle_keys keys = keys_of_file();

    bundle_seal(&keys.aead, number, last, record_in(&file, number));
}

static void
sign_again(const struct sign_key *log)
{
    struct bundle bundle;

    assert_int_equal(bundle_decode(header_in(&file), &bundle), STATUS_OK);
    bundle_first_digest(record_span(&file, 0), &bundle.first);
    bundle_encode(&bundle, file.bytes);
    bundle_sign(file.bytes, log);
}

static void
who_has_the_readers_key_cannot_change_the_first_record(void **state)
{
    struct parties  parties = good_parties();
    struct sign_key thief = sign_key_from(0x77);

    (void)state;
    good_file(&file);
    unseal(0, false)[BUNDLE_RECORD_LEN - 1] = 1;
    seal_again(0, false);
    assert_int_equal(open_with(&parties), STATUS_BAD_PROOF);
    sign_again(&thief);
    assert_int_equal(open_with(&parties), STATUS_BAD_PROOF);
    sign_again(&parties.log); /* the layout is judged last */
    assert_int_equal(open_with(&parties), STATUS_BAD_ENCODING);
}

/* A bundle whose header differs from the certificate in it. */
static enum status
open_with_header_of(const struct bundle *fields)
{
    static struct bundle_writer writer;
    struct parties              parties = good_parties();
    struct seal_key             key = key_of(&parties);
    struct cert_encoded         certificate = good_cert_bytes();
    const uint8_t               salt[LIMIT_SALT] = {1};
    struct span                 out;

    assert_int_equal(bundle_writer_init(&writer, fields, &key,
                                        &parties.ephemeral.secret, salt,
                                        cert_span(&certificate)),
                     STATUS_OK);
    put(&writer, HELLO, 2);
    put(&writer, SIZES, 2);
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_OK);
    file.len = 0;
    append_to(&file, out);
    bundle_writer_clear(&writer);
    return open_with(&parties);
}

static void
the_certificate_is_of_the_headers_node_and_serial(void **state)
{
    struct bundle fields = good_fields();

    (void)state;
    assert_int_equal(open_with_header_of(&fields), STATUS_OK);
    assert_int_equal(bundle_reader_end(&reader), STATUS_OK);
    fields.sender.bytes[0] ^= 1;
    assert_int_equal(open_with_header_of(&fields), STATUS_BAD_FIELD);
    fields = good_fields();
    fields.serial++;
    assert_int_equal(open_with_header_of(&fields), STATUS_BAD_FIELD);
}

static void
a_certificate_over_its_limit_or_changed_is_refused(void **state)
{
    struct parties parties = good_parties();
    struct writer  length;
    uint8_t       *plain;

    (void)state;
    good_file(&file);
    plain = unseal(0, false);
    length = writer_of(plain, 2);
    writer_u16(&length, LIMIT_CERTIFICATE + 1);
    seal_again(0, false);
    sign_again(&parties.log);
    assert_int_equal(open_with(&parties), STATUS_BAD_ENCODING);
    good_file(&file);
    plain = unseal(0, false);
    plain[2 + 62] ^= 1; /* its log key */
    seal_again(0, false);
    sign_again(&parties.log);
    assert_int_not_equal(open_with(&parties), STATUS_OK);
}

static void
a_later_record_is_judged_whole_before_its_frames_are_lent(void **state)
{
    static const enum tag statements[] = {HELLO, SIZES,     COSIGNED,
                                          FETCH, ASK_GRANT, STOP};

    (void)state;
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++) {
        assert_int_equal(open_good(), STATUS_OK);
        unseal(2, true)[2] = (uint8_t)statements[i];
        seal_again(2, true);
        assert_int_equal(next(1), STATUS_OK);
        assert_int_equal(next(2), STATUS_BAD_STATE);
        assert_no_frame();
    }
    assert_int_equal(open_good(), STATUS_OK);
    unseal(1, false)[BUNDLE_RECORD_LEN - 1] = 1; /* behind its end */
    seal_again(1, false);
    assert_int_equal(next(1), STATUS_BAD_ENCODING);
    assert_no_frame();
    assert_int_equal(next(2), STATUS_OK);
}

static void
a_record_of_another_bundle_between_the_two_does_not_open(void **state)
{
    static uint8_t other[BUNDLE_SEALED_LEN];
    struct bundle  fields = good_fields();

    (void)state;
    good_file(&file);
    memcpy(other, record_in(&file, 1), sizeof(other));
    fields.number++;
    assert_int_equal(open_with_header_of(&fields), STATUS_OK);
    reader.last = false;
    assert_int_equal(bundle_reader_next(&reader, SPAN_OF(other)),
                     STATUS_BAD_PROOF);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bundle_is_read_as_it_was_written),
        cmocka_unit_test(every_byte_of_the_header_is_judged),
        cmocka_unit_test(
            a_changed_byte_of_a_record_is_a_record_that_does_not_open),
        cmocka_unit_test(behind_a_damaged_record_the_others_are_read),
        cmocka_unit_test(records_that_changed_places_do_not_open),
        cmocka_unit_test(a_bundle_that_was_cut_is_known_by_its_end),
        cmocka_unit_test(a_record_that_was_cut_is_none),
        cmocka_unit_test(nothing_stands_behind_the_last_record),
        cmocka_unit_test(more_records_than_a_bundle_has_are_refused),
        cmocka_unit_test(another_key_or_secret_opens_nothing),
        cmocka_unit_test(a_bundle_for_another_node_is_not_opened),
        cmocka_unit_test(another_organisations_bundle_is_not_trusted),
        cmocka_unit_test(
            who_has_the_readers_key_cannot_change_the_first_record),
        cmocka_unit_test(the_certificate_is_of_the_headers_node_and_serial),
        cmocka_unit_test(a_certificate_over_its_limit_or_changed_is_refused),
        cmocka_unit_test(
            a_later_record_is_judged_whole_before_its_frames_are_lent),
        cmocka_unit_test(
            a_record_of_another_bundle_between_the_two_does_not_open),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

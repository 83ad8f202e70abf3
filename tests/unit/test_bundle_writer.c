/*
 * test_bundle_writer.c - a bundle leaves as a header and records of one size,
 * and holds no more than one record on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle_writer.h"
#include "tests/unit/bundle_world.h"

static struct bundle_writer writer;

static enum status
try_put(enum tag tag, size_t len)
{
    struct frame frame;

    return bundle_writer_put(&writer, frame_of(&frame, tag, len));
}

static struct span
record(const struct parties *parties)
{
    struct span out;

    assert_int_equal(bundle_writer_record(&writer, &parties->log, &out),
                     STATUS_OK);
    return out;
}

static void
begin_with_statements(const struct parties *parties)
{
    begin(&writer, parties);
    put(&writer, HELLO, 2);
    put(&writer, SIZES, 300);
}

static void
the_header_comes_out_with_the_first_record_and_names_it(void **state)
{
    struct parties parties = good_parties();
    struct bundle  bundle;
    struct digest  digest;
    struct span    out;

    (void)state;
    begin_with_statements(&parties);
    out = record(&parties);
    assert_int_equal(out.len, BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN);
    assert_int_equal(
        bundle_decode((struct span){out.ptr, BUNDLE_HEADER_LEN}, &bundle),
        STATUS_OK);
    assert_int_equal(bundle_verify(out.ptr, parties.log.public_key),
                     STATUS_OK);
    bundle_first_digest(
        (struct span){out.ptr + BUNDLE_HEADER_LEN, BUNDLE_SEALED_LEN},
        &digest);
    assert_true(digest_equal(&digest, &bundle.first));
    assert_memory_equal(bundle.ephemeral, parties.ephemeral.public_key,
                        LIMIT_KEY);
    assert_int_equal(bundle.sealing_key, 9);
    assert_int_equal(bundle.secret_epoch, 3);
    assert_int_equal(record(&parties).len, BUNDLE_SEALED_LEN);
    bundle_writer_clear(&writer);
}

static void
what_does_not_fit_is_for_the_next_record(void **state)
{
    struct parties parties = good_parties();
    size_t         room;

    (void)state;
    begin_with_statements(&parties);
    room = bundle_writer_room(&writer);
    assert_true(room < LIMIT_FRAME_PLAIN);
    assert_int_equal(try_put(BODIES, room + 1), STATUS_FULL);
    assert_int_equal(bundle_writer_room(&writer), room);
    put(&writer, BODIES, room);
    assert_int_equal(bundle_writer_room(&writer), 0);
    assert_int_equal(try_put(BODIES, 1), STATUS_FULL);
    (void)record(&parties);
    assert_int_equal(bundle_writer_room(&writer), LIMIT_FRAME_PLAIN);
    put(&writer, BODIES, LIMIT_FRAME_PLAIN);
    assert_int_equal(bundle_writer_room(&writer),
                     BUNDLE_RECORD_LEN - LIMIT_FRAME_PLAIN - 4);
    bundle_writer_clear(&writer);
}

static void
what_stands_in_the_first_record_alone_is_not_written_later(void **state)
{
    struct parties parties = good_parties();
    struct span    out = SPAN_EMPTY;

    (void)state;
    begin(&writer, &parties);
    assert_int_equal(try_put(SIZES, 5), STATUS_BAD_STATE);
    put(&writer, HELLO, 2);
    assert_int_equal(bundle_writer_record(&writer, &parties.log, &out),
                     STATUS_BAD_STATE);
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_BAD_STATE);
    assert_null(out.ptr);
    put(&writer, SIZES, 5);
    (void)record(&parties);
    assert_int_equal(try_put(COSIGNED, 5), STATUS_BAD_STATE);
    assert_int_equal(try_put(STOP, 5), STATUS_BAD_STATE);
    put(&writer, HEAD, 5);
    bundle_writer_clear(&writer);
}

/* The plaintext of what came out, by the key of this writer. */
static const uint8_t *
opened(struct span out, uint64_t number, bool last)
{
    static uint8_t plain[BUNDLE_RECORD_LEN];
    struct span    sealed = {out.ptr + out.len - BUNDLE_SEALED_LEN,
                             BUNDLE_SEALED_LEN};

    assert_int_equal(bundle_open(&writer.keys.aead, number, last, sealed,
                                 plain),
                     STATUS_OK);
    return plain;
}

static void
a_record_keeps_nothing_of_the_one_before(void **state)
{
    struct parties parties = good_parties();
    struct span    out;
    const uint8_t *plain;

    (void)state;
    begin_with_statements(&parties);
    put(&writer, BODIES, bundle_writer_room(&writer));
    (void)opened(record(&parties), 0, false);
    put(&writer, BODIES, 5);
    plain = opened(record(&parties), 1, false);
    assert_false(secret_is_zero(plain, 7));
    assert_true(secret_is_zero(plain + 7, BUNDLE_RECORD_LEN - 7));
    (void)record(&parties); /* empty */
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_OK);
    assert_true(secret_is_zero(opened(out, 3, true), BUNDLE_RECORD_LEN));
    bundle_writer_clear(&writer);
}

static void
one_record_is_a_whole_bundle(void **state)
{
    struct parties parties = good_parties();
    struct span    out;

    (void)state;
    begin_with_statements(&parties);
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_OK);
    assert_int_equal(out.len, BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN);
    (void)opened(out, 0, true);
    bundle_writer_clear(&writer);
}

static void
the_most_records_are_a_limit(void **state)
{
    struct parties parties = good_parties();
    struct span    out;

    (void)state;
    begin_with_statements(&parties);
    (void)record(&parties);
    writer.record = LIMIT_BUNDLE_RECORDS - 1;
    assert_int_equal(bundle_writer_record(&writer, &parties.log, &out),
                     STATUS_FULL);
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_OK);
    bundle_writer_clear(&writer);
}

static void
what_no_reader_would_take_is_not_begun(void **state)
{
    struct parties      parties = good_parties();
    struct seal_key     key = key_of(&parties);
    struct cert_encoded certificate = good_cert_bytes();
    const uint8_t       salt[LIMIT_SALT] = {1};

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        struct bundle fields = good_fields();

        switch (i) {
        case 0: fields.serial = 0; break;
        case 1: fields.number = 0; break;
        case 2: memset(&fields.sender, 0, sizeof(fields.sender)); break;
        case 3: fields.recipient = fields.sender; break;
        default: memset(key.public_key, 0, LIMIT_KEY);
        }
        assert_int_equal(bundle_writer_init(&writer, &fields, &key,
                                            &parties.ephemeral.secret, salt,
                                            cert_span(&certificate)),
                         STATUS_BAD_FIELD);
    }
    bundle_writer_clear(&writer);
}

static void
a_cleared_writer_holds_nothing(void **state)
{
    struct parties parties = good_parties();

    (void)state;
    begin_with_statements(&parties);
    bundle_writer_clear(&writer);
    assert_true(secret_is_zero((const uint8_t *)&writer, sizeof(writer)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_header_comes_out_with_the_first_record_and_names_it),
        cmocka_unit_test(what_does_not_fit_is_for_the_next_record),
        cmocka_unit_test(
            what_stands_in_the_first_record_alone_is_not_written_later),
        cmocka_unit_test(a_record_keeps_nothing_of_the_one_before),
        cmocka_unit_test(one_record_is_a_whole_bundle),
        cmocka_unit_test(the_most_records_are_a_limit),
        cmocka_unit_test(what_no_reader_would_take_is_not_begun),
        cmocka_unit_test(a_cleared_writer_holds_nothing),
    };

    if (crypto_start() != STATUS_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_record.c - every kind of record comes back as it was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "proto/record.h"

#include <string.h>

static const uint8_t leaf[LEAF_LEN] = {0, 1, 5, 2};
static const uint8_t large[LIMIT_BODY];

static struct record
full(void)
{
    struct record record = {.origin = {.sender = {{1}},
                                       .recipient = {{2}},
                                       .realm = REALM_ACTUAL,
                                       .epoch = 3,
                                       .random = 4},
                            .peer = {{5}},
                            .id = {{6}},
                            .index = 7,
                            .first = 8,
                            .number = 9,
                            .size = 10,
                            .time = 11,
                            .count = 12,
                            .root = {13},
                            .signature = {14},
                            .key = {15},
                            .ephemeral = {16},
                            .salt = {17},
                            .leaf = SPAN_OF(leaf),
                            .bytes = span_text("the bytes"),
                            .words = span_text("the words"),
                            .state = STATE_READ,
                            .outgoing = 1,
                            .precedence = PRECEDENCE_FLASH,
                            .vault = 18};

    return record;
}

static struct span
encoded(const struct record *record, uint8_t *bytes, size_t cap)
{
    struct writer out = writer_of(bytes, cap);

    record_encode(record, &out);
    assert_int_equal(writer_end(&out), STATUS_OK);
    return writer_span(&out);
}

static void
every_kind_comes_back_as_it_was_written(void **state)
{
    uint8_t bytes[4096], again[4096];

    (void)state;
    for (unsigned kind = 1; kind <= RECORD_LAST; kind++) {
        struct record record = full(), read;
        struct span   in;

        record.kind = (enum record_kind)kind;
        in = encoded(&record, bytes, sizeof(bytes));
        assert_int_equal(record_decode(in, &read), STATUS_OK);
        assert_int_equal(read.kind, kind);
        assert_true(span_equal(in, encoded(&read, again, sizeof(again))));
    }
}

static void
no_kind_is_accepted_cut_short_or_with_more_behind(void **state)
{
    uint8_t bytes[4096];

    (void)state;
    for (unsigned kind = 1; kind <= RECORD_LAST; kind++) {
        struct record record = full(), read;
        struct span   in;

        record.kind = (enum record_kind)kind;
        in = encoded(&record, bytes, sizeof(bytes));
        for (size_t len = 0; len <= in.len + 1; len++)
            if (len != in.len)
                assert_int_equal(
                    record_decode((struct span){bytes, len}, &read),
                    STATUS_BAD_ENCODING);
    }
}

static void
a_kind_that_is_none_is_refused(void **state)
{
    uint8_t       byte;
    struct record read;

    (void)state;
    byte = 0;
    assert_int_equal(record_decode((struct span){&byte, 1}, &read),
                     STATUS_BAD_ENCODING);
    byte = RECORD_LAST + 1;
    assert_int_equal(record_decode((struct span){&byte, 1}, &read),
                     STATUS_BAD_ENCODING);
    assert_string_equal(record_name(0), "?");
    assert_string_equal(record_name(RECORD_LAST + 1), "?");
}

static void
the_length_told_before_is_enough_for_the_largest(void **state)
{
    static uint8_t bytes[LIMIT_BODY + 4096];

    (void)state;
    for (unsigned kind = 1; kind <= RECORD_LAST; kind++) {
        struct record record = full();

        record.kind = (enum record_kind)kind;
        memset(record.origin.realm, 0, sizeof(record.origin.realm));
        memcpy(record.origin.realm, "exercise-0123456789abcdefghijklmnopqrstuv",
               REALM_LEN);
        record.origin.epoch = UINT64_MAX;
        record.bytes = SPAN_OF(large);
        record.words = (struct span){large, LIMIT_NAME};
        assert_true(record_len(&record) <= sizeof(bytes));
        (void)encoded(&record, bytes, record_len(&record));
    }
}

static void
what_a_vault_seals_comes_back_as_it_was_written(void **state)
{
    struct record_secret secret = {.content_key = {1, 2, 3},
                                   .kind = span_text("note"),
                                   .status = span_text("ACTUAL"),
                                   .subject = span_text("tea"),
                                   .message = span_text("at four")};
    struct record_secret read;
    uint8_t              bytes[256];
    struct writer        out = writer_of(bytes, sizeof(bytes));

    (void)state;
    record_secret_encode(&secret, &out);
    assert_int_equal(out.len, record_secret_len(&secret));
    assert_int_equal(record_secret_decode(writer_span(&out), &read), STATUS_OK);
    assert_memory_equal(read.content_key, secret.content_key, LIMIT_KEY);
    assert_true(span_equal(read.kind, secret.kind));
    assert_true(span_equal(read.status, secret.status));
    assert_true(span_equal(read.subject, secret.subject));
    assert_true(span_equal(read.message, secret.message));
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(
            record_secret_decode((struct span){bytes, len}, &read),
            STATUS_BAD_ENCODING);
}

static void
a_list_gives_its_records_in_order_and_then_says_again(void **state)
{
    uint8_t       bytes[4096], part[1024];
    struct writer out = writer_of(bytes, sizeof(bytes));
    struct reader in;
    struct record record = full(), read;

    (void)state;
    record.kind = RECORD_IN_ENTRY;
    record_list_put(&out, encoded(&record, part, sizeof(part)),
                    span_text("secret"));
    record.kind = RECORD_TRAIL;
    record_list_put(&out, encoded(&record, part, sizeof(part)), SPAN_EMPTY);
    in = reader_of(writer_span(&out));
    assert_int_equal(record_list_next(&in, &read), STATUS_OK);
    assert_int_equal(read.kind, RECORD_IN_ENTRY);
    assert_true(span_equal(read.secret, span_text("secret")));
    assert_int_equal(record_list_next(&in, &read), STATUS_OK);
    assert_int_equal(read.kind, RECORD_TRAIL);
    assert_int_equal(read.secret.len, 0);
    assert_int_equal(record_list_next(&in, &read), STATUS_AGAIN);
    in = reader_of((struct span){bytes, 7});
    assert_int_equal(record_list_next(&in, &read), STATUS_BAD_ENCODING);
}

static void
a_row_comes_back_as_it_was_written(void **state)
{
    struct record_row row = {.peer = {{1}},
                             .outgoing = true,
                             .id = {{2}},
                             .number = 3,
                             .queue = 4,
                             .precedence = PRECEDENCE_IMMEDIATE,
                             .state = STATE_RECEIVED,
                             .time = 5,
                             .cursor = 6,
                             .origin = span_text("origin"),
                             .index = 7,
                             .files = 3,
                             .files_whole = 2,
                             .files_state = ATTACHMENT_PARTIAL,
                             .words = span_text("words")};
    struct record_row read;
    uint8_t           bytes[256];
    struct writer     out = writer_of(bytes, sizeof(bytes));
    struct reader     in;

    (void)state;
    record_row_put(&out, &row);
    in = reader_of(writer_span(&out));
    assert_int_equal(record_row_next(&in, &read), STATUS_OK);
    assert_int_equal(record_row_next(&in, &read), STATUS_AGAIN);
    in = reader_of(writer_span(&out));
    assert_int_equal(record_row_next(&in, &read), STATUS_OK);
    assert_memory_equal(&read.peer, &row.peer, sizeof(row.peer));
    assert_memory_equal(&read.id, &row.id, sizeof(row.id));
    assert_true(read.outgoing && read.number == 3 && read.queue == 4);
    assert_int_equal(read.precedence, PRECEDENCE_IMMEDIATE);
    assert_int_equal(read.state, STATE_RECEIVED);
    assert_true(read.time == 5 && read.cursor == 6 && read.index == 7);
    assert_true(read.files == 3 && read.files_whole == 2);
    assert_int_equal(read.files_state, ATTACHMENT_PARTIAL);
    assert_true(span_equal(read.origin, row.origin));
    assert_true(span_equal(read.words, row.words));
}

static void
each_state_has_one_word_and_the_word_finds_it(void **state)
{
    enum message_state found;

    (void)state;
    for (unsigned i = 1; i <= STATE_LAST; i++) {
        assert_int_equal(state_parse(span_text(state_word(i)), &found),
                         STATUS_OK);
        assert_int_equal(found, i);
    }
    assert_string_equal(state_word(0), "?");
    assert_string_equal(state_word(STATE_LAST + 1), "?");
    assert_int_equal(state_parse(span_text("?"), &found), STATUS_NOT_FOUND);
    assert_int_equal(state_parse(span_text("Sent"), &found), STATUS_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_as_it_was_written),
        cmocka_unit_test(no_kind_is_accepted_cut_short_or_with_more_behind),
        cmocka_unit_test(a_kind_that_is_none_is_refused),
        cmocka_unit_test(the_length_told_before_is_enough_for_the_largest),
        cmocka_unit_test(what_a_vault_seals_comes_back_as_it_was_written),
        cmocka_unit_test(a_list_gives_its_records_in_order_and_then_says_again),
        cmocka_unit_test(a_row_comes_back_as_it_was_written),
        cmocka_unit_test(each_state_has_one_word_and_the_word_finds_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

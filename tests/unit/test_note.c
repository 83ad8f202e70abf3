/* test_note.c - signed notes: one spelling, known keys, nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/signed_log.h"
#include "tests/unit/vectors.h"

/* Names that others use, whose lines we know nothing about. */
#define OTHER_BLOB                                                             \
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm" \
    "RKuwHjG1Yu72IneyaQM="
#define OTHER_LINE "\u2014 witness.example.com/w1 " OTHER_BLOB "\n"

static enum status
parse(const char *text)
{
    struct note note;

    return note_parse(span_text(text), &note);
}

/* Parsed and verified, both keys known. */
static enum status
verify(const struct signed_log *log, struct span text)
{
    struct note_signatures found;
    struct note            note;
    enum status            st = note_parse(text, &note);

    if (st != STATUS_OK)
        return st;
    return note_verify(&note, log->log.public_key, &log->known, &found);
}

static enum status
verify_text(const char *text)
{
    struct signed_log log = signed_log();

    return verify(&log, span_text(text));
}

static void
key_ids_are_those_of_signed_note(void **state)
{
    uint8_t       id[NOTE_KEY_ID_LEN];
    uint8_t       key[LIMIT_KEY];
    uint8_t       buffer[256];
    struct writer out = writer_of(buffer, sizeof(buffer));

    (void)state;
    /* c2sp.org/signed-note, section "Example". */
    vector_fill("e932791ae6e7a840a46164c904786426"
                "d5e7821dd8b29a00d61cae72afdd4da4",
                key, sizeof(key));
    note_key_id(span_text("example.com/foo"), NOTE_ED25519, key, id);
    note_verifier_key(span_text("example.com/foo"), NOTE_ED25519, key, &out);
    assert_true(span_equal(
        writer_span(&out),
        span_text("example.com/foo+530d903a+"
                  "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")));
    assert_int_equal(id[0], 0x53);
    note_key_id(span_text("example.com/foo"), NOTE_COSIGNATURE, key, id);
    assert_int_not_equal(id[0], 0x53);
}

static void
a_witness_is_named_by_its_node(void **state)
{
    struct signed_log        log = signed_log();
    struct note_witness_name name = note_witness_name(&log.known.node);

    (void)state;
    assert_string_equal(name.text, LOG_WITNESS);
}

static void
a_note_is_written_as_another_program_writes_it(void **state)
{
    struct signed_log log = signed_log();
    uint8_t           buffer[LIMIT_NOTE];
    struct writer     out = writer_of(buffer, sizeof(buffer));

    (void)state;
    assert_int_equal(note_write(log_origin(), &log.head, log.log.public_key,
                                &log.known, &log.signatures, &out),
                     STATUS_OK);
    assert_true(span_equal(writer_span(&out), span_text(LOG_NOTE)));

    out = writer_of(buffer, sizeof(buffer));
    log.signatures.cosigned = false;
    assert_int_equal(note_write(log_origin(), &log.head, log.log.public_key,
                                NULL, &log.signatures, &out),
                     STATUS_OK);
    assert_true(
        span_equal(writer_span(&out), span_text(LOG_TEXT "\n" LOG_LINE)));

    out = writer_of(buffer, strlen(LOG_TEXT "\n" LOG_LINE) - 1);
    assert_int_equal(note_write(log_origin(), &log.head, log.log.public_key,
                                NULL, &log.signatures, &out),
                     STATUS_TOO_LARGE);
    assert_int_equal(note_write(span_text("A"), &log.head, log.log.public_key,
                                NULL, &log.signatures, &out),
                     STATUS_BAD_FIELD);
}

static void
a_note_gives_its_head_and_what_was_verified(void **state)
{
    struct signed_log      log = signed_log();
    struct note            note;
    struct note_signatures found;

    (void)state;
    assert_int_equal(note_parse(span_text(LOG_NOTE), &note), STATUS_OK);
    assert_true(span_equal(note.origin, log_origin()));
    assert_true(head_equal(&note.head, &log.head));
    assert_int_equal(note.line_count, 2);
    assert_int_equal(
        note_verify(&note, log.log.public_key, &log.known, &found), STATUS_OK);
    assert_true(found.cosigned);
    assert_memory_equal(found.log_signature, log.signatures.log_signature,
                        LIMIT_SIGNATURE);
    assert_int_equal(found.cosignature.time_s, LOG_TIME_S);
    assert_memory_equal(found.cosignature.signature,
                        log.signatures.cosignature.signature, LIMIT_SIGNATURE);
    /* without the witness's key its line is one of an unknown key */
    assert_int_equal(note_verify(&note, log.log.public_key, NULL, &found),
                     STATUS_OK);
    assert_false(found.cosigned);
}

static void
lines_may_stand_in_any_order_among_unknown_ones(void **state)
{
    (void)state;
    assert_int_equal(verify_text(LOG_TEXT "\n" LOG_WITNESS_LINE LOG_LINE),
                     STATUS_OK);
    assert_int_equal(
        verify_text(LOG_TEXT "\n" OTHER_LINE LOG_LINE OTHER_LINE OTHER_LINE),
        STATUS_OK);
    /* a known name with another key's id is another key */
    assert_int_equal(verify_text(LOG_TEXT "\n\u2014 " LOG_ORIGIN
                                          " " OTHER_BLOB "\n" LOG_LINE),
                     STATUS_OK);
}

static void
without_the_logs_own_line_a_note_proves_nothing(void **state)
{
    struct signed_log log = signed_log();
    struct note       note;

    (void)state;
    assert_int_equal(verify_text(LOG_TEXT "\n" LOG_WITNESS_LINE),
                     STATUS_BAD_PROOF);
    assert_int_equal(verify_text(LOG_TEXT "\n" OTHER_LINE), STATUS_BAD_PROOF);
    assert_int_equal(note_parse(span_text(LOG_NOTE), &note), STATUS_OK);
    assert_int_equal(note_verify(&note, log.witness.public_key, NULL,
                                 &log.signatures),
                     STATUS_BAD_PROOF);
}

static void
a_bad_or_second_line_of_a_known_key_refuses_the_note(void **state)
{
    (void)state;
    /* the log's key id with five bytes fewer and with one changed */
    assert_int_equal(verify_text(LOG_TEXT "\n\u2014 " LOG_ORIGIN
                                          " nDOXX7lL\n" LOG_LINE),
                     STATUS_BAD_PROOF);
    assert_int_equal(
        verify_text(LOG_ORIGIN "\n4\n" LOG_ROOT "\n\n" LOG_LINE),
        STATUS_BAD_PROOF);
    /* a witness's line that does not verify, beside a good one of the log */
    assert_int_equal(verify_text(LOG_TEXT "\n" LOG_LINE "\u2014 " LOG_WITNESS
                                          " 5uWjLAAAAABl\n"),
                     STATUS_BAD_PROOF);
    assert_int_equal(verify_text(LOG_TEXT "\n" LOG_LINE LOG_LINE),
                     STATUS_BAD_PROOF);
    assert_int_equal(verify_text(LOG_NOTE LOG_WITNESS_LINE),
                     STATUS_BAD_PROOF);
}

static void
every_prefix_is_refused_but_the_one_that_ends_a_line_later(void **state)
{
    struct signed_log log = signed_log();
    struct span       whole = span_text(LOG_NOTE);
    size_t            log_alone = strlen(LOG_TEXT "\n" LOG_LINE);

    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_int_equal(verify(&log, (struct span){whole.ptr, len}),
                         len == log_alone ? STATUS_OK : STATUS_BAD_ENCODING);
    assert_int_equal(verify(&log, whole), STATUS_OK);
}

/* Whether the byte is in the witness's line before its signature. */
static bool
makes_the_witness_unknown(size_t at)
{
    size_t begin = strlen(LOG_TEXT "\n" LOG_LINE "\u2014 ");
    size_t end = begin + strlen(LOG_WITNESS " ") + 6;

    return at >= begin && at < end;
}

/* The same of the log's line: then no line of the log is left. */
static void
any_bit_flipped_refuses_the_note_or_makes_a_key_unknown(void **state)
{
    struct signed_log log = signed_log();
    struct vector     text = {.len = strlen(LOG_NOTE)};

    (void)state;
    memcpy(text.bytes, LOG_NOTE, text.len);
    for (size_t bit = 0; bit < 8 * text.len; bit++) {
        enum status st;

        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        st = verify(&log, vector_span(&text));
        if (makes_the_witness_unknown(bit / 8))
            assert_true(st == STATUS_OK || st == STATUS_BAD_PROOF ||
                        st == STATUS_BAD_ENCODING);
        else
            assert_true(st == STATUS_BAD_PROOF || st == STATUS_BAD_ENCODING);
        text.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(verify(&log, vector_span(&text)), STATUS_OK);
}

#define ANY_LINE "\u2014 k AAAAAAA=\n"

static void
a_second_spelling_of_anything_is_refused(void **state)
{
    static const char *const bad[] = {
        "a\n03\n" LOG_ROOT "\n\n" ANY_LINE,
        "a\n+3\n" LOG_ROOT "\n\n" ANY_LINE,
        "a\n\n" LOG_ROOT "\n\n" ANY_LINE,
        "a\n9223372036854775808\n" LOG_ROOT "\n\n" ANY_LINE,
        "A\n3\n" LOG_ROOT "\n\n" ANY_LINE,
        "\n3\n" LOG_ROOT "\n\n" ANY_LINE,
        "a\n3\n" LOG_ROOT "AAAA\n\n" ANY_LINE,
        "a\n3\nAAAA\n\n" ANY_LINE,
        /* not canonical: the last digit has bits that count for nothing */
        "a\n3\n8bnxZGS31f08aQe6Fx0eVantFhgeChNfXlXJNMPL5Ap=\n\n" ANY_LINE,
        /* without padding */
        "a\n3\n8bnxZGS31f08aQe6Fx0eVantFhgeChNfXlXJNMPL5Ao\n\n" ANY_LINE,
        /* an extension line */
        "a\n3\n" LOG_ROOT "\nextension\n\n" ANY_LINE,
        "a\n3\n" LOG_ROOT "\nextension\n" ANY_LINE,
        "a\n3\n" LOG_ROOT "\n" ANY_LINE,
        "a\n3\n" LOG_ROOT "\n\n\n" ANY_LINE,
        "a\r\n3\n" LOG_ROOT "\n\n" ANY_LINE,
        /* signature lines */
        "a\n3\n" LOG_ROOT "\n\n",
        "a\n3\n" LOG_ROOT "\n\n- k AAAAAAA=\n",
        "a\n3\n" LOG_ROOT "\n\n\u2014 k AAAAAA==\n", /* no signature */
        "a\n3\n" LOG_ROOT "\n\n\u2014 k  AAAAAAA=\n",
        "a\n3\n" LOG_ROOT "\n\n\u2014  AAAAAAA=\n",
        "a\n3\n" LOG_ROOT "\n\n\u2014 k+l AAAAAAA=\n",
        "a\n3\n" LOG_ROOT "\n\n\u2014 k\tl AAAAAAA=\n",
        "a\n3\n" LOG_ROOT "\n\n\u2014 k AAAAAAA= \n",
        "a\n3\n" LOG_ROOT "\n\n\u2014 k AAAAAAB=\n",
        "a\n3\n" LOG_ROOT "\n\n" ANY_LINE "\n",
        "a\n3\n" LOG_ROOT "\n\n" ANY_LINE "trailing\n"};

    (void)state;
    assert_int_equal(parse("a\n3\n" LOG_ROOT "\n\n" ANY_LINE), STATUS_OK);
    assert_int_equal(parse("a\n0\n" LOG_ROOT "\n\n" ANY_LINE), STATUS_OK);
    assert_int_equal(
        parse("a\n9223372036854775807\n" LOG_ROOT "\n\n" ANY_LINE), STATUS_OK);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (parse(bad[i]) != STATUS_BAD_ENCODING)
            fail_msg("%s", bad[i]);
}

static void
sixteen_lines_and_4096_bytes_are_taken_and_no_more(void **state)
{
    static uint8_t buffer[LIMIT_NOTE + 1];
    struct writer  out = writer_of(buffer, sizeof(buffer));
    struct note    note;

    (void)state;
    writer_put(&out, span_text(LOG_TEXT "\n"));
    for (size_t i = 0; i < LIMIT_NOTE_SIGNATURES; i++)
        writer_put(&out, span_text(ANY_LINE));
    assert_int_equal(note_parse(writer_span(&out), &note), STATUS_OK);
    writer_put(&out, span_text(ANY_LINE));
    assert_int_equal(note_parse(writer_span(&out), &note), STATUS_TOO_LARGE);

    /* one line whose name fills the note */
    out = writer_of(buffer, sizeof(buffer));
    writer_put(&out, span_text(LOG_TEXT "\n\u2014 "));
    while (out.len < LIMIT_NOTE - strlen(" AAAAAAA=\n"))
        writer_u8(&out, 'k');
    writer_put(&out, span_text(" AAAAAAA=\n"));
    assert_int_equal(out.len, LIMIT_NOTE);
    assert_int_equal(note_parse(writer_span(&out), &note), STATUS_OK);
    assert_int_equal(note_parse(SPAN_OF(buffer), &note), STATUS_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_ids_are_those_of_signed_note),
        cmocka_unit_test(a_witness_is_named_by_its_node),
        cmocka_unit_test(a_note_is_written_as_another_program_writes_it),
        cmocka_unit_test(a_note_gives_its_head_and_what_was_verified),
        cmocka_unit_test(lines_may_stand_in_any_order_among_unknown_ones),
        cmocka_unit_test(without_the_logs_own_line_a_note_proves_nothing),
        cmocka_unit_test(a_bad_or_second_line_of_a_known_key_refuses_the_note),
        cmocka_unit_test(
            every_prefix_is_refused_but_the_one_that_ends_a_line_later),
        cmocka_unit_test(
            any_bit_flipped_refuses_the_note_or_makes_a_key_unknown),
        cmocka_unit_test(a_second_spelling_of_anything_is_refused),
        cmocka_unit_test(sixteen_lines_and_4096_bytes_are_taken_and_no_more),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

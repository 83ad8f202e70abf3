/* test_base64.c - one text for one string of bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/base64.h"

#include <string.h>

/* RFC 4648, section 10. */
static const struct {
    const char *bytes;
    const char *text;
} published[] = {{"", ""},         {"f", "Zg=="},       {"fo", "Zm8="},
                 {"foo", "Zm9v"},  {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
                 {"foobar", "Zm9vYmFy"}};

static void
the_values_of_rfc_4648_go_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
        uint8_t       text[16];
        uint8_t       bytes[16];
        size_t        len = 99;
        struct writer out = writer_of(text, sizeof(text));

        base64_encode(span_text(published[i].bytes), &out);
        assert_true(
            span_equal(writer_span(&out), span_text(published[i].text)));
        assert_int_equal(out.len, BASE64_LEN(strlen(published[i].bytes)));
        assert_int_equal(base64_decode(span_text(published[i].text), bytes,
                                       sizeof(bytes), &len),
                         STATUS_OK);
        assert_true(span_equal((struct span){bytes, len},
                               span_text(published[i].bytes)));
    }
}

static void
what_the_encoder_would_not_write_is_refused(void **state)
{
    static const char *const bad[] = {
        "Z",    "Zg",    "Zg=",   "Zg===",     "Zh==", "Zm9=",
        "=Zg=", "====",  "Zm 9v", "Zm9v\n",    "Zm9v====", "Zg==Zg==",
        "Zm-_", "Zm9v=", "Z===",  "\xc3\xa4==", "Zm9v Zm9"};
    uint8_t bytes[16];
    size_t  len = 99;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(
            base64_decode(span_text(bad[i]), bytes, sizeof(bytes), &len),
            STATUS_BAD_ENCODING);
    assert_int_equal(len, 99);
}

static void
what_decodes_is_what_encodes_to_it(void **state)
{
    char    text[5] = "AAAA";
    uint8_t bytes[3];
    uint8_t again[4];

    (void)state;
    /* All of the last two characters and padding, that is where it varies. */
    for (unsigned c = 1; c < 256; c++) {
        for (unsigned d = 1; d < 256; d++) {
            size_t        len = 0;
            struct writer out = writer_of(again, sizeof(again));

            text[2] = (char)c;
            text[3] = (char)d;
            if (base64_decode(span_text(text), bytes, sizeof(bytes), &len) !=
                STATUS_OK)
                continue;
            base64_encode((struct span){bytes, len}, &out);
            assert_true(span_equal(writer_span(&out), span_text(text)));
        }
    }
}

static void
more_bytes_than_there_is_room_for_are_too_large(void **state)
{
    uint8_t bytes[5];
    size_t  len = 0;

    (void)state;
    assert_int_equal(base64_decode(span_text("Zm9vYmE="), bytes, 5, &len),
                     STATUS_OK);
    assert_int_equal(base64_decode(span_text("Zm9vYmE="), bytes, 4, &len),
                     STATUS_TOO_LARGE);
    assert_int_equal(base64_decode(span_text("Zg=="), bytes, 0, &len),
                     STATUS_TOO_LARGE);
    assert_int_equal(base64_decode(SPAN_EMPTY, bytes, 0, &len), STATUS_OK);
}

static void
long_input_has_no_padding_inside_and_a_full_writer_fails(void **state)
{
    uint8_t       bytes[200];
    uint8_t       back[200];
    uint8_t       text[BASE64_LEN(sizeof(bytes))];
    size_t        len = 0;
    struct writer out = writer_of(text, sizeof(text));
    struct writer tight = writer_of(text, sizeof(text) - 1);

    (void)state;
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)i;
    base64_encode(SPAN_OF(bytes), &tight);
    assert_int_equal(writer_end(&tight), STATUS_TOO_LARGE);
    base64_encode(SPAN_OF(bytes), &out);
    assert_int_equal(out.len, sizeof(text));
    assert_int_equal(base64_decode(SPAN_OF(text), back, sizeof(back), &len),
                     STATUS_OK);
    assert_int_equal(len, sizeof(bytes));
    assert_memory_equal(back, bytes, len);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_values_of_rfc_4648_go_both_ways),
        cmocka_unit_test(what_the_encoder_would_not_write_is_refused),
        cmocka_unit_test(what_decodes_is_what_encodes_to_it),
        cmocka_unit_test(more_bytes_than_there_is_room_for_are_too_large),
        cmocka_unit_test(
            long_input_has_no_padding_inside_and_a_full_writer_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

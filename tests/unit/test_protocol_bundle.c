/*
 * test_protocol_bundle.c - PROTOCOL.md's example of a bundle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle_writer.h"
#include "link.pb-c.h"
#include "tests/unit/protocol_world.h"

enum { RECORDS = 2, NUMBER = 7, SEEN = 4 };

struct example {
    struct bundle_writer writer;
    struct seal_key      key;
    struct secret32      pair_secret;
    struct dh_key        ephemeral;
    uint8_t              plain[RECORDS][BUNDLE_RECORD_LEN];
    size_t               plain_len[RECORDS];
    uint8_t              file[BUNDLE_HEADER_LEN + RECORDS * BUNDLE_SEALED_LEN];
};

static struct example example;

/* The bytes of a hex block, which another test compares. */
static struct span
bytes_of(const char *name, uint8_t *out, size_t cap)
{
    struct writer to = writer_of(out, cap);
    size_t        from, end;

    page_find(name, &from, &end);
    while (from < end) {
        uint8_t byte;

        assert_int_equal(
            hex_decode((struct span){(const uint8_t *)page.text + from, 2},
                       &byte, 1),
            STATUS_OK);
        writer_u8(&to, byte);
        from += 2;
        if (page.text[from] == '\n')
            from++;
    }
    assert_int_equal(writer_end(&to), STATUS_OK);
    return writer_span(&to);
}

static void
put(struct span frame)
{
    assert_int_equal(bundle_writer_put(&example.writer, frame), STATUS_OK);
}

static void
put_block(const char *name)
{
    uint8_t bytes[2048];

    put(bytes_of(name, bytes, sizeof(bytes)));
}

static void
put_hello(void)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;
    uint8_t        bytes[64];

    hello.stamp_seen = SEEN;
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    put((struct span){bytes, pack_into(&frame.base, bytes, sizeof(bytes))});
}

static void
begin(void)
{
    struct bundle       fields = {.sender = good_cert().node,
                                  .serial = good_cert().serial,
                                  .number = NUMBER};
    struct cert_encoded certificate = good_cert_bytes();
    struct dh_key       sealing = dh_key_from(0x20);
    uint8_t             salt[LIMIT_SALT];

    count_from(0x10, fields.recipient.bytes, LIMIT_NODE_ID);
    count_from(0x60, salt, sizeof(salt));
    example.ephemeral = dh_key_from(0x40);
    example.pair_secret = secret_from(0x80);
    example.key = (struct seal_key){.suite = SUITE_CLASSIC,
                                    .number = 1,
                                    .secret_epoch = 1,
                                    .pair_secret = &example.pair_secret};
    memcpy(example.key.public_key, sealing.public_key, LIMIT_KEY);
    assert_int_equal(bundle_writer_init(&example.writer, &fields, &example.key,
                                        &example.ephemeral.secret, salt,
                                        cert_span(&certificate)),
                     STATUS_OK);
}

/* Keeps the plaintext, then the file. */
static void
close_record(size_t number)
{
    struct bundle_writer *writer = &example.writer;
    struct sign_key       log = log_key();
    size_t                at = BUNDLE_HEADER_LEN + number * BUNDLE_SEALED_LEN;
    struct span           out;

    example.plain_len[number] = writer->len;
    memcpy(example.plain[number], writer->bytes + BUNDLE_HEADER_LEN,
           BUNDLE_RECORD_LEN);
    assert_int_equal(number + 1 < RECORDS
                         ? bundle_writer_record(writer, &log, &out)
                         : bundle_writer_end(writer, &log, &out),
                     STATUS_OK);
    memcpy(example.file + at + BUNDLE_SEALED_LEN - out.len, out.ptr, out.len);
}

static int
make(void **state)
{
    if (page_open(state) != 0)
        return -1;
    begin();
    put_hello();
    put_block("link/sizes");
    close_record(0);
    put_block("link/leaves");
    put_block("link/head");
    put_block("link/bodies");
    close_record(1);
    return 0;
}

static void
the_header_names_the_key_and_record_0(void **state)
{
    (void)state;
    page_hex("bundle/header", (struct span){example.file, BUNDLE_HEADER_LEN});
}

static void
the_keys_are_of_the_header(void **state)
{
    static struct lines_text out;
    struct writer            info;
    uint8_t                  bytes[256];
    struct secret32          bundle_key;

    (void)state;
    info = writer_of(bytes, sizeof(bytes));
    writer_put(&info, label_span(LABEL_BUNDLE_KEY));
    writer_put(&info, (struct span){example.file, BUNDLE_BOUND_LEN});
    writer_put(&info, SPAN_OF(example.key.public_key));
    assert_int_equal(seal_exchange(&example.ephemeral.secret,
                                   example.key.public_key,
                                   &example.pair_secret, writer_span(&info),
                                   &bundle_key),
                     STATUS_OK);
    page_line_hex(&out, "bundle key", SPAN_OF(bundle_key.bytes));
    page_line_hex(&out, "AEAD key", SPAN_OF(example.writer.keys.aead.bytes));
    page_line_hex(&out, "commitment",
                  SPAN_OF(example.writer.keys.commitment.bytes));
    page_block("bundle/keys", out.text);
}

static void
a_record_is_frames_and_zeros(void **state)
{
    (void)state;
    for (size_t i = 0; i < RECORDS; i++)
        assert_true(secret_is_zero(example.plain[i] + example.plain_len[i],
                                   BUNDLE_RECORD_LEN - example.plain_len[i]));
    page_hex("bundle/record-0",
             (struct span){example.plain[0], example.plain_len[0]});
    page_hex("bundle/record-1",
             (struct span){example.plain[1], example.plain_len[1]});
}

static void
the_file_is_header_and_records(void **state)
{
    static struct lines_text out;
    uint8_t                  digest[LIMIT_DIGEST];

    (void)state;
    for (size_t i = 0; i < RECORDS; i++) {
        const uint8_t *record =
            example.file + BUNDLE_HEADER_LEN + i * BUNDLE_SEALED_LEN;
        char words[32];

        snprintf(words, sizeof(words), "record %zu begins", i);
        page_line_hex(&out, words, (struct span){record, 32});
        snprintf(words, sizeof(words), "record %zu, tag", i);
        page_line_hex(&out, words,
                      (struct span){record + BUNDLE_RECORD_LEN, LIMIT_TAG});
    }
    page_line(&out, "%-20s %zu", "bytes", sizeof(example.file));
    (void)crypto_generichash(digest, sizeof(digest), example.file,
                             sizeof(example.file), NULL, 0);
    page_line_hex(&out, "BLAKE2b-256", SPAN_OF(digest));
    page_block("bundle/file", out.text);
}

static void
no_block_of_this_area_is_left_over(void **state)
{
    static const char *const areas[] = {"bundle/"};

    (void)state;
    page_all_seen(areas, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_the_key_and_record_0),
        cmocka_unit_test(the_keys_are_of_the_header),
        cmocka_unit_test(a_record_is_frames_and_zeros),
        cmocka_unit_test(the_file_is_header_and_records),
        cmocka_unit_test(no_block_of_this_area_is_left_over),
    };

    return cmocka_run_group_tests(tests, make, page_close);
}

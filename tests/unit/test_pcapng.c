/* test_pcapng.c - captures come back as they were written, or are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/pcapng.h"

#include <stdlib.h>
#include <string.h>

static const struct pcapng_section section = {"test", "which it is"};

static const struct pcapng_interface interfaces[] = {
    {PCAPNG_USER0, "wire", "the first"},
    {PCAPNG_USER0 + 2, "records", "the second one"},
};

static struct pcapng_packet
packet(size_t number, uint8_t *bytes)
{
    memset(bytes, (int)('a' + number), number);
    return (struct pcapng_packet){
        .interface = (uint32_t)(number % 2),
        .time_ns = 1398247200123456789ull + number,
        .direction = number % 2 == 0 ? PCAPNG_IN : PCAPNG_OUT,
        .queue = (uint32_t)number,
        .comment = number == 2 ? span_text("link 2") : SPAN_EMPTY,
        .bytes = {bytes, number},
    };
}

/* A head and packets of 0 to 5 bytes; where each ends. */
static size_t
write_file(uint8_t *out, size_t cap, size_t ends[6])
{
    struct writer writer = writer_of(out, cap);

    pcapng_put_head(&writer, &section, interfaces, 2);
    assert_int_equal(writer.len, pcapng_head_len(&section, interfaces, 2));
    for (size_t i = 0; i < 6; i++) {
        uint8_t              bytes[8];
        struct pcapng_packet one = packet(i, bytes);
        size_t               before = writer.len;

        pcapng_put_packet(&writer, &one);
        assert_int_equal(writer.len - before, pcapng_packet_len(&one));
        ends[i] = writer.len;
    }
    assert_false(writer.failed);
    return writer.len;
}

static void
expect_packet(const struct pcapng_packet *got, size_t number)
{
    uint8_t              bytes[8];
    struct pcapng_packet want = packet(number, bytes);

    assert_int_equal(got->interface, want.interface);
    assert_int_equal(got->time_ns, want.time_ns);
    assert_int_equal(got->direction, want.direction);
    assert_int_equal(got->queue, want.queue);
    assert_true(span_equal(got->comment, want.comment));
    assert_true(span_equal(got->bytes, want.bytes));
}

static void
packets_come_back_as_they_were_written(void **state)
{
    uint8_t              file[2048];
    size_t               ends[6];
    size_t               len = write_file(file, sizeof(file), ends);
    struct pcapng_reader in;
    struct pcapng_packet got;

    (void)state;
    assert_int_equal(pcapng_open((struct span){file, len}, &in), STATUS_OK);
    assert_true(span_equal(in.comment, span_text("which it is")));
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(pcapng_next(&in, &got), STATUS_OK);
        assert_int_equal(in.packet_number, i + 1);
        expect_packet(&got, i);
    }
    assert_int_equal(pcapng_next(&in, &got), STATUS_AGAIN);
    assert_int_equal(in.interface_count, 2);
    assert_int_equal(in.link_type[1], PCAPNG_USER0 + 2);
}

static void
a_file_that_is_cut_gives_all_before_the_cut(void **state)
{
    uint8_t              file[2048];
    size_t               ends[6];
    size_t               len = write_file(file, sizeof(file), ends);
    size_t               head = pcapng_head_len(&section, interfaces, 2);
    struct pcapng_reader in;
    struct pcapng_packet got;

    (void)state;
    for (size_t cut = head; cut < len; cut++) {
        size_t      number = 0;
        bool        whole = cut == head;
        enum status st;

        assert_int_equal(pcapng_open((struct span){file, cut}, &in),
                         STATUS_OK);
        while ((st = pcapng_next(&in, &got)) == STATUS_OK)
            expect_packet(&got, number++);
        for (size_t i = 0; i < 6; i++) {
            whole = whole || cut == ends[i];
            assert_int_equal(i < number, ends[i] <= cut);
        }
        assert_int_equal(st, whole ? STATUS_AGAIN : STATUS_BAD_ENCODING);
    }
}

static void
any_changed_byte_is_read_within_bounds(void **state)
{
    uint8_t              file[2048];
    size_t               ends[6];
    size_t               len = write_file(file, sizeof(file), ends);
    struct pcapng_reader in;
    struct pcapng_packet got;

    (void)state;
    for (size_t i = 0; i < len; i++) {
        uint8_t *copy = malloc(len); /* so that a sanitizer sees its end */

        assert_non_null(copy);
        memcpy(copy, file, len);
        copy[i] ^= 0xff;
        if (pcapng_open((struct span){copy, len}, &in) == STATUS_OK)
            while (pcapng_next(&in, &got) == STATUS_OK)
                assert_true(got.bytes.len <= len);
        free(copy);
    }
}

static void
what_is_no_capture_of_ours_is_told_apart(void **state)
{
    /* as a machine of the other byte order writes it */
    static const uint8_t little[] = {0x0a, 0x0d, 0x0d, 0x0a, 28,   0, 0, 0,
                                     0x4d, 0x3c, 0x2b, 0x1a, 1,    0, 0, 0,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 28,   0,    0,    0};
    struct pcapng_reader in;

    (void)state;
    assert_int_equal(pcapng_open(SPAN_OF(little), &in), STATUS_BAD_VERSION);
    assert_int_equal(pcapng_open(span_text("GET / HTTP/1.1"), &in),
                     STATUS_BAD_ENCODING);
    assert_int_equal(pcapng_open(SPAN_EMPTY, &in), STATUS_BAD_ENCODING);
}

static void
the_longest_packet_fits_and_one_of_an_unknown_interface_is_refused(void **state)
{
    static uint8_t       bytes[PCAPNG_PACKET_MAX];
    static uint8_t       file[PCAPNG_PACKET_MAX + 1024];
    struct writer        out = writer_of(file, sizeof(file));
    struct pcapng_packet longest = {.bytes = SPAN_OF(bytes)};
    struct pcapng_packet astray = {.interface = 2};
    struct pcapng_reader in;
    struct pcapng_packet got;

    (void)state;
    pcapng_put_head(&out, &section, interfaces, 2);
    pcapng_put_packet(&out, &longest);
    pcapng_put_packet(&out, &astray);
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_OK);
    assert_int_equal(pcapng_next(&in, &got), STATUS_OK);
    assert_int_equal(got.bytes.len, PCAPNG_PACKET_MAX);
    assert_int_equal(pcapng_next(&in, &got), STATUS_BAD_ENCODING);
}

static void
another_version_or_first_block_is_refused(void **state)
{
    uint8_t              file[1024];
    struct writer        out = writer_of(file, sizeof(file));
    struct pcapng_reader in;

    (void)state;
    pcapng_put_head(&out, &section, interfaces, 2);
    file[13] ^= 3; /* major version 2 */
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_BAD_VERSION);
    file[13] ^= 3;
    file[3] ^= 1;
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_BAD_ENCODING);
    file[3] ^= 1;
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_OK);
}

static void
one_interface_too_many_is_refused(void **state)
{
    struct pcapng_interface eight[PCAPNG_INTERFACES];
    size_t                  first = pcapng_head_len(&section, NULL, 0);
    uint8_t                 file[4096];
    struct writer           out = writer_of(file, sizeof(file));
    struct pcapng_reader    in;
    struct pcapng_packet    got;

    (void)state;
    for (size_t i = 0; i < PCAPNG_INTERFACES; i++)
        eight[i] = interfaces[0];
    pcapng_put_head(&out, &section, eight, PCAPNG_INTERFACES);
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_OK);
    assert_int_equal(pcapng_next(&in, &got), STATUS_AGAIN);
    writer_put(&out, (struct span){file + first,
                                   pcapng_head_len(&section, eight, 1) -
                                       first});
    assert_int_equal(pcapng_open(writer_span(&out), &in), STATUS_OK);
    assert_int_equal(pcapng_next(&in, &got), STATUS_BAD_ENCODING);
}

int
main(void)
{
#define CLAIM(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        CLAIM(packets_come_back_as_they_were_written),
        CLAIM(a_file_that_is_cut_gives_all_before_the_cut),
        CLAIM(any_changed_byte_is_read_within_bounds),
        CLAIM(what_is_no_capture_of_ours_is_told_apart),
        CLAIM(another_version_or_first_block_is_refused),
        CLAIM(one_interface_too_many_is_refused),
        CLAIM(
            the_longest_packet_fits_and_one_of_an_unknown_interface_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

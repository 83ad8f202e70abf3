/*
 * fuzz_capture.c - a capture file, as another program or a cut may have left
 * it.  What was read of it, written by us, is read the same.
 */
#include "node/host/capture_file.h"
#include "tests/fuzz/captured.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* a capture may end after any block */

enum { CAPTURED_LEN = 8192 };

static bool
same_packet(const struct pcapng_packet *a, const struct pcapng_packet *b)
{
    return a->interface == b->interface && a->time_ns == b->time_ns &&
           a->direction == b->direction && a->queue == b->queue &&
           span_equal(a->comment, b->comment) &&
           span_equal(a->bytes, b->bytes);
}

/* A capture of one packet, by our writer. */
static void
assert_written_is_read(const struct pcapng_reader *file,
                       const struct pcapng_packet *packet)
{
    const struct pcapng_section section = {"p", "c"};
    struct pcapng_interface     interfaces[PCAPNG_INTERFACES];
    struct pcapng_reader        again;
    struct pcapng_packet        read;
    size_t                      count = file->interface_count;
    struct writer               out;
    size_t                      len;
    enum status                 st;

    for (size_t i = 0; i < count; i++)
        interfaces[i] = (struct pcapng_interface){file->link_type[i], "a", ""};
    len = pcapng_head_len(&section, interfaces, count) +
          pcapng_packet_len(packet);
    out = writer_of(malloc(len), len);
    assert(out.ptr != NULL);
    pcapng_put_head(&out, &section, interfaces, count);
    pcapng_put_packet(&out, packet);
    assert(out.len == len);
    st = pcapng_open(writer_span(&out), &again);
    assert(st == STATUS_OK);
    st = pcapng_next(&again, &read);
    assert(st == STATUS_OK && same_packet(packet, &read));
    assert(again.link_type[read.interface] ==
           file->link_type[packet->interface]);
    st = pcapng_next(&again, &read);
    assert(st == STATUS_AGAIN);
    free(out.ptr);
}

bool
fuzz_one(struct span in)
{
    struct pcapng_reader file;
    struct pcapng_packet packet;
    enum status          st = pcapng_open(in, &file);
    uint64_t             count = 0;

    while (st == STATUS_OK) {
        st = pcapng_next(&file, &packet);
        if (st != STATUS_OK)
            break;
        assert(file.packet_number == ++count);
        assert(packet.interface < file.interface_count);
        assert(packet.bytes.len <= PCAPNG_PACKET_MAX);
        if (packet.comment.len <= PCAPNG_TEXT_MAX)
            assert_written_is_read(&file, &packet);
    }
    return st == STATUS_AGAIN;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static uint8_t             bytes[2 * PCAPNG_PACKET_MAX];
    struct writer              out = writer_of(bytes, sizeof(bytes));
    const struct pcapng_packet packet = {.interface = CAPTURE_FILE_FRAMES,
                                         .time_ns = 1700000000000000000,
                                         .direction = PCAPNG_OUT,
                                         .queue = 2,
                                         .comment = span_text("node2"),
                                         .bytes = span_text("frame")};

    captured_file(&out, CAPTURED_LEN);
    seed(arg, "captured", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    out.len = capture_file_head(bytes);
    seed(arg, "head", writer_span(&out));
    pcapng_put_packet(&out, &packet);
    seed(arg, "packet", writer_span(&out));
}

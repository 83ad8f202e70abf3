/*
 * pcapng.c - blocks: type, length, body padded to 4, length again.
 *
 * Invariant: every length is computed before it is written, and asserted
 * after; on reading, both lengths of a block must agree.
 */
#include "node/host/pcapng.h"

#include <assert.h>
#include <string.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 6,
    BLOCK_FRAME = 12, /* type, length, length again */
    BYTE_ORDER = 0x1a2b3c4d,
    BYTE_ORDER_SWAPPED = 0x4d3c2b1a,
    VERSION_MAJOR = 1,
    VERSION_MINOR = 0,
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    OPTION_PROGRAM = 4, /* of a section */
    OPTION_NAME = 2,    /* of an interface */
    OPTION_DESCRIPTION = 3,
    OPTION_RESOLUTION = 9,
    OPTION_FLAGS = 2, /* of a packet */
    OPTION_QUEUE = 6,
    NANOSECONDS = 9,
    SECTION_BODY = 16,
    INTERFACE_BODY = 8,
    PACKET_BODY = 20,
    OPTION_HEAD = 4
};

/* --- writing ------------------------------------------------------------- */

static size_t
padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

static size_t
option_len(size_t len)
{
    return OPTION_HEAD + padded(len);
}

static size_t
text_len(const char *text)
{
    size_t len = strlen(text);

    assert(len <= PCAPNG_TEXT_MAX);
    return len;
}

static void
put_padded(struct writer *out, struct span bytes)
{
    writer_put(out, bytes);
    for (size_t i = bytes.len; i < padded(bytes.len); i++)
        writer_u8(out, 0);
}

static void
put_option(struct writer *out, uint16_t code, struct span value)
{
    writer_u16(out, code);
    writer_u16(out, (uint16_t)value.len);
    put_padded(out, value);
}

static void
put_option_u32(struct writer *out, uint16_t code, uint32_t value)
{
    writer_u16(out, code);
    writer_u16(out, sizeof(value));
    writer_u32(out, value);
}

static void
put_options_end(struct writer *out)
{
    writer_u16(out, OPTION_END);
    writer_u16(out, 0);
}

static size_t
section_len(const struct pcapng_section *section)
{
    return BLOCK_FRAME + SECTION_BODY +
           option_len(text_len(section->comment)) +
           option_len(text_len(section->program)) + OPTION_HEAD;
}

static size_t
interface_len(const struct pcapng_interface *interface)
{
    return BLOCK_FRAME + INTERFACE_BODY +
           option_len(text_len(interface->name)) +
           option_len(text_len(interface->description)) + option_len(1) +
           OPTION_HEAD;
}

size_t
pcapng_head_len(const struct pcapng_section   *section,
                const struct pcapng_interface *interfaces, size_t count)
{
    size_t len = section_len(section);

    for (size_t i = 0; i < count; i++)
        len += interface_len(&interfaces[i]);
    return len;
}

static void
put_section(struct writer *out, const struct pcapng_section *section)
{
    uint32_t len = (uint32_t)section_len(section);

    writer_u32(out, BLOCK_SECTION);
    writer_u32(out, len);
    writer_u32(out, BYTE_ORDER);
    writer_u16(out, VERSION_MAJOR);
    writer_u16(out, VERSION_MINOR);
    writer_u64(out, UINT64_MAX); /* a length that is not known */
    put_option(out, OPTION_COMMENT, span_text(section->comment));
    put_option(out, OPTION_PROGRAM, span_text(section->program));
    put_options_end(out);
    writer_u32(out, len);
}

static void
put_interface(struct writer *out, const struct pcapng_interface *interface)
{
    const uint8_t resolution = NANOSECONDS;
    uint32_t      len = (uint32_t)interface_len(interface);

    writer_u32(out, BLOCK_INTERFACE);
    writer_u32(out, len);
    writer_u16(out, interface->link_type);
    writer_u16(out, 0);
    writer_u32(out, 0); /* packets are never cut */
    put_option(out, OPTION_NAME, span_text(interface->name));
    put_option(out, OPTION_DESCRIPTION, span_text(interface->description));
    put_option(out, OPTION_RESOLUTION, (struct span){&resolution, 1});
    put_options_end(out);
    writer_u32(out, len);
}

void
pcapng_put_head(struct writer *out, const struct pcapng_section *section,
                const struct pcapng_interface *interfaces, size_t count)
{
    assert(count <= PCAPNG_INTERFACES);
    put_section(out, section);
    for (size_t i = 0; i < count; i++)
        put_interface(out, &interfaces[i]);
}

size_t
pcapng_packet_len(const struct pcapng_packet *packet)
{
    size_t comment = packet->comment.len;

    assert(comment <= PCAPNG_TEXT_MAX);
    assert(packet->bytes.len <= PCAPNG_PACKET_MAX);
    return BLOCK_FRAME + PACKET_BODY + padded(packet->bytes.len) +
           2 * option_len(sizeof(uint32_t)) +
           (comment > 0 ? option_len(comment) : 0) + OPTION_HEAD;
}

void
pcapng_put_packet(struct writer *out, const struct pcapng_packet *packet)
{
    uint32_t len = (uint32_t)pcapng_packet_len(packet);
    size_t   begun = out->len;

    writer_u32(out, BLOCK_PACKET);
    writer_u32(out, len);
    writer_u32(out, packet->interface);
    writer_u64(out, packet->time_ns);
    writer_u32(out, (uint32_t)packet->bytes.len);
    writer_u32(out, (uint32_t)packet->bytes.len);
    put_padded(out, packet->bytes);
    put_option_u32(out, OPTION_FLAGS, packet->direction);
    put_option_u32(out, OPTION_QUEUE, packet->queue);
    if (packet->comment.len > 0)
        put_option(out, OPTION_COMMENT, packet->comment);
    put_options_end(out);
    writer_u32(out, len);
    assert(out->failed || out->len - begun == len);
}

/* --- reading ------------------------------------------------------------- */

/* One block: its type, and a reader over its body. */
NODISCARD static enum status
next_block(struct reader *in, uint32_t *type, struct reader *body)
{
    uint32_t len;

    *type = reader_u32(in);
    len = reader_u32(in);
    if (in->failed || len < BLOCK_FRAME || len % 4 != 0)
        return STATUS_BAD_ENCODING;
    *body = reader_of(reader_take(in, len - BLOCK_FRAME));
    if (reader_u32(in) != len || in->failed)
        return STATUS_BAD_ENCODING;
    return STATUS_OK;
}

/* The next option.  AGAIN: there is none. */
NODISCARD static enum status
next_option(struct reader *body, uint16_t *code, struct span *value)
{
    size_t len;

    if (body->left == 0)
        return STATUS_AGAIN;
    *code = reader_u16(body);
    len = reader_u16(body);
    *value = reader_take(body, padded(len));
    if (body->failed)
        return STATUS_BAD_ENCODING;
    value->len = len;
    return *code == OPTION_END ? STATUS_AGAIN : STATUS_OK;
}

NODISCARD static enum status
read_section(struct reader *body, struct pcapng_reader *out)
{
    struct span value;
    uint16_t    code;
    enum status st;

    reader_u64(body); /* how long it is, which may be unknown */
    while ((st = next_option(body, &code, &value)) == STATUS_OK)
        if (code == OPTION_COMMENT)
            out->comment = value;
    return st == STATUS_AGAIN && !body->failed ? STATUS_OK
                                               : STATUS_BAD_ENCODING;
}

enum status
pcapng_open(struct span file, struct pcapng_reader *out)
{
    struct reader body;
    uint32_t      type;
    uint32_t      order;
    struct reader peek = reader_of(file);

    *out = (struct pcapng_reader){.in = reader_of(file)};
    if (reader_u32(&peek) != BLOCK_SECTION)
        return STATUS_BAD_ENCODING;
    reader_u32(&peek);
    order = reader_u32(&peek);
    if (order == BYTE_ORDER_SWAPPED)
        return STATUS_BAD_VERSION;
    if (order != BYTE_ORDER ||
        next_block(&out->in, &type, &body) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    reader_u32(&body);
    if (reader_u16(&body) != VERSION_MAJOR)
        return STATUS_BAD_VERSION;
    reader_u16(&body); /* minor: what it adds is passed over */
    return read_section(&body, out);
}

NODISCARD static enum status
read_interface(struct pcapng_reader *in, struct reader *body)
{
    if (in->interface_count == PCAPNG_INTERFACES)
        return STATUS_BAD_ENCODING;
    in->link_type[in->interface_count++] = reader_u16(body);
    return body->failed ? STATUS_BAD_ENCODING : STATUS_OK;
}

NODISCARD static enum status
read_options(struct reader *body, struct pcapng_packet *out)
{
    struct span value;
    uint16_t    code;
    enum status st;

    while ((st = next_option(body, &code, &value)) == STATUS_OK) {
        struct reader number = reader_of(value);

        if (code == OPTION_FLAGS && value.len == 4)
            out->direction = (enum pcapng_direction)(reader_u32(&number) & 3);
        if (code == OPTION_QUEUE && value.len == 4)
            out->queue = reader_u32(&number);
        if (code == OPTION_COMMENT)
            out->comment = value;
    }
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

NODISCARD static enum status
read_packet(struct pcapng_reader *in, struct reader *body,
            struct pcapng_packet *out)
{
    size_t len;

    *out = (struct pcapng_packet){.interface = reader_u32(body)};
    out->time_ns = reader_u64(body);
    len = reader_u32(body);
    reader_u32(body); /* the length on the wire, which is the same */
    if (body->failed || len > PCAPNG_PACKET_MAX ||
        out->interface >= in->interface_count)
        return STATUS_BAD_ENCODING;
    out->bytes = reader_take(body, padded(len));
    out->bytes.len = len;
    if (body->failed)
        return STATUS_BAD_ENCODING;
    in->packet_number++;
    return read_options(body, out);
}

enum status
pcapng_next(struct pcapng_reader *in, struct pcapng_packet *out)
{
    while (in->in.left > 0) {
        struct reader body;
        uint32_t      type;
        enum status   st = next_block(&in->in, &type, &body);

        if (st == STATUS_OK && type == BLOCK_PACKET)
            return read_packet(in, &body, out);
        if (st == STATUS_OK && type == BLOCK_INTERFACE)
            st = read_interface(in, &body);
        if (st != STATUS_OK)
            return st;
    }
    return STATUS_AGAIN;
}

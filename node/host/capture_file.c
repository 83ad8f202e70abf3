/*
 * capture_file.c - one head for all captures, with the protocol's version.
 */
#include "node/host/capture_file.h"

#include <assert.h>
#include <string.h>

static const struct pcapng_interface interfaces[] = {
    {CAPTURE_WIRE, "wire", "bytes of links as read and written"},
    {CAPTURE_FRAMES, "frames", "frames as decrypted"},
    {CAPTURE_RECORDS, "records", "replay records, sealed by a passphrase"},
};

enum { INTERFACE_COUNT = sizeof(interfaces) / sizeof(*interfaces) };

enum { DIGITS_MAX = 4 };

static const struct pcapng_section section = {
    "entented", CAPTURE_FILE_PROTOCOL "1"};

static_assert(CAPTURE_FILE_VERSION == 1, "the comment above says which");

size_t
capture_file_head(uint8_t out[static CAPTURE_FILE_HEAD_MAX])
{
    struct writer head = writer_of(out, CAPTURE_FILE_HEAD_MAX);

    pcapng_put_head(&head, &section, interfaces, INTERFACE_COUNT);
    assert(!head.failed);
    return head.len;
}

enum status
capture_file_version(struct span comment, uint32_t *out)
{
    struct span before = span_text(CAPTURE_FILE_PROTOCOL);
    uint32_t    version = 0;

    if (comment.len <= before.len || comment.len > before.len + DIGITS_MAX ||
        memcmp(comment.ptr, before.ptr, before.len) != 0)
        return STATUS_BAD_ENCODING;
    for (size_t i = before.len; i < comment.len; i++) {
        uint8_t digit = comment.ptr[i];

        if (digit < '0' || digit > '9' || (digit == '0' && version == 0))
            return STATUS_BAD_ENCODING;
        version = 10 * version + (uint32_t)(digit - '0');
    }
    *out = version;
    return STATUS_OK;
}

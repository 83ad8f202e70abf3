/*
 * capture_file.c - one head for all captures.
 */
#include "node/host/capture_file.h"

#include <assert.h>

static const struct pcapng_interface interfaces[] = {
    {CAPTURE_WIRE, "wire", "bytes of links as read and written"},
    {CAPTURE_FRAMES, "frames", "frames as decrypted"},
    {CAPTURE_RECORDS, "records", "replay records, sealed by a passphrase"},
};

enum { INTERFACE_COUNT = sizeof(interfaces) / sizeof(*interfaces) };

size_t
capture_file_head(uint8_t out[static CAPTURE_FILE_HEAD_MAX])
{
    struct writer head = writer_of(out, CAPTURE_FILE_HEAD_MAX);

    pcapng_put_head(&head, "entented", interfaces, INTERFACE_COUNT);
    assert(!head.failed);
    return head.len;
}

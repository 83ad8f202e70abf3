/*
 * base64.c - libsodium's codec between spans.
 *
 * Strict by construction: what was decoded is encoded again and compared.
 * libsodium 1.0.18 alone would not do: its decoder takes every byte from 0x80
 * up for a '/'.
 */
#include "crypto/base64.h"

#include <assert.h>
#include <sodium.h>

/* Characters go in groups of four, so long input passes a small buffer. */
enum { GROUP_BYTES = 48, GROUP_TEXT = 64 };

static_assert(BASE64_LEN(GROUP_BYTES) == GROUP_TEXT, "no padding inside");

/* The text of the next group of `in`, which is made shorter by it. */
static struct span
encode_group(struct span *in, char text[static GROUP_TEXT + 1])
{
    size_t part = in->len < GROUP_BYTES ? in->len : GROUP_BYTES;

    (void)sodium_bin2base64(text, GROUP_TEXT + 1, in->ptr, part,
                            sodium_base64_VARIANT_ORIGINAL);
    *in = (struct span){in->ptr + part, in->len - part};
    return span_text(text);
}

void
base64_encode(struct span in, struct writer *out)
{
    char text[GROUP_TEXT + 1];

    while (in.len > 0)
        writer_put(out, encode_group(&in, text));
}

static bool
encodes_to(struct span bytes, struct span text)
{
    char group[GROUP_TEXT + 1];

    while (bytes.len > 0) {
        struct span part = encode_group(&bytes, group);

        if (text.len < part.len ||
            !span_equal((struct span){text.ptr, part.len}, part))
            return false;
        text = (struct span){text.ptr + part.len, text.len - part.len};
    }
    return text.len == 0;
}

enum status
base64_decode(struct span text, uint8_t *out, size_t cap, size_t *out_len)
{
    size_t padding = 0;
    size_t len = 0;

    if (text.len % 4 != 0)
        return STATUS_BAD_ENCODING;
    while (padding < 2 && padding < text.len &&
           text.ptr[text.len - 1 - padding] == '=')
        padding++;
    if (text.len / 4 * 3 - padding > cap)
        return STATUS_TOO_LARGE;
    if (text.len > 0 &&
        sodium_base642bin(out, cap, (const char *)text.ptr, text.len, NULL,
                          &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return STATUS_BAD_ENCODING;
    if (!encodes_to((struct span){out, len}, text))
        return STATUS_BAD_ENCODING;
    *out_len = len;
    return STATUS_OK;
}

/*
 * base64.c - libsodium's codec between spans.
 *
 * sodium_base642bin refuses what is not canonical: trailing bits that are not
 * zero, padding that is missing or too much.  No character is skipped.
 */
#include "crypto/base64.h"

#include <assert.h>
#include <sodium.h>

/* Characters go in groups of four, so long input passes a small buffer. */
enum { GROUP_BYTES = 48, GROUP_TEXT = 64 };

static_assert(BASE64_LEN(GROUP_BYTES) == GROUP_TEXT, "no padding inside");

void
base64_encode(struct span in, struct writer *out)
{
    char text[GROUP_TEXT + 1];

    for (size_t done = 0; done < in.len; done += GROUP_BYTES) {
        size_t left = in.len - done;
        size_t part = left < GROUP_BYTES ? left : GROUP_BYTES;

        (void)sodium_bin2base64(text, sizeof(text), in.ptr + done, part,
                                sodium_base64_VARIANT_ORIGINAL);
        writer_put(out, span_text(text));
    }
    sodium_memzero(text, sizeof(text));
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
    if (text.len == 0) {
        *out_len = 0;
        return STATUS_OK;
    }
    if (sodium_base642bin(out, cap, (const char *)text.ptr, text.len, NULL,
                          &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
        return STATUS_BAD_ENCODING;
    *out_len = len;
    return STATUS_OK;
}

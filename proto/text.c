/*
 * text.c - UTF-8 as RFC 3629 draws it, and the characters that act.
 *
 * The forms are the table of the standard, so that over-long spellings,
 * surrogates and what lies beyond U+10FFFF have no row.
 */
#include "proto/text.h"

#include <string.h>

/* Length of the UTF-8 sequence at `at`, of `left` bytes; 0 when it is none. */
static size_t
sequence_len(const uint8_t *at, size_t left)
{
    static const struct {
        uint8_t first_low, first_high; /* range of the first byte */
        uint8_t next_low, next_high;   /* range of the second */
        size_t  len;
    } forms[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2},
        {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
        {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4},
        {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (at[0] < forms[i].first_low || at[0] > forms[i].first_high)
            continue;
        if (forms[i].len > left)
            return 0;
        if (forms[i].len > 1 &&
            (at[1] < forms[i].next_low || at[1] > forms[i].next_high))
            return 0;
        for (size_t j = 2; j < forms[i].len; j++)
            if ((at[j] & 0xc0) != 0x80)
                return 0;
        return forms[i].len;
    }
    return 0;
}

/* Eight bytes of ASCII at once, none of them zero. */
static bool
is_plain8(const uint8_t *at)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t       word;

    memcpy(&word, at, sizeof(word));
    return ((word | ((word - ones) & ~word)) & ones << 7) == 0;
}

bool
text_ok(struct span text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t len = 8;

        if (text.len - at < 8 || !is_plain8(text.ptr + at))
            len = sequence_len(text.ptr + at, text.len - at);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

uint32_t
text_take(struct span *text, bool *bad)
{
    size_t   len = text->len == 0 ? 0 : sequence_len(text->ptr, text->len);
    uint32_t code;

    *bad = len == 0 && text->len > 0;
    if (len == 0) {
        if (*bad)
            *text = (struct span){text->ptr + 1, text->len - 1};
        return 0;
    }
    code = len == 1 ? text->ptr[0] : text->ptr[0] & (0xffu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        code = code << 6 | (text->ptr[i] & 0x3fu);
    *text = (struct span){text->ptr + len, text->len - len};
    return code;
}

bool
text_is_control(uint32_t character)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1f},         /* C0 */
        {0x7f, 0x9f},         /* DEL, C1 */
        {0xad, 0xad},         /* soft hyphen */
        {0x34f, 0x34f},       /* grapheme joiner, which joins nothing */
        {0x61c, 0x61c},       /* Arabic letter mark */
        {0x115f, 0x1160},     /* Hangul fillers */
        {0x17b4, 0x17b5},     /* Khmer vowels that are not seen */
        {0x180b, 0x180f},     /* Mongolian selectors and separator */
        {0x200b, 0x200b},     /* zero width space; joiners are letters */
        {0x200e, 0x200f},     /* direction marks */
        {0x2028, 0x202e},     /* separators, embeddings, overrides */
        {0x2060, 0x206f},     /* joiners, isolates */
        {0x2800, 0x2800},     /* Braille without a dot */
        {0x3164, 0x3164},     /* Hangul filler */
        {0xfeff, 0xfeff},     /* byte order mark */
        {0xffa0, 0xffa0},     /* Hangul filler */
        {0xfff0, 0xfffb},     /* reserved; annotations */
        {0x13430, 0x1343f},   /* joiners of hieroglyphs */
        {0x1bca0, 0x1bca3},   /* of shorthand */
        {0x1d173, 0x1d17a},   /* of music */
        {0xe0000, 0xe00ff},   /* tags */
        {0xe01f0, 0xe0fff},   /* reserved, not seen */
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

bool
text_is_unseen(uint32_t character)
{
    return text_is_control(character) || character == 0x200c ||
           character == 0x200d ||
           (character >= 0xfe00 && character <= 0xfe0f) ||
           (character >= 0xe0100 && character <= 0xe01ef);
}

/*
 * safe.c - character by character, each judged by the one before it.
 */
#include "tools/terminal/safe.h"

#include "proto/text.h"
#include "tools/terminal/columns.h"

#include <stdlib.h>

enum { NON_JOINER = 0x200c, JOINER = 0x200d };

struct range {
    uint32_t first, last;
};

/* What stands before a character. */
struct before {
    uint32_t character; /* 0: nothing that a mark could stand on */
    unsigned marks;     /* on it so far */
};

static bool
is_in(const struct range *ranges, size_t count, uint32_t character)
{
    for (size_t i = 0; i < count; i++)
        if (character >= ranges[i].first && character <= ranges[i].last)
            return true;
    return false;
}

/* Signs that kill a vowel: where RFC 5892, appendix A.1 and A.2, lets joiners
 * stand; of the scripts of India and its neighbours. */
static bool
is_virama(uint32_t character)
{
    static const struct range viramas[] = {
        {0x094d, 0x094d}, {0x09cd, 0x09cd}, {0x0a4d, 0x0a4d},
        {0x0acd, 0x0acd}, {0x0b4d, 0x0b4d}, {0x0bcd, 0x0bcd},
        {0x0c4d, 0x0c4d}, {0x0ccd, 0x0ccd}, {0x0d3b, 0x0d3c},
        {0x0d4d, 0x0d4d}, {0x0dca, 0x0dca}, {0x0f84, 0x0f84},
        {0x1039, 0x103a}, {0x17d2, 0x17d2}, {0xa8c4, 0xa8c4},
        {0xaaf6, 0xaaf6}, {0xabed, 0xabed},
    };

    return is_in(viramas, sizeof(viramas) / sizeof(viramas[0]), character);
}

static bool
is_arabic_letter(uint32_t character)
{
    static const struct range letters[] = {
        {0x0620, 0x06d3}, {0x06d5, 0x06dc}, {0x06fa, 0x077f}};

    return is_in(letters, sizeof(letters) / sizeof(letters[0]), character);
}

static bool
is_ideograph(uint32_t character)
{
    static const struct range ideographs[] = {
        {0x3400, 0x4dbf}, {0x4e00, 0x9fff}, {0xf900, 0xfaff},
        {0x20000, 0x3fffd}};

    return is_in(ideographs, sizeof(ideographs) / sizeof(ideographs[0]),
                 character);
}

static bool
is_variation(uint32_t character)
{
    return (character >= 0xfe00 && character <= 0xfe0f) ||
           (character >= 0xe0100 && character <= 0xe01ef);
}

/* Next to come: the first character of `left`. */
static uint32_t
peek(struct span left)
{
    bool     bad;
    uint32_t character = text_take(&left, &bad);

    return bad ? 0 : character;
}

static bool
may_join(uint32_t character, const struct before *before, struct span left)
{
    return is_virama(before->character) ||
           (character == NON_JOINER && is_arabic_letter(before->character) &&
            is_arabic_letter(peek(left)));
}

/* Whether this character may stand behind that one. */
static bool
may_stand(uint32_t character, const struct before *before, struct span left)
{
    if (character == JOINER || character == NON_JOINER)
        return may_join(character, before, left);
    if (is_variation(character))
        return is_ideograph(before->character);
    return columns_of_character(character) > 0 ||
           (before->character != 0 && before->marks < SAFE_MARKS_MAX);
}

/* A symbol drawn as an emoji or as text: wider or not, as nobody can tell. */
static bool
is_style(uint32_t character, const struct before *before)
{
    return (character == 0xfe0e || character == 0xfe0f) &&
           ((before->character >= 0x2000 && before->character <= 0x303d) ||
            before->character >= 0x1f000);
}

static void
put_escape(uint32_t character, FILE *out)
{
    if (character == '\n' || character == '\t')
        (void)fputs(character == '\n' ? "\\n" : "\\t", out);
    else if (character < 0x100)
        (void)fprintf(out, "\\x%02x", (unsigned)character);
    else
        (void)fprintf(out, "\\u{%x}", (unsigned)character);
}

static void
put_character(struct span *text, bool lines, struct before *before, FILE *out)
{
    const uint8_t *at = text->ptr;
    bool           bad = false;
    uint32_t       character = text_take(text, &bad);

    if (!bad && is_style(character, before))
        return;
    if (bad || (text_is_control(character) && !(lines && character == '\n')) ||
        !may_stand(character, before, *text)) {
        put_escape(bad ? at[0] : character, out);
        *before = (struct before){0};
        return;
    }
    (void)fwrite(at, 1, (size_t)(text->ptr - at), out);
    before->marks =
        columns_of_character(character) > 0 ? 0 : before->marks + 1;
    before->character = character == ' ' || character == '\n' ? 0 : character;
}

void
safe_put(struct span text, bool lines, FILE *out)
{
    struct before before = {0};

    while (text.len > 0)
        put_character(&text, lines, &before, out);
}

char *
safe_text(struct span text, bool lines)
{
    char  *out = NULL;
    size_t len = 0;
    FILE  *stream = open_memstream(&out, &len);

    if (stream == NULL)
        return NULL;
    safe_put(text, lines, stream);
    if (fclose(stream) == 0)
        return out;
    free(out);
    return NULL;
}

bool
safe_turns(struct span text)
{
    static const struct range scripts[] = {
        {0x0590, 0x08ff},   {0xfb1d, 0xfdff},   {0xfe70, 0xfeff},
        {0x10800, 0x10fff}, {0x1e800, 0x1efff},
    };
    bool bad;

    while (text.len > 0)
        if (is_in(scripts, sizeof(scripts) / sizeof(scripts[0]),
                  text_take(&text, &bad)))
            return true;
    return false;
}

void
safe_print(const char *text, FILE *out)
{
    bool turns = safe_turns(span_text(text));

    (void)fputs(turns ? SAFE_ISOLATE : "", out);
    safe_put(span_text(text), false, out);
    (void)fputs(turns ? SAFE_ISOLATE_END : "", out);
}

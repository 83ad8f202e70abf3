/*
 * coordinate.c - degrees and minutes, in and out.
 *
 * A coordinate is one letter and up to three numbers.  Between two numbers
 * stands a dash, blanks, or the mark of the first; a number alone that is too
 * long for degrees has all digits of degrees, minutes and perhaps seconds.
 */
#include "tools/language/coordinate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PARTS = 3, DEGREE_DIGITS = 3, DIGITS_MAX = 7, FRACTION_MAX = 12 };

static const struct {
    char   positive, negative;
    int    degree_digits;
    double limit;
} axes[] = {{'N', 'S', 2, 90}, {'E', 'W', 3, 180}};

/* --- letters -------------------------------------------------------------- */

static char
upper(uint8_t byte)
{
    return (char)(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
}

static bool
is_side(uint8_t byte, enum coordinate_axis axis)
{
    return upper(byte) == axes[axis].positive ||
           upper(byte) == axes[axis].negative;
}

static bool
is_blank(uint8_t byte)
{
    return byte == ' ' || byte == ',';
}

static struct span
trimmed(struct span text)
{
    while (text.len > 0 && is_blank(text.ptr[0]))
        text = (struct span){text.ptr + 1, text.len - 1};
    while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

/* Takes the letter off either end; 0: there is none. */
static char
take_side(struct span *text, enum coordinate_axis axis)
{
    char side = 0;

    *text = trimmed(*text);
    if (text->len > 0 && is_side(text->ptr[0], axis)) {
        side = upper(text->ptr[0]);
        *text = (struct span){text->ptr + 1, text->len - 1};
    } else if (text->len > 0 && is_side(text->ptr[text->len - 1], axis)) {
        side = upper(text->ptr[text->len - 1]);
        text->len--;
    }
    *text = trimmed(*text);
    return side;
}

enum status
coordinate_part(struct span text, struct span *lat, struct span *lon)
{
    size_t      at[2] = {0};
    size_t      count = 0;
    size_t      cut;
    bool        lat_first;
    struct span first;
    struct span second;

    text = trimmed(text);
    for (size_t i = 0; i < text.len; i++)
        if (is_side(text.ptr[i], COORDINATE_LAT) ||
            is_side(text.ptr[i], COORDINATE_LON)) {
            if (count == 2)
                return STATUS_BAD_FIELD;
            at[count++] = i;
        }
    if (count < 2 || (at[0] > 0 && at[1] + 1 < text.len))
        return STATUS_BAD_FIELD;
    lat_first = is_side(text.ptr[at[0]], COORDINATE_LAT);
    if (lat_first == is_side(text.ptr[at[1]], COORDINATE_LAT))
        return STATUS_BAD_FIELD;
    cut = at[0] > 0 ? at[0] + 1 : at[1];
    first = trimmed((struct span){text.ptr, cut});
    second = trimmed((struct span){text.ptr + cut, text.len - cut});
    if (first.len < 2 || second.len < 2) /* a letter alone */
        return STATUS_BAD_FIELD;
    *lat = lat_first ? first : second;
    *lon = lat_first ? second : first;
    return STATUS_OK;
}

/* --- numbers -------------------------------------------------------------- */

/* 17.50: whole 17 of 2 digits, fraction 50 of 2. */
struct part {
    double   whole;
    double   fraction;
    unsigned digits;
    unsigned decimals;
};

/* Whether it was there. */
static bool
take(struct reader *in, const char *text)
{
    size_t len = strlen(text);

    if (in->failed || in->left < len || memcmp(in->ptr, text, len) != 0)
        return false;
    (void)reader_take(in, len);
    return true;
}

/* One to `digits_max` digits; *digits tells how many. */
static double
take_number(struct reader *in, unsigned digits_max, unsigned *digits)
{
    double value = 0;

    for (*digits = 0; *digits < digits_max && in->left > 0 &&
                      in->ptr[0] >= '0' && in->ptr[0] <= '9';
         ++*digits)
        value = value * 10 + (reader_u8(in) - '0');
    if (*digits == 0)
        reader_fail(in);
    return value;
}

/* What parts a number from the next, or ends it with its mark. */
static void
take_between(struct reader *in, size_t at, const struct part *part)
{
    static const char *const marks[PARTS][2] = {{"\xc2\xb0", "\xc2\xba"},
                                                {"'", "\xe2\x80\xb2"},
                                                {"\"", "\xe2\x80\xb3"}};
    bool mark = take(in, marks[at][0]) || take(in, marks[at][1]);
    bool blank = false;

    while (take(in, " "))
        blank = true;
    if (!mark && !blank && !take(in, "-"))
        reader_fail(in);
    if (mark ? part->digits > DEGREE_DIGITS : in->left == 0)
        reader_fail(in);
}

/* 0: these are no numbers. */
static size_t
take_parts(struct span text, struct part parts[static PARTS])
{
    struct reader in = reader_of(text);
    size_t        count = 0;

    for (; in.left > 0 && !in.failed && count < PARTS; count++) {
        struct part *part = &parts[count];

        part->whole = take_number(&in, DIGITS_MAX, &part->digits);
        if (take(&in, "."))
            part->fraction = take_number(&in, FRACTION_MAX, &part->decimals);
        if (in.left > 0)
            take_between(&in, count, part);
    }
    return reader_end(&in) == STATUS_OK ? count : 0;
}

/* 0617.5 is 06 and 17.5, 061730 is 06, 17 and 30. */
static size_t
part_joined(struct part parts[static PARTS], unsigned degree_digits)
{
    double whole = parts[0].whole;
    size_t below;

    if (parts[0].digits <= DEGREE_DIGITS)
        return 1;
    below = (parts[0].digits - degree_digits) / 2;
    if ((parts[0].digits - degree_digits) % 2 != 0 || below >= PARTS)
        return 0;
    parts[below] = parts[0];
    for (size_t i = below; i > 0; i--) {
        parts[i].whole = fmod(whole, 100);
        parts[i].digits = 2;
        whole = floor(whole / 100);
    }
    parts[0] = (struct part){.whole = whole, .digits = degree_digits};
    return below + 1;
}

/* Only the last has a fraction; minutes and seconds are less than 60. */
static bool
are_good(const struct part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (parts[i].digits > (i == 0 ? DEGREE_DIGITS : 2) ||
            (i + 1 < count && parts[i].decimals > 0))
            return false;
        if (i > 0 && (parts[i].whole >= 60 ||
                      parts[i].decimals > COORDINATE_DECIMALS_MAX))
            return false;
    }
    return count > 0;
}

static double
value_of(const struct part *part)
{
    double scale = pow(10, part->decimals);

    return (part->whole * scale + part->fraction) / scale;
}

enum status
coordinate_parse(struct span text, enum coordinate_axis axis, double *degrees,
                 uint32_t *notation)
{
    struct part parts[PARTS] = {{0}};
    char        side = take_side(&text, axis);
    size_t      count = side == 0 ? 0 : take_parts(text, parts);
    double      value;

    if (count == 1)
        count = part_joined(parts, (unsigned)axes[axis].degree_digits);
    if (!are_good(parts, count))
        return STATUS_BAD_FIELD;
    value = value_of(&parts[0]);
    if (count == 2)
        value += value_of(&parts[1]) / 60;
    if (count == 3)
        value += (value_of(&parts[1]) * 60 + value_of(&parts[2])) / 3600;
    if (value > axes[axis].limit)
        return STATUS_BAD_FIELD;
    *degrees = side == axes[axis].negative ? -value : value;
    *notation = count == 2 ? parts[1].decimals + 1 : 0;
    return STATUS_OK;
}

void
coordinate_format(double degrees, enum coordinate_axis axis, unsigned decimals,
                  char out[static COORDINATE_TEXT])
{
    double scale = pow(10, decimals);
    double all = round(fabs(degrees) * 60 * scale); /* parts of a minute */
    double whole = floor(all / (60 * scale));

    assert(decimals <= COORDINATE_DECIMALS_MAX);
    if (!(fabs(degrees) <= axes[axis].limit)) {
        (void)snprintf(out, COORDINATE_TEXT, "?");
        return;
    }
    (void)snprintf(out, COORDINATE_TEXT, "%0*.0f-%0*.*f%c",
                   axes[axis].degree_digits, whole,
                   decimals > 0 ? (int)decimals + 3 : 2, (int)decimals,
                   (all - whole * 60 * scale) / scale,
                   signbit(degrees) ? axes[axis].negative
                                    : axes[axis].positive);
}

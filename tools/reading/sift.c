/*
 * sift.c - one walk over an object, for positions or for text.
 *
 * Case is folded character by character, up and down again, so that the two
 * small sigmas of Greek are one; nothing is split or put together, so an
 * accent that stands alone is not the letter that has it.
 */
#include "tools/reading/sift.h"

#include "proto/text.h"
#include "tools/language/coordinate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

enum { CORNERS_MAX = 256, NEAR_MAX = 96 };

/* Farther than anything is. */
#define KM_MAX 20038.0

static const char near_words[] =
    "--near is LAT,LON,KM: 6.28,3.35,50 or 06-17N,003-21E,50; latitude to 90, "
    "longitude to 180, more than 0 and at most 20038 km";

/* --- text ----------------------------------------------------------------- */

static void
put_character(FILE *out, uint32_t character)
{
    if (character < 0x80) {
        (void)fputc((int)character, out);
        return;
    }
    if (character < 0x800) {
        (void)fputc((int)(0xc0 | character >> 6), out);
    } else {
        if (character < 0x10000) {
            (void)fputc((int)(0xe0 | character >> 12), out);
        } else {
            (void)fputc((int)(0xf0 | character >> 18), out);
            (void)fputc((int)(0x80 | (character >> 12 & 0x3f)), out);
        }
        (void)fputc((int)(0x80 | (character >> 6 & 0x3f)), out);
    }
    (void)fputc((int)(0x80 | (character & 0x3f)), out);
}

static uint32_t
fold(uint32_t character, locale_t utf8)
{
    wint_t wide = (wint_t)character;

    if (character < 0x80)
        return character >= 'A' && character <= 'Z' ? character + 32
                                                    : character;
    return utf8 == (locale_t)0
               ? character
               : (uint32_t)towlower_l(towupper_l(wide, utf8), utf8);
}

/* For free(); NULL: no memory. */
static char *
fold_text(const char *text, locale_t utf8)
{
    struct span left = span_text(text);
    char       *folded = NULL;
    size_t      len = 0;
    FILE       *out = open_memstream(&folded, &len);

    while (out != NULL && left.len > 0) {
        bool     bad = false;
        uint32_t character = text_take(&left, &bad);

        if (!bad)
            put_character(out, fold(character, utf8));
    }
    if (out == NULL || fclose(out) == 0)
        return folded;
    free(folded);
    return NULL;
}

static bool
has_text(const struct sift *sift, const char *text)
{
    char *own = fold_text(text, sift->utf8);
    bool  found = own != NULL && strstr(own, sift->text) != NULL;

    free(own);
    return found;
}

/* --- the options ---------------------------------------------------------- */

/* 6.283, 06-17N or 6N. */
static bool
parse_degrees(const char *text, enum coordinate_axis axis, double *out)
{
    double   limit = axis == COORDINATE_LAT ? 90 : 180;
    uint32_t notation;
    char    *end = NULL;

    if (coordinate_parse(span_text(text), axis, out, &notation) == STATUS_OK)
        return true;
    if (text[strspn(text, "+-0123456789.")] != '\0')
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && fabs(*out) <= limit;
}

static bool
parse_km(const char *text, double *out)
{
    char *end = NULL;

    if (text[strspn(text, "0123456789.")] != '\0')
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && *out > 0 && *out <= KM_MAX;
}

static bool
parse_near(const char *text, struct sift *out)
{
    char  parts[NEAR_MAX];
    char *lon;
    char *km;

    if (strlen(text) >= sizeof(parts))
        return false;
    memcpy(parts, text, strlen(text) + 1);
    lon = strchr(parts, ',');
    km = lon == NULL ? NULL : strchr(lon + 1, ',');
    if (km == NULL)
        return false;
    *lon++ = '\0';
    *km++ = '\0';
    return parse_degrees(parts, COORDINATE_LAT, &out->point.lat) &&
           parse_degrees(lon, COORDINATE_LON, &out->point.lon) &&
           parse_km(km, &out->km);
}

enum status
sift_fill(struct cli *cli, struct sift *out)
{
    const char *near = cli_value(cli, CLI_NEAR);
    const char *text = cli_value(cli, CLI_TEXT);
    const char *state = cli_value(cli, CLI_STATE);

    *out = (struct sift){
        .overdue = state != NULL && strcmp(state, SIFT_OVERDUE) == 0,
        .near = near != NULL};
    if (near != NULL && !parse_near(near, out))
        return cli_fail(cli, STATUS_USAGE, NULL, "%s", near_words);
    if (text == NULL)
        return STATUS_OK;
    if (text[0] == '\0' || !text_ok(span_text(text)))
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--text is what to look for, at least one character");
    out->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    out->text = fold_text(text, out->utf8);
    return out->text != NULL ? STATUS_OK : cli_status(cli, STATUS_IO, "memory");
}

void
sift_clear(struct sift *sift)
{
    free(sift->text);
    if (sift->utf8 != (locale_t)0)
        freelocale(sift->utf8);
    *sift = (struct sift){0};
}

bool
sift_is_set(const struct sift *sift)
{
    return sift->overdue || sift->near || sift->text != NULL;
}

/* --- positions ------------------------------------------------------------ */

static bool
degrees_of(const json_t *value, enum coordinate_axis axis, double *out)
{
    double limit = axis == COORDINATE_LAT ? 90 : 180;

    if (json_is_string(value))
        return parse_degrees(json_string_value(value), axis, out);
    *out = json_number_value(value);
    return json_is_number(value) && fabs(*out) <= limit;
}

static bool
point_of(const json_t *object, struct sphere_point *out)
{
    return degrees_of(json_object_get(object, "lat"), COORDINATE_LAT,
                      &out->lat) &&
           degrees_of(json_object_get(object, "lon"), COORDINATE_LON,
                      &out->lon);
}

/* In kilometres; 0 when there is none. */
static double
radius_of(const json_t *position)
{
    static const struct {
        const char *unit;
        double      km;
    } units[] = {{"km", 1}, {"nm", 1.852}, {"m", 0.001}};
    const json_t *radius = json_object_get(position, "radius");
    const char   *unit = json_string_value(json_object_get(radius, "unit"));
    double value = json_number_value(json_object_get(radius, "value"));

    for (size_t i = 0; unit != NULL && i < sizeof(units) / sizeof(units[0]);
         i++)
        if (strcmp(units[i].unit, unit) == 0)
            return value * units[i].km;
    return 0;
}

static bool
is_area_near(const struct sift *sift, const json_t *polygon)
{
    struct sphere_point corners[CORNERS_MAX];
    size_t              count = 0;

    for (size_t i = 0; i < json_array_size(polygon) && count < CORNERS_MAX; i++)
        count += point_of(json_array_get(polygon, i), &corners[count]);
    return count > 0 &&
           sphere_distance_area(sift->point, corners, count) <= sift->km;
}

/* Whether this object is a position, and near. */
static bool
is_near(const struct sift *sift, const json_t *object)
{
    struct sphere_point point;

    if (point_of(object, &point) &&
        sphere_distance(sift->point, point) - radius_of(object) <= sift->km)
        return true;
    return is_area_near(sift, json_object_get(object, "polygon"));
}

/* --- the walk ------------------------------------------------------------- */

typedef bool match_fn(const struct sift *sift, const json_t *value);

static bool
matches_near(const struct sift *sift, const json_t *value)
{
    return json_is_object(value) && is_near(sift, value);
}

static bool
matches_text(const struct sift *sift, const json_t *value)
{
    return json_is_string(value) &&
           has_text(sift, json_string_value(value));
}

/* Bytes, which stand there as digits. */
static bool
is_bytes(const char *key)
{
    return strcmp(key, "refs") == 0 || strcmp(key, "digest") == 0 ||
           strcmp(key, "unknown_fields") == 0;
}

/* Whether any value in here matches; a message is not deep. */
static bool
any(const struct sift *sift, const json_t *value, match_fn *matches)
{
    const char *key;
    json_t     *inner;
    size_t      i;

    if (matches(sift, value))
        return true;
    json_array_foreach(value, i, inner)
        if (any(sift, inner, matches))
            return true;
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
        if (!is_bytes(key) && any(sift, inner, matches))
            return true;
    return false;
}

/* The message's own id is not looked through. */
static bool
any_of_message(const struct sift *sift, const json_t *message,
               match_fn *matches)
{
    const char *key;
    json_t     *value;

    json_object_foreach((json_t *)(uintptr_t)message, key, value)
        if (strcmp(key, "id") != 0 && !is_bytes(key) &&
            any(sift, value, matches))
            return true;
    return false;
}

bool
sift_passes(const struct sift *sift, const json_t *message, const char *ref)
{
    if (sift->near && !any_of_message(sift, message, matches_near))
        return false;
    return sift->text == NULL || has_text(sift, ref) ||
           any_of_message(sift, message, matches_text);
}

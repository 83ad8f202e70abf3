/* coordinate.c - degrees and minutes, in and out. */
#include "tools/language/coordinate.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

static const struct {
    char   positive, negative;
    int    degree_digits;
    double limit;
} axes[] = {{'N', 'S', 2, 90}, {'E', 'W', 3, 180}};

static bool
is_digit(const struct reader *in)
{
    return !in->failed && in->left > 0 && in->ptr[0] >= '0' &&
           in->ptr[0] <= '9';
}

/* One to `digits_max` digits; *digits tells how many. */
static double
take_number(struct reader *in, unsigned digits_max, unsigned *digits)
{
    double value = 0;

    for (*digits = 0; *digits < digits_max && is_digit(in); ++*digits)
        value = value * 10 + (reader_u8(in) - '0');
    if (*digits == 0)
        reader_fail(in);
    return value;
}

enum status
coordinate_parse(struct span text, enum coordinate_axis axis, double *degrees,
                 unsigned *decimals)
{
    struct reader in = reader_of(text);
    unsigned      digits = 0;
    unsigned      decimal_count = 0;
    double        value = take_number(&in, 3, &digits);
    double        minutes;
    uint8_t       side;

    if (reader_u8(&in) != '-')
        return STATUS_BAD_FIELD;
    minutes = take_number(&in, 2, &digits);
    if (in.left > 0 && in.ptr[0] == '.') {
        double part;

        (void)reader_u8(&in);
        part = take_number(&in, COORDINATE_DECIMALS_MAX, &decimal_count);
        minutes = (minutes * pow(10, decimal_count) + part) /
                  pow(10, decimal_count);
    }
    side = reader_u8(&in);
    value += minutes / 60;
    if (side == (uint8_t)axes[axis].negative)
        value = -value;
    else if (side != (uint8_t)axes[axis].positive)
        reader_fail(&in);
    if (reader_end(&in) != STATUS_OK || minutes >= 60 ||
        fabs(value) > axes[axis].limit)
        return STATUS_BAD_FIELD;
    *degrees = value;
    *decimals = decimal_count;
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

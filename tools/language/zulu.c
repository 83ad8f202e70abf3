/*
 * zulu.c - the calendar between texts and seconds.
 *
 * The proleptic Gregorian calendar by the algorithm of days from civil: the
 * year begins in March, so that the leap day is its last.
 */
#include "tools/language/zulu.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY ENTENTE__TIME__PRECISION__PRECISION_DAY
#define MINUTE ENTENTE__TIME__PRECISION__PRECISION_MINUTE
#define SECOND ENTENTE__TIME__PRECISION__PRECISION_SECOND
#define SECONDS_MIN (-62135596800) /* 0001-01-01 */
#define SECONDS_MAX 253402300799   /* the last of 9999 */
#define HAS_OFFSET ENTENTE__TIME__HAS_OFFSET_MINUTES_OFFSET_MINUTES
#define DAY_S 86400

enum { ERA_DAYS = 146097, EPOCH_DAYS = 719468, DIGITS_MAX = 9 };

struct civil {
    int64_t year;
    int     month, day, hour, minute, second;
};

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t
days_of(const struct civil *civil)
{
    int64_t year = civil->year - (civil->month <= 2);
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t month = (civil->month + 9) % 12;
    int64_t of_year = (153 * month + 2) / 5 + civil->day - 1;

    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           EPOCH_DAYS;
}

static struct civil
civil_of(int64_t seconds)
{
    int64_t      days = floor_div(seconds, DAY_S) + EPOCH_DAYS;
    int64_t      in_day = seconds - floor_div(seconds, DAY_S) * DAY_S;
    int64_t      era = floor_div(days, ERA_DAYS);
    int64_t      of_era = days - era * ERA_DAYS;
    int64_t      year = (of_era - of_era / 1460 + of_era / 36524 -
                    of_era / (ERA_DAYS - 1)) / 365;
    int64_t      of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t      month = (5 * of_year + 2) / 153;
    struct civil civil;

    civil.day = (int)(of_year - (153 * month + 2) / 5 + 1);
    civil.month = (int)(month < 10 ? month + 3 : month - 9);
    civil.year = year + era * 400 + (civil.month <= 2);
    civil.hour = (int)(in_day / 3600);
    civil.minute = (int)(in_day / 60 % 60);
    civil.second = (int)(in_day % 60);
    return civil;
}

/* ---- reading ---- */

static int
take_digits(struct reader *in, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        uint8_t c = reader_u8(in);

        if (c < '0' || c > '9')
            reader_fail(in);
        value = value * 10 + (c - '0');
    }
    return in->failed ? 0 : value;
}

static void
take_mark(struct reader *in, char mark)
{
    if (reader_u8(in) != (uint8_t)mark)
        reader_fail(in);
}

static bool
next_is(const struct reader *in, char mark)
{
    return !in->failed && in->left > 0 && in->ptr[0] == (uint8_t)mark;
}

static void
take_date(struct reader *in, struct civil *civil)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    int64_t          year = take_digits(in, 4);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    civil->year = year;
    take_mark(in, '-');
    civil->month = take_digits(in, 2);
    take_mark(in, '-');
    civil->day = take_digits(in, 2);
    if (civil->year < 1 || civil->month < 1 || civil->month > 12) {
        reader_fail(in);
        return;
    }
    if (civil->day < 1 || civil->day > lengths[civil->month - 1] +
                                           (leap && civil->month == 2))
        reader_fail(in);
}

static void
take_fraction(struct reader *in, Entente__Time *time)
{
    uint32_t nanos = 0;
    uint32_t digits = 0;

    take_mark(in, '.');
    while (!in->failed && in->left > 0 && in->ptr[0] >= '0' &&
           in->ptr[0] <= '9' && digits < DIGITS_MAX) {
        nanos = nanos * 10 + (uint32_t)take_digits(in, 1);
        digits++;
    }
    if (digits == 0)
        reader_fail(in);
    time->fraction_digits = digits;
    while (digits++ < DIGITS_MAX)
        nanos *= 10;
    time->nanos = nanos;
}

static void
take_clock(struct reader *in, struct civil *civil, Entente__Time *time)
{
    time->precision = MINUTE;
    take_mark(in, 'T');
    civil->hour = take_digits(in, 2);
    take_mark(in, ':');
    civil->minute = take_digits(in, 2);
    if (next_is(in, ':')) {
        time->precision = SECOND;
        take_mark(in, ':');
        civil->second = take_digits(in, 2);
        if (next_is(in, '.'))
            take_fraction(in, time);
    }
    if (civil->hour > 23 || civil->minute > 59 || civil->second > 59)
        reader_fail(in);
}

static void
take_zone(struct reader *in, Entente__Time *time)
{
    int sign = next_is(in, '-') ? -1 : 1;
    int hours;
    int minutes;

    if (next_is(in, 'Z')) {
        take_mark(in, 'Z');
        return;
    }
    take_mark(in, sign < 0 ? '-' : '+');
    hours = take_digits(in, 2);
    take_mark(in, ':');
    minutes = take_digits(in, 2);
    if (hours > 23 || minutes > 59 || (sign < 0 && hours == 0 && minutes == 0))
        reader_fail(in);
    time->has_offset_minutes_case = HAS_OFFSET;
    time->offset_minutes = sign * (60 * hours + minutes);
}

enum status
zulu_parse(struct span text, Entente__Time *out)
{
    struct reader in = reader_of(text);
    struct civil  civil = {0};
    Entente__Time time = ENTENTE__TIME__INIT;

    time.base = out->base;
    time.in_full = out->in_full;
    time.precision = DAY;
    take_date(&in, &civil);
    if (!in.failed && in.left > 0) {
        take_clock(&in, &civil, &time);
        take_zone(&in, &time);
    }
    if (reader_end(&in) != STATUS_OK)
        return STATUS_BAD_FIELD;
    time.seconds = days_of(&civil) * DAY_S + civil.hour * 3600 +
                   civil.minute * 60 + civil.second - time.offset_minutes * 60;
    if (time.seconds < SECONDS_MIN || time.seconds > SECONDS_MAX)
        return STATUS_BAD_FIELD;
    *out = time;
    return STATUS_OK;
}

enum status
zulu_set_precision(Entente__Time *time, Entente__Time__Precision precision)
{
    Entente__Time__Precision spelled = time->precision;

    if (precision > spelled || precision < DAY)
        return STATUS_BAD_FIELD;
    time->spelled = precision == spelled ? 0 : spelled;
    time->precision = precision;
    return STATUS_OK;
}

/* ---- writing ---- */

static bool
in_calendar(const Entente__Time *time)
{
    return time->seconds >= SECONDS_MIN && time->seconds <= SECONDS_MAX &&
           time->offset_minutes > -1440 && time->offset_minutes < 1440 &&
           time->nanos <= 999999999 && time->fraction_digits <= DIGITS_MAX;
}

static void
format_clock(const Entente__Time *time, const struct civil *civil, bool seconds,
             char *out, size_t cap)
{
    char fraction[DIGITS_MAX + 1];
    char second[4 + DIGITS_MAX + 2] = "";
    char zone[16] = "Z";
    int  offset = time->offset_minutes;

    (void)snprintf(fraction, sizeof(fraction), "%09u", time->nanos);
    fraction[time->fraction_digits] = '\0';
    if (seconds)
        (void)snprintf(second, sizeof(second), ":%02d%s%s", civil->second,
                       time->fraction_digits > 0 ? "." : "", fraction);
    if (time->has_offset_minutes_case != 0)
        (void)snprintf(zone, sizeof(zone), "%c%02d:%02d",
                       offset < 0 ? '-' : '+', abs(offset) / 60,
                       abs(offset) % 60);
    (void)snprintf(out, cap, "T%02d:%02d%s%s", civil->hour, civil->minute,
                   second, zone);
}

void
zulu_format(const Entente__Time *time, char out[static ZULU_TEXT])
{
    Entente__Time__Precision spelled =
        time->spelled != 0 ? time->spelled : time->precision;
    struct civil civil;
    char         clock[ZULU_TEXT - 12] = "";

    if (!in_calendar(time)) {
        memcpy(out, "?", sizeof("?"));
        return;
    }
    civil = civil_of(time->seconds + time->offset_minutes * 60);
    if (spelled != DAY)
        format_clock(time, &civil, spelled != MINUTE, clock, sizeof(clock));
    (void)snprintf(out, ZULU_TEXT, "%04u-%02u-%02u%s",
                   (unsigned)civil.year % 10000, (unsigned)civil.month % 100,
                   (unsigned)civil.day % 100, clock);
}

static const char months[12][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                   "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

void
zulu_dtg(const Entente__Time *time, char out[static ZULU_TEXT])
{
    struct civil civil;

    if (!in_calendar(time)) {
        memcpy(out, "?", sizeof("?"));
        return;
    }
    civil = civil_of(time->seconds);
    if (time->precision == DAY)
        (void)snprintf(out, ZULU_TEXT, "%02d %s %02d", civil.day,
                       months[civil.month - 1], (int)(civil.year % 100));
    else
        (void)snprintf(out, ZULU_TEXT, "%02d%02d%02dZ %s %02d", civil.day,
                       civil.hour, civil.minute, months[civil.month - 1],
                       (int)(civil.year % 100));
}

/* Without blanks, in capitals: "231000ZAPR14"; its length, 0: too long. */
static size_t
squeeze(struct span text, char out[static ZULU_TEXT])
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == ' ')
            continue;
        if (len + 1 == ZULU_TEXT)
            return 0;
        out[len++] = (char)toupper(text.ptr[i]);
    }
    out[len] = '\0';
    return len;
}

enum status
zulu_of_dtg(struct span text, char out[static ZULU_TEXT])
{
    char     dtg[ZULU_TEXT];
    size_t   len = squeeze(text, dtg);
    size_t   digits = strspn(dtg, "0123456789");
    bool     timed = digits == 6 && dtg[digits] == 'Z';
    size_t   word = digits + timed;
    unsigned month = 0;
    long     year;

    if (len < word + 5 || (!timed && digits != 2))
        return STATUS_BAD_FIELD;
    while (month < 12 && strncmp(dtg + word, months[month], 3) != 0)
        month++;
    len -= word + 3;
    if (month == 12 || (len != 2 && len != 4) ||
        strspn(dtg + word + 3, "0123456789") != len)
        return STATUS_BAD_FIELD;
    year = strtol(dtg + word + 3, NULL, 10);
    if (len == 2)
        year += year < 70 ? 2000 : 1900;
    (void)snprintf(out, ZULU_TEXT, "%04ld-%02u-%.2s", year, month + 1, dtg);
    if (timed)
        (void)snprintf(out + strlen(out), ZULU_TEXT - strlen(out),
                       "T%.2s:%.2sZ", dtg + 2, dtg + 4);
    return STATUS_OK;
}

void
zulu_of_ms(uint64_t wall_ms, Entente__Time *out)
{
    entente__time__init(out);
    out->seconds = (int64_t)(wall_ms / 1000);
    out->precision = SECOND;
}

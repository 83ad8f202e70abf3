/* moment.c - UTC and nothing else: no zone, no locale. */
#include "tools/terminal/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECOND_MS = 1000, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

uint64_t
moment_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * SECOND_MS + (uint64_t)now.tv_nsec / 1000000;
}

/* Zeros where the year does not fit. */
static struct tm
split(uint64_t ms)
{
    time_t    seconds = (time_t)(ms / SECOND_MS);
    struct tm tm = {0};

    if (gmtime_r(&seconds, &tm) == NULL)
        tm = (struct tm){.tm_mday = 1};
    return tm;
}

struct moment_text
moment_iso(uint64_t ms)
{
    struct tm          tm = split(ms);
    struct moment_text out = {""};

    if (ms > 0)
        snprintf(out.text, sizeof(out.text),
                 "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                 (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday,
                 tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms % SECOND_MS));
    return out;
}

struct moment_text
moment_iso_seconds(uint64_t ms)
{
    struct moment_text out = moment_iso(ms);
    char              *point = strchr(out.text, '.');

    if (point != NULL)
        memcpy(point, "Z", 2);
    return out;
}

struct moment_text
moment_dtg(uint64_t ms)
{
    static const char *const months[] = {"JAN", "FEB", "MAR", "APR",
                                         "MAY", "JUN", "JUL", "AUG",
                                         "SEP", "OCT", "NOV", "DEC"};
    struct tm                tm = split(ms);
    struct moment_text       out = {"never"};

    if (ms > 0)
        snprintf(out.text, sizeof(out.text), "%02d%02d%02dZ %s %02d",
                 tm.tm_mday, tm.tm_hour, tm.tm_min, months[tm.tm_mon],
                 tm.tm_year % 100);
    return out;
}

struct moment_text
moment_ago(uint64_t ms, uint64_t now)
{
    uint64_t           s = now > ms ? (now - ms) / SECOND_MS : 0;
    struct moment_text out = {"now"};

    if (ms == 0)
        return (struct moment_text){"never"};
    if (s >= 2 * DAY_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " d ago", s / DAY_S);
    else if (s >= 2 * HOUR_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " h ago", s / HOUR_S);
    else if (s >= 2 * MINUTE_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " min ago",
                 s / MINUTE_S);
    else if (s >= 1)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " s ago", s);
    return out;
}

struct moment_text
moment_length(uint64_t s)
{
    struct moment_text out;

    if (s >= DAY_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " d %" PRIu64 " h",
                 s / DAY_S, s % DAY_S / HOUR_S);
    else if (s >= HOUR_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " h %" PRIu64 " min",
                 s / HOUR_S, s % HOUR_S / MINUTE_S);
    else if (s >= MINUTE_S)
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " min %" PRIu64 " s",
                 s / MINUTE_S, s % MINUTE_S);
    else
        snprintf(out.text, sizeof(out.text), "%" PRIu64 " s", s);
    return out;
}

/* "12h": so many units before now. */
NODISCARD static enum status
parse_length(const char *text, uint64_t now, uint64_t *out)
{
    static const struct {
        const char *unit;
        uint64_t    seconds;
    } units[] = {
        {"s", 1}, {"min", MINUTE_S}, {"h", HOUR_S}, {"d", DAY_S},
    };
    char              *end = NULL;
    unsigned long long count = strtoull(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || count > 1000000)
        return STATUS_BAD_FIELD;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        uint64_t back = count * units[i].seconds * SECOND_MS;

        if (strcmp(end, units[i].unit) != 0)
            continue;
        *out = now > back ? now - back : 0;
        return STATUS_OK;
    }
    return STATUS_BAD_FIELD;
}

enum status
moment_parse(const char *text, uint64_t now, uint64_t *out)
{
    struct tm   tm = {0};
    int         day;
    const char *end = strptime(text, "%Y-%m-%d", &tm);
    time_t      seconds;

    if (end == NULL)
        return parse_length(text, now, out);
    if (*end == 'T')
        end = strptime(end, "T%H:%M:%SZ", &tm);
    if (end == NULL || *end != '\0')
        return STATUS_BAD_FIELD;
    day = tm.tm_mday;
    seconds = timegm(&tm); /* makes 3 March of 31 February */
    if (seconds < 0 || tm.tm_mday != day)
        return STATUS_BAD_FIELD;
    *out = (uint64_t)seconds * SECOND_MS;
    return STATUS_OK;
}

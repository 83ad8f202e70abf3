/* local.c - the zone decides what is printed, never what is meant. */
#include "tools/terminal/local.h"

#include "tools/language/zulu.h"
#include "tools/terminal/moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* "" where the clock on the wall shows UTC then. */
static void
put_suffix(time_t seconds, char *out, size_t cap)
{
    static const char months[12][4] = {"JAN", "FEB", "MAR", "APR",
                                       "MAY", "JUN", "JUL", "AUG",
                                       "SEP", "OCT", "NOV", "DEC"};
    struct tm wall;
    struct tm utc;
    char      day[16] = "";

    out[0] = '\0';
    tzset();
    if (localtime_r(&seconds, &wall) == NULL ||
        gmtime_r(&seconds, &utc) == NULL || wall.tm_gmtoff == 0)
        return;
    if (wall.tm_mday != utc.tm_mday)
        (void)snprintf(day, sizeof(day), ", %02d %s", wall.tm_mday,
                       months[wall.tm_mon]);
    (void)snprintf(out, cap, " (%02d:%02d local%s)", wall.tm_hour, wall.tm_min,
                   day);
}

struct local_text
local_dtg(const Entente__Time *time)
{
    struct local_text out;
    char              group[ZULU_TEXT];
    size_t            len;

    zulu_dtg(time, group);
    (void)snprintf(out.text, sizeof(out.text), "%s", group);
    len = strlen(out.text);
    if (time->precision != ENTENTE__TIME__PRECISION__PRECISION_DAY &&
        group[0] != '?')
        put_suffix((time_t)time->seconds, out.text + len,
                   sizeof(out.text) - len);
    return out;
}

struct local_text
local_dtg_ms(uint64_t wall_ms)
{
    struct local_text out;
    size_t            len;

    (void)snprintf(out.text, sizeof(out.text), "%s", moment_dtg(wall_ms).text);
    len = strlen(out.text);
    if (wall_ms > 0)
        put_suffix((time_t)(wall_ms / 1000), out.text + len,
                   sizeof(out.text) - len);
    return out;
}

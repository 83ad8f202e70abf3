/*
 * threshold.c - read, judged and written as the guidelines for monitoring
 * plugins say.
 */
#include "tools/admin/threshold.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 1000000000

NODISCARD static enum status
parse_value(const char **text, enum threshold_unit unit, int64_t *out)
{
    static const struct {
        const char *word;
        int64_t     seconds;
    } units[] = {{"min", 60}, {"s", 1}, {"h", 3600}, {"d", 86400}};
    char   *end = NULL;
    int64_t value;

    if (**text < '0' || **text > '9')
        return STATUS_BAD_FIELD;
    errno = 0;
    value = strtoll(*text, &end, 10);
    if (errno != 0 || value > (unit == THRESHOLD_PERCENT ? 100 : VALUE_MAX))
        return STATUS_BAD_FIELD;
    for (size_t i = 0; unit == THRESHOLD_SECONDS &&
                       i < sizeof(units) / sizeof(units[0]);
         i++) {
        size_t len = strlen(units[i].word);

        if (strncmp(end, units[i].word, len) != 0)
            continue;
        value *= units[i].seconds;
        end += len;
        break;
    }
    *text = end;
    *out = value;
    return STATUS_OK;
}

enum status
threshold_parse(const char *text, struct threshold *out)
{
    struct threshold got = *out;
    enum status      st = parse_value(&text, got.unit, &got.warn);

    if (st == STATUS_OK && *text == ',') {
        text++;
        st = parse_value(&text, got.unit, &got.critical);
    } else if (st == STATUS_OK && (got.below ? got.critical > got.warn
                                             : got.critical < got.warn)) {
        got.critical = got.warn; /* one value given, past the other's default */
    }
    if (st != STATUS_OK || *text != '\0')
        return STATUS_BAD_FIELD;
    if (got.below ? got.critical > got.warn : got.critical < got.warn)
        return STATUS_BAD_FIELD;
    *out = got;
    return STATUS_OK;
}

enum threshold_grade
threshold_judge(const struct threshold *threshold, int64_t value)
{
    if (threshold->below ? value < threshold->critical
                         : value > threshold->critical)
        return THRESHOLD_CRITICAL;
    if (threshold->below ? value < threshold->warn : value > threshold->warn)
        return THRESHOLD_WARNING;
    return THRESHOLD_OK;
}

const char *
threshold_word(enum threshold_grade grade)
{
    switch (grade) {
    case THRESHOLD_OK: return "OK";
    case THRESHOLD_WARNING: return "WARNING";
    case THRESHOLD_CRITICAL: return "CRITICAL";
    case THRESHOLD_UNKNOWN: break;
    }
    return "UNKNOWN";
}

struct threshold_text
threshold_perfdata(const struct threshold *threshold, const char *name,
                   int64_t value, const char *unit)
{
    const char           *range = threshold->below ? ":" : "";
    struct threshold_text out;

    snprintf(out.text, sizeof(out.text),
             " %s=%" PRId64 "%s;%" PRId64 "%s;%" PRId64 "%s", name, value, unit,
             threshold->warn, range, threshold->critical, range);
    return out;
}

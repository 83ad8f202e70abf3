/*
 * threshold.h - from which value on something is worth a warning, or an
 * alarm: the pair that a monitoring plugin is given for each thing.
 *
 * "10min,1h": numbers with the unit of the thing, the second may be left out
 * and then stays what it was.
 */
#ifndef TOOLS_THRESHOLD_H
#define TOOLS_THRESHOLD_H

#include "proto/bytes.h"

enum threshold_unit { THRESHOLD_COUNT, THRESHOLD_SECONDS, THRESHOLD_PERCENT };

struct threshold {
    enum threshold_unit unit;
    bool                below; /* what is less is bad, else what is more */
    int64_t             warn;
    int64_t             critical;
};

/* Grades of a monitoring plugin, and its exit codes. */
enum threshold_grade {
    THRESHOLD_OK = 0,
    THRESHOLD_WARNING = 1,
    THRESHOLD_CRITICAL = 2,
    THRESHOLD_UNKNOWN = 3
};

/*
 * Seconds take s, min, h and d, or none for seconds; counts take none.
 * BAD_FIELD, also where the critical value is milder than the warning.
 * *out is changed on OK only.
 */
NODISCARD enum status threshold_parse(const char *text, struct threshold *out);

/* Worse than the value, not equal to it. */
enum threshold_grade threshold_judge(const struct threshold *threshold,
                                     int64_t value);

/* "OK", "WARNING", "CRITICAL", "UNKNOWN". */
const char *threshold_word(enum threshold_grade grade);

/* " queued=3;100;1000" as plugins write performance data: with a unit, and
 * with "10:" where less is bad. */
struct threshold_text {
    char text[128];
};
struct threshold_text threshold_perfdata(const struct threshold *threshold,
                                         const char *name, int64_t value,
                                         const char *unit);

#endif

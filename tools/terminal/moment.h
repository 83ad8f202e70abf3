/*
 * moment.h - times as people and scripts write them; all UTC.
 *
 * Milliseconds since 1970 in, text out, and back.
 */
#ifndef TOOLS_MOMENT_H
#define TOOLS_MOMENT_H

#include "proto/bytes.h"

enum { MOMENT_TEXT = 40 };

struct moment_text {
    char text[MOMENT_TEXT];
};

/* Now, by the wall clock. */
uint64_t moment_now_ms(void);

/* "2014-04-23T10:00:00.123Z"; "" for 0, which means never. */
struct moment_text moment_iso(uint64_t ms);

/* The same without a fraction. */
struct moment_text moment_iso_seconds(uint64_t ms);

/* "231000Z APR 14", the date-time group; "never" for 0. */
struct moment_text moment_dtg(uint64_t ms);

/* "12 s ago", "3 min ago", "2 h ago", "5 d ago"; "never" for 0; "now" also for
 * what is to come. */
struct moment_text moment_ago(uint64_t ms, uint64_t now);

/* "12 s", "3 min 4 s", "2 h 3 min", "5 d 6 h". */
struct moment_text moment_length(uint64_t seconds);

/*
 * What --since takes: 2014-04-23, 2014-04-23T10:00:00Z, or so long ago: 30min,
 * 12h, 7d.  BAD_FIELD.
 */
NODISCARD enum status moment_parse(const char *text, uint64_t now,
                                   uint64_t *out);

#endif

/*
 * zulu.h - the times in messages as people and JSON write them.
 *
 * "2014-04-23" (DAY), "2014-04-23T10:00Z" (MINUTE), RFC 3339 with or without
 * fraction and offset (SECOND).  How it was written is kept in the Time, so
 * that it comes back so.  No clock is read and no libc calendar used.
 */
#ifndef TOOLS_ZULU_H
#define TOOLS_ZULU_H

#include "proto/bytes.h"
#include "value.pb-c.h"

enum { ZULU_TEXT = 48 };

/*
 * Sets everything of `out` but its base and in_full.  BAD_FIELD when the text
 * is no such time: then *out is unchanged.
 */
NODISCARD enum status zulu_parse(struct span text, Entente__Time *out);

/*
 * Says that the time is believed only so far, or BAD_FIELD when it is
 * written less exactly than that.
 */
NODISCARD enum status zulu_set_precision(Entente__Time           *time,
                                           Entente__Time__Precision precision);

/* As zulu_parse() took it; "?" for what no year 1 to 9999 holds. */
void zulu_format(const Entente__Time *time, char out[static ZULU_TEXT]);

/* The date-time group "231000Z APR 14"; a day is "23 APR 14". */
void zulu_dtg(const Entente__Time *time, char out[static ZULU_TEXT]);

/*
 * The same back, as RFC 3339 for zulu_parse(): a day or, with a time, to the
 * minute; blanks or none, any case, a year of two digits (from 1970) or four.
 * BAD_FIELD: no date-time group.
 */
NODISCARD enum status zulu_of_dtg(struct span text, char out[static ZULU_TEXT]);

/* A wall clock's milliseconds since 1970, to the second. */
void zulu_of_ms(uint64_t wall_ms, Entente__Time *out);

#endif

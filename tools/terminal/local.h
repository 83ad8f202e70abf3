/*
 * local.h - times for people: the date-time group, and beside it what the
 * clock on the wall shows, as TZ or the system has it.
 *
 *   231210Z NOV 26 (17:40 local)
 *   231910Z NOV 26 (00:40 local, 24 NOV)
 *
 * Where the wall shows UTC, only the group; also for a day without a time,
 * which is no moment.
 */
#ifndef TOOLS_LOCAL_H
#define TOOLS_LOCAL_H

#include "message.pb-c.h"

#include <stdint.h>

enum { LOCAL_TEXT = 96 };

struct local_text {
    char text[LOCAL_TEXT];
};

struct local_text local_dtg(const Entente__Time *time);

/* Of wall milliseconds; "never" for 0. */
struct local_text local_dtg_ms(uint64_t wall_ms);

#endif

/* deadline.c - the table of precedences, and the end of what a time names. */
#include "node/core/message/deadline.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

#define YEAR_9999_S 253402300799

/* In ms; never 0, which is none. */
static uint64_t
end_of(const Entente__Time *time)
{
    int64_t  seconds = time->seconds;
    uint64_t ms;

    if (time->precision == ENTENTE__TIME__PRECISION__PRECISION_DAY)
        seconds += 86400;
    if (time->precision == ENTENTE__TIME__PRECISION__PRECISION_MINUTE)
        seconds += 60;
    if (seconds < 0)
        return 1;
    if (seconds > YEAR_9999_S)
        seconds = YEAR_9999_S;
    ms = (uint64_t)seconds * 1000 + time->nanos / 1000000;
    return ms > 0 ? ms : 1;
}

static uint64_t
handling_ms(Entente__Precedence precedence)
{
    switch (precedence) {
    case ENTENTE__PRECEDENCE__PRECEDENCE_OVERRIDE: return 5 * MINUTE_MS;
    case ENTENTE__PRECEDENCE__PRECEDENCE_FLASH: return 10 * MINUTE_MS;
    case ENTENTE__PRECEDENCE__PRECEDENCE_IMMEDIATE: return HOUR_MS;
    case ENTENTE__PRECEDENCE__PRECEDENCE_PRIORITY: return 6 * HOUR_MS;
    default: return 0;
    }
}

/* `reply` makes such a note; what is passed on has its author (about.h), and
 * is news to who gets it. */
static bool
is_reply(const Entente__Message *message)
{
    return message->action == ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL &&
           message->n_refs > 0 && message->author[0] == '\0' &&
           message->body_case == ENTENTE__MESSAGE__BODY_NOTE;
}

struct deadline
deadline_of(const Entente__Message *message)
{
    uint64_t        time_ms = handling_ms(message->precedence);
    struct deadline none = {0};
    struct deadline out = {.given = message->ack_by != NULL};

    if (out.given) {
        out.ms = end_of(message->ack_by);
        return out;
    }
    if (time_ms == 0 || message->dtg == NULL || is_reply(message) ||
        message->status == ENTENTE__MESSAGE__STATUS__STATUS_TEST)
        return none;
    out.ms = end_of(message->dtg) + time_ms;
    if (message->expires != NULL && end_of(message->expires) < out.ms)
        return none;
    return out;
}

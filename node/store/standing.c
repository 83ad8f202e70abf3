/*
 * standing.c - a rank for each state.
 */
#include "node/store/standing.h"

#include <assert.h>

static const unsigned ranks[STATE_LAST + 1] = {
    [STATE_QUEUED] = 1,      [STATE_HELD] = 1,
    [STATE_SENT] = 2,        [STATE_RECEIVED] = 3,
    [STATE_NEW] = 4,         [STATE_QUARANTINED] = 4,
    [STATE_UNOPENED] = 4,    [STATE_REFUSED] = 4,
    [STATE_LOST] = 4,        [STATE_ACCEPTED] = 5,
    [STATE_REJECTED] = 5,    [STATE_READ] = 6,
    [STATE_ACKNOWLEDGED] = 7, [STATE_DECLINED] = 7,
    [STATE_EXPIRED] = 8,     [STATE_RECALLED] = 9,
    [STATE_FORGOTTEN] = 10,
};

enum message_state
standing_after(enum message_state before, enum message_state came)
{
    assert(before <= STATE_LAST && came <= STATE_LAST);
    return ranks[came] >= ranks[before] ? came : before;
}

enum message_state
standing_of(uint8_t value)
{
    return value <= STATE_LAST ? (enum message_state)value : STATE_NONE;
}

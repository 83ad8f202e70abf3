/* short_turn.c - shortage_ops over a turn. */
#include "node/net/short_turn.h"

#include <assert.h>

static void
on_room(void *arg, uint64_t room, unsigned floor)
{
    struct event event = {.kind = EVENT_DISK, .room = room, .floor = floor};
    enum status  st = turn_post(arg, &event);

    assert(st == STATUS_OK); /* a kind that is always taken */
    (void)st;
}

static bool
on_withheld(void *arg)
{
    return turn_withheld(arg);
}

static void
on_again(void *arg)
{
    turn_retry(arg);
}

const struct shortage_ops short_turn_ops = {
    .room = on_room,
    .withheld = on_withheld,
    .again = on_again,
};

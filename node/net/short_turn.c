/* short_turn.c - shortage_ops over a turn. */
#include "node/net/short_turn.h"

#include <assert.h>

static void
on_room(void *arg, uint64_t room, unsigned floor)
{
    struct event event = {.kind = EVENT_DISK, .room = room, .floor = floor};
    enum status  st = turn_post(((struct short_turn *)arg)->turn, &event);

    assert(st == STATUS_OK); /* a kind that is always taken */
    (void)st;
}

static bool
on_withheld(void *arg)
{
    return turn_withheld(((struct short_turn *)arg)->turn);
}

static void
on_again(void *arg)
{
    turn_retry(((struct short_turn *)arg)->turn);
}

static unsigned
on_floor(void *arg)
{
    const struct committer_store *store = ((struct short_turn *)arg)->store;

    return store->floor == NULL ? 0 : store->floor(store->arg);
}

static void
on_mend(void *arg)
{
    struct short_turn *shorted = arg;

    shorted->store->mend(shorted->store->arg);
    indexer_behind(shorted->indexer);
}

const struct shortage_ops short_turn_ops = {
    .room = on_room,
    .withheld = on_withheld,
    .again = on_again,
    .floor = on_floor,
    .mend = on_mend,
};

/*
 * shortage.c - what diskwatch sees and what commits meet, told once.
 *
 * Invariant: while a commit is withheld, only its refusal speaks: statvfs()
 * may see room that a commit does not find.
 */
#include "node/net/shortage.h"

#include "node/net/diskwatch.h"
#include "node/net/log.h"
#include "proto/leaf.h"

#include <stdlib.h>

struct shortage {
    const struct shortage_ops *ops;
    void                      *arg;
    struct diskwatch          *watch; /* NULL until shortage_watch() */
    uv_timer_t                 retry;
    unsigned                   floor;   /* as the core was told */
    unsigned                   disk_floor; /* as was seen last */
    uint64_t                   room;
    bool                       refused; /* as the last commit was */
};

struct shortage *
shortage_new(uv_loop_t *loop, const struct shortage_ops *ops, void *arg)
{
    struct shortage *shortage = calloc(1, sizeof(*shortage));

    if (shortage == NULL)
        abort();
    shortage->ops = ops;
    shortage->arg = arg;
    uv_timer_init(loop, &shortage->retry);
    shortage->retry.data = shortage;
    return shortage;
}

static void
log_floor(const struct shortage *shortage, unsigned floor)
{
    if (floor == PRECEDENCE_COUNT)
        log_say(LOG_WARN, "disk", "full: all new messages are held");
    else if (floor != 0)
        log_say(LOG_WARN, "disk", "nearly full: new messages below %s are "
                                  "held",
                precedence_name(floor));
    else if (shortage->floor != 0)
        log_say(LOG_INFO, "disk", "there is room again");
}

static void
tell(struct shortage *shortage, unsigned floor)
{
    if (floor != shortage->floor)
        log_floor(shortage, floor);
    shortage->floor = floor;
    shortage->ops->room(shortage->arg, floor == 0 ? shortage->room : 0, floor);
}

static void on_retry(uv_timer_t *timer);

/* What the store is short of is mended when the disk seems to have room. */
static void
look_at_store(struct shortage *shortage, bool tells)
{
    unsigned own = shortage->ops->floor(shortage->arg);
    unsigned floor = own > shortage->disk_floor ? own : shortage->disk_floor;

    if (tells || floor != shortage->floor)
        tell(shortage, floor);
    if (own != 0 && shortage->disk_floor == 0)
        shortage->ops->mend(shortage->arg);
    if (own != 0 && !uv_is_active((uv_handle_t *)&shortage->retry))
        uv_timer_start(&shortage->retry, on_retry, SHORTAGE_RETRY_MS, 0);
}

static void
on_room(void *arg, uint64_t room, unsigned floor)
{
    struct shortage *shortage = arg;

    if (shortage->ops->withheld(shortage->arg)) {
        diskwatch_forget(shortage->watch); /* the next look tells */
        return;
    }
    shortage->room = room;
    shortage->disk_floor = floor;
    look_at_store(shortage, true);
}

void
shortage_watch(struct shortage *shortage, const char *folder)
{
    shortage->watch = diskwatch_new(shortage->retry.loop, folder, on_room,
                                    shortage);
}

static void
on_retry(uv_timer_t *timer)
{
    struct shortage *shortage = timer->data;

    if (shortage->ops->withheld(shortage->arg)) {
        shortage->ops->again(shortage->arg);
        return;
    }
    look_at_store(shortage, false);
}

void
shortage_refused(struct shortage *shortage)
{
    if (!shortage->refused)
        log_say(LOG_WARN, "disk", "no room for a commit: it is withheld "
                                  "and tried again each second");
    shortage->refused = true;
    shortage->disk_floor = PRECEDENCE_COUNT; /* until the next look */
    if (shortage->watch != NULL)
        diskwatch_forget(shortage->watch);
    if (shortage->floor != PRECEDENCE_COUNT)
        tell(shortage, PRECEDENCE_COUNT);
    uv_timer_start(&shortage->retry, on_retry, SHORTAGE_RETRY_MS, 0);
}

void
shortage_over(struct shortage *shortage)
{
    shortage->refused = false;
    look_at_store(shortage, false);
}

void
shortage_repeat(struct shortage *shortage)
{
    if (shortage->floor != 0)
        shortage->ops->room(shortage->arg, 0, shortage->floor);
}

static void
on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void
shortage_free(struct shortage *shortage)
{
    if (shortage->watch != NULL)
        diskwatch_free(shortage->watch);
    shortage->watch = NULL;
    uv_close((uv_handle_t *)&shortage->retry, on_closed);
}

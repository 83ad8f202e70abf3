/*
 * shortage.c - what diskwatch sees and what commits meet, told once.
 *
 * Invariant: while a commit is withheld, only its refusal speaks: statvfs()
 * may see room that a commit does not find.
 */
#include "node/net/shortage.h"

#include "node/net/diskwatch.h"
#include "node/net/log.h"

#include <stdlib.h>

struct shortage {
    const struct shortage_ops *ops;
    void                      *arg;
    struct diskwatch          *watch; /* NULL until shortage_watch() */
    uv_timer_t                 retry;
    bool                       full;    /* as the core was told */
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
on_room(void *arg, uint64_t room)
{
    struct shortage *shortage = arg;

    if (shortage->ops->withheld(shortage->arg))
        return;
    if ((room == 0) != shortage->full)
        log_say(room == 0 ? LOG_WARN : LOG_INFO, "disk", "%s",
                room == 0 ? "nearly full: new messages are held"
                          : "there is room again");
    shortage->full = room == 0;
    shortage->ops->room(shortage->arg, room);
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

    if (shortage->ops->withheld(shortage->arg))
        shortage->ops->again(shortage->arg);
}

void
shortage_refused(struct shortage *shortage)
{
    if (!shortage->refused)
        log_say(LOG_WARN, "disk", "no room for a commit: it is withheld "
                                  "and tried again each second");
    shortage->refused = true;
    if (shortage->watch != NULL)
        diskwatch_told(shortage->watch, 0);
    if (!shortage->full)
        shortage->ops->room(shortage->arg, 0);
    shortage->full = true;
    uv_timer_start(&shortage->retry, on_retry, SHORTAGE_RETRY_MS, 0);
}

void
shortage_over(struct shortage *shortage)
{
    shortage->refused = false;
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

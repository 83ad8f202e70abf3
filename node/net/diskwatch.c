/*
 * diskwatch.c - statvfs(3) in libuv's pool: a network disk may take its time.
 *
 * Invariant: it is freed when its timer has closed and no look is under way.
 */
#include "node/net/diskwatch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

struct diskwatch {
    diskwatch_fn *told;
    void         *arg;
    char         *folder;
    uv_timer_t    timer;
    uv_work_t     look;
    struct space  space;
    uint64_t      room_told;
    unsigned      floor_told;
    bool          told_any;
    bool          looking;
    bool          closed;
};

static void
free_if_unused(struct diskwatch *watch)
{
    if (watch->looking || !watch->closed)
        return;
    free(watch->folder);
    free(watch);
}

static void
look(uv_work_t *work)
{
    struct diskwatch *watch = work->data;
    struct statvfs    disk = {0};

    watch->space = (struct space){0};
    if (statvfs(watch->folder, &disk) != 0)
        return;
    watch->space = (struct space){.block_len = disk.f_frsize,
                                  .blocks = disk.f_blocks,
                                  .blocks_free = disk.f_bavail,
                                  .inodes = disk.f_files,
                                  .inodes_free = disk.f_favail};
}

static void
on_looked(uv_work_t *work, int error)
{
    struct diskwatch *watch = work->data;
    uint64_t          room = space_room(&watch->space);
    unsigned          floor = space_floor(&watch->space);

    watch->looking = false;
    if (error == 0 && watch->told != NULL && watch->space.blocks > 0 &&
        (!watch->told_any || floor != watch->floor_told ||
         space_worth_telling(watch->room_told, room))) {
        watch->room_told = room;
        watch->floor_told = floor;
        watch->told_any = true;
        watch->told(watch->arg, room, floor);
    }
    free_if_unused(watch);
}

static void
on_timer(uv_timer_t *timer)
{
    struct diskwatch *watch = timer->data;

    if (watch->looking)
        return;
    watch->look.data = watch;
    watch->looking =
        uv_queue_work(timer->loop, &watch->look, look, on_looked) == 0;
}

struct diskwatch *
diskwatch_new(uv_loop_t *loop, const char *folder, diskwatch_fn *told,
              void *arg)
{
    struct diskwatch *watch = calloc(1, sizeof(*watch));

    if (watch == NULL)
        abort();
    watch->told = told;
    watch->arg = arg;
    watch->folder = strdup(folder);
    if (watch->folder == NULL)
        abort();
    uv_timer_init(loop, &watch->timer);
    watch->timer.data = watch;
    uv_timer_start(&watch->timer, on_timer, 0, DISKWATCH_MS);
    return watch;
}

void
diskwatch_forget(struct diskwatch *watch)
{
    watch->told_any = false;
}

static void
on_closed(uv_handle_t *handle)
{
    struct diskwatch *watch = handle->data;

    watch->closed = true;
    free_if_unused(watch);
}

void
diskwatch_free(struct diskwatch *watch)
{
    watch->told = NULL;
    uv_close((uv_handle_t *)&watch->timer, on_closed);
}

/*
 * spool.c - a list of pieces between the loop and a thread.
 *
 * Invariants:
 *  (I1) list, bytes and failure are touched under the lock alone;
 *  (I2) a piece is written whole, or the file is cut back to before it and
 *       nothing follows.
 */
#include "node/net/spool.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>
#include <uv.h>

/* Bytes of the file; or the path of the next file, and the one that goes. */
struct piece {
    STAILQ_ENTRY(piece) next;
    size_t  len;
    char   *gone; /* NULL: none */
    bool    is_path;
    uint8_t bytes[];
};

STAILQ_HEAD(pieces, piece);

struct spool {
    uv_thread_t   thread;
    uv_mutex_t    lock; /* (I1) */
    uv_cond_t     changed;
    struct pieces waiting;
    size_t        waiting_len;
    enum status   failed; /* no more is taken */
    bool          broken; /* no more is written */
    bool          closing;
    int           fd;
    off_t         written;
};

static enum status
status_of(int error)
{
    switch (error) {
    case EEXIST: return STATUS_EXISTS;
    case ENOENT:
    case ENOTDIR: return STATUS_NOT_FOUND;
    case EACCES:
    case EPERM: return STATUS_MODE;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return STATUS_NO_SPACE;
    default: return STATUS_IO;
    }
}

NODISCARD static enum status
write_piece(struct spool *spool, const struct piece *piece)
{
    size_t done = 0;

    while (done < piece->len) {
        ssize_t len = write(spool->fd, piece->bytes + done, piece->len - done);

        if (len < 0 && errno == EINTR)
            continue;
        if (len <= 0) {
            enum status st = status_of(len < 0 ? errno : ENOSPC);

            return ftruncate(spool->fd, spool->written) == 0 ? st : STATUS_IO;
        }
        done += (size_t)len;
    }
    spool->written += (off_t)piece->len;
    return STATUS_OK;
}

static int
open_new(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0600);
}

NODISCARD static enum status
change_file(struct spool *spool, const struct piece *piece)
{
    int fd = open_new((const char *)piece->bytes);

    if (fd < 0)
        return status_of(errno);
    if (close(spool->fd) != 0) {
        spool->fd = fd;
        return STATUS_IO;
    }
    spool->fd = fd;
    spool->written = 0;
    if (piece->gone != NULL && unlink(piece->gone) != 0 && errno != ENOENT)
        return status_of(errno);
    return STATUS_OK;
}

static void
free_piece(struct piece *piece)
{
    free(piece->gone);
    free(piece);
}

/* Under the lock, which is let go while the disk works. */
static void
write_first(struct spool *spool)
{
    struct piece *piece = STAILQ_FIRST(&spool->waiting);
    enum status   st;

    STAILQ_REMOVE_HEAD(&spool->waiting, next);
    if (!spool->broken) {
        uv_mutex_unlock(&spool->lock);
        st = piece->is_path ? change_file(spool, piece)
                            : write_piece(spool, piece); /* (I2) */
        uv_mutex_lock(&spool->lock);
        spool->broken = st != STATUS_OK;
        if (spool->failed == STATUS_OK)
            spool->failed = st;
    }
    spool->waiting_len -= piece->len;
    free_piece(piece);
}

static void
thread_main(void *arg)
{
    struct spool *spool = arg;

    uv_mutex_lock(&spool->lock);
    while (!spool->closing || !STAILQ_EMPTY(&spool->waiting)) {
        if (STAILQ_EMPTY(&spool->waiting))
            uv_cond_wait(&spool->changed, &spool->lock);
        else
            write_first(spool);
    }
    uv_mutex_unlock(&spool->lock);
}

enum status
spool_open(const char *path, struct spool **out)
{
    struct spool *spool;
    int           fd = open_new(path);

    if (fd < 0)
        return status_of(errno);
    spool = calloc(1, sizeof(*spool));
    if (spool == NULL)
        abort();
    spool->fd = fd;
    spool->failed = STATUS_OK;
    STAILQ_INIT(&spool->waiting);
    if (uv_mutex_init(&spool->lock) != 0 ||
        uv_cond_init(&spool->changed) != 0 ||
        uv_thread_create(&spool->thread, thread_main, spool) != 0)
        abort();
    *out = spool;
    return STATUS_OK;
}

/* NULL: no memory. */
static struct piece *
new_piece(struct span bytes)
{
    struct piece *piece = calloc(1, sizeof(*piece) + bytes.len);

    if (piece == NULL)
        return NULL;
    piece->len = bytes.len;
    if (bytes.len > 0)
        memcpy(piece->bytes, bytes.ptr, bytes.len);
    return piece;
}

NODISCARD static enum status
add_piece(struct spool *spool, struct piece *piece)
{
    enum status st;

    uv_mutex_lock(&spool->lock);
    if (spool->failed == STATUS_OK &&
        spool->waiting_len + piece->len > SPOOL_MAX)
        spool->failed = STATUS_FULL;
    st = spool->failed;
    if (st == STATUS_OK) {
        STAILQ_INSERT_TAIL(&spool->waiting, piece, next);
        spool->waiting_len += piece->len;
        uv_cond_signal(&spool->changed);
    } else {
        free_piece(piece);
    }
    uv_mutex_unlock(&spool->lock);
    return st;
}

enum status
spool_put(struct spool *spool, struct span bytes)
{
    struct piece *piece = new_piece(bytes);

    return piece == NULL ? STATUS_FULL : add_piece(spool, piece);
}

enum status
spool_next(struct spool *spool, const char *path, const char *gone)
{
    struct span   text = {(const uint8_t *)path, strlen(path) + 1};
    struct piece *piece = new_piece(text);

    if (piece == NULL)
        return STATUS_FULL;
    piece->is_path = true;
    if (gone != NULL) {
        piece->gone = strdup(gone);
        if (piece->gone == NULL)
            abort();
    }
    return add_piece(spool, piece);
}

enum status
spool_close(struct spool *spool)
{
    enum status st;

    uv_mutex_lock(&spool->lock);
    spool->closing = true;
    uv_cond_signal(&spool->changed);
    uv_mutex_unlock(&spool->lock);
    uv_thread_join(&spool->thread);
    st = spool->failed;
    if (close(spool->fd) != 0 && st == STATUS_OK)
        st = STATUS_IO;
    uv_mutex_destroy(&spool->lock);
    uv_cond_destroy(&spool->changed);
    assert(STAILQ_EMPTY(&spool->waiting));
    free(spool);
    return st;
}

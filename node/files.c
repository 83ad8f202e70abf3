/*
 * files.c - from one table to the other.
 */
#include "node/files.h"

#include "node/net/space.h"
#include "node/store/arrivals.h"
#include "node/store/rereading.h"
#include "node/store/upload.h"

#include <assert.h>
#include <sys/statvfs.h>

static_assert((int)LOADING_ANSWER == (int)ATTACHMENTS_ANSWER, "an answer");

static const struct attachments *
in(void *arg)
{
    return ((struct files *)arg)->attachments;
}

/* --- what clients bring -------------------------------------------------- */

/* A disk that cannot be asked is one that fails by itself. */
static bool
on_room(void *arg, size_t len)
{
    const struct files *files = arg;
    struct statvfs      disk;
    struct space        space;

    if (statvfs(files->home, &disk) != 0)
        return true;
    space = (struct space){.block_len = disk.f_frsize,
                           .blocks = disk.f_blocks,
                           .blocks_free = disk.f_bavail,
                           .inodes = disk.f_files,
                           .inodes_free = disk.f_favail};
    return space_room(&space) > len;
}

static enum status
on_begin(void *arg, uint64_t number, void **upload)
{
    struct upload *new = NULL;
    enum status    st = upload_new(attachments_disk(in(arg)), number, &new);

    if (st == STATUS_OK)
        *upload = new;
    return st;
}

static enum status
on_put(void *upload, struct span chunks)
{
    return upload_put(upload, chunks);
}

static enum status
on_finish(void *upload, struct digest *digest)
{
    return upload_finish(upload, digest);
}

static void
on_end(void *upload)
{
    upload_free(upload);
}

static enum status
on_remove(void *arg, const struct digest *digest)
{
    return attachments_remove(in(arg), digest);
}

/* --- what clients read --------------------------------------------------- */

static enum status
on_read(void *arg, struct span file, uint64_t index, uint32_t count,
        uint8_t *out, size_t cap, size_t *len, uint64_t *of)
{
    return attachments_read(in(arg), file, index, count, out, cap, len, of);
}

/* --- what the core loads ------------------------------------------------- */

static enum status
on_query(void *arg, const struct query *query, struct span text,
         uint8_t answer[static LOADING_ANSWER], size_t *len)
{
    return attachments_query(in(arg), query, text, answer, len);
}

static enum status
on_reread(void *arg, const struct query *query, struct span text,
          void **reading)
{
    struct rereading *new = NULL;
    enum status       st = attachments_reread(in(arg), query, text, &new);

    if (st == STATUS_OK)
        *reading = new;
    return st;
}

static enum status
on_step(void *reading)
{
    return rereading_step(reading);
}

static enum status
on_reread_end(void *reading, uint8_t answer[static LOADING_ANSWER],
              size_t *len)
{
    struct writer          out = writer_of(answer, LOADING_ANSWER);
    struct merkle_frontier right;
    enum status            st = rereading_end(reading, &right);

    if (st == STATUS_OK || st == STATUS_CORRUPT)
        merkle_encode(&right, &out);
    *len = writer_span(&out).len;
    return st;
}

static void
on_free(void *reading)
{
    rereading_free(reading);
}

static enum status
on_drop(void *arg, const struct effect_file *file)
{
    return arrivals_drop(attachments_disk(in(arg)), file);
}

struct filing_store
files_store(struct files *files)
{
    return (struct filing_store){
        .attaching = {.arg = files,
                      .room = on_room,
                      .begin = on_begin,
                      .put = on_put,
                      .finish = on_finish,
                      .end = on_end,
                      .remove = on_remove},
        .handing = {.arg = files, .read = on_read},
        .loading = {.arg = files,
                    .query = on_query,
                    .begin = on_reread,
                    .step = on_step,
                    .end = on_reread_end,
                    .free = on_free,
                    .drop = on_drop},
    };
}

/*
 * cabinet.c - node/store's own modules over one disk, without the threads that
 * the daemon waits on.
 */
#include "tests/sim/cabinet.h"

#include "node/store/arrivals.h"
#include "node/store/rereading.h"
#include "node/store/upload.h"

#include <assert.h>
#include <string.h>

enum status
cabinet_open(struct cabinet *cabinet, struct disk disk)
{
    cabinet->disk = disk;
    return attachments_on(&cabinet->disk, &cabinet->attachments);
}

void
cabinet_close(struct cabinet *cabinet)
{
    attachments_close(cabinet->attachments);
    cabinet->attachments = NULL;
}

/* --- for the core -------------------------------------------------------- */

enum status
cabinet_commit(struct cabinet *cabinet, const struct effects *effects)
{
    return arrivals_commit(&cabinet->disk, effects);
}

bool
cabinet_answers(const struct query *query)
{
    return query->kind == QUERY_CHUNK || query->kind == QUERY_WHOLE ||
           query->kind == QUERY_STORED;
}

static enum status
read_again(struct cabinet *cabinet, const struct query *query,
           struct span text, size_t *len)
{
    struct writer out = writer_of(cabinet->answer, sizeof(cabinet->answer));
    struct rereading      *reading = NULL;
    struct merkle_frontier right;
    enum status            st;

    st = attachments_reread(cabinet->attachments, query, text, &reading);
    if (st != STATUS_OK)
        return st;
    do
        st = rereading_step(reading);
    while (st == STATUS_AGAIN);
    if (st == STATUS_OK)
        st = rereading_end(reading, &right);
    if (st == STATUS_OK || st == STATUS_CORRUPT)
        merkle_encode(&right, &out);
    *len = writer_span(&out).len;
    rereading_free(reading);
    return st;
}

enum status
cabinet_query(struct cabinet *cabinet, const struct query *query,
              struct span text, struct span *answer)
{
    size_t      len = 0;
    enum status st;

    if (query->kind == QUERY_WHOLE)
        st = read_again(cabinet, query, text, &len);
    else
        st = attachments_query(cabinet->attachments, query, text,
                               cabinet->answer, &len);
    *answer = (struct span){cabinet->answer, len};
    return st;
}

enum status
cabinet_drop(struct cabinet *cabinet, const struct effect_file *file)
{
    return arrivals_drop(&cabinet->disk, file);
}

/* --- for clients --------------------------------------------------------- */

enum status
cabinet_bring(struct cabinet *cabinet, const struct enclosure *enclosure)
{
    struct reader  in = reader_of(enclosure_span(enclosure));
    struct upload *upload = NULL;
    struct digest  digest;
    enum status    st;

    st = upload_new(&cabinet->disk, ++cabinet->uploads, &upload);
    if (st != STATUS_OK)
        return st;
    while (st == STATUS_OK && in.left > 0) {
        size_t len = in.left < LIMIT_CHUNK_SEALED ? in.left
                                                  : LIMIT_CHUNK_SEALED;

        st = upload_put(upload, reader_take(&in, len));
    }
    if (st == STATUS_OK)
        st = upload_finish(upload, &digest);
    assert(st != STATUS_OK || digest_equal(&digest, &enclosure->digest));
    upload_free(upload);
    return st;
}

static bool
shows_chunk(struct cabinet *cabinet, struct span file,
            const struct enclosure *enclosure, uint64_t index)
{
    uint64_t    of = 0, from = enclosure_len(enclosure, index);
    size_t      len = 0;
    struct span chunk = {enclosure->sealed + from,
                         attachment_chunk_len(&enclosure->shape, index)};
    enum status st;

    st = attachments_read(cabinet->attachments, file, index, 1,
                          cabinet->answer, LIMIT_CHUNK_SEALED, &len, &of);
    return st == STATUS_OK && of == enclosure->shape.chunks &&
           span_equal((struct span){cabinet->answer, len}, chunk);
}

bool
cabinet_shows(struct cabinet *cabinet, const struct node_id *peer,
              const struct enclosure *enclosure)
{
    uint8_t       file[ATTACHMENTS_FILE];
    struct writer out = writer_of(file, sizeof(file));
    uint64_t      index = 0;

    writer_put(&out, SPAN_OF(peer->bytes));
    writer_put(&out, digest_span(&enclosure->digest));
    while (index < enclosure->shape.chunks &&
           shows_chunk(cabinet, writer_span(&out), enclosure, index))
        index++;
    return index == enclosure->shape.chunks;
}

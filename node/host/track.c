/*
 * track.c - two queues of bytes a link.
 *
 * Invariant: both queues are streams of frames, u16 length first; `frame` and
 * `left` tell where in them the next byte to compare stands.
 */
#include "node/host/track.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256, LENGTH_LEN = 2 };

struct queue {
    uint8_t *bytes;
    size_t   at; /* compared up to here */
    size_t   len;
    size_t   cap;
    uint64_t frame; /* the one in which `at` stands, from 1 */
    size_t   begun; /* where it begins */
};

enum { NAME_LEN = 192 };

struct link_track {
    struct link_track *next;
    uint32_t           link;
    char               name[NAME_LEN];
    struct queue       out; /* sent, not yet on the wire */
    struct queue       in;  /* on the wire, not yet a frame */
};

struct track {
    struct link_track *bucket[BUCKETS];
};

struct track *
track_new(void)
{
    struct track *track = calloc(1, sizeof(*track));

    if (track == NULL)
        abort();
    return track;
}

void
track_free(struct track *track)
{
    if (track == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        while (track->bucket[i] != NULL) {
            struct link_track *link = track->bucket[i];

            track->bucket[i] = link->next;
            free(link->out.bytes);
            free(link->in.bytes);
            free(link);
        }
    }
    free(track);
}

static struct link_track *
find(struct track *track, uint64_t number)
{
    uint32_t            low = (uint32_t)number;
    struct link_track **bucket = &track->bucket[low % BUCKETS];
    struct link_track  *link;

    for (link = *bucket; link != NULL; link = link->next)
        if (link->link == low)
            return link;
    link = calloc(1, sizeof(*link));
    if (link == NULL)
        abort();
    link->link = low;
    link->out.frame = link->in.frame = 1;
    snprintf(link->name, sizeof(link->name), "link %u", low);
    link->next = *bucket;
    *bucket = link;
    return link;
}

void
track_rename(struct track *track, uint64_t number, struct span name)
{
    struct link_track *link = find(track, number);

    if (name.len > 0)
        snprintf(link->name, sizeof(link->name), "%.*s", (int)name.len,
                 (const char *)name.ptr);
}

const char *
track_name(struct track *track, uint64_t number)
{
    return find(track, number)->name;
}

static void
put(struct queue *queue, struct span bytes)
{
    if (queue->begun > 0 && queue->begun >= queue->len / 2) {
        memmove(queue->bytes, queue->bytes + queue->begun,
                queue->len - queue->begun);
        queue->len -= queue->begun;
        queue->at -= queue->begun;
        queue->begun = 0;
    }
    if (queue->cap - queue->len < bytes.len) {
        queue->cap = 2 * queue->cap + bytes.len;
        queue->bytes = realloc(queue->bytes, queue->cap);
        if (queue->bytes == NULL)
            abort();
    }
    if (bytes.len > 0)
        memcpy(queue->bytes + queue->len, bytes.ptr, bytes.len);
    queue->len += bytes.len;
}

/* Bytes of the frame that begins at `begun`, with its length. */
static size_t
frame_len(const struct queue *queue)
{
    struct reader in = reader_of((struct span){queue->bytes + queue->begun,
                                               queue->len - queue->begun});

    return LENGTH_LEN + reader_u16(&in);
}

/* Passes `len` bytes that were equal. */
static void
pass(struct queue *queue, size_t len)
{
    queue->at += len;
    while (queue->at - queue->begun >= LENGTH_LEN &&
           queue->at - queue->begun >= frame_len(queue)) {
        queue->begun += frame_len(queue);
        queue->frame++;
    }
}

/* How many bytes at the front are the same. */
static size_t
same(const struct queue *queue, struct span bytes)
{
    size_t i = 0;

    while (i < bytes.len && queue->at + i < queue->len &&
           queue->bytes[queue->at + i] == bytes.ptr[i])
        i++;
    return i;
}

NODISCARD static enum status
compare(struct queue *queue, struct span bytes, struct track_place *at)
{
    size_t       len = same(queue, bytes);
    struct queue differs = *queue;
    struct span  expected = SPAN_EMPTY;

    if (len == bytes.len) {
        pass(queue, len);
        return STATUS_OK;
    }
    pass(&differs, len);
    at->frame = differs.frame;
    at->offset = differs.at - differs.begun;
    if (queue->at < queue->len) /* else there may be no memory yet */
        expected = (struct span){queue->bytes + queue->at,
                                 queue->len - queue->at};
    difference_bytes(expected, bytes, len, at->bytes);
    return STATUS_DIFFERENT;
}

static struct span
length_of(struct span frame, uint8_t out[static LENGTH_LEN])
{
    struct writer length = writer_of(out, LENGTH_LEN);

    writer_u16(&length, (uint16_t)frame.len);
    return writer_span(&length);
}

enum status
track_frame_out(struct track *track, uint64_t link, struct span frame)
{
    struct queue *queue = &find(track, link)->out;
    uint8_t       length[LENGTH_LEN];

    if (frame.len > UINT16_MAX)
        return STATUS_TOO_LARGE;
    put(queue, length_of(frame, length));
    put(queue, frame);
    return STATUS_OK;
}

enum status
track_wire_in(struct track *track, uint64_t link, struct span bytes)
{
    put(&find(track, link)->in, bytes);
    return STATUS_OK;
}

enum status
track_wire_out(struct track *track, uint64_t link, struct span bytes,
               struct track_place *at)
{
    return compare(&find(track, link)->out, bytes, at);
}

enum status
track_frame_in(struct track *track, uint64_t link, struct span frame,
               struct track_place *at)
{
    struct queue *queue = &find(track, link)->in;
    struct queue  before = *queue;
    uint8_t       length[LENGTH_LEN];
    enum status   st = compare(queue, length_of(frame, length), at);

    if (st != STATUS_OK)
        return st;
    st = compare(queue, frame, at);
    if (st != STATUS_OK)
        *queue = before;
    return st;
}

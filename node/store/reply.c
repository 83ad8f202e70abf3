/*
 * reply.c - a buffer for one answer.
 */
#include "node/store/reply.h"

#include "crypto/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LEN = 1 << 16 };

void
reply_begin(struct reply *reply)
{
    if (reply->len > 0)
        secret_wipe_bytes(reply->ptr, reply->len);
    reply->len = 0;
}

void
reply_free(struct reply *reply)
{
    reply_begin(reply);
    free(reply->ptr);
    *reply = (struct reply){0};
}

enum status
reply_room(struct reply *reply, size_t room, struct writer *out)
{
    size_t   cap = reply->cap > 0 ? reply->cap : FIRST_LEN;
    uint8_t *bytes;

    while (cap - reply->len < room)
        cap *= 2;
    if (cap > reply->cap) {
        bytes = malloc(cap);
        if (bytes == NULL)
            return STATUS_FULL;
        if (reply->len > 0)
            memcpy(bytes, reply->ptr, reply->len);
        if (reply->len > 0)
            secret_wipe_bytes(reply->ptr, reply->len);
        free(reply->ptr);
        reply->ptr = bytes;
        reply->cap = cap;
    }
    *out = writer_of(reply->ptr + reply->len, room);
    return STATUS_OK;
}

void
reply_take(struct reply *reply, const struct writer *written)
{
    assert(!written->failed && written->ptr == reply->ptr + reply->len);
    reply->len += written->len;
}

enum status
reply_record(struct reply *reply, struct span public_part,
              struct span secret_part)
{
    struct writer out;
    enum status   st;

    st = reply_room(reply, 8 + public_part.len + secret_part.len, &out);
    if (st != STATUS_OK)
        return st;
    record_list_put(&out, public_part, secret_part);
    reply_take(reply, &out);
    return STATUS_OK;
}

/*
 * answer.c - a buffer for one answer.
 */
#include "node/store/answer.h"

#include "crypto/secret.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_LEN = 1 << 16 };

void
answer_begin(struct answer *answer)
{
    if (answer->len > 0)
        secret_wipe_bytes(answer->ptr, answer->len);
    answer->len = 0;
}

void
answer_free(struct answer *answer)
{
    answer_begin(answer);
    free(answer->ptr);
    *answer = (struct answer){0};
}

enum status
answer_room(struct answer *answer, size_t room, struct writer *out)
{
    size_t   cap = answer->cap > 0 ? answer->cap : FIRST_LEN;
    uint8_t *bytes;

    while (cap - answer->len < room)
        cap *= 2;
    if (cap > answer->cap) {
        bytes = malloc(cap);
        if (bytes == NULL)
            return STATUS_FULL;
        if (answer->len > 0)
            memcpy(bytes, answer->ptr, answer->len);
        if (answer->len > 0)
            secret_wipe_bytes(answer->ptr, answer->len);
        free(answer->ptr);
        answer->ptr = bytes;
        answer->cap = cap;
    }
    *out = writer_of(answer->ptr + answer->len, room);
    return STATUS_OK;
}

void
answer_take(struct answer *answer, const struct writer *written)
{
    assert(!written->failed && written->ptr == answer->ptr + answer->len);
    answer->len += written->len;
}

enum status
answer_record(struct answer *answer, struct span public_part,
              struct span secret_part)
{
    struct writer out;
    enum status   st;

    st = answer_room(answer, 8 + public_part.len + secret_part.len, &out);
    if (st != STATUS_OK)
        return st;
    record_list_put(&out, public_part, secret_part);
    answer_take(answer, &out);
    return STATUS_OK;
}

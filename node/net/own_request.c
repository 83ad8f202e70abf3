/*
 * own_request.c - a look at the fields of a request, and strict reading of two.
 */
#include "node/net/own_request.h"

#include "proto/limits.h"
#include "proto/protobuf.h"

#include <stdio.h>
#include <string.h>

bool
own_request_is(struct span frame)
{
    struct reader in = reader_of(frame);

    while (in.left > 0 && !in.failed) {
        uint64_t key = protobuf_varint(&in);

        if (key >> 3 == ENTENTE__REQUEST__KIND_CAPTURE ||
            key >> 3 == ENTENTE__REQUEST__KIND_SHUTDOWN ||
            key >> 3 == ENTENTE__REQUEST__KIND_ATTACH ||
            key >> 3 == ENTENTE__REQUEST__KIND_CHUNK)
            return true;
        protobuf_skip(&in, key & 7);
    }
    return false;
}

enum status
own_request_read(struct span frame, struct own_request *out)
{
    struct strict_arena arena =
        strict_arena_of(out->memory, sizeof(out->memory));
    ProtobufCMessage *message = NULL;
    enum status       st;

    out->request = NULL;
    out->id = protobuf_peek(frame, 1);
    out->fault = (struct strict_fault){0};
    if (frame.len > LIMIT_OWN_REQUEST) {
        snprintf(out->fault.words, sizeof(out->fault.words),
                 "a request of this kind has at most %d bytes",
                 LIMIT_OWN_REQUEST);
        return STATUS_TOO_LARGE;
    }
    st = strict_unpack(&entente__request__descriptor, frame, &arena,
                       STRICT_REFUSE, &message, &out->fault);
    out->request = (const Entente__Request *)message;
    if (st != STATUS_OK && out->fault.words[0] == '\0')
        snprintf(out->fault.words, sizeof(out->fault.words), "%s",
                 status_words(st));
    return st;
}

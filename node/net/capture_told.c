/*
 * capture_told.c - one kind of answer is unpacked, filled and packed again.
 */
#include "node/net/capture_told.h"

#include "proto/protobuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void *
must(void *memory)
{
    if (memory == NULL)
        abort();
    return memory;
}

static bool
is_status(struct span response)
{
    struct reader in = reader_of(response);

    while (in.left > 0 && !in.failed) {
        uint64_t tag = protobuf_varint(&in);

        if (tag >> 3 == ENTENTE__RESPONSE__KIND_STATUS)
            return true;
        protobuf_skip(&in, tag & 7);
    }
    return false;
}

/* As protobuf-c would have put it there: it frees what it finds. */
static void
add_alarm(Entente__StatusResponse *status, const char *words)
{
    status->alarms = must(realloc(
        status->alarms, (status->n_alarms + 1) * sizeof(*status->alarms)));
    status->alarms[status->n_alarms++] = must(strdup(words));
}

static void
fill(Entente__StatusResponse *status, const struct capture_told *told)
{
    if (told->alarm != NULL)
        add_alarm(status, told->alarm);
    status->strangers_refused = told->strangers_refused;
    if (told->file == NULL)
        return;
    status->capture = must(strdup(told->file)); /* it was the empty default */
    status->capture_bytes = told->bytes;
    status->capture_packets = told->packets;
    status->capture_since_ms = told->since_ms;
    status->capture_frames = told->frames;
    status->capture_replay = told->replay;
}

struct span
capture_told(const struct capture_told *told, struct span response,
             uint8_t **memory)
{
    Entente__Response *parsed;
    size_t             len;

    if ((told->file == NULL && told->alarm == NULL &&
         told->strangers_refused == 0) ||
        !is_status(response))
        return response;
    parsed = entente__response__unpack(NULL, response.len, response.ptr);
    assert(parsed != NULL); /* the core packed it */
    assert(parsed->status->capture[0] == '\0');
    fill(parsed->status, told);
    len = entente__response__get_packed_size(parsed);
    free(*memory);
    *memory = must(malloc(len));
    entente__response__pack(parsed, *memory);
    entente__response__free_unpacked(parsed, NULL);
    return (struct span){*memory, len};
}

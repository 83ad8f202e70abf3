/*
 * gather.c - a piece is judged by its place before it is kept, a chunk by its
 * proof before it is written.
 *
 * Invariant: have < the chunk's length; bytes[0, have) are its pieces.
 */
#include "node/core/attachment/gather.h"

#include "node/core/grow.h"
#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

void
gather_clear(struct gather *gather)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++)
        free(gather->under_way[i].bytes);
    *gather = (struct gather){0};
}

/* --- what comes ----------------------------------------------------------- */

static enum status
begin(struct gather_chunk *chunk, const struct wanted_file *file,
      const Entente__Chunks *said)
{
    if (said->index != wanted_here(file) ||
        said->proof.len > LIMIT_CHUNK_PROOF)
        return STATUS_BAD_STATE;
    if (chunk->bytes == NULL)
        chunk->bytes = grow_new(LIMIT_CHUNK_SEALED, 1);
    chunk->digest = file->digest;
    chunk->index = said->index;
    chunk->have = 0;
    chunk->proof_len = said->proof.len;
    if (said->proof.len > 0)
        memcpy(chunk->proof, said->proof.data, said->proof.len);
    return STATUS_OK;
}

/* AGAIN: more is needed.  BAD_STATE: it is not the next piece. */
static enum status
put(struct gather_chunk *chunk, const struct wanted_file *file,
    const Entente__Chunks *said, size_t len)
{
    enum status st = STATUS_OK;

    if (said->bytes.len == 0)
        return STATUS_BAD_STATE;
    if (said->offset == 0)
        st = begin(chunk, file, said);
    else if (!digest_equal(&chunk->digest, &file->digest) ||
             chunk->index != said->index || chunk->have != said->offset ||
             chunk->have == 0 || said->proof.len > 0)
        st = STATUS_BAD_STATE;
    if (st == STATUS_OK && said->bytes.len > len - chunk->have)
        st = STATUS_BAD_STATE;
    if (st != STATUS_OK)
        return st;
    memcpy(chunk->bytes + chunk->have, said->bytes.data, said->bytes.len);
    chunk->have += (uint32_t)said->bytes.len;
    return chunk->have < len ? STATUS_AGAIN : STATUS_OK;
}

/* What was on its way when the peer was asked to begin anew. */
static bool
is_late(struct wanted_file *file, const Entente__Chunks *said)
{
    if (said->index < wanted_here(file))
        return true; /* it is here */
    if (file->ignoring && said->index == wanted_here(file) &&
        said->offset == 0)
        file->ignoring = false;
    return file->ignoring;
}

static enum status
take_piece(struct peer *peer, struct context *turn, struct wanted_file *file,
           const Entente__Chunks *said)
{
    struct gather_chunk *chunk = &peer->gather.under_way[file->precedence];
    struct digest        leaf;
    struct span          sealed;
    size_t               len;
    enum status          st;

    if (said->index >= file->shape.chunks)
        return STATUS_BAD_STATE;
    len = attachment_chunk_len(&file->shape, said->index);
    st = put(chunk, file, said, len);
    if (st == STATUS_AGAIN)
        return STATUS_OK;
    if (st != STATUS_OK)
        return st;
    chunk->have = 0;
    sealed = (struct span){chunk->bytes, len};
    st = attachment_check(&file->shape, &file->digest, said->index, sealed,
                          (struct span){chunk->proof, chunk->proof_len},
                          &leaf);
    if (st == STATUS_OK)
        wanted_chunk(peer, turn, file, &leaf, sealed);
    else
        wanted_wrong(peer, turn, file);
    return STATUS_OK;
}

enum status
gather_chunks(struct session *session, struct context *turn,
              const Entente__Frame *frame, struct span raw)
{
    const Entente__Chunks *said = frame->chunks;
    struct peer           *peer = session->peer;
    struct wanted_file    *file;
    struct digest          digest;

    (void)raw;
    if (said->digest.len != LIMIT_DIGEST)
        return STATUS_BAD_FIELD;
    memcpy(digest.bytes, said->digest.data, LIMIT_DIGEST);
    session->worked = true;
    if (said->gone) {
        wanted_gone(peer, turn, &digest);
        return STATUS_OK;
    }
    file = wanted_find(peer, &digest);
    if (file == NULL || file->whole || file->token != 0)
        return STATUS_OK; /* given up, or here, while this was on its way */
    if (!file->asked)
        return STATUS_BAD_STATE; /* nobody asked for it */
    return is_late(file, said) ? STATUS_OK
                               : take_piece(peer, turn, file, said);
}

/* --- what is asked -------------------------------------------------------- */

static void
send_partial(struct session *session, struct context *turn,
             struct wanted_file *file)
{
    Entente__Frame   frame = ENTENTE__FRAME__INIT;
    Entente__Partial partial = ENTENTE__PARTIAL__INIT;

    partial.digest = (ProtobufCBinaryData){LIMIT_DIGEST, file->digest.bytes};
    partial.chunks = wanted_here(file);
    partial.again = file->again;
    frame.kind_case = ENTENTE__FRAME__KIND_PARTIAL;
    frame.partial = &partial;
    session_send(session, turn, &frame);
    file->asked = true;
    file->due = file->again = false;
}

void
gather_ask(struct session *session, struct context *turn)
{
    struct wanted *wanted = &session->peer->wanted;

    /* Where the disk is short, what is not asked for does not come. */
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->list[i].due && session_room(session) > 0 &&
            (unsigned)wanted->list[i].precedence >= turn->node->disk_floor)
            send_partial(session, turn, &wanted->list[i]);
}

/*
 * conveyed.c - what is owed to a peer or wanted of it is partial; of all else
 * the journal tells how it ended.
 */
#include "node/core/attachment/conveyed.h"

#include "node/core/message/message.h"
#include "node/core/peer.h"
#include "node/core/roster.h"

#include <string.h>

/* As the journal has it, by what the store told behind the trail. */
static unsigned
journaled(struct span trail, const struct digest *digest)
{
    struct reader in = reader_of(trail);
    struct record record;

    while (record_list_next(&in, &record) == STATUS_OK)
        if (record.kind == RECORD_ATTACHMENT &&
            memcmp(record.root, digest->bytes, LIMIT_DIGEST) == 0)
            return record.state;
    return 0;
}

/* What is under way is known best here; *chunks of it. */
static bool
is_under_way(struct peer *peer, bool outgoing, const struct digest *digest,
             uint64_t *chunks)
{
    const struct owed_file   *owed = NULL;
    const struct wanted_file *wanted = NULL;

    if (outgoing)
        owed = owed_find(peer, digest);
    else
        wanted = wanted_find(peer, digest);
    if (owed != NULL)
        *chunks = owed->confirmed;
    else if (wanted != NULL)
        *chunks = wanted_here(wanted);
    return owed != NULL || (wanted != NULL && !wanted->whole);
}

/* Names the file in a ChunkRequest. */
static ProtobufCBinaryData
file_name(struct context *turn, const struct peer *peer, bool outgoing,
          const struct digest *digest)
{
    uint8_t *name = effects_alloc(turn->out, LIMIT_NODE_ID + LIMIT_DIGEST);

    memset(name, 0, LIMIT_NODE_ID);
    if (!outgoing)
        memcpy(name, peer->id.bytes, LIMIT_NODE_ID);
    memcpy(name + LIMIT_NODE_ID, digest->bytes, LIMIT_DIGEST);
    return (ProtobufCBinaryData){LIMIT_NODE_ID + LIMIT_DIGEST, name};
}

static Entente__AttachmentState *
state_of(struct context *turn, struct peer *peer, bool outgoing,
         struct span trail, const Entente__Attachment *attachment)
{
    Entente__AttachmentState *out =
        (Entente__AttachmentState *)(void *)effects_alloc(turn->out,
                                                          sizeof(*out));
    struct attachment_shape shape = {0};
    struct digest           digest;
    unsigned                state;

    memcpy(digest.bytes, attachment->digest.data, LIMIT_DIGEST);
    entente__attachment_state__init(out);
    if (attachment_shape_of(attachment->stored, &shape) != STATUS_OK)
        shape.chunks = 0;
    state = journaled(trail, &digest);
    if (is_under_way(peer, outgoing, &digest, &out->chunks))
        state = ATTACHMENT_PARTIAL;
    else if (state == ATTACHMENT_COMPLETE)
        out->chunks = shape.chunks;
    out->of = shape.chunks;
    out->state = (char *)(uintptr_t)(
        state == 0 ? CONVEYED_UNKNOWN : record_attachment_word(state));
    out->digest = attachment->digest;
    out->file = file_name(turn, peer, outgoing, &digest);
    return out;
}

void
conveyed_fill(struct context *turn, struct peer *peer, struct span plain,
              struct span trail, Entente__ShowResponse *out)
{
    struct message_faults faults; /* it was judged when it was taken */
    Entente__Message     *message = NULL;
    enum status st = message_parse(plain, MESSAGE_SENT, &turn->arena, &message,
                                   &faults);

    if ((st != STATUS_OK && message == NULL) || message->n_attachments == 0 ||
        message->n_attachments > LIMIT_ATTACHMENTS)
        return;
    for (size_t i = 0; i < message->n_attachments; i++)
        if (message->attachments[i]->digest.len != LIMIT_DIGEST)
            return;
    out->attachments = (Entente__AttachmentState **)(void *)effects_alloc(
        turn->out, LIMIT_ATTACHMENTS * sizeof(*out->attachments));
    for (; out->n_attachments < message->n_attachments; out->n_attachments++)
        out->attachments[out->n_attachments] =
            state_of(turn, peer, out->outgoing, trail,
                     message->attachments[out->n_attachments]);
}

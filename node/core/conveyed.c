/*
 * conveyed.c - what is owed to a peer or wanted of it is partial; all else is
 * settled, one way or the other.
 */
#include "node/core/conveyed.h"

#include "node/core/message.h"
#include "node/core/peer.h"
#include "node/core/roster.h"

#include <string.h>

static Entente__AttachmentState *
state_of(struct context *turn, struct peer *peer, bool outgoing,
         const Entente__Attachment *attachment)
{
    Entente__AttachmentState *state =
        (Entente__AttachmentState *)(void *)effects_alloc(turn->out,
                                                          sizeof(*state));
    const struct owed_file   *owed;
    const struct wanted_file *wanted;
    struct attachment_shape   shape = {0};
    struct digest             digest;
    bool                      partial = false;
    uint8_t                  *file = effects_alloc(turn->out, LIMIT_NODE_ID +
                                                                  LIMIT_DIGEST);

    memset(file, 0, LIMIT_NODE_ID + LIMIT_DIGEST);
    memcpy(digest.bytes, attachment->digest.data, LIMIT_DIGEST);
    entente__attachment_state__init(state);
    if (attachment_shape_of(attachment->stored, &shape) != STATUS_OK)
        shape.chunks = 0;
    owed = outgoing ? owed_find(peer, &digest) : NULL;
    wanted = outgoing ? NULL : wanted_find(peer, &digest);
    if (owed != NULL) {
        partial = true;
        state->chunks = owed->confirmed;
    } else if (wanted != NULL && !wanted->whole) {
        partial = true;
        state->chunks = wanted_here(wanted);
    } else {
        state->chunks = shape.chunks;
    }
    if (!outgoing)
        memcpy(file, peer->id.bytes, LIMIT_NODE_ID);
    memcpy(file + LIMIT_NODE_ID, digest.bytes, LIMIT_DIGEST);
    state->of = shape.chunks;
    state->state = (char *)(uintptr_t)(partial ? "partial" : CONVEYED_SETTLED);
    state->digest = attachment->digest;
    state->file = (ProtobufCBinaryData){LIMIT_NODE_ID + LIMIT_DIGEST, file};
    return state;
}

void
conveyed_fill(struct context *turn, struct peer *peer, struct span plain,
              Entente__ShowResponse *out)
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
            state_of(turn, peer, out->outgoing,
                     message->attachments[out->n_attachments]);
}

/*
 * retry.c - one time a peer, at which all that rests is read again.
 *
 * Invariant: a file rests only while feeding.retry_ms is not 0.
 */
#include "node/core/attachment/retry.h"

#include "node/core/roster.h"

static void
wake_all(struct peer *peer)
{
    for (size_t i = 0; i < peer->owed.count; i++)
        peer->owed.list[i].rests = false;
    peer->feeding.retry_ms = 0;
}

bool
retry_failed(struct peer *peer, struct owed_file *file, struct context *turn,
             enum status st)
{
    bool wants_room = st == STATUS_NO_SPACE || st == STATUS_FULL;

    if (st != STATUS_IO && !wants_room)
        return true;
    if (file->rests)
        return false; /* several reads are under way at once: one try */
    file->tries++;
    if (file->tries >= RETRY_TRIES && !wants_room)
        return true;
    if (file->tries == RETRY_TRIES)
        peer_alarm(peer, turn, st, digest_span(&file->digest),
                   "an attachment of ours cannot be read for want of room; "
                   "it is tried on");
    file->rests = true;
    if (peer->feeding.retry_ms == 0)
        peer->feeding.retry_ms = turn->input->mono_ms + RETRY_MS;
    return false;
}

void
retry_passed(struct owed_file *file)
{
    file->tries = 0;
}

void
retry_tick(struct peer *peer, const struct context *turn)
{
    if (turn->input->mono_ms >= retry_wake_ms(peer))
        wake_all(peer);
}

uint64_t
retry_wake_ms(const struct peer *peer)
{
    return peer->feeding.retry_ms > 0 ? peer->feeding.retry_ms : UINT64_MAX;
}

void
retry_unlink(struct peer *peer)
{
    wake_all(peer);
}

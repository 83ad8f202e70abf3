/*
 * chain.c - which of our two values the other side names decides what becomes
 * of them (PROTOCOL 6.6).
 */
#include "node/core/link/chain.h"

#include "node/core/log/lane.h"
#include "node/core/roster.h"

#include <string.h>

static bool
names(const Entente__Hello *hello, const uint8_t *value)
{
    return memcmp(hello->confirmed.data, value, LIMIT_DIGEST) == 0 ||
           memcmp(hello->pending.data, value, LIMIT_DIGEST) == 0;
}

static bool
matches(const struct peer *peer, const Entente__Hello *hello)
{
    return names(hello, peer->pending) || names(hello, peer->confirmed);
}

void
chain_journal(struct session *session, struct context *turn,
              const Entente__Hello *hello)
{
    struct peer  *peer = session->peer;
    bool          matched = matches(peer, hello);
    struct record chain = {.kind = RECORD_CHAIN, .peer = peer->id};
    struct record stamp = {.kind = RECORD_STAMP, .peer = peer->id};

    if (peer->link != NULL)
        session_close(peer->link, turn, STATUS_OK);
    if (names(hello, peer->pending))
        memcpy(peer->confirmed, peer->pending, LIMIT_DIGEST);
    memcpy(peer->pending, session->hash.bytes, LIMIT_DIGEST);
    memcpy(chain.key, peer->confirmed, LIMIT_DIGEST);
    memcpy(chain.root, peer->pending, LIMIT_DIGEST);
    context_save(turn, &chain, NULL);
    if (session->stamp > peer->stamp_seen)
        peer->stamp_seen = session->stamp;
    if (hello->stamp_seen > peer->stamp_used)
        peer->stamp_used = hello->stamp_seen;
    stamp.number = peer->stamp_used;
    stamp.count = peer->stamp_seen;
    context_save(turn, &stamp, NULL);
    peer->link = session;
    peer->dialling = peer->dialling == session->link ? 0 : peer->dialling;
    peer->backoff_ms = 0;
    peer->dial_at_ms = turn->input->mono_ms + LIMIT_BACKOFF_MIN_MS;
    context_log(turn, "link: %s is up (%s)", peer->name,
                session->dialled ? "we dialled" : "they dialled");
    session->mismatched = !matched;
    if (matched)
        return;
    peer_alarm(peer, turn, STATUS_FORK,
               (struct span){hello->confirmed.data, LIMIT_DIGEST},
               "session chain: one of us lost state, or there are two of one");
    lane_renew(peer, turn, ENTENTE__ENTRY_OPEN__REASON__CHAIN_MISMATCH);
}

enum status
chain_check(const struct session *session, const struct context *turn,
            const Entente__Hello *hello)
{
    if (hello->confirmed.len != LIMIT_DIGEST ||
        hello->pending.len != LIMIT_DIGEST)
        return STATUS_BAD_FIELD;
    if (matches(session->peer, hello) || peer_may_renew(session->peer, turn))
        return STATUS_OK;
    return STATUS_HELD;
}

/* dialling.c - the one place that asks for a DIAL. */
#include "node/core/link/dialling.h"

#include "node/core/roster.h"

static bool
may_dial(const struct peer *peer)
{
    return !peer_removed(peer) && (peer->flags & PEER_NO_DIAL) == 0 &&
           peer->address[0] != '\0' && peer->dialling == 0;
}

/* Whether the current link, dialled by us, is due for a new handshake. */
static bool
renewal_due(const struct peer *peer, uint64_t now)
{
    const struct session *link = peer->link;

    return link->dialled && link->state == SESSION_OPEN && link->worked &&
           (now >= link->opened_ms + LIMIT_LINK_AGE_MS ||
            link->messages >= LIMIT_LINK_MESSAGES);
}

static void
dial(struct context *turn, struct peer *peer)
{
    struct node   *node = turn->node;
    uint64_t       now = turn->input->mono_ms;
    uint8_t        random[2];
    struct effect *effect;

    node->next_dial += 2;
    peer->dialling = node->next_dial;
    peer->backoff_ms = peer->backoff_ms == 0 ? LIMIT_BACKOFF_MIN_MS
                                             : 2 * peer->backoff_ms;
    if (peer->backoff_ms > LIMIT_BACKOFF_MAX_MS)
        peer->backoff_ms = LIMIT_BACKOFF_MAX_MS;
    context_random(turn, random, sizeof(random));
    peer->dial_at_ms = now + peer->backoff_ms * 3 / 4 +
                       peer->backoff_ms * random[0] / 1024;
    roster_session_add(node, session_new(turn, peer->dialling, peer, 0));
    effect = effects_add(turn->out, EFFECT_DIAL);
    effect->link = peer->dialling;
    effect->bytes = effects_copy(turn->out, span_text(peer->address));
}

/* Dials what is due; returns when to look again. */
uint64_t
dialling_tick(struct peer *peer, struct context *turn)
{
    uint64_t now = turn->input->mono_ms;

    if (!may_dial(peer))
        return UINT64_MAX;
    if (peer->link != NULL) {
        if (renewal_due(peer, now) && now >= peer->dial_at_ms)
            dial(turn, peer);
        return peer->link->opened_ms + LIMIT_LINK_AGE_MS > now
                   ? peer->link->opened_ms + LIMIT_LINK_AGE_MS
                   : UINT64_MAX;
    }
    if (now < peer->dial_at_ms)
        return peer->dial_at_ms;
    dial(turn, peer);
    return UINT64_MAX;
}

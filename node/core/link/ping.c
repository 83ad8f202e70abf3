/*
 * ping.c - who waits for which echo.
 *
 * Invariants:
 *  (I1) all who wait on one link for an echo that is under way wait for the
 *       same, the last one sent on it;
 *  (I2) who waits does so on a link that is open: a link's end answers.
 */
#include "node/core/link/ping.h"

#include "node/core/grow.h"
#include "node/core/roster.h"

static void
tell(struct context *turn, const struct ping_wait *wait,
     const struct peer *peer, bool answered)
{
    Entente__Response     response = ENTENTE__RESPONSE__INIT;
    Entente__PingResponse ping = ENTENTE__PING_RESPONSE__INIT;

    ping.answered = answered;
    ping.link = (char *)(uintptr_t)desk_link_word(peer);
    ping.last_heard_ms = peer->heard_ms;
    response.kind_case = ENTENTE__RESPONSE__KIND_PING;
    response.ping = &ping;
    desk_answer(turn, wait->client, wait->request, true, &response);
}

static void
drop(struct node *node, size_t i)
{
    node->pings[i] = node->pings[--node->ping_count];
}

/* (I1): for all on this link that wait for the next. */
static void
send_echo(struct context *turn, struct session *session)
{
    struct node       *node = turn->node;
    Entente__Frame     frame = ENTENTE__FRAME__INIT;
    Entente__Keepalive keepalive = ENTENTE__KEEPALIVE__INIT;
    bool               any = false;

    for (size_t i = 0; i < node->ping_count; i++) {
        struct ping_wait *wait = &node->pings[i];

        if (wait->link != session->link)
            continue;
        if (!any)
            node->last_echo++;
        any = true;
        wait->echo = node->last_echo;
    }
    if (!any)
        return;
    keepalive.echo = node->last_echo;
    frame.kind_case = ENTENTE__FRAME__KIND_KEEPALIVE;
    frame.keepalive = &keepalive;
    session_send(session, turn, &frame);
}

static bool
is_under_way(const struct node *node, uint64_t link)
{
    for (size_t i = 0; i < node->ping_count; i++)
        if (node->pings[i].link == link && node->pings[i].echo != 0)
            return true;
    return false;
}

void
ping_request(struct context *turn, uint64_t client,
             const Entente__Request *request)
{
    struct node       *node = turn->node;
    const struct peer *peer =
        roster_peer_by_name(node, span_text(request->ping->name));
    struct ping_wait wait = {.client = client, .request = request->id};
    bool             first;

    if (peer == NULL) {
        desk_fail_peer(turn, client, request->id, "name",
                       span_text(request->ping->name));
        return;
    }
    if (peer->link == NULL || peer->link->state != SESSION_OPEN) {
        tell(turn, &wait, peer, false); /* (I2) */
        return;
    }
    if (node->ping_count == PING_WAITS) {
        desk_fail(turn, client, request->id, STATUS_FULL, "ping",
                  "many clients wait for an echo already");
        return;
    }
    wait.link = peer->link->link;
    first = !is_under_way(node, wait.link);
    node->pings = grow_list(node->pings, &node->ping_cap, node->ping_count + 1,
                            sizeof(*node->pings));
    node->pings[node->ping_count++] = wait;
    if (first)
        send_echo(turn, peer->link);
}

static void
on_answer(struct context *turn, struct session *session, uint64_t answer)
{
    struct node *node = turn->node;
    bool         any = false;

    for (size_t i = node->ping_count; i-- > 0;) {
        if (answer == 0 || node->pings[i].link != session->link ||
            node->pings[i].echo != answer)
            continue;
        tell(turn, &node->pings[i], session->peer, true);
        drop(node, i);
        any = true;
    }
    if (any)
        send_echo(turn, session);
}

enum status
ping_keepalive(struct session *session, struct context *turn,
               const Entente__Frame *frame, struct span raw)
{
    (void)raw;
    if (frame->keepalive->echo != 0)
        session->answer = frame->keepalive->echo;
    on_answer(turn, session, frame->keepalive->answer);
    return STATUS_OK;
}

void
ping_ended(struct context *turn, const struct session *session)
{
    struct node *node = turn->node;

    for (size_t i = node->ping_count; i-- > 0;) {
        if (node->pings[i].link != session->link)
            continue;
        tell(turn, &node->pings[i], session->peer, false);
        drop(node, i);
    }
}

void
ping_forget(struct node *node, uint64_t client)
{
    for (size_t i = 0; i < node->ping_count; i++)
        if (node->pings[i].client == client)
            node->pings[i].client = 0; /* others may wait behind its echo */
}

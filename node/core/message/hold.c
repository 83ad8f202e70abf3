/*
 * hold.c - two floors, the higher one counts.
 *
 * Invariant: what a peer said by Stop is state of the link alone: it ends with
 * the link and is in no record.
 */
#include "node/core/message/hold.h"

#include "node/core/message/quota.h"
#include "node/core/roster.h"

#include <stdio.h>

enum {
    WORDS = 320,
    STOP_LOG_MS = 60000 /* who goes on and off writes a line in this time */
};

/* --- floors --------------------------------------------------------------- */

void
hold_disk(struct node *node, const struct event *event)
{
    uint32_t floor = event->floor;

    if (floor == 0 && event->room == 0)
        floor = PRECEDENCE_COUNT;
    node->disk_floor = floor < PRECEDENCE_COUNT ? (uint8_t)floor
                                                : PRECEDENCE_COUNT;
}

static unsigned
stop_of(const struct peer *peer)
{
    return peer->link == NULL ? 0 : peer->link->stop_heard;
}

unsigned
hold_floor(const struct node *node, const struct peer *peer)
{
    unsigned stop = stop_of(peer);

    return node->disk_floor > stop ? node->disk_floor : stop;
}

const char *
hold_why(const struct node *node, const struct peer *peer, unsigned precedence)
{
    if (precedence < node->disk_floor)
        return "this node's disk is nearly full";
    if (precedence < stop_of(peer))
        return "the peer is short of room and takes it later";
    return NULL;
}

enum status
hold_check(const struct node *node, const struct peer *peer,
           unsigned precedence)
{
    unsigned quota = quota_floor(peer->outbox.count, peer->outbox.bytes);

    if (precedence < node->disk_floor)
        return STATUS_HELD;
    if (quota == PRECEDENCE_COUNT)
        return STATUS_FULL;
    return precedence < quota ? STATUS_HELD : STATUS_OK;
}

/* --- words ---------------------------------------------------------------- */

static const char *
still_taken(unsigned floor)
{
    switch (floor) {
    case PRECEDENCE_COUNT: return "nothing is";
    case PRECEDENCE_OVERRIDE: return "OVERRIDE is";
    case PRECEDENCE_FLASH: return "FLASH and OVERRIDE are";
    case PRECEDENCE_IMMEDIATE: return "IMMEDIATE and above are";
    case PRECEDENCE_PRIORITY: return "PRIORITY and above are";
    default: return "all but the lowest are";
    }
}

void
hold_words(struct context *turn, const struct peer *peer, unsigned precedence,
           const char **words, const char **hint)
{
    const struct outbox *box = &peer->outbox;
    unsigned disk = turn->node->disk_floor;
    char    *at = (char *)effects_alloc(turn->out, WORDS);

    *words = at;
    if (precedence < disk) {
        snprintf(at, WORDS,
                 "%s: %s is held back for now: the disk of this node is "
                 "nearly full; %s still taken",
                 peer->name, precedence_name(precedence), still_taken(disk));
        *hint = "nothing was queued; make room on the disk, then send it "
                "again";
        return;
    }
    snprintf(at, WORDS,
             "%s: %s is held back for now: %u %% of what may wait for this "
             "peer waits (%s); %s still taken",
             peer->name, precedence_name(precedence),
             quota_percent(box->count, box->bytes),
             quota_limit(box->count, box->bytes),
             still_taken(quota_floor(box->count, box->bytes)));
    *hint = "nothing was queued; see to the link (`entente status`), then "
            "send it again when less waits";
}

const char *
hold_alarm(struct context *turn)
{
    unsigned floor = turn->node->disk_floor;
    char    *at;

    if (floor == 0)
        return NULL;
    at = (char *)effects_alloc(turn->out, WORDS);
    snprintf(at, WORDS,
             "the disk is nearly full: of new messages %s taken until there "
             "is room",
             still_taken(floor));
    return at;
}

void
hold_fill(const struct node *node, const struct peer *peer,
          Entente__PeerStatus *out)
{
    const struct outbox *box = &peer->outbox;
    unsigned             floor = hold_floor(node, peer);
    const char          *why = hold_why(node, peer, 0);

    out->quota_percent = quota_percent(box->count, box->bytes);
    if (out->quota_percent >= QUOTA_WARN_PERCENT)
        out->quota_limit =
            (char *)(uintptr_t)quota_limit(box->count, box->bytes);
    if (floor == 0)
        return;
    out->held_below = (char *)(uintptr_t)(
        floor < PRECEDENCE_COUNT ? precedence_name(floor) : HOLD_ALL);
    out->held_why = (char *)(uintptr_t)why;
}

/* --- Stop ----------------------------------------------------------------- */

static void
log_stop(struct session *session, struct context *turn)
{
    uint64_t now = turn->input->mono_ms;

    if (now < session->stop_log_due_ms)
        return;
    session->stop_log_due_ms = now + STOP_LOG_MS;
    if (session->stop_heard == 0)
        context_log(turn, "link: %s takes all again", session->peer->name);
    else
        context_log(turn, "link: %s is short of room: %s taken",
                    session->peer->name, still_taken(session->stop_heard));
}

enum status
hold_stopped(struct session *session, struct context *turn,
             const Entente__Frame *frame, struct span raw)
{
    uint32_t floor = frame->stop->precedence;

    (void)raw;
    if (floor > PRECEDENCE_COUNT)
        return STATUS_BAD_FIELD;
    if (floor == session->stop_heard)
        return STATUS_OK;
    session->stop_heard = (uint8_t)floor;
    log_stop(session, turn);
    return STATUS_OK;
}

void
hold_say(struct session *session, struct context *turn)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Stop  stop = ENTENTE__STOP__INIT;

    if (session->stop_said == turn->node->disk_floor ||
        session_room(session) == 0)
        return;
    session->stop_said = turn->node->disk_floor;
    stop.precedence = session->stop_said;
    frame.kind_case = ENTENTE__FRAME__KIND_STOP;
    frame.stop = &stop;
    session_send(session, turn, &frame);
}

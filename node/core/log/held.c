/*
 * held.c - the list is not kept: a cursor in the session counts through our
 * logs and theirs.
 */
#include "node/core/log/held.h"

#include "node/core/roster.h"
#include "node/core/link/sizes.h"

enum {
    LOG_ROOM = 640, /* of one log in a frame, with its cosignature */
    LOGS = 16       /* in one frame */
};

void
held_save(const struct peer *peer, struct context *turn)
{
    struct record record = {.kind = RECORD_RECOVERY,
                            .peer = peer->id,
                            .state = peer->recovery};

    context_save(turn, &record, NULL);
}

static void
begin_list(struct session *session)
{
    session->held_due = true;
    session->held_at = 0;
}

void
held_offer(struct peer *peer, struct context *turn)
{
    if ((peer->recovery & RECOVERY_OFFERS) == 0) {
        peer->recovery |= RECOVERY_OFFERS;
        held_save(peer, turn);
    }
    if (peer->link != NULL && !peer->link->held_due)
        begin_list(peer->link);
}

void
held_opened(struct session *session)
{
    session->peer->giving_back = false;
    if ((session->peer->recovery & RECOVERY_OFFERS) != 0)
        begin_list(session);
}

/* Lists of one frame, and what they point to. */
struct listing {
    Entente__Held         held;
    Entente__ChannelSize  sizes[LOGS];
    Entente__Cosigned     cosigned[LOGS];
    Entente__ChannelSize *writes[LOGS], *reads[LOGS];
    size_t                count;
};

static void
list_channel(struct listing *listing, const struct channel *channel)
{
    Entente__ChannelSize *size = &listing->sizes[listing->count];

    sizes_channel(size, &listing->cosigned[listing->count++], channel);
    listing->writes[listing->held.n_writes++] = size;
}

static void
list_witness(struct listing *listing, const struct witness *witness)
{
    Entente__ChannelSize *size = &listing->sizes[listing->count];

    sizes_witness(size, &listing->cosigned[listing->count++], witness);
    listing->reads[listing->held.n_reads++] = size;
}

static struct listing *
new_listing(struct context *turn)
{
    struct listing *listing = (struct listing *)(void *)effects_alloc(
        turn->out, sizeof(*listing));

    listing->count = 0;
    entente__held__init(&listing->held);
    listing->held.writes = listing->writes;
    listing->held.reads = listing->reads;
    return listing;
}

static void
send_listing(struct session *session, struct context *turn,
             struct listing *listing)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;

    frame.kind_case = ENTENTE__FRAME__KIND_HELD;
    frame.held = &listing->held;
    session_send(session, turn, &frame);
    session->worked = true;
}

bool
held_fill(struct session *session, struct context *turn)
{
    const struct peer *peer = session->peer;
    size_t             room = session_room(session) / LOG_ROOM;
    struct listing    *listing;

    if (!session->held_due || room == 0)
        return false;
    listing = new_listing(turn);
    for (; listing->count < room && listing->count < LOGS; session->held_at++) {
        size_t at = session->held_at;

        if (at < peer->channel_count)
            list_channel(listing, peer->channels[at]);
        else if (at - peer->channel_count < peer->witness_count)
            list_witness(listing, peer->witnesses[at - peer->channel_count]);
        else
            break;
    }
    session->held_due =
        session->held_at < peer->channel_count + peer->witness_count;
    listing->held.more = session->held_due;
    send_listing(session, turn, listing);
    return true;
}

void
held_given(struct session *session, struct context *turn, struct span origin)
{
    const struct channel *channel = peer_channel_of(session->peer, origin);
    const struct witness *witness = peer_witness_of(session->peer, origin);
    struct listing       *listing = new_listing(turn);

    if (channel != NULL)
        list_channel(listing, channel);
    if (witness != NULL)
        list_witness(listing, witness);
    listing->held.given = listing->sizes[0].origin;
    send_listing(session, turn, listing);
}

enum status
held_asked(struct session *session, struct context *turn,
           const Entente__Frame *frame, struct span raw)
{
    struct peer *peer = session->peer;

    (void)raw;
    if ((peer->recovery & RECOVERY_OFFERS) != 0) {
        peer->recovery &= (uint8_t)~RECOVERY_OFFERS;
        held_save(peer, turn);
    }
    session->worked = true;
    if (!frame->ask_held->whole) {
        context_log(turn, "recovery: %s lost state and asks what is here",
                    peer->name);
        peer->giving_back = true;
        begin_list(session);
    } else if (peer->giving_back) {
        peer->giving_back = false;
        peer_alarm(peer, turn, STATUS_OK, SPAN_EMPTY,
                   "the peer had lost state and has back what was here; "
                   "nothing is to be done");
    }
    return STATUS_OK;
}

/* lacking.c - each log of the list against what is here of it. */
#include "node/core/recovery/lacking.h"

#include "node/core/log/receipt.h"
#include "node/core/recovery/retrace.h"
#include "node/core/roster.h"
#include "node/core/link/sizes.h"

static void
note(struct lacking *lacking, const struct origin *origin, bool ours,
     uint64_t size)
{
    struct lacking_log *log;

    if (lacking->count == LACKING_LOGS)
        return;
    log = &lacking->list[lacking->count++];
    *log = (struct lacking_log){.origin = *origin, .ours = ours, .size = size};
    log->text = origin_format(origin);
}

bool
lacking_receipt(struct peer *peer, struct context *turn,
                struct channel *channel, const Entente__ChannelSize *said)
{
    struct head        head;
    struct cosignature cosignature;

    return said->cosigned != NULL &&
           sizes_receipt(said->cosigned, &head, &cosignature) == STATUS_OK &&
           channel_cosigned(channel, turn, &head, &cosignature,
                            peer->card.cert.witness_key) == STATUS_OK;
}

/* A log of ours, as the peer holds it. */
static enum status
take_ours(struct lacking *lacking, struct peer *peer,
          struct context *turn, const Entente__ChannelSize *said,
          const struct origin *origin)
{
    struct channel *channel = peer_channel_of(peer, span_text(said->origin));
    uint64_t        had = channel != NULL ? channel->frontier.size : 0;
    struct head     head;
    enum status     st;

    if ((channel != NULL && !channel->closed) || said->size == 0)
        return STATUS_OK; /* goes on by itself */
    st = sizes_head(said, turn->node->log_key.public_key, &head);
    if (st != STATUS_OK)
        return st;
    if (peer->epoch_told < origin->epoch)
        peer->epoch_told = origin->epoch;
    if (channel != NULL && !channel->regained &&
        (head.size > had || (said->cosigned != NULL &&
                             said->cosigned->size > channel->cosigned.size)))
        retrace_mark(turn, channel, channel->cosigned.size, had);
    lacking->lost = lacking->lost || head.size > had;
    if (head.size > had)
        note(lacking, origin, true, head.size);
    else if (lacking_receipt(peer, turn, channel, said))
        lacking->news = true;
    return STATUS_OK;
}

/* A log of theirs: the one that goes on comes by itself. */
static enum status
take_theirs(struct lacking *lacking, struct peer *peer,
            struct context *turn, const Entente__ChannelSize *said,
            const struct origin *origin)
{
    struct witness    *witness =
        peer_witness_of(peer, span_text(said->origin));
    uint64_t           live = peer->live_epoch[origin->lane];
    struct cosignature cosignature;
    struct head        head, cosigned;
    enum status        st;

    if (said->size == 0 || (live != 0 && live <= origin->epoch) ||
        (witness != NULL &&
         (witness->stopped || witness->whole >= said->size)))
        return STATUS_OK;
    st = sizes_head(said, peer->card.cert.log_key, &head);
    if (st != STATUS_OK)
        return st;
    if (witness == NULL)
        witness = peer_witness_add(peer, origin);
    witness->given = true;
    note(lacking, origin, false, head.size);
    if (said->cosigned == NULL ||
        sizes_receipt(said->cosigned, &cosigned, &cosignature) != STATUS_OK)
        return STATUS_OK;
    lacking->lost = lacking->lost || cosigned.size > witness->whole;
    return receipt_shown(witness, &cosigned, &cosignature,
                         turn->node->witness_key.public_key);
}

enum status
lacking_take(struct lacking *lacking, struct peer *peer, struct context *turn,
             Entente__ChannelSize *const *list, size_t count)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < count; i++) {
        struct origin origin;

        st = origin_parse(span_text(list[i]->origin), &origin);
        if (st != STATUS_OK)
            return STATUS_BAD_FIELD;
        if (origin_is_between(&origin, &turn->node->cert.node, &peer->id))
            st = take_ours(lacking, peer, turn, list[i], &origin);
        else if (origin_is_between(&origin, &peer->id,
                                   &turn->node->cert.node))
            st = take_theirs(lacking, peer, turn, list[i], &origin);
    }
    return st;
}

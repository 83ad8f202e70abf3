/*
 * skew.c - a receipt's time between two of ours, and one line in the log when
 * it begins to be outside, and when it is inside again.
 */
#include "node/core/link/skew.h"

#include "node/core/context.h"

int64_t
skew_of_receipt(uint64_t receipt_s, uint64_t dispatched_ms, uint64_t now_ms)
{
    uint64_t now_s = now_ms / 1000;
    uint64_t sent_s = dispatched_ms / 1000;

    if (receipt_s > INT64_MAX)
        receipt_s = INT64_MAX;
    if (receipt_s > now_s)
        return (int64_t)(receipt_s - now_s);
    return receipt_s < sent_s ? -(int64_t)(sent_s - receipt_s) : 0;
}

/* By our wall clock as it is now, which may have jumped since; 0: the last of
 * these entries is not in flight. */
static uint64_t
dispatched_ms(const struct context *turn, const struct channel *channel,
              uint64_t size)
{
    const struct flight_entry *entry = flight_at(&channel->flight, size - 1);
    uint64_t                   since_ms;

    if (entry == NULL)
        return 0;
    since_ms = turn->input->mono_ms - entry->time_ms;
    return turn->input->wall_ms > since_ms ? turn->input->wall_ms - since_ms
                                           : 0;
}

static bool
is_told(int64_t skew_s)
{
    return skew_s >= SKEW_TOLD_S || skew_s <= -SKEW_TOLD_S;
}

/* Above 0 only while its receipts go on. */
static int64_t
ahead_of(struct peer *peer, uint64_t receipt_s, int64_t ahead_s,
         uint64_t mono_ms)
{
    if (receipt_s != peer->skew_receipt_s) {
        peer->skew_receipt_s = receipt_s;
        peer->skew_since_ms = mono_ms;
        return ahead_s;
    }
    return mono_ms - peer->skew_since_ms < SKEW_STANDS_MS ? peer->skew_s : 0;
}

void
skew_note(struct context *turn, struct peer *peer,
          const struct channel *channel, uint64_t size, uint64_t receipt_s)
{
    const struct turn_input *input = turn->input;
    int64_t                  was_s = peer->skew_s;
    int64_t                  skew_s = skew_of_receipt(
        receipt_s, dispatched_ms(turn, channel, size), input->wall_ms);

    if (skew_s > 0)
        skew_s = ahead_of(peer, receipt_s, skew_s, input->mono_ms);
    peer->skew_s = skew_s;
    if (is_told(peer->skew_s) == is_told(was_s))
        return;
    if (is_told(peer->skew_s))
        context_log(turn, "clock: that of %s is %lld s ahead of ours",
                    peer->name, (long long)peer->skew_s);
    else
        context_log(turn, "clock: that of %s agrees with ours again",
                    peer->name);
}

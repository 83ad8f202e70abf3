/*
 * greeting.c - a bundle is no session, so its Hello names no past of the two,
 * and says instead which of the other's bundles were read.
 */
#include "node/core/bundle/greeting.h"

#include "node/core/log/lane.h"
#include "node/core/roster.h"
#include "node/core/link/sizes.h"

#include <assert.h>

static enum status
put(struct context *turn, struct bundle_writer *writer, Entente__Frame *frame)
{
    return bundle_writer_put(writer, context_pack(turn, &frame->base));
}

static void
put_hello(const struct peer *peer, struct context *turn,
          struct bundle_writer *writer)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;
    enum status    st;

    hello.stamp_seen = peer->bundle_taken;
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    st = put(turn, writer, &frame);
    assert(st == STATUS_OK);
}

static void
put_sizes(const struct peer *peer, struct context *turn,
          struct bundle_writer *writer)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    enum status    st;

    frame.kind_case = ENTENTE__FRAME__KIND_SIZES;
    frame.sizes = sizes_of(peer, turn);
    st = put(turn, writer, &frame);
    assert(st == STATUS_OK); /* two logs each way are far below a record */
}

static bool
has_news(const struct witness *witness)
{
    return witness->cosigned.size > witness->told;
}

/* A receipt of a log that Sizes does not list: of an epoch that has ended. */
static enum status
put_cosigned(struct context *turn, struct bundle_writer *writer,
             const struct witness *witness)
{
    Entente__Frame    frame = ENTENTE__FRAME__INIT;
    Entente__Cosigned cosigned;

    sizes_cosigned(&cosigned, witness);
    frame.kind_case = ENTENTE__FRAME__KIND_COSIGNED;
    frame.cosigned = &cosigned;
    return put(turn, writer, &frame);
}

/* We were shown a receipt of ours beyond what is here: state was lost. */
static bool
has_lost(const struct witness *witness)
{
    return witness->shown.size > witness->head.size && !witness->stopped;
}

static enum status
put_fetch(struct context *turn, struct bundle_writer *writer,
          const struct witness *witness)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Fetch fetch = ENTENTE__FETCH__INIT;

    fetch.origin = (char *)(uintptr_t)witness->text.text;
    fetch.leaves = true;
    fetch.leaves_from = witness->head.size;
    frame.kind_case = ENTENTE__FRAME__KIND_FETCH;
    frame.fetch = &fetch;
    return put(turn, writer, &frame);
}

void
greeting_put(const struct peer *peer, struct context *turn,
             struct bundle_writer *writer, uint64_t *receipts)
{
    enum status st = STATUS_OK;

    *receipts = 0;
    put_hello(peer, turn, writer);
    put_sizes(peer, turn, writer);
    for (size_t i = peer->witness_count; st == STATUS_OK && i-- > 0;) {
        const struct witness *witness = peer->witnesses[i];

        *receipts += has_news(witness);
        if (has_news(witness) &&
            witness != lane_witness(peer, witness->origin.lane))
            st = put_cosigned(turn, writer, witness);
    }
    for (size_t i = peer->witness_count; st == STATUS_OK && i-- > 0;)
        if (has_lost(peer->witnesses[i]))
            st = put_fetch(turn, writer, peer->witnesses[i]);
}

bool
greeting_is_due(const struct peer *peer)
{
    for (size_t i = 0; i < peer->witness_count; i++)
        if (has_news(peer->witnesses[i]) || has_lost(peer->witnesses[i]))
            return true;
    return false;
}

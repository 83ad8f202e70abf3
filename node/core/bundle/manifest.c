/*
 * manifest.c - a bundle's way into the steps of an open link.
 *
 * Invariants:
 *  (I1) what an old bundle asks for is not heard: who kept one cannot ask anew
 *       in the peer's name;
 *  (I2) a log whose reading ended is not read again in this bundle.
 */
#include "node/core/bundle/manifest.h"

#include "node/core/bundle/greeting.h"
#include "node/core/link/inbound.h"
#include "node/core/log/lane.h"
#include "node/core/link/resume.h"
#include "node/core/roster.h"

#include <stdio.h>
#include <string.h>

void
manifest_begin(struct manifest *manifest, struct context *turn,
               struct peer *peer, uint64_t number)
{
    struct record record = {.kind = RECORD_BUNDLES, .peer = peer->id};

    *manifest = (struct manifest){.stick = {.peer = peer}};
    manifest->old = number <= peer->bundle_taken;
    if (manifest->old)
        return;
    manifest->missing_first = peer->bundle_taken + 1;
    manifest->missing = number - manifest->missing_first;
    peer->bundle_taken = number;
    record.number = peer->bundle_used;
    record.count = number;
    context_save(turn, &record, NULL);
    context_log(turn, "bundle: number %llu of %s is read",
                (unsigned long long)number, peer->name);
}

/* --- logs ----------------------------------------------------------------- */

static const struct manifest_end *
ended(const struct manifest *manifest, const char *origin)
{
    for (size_t i = 0; i < manifest->end_count; i++)
        if (strcmp(manifest->ends[i].origin, origin) == 0)
            return &manifest->ends[i];
    return NULL;
}

static void
end_log(struct manifest *manifest, const char *origin, enum status why)
{
    struct manifest_end *end = &manifest->ends[manifest->end_count];

    if (why == STATUS_OK || manifest->end_count == MANIFEST_LOGS)
        return;
    (void)snprintf(end->origin, sizeof(end->origin), "%.*s",
                   (int)sizeof(end->origin) - 1, origin);
    end->why = why;
    manifest->end_count++;
}

static void
take_leaves(struct manifest *manifest, struct context *turn,
            const Entente__Frame *frame)
{
    const Entente__Leaves *leaves = frame->leaves;
    struct witness        *witness = peer_witness_of(
        manifest->stick.peer, span_text(leaves->origin));
    uint64_t count = leaves->leaves.len / LEAF_LEN;

    if (witness != NULL && !witness->stopped &&
        leaves->start < witness->head.size &&
        count <= witness->head.size - leaves->start) {
        manifest->known += count; /* all of them are here */
        return;
    }
    end_log(manifest, leaves->origin,
            inbound_leaves(&manifest->stick, turn, frame, SPAN_EMPTY));
}

static void
take_head(struct manifest *manifest, struct context *turn,
          const Entente__Frame *frame)
{
    const Entente__Head  *head = frame->head;
    const struct witness *witness =
        peer_witness_of(manifest->stick.peer, span_text(head->origin));
    uint64_t    before = witness != NULL ? witness->head.size : 0;
    enum status st = inbound_head(&manifest->stick, turn, frame, SPAN_EMPTY);

    if (st == STATUS_BAD_STATE && head->size < before)
        st = STATUS_OK; /* old, and no root of that size is kept */
    end_log(manifest, head->origin, st);
    if (witness != NULL)
        manifest->entries += witness->head.size - before;
}

/* A body whose beginning, or whose leaf, was in a record that was damaged does
 * not hurt those behind it. */
static void
take_bodies(struct manifest *manifest, struct context *turn,
            const Entente__Frame *frame)
{
    const Entente__Bodies *bodies = frame->bodies;
    struct peer           *peer = manifest->stick.peer;
    struct witness        *witness =
        peer_witness_of(peer, span_text(bodies->origin));
    uint64_t before = peer->received;

    for (size_t i = 0; witness != NULL && i < bodies->n_fragments; i++)
        if (inbound_piece(peer, turn, witness, bodies->fragments[i]) !=
            STATUS_OK)
            continue;
    manifest->messages += peer->received - before;
}

static uint64_t
cosigned_total(const struct peer *peer)
{
    uint64_t total = 0;

    for (size_t i = 0; i < peer->channel_count; i++)
        total += peer->channels[i]->cosigned.size;
    return total;
}

static void
take_hello(struct manifest *manifest, struct context *turn,
           const Entente__Hello *hello)
{
    struct peer  *peer = manifest->stick.peer;
    struct record record = {.kind = RECORD_BUNDLES,
                            .peer = peer->id,
                            .number = hello->stamp_seen,
                            .count = peer->bundle_taken};

    manifest->taken = hello->stamp_seen;
    if (hello->stamp_seen <= peer->bundle_used)
        return;
    peer->bundle_used = hello->stamp_seen; /* we forgot that we made it */
    context_save(turn, &record, NULL);
}

/* The peer lost what it had of our log: the next bundle has it again. (I1) */
static void
take_fetch(struct manifest *manifest, const Entente__Fetch *fetch)
{
    struct channel *channel =
        peer_channel_of(manifest->stick.peer, span_text(fetch->origin));

    if (manifest->old || channel == NULL || !fetch->leaves)
        return;
    if (!channel->asked || fetch->leaves_from < channel->asked_from)
        channel->asked_from = fetch->leaves_from;
    channel->asked = true;
}

/* The log that a frame is about; NULL: no one log. */
static const char *
origin_of(const Entente__Frame *frame)
{
    switch (frame->kind_case) {
    case ENTENTE__FRAME__KIND_LEAVES: return frame->leaves->origin;
    case ENTENTE__FRAME__KIND_HEAD: return frame->head->origin;
    case ENTENTE__FRAME__KIND_BODIES: return frame->bodies->origin;
    default: return NULL;
    }
}

static void
act(struct manifest *manifest, struct context *turn,
    const Entente__Frame *frame)
{
    struct peer *peer = manifest->stick.peer;
    uint64_t     before = cosigned_total(peer);

    switch (frame->kind_case) {
    case ENTENTE__FRAME__KIND_HELLO:
        take_hello(manifest, turn, frame->hello);
        break;
    case ENTENTE__FRAME__KIND_SIZES:
        end_log(manifest, "Sizes",
                resume_carried(&manifest->stick, turn, frame->sizes));
        break;
    case ENTENTE__FRAME__KIND_COSIGNED:
        end_log(manifest, frame->cosigned->origin,
                inbound_receipt(&manifest->stick, turn, frame->cosigned));
        break;
    case ENTENTE__FRAME__KIND_FETCH: take_fetch(manifest, frame->fetch); break;
    case ENTENTE__FRAME__KIND_LEAVES: take_leaves(manifest, turn, frame); break;
    case ENTENTE__FRAME__KIND_HEAD: take_head(manifest, turn, frame); break;
    case ENTENTE__FRAME__KIND_BODIES: take_bodies(manifest, turn, frame); break;
    default: break; /* AskGrant and Stop: no node acts on them yet */
    }
    manifest->received += cosigned_total(peer) - before;
}

enum status
manifest_frame(struct manifest *manifest, struct context *turn,
               struct span frame)
{
    size_t                used = turn->arena.used;
    const Entente__Frame *parsed = (const Entente__Frame *)context_parse(
        turn, &entente__frame__descriptor, frame);
    const char           *origin;

    if (parsed == NULL || parsed->kind_case == ENTENTE__FRAME__KIND__NOT_SET)
        return STATUS_BAD_ENCODING;
    origin = origin_of(parsed);
    if (origin == NULL || ended(manifest, origin) == NULL) /* (I2) */
        act(manifest, turn, parsed);
    turn->arena.used = used;
    return STATUS_OK;
}

/* --- what was found ------------------------------------------------------- */

static char *
fault_text(struct context *turn, const char *what, enum status why)
{
    char words[LIMIT_ORIGIN + 128];
    int  len = snprintf(words, sizeof(words), "%s: %s (%s)", what,
                        status_words(why), status_name(why));

    return (char *)(uintptr_t)effects_copy(
               turn->out, (struct span){(const uint8_t *)words,
                                        (size_t)len + 1}).ptr;
}

static void
tell_faults(const struct manifest *manifest, struct context *turn,
            enum status over, Entente__BundleImportResponse *out)
{
    out->faults = (char **)(void *)effects_alloc(
        turn->out, (MANIFEST_LOGS + 1) * sizeof(*out->faults));
    for (size_t i = 0; i < manifest->end_count; i++)
        out->faults[out->n_faults++] = fault_text(
            turn, manifest->ends[i].origin, manifest->ends[i].why);
    if (over != STATUS_OK)
        out->faults[out->n_faults++] =
            fault_text(turn, "the rest was not read", over);
}

static uint64_t
incomplete(const struct peer *peer)
{
    uint64_t count = 0;

    for (size_t i = 0; i < peer->witness_count; i++) {
        const struct witness *witness = peer->witnesses[i];

        for (uint64_t k = witness->whole; k < witness->head.size; k++)
            count += witness_wanted(witness, k) != NULL;
    }
    return count;
}

/* What a link would carry by itself, and a stick has to. */
static bool
answer_is_due(const struct peer *peer)
{
    if (peer->link != NULL)
        return false;
    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        const struct channel *channel = lane_channel(peer, lane);

        if (channel != NULL && channel->head.size > channel->cosigned.size)
            return true;
    }
    return peer->outbox.count > 0 || peer->answer_count > 0 ||
           greeting_is_due(peer);
}

void
manifest_tell(const struct manifest *manifest, struct context *turn,
              enum status over, Entente__BundleImportResponse *out)
{
    const struct peer *peer = manifest->stick.peer;

    out->old = manifest->old;
    out->missing_first = manifest->missing > 0 ? manifest->missing_first : 0;
    out->missing = manifest->missing;
    out->messages = manifest->messages;
    out->entries = manifest->entries;
    out->known = manifest->known;
    out->received = manifest->received;
    out->taken = manifest->taken;
    out->answer_due = answer_is_due(peer);
    out->incomplete = incomplete(peer);
    tell_faults(manifest, turn, over, out);
}

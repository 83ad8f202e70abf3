/*
 * feeding.c - a few chunks in memory, and a list of what is under way.
 *
 * Invariants:
 *  (I1) of each precedence at most one chunk is begun and not sent whole, so
 *       that its reader needs one place for each;
 *  (I2) chunks of a file leave in order; `next` is the first not begun;
 *  (I3) no chunk leaves that its own proof does not prove: a copy that was
 *       damaged here is never taken for the peer's link or malice;
 *  (I4) what is flying counts in the window of the channel that is named with
 *       it, as long as that is the one we write now.
 */
#include "node/core/attachment/feeding.h"

#include "node/core/attachment/retry.h"
#include "node/core/grow.h"
#include "node/core/log/lane.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { OVERHEAD = 96 /* of a Chunks frame, its proof aside */ };

/* --- chunks in memory ----------------------------------------------------- */

static void
let_go(struct feeding_chunk *chunk, struct node *node)
{
    if (chunk->used)
        node->chunks_ahead--;
    free(chunk->bytes);
    *chunk = (struct feeding_chunk){0};
}

void
feeding_clear(struct feeding *feeding)
{
    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        free(feeding->ahead[i].bytes);
    free(feeding->flying);
    *feeding = (struct feeding){0};
}

static struct feeding_chunk *
find_chunk(struct feeding *feeding, const struct digest *digest,
           uint64_t index)
{
    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        if (feeding->ahead[i].used && feeding->ahead[i].index == index &&
            digest_equal(&feeding->ahead[i].digest, digest))
            return &feeding->ahead[i];
    return NULL;
}

/* (I1) */
static struct feeding_chunk *
find_begun(struct feeding *feeding, unsigned precedence)
{
    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        if (feeding->ahead[i].sent > 0 &&
            feeding->ahead[i].precedence == precedence)
            return &feeding->ahead[i];
    return NULL;
}

/* A free place; or that of a chunk which is less urgent and not begun. */
static struct feeding_chunk *
find_place(struct feeding *feeding, struct node *node, unsigned precedence)
{
    struct feeding_chunk *free_one = NULL, *lesser = NULL;
    size_t                used = 0;

    for (size_t i = 0; i < FEEDING_AHEAD; i++) {
        struct feeding_chunk *chunk = &feeding->ahead[i];

        used += chunk->used;
        if (!chunk->used)
            free_one = chunk;
        else if (chunk->sent == 0 && chunk->precedence < precedence)
            lesser = chunk;
    }
    if (free_one != NULL &&
        (used == 0 || node->chunks_ahead < LIMIT_CHUNKS_AHEAD))
        return free_one;
    if (lesser != NULL)
        let_go(lesser, node);
    return lesser;
}

/* --- what is flying ------------------------------------------------------- */

static void
took_off(struct peer *peer, const struct context *turn,
         struct channel *channel, const struct feeding_chunk *chunk)
{
    struct feeding *feeding = &peer->feeding;

    feeding->flying =
        grow_list(feeding->flying, &feeding->flying_cap,
                  feeding->flying_count + 1, sizeof(*feeding->flying));
    feeding->flying[feeding->flying_count++] =
        (struct feeding_flying){chunk->digest,        chunk->index,
                                chunk->len,           turn->input->mono_ms,
                                chunk->precedence,    channel};
    window_dispatched(channel_window(channel, chunk->precedence), chunk->len);
}

/* (I4) */
static void
landed(struct peer *peer, const struct context *turn,
       const struct feeding_flying *one, bool confirmed)
{
    struct channel *channel = lane_channel(peer, LANE_WIRE);
    struct window  *window;

    if (channel == NULL || one->channel != channel)
        return;
    window = channel_window(channel, one->precedence);
    if (confirmed)
        window_cosigned(window, one->len, one->sent_ms, turn->input->mono_ms);
    else
        window_withdrawn(window, one->len);
}

/* Chunks of this file below `to` are confirmed; the others, if `again`, do not
 * count any more. */
static void
land(struct peer *peer, const struct context *turn,
     const struct digest *digest, uint64_t to, bool again)
{
    struct feeding *feeding = &peer->feeding;
    size_t          kept = 0;

    for (size_t i = 0; i < feeding->flying_count; i++) {
        const struct feeding_flying *one = &feeding->flying[i];
        bool                         confirmed = one->index < to;

        if (digest_equal(&one->digest, digest) && (confirmed || again))
            landed(peer, turn, one, confirmed);
        else
            feeding->flying[kept++] = *one;
    }
    feeding->flying_count = kept;
}

/* --- what the peer asks --------------------------------------------------- */

static void
say_gone(struct feeding *feeding, const struct digest *digest)
{
    for (size_t i = 0; i < feeding->gone_count; i++)
        if (digest_equal(&feeding->gone[i], digest))
            return;
    if (feeding->gone_count < FEEDING_GONE) /* else it asks again */
        feeding->gone[feeding->gone_count++] = *digest;
}

static void
forget_chunks(struct peer *peer, struct node *node,
              const struct digest *digest)
{
    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        if (peer->feeding.ahead[i].used &&
            digest_equal(&peer->feeding.ahead[i].digest, digest))
            let_go(&peer->feeding.ahead[i], node);
}

enum status
feeding_partial(struct session *session, struct context *turn,
                const Entente__Frame *frame, struct span raw)
{
    const Entente__Partial *said = frame->partial;
    struct peer            *peer = session->peer;
    struct owed_file       *file;
    struct digest           digest;

    (void)raw;
    if (said->digest.len != LIMIT_DIGEST)
        return STATUS_BAD_FIELD;
    memcpy(digest.bytes, said->digest.data, LIMIT_DIGEST);
    session->worked = true;
    file = owed_find(peer, &digest);
    if (file == NULL) {
        say_gone(&peer->feeding, &digest);
        return STATUS_OK;
    }
    if (said->chunks > file->shape.chunks)
        return STATUS_BAD_FIELD;
    if (file->asked && !said->again &&
        (said->chunks < file->confirmed || said->chunks > file->next))
        return STATUS_BAD_STATE; /* it has what was not sent, or less */
    land(peer, turn, &digest, said->chunks, said->again);
    if (!file->asked || said->again) {
        forget_chunks(peer, turn->node, &digest);
        file->next = said->chunks;
    }
    if (said->chunks > file->confirmed)
        retry_passed(file);
    file->asked = true;
    file->confirmed = said->chunks;
    return STATUS_OK;
}

/* The oldest that is asked for, readable and not sent whole, of this
 * precedence. */
static struct owed_file *
first_of(const struct peer *peer, unsigned precedence)
{
    for (size_t i = 0; i < peer->owed.count; i++) {
        struct owed_file *file = &peer->owed.list[i];

        if (file->asked && !file->rests && file->precedence == precedence &&
            file->next < file->shape.chunks)
            return file;
    }
    return NULL;
}

unsigned
feeding_asked(const struct peer *peer, enum precedence precedence)
{
    bool     urgent = precedence >= PRECEDENCE_IMMEDIATE;
    unsigned lowest = urgent ? PRECEDENCE_IMMEDIATE : PRECEDENCE_DEFERRED;
    unsigned highest =
        urgent ? PRECEDENCE_COUNT - 1u : PRECEDENCE_IMMEDIATE - 1u;

    if (peer->owed.count == 0)
        return 0;
    for (unsigned one = highest; one >= lowest; one--)
        if (first_of(peer, one) != NULL)
            return one;
    return 0;
}

/* --- reading ahead -------------------------------------------------------- */

/* False: there is no place for it. */
static bool
read_chunk(struct peer *peer, struct context *turn,
           const struct owed_file *file, uint64_t index)
{
    struct feeding_chunk *chunk =
        find_place(&peer->feeding, turn->node, file->precedence);
    struct load   *load;
    struct effect *effect;

    if (chunk == NULL)
        return false;
    turn->node->chunks_ahead++;
    load = roster_load_new(turn->node, LOAD_CHUNK);
    load->peer = peer;
    *chunk = (struct feeding_chunk){.used = true,
                                    .digest = file->digest,
                                    .index = index,
                                    .precedence = file->precedence,
                                    .token = load->token};
    effect = effects_add(turn->out, EFFECT_LOAD);
    effect->token = load->token;
    effect->bytes = effects_copy(turn->out, digest_span(&file->digest));
    effect->query = (struct query){.kind = QUERY_CHUNK,
                                   .outgoing = true,
                                   .from = index,
                                   .count = file->shape.chunks};
    return true;
}

void
feeding_read_ahead(struct peer *peer, struct context *turn)
{
    if (peer->owed.count == 0)
        return;
    for (unsigned one = PRECEDENCE_COUNT - 1; one > 0; one--) {
        const struct owed_file *file = first_of(peer, one);
        uint64_t                to;

        if (file == NULL)
            continue;
        to = file->next + FEEDING_AHEAD / 2;
        to = to < file->shape.chunks ? to : file->shape.chunks;
        for (uint64_t i = file->next; i < to; i++)
            if (find_chunk(&peer->feeding, &file->digest, i) == NULL &&
                !read_chunk(peer, turn, file, i))
                return;
    }
}

/* (I3) */
static enum status
take_chunk(struct feeding_chunk *chunk, const struct owed_file *file,
           struct span answer)
{
    size_t        len = attachment_chunk_len(&file->shape, chunk->index);
    struct digest leaf;
    enum status   st;

    if (answer.len < len)
        return STATUS_CORRUPT;
    st = attachment_check(&file->shape, &file->digest, chunk->index,
                          (struct span){answer.ptr, len},
                          (struct span){answer.ptr + len, answer.len - len},
                          &leaf);
    if (st != STATUS_OK)
        return STATUS_CORRUPT;
    chunk->bytes = grow_new(answer.len, 1);
    memcpy(chunk->bytes, answer.ptr, answer.len);
    chunk->len = len;
    chunk->proof_len = answer.len - len;
    chunk->token = 0;
    return STATUS_OK;
}

void
feeding_loaded(struct context *turn, const struct load *load, enum status st,
               struct span answer)
{
    struct peer          *peer = load->peer;
    struct feeding_chunk *chunk = NULL;
    struct owed_file     *file;
    struct digest         digest;

    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        if (peer->feeding.ahead[i].used &&
            peer->feeding.ahead[i].token == load->token)
            chunk = &peer->feeding.ahead[i];
    if (chunk == NULL)
        return; /* nobody waits for it any more */
    digest = chunk->digest;
    file = owed_find(peer, &digest);
    assert(file != NULL); /* feeding_end() forgets its chunks */
    if (st == STATUS_OK)
        st = take_chunk(chunk, file, answer);
    if (st == STATUS_OK)
        return;
    let_go(chunk, turn->node);
    if (st == STATUS_AGAIN || !retry_failed(peer, file, turn, st))
        return;
    say_gone(&peer->feeding, &digest);
    owed_gone(peer, turn, &digest, st);
}

/* --- sending -------------------------------------------------------------- */

/* Whether a message waits that is to be dispatched into the same window. */
static bool
must_wait(struct peer *peer, enum precedence precedence)
{
    const struct outbox_item *item = outbox_first(&peer->outbox);

    return item != NULL && item->precedence >= precedence &&
           (item->precedence >= PRECEDENCE_IMMEDIATE) ==
               (precedence >= PRECEDENCE_IMMEDIATE);
}

/* What goes next of this precedence; NULL: nothing can. */
static struct feeding_chunk *
next_of(struct peer *peer, const struct context *turn, unsigned precedence)
{
    struct channel         *channel = lane_channel(peer, LANE_WIRE);
    struct feeding_chunk   *chunk = find_begun(&peer->feeding, precedence);
    const struct owed_file *file;

    if (chunk != NULL)
        return chunk;
    file = first_of(peer, precedence);
    if (file == NULL || channel == NULL || !channel->live)
        return NULL;
    chunk = find_chunk(&peer->feeding, &file->digest, file->next);
    if (chunk == NULL || chunk->token != 0 ||
        must_wait(peer, file->precedence) ||
        !window_allows(channel_window(channel, file->precedence), chunk->len,
                       turn->input->mono_ms))
        return NULL;
    return chunk;
}

static struct feeding_chunk *
next_chunk(struct peer *peer, const struct context *turn)
{
    if (peer->owed.count == 0)
        return NULL;
    for (unsigned one = PRECEDENCE_COUNT - 1; one > 0; one--) {
        struct feeding_chunk *chunk = next_of(peer, turn, one);

        if (chunk != NULL)
            return chunk;
    }
    return NULL;
}

unsigned
feeding_urgency(struct peer *peer, const struct context *turn)
{
    const struct feeding_chunk *chunk = next_chunk(peer, turn);

    if (peer->feeding.gone_count > 0)
        return PRECEDENCE_COUNT;
    return chunk != NULL ? (unsigned)chunk->precedence : 0;
}

static void
send_gone(struct session *session, struct context *turn)
{
    struct feeding *feeding = &session->peer->feeding;
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Chunks chunks = ENTENTE__CHUNKS__INIT;

    chunks.digest = (ProtobufCBinaryData){
        LIMIT_DIGEST, feeding->gone[--feeding->gone_count].bytes};
    chunks.gone = true;
    frame.kind_case = ENTENTE__FRAME__KIND_CHUNKS;
    frame.chunks = &chunks;
    session_send(session, turn, &frame);
}

static void
send_piece(struct session *session, struct context *turn,
           struct feeding_chunk *chunk)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Chunks chunks = ENTENTE__CHUNKS__INIT;
    size_t          room = session_room(session) - OVERHEAD;
    size_t          left = chunk->len - chunk->sent;

    if (chunk->sent == 0) {
        chunks.proof =
            (ProtobufCBinaryData){chunk->proof_len, chunk->bytes + chunk->len};
        room -= chunk->proof_len;
    }
    chunks.digest = (ProtobufCBinaryData){LIMIT_DIGEST, chunk->digest.bytes};
    chunks.index = chunk->index;
    chunks.offset = chunk->sent;
    chunks.bytes = (ProtobufCBinaryData){left < room ? left : room,
                                         chunk->bytes + chunk->sent};
    chunk->sent += (uint32_t)chunks.bytes.len;
    frame.kind_case = ENTENTE__FRAME__KIND_CHUNKS;
    frame.chunks = &chunks;
    session_send(session, turn, &frame);
}

bool
feeding_send(struct session *session, struct context *turn)
{
    struct peer          *peer = session->peer;
    struct feeding_chunk *chunk;

    if (peer->feeding.gone_count > 0) {
        send_gone(session, turn);
        return true;
    }
    chunk = next_chunk(peer, turn);
    if (chunk == NULL)
        return false;
    session->worked = true;
    if (chunk->sent == 0) {
        owed_find(peer, &chunk->digest)->next++; /* (I2) */
        took_off(peer, turn, lane_channel(peer, LANE_WIRE), chunk);
    }
    send_piece(session, turn, chunk);
    if (chunk->sent == chunk->len)
        let_go(chunk, turn->node);
    feeding_read_ahead(peer, turn);
    return true;
}

/* --- ends ----------------------------------------------------------------- */

void
feeding_end(struct peer *peer, struct context *turn,
            const struct digest *digest)
{
    land(peer, turn, digest, 0, true);
    forget_chunks(peer, turn->node, digest);
}

void
feeding_unlink(struct peer *peer, struct context *turn)
{
    for (size_t i = 0; i < FEEDING_AHEAD; i++)
        let_go(&peer->feeding.ahead[i], turn->node);
    for (size_t i = 0; i < peer->owed.count; i++)
        peer->owed.list[i].asked = false;
    retry_unlink(peer);
    feeding_clear(&peer->feeding);
}

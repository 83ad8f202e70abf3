/*
 * cargo.c - frames from records, in the order of 6.10.
 *
 * Invariants:
 *  (I1) `at` moves only past what was put, so that a record that was full
 *       loses nothing;
 *  (I2) no frame of leaves goes beyond a head that we signed: whoever reads
 *       holds the leaves of a head or none of them, and what it has it passes
 *       over, frame by frame;
 *  (I3) a head follows its last leaf in the same record.
 */
#include "node/core/bundle/cargo.h"

#include "node/core/log/lane.h"
#include "node/core/roster.h"

#include <assert.h>
#include <string.h>

enum {
    LEAVES_OVERHEAD = 320, /* origin, batch fields, tags of one frame */
    HEAD_ROOM = 320,       /* a whole frame */
    BODIES_OVERHEAD = 320,
    FRAGMENT_OVERHEAD = 24,
    FRAGMENT_MIN = 256, /* no smaller piece of a larger body */
    FRAGMENTS = 128,
    LEAVES_BYTES = 1 << 20, /* of a portion: all of an entry is loaded */
    BODIES_BYTES = 1 << 18
};

/* --- what there is -------------------------------------------------------- */

/* The newest head of ours that the peer takes. */
static uint64_t
newest_of(const struct channel *channel)
{
    uint64_t most =
        channel->cosigned.size + lane_ahead(channel->origin.lane);
    uint64_t size = channel->cosigned.size;

    for (size_t i = 0; i < channel->head_count; i++)
        if (channel->heads[i].head.size <= most)
            size = channel->heads[i].head.size;
    return size;
}

void
cargo_init(struct cargo *cargo, const struct peer *peer)
{
    *cargo = (struct cargo){.precedence = PRECEDENCE_COUNT};
    for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
        struct channel   *channel = lane_channel(peer, lane);
        struct cargo_log *log = &cargo->logs[cargo->count];

        if (channel == NULL)
            continue;
        log->channel = channel;
        log->from = channel->cosigned.size;
        if (channel->asked && channel->asked_from < log->from)
            log->from = channel->asked_from;
        log->at = log->from;
        log->to = newest_of(channel);
        cargo->count++;
    }
}

static bool
is_done(const struct cargo *cargo, const struct cargo_log *log)
{
    return cargo->precedence == PRECEDENCE_COUNT
               ? log->at >= log->to
               : log->left[cargo->precedence] == 0;
}

/* To the next log, or from the last to the first and the next precedence;
 * false: there is none. */
static bool
advance(struct cargo *cargo)
{
    if (++cargo->log < cargo->count)
        return true;
    cargo->log = 0;
    for (size_t i = 0; i < cargo->count; i++)
        cargo->logs[i].at = cargo->logs[i].from;
    return cargo->precedence-- > 0;
}

/* Its last entry ends a head, also where a receipt came for more. */
static void
reach_a_head(struct cargo_log *log)
{
    if (log->at < log->to && log->to < log->channel->cosigned.size)
        log->to = log->channel->cosigned.size;
}

bool
cargo_query(struct cargo *cargo, struct query *out)
{
    struct cargo_log *log;

    if (cargo->count == 0 || cargo->precedence > PRECEDENCE_COUNT)
        return false;
    while (is_done(cargo, &cargo->logs[cargo->log]))
        if (!advance(cargo))
            return false;
    log = &cargo->logs[cargo->log];
    if (cargo->precedence == PRECEDENCE_COUNT)
        reach_a_head(log);
    *out = (struct query){
        .kind = QUERY_ENTRIES,
        .origin = log->channel->origin,
        .from = log->at,
        .count = log->to - log->at < LIMIT_BATCH ? log->to - log->at
                                                 : (uint64_t)LIMIT_BATCH,
        .bytes_max = cargo->precedence == PRECEDENCE_COUNT ? LEAVES_BYTES
                                                           : BODIES_BYTES};
    return true;
}

/* --- frames --------------------------------------------------------------- */

static enum status
put(struct context *turn, struct bundle_writer *writer, Entente__Frame *frame)
{
    return bundle_writer_put(writer, context_pack(turn, &frame->base));
}

/* Leaves of one batch, from `start` on. */
struct run {
    uint64_t      start;
    struct record record; /* its batch fields; spans of the answer */
    struct writer leaves;
};

static enum status
put_run(struct context *turn, struct bundle_writer *writer,
        const struct channel *channel, struct run *run)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Leaves leaves = ENTENTE__LEAVES__INIT;

    if (run->leaves.len == 0)
        return STATUS_OK;
    leaves.origin = (char *)(uintptr_t)channel->text.text;
    leaves.first = run->record.first;
    leaves.ephemeral =
        (ProtobufCBinaryData){LIMIT_KEY, run->record.ephemeral};
    leaves.salt = (ProtobufCBinaryData){LIMIT_SALT, run->record.salt};
    leaves.start = run->start;
    leaves.leaves =
        (ProtobufCBinaryData){run->leaves.len, run->leaves.ptr};
    frame.kind_case = ENTENTE__FRAME__KIND_LEAVES;
    frame.leaves = &leaves;
    run->leaves.len = 0;
    return put(turn, writer, &frame);
}

/* The next head of ours above `size`; what was cosigned meanwhile is one. */
static const struct head *
head_above(const struct channel *channel, uint64_t size)
{
    if (channel->cosigned.size > size)
        return &channel->cosigned;
    for (size_t i = 0; i < channel->head_count; i++)
        if (channel->heads[i].head.size > size)
            return &channel->heads[i].head;
    return &channel->head;
}

/* Signed again where it is not the newest: the same bytes, as Ed25519 draws
 * nothing. */
static enum status
put_head(struct context *turn, struct bundle_writer *writer,
         const struct channel *channel, const struct head *signed_head)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Head  head = ENTENTE__HEAD__INIT;
    uint8_t        signature[LIMIT_SIGNATURE];

    checkpoint_sign(origin_span(&channel->text), signed_head,
                    &turn->node->log_key, signature);
    head.origin = (char *)(uintptr_t)channel->text.text;
    head.size = signed_head->size;
    head.root = (ProtobufCBinaryData){
        LIMIT_DIGEST, (uint8_t *)(uintptr_t)signed_head->root.bytes};
    head.signature = (ProtobufCBinaryData){LIMIT_SIGNATURE, signature};
    frame.kind_case = ENTENTE__FRAME__KIND_HEAD;
    frame.head = &head;
    return put(turn, writer, &frame);
}

/* Begins a run where there is room for it and the head behind it (I3). */
static enum status
begin_run(struct run *run, struct context *turn,
          const struct bundle_writer *writer, const struct record *record)
{
    size_t room = bundle_writer_room(writer);
    size_t least = LEAVES_OVERHEAD + HEAD_ROOM + LEAF_LEN;

    if (room < least)
        return STATUS_FULL;
    room -= LEAVES_OVERHEAD + HEAD_ROOM;
    run->start = record->index;
    run->record = *record;
    run->leaves = writer_of(effects_alloc(turn->out, room), room);
    return STATUS_OK;
}

static enum status
add_leaf(struct cargo_log *log, struct context *turn,
         struct bundle_writer *writer, struct run *run,
         const struct record *record)
{
    const struct head *head = head_above(log->channel, log->at);
    enum status        st = STATUS_OK;

    if (run->leaves.len > 0 &&
        (record->first != run->record.first ||
         run->leaves.cap - run->leaves.len < LEAF_LEN))
        st = put_run(turn, writer, log->channel, run); /* (I2) */
    if (st == STATUS_OK && run->leaves.len == 0)
        st = begin_run(run, turn, writer, record);
    if (st != STATUS_OK)
        return st;
    writer_put(&run->leaves, record->leaf);
    if (record->kind == RECORD_OUT_ENTRY &&
        record->leaf.ptr[3] < PRECEDENCE_COUNT)
        log->left[record->leaf.ptr[3]]++;
    log->at++;
    if (log->at < head->size)
        return STATUS_OK;
    st = put_run(turn, writer, log->channel, run); /* (I2) */
    return st == STATUS_OK ? put_head(turn, writer, log->channel, head) : st;
}

/* --- bodies --------------------------------------------------------------- */

struct pieces {
    Entente__Fragment  list[FRAGMENTS];
    Entente__Fragment *pointers[FRAGMENTS];
    size_t             count;
    size_t             room;
};

static void
begin_pieces(struct pieces *pieces, const struct bundle_writer *writer)
{
    size_t room = bundle_writer_room(writer);

    pieces->count = 0;
    pieces->room = room > BODIES_OVERHEAD ? room - BODIES_OVERHEAD : 0;
}

static enum status
put_pieces(struct context *turn, struct bundle_writer *writer,
           const struct channel *channel, struct pieces *pieces)
{
    Entente__Frame  frame = ENTENTE__FRAME__INIT;
    Entente__Bodies bodies = ENTENTE__BODIES__INIT;
    enum status     st;

    if (pieces->count == 0)
        return STATUS_OK;
    bodies.origin = (char *)(uintptr_t)channel->text.text;
    bodies.n_fragments = pieces->count;
    bodies.fragments = pieces->pointers;
    frame.kind_case = ENTENTE__FRAME__KIND_BODIES;
    frame.bodies = &bodies;
    st = put(turn, writer, &frame);
    begin_pieces(pieces, writer);
    return st;
}

/* A piece of this body, as large as there is room; true: it was the last. */
static bool
add_piece(struct cargo *cargo, struct pieces *pieces,
          const struct record *record)
{
    size_t left = record->bytes.len - cargo->offset;
    size_t room = pieces->room > FRAGMENT_OVERHEAD
                      ? pieces->room - FRAGMENT_OVERHEAD
                      : 0;
    size_t             len = left < room ? left : room;
    Entente__Fragment *piece;

    if (pieces->count == FRAGMENTS || (len < left && len < FRAGMENT_MIN))
        return false;
    piece = &pieces->list[pieces->count];
    pieces->pointers[pieces->count++] = piece;
    entente__fragment__init(piece);
    piece->index = record->index;
    piece->offset = cargo->offset;
    piece->bytes = (ProtobufCBinaryData){
        len, (uint8_t *)(uintptr_t)(record->bytes.ptr + cargo->offset)};
    pieces->room -= FRAGMENT_OVERHEAD + len;
    cargo->offset += (uint32_t)len;
    return len == left;
}

static enum status
add_body(struct cargo *cargo, struct context *turn,
         struct bundle_writer *writer, struct pieces *pieces,
         const struct record *record)
{
    struct cargo_log *log = &cargo->logs[cargo->log];
    enum status       st;

    if (record->kind != RECORD_OUT_ENTRY ||
        record->leaf.ptr[3] != cargo->precedence) {
        log->at++;
        return STATUS_OK;
    }
    while (!add_piece(cargo, pieces, record)) {
        if (pieces->count == 0)
            return STATUS_FULL;
        st = put_pieces(turn, writer, log->channel, pieces);
        if (st != STATUS_OK)
            return st;
    }
    cargo->offset = 0;
    cargo->entries++;
    log->left[cargo->precedence]--;
    log->at++; /* (I1): it is put before this call of cargo_fill ends */
    return STATUS_OK;
}

/* --- both ----------------------------------------------------------------- */

enum status
cargo_fill(struct cargo *cargo, struct context *turn,
           struct bundle_writer *writer, struct span answer)
{
    struct cargo_log *log = &cargo->logs[cargo->log];
    bool              leaves = cargo->precedence == PRECEDENCE_COUNT;
    struct reader     in = reader_of(answer);
    struct record     record;
    struct run        run = {.leaves = {0}};
    struct pieces     pieces;
    enum status       st = STATUS_OK, last;
    uint64_t          before = log->at;

    begin_pieces(&pieces, writer);
    while (st == STATUS_OK && !is_done(cargo, log) &&
           record_list_next(&in, &record) == STATUS_OK)
        if (record.index != log->at)
            st = STATUS_CORRUPT;
        else if (leaves)
            st = add_leaf(log, turn, writer, &run, &record);
        else
            st = add_body(cargo, turn, writer, &pieces, &record);
    last = leaves ? put_run(turn, writer, log->channel, &run)
                  : put_pieces(turn, writer, log->channel, &pieces);
    assert(last == STATUS_OK); /* room for it was kept */
    if (st == STATUS_OK && log->at == before)
        st = STATUS_CORRUPT;
    return st;
}

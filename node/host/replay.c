/*
 * replay.c - a capture read once, from front to back.
 *
 *   packet of interface "records":  envelope, then pieces -> records ->
 *       CONFIG: node_new    KEY: node_key    STATE: node_replay
 *       BEGIN: node_start   TURN: the turn is run (turn.c) and compared
 *   packet of interface "wire":     compared with what turns sent, or kept
 *       for the frames that turns will have received
 *
 * Invariants:
 *  (I1) the first difference ends the run and is the one reported;
 *  (I2) keys, records and the node are wiped or freed on every path.
 */
#include "node/host/replay.h"

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/host/track.h"
#include "node/host/turn.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct replay {
    struct pcapng_reader  file;
    struct replay_report *report;
    struct secret32       key;
    uint64_t              pieces; /* sealed packets so far */
    bool                  has_key;
    uint8_t              *record; /* pieces put together */
    size_t                record_len;
    size_t                record_cap;
    struct node          *node;
    struct turn          *turn; /* from BEGIN on */
    struct track         *track;
    struct recording      now; /* the turn under way */
    enum status           st;  /* of the turn under way (I1) */
};

__attribute__((format(printf, 3, 4))) NODISCARD static enum status
fault(struct replay *replay, enum status st, const char *format, ...)
{
    struct replay_report *report = replay->report;
    va_list               arguments;

    if (report->words[0] != '\0')
        return st; /* (I1) */
    report->packet = replay->file.packet_number;
    va_start(arguments, format);
    vsnprintf(report->words, sizeof(report->words), format, arguments);
    va_end(arguments);
    return st;
}

/* --- the edge of the replayed node --------------------------------------- */

static const char *
effect_name(size_t kind)
{
    static const char *const names[] = {
#define EFFECT_NAME(name) #name,
        EFFECT_LIST(EFFECT_NAME)
#undef EFFECT_NAME
    };

    return names[kind];
}

static void
on_input(void *edge, struct turn_input *out)
{
    struct replay *replay = edge;

    *out = replay->now.input;
}

static void
on_seen(void *edge, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct replay                  *replay = edge;
    const struct recording_effects *was = &replay->now.effects;
    struct recording_effects        is;

    (void)input;
    (void)events;
    replay->report->turns++;
    replay->report->events += count;
    replay->report->effects += effects->count;
    recording_digest(effects, &is);
    for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        if (is.count[kind] == was->count[kind] &&
            memcmp(is.digest[kind], was->digest[kind], LIMIT_DIGEST) == 0)
            continue;
        replay->st = fault(replay, STATUS_DIFFERENT,
                           "turn %llu: its %s effects are %u, and were %u%s",
                           (unsigned long long)replay->report->turns,
                           effect_name(kind), is.count[kind],
                           was->count[kind],
                           is.count[kind] == was->count[kind]
                               ? " with other fields or bytes"
                               : "");
        return;
    }
}

static void
on_save(void *edge, const struct effects *effects)
{
    struct replay *replay = edge;

    (void)effects;
    turn_saved(replay->turn, STATUS_OK);
}

static void
on_send(void *edge, uint64_t link, struct span frame)
{
    struct replay *replay = edge;
    enum status    st = track_frame_out(replay->track, link, frame);

    if (replay->st == STATUS_OK)
        replay->st = st;
}

static void
on_tell(void *edge, uint64_t client, struct span response)
{
    (void)edge;
    (void)client;
    (void)response;
}

static void
on_load(void *edge, uint64_t token, const struct query *query,
        struct span text)
{
    (void)edge;
    (void)token;
    (void)query;
    (void)text;
}

static void
on_dial(void *edge, uint64_t link, struct span address)
{
    (void)edge;
    (void)link;
    (void)address;
}

static void
on_close(void *edge, uint64_t link, uint64_t client)
{
    (void)edge;
    (void)link;
    (void)client;
}

static void
on_wake_at(void *edge, uint64_t mono_ms)
{
    (void)edge;
    (void)mono_ms;
}

static void
on_log(void *edge, struct span line)
{
    (void)edge;
    (void)line;
}

static const struct host_ops ops = {
    .input = on_input, .save = on_save,       .send = on_send,
    .tell = on_tell,   .load = on_load,       .dial = on_dial,
    .close = on_close, .wake_at = on_wake_at, .log = on_log,
    .seen = on_seen,
};

/* --- records ------------------------------------------------------------- */

/* A frame that came in must stand on the wire before it. */
NODISCARD static enum status
check_frame(struct replay *replay, const struct event *event)
{
    struct track_place at = {0};
    enum status        st;

    if (event->kind != EVENT_LINK_FRAME)
        return STATUS_OK;
    st = track_frame_in(replay->track, event->link, event->bytes, &at);
    if (st != STATUS_OK)
        return fault(replay, st,
                     "in, link %llu: frame %llu is not as on the wire from "
                     "offset %zu on",
                     (unsigned long long)event->link,
                     (unsigned long long)at.frame, at.offset);
    replay->report->bytes_in += event->bytes.len;
    return STATUS_OK;
}

NODISCARD static enum status
run_turn(struct replay *replay)
{
    struct reader events = reader_of(replay->now.events);
    struct event  event;
    enum status   st;

    if (replay->turn == NULL)
        return fault(replay, STATUS_BAD_ENCODING, "a turn before its state");
    while ((st = recording_event(&events, &event)) == STATUS_OK) {
        st = check_frame(replay, &event);
        if (st == STATUS_OK)
            st = turn_post(replay->turn, &event);
        if (st != STATUS_OK)
            return st;
    }
    if (st != STATUS_AGAIN || replay->now.event_count == 0)
        return fault(replay, STATUS_BAD_ENCODING, "a turn without events");
    replay->st = STATUS_OK;
    turn_run(replay->turn);
    return replay->st;
}

NODISCARD static enum status
take_state(struct replay *replay)
{
    struct record record;
    enum status   st = record_decode(replay->now.public_part, &record);

    if (st == STATUS_OK) {
        record.secret = replay->now.secret;
        st = node_replay(replay->node, &record);
    }
    return st == STATUS_OK ? st
                           : fault(replay, st, "a record of the state: %s",
                                   status_words(st));
}

NODISCARD static enum status
take_key(struct replay *replay)
{
    const struct key_change *key = &replay->now.key;
    enum status st = node_key(replay->node, key->kind, key->state, key->number,
                              key->owner, &key->secret);

    return st == STATUS_OK
               ? st
               : fault(replay, st, "a key of the state: %s", status_words(st));
}

NODISCARD static enum status
begin(struct replay *replay)
{
    enum status st = node_start(replay->node);

    if (st != STATUS_OK)
        return fault(replay, st, "the state: %s", status_words(st));
    replay->turn = turn_new(replay->node, &ops, replay);
    return STATUS_OK;
}

NODISCARD static enum status
take_config(struct replay *replay)
{
    enum status st = STATUS_BAD_ENCODING;

    if (replay->node == NULL)
        st = node_new(&replay->now.config, &replay->node);
    return st == STATUS_OK ? st
                           : fault(replay, st, "the configuration: %s",
                                   status_words(st));
}

NODISCARD static enum status
take_record(struct replay *replay)
{
    struct span record = {replay->record, replay->record_len};
    enum status st = recording_read(record, &replay->now);

    if (st == STATUS_OK && replay->now.kind != RECORDING_CONFIG &&
        replay->node == NULL)
        st = STATUS_BAD_ENCODING;
    if (st == STATUS_OK && replay->now.kind != RECORDING_TURN &&
        replay->turn != NULL)
        st = STATUS_BAD_ENCODING;
    if (st != STATUS_OK)
        return fault(replay, st, "a record that does not fit");
    switch (replay->now.kind) {
    case RECORDING_CONFIG: return take_config(replay);
    case RECORDING_KEY: return take_key(replay);
    case RECORDING_STATE: return take_state(replay);
    case RECORDING_BEGIN: return begin(replay);
    case RECORDING_TURN: return run_turn(replay);
    }
    return STATUS_BAD_ENCODING;
}

/* --- packets ------------------------------------------------------------- */

static void
append(struct replay *replay, const uint8_t *bytes, size_t len)
{
    if (replay->record_cap - replay->record_len < len) {
        size_t   cap = 2 * replay->record_cap + len;
        uint8_t *record = malloc(cap);

        if (record == NULL)
            abort();
        if (replay->record_len > 0)
            memcpy(record, replay->record, replay->record_len);
        if (replay->record != NULL)
            secret_wipe_bytes(replay->record, replay->record_len);
        free(replay->record);
        replay->record = record;
        replay->record_cap = cap;
    }
    memcpy(replay->record + replay->record_len, bytes, len);
    replay->record_len += len;
}

NODISCARD static enum status
take_piece(struct replay *replay, struct span sealed)
{
    uint8_t     piece[CAPSULE_PIECE];
    size_t      len = 0;
    bool        more = false;
    enum status st;

    st = capsule_open(&replay->key, ++replay->pieces, sealed, piece, &len,
                      &more);
    if (st != STATUS_OK)
        return fault(replay, st, "a replay record was changed or is missing");
    append(replay, piece, len);
    secret_wipe_bytes(piece, sizeof(piece));
    if (more)
        return STATUS_OK;
    st = take_record(replay);
    secret_wipe_bytes(replay->record, replay->record_len);
    secret_wipe(&replay->now);
    replay->record_len = 0;
    return st;
}

NODISCARD static enum status
take_sealed(struct replay *replay, struct span bytes, struct span passphrase)
{
    enum status st;

    if (replay->has_key)
        return take_piece(replay, bytes);
    st = envelope_open(bytes, ENVELOPE_CAPTURE, passphrase, &replay->key);
    if (st != STATUS_OK)
        return fault(replay, st, "the replay records: %s", status_words(st));
    replay->has_key = true;
    return STATUS_OK;
}

NODISCARD static enum status
take_wire(struct replay *replay, const struct pcapng_packet *packet)
{
    struct track_place at = {0};
    enum status        st;

    if (replay->turn == NULL)
        return STATUS_OK; /* before the state */
    if (packet->direction == PCAPNG_IN)
        return track_wire_in(replay->track, packet->queue, packet->bytes);
    st = track_wire_out(replay->track, packet->queue, packet->bytes, &at);
    if (st != STATUS_OK)
        return fault(replay, st,
                     "out, link %u: frame %llu on the wire is not what was "
                     "sent from offset %zu on",
                     packet->queue, (unsigned long long)at.frame, at.offset);
    replay->report->bytes_out += packet->bytes.len;
    return STATUS_OK;
}

NODISCARD static enum status
take_packets(struct replay *replay, struct span passphrase)
{
    struct pcapng_packet packet;
    enum status          st;

    while ((st = pcapng_next(&replay->file, &packet)) == STATUS_OK) {
        uint16_t type = replay->file.link_type[packet.interface];

        replay->report->packets++;
        if (type == CAPTURE_RECORDS)
            st = take_sealed(replay, packet.bytes, passphrase);
        else if (type == CAPTURE_WIRE)
            st = take_wire(replay, &packet);
        if (st != STATUS_OK)
            return st;
    }
    replay->report->cut = st != STATUS_AGAIN || replay->record_len > 0;
    if (!replay->has_key)
        return fault(replay, STATUS_NOT_FOUND,
                     "this capture holds no replay records");
    if (replay->turn == NULL)
        return fault(replay, STATUS_NOT_FOUND,
                     "this capture ends before its state is whole");
    return STATUS_OK;
}

enum status
replay_run(struct span file, struct span passphrase,
           struct replay_report *report)
{
    struct replay replay = {.report = report};
    enum status   st = pcapng_open(file, &replay.file);

    *report = (struct replay_report){0};
    if (st != STATUS_OK)
        return fault(&replay, st, "this is not a capture of a node");
    replay.track = track_new();
    st = take_packets(&replay, passphrase);
    turn_free(replay.turn);
    if (replay.node != NULL)
        node_free(replay.node);
    track_free(replay.track);
    if (replay.record != NULL)
        secret_wipe_bytes(replay.record, replay.record_cap);
    free(replay.record);
    secret_wipe(&replay.key);
    secret_wipe(&replay.now); /* (I2) */
    return st;
}

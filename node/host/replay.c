/*
 * replay.c - a capture read once, from front to back.
 *
 *   packet of interface "records":  envelope, then pieces -> records -> rerun
 *   packet of interface "wire":     compared with what turns sent, or kept
 *       for the frames that turns will have received
 *
 * Invariants:
 *  (I1) the first difference ends the run and is the one reported; where that
 *       is a frame, only the wire is read on, for the bytes that it had;
 *  (I2) keys and records are wiped on every path.
 */
#include "node/host/replay.h"

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/host/rerun.h"
#include "node/host/track.h"

#include <inttypes.h>
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
    struct recording      now; /* the record under way */
    struct track         *track;
    struct rerun         *rerun;
};

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
        return replay_report_fault(replay->report, st,
                                   "a replay record was changed or is missing");
    append(replay, piece, len);
    secret_wipe_bytes(piece, sizeof(piece));
    if (more)
        return STATUS_OK;
    st = recording_read((struct span){replay->record, replay->record_len},
                        &replay->now);
    if (st == STATUS_OK)
        st = rerun_take(replay->rerun, &replay->now);
    else
        st = replay_report_fault(replay->report, st,
                                 "a record that is malformed");
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
        return replay_report_fault(replay->report, st,
                                   "the replay records: %s", status_words(st));
    replay->has_key = true;
    return STATUS_OK;
}

NODISCARD static enum status
take_wire(struct replay *replay, const struct pcapng_packet *packet)
{
    struct track_place at;
    enum status        st;

    if (!rerun_begun(replay->rerun))
        return STATUS_OK; /* before the state */
    track_rename(replay->track, packet->queue, packet->comment);
    if (packet->direction == PCAPNG_IN)
        return track_wire_in(replay->track, packet->queue, packet->bytes);
    st = track_wire_out(replay->track, packet->queue, packet->bytes, &at);
    if (st != STATUS_OK)
        return replay_report_fault(
            replay->report, st,
            "out, %s: frame %" PRIu64 ", offset %zu: the wire is not what the "
            "node sends: %s",
            track_name(replay->track, packet->queue), at.frame, at.offset,
            at.bytes);
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
        replay->report->at.packet = replay->file.packet_number;
        if (type == CAPTURE_RECORDS)
            st = take_sealed(replay, packet.bytes, passphrase);
        else if (type == CAPTURE_WIRE)
            st = take_wire(replay, &packet);
        if (st != STATUS_OK)
            return st;
    }
    replay->report->cut = st != STATUS_AGAIN || replay->record_len > 0;
    return STATUS_OK;
}

/* A frame differs, by length and digest: the wire has the bytes that it had
 * (I1). */
static void
find_bytes(struct replay *replay, uint64_t link)
{
    struct replay_report *report = replay->report;
    struct pcapng_packet  packet;
    struct track_place    at;
    size_t                len = strlen(report->words);

    while (pcapng_next(&replay->file, &packet) == STATUS_OK) {
        if (replay->file.link_type[packet.interface] != CAPTURE_WIRE ||
            packet.direction != PCAPNG_OUT || packet.queue != (uint32_t)link)
            continue;
        if (track_wire_out(replay->track, link, packet.bytes, &at) ==
            STATUS_OK)
            continue;
        snprintf(report->words + len, sizeof(report->words) - len,
                 "; on the wire frame %" PRIu64 ", offset %zu: %s", at.frame,
                 at.offset, at.bytes);
        return;
    }
}

/* Whether the file is one that can be replayed at all. */
NODISCARD static enum status
check_file(struct replay *replay, struct span file)
{
    enum status st = pcapng_open(file, &replay->file);
    uint32_t    version;

    if (st == STATUS_OK)
        st = capture_file_version(replay->file.comment, &version);
    if (st != STATUS_OK)
        return replay_report_fault(replay->report, st,
                                   "this is not a capture of a node");
    if (version != CAPTURE_FILE_VERSION)
        return replay_report_fault(
            replay->report, STATUS_BAD_VERSION,
            "this capture was made under version %" PRIu32
            " of the protocol, and this program is of version %d",
            version, CAPTURE_FILE_VERSION);
    return st;
}

NODISCARD static enum status
check_end(struct replay *replay)
{
    if (!replay->has_key)
        return replay_report_fault(
            replay->report, STATUS_NOT_FOUND,
            "this capture has no records: it was made without --replay");
    if (!rerun_begun(replay->rerun))
        return replay_report_fault(
            replay->report, STATUS_NOT_FOUND,
            "this capture ends before its state is whole");
    return STATUS_OK;
}

enum status
replay_run(struct span file, struct span passphrase,
           const struct rerun_observer *observer, struct replay_report *report)
{
    struct replay replay = {.report = report};
    enum status   st;

    *report = (struct replay_report){0};
    st = check_file(&replay, file);
    if (st != STATUS_OK)
        return st;
    replay.track = track_new();
    replay.rerun = rerun_new(replay.track, report, observer);
    st = take_packets(&replay, passphrase);
    if (st == STATUS_OK)
        st = check_end(&replay);
    if (st == STATUS_DIFFERENT && rerun_differs_on(replay.rerun) > 0)
        find_bytes(&replay, rerun_differs_on(replay.rerun));
    rerun_free(replay.rerun);
    track_free(replay.track);
    if (replay.record != NULL)
        secret_wipe_bytes(replay.record, replay.record_cap);
    free(replay.record);
    secret_wipe(&replay.key);
    secret_wipe(&replay.now); /* (I2) */
    return st;
}

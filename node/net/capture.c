/*
 * capture.c - packets out of bytes and frames, records out of turns, a spool
 * for all.
 *
 * Invariants:
 *  (I1) no byte of a record reaches the spool unsealed, and the memory in
 *       which it was encoded is wiped;
 *  (I2) after the first failure nothing is written;
 *  (I3) each file begins with a head and ends at a whole packet, within the
 *       limit; a capture with records has one file.
 */
#include "node/net/capture.h"

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/net/clock.h"
#include "node/net/spool.h"
#include "proto/protobuf.h"

#include "link.pb-c.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACKET_OVERHEAD = 512 };

#define ENDING ".pcapng"

struct capture {
    struct spool   *spool;
    char            name[LIMIT_NAME + 1];
    char            first[PATH_MAX]; /* as it was named */
    char            path[PATH_MAX];  /* of the file that is written */
    uint32_t        number;          /* of that file, from 1 */
    uint32_t        keep;
    uint64_t        limit;
    bool            frames;
    bool            records;
    struct secret32 key;
    uint64_t        pieces; /* sealed so far; numbers the next */
    uint64_t        bytes;  /* put */
    uint64_t        before; /* of them, into earlier files */
    uint64_t        packets;
    enum status     failed; /* (I2) */
    uint8_t         packet[PCAPNG_PACKET_MAX + PACKET_OVERHEAD];
};

/* --- files --------------------------------------------------------------- */

static void
put(struct capture *capture, struct span bytes)
{
    if (capture->failed == STATUS_OK)
        capture->failed = spool_put(capture->spool, bytes);
    if (capture->failed == STATUS_OK)
        capture->bytes += bytes.len;
}

static void
put_head(struct capture *capture)
{
    uint8_t head[CAPTURE_FILE_HEAD_MAX];

    put(capture, (struct span){head, capture_file_head(head)});
}

/* TOO_LARGE: no path can be so long. */
NODISCARD static enum status
number_path(const char *first, uint32_t number, char out[static PATH_MAX])
{
    size_t len = strlen(first);
    size_t end = strlen(ENDING);
    bool   ends = len > end && strcmp(first + len - end, ENDING) == 0;
    int    used;

    if (number == 1)
        used = snprintf(out, PATH_MAX, "%s", first);
    else
        used = snprintf(out, PATH_MAX, "%.*s-%05u%s",
                        (int)(ends ? len - end : len), first, number,
                        ends ? ENDING : "");
    return used < PATH_MAX ? STATUS_OK : STATUS_TOO_LARGE;
}

/* (I3) */
static void
next_file(struct capture *capture)
{
    bool        full = capture->number >= capture->keep;
    char        gone[PATH_MAX];
    enum status st;

    if (capture->records) {
        capture->failed = STATUS_TOO_LARGE;
        return;
    }
    st = number_path(capture->first, ++capture->number, capture->path);
    if (st == STATUS_OK && full)
        st = number_path(capture->first, capture->number - capture->keep,
                         gone);
    if (st == STATUS_OK)
        st = spool_next(capture->spool, capture->path, full ? gone : NULL);
    capture->failed = st;
    capture->before = capture->bytes;
    put_head(capture);
}

/* --- packets ------------------------------------------------------------- */

static void
put_packet(struct capture *capture, const struct pcapng_packet *packet)
{
    struct writer out = writer_of(capture->packet, sizeof(capture->packet));

    pcapng_put_packet(&out, packet);
    assert(!out.failed);
    if (capture->failed == STATUS_OK &&
        capture->bytes - capture->before + out.len > capture->limit)
        next_file(capture);
    put(capture, writer_span(&out));
    capture->packets++;
}

/* "ifc to jmsdf, link 2, dialled", or from "link" on where the peer is not
 * known; for a frame its kind follows. */
static void
put_of_link(struct capture *capture, struct pcapng_packet *packet,
            uint64_t link, const char *peer, const char *kind)
{
    bool out = packet->direction == PCAPNG_OUT;
    bool known = peer[0] != '\0';
    char comment[PCAPNG_TEXT_MAX];
    int  len;

    packet->time_ns = clock_wall_ns();
    packet->queue = (uint32_t)link;
    len = snprintf(comment, sizeof(comment), "%s%s%s%slink %llu, %s%s%s",
                   !known ? "" : out ? capture->name : peer,
                   known ? " to " : "",
                   !known ? "" : out ? peer : capture->name,
                   known ? ", " : "", (unsigned long long)link,
                   link % 2 == 0 ? "dialled" : "accepted",
                   kind != NULL ? ", " : "", kind != NULL ? kind : "");
    assert(len > 0 && (size_t)len < sizeof(comment));
    packet->comment = (struct span){(const uint8_t *)comment, (size_t)len};
    put_packet(capture, packet);
}

void
capture_wire(struct capture *capture, uint64_t link, const char *peer,
             bool out, struct span bytes)
{
    struct pcapng_packet packet = {
        .interface = CAPTURE_FILE_WIRE,
        .direction = out ? PCAPNG_OUT : PCAPNG_IN,
    };

    while (bytes.len > 0) {
        packet.bytes = bytes;
        if (packet.bytes.len > PCAPNG_PACKET_MAX)
            packet.bytes.len = PCAPNG_PACKET_MAX;
        put_of_link(capture, &packet, link, peer, NULL);
        bytes.ptr += packet.bytes.len;
        bytes.len -= packet.bytes.len;
    }
}

/* --- frames -------------------------------------------------------------- */

/* "leaves"; whoever sent it, only the first field is looked at. */
static const char *
kind_of(struct span frame)
{
    struct reader                   in = reader_of(frame);
    uint64_t                        tag = protobuf_varint(&in);
    const ProtobufCFieldDescriptor *field = NULL;

    if (!in.failed && tag >> 3 <= INT_MAX)
        field = protobuf_c_message_descriptor_get_field(
            &entente__frame__descriptor, (unsigned)(tag >> 3));
    return field != NULL ? field->name : "of no known kind";
}

void
capture_frames(struct capture *capture, const struct effects *effects)
{
    if (!capture->frames)
        return;
    for (const struct effects_frame *frame = effects->frames; frame != NULL;
         frame = frame->next) {
        struct pcapng_packet packet = {
            .interface = CAPTURE_FILE_FRAMES,
            .direction = frame->out ? PCAPNG_OUT : PCAPNG_IN,
            .bytes = frame->bytes,
        };

        put_of_link(capture, &packet, frame->link, frame->peer,
                    kind_of(frame->bytes));
    }
}

/* --- records ------------------------------------------------------------- */

static void
put_sealed(struct capture *capture, struct span record)
{
    struct pcapng_packet packet = {.interface = CAPTURE_FILE_RECORDS,
                                   .time_ns = clock_wall_ns()};
    uint8_t              sealed[CAPSULE_LEN_MAX];

    do {
        size_t len = capsule_seal(&capture->key, ++capture->pieces, &record,
                                  sealed); /* (I1) */

        packet.bytes = (struct span){sealed, len};
        put_packet(capture, &packet);
    } while (record.len > 0);
}

static void
put_record(struct capture *capture, const struct recording *recording,
           struct recording_turn turn)
{
    size_t        len = recording_len(recording, turn);
    uint8_t      *bytes = malloc(len);
    struct writer out = writer_of(bytes, len);

    if (bytes == NULL) {
        capture->failed = STATUS_FULL;
        return;
    }
    recording_put(&out, recording, turn);
    assert(!out.failed && out.len == len);
    put_sealed(capture, writer_span(&out));
    secret_wipe_bytes(bytes, len);
    free(bytes);
}

void
capture_state(struct capture *capture, const struct node_config *config,
              const struct effects *state)
{
    struct recording recording = {.kind = RECORDING_CONFIG, .config = *config};

    if (!capture->records || capture->failed != STATUS_OK)
        return;
    put_record(capture, &recording, (struct recording_turn){0});
    recording.kind = RECORDING_KEY;
    for (size_t i = 0; i < state->count; i++) {
        recording.key = state->list[i].key;
        if (state->list[i].kind == EFFECT_KEY)
            put_record(capture, &recording, (struct recording_turn){0});
    }
    secret_wipe(&recording.key);
    recording.kind = RECORDING_STATE;
    for (size_t i = 0; i < state->count; i++) {
        recording.public_part = state->list[i].bytes;
        recording.secret = state->list[i].secret;
        if (state->list[i].kind == EFFECT_SAVE)
            put_record(capture, &recording, (struct recording_turn){0});
    }
    recording.kind = RECORDING_BEGIN;
    put_record(capture, &recording, (struct recording_turn){0});
}

void
capture_turn(struct capture *capture, const struct turn_input *input,
             const struct event *events, size_t count,
             const struct effects *effects)
{
    struct recording recording = {.kind = RECORDING_TURN,
                                  .input = *input,
                                  .event_count = (uint32_t)count};

    if (capture->records && capture->failed == STATUS_OK)
        put_record(capture, &recording,
                   (struct recording_turn){events, effects});
    secret_wipe(&recording);
}

/* --- life ---------------------------------------------------------------- */

NODISCARD static enum status
put_envelope(struct capture *capture, struct span passphrase)
{
    struct envelope_info info = {.purpose = ENVELOPE_CAPTURE,
                                 .cost = ENVELOPE_MODERATE};
    struct pcapng_packet packet = {.interface = CAPTURE_FILE_RECORDS,
                                   .time_ns = clock_wall_ns()};
    uint8_t              salt[ENVELOPE_SALT_LEN];
    uint8_t              nonce[ENVELOPE_NONCE_LEN];
    uint8_t              envelope[ENVELOPE_LEN];
    enum status          st;

    clock_random(capture->key.bytes, sizeof(capture->key.bytes));
    clock_random(info.id, sizeof(info.id));
    clock_random(salt, sizeof(salt));
    clock_random(nonce, sizeof(nonce));
    st = envelope_seal(&info, passphrase, salt, nonce, &capture->key,
                       envelope);
    if (st != STATUS_OK)
        return st;
    packet.bytes = SPAN_OF(envelope);
    put_packet(capture, &packet);
    return capture->failed;
}

const char *
capture_refuses(const struct capture_options *options)
{
    if (strlen(options->path) >= PATH_MAX - sizeof("-4294967295"))
        return "the path is too long";
    if (options->limit > 0 && options->limit < CAPTURE_LIMIT_MIN)
        return "a file of a capture has 1 MiB at least";
    if (options->keep > CAPTURE_KEEP_MAX)
        return "at most 10000 files of a capture are kept";
    if (options->keep > 0 && options->passphrase.len > 0)
        return "replay records are of no use from the middle on: such a "
               "capture has one file, and ends at its limit";
    return NULL;
}

enum status
capture_open(const struct capture_options *options, struct capture **out)
{
    struct capture *capture = calloc(1, sizeof(*capture));
    enum status     st;

    assert(capture_refuses(options) == NULL);
    if (capture == NULL)
        return STATUS_FULL;
    st = spool_open(options->path, &capture->spool);
    if (st != STATUS_OK) {
        free(capture);
        return st;
    }
    snprintf(capture->name, sizeof(capture->name), "%s", options->name);
    snprintf(capture->first, PATH_MAX, "%s", options->path);
    snprintf(capture->path, PATH_MAX, "%s", options->path);
    capture->number = 1;
    capture->limit = options->limit > 0 ? options->limit : CAPTURE_LIMIT;
    capture->keep = options->keep > 0 ? options->keep : CAPTURE_KEEP;
    capture->failed = STATUS_OK;
    capture->frames = options->frames;
    capture->records = options->passphrase.len > 0;
    put_head(capture);
    if (capture->records)
        st = put_envelope(capture, options->passphrase);
    if (st == STATUS_OK) {
        *out = capture;
        return st;
    }
    if (capture_close(capture) != STATUS_OK)
        st = STATUS_IO;
    return st;
}

bool
capture_has_records(const struct capture *capture)
{
    return capture->records;
}

bool
capture_has_frames(const struct capture *capture)
{
    return capture->frames;
}

uint64_t
capture_bytes(const struct capture *capture)
{
    return capture->bytes;
}

uint64_t
capture_packets(const struct capture *capture)
{
    return capture->packets;
}

const char *
capture_path(const struct capture *capture)
{
    return capture->path;
}

enum status
capture_failed(const struct capture *capture)
{
    return capture->failed;
}

enum status
capture_close(struct capture *capture)
{
    enum status st = spool_close(capture->spool);

    if (st == STATUS_OK)
        st = capture->failed;
    secret_wipe(capture);
    free(capture);
    return st;
}

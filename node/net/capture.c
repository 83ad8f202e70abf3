/*
 * capture.c - packets out of bytes, records out of turns, a spool for both.
 *
 * Invariants:
 *  (I1) no byte of a record reaches the spool unsealed, and the memory in
 *       which it was encoded is wiped;
 *  (I2) after the first failure nothing is written.
 */
#include "node/net/capture.h"

#include "crypto/envelope.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/net/clock.h"
#include "node/net/spool.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_LEN = 64, PACKET_OVERHEAD = 512 };

struct capture {
    struct spool   *spool;
    bool            records;
    struct secret32 key;
    uint64_t        pieces; /* sealed so far; numbers the next */
    uint64_t        bytes; /* put */
    enum status     failed; /* (I2) */
    uint8_t         packet[PCAPNG_PACKET_MAX + PACKET_OVERHEAD];
};

/* --- packets ------------------------------------------------------------- */

static void
put(struct capture *capture, struct span bytes)
{
    if (capture->failed == STATUS_OK)
        capture->failed = spool_put(capture->spool, bytes);
    if (capture->failed == STATUS_OK)
        capture->bytes += bytes.len;
}

static void
put_packet(struct capture *capture, const struct pcapng_packet *packet)
{
    struct writer out = writer_of(capture->packet, sizeof(capture->packet));

    pcapng_put_packet(&out, packet);
    assert(!out.failed);
    put(capture, writer_span(&out));
}

void
capture_wire(struct capture *capture, uint64_t link, bool out,
             struct span bytes)
{
    struct pcapng_packet packet = {
        .interface = CAPTURE_FILE_WIRE,
        .time_ns = clock_wall_ns(),
        .direction = out ? PCAPNG_OUT : PCAPNG_IN,
        .queue = (uint32_t)link,
    };
    char comment[COMMENT_LEN];

    snprintf(comment, sizeof(comment), "link %llu, %s",
             (unsigned long long)link, link % 2 == 0 ? "dialled" : "accepted");
    packet.comment = span_text(comment);
    while (bytes.len > 0) {
        packet.bytes = bytes;
        if (packet.bytes.len > PCAPNG_PACKET_MAX)
            packet.bytes.len = PCAPNG_PACKET_MAX;
        put_packet(capture, &packet);
        bytes.ptr += packet.bytes.len;
        bytes.len -= packet.bytes.len;
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

enum status
capture_open(const char *path, struct span passphrase, struct capture **out)
{
    struct capture *capture = calloc(1, sizeof(*capture));
    uint8_t         head[CAPTURE_FILE_HEAD_MAX];
    enum status     st;

    if (capture == NULL)
        return STATUS_FULL;
    st = spool_open(path, &capture->spool);
    if (st != STATUS_OK) {
        free(capture);
        return st;
    }
    capture->failed = STATUS_OK;
    capture->records = passphrase.len > 0;
    put(capture, (struct span){head, capture_file_head(head)});
    if (capture->records)
        st = put_envelope(capture, passphrase);
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

uint64_t
capture_bytes(const struct capture *capture)
{
    return capture->bytes;
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

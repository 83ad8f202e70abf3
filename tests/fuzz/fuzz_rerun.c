/*
 * fuzz_rerun.c - a capture for exact replay, by one who knows its passphrase:
 * what stands in its packets is sealed and opened again without a key, so
 * that any record reaches the node that replays it.
 *
 * Whatever it holds, the run ends, and names a packet of the file and words.
 *
 * Linked with --wrap=envelope_open and --wrap=capsule_open.
 */
#include "node/host/capsule.h"

#include "crypto/envelope.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "node/host/replay.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/duo.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = false; /* a capture may end after any turn */

enum { FILE_MAX = 1 << 20 };

enum status __wrap_envelope_open(struct span           encoded,
                                 enum envelope_purpose purpose,
                                 struct span           passphrase,
                                 struct secret32      *secret);
enum status __wrap_capsule_open(const struct secret32 *key, uint64_t number,
                                struct span sealed,
                                uint8_t     out[static CAPSULE_PIECE],
                                size_t *len, bool *more);

enum status
__wrap_envelope_open(struct span encoded, enum envelope_purpose purpose,
                     struct span passphrase, struct secret32 *secret)
{
    (void)passphrase;
    *secret = (struct secret32){0};
    return purpose == ENVELOPE_CAPTURE && encoded.len == 1
               ? STATUS_OK
               : STATUS_PASSPHRASE;
}

/* A byte that says whether the record goes on, then its piece. */
enum status
__wrap_capsule_open(const struct secret32 *key, uint64_t number,
                    struct span sealed, uint8_t out[static CAPSULE_PIECE],
                    size_t *len, bool *more)
{
    struct reader in = reader_of(sealed);

    (void)key;
    (void)number;
    *more = reader_u8(&in) == 1;
    if (in.failed || in.left > CAPSULE_PIECE)
        return STATUS_BAD_ENCODING;
    *len = in.left;
    reader_copy(&in, out, *len);
    return STATUS_OK;
}

bool
fuzz_one(struct span in)
{
    struct replay_report report;
    enum status st = replay_run(in, span_text("sesame"), NULL, &report);

    assert(memchr(report.words, 0, sizeof(report.words)) != NULL);
    assert(report.at.packet <= report.packets);
    assert(st == STATUS_OK || report.words[0] != '\0');
    return st == STATUS_OK;
}

/* --- good inputs: node a films itself ------------------------------------ */

struct film {
    struct writer     file;
    struct duo_party *party;
    bool              begun;
};

static void
put_packet(struct film *film, uint32_t interface,
           enum pcapng_direction direction, uint64_t link, struct span bytes)
{
    const struct pcapng_packet packet = {.interface = interface,
                                         .direction = direction,
                                         .queue = (uint32_t)link,
                                         .bytes = bytes};

    pcapng_put_packet(&film->file, &packet);
    assert(writer_end(&film->file) == STATUS_OK);
}

static void
put_record(struct film *film, const struct recording *recording,
           struct recording_turn turn)
{
    static uint8_t bytes[1 + CAPSULE_PIECE];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    writer_u8(&out, 0);
    recording_put(&out, recording, turn);
    assert(writer_end(&out) == STATUS_OK);
    put_packet(film, CAPTURE_FILE_RECORDS, PCAPNG_UNKNOWN, 0,
               writer_span(&out));
}

static void
put_wire(struct film *film, enum pcapng_direction direction, uint64_t link,
         struct span frame)
{
    static uint8_t bytes[2 + LIMIT_FRAME];
    struct writer  out = writer_of(bytes, sizeof(bytes));

    writer_put16(&out, frame);
    put_packet(film, CAPTURE_FILE_WIRE, direction, link, writer_span(&out));
}

static void
put_state(struct film *film)
{
    struct recording recording = {.kind = RECORDING_CONFIG,
                                  .config = film->party->config};
    struct effects   state;

    effects_init(&state);
    node_export(film->party->node, &state);
    put_record(film, &recording, (struct recording_turn){0});
    for (size_t i = 0; i < state.count; i++) {
        const struct effect *effect = &state.list[i];

        recording.kind = effect->kind == EFFECT_KEY ? RECORDING_KEY
                                                    : RECORDING_STATE;
        recording.key = effect->key;
        recording.public_part = effect->bytes;
        recording.secret = effect->secret;
        put_record(film, &recording, (struct recording_turn){0});
    }
    recording.kind = RECORDING_BEGIN;
    put_record(film, &recording, (struct recording_turn){0});
    effects_free(&state);
}

static void
on_seen(void *arg, const struct turn_input *input, const struct event *events,
        size_t count, const struct effects *effects)
{
    struct film     *film = arg;
    struct recording turn = {.kind = RECORDING_TURN,
                             .input = *input,
                             .event_count = (uint32_t)count};

    if (!film->begun) { /* the turn with the quiesce: all links are closed */
        put_state(film);
        film->begun = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_LINK_FRAME)
            put_wire(film, PCAPNG_IN, events[i].link, events[i].bytes);
    put_record(film, &turn, (struct recording_turn){events, effects});
    for (size_t i = 0; i < effects->count; i++)
        if (effects->list[i].kind == EFFECT_SEND)
            put_wire(film, PCAPNG_OUT, effects->list[i].link,
                     effects->list[i].bytes);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static uint8_t bytes[FILE_MAX];
    struct film    film = {.file = writer_of(bytes, sizeof(bytes))};
    struct duo    *duo = duo_new();
    struct event   quiesce = {.kind = EVENT_QUIESCE};

    film.file.len = capture_file_head(bytes);
    put_packet(&film, CAPTURE_FILE_RECORDS, PCAPNG_UNKNOWN, 0, span_text("e"));
    film.party = &duo->a;
    duo->a.seen = on_seen;
    duo->a.seen_arg = &film;
    duo_post(&duo->a, &quiesce);
    duo_turn(&duo->a);
    seed(arg, "alone", writer_span(&film.file));
    duo_pair(duo);
    duo_wait(duo, 1000);
    seed(arg, "paired", writer_span(&film.file));
    duo_submit(&duo->a, "node2", 1, "FLASH", "filmed", "received");
    duo_wait(duo, 1000);
    seed(arg, "note", writer_span(&film.file));
    duo_free(duo);
}

/*
 * test_protocol_capture.c - PROTOCOL.md's examples of a capture.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/keyring_slot.h"
#include "node/host/capsule.h"
#include "node/host/capture_file.h"
#include "node/host/recording.h"
#include "tests/unit/protocol_world.h"

enum { NS_A_MS = 1000000, LINK = 2 };

static void
a_capture_begins_with_its_interfaces(void **state)
{
    uint8_t head[CAPTURE_FILE_HEAD_MAX];
    size_t  len = capture_file_head(head);

    (void)state;
    page_hex("capture/head", (struct span){head, len});
}

static void
a_packet_holds_bytes_of_a_link(void **state)
{
    const struct pcapng_packet packet = {
        .interface = CAPTURE_FILE_WIRE,
        .time_ns = EXAMPLE_MS * NS_A_MS,
        .direction = PCAPNG_OUT,
        .queue = LINK,
        .comment = span_text("link 2, dialled"),
        .bytes = span_text("five!"),
    };
    uint8_t       bytes[256];
    struct writer out = writer_of(bytes, sizeof(bytes));

    (void)state;
    pcapng_put_packet(&out, &packet);
    assert_int_equal(writer_end(&out), STATUS_OK);
    page_hex("capture/packet", writer_span(&out));
}

/* One of each kind; only the fields that the kind has. */
static void
fill_effect(struct effect *effect)
{
    switch (effect->kind) {
    case EFFECT_KEY:
        effect->key.kind = KEYRING_VAULT;
        effect->key.state = KEYRING_CURRENT;
        effect->key.number = 7;
        count_from(0xa0, effect->key.secret.bytes, LIMIT_KEY);
        break;
    case EFFECT_SAVE:
        effect->bytes = span_text("public");
        effect->secret = span_text("secret");
        effect->vault = 7;
        break;
    case EFFECT_LOAD:
        effect->token = 3;
        effect->query.kind = QUERY_PENDING;
        break;
    case EFFECT_DIAL:
        effect->link = LINK;
        effect->bytes = span_text("127.0.0.1:7300");
        break;
    case EFFECT_CLOSE: effect->link = LINK; break;
    case EFFECT_WAKE_AT: effect->mono_ms = 2000; break;
    case EFFECT_SEND:
    case EFFECT_TELL:
    case EFFECT_LOG:
        effect->link = effect->kind == EFFECT_SEND ? LINK : 0;
        effect->client = effect->kind == EFFECT_TELL ? 1 : 0;
        effect->bytes = span_text("five!");
        break;
    case EFFECT_CHUNK:
    case EFFECT_DROP:
        count_from(0xb0, effect->file.digest, LIMIT_DIGEST);
        effect->file.outgoing = effect->kind == EFFECT_DROP;
        effect->file.count = effect->kind == EFFECT_CHUNK ? 3 : 0;
        effect->bytes = effect->kind == EFFECT_CHUNK ? span_text("five!")
                                                     : SPAN_EMPTY;
        break;
    case EFFECT_KIND_COUNT: fail();
    }
}

/* A turn in which a timer was heard, and an effect of each kind had. */
static struct span
turn_record(uint8_t *bytes, size_t cap)
{
    const struct event timer = {.kind = EVENT_TIMER};
    struct recording   turn = {.kind = RECORDING_TURN,
                               .input = {.mono_ms = 1000,
                                         .wall_ms = EXAMPLE_MS},
                               .event_count = 1};
    struct writer      out = writer_of(bytes, cap);
    struct effects     effects;

    effects_init(&effects);
    count_from(0x90, effects.nonce, sizeof(effects.nonce));
    count_from(0x53, turn.input.seed, sizeof(turn.input.seed));
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++)
        fill_effect(effects_add(&effects, (enum effect_kind)kind));
    recording_put(&out, &turn, (struct recording_turn){&timer, &effects});
    effects_free(&effects);
    assert_int_equal(writer_end(&out), STATUS_OK);
    return writer_span(&out);
}

static void
a_record_is_sealed_in_pieces(void **state)
{
    struct secret32 key = secret_from(0x52);
    uint8_t         bytes[2048], sealed[CAPSULE_LEN_MAX];
    struct span     record = turn_record(bytes, sizeof(bytes));
    size_t          len;

    (void)state;
    page_hex("capture/turn", record);
    len = capsule_seal(&key, 1, &record, sealed);
    assert_int_equal(record.len, 0);
    page_hex("capture/sealed", (struct span){sealed, len});
}

static void
no_block_of_this_area_is_left_over(void **state)
{
    static const char *const areas[] = {"capture/"};

    (void)state;
    page_all_seen(areas, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_begins_with_its_interfaces),
        cmocka_unit_test(a_packet_holds_bytes_of_a_link),
        cmocka_unit_test(a_record_is_sealed_in_pieces),
        cmocka_unit_test(no_block_of_this_area_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}

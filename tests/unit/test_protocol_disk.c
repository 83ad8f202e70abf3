/*
 * test_protocol_disk.c - PROTOCOL.md's examples of what a node keeps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/envelope.h"
#include "crypto/keyring_slot.h"
#include "node/store/pack.h"
#include "tests/unit/protocol_world.h"

static void
nonce_from(unsigned first, uint8_t out[static 24])
{
    count_from(first, out, 24);
}

static struct segment
example_segment(void)
{
    struct segment segment = {.number = 1, .first_sequence = 1};

    count_from(0x70, segment.file_id, sizeof(segment.file_id));
    return segment;
}

/* OUT_HEAD of the log's second head. */
static struct span
head_record(const struct example_log *log, uint8_t out[static 1024])
{
    struct record record = {.kind = RECORD_OUT_HEAD,
                            .size = 2,
                            .time = EXAMPLE_MS};
    struct writer to = writer_of(out, 1024);

    assert_int_equal(origin_parse(log->origin, &record.origin), STATUS_OK);
    memcpy(record.root, log->heads[1].root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, log->signature, LIMIT_SIGNATURE);
    record_encode(&record, &to);
    assert_int_equal(writer_end(&to), STATUS_OK);
    return writer_span(&to);
}

static void
a_record_is_its_kind_and_its_fields(void **state)
{
    struct example_log log = example_log();
    uint8_t            bytes[1024];

    (void)state;
    page_hex("disk/record", head_record(&log, bytes));
}

static void
a_segment_begins_with_its_header(void **state)
{
    struct segment segment = example_segment();
    uint8_t        bytes[SEGMENT_PAGE];

    (void)state;
    segment_encode(&segment, bytes);
    assert_true(secret_is_zero(bytes + 80, sizeof(bytes) - 80));
    page_hex("disk/segment", (struct span){bytes, 80});
}

static enum status
find_vault(void *arg, uint32_t vault, struct secret32 *out)
{
    (void)arg;
    assert_int_equal(vault, 1);
    *out = secret_from(0x51);
    return STATUS_OK;
}

/* PENDING of the message, with its secret. */
static void
add_pending(const struct example_log *log, struct effects *effects)
{
    struct record        record = {.kind = RECORD_PENDING,
                                   .time = EXAMPLE_MS,
                                   .precedence = PRECEDENCE_IMMEDIATE,
                                   .count = log->author_len,
                                   .words = span_text(REALM_ACTUAL)};
    struct record_secret secret = {
        .kind = span_text("note"),
        .status = span_text("ACTUAL"),
        .subject = span_text("Suspicious approach"),
        .message = {log->author, log->author_len}};
    uint8_t        bytes[1024], hidden[2048];
    struct writer  out = writer_of(bytes, sizeof(bytes));
    struct writer  secrets = writer_of(hidden, sizeof(hidden));
    struct effect *effect;

    count_from(0x10, record.peer.bytes, LIMIT_NODE_ID);
    count_from(0x70, record.id.bytes, LIMIT_MESSAGE_ID);
    record_encode(&record, &out);
    record_secret_encode(&secret, &secrets);
    effect = effects_add(effects, EFFECT_SAVE);
    effect->bytes = effects_copy(effects, writer_span(&out));
    effect->secret = effects_copy(effects, writer_span(&secrets));
    effect->vault = 1;
}

static void
a_group_holds_a_turns_records_and_boxes(void **state)
{
    const struct group_keys keys = {.find = find_vault};
    struct example_log      log = example_log();
    struct group_id         id = {.segment = 1, .sequence = 1};
    struct group_buffer     group = {0};
    struct effects          effects;
    uint8_t                 bytes[1024];

    (void)state;
    effects_init(&effects);
    effects_add(&effects, EFFECT_SAVE)->bytes =
        effects_copy(&effects, head_record(&log, bytes));
    add_pending(&log, &effects);
    nonce_from(0x90, effects.nonce);
    count_from(0x70, id.file_id, sizeof(id.file_id));
    assert_int_equal(pack_group(&effects, &id, &keys, &group), STATUS_OK);
    page_hex("disk/group", (struct span){group.ptr, group.len});
    group_buffer_free(&group);
    effects_free(&effects);
}

static void
a_slot_is_a_wrapped_key(void **state)
{
    struct keyring_slot slot = {.name = {.kind = KEYRING_LOG, .number = 1},
                                .state = KEYRING_CURRENT,
                                .generation = 1,
                                .secret = secret_from(0xc0)};
    struct secret32     storage = secret_from(0x50);
    uint8_t             nonce[24], bytes[KEYRING_SLOT_LEN];

    (void)state;
    nonce_from(0x90, nonce);
    keyring_slot_encode(&storage, 1, nonce, &slot, bytes);
    page_hex("disk/slot", SPAN_OF(bytes));
}

static void
an_envelope_is_a_secret_under_a_passphrase(void **state)
{
    struct envelope_info info = {.purpose = ENVELOPE_STORAGE,
                                 .cost = ENVELOPE_FLOOR};
    struct secret32      storage = secret_from(0x50);
    uint8_t              salt[16], nonce[24], bytes[ENVELOPE_LEN];

    (void)state;
    count_from(0x60, salt, sizeof(salt));
    nonce_from(0x90, nonce);
    count_from(0x00, info.id, sizeof(info.id));
    assert_int_equal(envelope_seal(&info, span_text("correct horse"), salt,
                                   nonce, &storage, bytes),
                     STATUS_OK);
    page_hex("disk/envelope", SPAN_OF(bytes));
}

static void
no_block_of_this_area_is_left_over(void **state)
{
    static const char *const areas[] = {"disk/"};

    (void)state;
    page_all_seen(areas, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_its_kind_and_its_fields),
        cmocka_unit_test(a_segment_begins_with_its_header),
        cmocka_unit_test(a_group_holds_a_turns_records_and_boxes),
        cmocka_unit_test(a_slot_is_a_wrapped_key),
        cmocka_unit_test(an_envelope_is_a_secret_under_a_passphrase),
        cmocka_unit_test(no_block_of_this_area_is_left_over),
    };

    return cmocka_run_group_tests(tests, page_open, page_close);
}

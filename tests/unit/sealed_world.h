/*
 * sealed_world.h - entries of index_world.h that really are sealed, so that
 * the store can open them again.
 */
#ifndef TESTS_UNIT_SEALED_WORLD_H
#define TESTS_UNIT_SEALED_WORLD_H

#include "crypto/seal.h"
#include "tests/unit/index_world.h"

/* An entry that is really sealed: `text`, then the number as the node of the
 * sender appends it. */
static inline void
save_sealed(struct effects *out, const struct origin *origin, uint64_t index,
            uint64_t number, const char *text)
{
    struct record record = entry_record(RECORD_IN_ENTRY, origin, index, 9);
    struct record_secret secret = {.subject = span_text(text)};
    struct secret32      key = world_key((unsigned)index);
    struct origin_text   name = origin_format(origin);
    struct seal_batch    batch = {.origin = origin_span(&name)};
    struct leaf          leaf = {.suite = SUITE_CLASSIC,
                                 .class = CLASS_MESSAGE,
                                 .precedence = PRECEDENCE_ROUTINE,
                                 .sealing_key = 1};
    uint8_t              encoded[LEAF_LEN];
    uint8_t              body[512];
    uint8_t              bytes[256];
    struct writer        plain = writer_of(body, sizeof(body));
    struct writer        to = writer_of(bytes, sizeof(bytes));
    size_t               len = 0;

    writer_put(&plain, span_text(text));
    writer_u8(&plain, 0x78);
    if (number >= 128)
        writer_u8(&plain, (uint8_t)(number | 0x80));
    writer_u8(&plain, (uint8_t)(number >= 128 ? number >> 7 : number));
    assert_int_equal(seal_entry(&key, &batch, index, writer_span(&plain), &leaf,
                                body, &len),
                     STATUS_OK);
    leaf_encode(&leaf, encoded);
    record.state = STATE_NEW;
    record.number = number;
    record.leaf = SPAN_OF(encoded);
    record.bytes = (struct span){body, len};
    memcpy(secret.content_key, key.bytes, LIMIT_KEY);
    record_secret_encode(&secret, &to);
    world_save_record(out, &record, WORLD_VAULT, writer_span(&to));
}

#endif

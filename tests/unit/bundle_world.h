/*
 * bundle_world.h - a bundle of three records from the node of cert_world.h to
 * another, for the tests of bundle*.c.
 */
#ifndef TESTS_UNIT_BUNDLE_WORLD_H
#define TESTS_UNIT_BUNDLE_WORLD_H

#include "crypto/bundle_reader.h"
#include "crypto/bundle_writer.h"
#include "tests/unit/cert_world.h"

enum {
    FILE_RECORDS = 3,
    FILE_ROOM = BUNDLE_HEADER_LEN + (FILE_RECORDS + 1) * BUNDLE_SEALED_LEN,
    BODY_FRAME = 40000
};

/* What Frames of each kind begin with. */
enum tag {
    HELLO = 0x0a,
    SIZES = 0x12,
    LEAVES = 0x1a,
    HEAD = 0x22,
    BODIES = 0x2a,
    COSIGNED = 0x32,
    FETCH = 0x3a,
    STOP = 0x42,
    ASK_GRANT = 0x4a,
    KEEPALIVE = 0x52,
    BYE = 0x5a
};

struct bundle_file {
    uint8_t bytes[FILE_ROOM];
    size_t  len;
};

/* S, R and what both know of R's key. */
struct parties {
    struct dh_key   ephemeral;
    struct dh_key   sealing;
    struct secret32 pair_secret;
    struct sign_key log;
    uint8_t         org_key[LIMIT_KEY];
};

static inline struct dh_key
dh_key_from(unsigned first)
{
    struct secret32 secret = secret_from(first);
    struct dh_key   key;

    dh_key_from_secret(&secret, &key);
    return key;
}

static inline struct parties
good_parties(void)
{
    struct parties parties = {.ephemeral = dh_key_from(0x40),
                              .sealing = dh_key_from(0x20),
                              .pair_secret = secret_from(0x80),
                              .log = log_key()};

    memcpy(parties.org_key, org_key().public_key, LIMIT_KEY);
    return parties;
}

/* Bundle 7, to node 10...1f. */
static inline struct bundle
good_fields(void)
{
    struct bundle fields = {.sender = good_cert().node,
                            .serial = good_cert().serial,
                            .number = 7,
                            .sealing_key = 9,
                            .secret_epoch = 3};

    for (size_t i = 0; i < LIMIT_NODE_ID; i++)
        fields.recipient.bytes[i] = (uint8_t)(0x10 + i);
    return fields;
}

/* R's key: number 9, pair-secret epoch 3. */
static inline struct seal_key
key_of(const struct parties *parties)
{
    struct seal_key key = {.suite = SUITE_CLASSIC,
                           .number = 9,
                           .secret_epoch = 3,
                           .pair_secret = &parties->pair_secret};

    memcpy(key.public_key, parties->sealing.public_key, LIMIT_KEY);
    return key;
}

static inline struct bundle_trust
trust_of(const struct parties *parties)
{
    return (struct bundle_trust){.self = good_fields().recipient,
                                 .org_key = parties->org_key,
                                 .key = key_of(parties),
                                 .sealing_secret = &parties->sealing.secret};
}

/* A frame of that kind as far as this codec looks. */
struct frame {
    uint8_t bytes[LIMIT_FRAME_PLAIN];
    size_t  len;
};

static inline struct span
frame_of(struct frame *frame, enum tag tag, size_t len)
{
    memset(frame->bytes, (int)tag + 1, len);
    frame->bytes[0] = (uint8_t)tag;
    frame->len = len;
    return (struct span){frame->bytes, len};
}

static inline void
begin(struct bundle_writer *writer, const struct parties *parties)
{
    struct bundle       fields = good_fields();
    struct seal_key     key = key_of(parties);
    struct cert_encoded certificate = good_cert_bytes();
    uint8_t             salt[LIMIT_SALT];

    memcpy(salt, secret_from(0x60).bytes, sizeof(salt));
    assert_int_equal(bundle_writer_init(writer, &fields, &key,
                                        &parties->ephemeral.secret, salt,
                                        cert_span(&certificate)),
                     STATUS_OK);
}

static inline void
put(struct bundle_writer *writer, enum tag tag, size_t len)
{
    struct frame frame;

    assert_int_equal(bundle_writer_put(writer, frame_of(&frame, tag, len)),
                     STATUS_OK);
}

static inline void
append_to(struct bundle_file *file, struct span bytes)
{
    assert_true(bytes.len <= sizeof(file->bytes) - file->len);
    memcpy(file->bytes + file->len, bytes.ptr, bytes.len);
    file->len += bytes.len;
}

/* Record 0: Hello, Sizes, Cosigned; 1: Leaves, Head, Bodies; 2: Bodies. */
static inline void
good_file(struct bundle_file *file)
{
    static struct bundle_writer writer;
    struct parties              parties = good_parties();
    struct span                 out;

    file->len = 0;
    begin(&writer, &parties);
    put(&writer, HELLO, 2);
    put(&writer, SIZES, 300);
    put(&writer, COSIGNED, 200);
    assert_int_equal(bundle_writer_record(&writer, &parties.log, &out),
                     STATUS_OK);
    append_to(file, out);
    put(&writer, LEAVES, 250);
    put(&writer, HEAD, 190);
    put(&writer, BODIES, BODY_FRAME);
    assert_int_equal(bundle_writer_record(&writer, &parties.log, &out),
                     STATUS_OK);
    append_to(file, out);
    put(&writer, BODIES, 5);
    assert_int_equal(bundle_writer_end(&writer, &parties.log, &out),
                     STATUS_OK);
    append_to(file, out);
    bundle_writer_clear(&writer);
}

static inline struct span
header_in(const struct bundle_file *file)
{
    return (struct span){file->bytes, BUNDLE_HEADER_LEN};
}

static inline uint8_t *
record_in(struct bundle_file *file, size_t number)
{
    return file->bytes + BUNDLE_HEADER_LEN + number * BUNDLE_SEALED_LEN;
}

static inline struct span
record_span(struct bundle_file *file, size_t number)
{
    return (struct span){record_in(file, number), BUNDLE_SEALED_LEN};
}

#endif

/*
 * bundle_writer.c - fills a record, seals it where it stands, lends it.
 *
 * Invariants:
 *  (I1) record 0 leaves with the header that names its digest, signed;
 *  (I2) each number is sealed once, and nothing after the last record;
 *  (I3) what is behind the frames of a record is zero.
 */
#include "crypto/bundle_writer.h"

#include <assert.h>
#include <string.h>

enum { LENGTH_LEN = 2 };

/* Where the record's plaintext stands. */
static uint8_t *
record_of(struct bundle_writer *writer)
{
    return writer->bytes + BUNDLE_HEADER_LEN;
}

static void
append(struct bundle_writer *writer, struct span bytes)
{
    struct writer out = writer_of(record_of(writer) + writer->len,
                                  BUNDLE_RECORD_LEN - writer->len);

    writer_put16(&out, bytes);
    assert(writer_end(&out) == STATUS_OK);
    writer->len += out.len;
}

/* Before the first byte of a record: the one before it was still lent. */
static void
make_room(struct bundle_writer *writer)
{
    if (writer->lent)
        memset(record_of(writer), 0, BUNDLE_SEALED_LEN); /* (I3) */
    writer->lent = false;
}

enum status
bundle_writer_init(struct bundle_writer *writer, const struct bundle *fields,
                   const struct seal_key *to,
                   const struct secret32 *ephemeral_secret,
                   const uint8_t          salt[static LIMIT_SALT],
                   struct span            certificate)
{
    struct bundle *bundle = &writer->bundle;
    struct bundle  checked;
    enum status    st;

    assert(certificate.len > 0);
    assert(certificate.len <= LIMIT_CERTIFICATE);
    memset(writer, 0, sizeof(*writer));
    bundle->sender = fields->sender;
    bundle->recipient = fields->recipient;
    bundle->serial = fields->serial;
    bundle->number = fields->number;
    bundle->sealing_key = to->number;
    bundle->secret_epoch = to->secret_epoch;
    dh_public(ephemeral_secret, bundle->ephemeral);
    memcpy(bundle->salt, salt, sizeof(bundle->salt));
    bundle_encode(bundle, writer->bytes);
    st = bundle_decode((struct span){writer->bytes, BUNDLE_HEADER_LEN},
                       &checked);
    if (st != STATUS_OK)
        return st;
    st = bundle_keys_sender(writer->bytes, to, ephemeral_secret,
                            &writer->keys);
    if (st != STATUS_OK)
        return st;
    memcpy(bundle->commitment, writer->keys.commitment.bytes,
           sizeof(bundle->commitment));
    writer->order = bundle_frames_begin(true);
    append(writer, certificate);
    return STATUS_OK;
}

size_t
bundle_writer_room(const struct bundle_writer *writer)
{
    size_t left = BUNDLE_RECORD_LEN - writer->len;

    if (left <= LENGTH_LEN)
        return 0;
    left -= LENGTH_LEN;
    return left < LIMIT_FRAME_PLAIN ? left : LIMIT_FRAME_PLAIN;
}

enum status
bundle_writer_put(struct bundle_writer *writer, struct span frame)
{
    enum status st;

    assert(!writer->ended);
    assert(frame.len > 0);
    assert(frame.len <= LIMIT_FRAME_PLAIN);
    if (frame.len > bundle_writer_room(writer))
        return STATUS_FULL;
    st = bundle_frames_admit(&writer->order, frame);
    if (st != STATUS_OK)
        return st;
    make_room(writer);
    append(writer, frame);
    return STATUS_OK;
}

/* (I1) */
static void
put_header(struct bundle_writer *writer, const struct sign_key *log)
{
    bundle_first_digest((struct span){record_of(writer), BUNDLE_SEALED_LEN},
                        &writer->bundle.first);
    bundle_encode(&writer->bundle, writer->bytes);
    bundle_sign(writer->bytes, log);
}

static enum status
close_record(struct bundle_writer *writer, const struct sign_key *log,
             bool last, struct span *out)
{
    size_t      ahead = writer->record == 0 ? BUNDLE_HEADER_LEN : 0;
    enum status st = bundle_frames_end(&writer->order);

    assert(!writer->ended);
    if (st != STATUS_OK)
        return st;
    if (!last && writer->record + 1 >= LIMIT_BUNDLE_RECORDS)
        return STATUS_FULL;
    make_room(writer);
    bundle_seal(&writer->keys.aead, writer->record, last, record_of(writer));
    if (writer->record == 0)
        put_header(writer, log);
    *out = (struct span){record_of(writer) - ahead, BUNDLE_SEALED_LEN + ahead};
    writer->record++; /* (I2) */
    writer->ended = last;
    writer->lent = true;
    writer->len = 0;
    writer->order = bundle_frames_begin(false);
    return STATUS_OK;
}

enum status
bundle_writer_record(struct bundle_writer *writer, const struct sign_key *log,
                     struct span *out)
{
    return close_record(writer, log, false, out);
}

enum status
bundle_writer_end(struct bundle_writer *writer, const struct sign_key *log,
                  struct span *out)
{
    return close_record(writer, log, true, out);
}

void
bundle_writer_clear(struct bundle_writer *writer)
{
    secret_wipe(writer);
}

/*
 * bundle_reader.c - opens a record, judges it, then lends its frames.
 *
 * Invariants:
 *  (I1) the commitment is compared before anything is decrypted;
 *  (I2) no frame is lent of a record that was not judged whole, nor any at
 *       all before certificate and signature were verified;
 *  (I3) each call of bundle_reader_next is about one record of the file, so
 *       that a damaged one costs the others nothing.
 */
#include "crypto/bundle_reader.h"

#include "crypto/bundle_frames.h"

#include <assert.h>
#include <string.h>

static enum status
derive(struct bundle_reader *reader, const uint8_t *header,
       const struct bundle *bundle, const struct bundle_trust *trust)
{
    struct bundle_keys keys = {{{0}}, {{0}}};
    enum status        st;

    assert(trust->key.number == bundle->sealing_key);
    assert(trust->key.secret_epoch == bundle->secret_epoch);
    st = bundle_keys_recipient(header, &trust->key, trust->sealing_secret,
                               &keys);
    if (st == STATUS_OK &&
        !secret_equal(keys.commitment.bytes, bundle->commitment,
                      sizeof(bundle->commitment))) /* (I1) */
        st = STATUS_UNOPENED;
    if (st == STATUS_OK)
        reader->aead_key = keys.aead;
    secret_wipe(&keys);
    return st;
}

/* Opens the next record with whichever flag fits. */
static enum status
open_next(struct bundle_reader *reader, struct span sealed)
{
    enum status st = bundle_open(&reader->aead_key, reader->next, false,
                                 sealed, reader->record);

    if (st == STATUS_BAD_PROOF) {
        st = bundle_open(&reader->aead_key, reader->next, true, sealed,
                         reader->record);
        reader->last = st == STATUS_OK;
    }
    reader->next++; /* (I3) */
    return st;
}

/* The certificate that record 0 begins with; `frames` is what is behind. */
static enum status
take_certificate(struct reader *frames, const struct bundle *bundle,
                 const struct bundle_trust *trust, struct cert *out)
{
    struct span encoded = reader_take16(frames, LIMIT_CERTIFICATE);
    struct cert cert;
    enum status st;

    if (frames->failed)
        return STATUS_BAD_ENCODING;
    st = cert_verify(encoded, trust->org_key, &cert);
    if (st != STATUS_OK)
        return st;
    if (!node_id_equal(&cert.node, &bundle->sender) ||
        cert.serial != bundle->serial)
        return STATUS_BAD_FIELD;
    *out = cert;
    return STATUS_OK;
}

static enum status
open_first(struct bundle_reader *reader, const uint8_t *header,
           struct span first, const struct bundle_trust *trust,
           struct cert *out)
{
    struct span   encoded = {header, BUNDLE_HEADER_LEN};
    struct reader frames;
    struct bundle bundle;
    struct digest digest;
    struct cert   cert;
    enum status   st = bundle_decode(encoded, &bundle);

    assert(st == STATUS_OK); /* the caller chose the key by it */
    if (!node_id_equal(&bundle.recipient, &trust->self))
        return STATUS_UNTRUSTED;
    st = derive(reader, header, &bundle, trust);
    if (st != STATUS_OK)
        return st;
    if (first.len != BUNDLE_SEALED_LEN)
        return STATUS_BAD_ENCODING;
    bundle_first_digest(first, &digest);
    if (!digest_equal(&digest, &bundle.first))
        return STATUS_BAD_PROOF;
    st = open_next(reader, first);
    if (st != STATUS_OK)
        return st;
    frames = reader_of(SPAN_OF(reader->record));
    st = take_certificate(&frames, &bundle, trust, &cert);
    if (st != STATUS_OK)
        return st;
    st = bundle_verify(header, cert.log_key);
    if (st != STATUS_OK)
        return st;
    st = bundle_frames_check(true, (struct span){frames.ptr, frames.left});
    if (st != STATUS_OK)
        return st;
    reader->frames = frames; /* (I2) */
    *out = cert;
    return STATUS_OK;
}

enum status
bundle_reader_open(struct bundle_reader *reader, struct span header,
                   struct span first, const struct bundle_trust *trust,
                   struct cert *cert)
{
    enum status st;

    assert(header.len == BUNDLE_HEADER_LEN);
    memset(reader, 0, sizeof(*reader));
    st = open_first(reader, header.ptr, first, trust, cert);
    if (st != STATUS_OK)
        bundle_reader_clear(reader);
    return st;
}

enum status
bundle_reader_next(struct bundle_reader *reader, struct span sealed)
{
    enum status st;

    reader->frames = reader_of(SPAN_EMPTY);
    if (reader->last)
        return STATUS_BAD_STATE;
    if (reader->next >= LIMIT_BUNDLE_RECORDS)
        return STATUS_TOO_LARGE;
    st = open_next(reader, sealed);
    if (st == STATUS_OK)
        st = bundle_frames_check(false, SPAN_OF(reader->record));
    if (st == STATUS_OK)
        reader->frames = reader_of(SPAN_OF(reader->record)); /* (I2) */
    return st;
}

struct span
bundle_reader_frame(struct bundle_reader *reader)
{
    return bundle_frames_next(&reader->frames);
}

enum status
bundle_reader_end(const struct bundle_reader *reader)
{
    return reader->last ? STATUS_OK : STATUS_BAD_ENCODING;
}

void
bundle_reader_clear(struct bundle_reader *reader)
{
    secret_wipe(reader);
}

/*
 * fuzz_bundle.c - a bundle by somebody who has all keys: a certified sender,
 * or who stole them.
 *
 * The input is the header's beginning (BUNDLE_BOUND_LEN bytes), then for each
 * record a length and how its plaintext begins.  Key, commitment, seals, digest
 * and signature are made to fit, so that all behind them is reached.  Slow:
 * fuzz_bundle_frames has the parsing alone.
 */
#include "crypto/bundle_frames.h"
#include "crypto/bundle_reader.h"
#include "crypto/bundle_writer.h"
#include "tests/fuzz/identity.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = false; /* any record may be the last */

enum { KEY_NUMBER = 9, SECRET_EPOCH = 1, RECORDS_MAX = 4, LENGTH = 2 };

static const struct secret32 sealing = {{7}};
static const struct secret32 ephemeral = {{8}};
static const struct secret32 pair_secret = {{9}};
static const struct node_id  recipient = {{4, 5, 6}};

static struct seal_key
own_key(void)
{
    struct seal_key key = {.suite = SUITE_CLASSIC,
                           .number = KEY_NUMBER,
                           .secret_epoch = SECRET_EPOCH,
                           .pair_secret = &pair_secret};

    dh_public(&sealing, key.public_key);
    return key;
}

/* A record as the input wants it. */
static struct span
seal_next(struct reader *in, const struct bundle_keys *keys, uint64_t number,
          uint8_t record[static BUNDLE_SEALED_LEN])
{
    struct writer out = writer_of(record, BUNDLE_RECORD_LEN);
    size_t        len = reader_u16(in);

    memset(record, 0, BUNDLE_SEALED_LEN);
    writer_put(&out, reader_take(in, len < in->left ? len : in->left));
    bundle_seal(&keys->aead, number, in->left == 0, record);
    return (struct span){record, BUNDLE_SEALED_LEN};
}

/* Every frame is one that may stand there. */
static void
look(struct bundle_reader *reader, bool first)
{
    struct bundle_frames order = bundle_frames_begin(first);
    struct span          frame;
    enum status          st;

    while ((frame = bundle_reader_frame(reader)).len > 0) {
        assert(frame.len <= LIMIT_FRAME_PLAIN);
        st = bundle_frames_admit(&order, frame);
        assert(st == STATUS_OK);
    }
    st = bundle_frames_end(&order);
    assert(st == STATUS_OK);
}

static bool
read_all(struct bundle_reader *reader, struct reader *in,
         const struct bundle_keys *keys, uint8_t *record)
{
    uint64_t number = 0;

    look(reader, true);
    while (in->left > 0 && ++number < RECORDS_MAX) {
        enum status st = bundle_reader_next(
            reader, seal_next(in, keys, number, record));

        assert(st == STATUS_OK || st == STATUS_BAD_STATE ||
               st == STATUS_BAD_ENCODING);
        if (st != STATUS_OK)
            return false;
        look(reader, false);
    }
    return bundle_reader_end(reader) == STATUS_OK;
}

static bool
open_one(struct span in, struct bundle_reader *reader, uint8_t *record)
{
    struct reader       from = reader_of(in);
    struct bundle_trust trust = {.self = recipient,
                                 .key = own_key(),
                                 .sealing_secret = &sealing};
    struct identity     identity;
    struct bundle       bundle;
    struct bundle_keys  keys;
    struct cert         cert;
    struct span         first;
    uint8_t             header[BUNDLE_HEADER_LEN] = {0};
    enum status         st;

    reader_copy(&from, header, BUNDLE_BOUND_LEN);
    if (from.failed || bundle_decode(SPAN_OF(header), &bundle) != STATUS_OK)
        return false;
    identity_make(&identity);
    trust.org_key = identity.org.public_key;
    trust.key.number = bundle.sealing_key;
    trust.key.secret_epoch = bundle.secret_epoch;
    st = bundle_keys_recipient(header, &trust.key, &sealing, &keys);
    assert(st == STATUS_OK); /* its ephemeral was judged */
    first = seal_next(&from, &keys, 0, record);
    memcpy(bundle.commitment, keys.commitment.bytes, LIMIT_KEY);
    bundle_first_digest(first, &bundle.first);
    bundle_encode(&bundle, header); /* encoding again gives the same bytes: */
    st = bundle_keys_recipient(header, &trust.key, &sealing, &keys);
    assert(st == STATUS_OK);
    assert(secret_equal(keys.commitment.bytes, bundle.commitment, LIMIT_KEY));
    bundle_sign(header, &identity.log);
    st = bundle_reader_open(reader, SPAN_OF(header), first, &trust, &cert);
    assert(st != STATUS_UNOPENED);
    return st == STATUS_OK && read_all(reader, &from, &keys, record);
}

bool
fuzz_one(struct span in)
{
    struct bundle_reader *reader = calloc(1, sizeof(*reader));
    uint8_t              *record = malloc(BUNDLE_SEALED_LEN);
    bool                  accepted;

    assert(reader != NULL && record != NULL);
    accepted = open_one(in, reader, record);
    bundle_reader_clear(reader);
    free(record);
    free(reader);
    return accepted;
}

/* --- good inputs ---------------------------------------------------------- */

/* What R reads back from a writer's bundle of one record or two. */
struct making {
    struct bundle_writer writer;
    struct identity      identity;
    uint8_t              input[2048];
    struct writer        out; /* to input */
};

static void
add_record(struct making *making, bool last)
{
    struct bundle_writer *writer = &making->writer;
    const uint8_t        *plain = writer->bytes + BUNDLE_HEADER_LEN;
    struct span           sealed;
    enum status           st;

    if (writer->record == 0)
        writer_put(&making->out,
                   (struct span){writer->bytes, BUNDLE_BOUND_LEN});
    writer_put16(&making->out, (struct span){plain, writer->len});
    st = last ? bundle_writer_end(writer, &making->identity.log, &sealed)
              : bundle_writer_record(writer, &making->identity.log, &sealed);
    assert(st == STATUS_OK);
}

static void
add_frame(struct making *making, uint8_t tag, size_t len)
{
    uint8_t     frame[64] = {tag};
    enum status st;

    assert(len <= sizeof(frame));
    st = bundle_writer_put(&making->writer, (struct span){frame, len});
    assert(st == STATUS_OK);
}

static void
begin(struct making *making)
{
    struct bundle   fields = {.recipient = recipient, .number = 1};
    struct seal_key key = own_key();
    const uint8_t   salt[LIMIT_SALT] = {3};
    enum status     st;

    identity_make(&making->identity);
    making->out = writer_of(making->input, sizeof(making->input));
    fields.sender = making->identity.cert.node;
    fields.serial = making->identity.cert.serial;
    st = bundle_writer_init(&making->writer, &fields, &key, &ephemeral, salt,
                            cert_span(&making->identity.encoded));
    assert(st == STATUS_OK);
    add_frame(making, 0x0a, 2);  /* Hello */
    add_frame(making, 0x12, 40); /* Sizes */
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static struct making making;

    begin(&making);
    add_frame(&making, 0x2a, 9); /* Bodies, in record 0 */
    add_record(&making, true);
    seed(arg, "one", writer_span(&making.out));
    begin(&making);
    add_frame(&making, 0x32, 20); /* Cosigned */
    add_frame(&making, 0x3a, 20); /* Fetch */
    add_frame(&making, 0x4a, 20); /* AskGrant */
    add_frame(&making, 0x42, 4);  /* Stop */
    add_record(&making, false);
    add_frame(&making, 0x1a, 64); /* Leaves */
    add_frame(&making, 0x22, 50); /* Head */
    add_record(&making, false);
    add_record(&making, true); /* empty */
    seed(arg, "three", writer_span(&making.out));
}

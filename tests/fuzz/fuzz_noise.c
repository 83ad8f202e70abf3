/*
 * fuzz_noise.c - what a stranger may send in a handshake and after it.  The
 * first byte says where: as message 1, as message 2 or in the transport.
 *
 * Nobody but the pair can make one: of each there is one that is taken.
 */
#include "crypto/noise.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const bool fuzz_is_whole = true;

enum { MESSAGE_1, MESSAGE_2, TRANSPORT, PLACES };

struct stage {
    struct dh_key   caller, answerer;
    struct secret32 psk;
    /* Before each place; copied for each input. */
    struct noise           answering, calling;
    struct noise_transport receive;
    uint8_t                good[PLACES][128];
    size_t                 good_len[PLACES];
};

static void
must(enum status st)
{
    assert(st == STATUS_OK);
}

/* Both sides up to their first transport message. */
static void
make(struct stage *stage)
{
    const struct secret32  secrets[4] = {{{1}}, {{2}}, {{3}}, {{4}}};
    struct dh_key          ephemeral[2];
    struct noise           answerer;
    struct noise_transport send, unused;
    uint8_t                remote[LIMIT_KEY], out[NOISE_MESSAGE_MAX];
    uint8_t                payload[NOISE_PAYLOAD_MAX];
    size_t                 len = 0;

    dh_key_from_secret(&secrets[0], &stage->caller);
    dh_key_from_secret(&secrets[1], &stage->answerer);
    dh_key_from_secret(&secrets[2], &ephemeral[0]);
    dh_key_from_secret(&secrets[3], &ephemeral[1]);
    stage->psk = (struct secret32){{5}};
    noise_initiator(&stage->calling, label_span(LABEL_PROLOGUE),
                    &stage->caller, stage->answerer.public_key, &ephemeral[0],
                    &stage->psk);
    must(noise_write1(&stage->calling, span_text("hello"), out, &len));
    memcpy(stage->good[MESSAGE_1], out, len);
    stage->good_len[MESSAGE_1] = len;
    noise_responder(&stage->answering, label_span(LABEL_PROLOGUE),
                    &stage->answerer);
    answerer = stage->answering;
    must(noise_read1_begin(&answerer, (struct span){out, len}, remote));
    must(noise_read1_end(&answerer, &stage->psk, payload, &len));
    must(noise_write2(&answerer, &ephemeral[1], SPAN_EMPTY, out, &len));
    memcpy(stage->good[MESSAGE_2], out, len);
    stage->good_len[MESSAGE_2] = len;
    must(noise_split(&answerer, &send, &unused));
    must(noise_encrypt(&send, span_text("frame"), stage->good[TRANSPORT]));
    stage->good_len[TRANSPORT] = 5 + LIMIT_TAG;
    answerer = stage->calling;
    must(noise_read2(&answerer, (struct span){out, len}, payload, &len));
    must(noise_split(&answerer, &unused, &stage->receive));
}

static const struct stage *
stage(void)
{
    static struct stage made;

    if (made.good_len[TRANSPORT] == 0)
        make(&made);
    return &made;
}

static enum status
message_1(struct span in)
{
    struct noise noise = stage()->answering;
    uint8_t      remote[LIMIT_KEY], payload[NOISE_PAYLOAD_MAX];
    size_t       len = 0;
    enum status  st = noise_read1_begin(&noise, in, remote);

    if (st == STATUS_OK) {
        assert(memcmp(remote, stage()->caller.public_key, LIMIT_KEY) == 0);
        st = noise_read1_end(&noise, &stage()->psk, payload, &len);
    }
    noise_wipe(&noise);
    return st;
}

static enum status
message_2(struct span in)
{
    struct noise noise = stage()->calling;
    uint8_t      payload[NOISE_PAYLOAD_MAX];
    size_t       len = 0;
    enum status  st = noise_read2(&noise, in, payload, &len);

    noise_wipe(&noise);
    return st;
}

static enum status
transport(struct span in)
{
    static uint8_t         plain[LIMIT_FRAME];
    struct noise_transport receive = stage()->receive;
    enum status            st = noise_decrypt(&receive, in, plain);

    assert(receive.nonce == (st == STATUS_OK ? 1 : 0));
    return st;
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);
    uint8_t       place = reader_u8(&from);
    struct span   bytes = reader_rest(&from);
    enum status   st;

    if (from.failed || place >= PLACES)
        return false;
    st = place == MESSAGE_1   ? message_1(bytes)
         : place == MESSAGE_2 ? message_2(bytes)
                              : transport(bytes);
    assert(st != STATUS_OK ||
           span_equal(bytes, (struct span){stage()->good[place],
                                           stage()->good_len[place]}));
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const char *const names[PLACES] = {"message1", "message2",
                                              "transport"};

    for (uint8_t place = 0; place < PLACES; place++) {
        uint8_t       bytes[1 + sizeof(stage()->good[0])];
        struct writer out = writer_of(bytes, sizeof(bytes));

        writer_u8(&out, place);
        writer_put(&out, (struct span){stage()->good[place],
                                       stage()->good_len[place]});
        seed(arg, names[place], writer_span(&out));
    }
}

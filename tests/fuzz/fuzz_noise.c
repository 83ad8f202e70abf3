/* fuzz_noise.c - message 1, which any stranger may send. */
#include "crypto/noise.h"
#include "tests/fuzz/fuzz.h"

const bool fuzz_is_whole = true;

struct pair {
    struct dh_key   caller, answerer, ephemeral;
    struct secret32 psk;
};

static struct pair
pair(void)
{
    const struct secret32 a = {{1}}, b = {{2}}, e = {{3}};
    struct pair           pair = {.psk = {{4}}};

    dh_key_from_secret(&a, &pair.caller);
    dh_key_from_secret(&b, &pair.answerer);
    dh_key_from_secret(&e, &pair.ephemeral);
    return pair;
}

bool
fuzz_one(struct span in)
{
    struct pair  both = pair();
    struct noise noise;
    uint8_t      remote[LIMIT_KEY];
    uint8_t      payload[NOISE_PAYLOAD_MAX];
    size_t       len = 0;
    enum status  st;

    noise_responder(&noise, label_span(LABEL_PROLOGUE), &both.answerer);
    st = noise_read1_begin(&noise, in, remote);
    if (st == STATUS_OK) {
        /* Nobody but the pair can make one, and the key is the caller's. */
        assert(span_equal(SPAN_OF(remote), SPAN_OF(both.caller.public_key)));
        st = noise_read1_end(&noise, &both.psk, payload, &len);
    }
    noise_wipe(&noise);
    assert(st != STATUS_OK || len == 5);
    return st == STATUS_OK;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct pair  both = pair();
    struct noise noise;
    uint8_t      message[NOISE_MESSAGE_MAX];
    size_t       len = 0;
    enum status  st;

    noise_initiator(&noise, label_span(LABEL_PROLOGUE), &both.caller,
                    both.answerer.public_key, &both.ephemeral, &both.psk);
    st = noise_write1(&noise, span_text("hello"), message, &len);
    assert(st == STATUS_OK);
    seed(arg, "message1", (struct span){message, len});
    noise_wipe(&noise);
}

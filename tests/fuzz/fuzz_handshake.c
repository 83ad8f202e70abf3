/*
 * fuzz_handshake.c - message 1 as a node is given it.  The first byte says
 * how: bytes with a mac1 that is right, which anybody can make who has the
 * card; or a payload sealed as the paired peer seals it.
 *
 * Whatever it was, it changes nothing that lasts, and only a payload that
 * holds the peer's certificate and a stamp that grows is answered.
 */
#include "node/core/roster.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/rogue.h"

#include <string.h>

const bool fuzz_is_whole = true;

enum { RAW, PAYLOAD };

/* Made once, since it is slow. */
static struct rogue *
world(void)
{
    static struct rogue *made;

    if (made == NULL)
        made = rogue_new();
    return made;
}

/* Message 1 with this payload; 0: too long. */
static size_t
seal(struct span payload, uint8_t out[static NOISE_MESSAGE_MAX])
{
    static struct dh_key  ephemeral;
    const struct node    *self = world()->duo->a.node;
    const struct secret32 secret = {{3}};
    const struct secret32 psk = {{0}};
    struct noise          noise;
    size_t                len = 0;

    if (secret_is_zero(ephemeral.public_key, LIMIT_KEY))
        dh_key_from_secret(&secret, &ephemeral);
    noise_initiator(&noise, label_span(LABEL_PROLOGUE), &self->link_key,
                    world()->victim->node->cert.link_key, &ephemeral, &psk);
    if (noise_write1(&noise, payload, out, &len) != STATUS_OK)
        len = 0;
    noise_wipe(&noise);
    return len;
}

/* Sends it; whether anything came back. */
static bool
is_answered(struct span message)
{
    uint8_t       frame[NOISE_MAC1_LEN + NOISE_MESSAGE_MAX];
    struct writer out = writer_of(frame, sizeof(frame));
    uint8_t       mac1[NOISE_MAC1_LEN];
    struct event  event;
    bool          answered;

    noise_mac1(world()->victim->node->cert.link_key, message, mac1);
    writer_put(&out, SPAN_OF(mac1));
    writer_put(&out, message);
    assert(writer_end(&out) == STATUS_OK);
    rogue_dial(world());
    rogue_send_raw(world(), writer_span(&out));
    answered = rogue_next_raw(world(), &event);
    assert(answered != rogue_is_closed(world()));
    if (answered)
        duo_link_close(&world()->duo->a, world()->link);
    rogue_pass(world(), 0);
    return answered;
}

/* As many strangers may call in one moment as the inputs need. */
static void
refill(struct node *node)
{
    node->handshake_tokens = LIMIT_HANDSHAKES_PER_S;
    for (size_t i = 0; i < NODE_SOURCES; i++)
        node->sources[i].tokens = LIMIT_HANDSHAKES_PER_SOURCE_S;
}

bool
fuzz_one(struct span in)
{
    struct reader      from = reader_of(in);
    uint8_t            how = reader_u8(&from);
    struct span        rest = reader_rest(&from);
    uint8_t            message[NOISE_MESSAGE_MAX];
    const struct peer *peer = rogue_peer(world());
    size_t             records = world()->victim->record_count;
    bool               answered;

    if (from.failed || how > PAYLOAD || rest.len > sizeof(message))
        return false;
    if (how == PAYLOAD)
        rest = (struct span){message, seal(rest, message)};
    refill(world()->victim->node);
    answered = is_answered(rest);
    assert(world()->victim->record_count == records);
    assert(peer->stamp_seen == 0 && peer->link == NULL);
    return answered;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    uint8_t       payload[1024], message[NOISE_MESSAGE_MAX];
    uint8_t       bytes[1 + NOISE_MESSAGE_MAX];
    struct writer to = writer_of(payload, sizeof(payload));
    struct writer out = writer_of(bytes, sizeof(bytes));

    writer_put16(&to, cert_span(&world()->duo->a.node->certificate));
    writer_u64(&to, world()->stamp);
    writer_u8(&out, PAYLOAD);
    writer_put(&out, writer_span(&to));
    seed(arg, "payload", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    writer_u8(&out, RAW);
    writer_put(&out, (struct span){message, seal(writer_span(&to), message)});
    seed(arg, "message1", writer_span(&out));
}

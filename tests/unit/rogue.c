/* rogue.c - see rogue.h. */
#include "tests/unit/rogue.h"

#include "node/core/roster.h"

#include <stdlib.h>
#include <string.h>

static void
must(enum status st)
{
    assert_string_equal(status_name(st), "OK");
}

static ProtobufCBinaryData
lend(const uint8_t *bytes, size_t len)
{
    return (ProtobufCBinaryData){len, (uint8_t *)(uintptr_t)bytes};
}

struct rogue *
rogue_new(void)
{
    struct rogue *rogue = calloc(1, sizeof(*rogue));

    rogue->duo = duo_new();
    rogue->victim = &rogue->duo->b;
    rogue->duo->a.reachable = false;
    rogue->duo->b.reachable = false;
    duo_pair(rogue->duo);
    rogue->duo->b.reachable = true;
    rogue->stamp = rogue->duo->a.wall_ms + 1000000;
    rogue_epoch(rogue, 1, 7);
    return rogue;
}

void
rogue_free(struct rogue *rogue)
{
    for (size_t i = 0; i < rogue->heard_count; i++)
        entente__frame__free_unpacked(rogue->heard[i], NULL);
    rogue_epoch(rogue, 1, 1); /* frees its entries */
    free(rogue->raw);
    duo_free(rogue->duo);
    free(rogue);
}

int
rogue_make(void **state)
{
    *state = rogue_new();
    return 0;
}

int
rogue_drop(void **state)
{
    rogue_free(*state);
    return 0;
}

struct peer *
rogue_peer(const struct rogue *rogue)
{
    return rogue->victim->node->peers[0];
}

void
rogue_pass(struct rogue *rogue, uint64_t ms)
{
    struct event timer = {.kind = EVENT_TIMER};

    rogue->victim->now_ms += ms;
    rogue->victim->wall_ms += ms;
    duo_post(rogue->victim, &timer);
    while (duo_turn(rogue->victim))
        continue;
}

/* --- the link ------------------------------------------------------------ */

static void
turns(struct rogue *rogue)
{
    for (unsigned i = 0; duo_turn(rogue->victim); i++)
        assert_true(i < 1000); /* it comes to rest */
}

/* What lies in the queue is dropped. */
static void
deaf(struct rogue *rogue)
{
    struct event event;

    while (rogue_next_raw(rogue, &event))
        continue;
}

void
rogue_dial(struct rogue *rogue)
{
    rogue->link += 2;
    duo_link_dial(&rogue->duo->a, rogue->link);
    turns(rogue);
}

void
rogue_send_raw(struct rogue *rogue, struct span frame)
{
    duo_link_send(&rogue->duo->a, rogue->link, frame);
    turns(rogue);
}

size_t
rogue_message1(struct rogue *rogue, uint64_t stamp, uint8_t *out)
{
    const struct node *self = rogue->duo->a.node;
    const uint8_t     *remote = rogue->victim->node->cert.link_key;
    uint8_t            bytes[1024];
    struct writer      payload = writer_of(bytes, sizeof(bytes));
    struct secret32    psk = {0}, secret;
    struct dh_key      ephemeral;
    size_t             len = 0;

    memset(secret.bytes, (int)(stamp & 0x7f) + 1, LIMIT_KEY);
    dh_key_from_secret(&secret, &ephemeral);
    writer_put16(&payload, cert_span(&self->certificate));
    writer_u64(&payload, stamp);
    noise_initiator(&rogue->noise, label_span(LABEL_PROLOGUE), &self->link_key,
                    remote, &ephemeral, &psk);
    must(noise_write1(&rogue->noise, writer_span(&payload),
                      out + NOISE_MAC1_LEN, &len));
    noise_mac1(remote, (struct span){out + NOISE_MAC1_LEN, len}, out);
    return NOISE_MAC1_LEN + len;
}

bool
rogue_next_raw(struct rogue *rogue, struct event *out)
{
    struct duo_party *self = &rogue->duo->a;

    while (self->event_count > 0) {
        bool is_frame;

        free(rogue->raw);
        *out = self->events[0];
        rogue->raw = self->event_bytes[0];
        is_frame = out->kind == EVENT_LINK_FRAME && out->link == rogue->link;
        self->event_count--;
        memmove(self->events, self->events + 1,
                self->event_count * sizeof(self->events[0]));
        memmove(self->event_bytes, self->event_bytes + 1,
                self->event_count * sizeof(self->event_bytes[0]));
        if (is_frame)
            return true;
    }
    return false;
}

void
rogue_handshake(struct rogue *rogue)
{
    static uint8_t payload[NOISE_PAYLOAD_MAX];
    uint8_t        frame[LIMIT_STRANGER_FRAME];
    struct event   answer;
    size_t         len;

    len = rogue_message1(rogue, ++rogue->stamp, frame);
    deaf(rogue);
    rogue_send_raw(rogue, (struct span){frame, len});
    assert_true(rogue_next_raw(rogue, &answer));
    must(noise_read2(&rogue->noise, answer.bytes, payload, &len));
    noise_hash(&rogue->noise, &rogue->hash);
    must(noise_split(&rogue->noise, &rogue->send, &rogue->receive));
}

void
rogue_say(struct rogue *rogue, const Entente__Frame *frame)
{
    size_t   len = entente__frame__get_packed_size(frame);
    uint8_t *bytes = malloc(len + LIMIT_TAG);

    entente__frame__pack(frame, bytes);
    must(noise_encrypt(&rogue->send, (struct span){bytes, len}, bytes));
    rogue_send_raw(rogue, (struct span){bytes, len + LIMIT_TAG});
    free(bytes);
}

const Entente__Frame *
rogue_hear_next(struct rogue *rogue)
{
    static uint8_t  plain[LIMIT_FRAME];
    struct event    event;
    Entente__Frame *frame;

    if (!rogue_next_raw(rogue, &event))
        return NULL;
    must(noise_decrypt(&rogue->receive, event.bytes, plain));
    frame = entente__frame__unpack(NULL, event.bytes.len - LIMIT_TAG, plain);
    assert_non_null(frame);
    if (rogue->heard_count == ROGUE_FRAMES) {
        entente__frame__free_unpacked(rogue->heard[0], NULL);
        memmove(rogue->heard, rogue->heard + 1,
                --rogue->heard_count * sizeof(rogue->heard[0]));
    }
    rogue->heard[rogue->heard_count++] = frame;
    return frame;
}

const Entente__Frame *
rogue_hear(struct rogue *rogue, Entente__Frame__KindCase kind)
{
    const Entente__Frame *frame;

    while ((frame = rogue_hear_next(rogue)) != NULL)
        if (frame->kind_case == kind)
            return frame;
    return NULL;
}

void
rogue_hello(struct rogue *rogue, const uint8_t *confirmed,
            const uint8_t *pending)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;
    Entente__Hello hello = ENTENTE__HELLO__INIT;

    hello.confirmed = lend(confirmed, LIMIT_DIGEST);
    hello.pending = lend(pending, LIMIT_DIGEST);
    frame.kind_case = ENTENTE__FRAME__KIND_HELLO;
    frame.hello = &hello;
    rogue_say(rogue, &frame);
}

void
rogue_say_sizes(struct rogue *rogue, const Entente__Sizes *sizes)
{
    Entente__Frame frame = ENTENTE__FRAME__INIT;

    frame.kind_case = ENTENTE__FRAME__KIND_SIZES;
    frame.sizes = (Entente__Sizes *)(uintptr_t)sizes;
    rogue_say(rogue, &frame);
}

void
rogue_sizes(struct rogue *rogue)
{
    Entente__Sizes sizes = ENTENTE__SIZES__INIT;

    rogue_say_sizes(rogue, &sizes);
}

void
rogue_hail(struct rogue *rogue)
{
    const struct peer *peer = rogue->victim->node->peers[0];
    uint8_t            confirmed[LIMIT_DIGEST], pending[LIMIT_DIGEST];

    memcpy(confirmed, peer->confirmed, LIMIT_DIGEST);
    memcpy(pending, peer->pending, LIMIT_DIGEST);
    rogue_dial(rogue);
    rogue_handshake(rogue);
    rogue_hello(rogue, confirmed, pending);
    assert_non_null(rogue_hear(rogue, ENTENTE__FRAME__KIND_HELLO));
}

void
rogue_open(struct rogue *rogue)
{
    const struct peer *peer = rogue->victim->node->peers[0];

    rogue_hail(rogue);
    rogue_sizes(rogue);
    assert_non_null(peer->link);
    assert_int_equal(peer->link->state, SESSION_OPEN);
}

bool
rogue_is_closed(const struct rogue *rogue)
{
    const struct duo_party *self = &rogue->duo->a;

    for (size_t i = 0; i < self->wire_count; i++)
        if (self->wires[i].ours == rogue->link)
            return false;
    return true;
}

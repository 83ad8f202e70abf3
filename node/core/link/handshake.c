/*
 * handshake.c - calling and answering.
 *
 * What a stranger can cost us: a MAC over at most LIMIT_STRANGER_FRAME bytes;
 * if it knows our link key, one X25519 within the handshake budgets; only who
 * holds a paired link key costs more.
 */
#include "node/core/link/handshake.h"

#include "node/core/grow.h"
#include "node/core/roster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct secret32
psk_of(const struct peer *peer)
{
    struct secret32 psk = {0};

    if (peer->secret_epoch > 0)
        kdf_derive(&peer->pair_secret, LABEL_PSK, SPAN_EMPTY, &psk);
    return psk;
}

static void
send_raw(struct session *session, struct context *turn, struct span bytes)
{
    struct effect *effect = effects_add(turn->out, EFFECT_SEND);

    effect->link = session->link;
    effect->bytes = bytes;
    session->said_ms = turn->input->mono_ms;
}

static void
save_stamps(const struct peer *peer, struct context *turn)
{
    struct record record = {.kind = RECORD_STAMP,
                            .peer = peer->id,
                            .number = peer->stamp_used,
                            .count = peer->stamp_seen};

    context_save(turn, &record, NULL);
}

void
handshake_call(struct session *session, struct context *turn)
{
    struct node    *node = turn->node;
    struct peer    *peer = session->peer;
    struct secret32 psk = psk_of(peer);
    struct dh_key   ephemeral;
    uint8_t         payload_bytes[2 + CERT_LEN_MAX + sizeof(uint64_t)];
    struct writer   payload = writer_of(payload_bytes, sizeof(payload_bytes));
    uint8_t        *frame = effects_alloc(turn->out, LIMIT_STRANGER_FRAME);
    size_t          len = 0;
    enum status     st;

    peer->stamp_used++;
    if (peer->stamp_used < turn->input->wall_ms)
        peer->stamp_used = turn->input->wall_ms;
    save_stamps(peer, turn);
    writer_put16(&payload, cert_span(&node->certificate));
    writer_u64(&payload, peer->stamp_used);
    context_random_dh(turn, &ephemeral);
    session->noise = grow_new(1, sizeof(*session->noise));
    noise_initiator(session->noise, label_span(LABEL_PROLOGUE),
                    &node->link_key, peer->card.cert.link_key, &ephemeral,
                    &psk);
    st = noise_write1(session->noise, writer_span(&payload),
                      frame + NOISE_MAC1_LEN, &len);
    dh_key_wipe(&ephemeral);
    secret_wipe(&psk);
    if (st != STATUS_OK) {
        session_close(session, turn, st);
        return;
    }
    noise_mac1(peer->card.cert.link_key,
               (struct span){frame + NOISE_MAC1_LEN, len}, frame);
    send_raw(session, turn, (struct span){frame, NOISE_MAC1_LEN + len});
}

/* A bucket of tokens, refilled by time; false: it is empty. */
static bool
take_token(uint64_t *filled_ms, uint32_t *tokens, uint32_t per_second,
           uint64_t now_ms)
{
    uint64_t more = (now_ms - *filled_ms) * per_second / 1000;

    if (more > 0) {
        *tokens = more > per_second - *tokens ? per_second
                                              : *tokens + (uint32_t)more;
        *filled_ms = now_ms;
    }
    if (*tokens == 0)
        return false;
    --*tokens;
    return true;
}

static bool
within_budget(struct node *node, uint64_t source, uint64_t now_ms)
{
    size_t i = (size_t)(source % NODE_SOURCES);

    if (node->sources[i].source != source) {
        node->sources[i].source = source;
        node->sources[i].ms = now_ms;
        node->sources[i].tokens = LIMIT_HANDSHAKES_PER_SOURCE_S;
    }
    return take_token(&node->sources[i].ms, &node->sources[i].tokens,
                      LIMIT_HANDSHAKES_PER_SOURCE_S, now_ms) &&
           take_token(&node->handshake_ms, &node->handshake_tokens,
                      LIMIT_HANDSHAKES_PER_S, now_ms);
}

static bool
same_keys(const struct cert *a, const struct cert *b)
{
    return secret_equal(a->link_key, b->link_key, LIMIT_KEY) &&
           secret_equal(a->log_key, b->log_key, LIMIT_KEY) &&
           secret_equal(a->witness_key, b->witness_key, LIMIT_KEY);
}

/* The certificate is the paired one's, or a later one of the same keys: others
 * come by a KEY entry, so that their logs are never signed by two at once. */
static enum status
check_caller(const struct peer *peer, struct span encoded)
{
    struct cert cert;
    enum status st;

    if (span_equal(encoded, cert_span(&peer->card.cert_bytes)))
        return STATUS_OK;
    st = cert_verify(encoded, peer->card.cert.org_key, &cert);
    if (st != STATUS_OK)
        return st;
    if (!node_id_equal(&cert.node, &peer->id) ||
        cert.serial < peer->card.cert.serial ||
        !same_keys(&cert, &peer->card.cert))
        return STATUS_UNTRUSTED;
    return STATUS_OK;
}

/* What message 1 carries.  Its stamp waits in the session: a replayed message
 * 1 must change nothing. */
static enum status
take_payload(struct session *session, struct span payload)
{
    struct reader in = reader_of(payload);
    struct span   encoded = reader_take16(&in, CERT_LEN_MAX);
    uint64_t      stamp = reader_u64(&in);
    enum status   st = reader_end(&in);

    if (st == STATUS_OK)
        st = check_caller(session->peer, encoded);
    if (st != STATUS_OK)
        return st;
    if (stamp <= session->peer->stamp_seen)
        return STATUS_DUPLICATE;
    session->stamp = stamp;
    return STATUS_OK;
}

static enum status
read_message1(struct session *session, struct context *turn,
              struct span message)
{
    struct node    *node = turn->node;
    uint8_t         remote[LIMIT_KEY];
    uint8_t         payload[NOISE_PAYLOAD_MAX];
    size_t          len = 0;
    struct secret32 psk;
    enum status     st;

    st = noise_read1_begin(session->noise, message, remote);
    if (st != STATUS_OK)
        return st;
    session->peer = roster_peer_by_link_key(node, remote);
    if (session->peer == NULL || peer_removed(session->peer))
        return STATUS_UNTRUSTED;
    psk = psk_of(session->peer);
    st = noise_read1_end(session->noise, &psk, payload, &len);
    secret_wipe(&psk);
    if (st != STATUS_OK)
        context_log(turn, "handshake: someone who names %s's key; the secret "
                          "differs or it is not %s",
                    session->peer->name, session->peer->name);
    if (st == STATUS_OK)
        st = take_payload(session, (struct span){payload, len});
    return st;
}

static enum status
write_message2(struct session *session, struct context *turn)
{
    struct dh_key ephemeral;
    uint8_t      *frame = effects_alloc(turn->out, LIMIT_STRANGER_FRAME);
    size_t        len = 0;
    enum status   st;

    context_random_dh(turn, &ephemeral);
    st = noise_write2(session->noise, &ephemeral, SPAN_EMPTY, frame, &len);
    dh_key_wipe(&ephemeral);
    if (st != STATUS_OK)
        return st;
    send_raw(session, turn, (struct span){frame, len});
    return STATUS_OK;
}

static enum status
split(struct session *session)
{
    enum status st;

    noise_hash(session->noise, &session->hash);
    st = noise_split(session->noise, &session->send, &session->receive);
    noise_wipe(session->noise);
    free(session->noise);
    session->noise = NULL;
    return st;
}

enum status
handshake_answer(struct session *session, struct context *turn,
                 struct span frame)
{
    struct node  *node = turn->node;
    struct reader in = reader_of(frame);
    struct span   mac1 = reader_take(&in, NOISE_MAC1_LEN);
    struct span   message = reader_rest(&in);
    enum status   st = reader_end(&in);

    if (st != STATUS_OK)
        return st;
    st = noise_mac1_check(node->link_key.public_key, message, mac1.ptr);
    if (st != STATUS_OK)
        return st;
    if (!within_budget(node, session->source, turn->input->mono_ms))
        return STATUS_FULL;
    session->noise = grow_new(1, sizeof(*session->noise));
    noise_responder(session->noise, label_span(LABEL_PROLOGUE),
                    &node->link_key);
    st = read_message1(session, turn, message);
    if (st == STATUS_OK)
        st = write_message2(session, turn);
    if (st == STATUS_OK)
        st = split(session);
    return st;
}

enum status
handshake_finish(struct session *session, struct context *turn,
                 struct span frame)
{
    uint8_t     payload[NOISE_PAYLOAD_MAX];
    size_t      len = 0;
    enum status st;

    (void)turn;
    st = noise_read2(session->noise, frame, payload, &len);
    if (st == STATUS_OK && len != 0)
        st = STATUS_BAD_ENCODING;
    if (st == STATUS_OK)
        st = split(session);
    return st;
}

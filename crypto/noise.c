/*
 * noise.c - the handshake IKpsk1, one comment a token, and its transport.
 *
 * Numbers in comments are sections of the Noise specification, revision 34.
 *
 *  initiator: INITIATOR --write1--> WROTE1 ----------read2-----> DONE --> SPLIT
 *  responder: RESPONDER --read1_begin--> NAMED --read1_end--> READ1
 *                                                  --write2--> DONE --> SPLIT
 *
 * Invariants:
 *  (I1) every call works on a copy of the symmetric state and stores it only
 *       after all checks have passed;
 *  (I2) a key and a nonce meet once: a stage is never entered twice, split
 *       happens once, a transport's nonce rises with each message that is
 *       encrypted or accepted;
 *  (I3) secrets in locals are wiped at `out:`, those in the struct when they
 *       have served.
 */
#include "crypto/noise.h"

#include <assert.h>
#include <string.h>

static const char protocol_name[] = "Noise_IKpsk1_25519_ChaChaPoly_SHA256";

/* A token e: 9.2 mixes an ephemeral into the key too where a psk is used. */
static void
mix_ephemeral(struct symmetric *state,
              const uint8_t     public_key[static LIMIT_KEY])
{
    struct span bytes = {public_key, LIMIT_KEY};

    symmetric_mix_hash(state, bytes);
    symmetric_mix_key(state, bytes);
}

/* A token of two letters: one X25519.  Zero is the peer's fault. */
static enum status
mix_dh(struct symmetric *state, const struct dh_key *ours,
       const uint8_t theirs[static LIMIT_KEY])
{
    struct secret32 shared = {0};

    if (dh_shared(&ours->secret, theirs, &shared) != STATUS_OK)
        return STATUS_BAD_PROOF;
    symmetric_mix_key(state, SPAN_OF(shared.bytes));
    secret_wipe(&shared);
    return STATUS_OK;
}

/* 5.2, 5.3: Initialize, with the one pre-message: the responder's s. */
static void
start(struct noise *noise, enum noise_stage stage, struct span prologue,
      const struct dh_key *local, const uint8_t responder[static LIMIT_KEY])
{
    struct symmetric *state = &noise->symmetric;

    memset(noise, 0, sizeof(*noise));
    noise->stage = stage;
    noise->local = *local;
    symmetric_init(state, span_text(protocol_name));
    symmetric_mix_hash(state, prologue);
    symmetric_mix_hash(state, (struct span){responder, LIMIT_KEY});
}

void
noise_initiator(struct noise *noise, struct span prologue,
                const struct dh_key *local,
                const uint8_t        remote[static LIMIT_KEY],
                const struct dh_key *ephemeral, const struct secret32 *psk)
{
    start(noise, NOISE_INITIATOR, prologue, local, remote);
    memcpy(noise->remote, remote, LIMIT_KEY);
    noise->ephemeral = *ephemeral;
    noise->psk = *psk;
    noise->initiator = true;
}

void
noise_responder(struct noise *noise, struct span prologue,
                const struct dh_key *local)
{
    start(noise, NOISE_RESPONDER, prologue, local, local->public_key);
}

void
noise_wipe(struct noise *noise)
{
    secret_wipe(noise);
}

static enum status
may_write(const struct noise *noise, enum noise_stage stage,
          struct span payload)
{
    if (noise->stage != stage)
        return STATUS_BAD_STATE;
    return payload.len > NOISE_PAYLOAD_MAX ? STATUS_TOO_LARGE : STATUS_OK;
}

enum status
noise_write1(struct noise *noise, struct span payload,
             uint8_t out[static NOISE_MESSAGE_MAX], size_t *out_len)
{
    struct symmetric state = noise->symmetric; /* (I1) */
    uint8_t          e[LIMIT_KEY];
    uint8_t          s[LIMIT_KEY + LIMIT_TAG];
    enum status      st = may_write(noise, NOISE_INITIATOR, payload);

    if (st != STATUS_OK)
        goto out;
    /* e: our ephemeral, in the clear. */
    memcpy(e, noise->ephemeral.public_key, sizeof(e));
    mix_ephemeral(&state, e);
    /* es: our ephemeral with their static; from here on only they can read. */
    st = mix_dh(&state, &noise->ephemeral, noise->remote);
    if (st != STATUS_OK)
        goto out;
    /* s: our static, encrypted. */
    symmetric_encrypt(&state, SPAN_OF(noise->local.public_key), s);
    /* ss: both statics; proves us to them. */
    st = mix_dh(&state, &noise->local, noise->remote);
    if (st != STATUS_OK)
        goto out;
    /* psk: the pair secret; the payload is the first thing under it. */
    symmetric_mix_psk(&state, &noise->psk);
    symmetric_encrypt(&state, payload, out + sizeof(e) + sizeof(s));
    memcpy(out, e, sizeof(e));
    memcpy(out + sizeof(e), s, sizeof(s));
    *out_len = payload.len + NOISE_MESSAGE1_OVERHEAD;
    noise->symmetric = state;
    noise->stage = NOISE_WROTE1; /* (I2) */
    secret_wipe(&noise->psk); /* (I3) */
out:
    secret_wipe(&state);
    return st;
}

enum status
noise_read1_begin(struct noise *noise, struct span message,
                  uint8_t remote[static LIMIT_KEY])
{
    struct symmetric state = noise->symmetric; /* (I1) */
    struct reader    in = reader_of(message);
    uint8_t          e[LIMIT_KEY];
    uint8_t          s[LIMIT_KEY];
    struct span      sealed_s;
    struct span      sealed;
    enum status      st = STATUS_BAD_STATE;

    if (noise->stage != NOISE_RESPONDER)
        goto out;
    st = STATUS_TOO_LARGE;
    if (message.len > NOISE_MESSAGE_MAX)
        goto out;
    reader_copy(&in, e, sizeof(e));
    sealed_s = reader_take(&in, LIMIT_KEY + LIMIT_TAG);
    sealed = reader_rest(&in);
    st = STATUS_BAD_PROOF;
    if (in.failed || sealed.len < LIMIT_TAG)
        goto out;
    /* e: their ephemeral. */
    mix_ephemeral(&state, e);
    /* es: our static with their ephemeral. */
    st = mix_dh(&state, &noise->local, e);
    if (st != STATUS_OK)
        goto out;
    /* s: their static; only who knows our public key can have sealed it. */
    st = symmetric_decrypt(&state, sealed_s, s);
    if (st != STATUS_OK)
        goto out;
    memcpy(noise->remote_ephemeral, e, sizeof(e));
    memcpy(noise->remote, s, sizeof(s));
    memcpy(noise->sealed, sealed.ptr, sealed.len);
    noise->sealed_len = sealed.len;
    noise->symmetric = state;
    noise->stage = NOISE_NAMED; /* (I2) */
    memcpy(remote, s, sizeof(s));
out:
    secret_wipe(&state);
    return st;
}

/* ss, once for all tries of a psk: both statics. */
static enum status
read_ss(struct noise *noise)
{
    struct symmetric state = noise->symmetric; /* (I1) */
    enum status      st = STATUS_OK;

    if (noise->mixed_ss)
        goto out;
    st = mix_dh(&state, &noise->local, noise->remote);
    if (st != STATUS_OK)
        goto out;
    noise->symmetric = state;
    noise->mixed_ss = true;
out:
    secret_wipe(&state);
    return st;
}

enum status
noise_read1_end(struct noise *noise, const struct secret32 *psk,
                uint8_t payload[static NOISE_PAYLOAD_MAX], size_t *payload_len)
{
    struct symmetric state = {0};
    uint8_t          plain[NOISE_PAYLOAD_MAX];
    struct span      sealed = {noise->sealed, noise->sealed_len};
    enum status      st = STATUS_BAD_STATE;

    if (noise->stage != NOISE_NAMED)
        goto out;
    /* ss: proves them to us. */
    st = read_ss(noise);
    if (st != STATUS_OK)
        goto out;
    state = noise->symmetric; /* (I1) */
    /* psk: the pair secret. */
    symmetric_mix_psk(&state, psk);
    st = symmetric_decrypt(&state, sealed, plain);
    if (st != STATUS_OK)
        goto out;
    *payload_len = sealed.len - LIMIT_TAG;
    memcpy(payload, plain, *payload_len);
    noise->symmetric = state;
    noise->stage = NOISE_READ1; /* (I2) */
out:
    secret_wipe(&state);
    secret_wipe(&plain);
    return st;
}

/* The ephemerals have served: what is left is the chain and the hash. */
static void
finish(struct noise *noise, const struct symmetric *state)
{
    noise->symmetric = *state;
    noise->stage = NOISE_DONE; /* (I2) */
    dh_key_wipe(&noise->ephemeral); /* (I3) */
    dh_key_wipe(&noise->local);
}

enum status
noise_write2(struct noise *noise, const struct dh_key *ephemeral,
             struct span payload, uint8_t out[static NOISE_MESSAGE_MAX],
             size_t *out_len)
{
    struct symmetric state = noise->symmetric; /* (I1) */
    enum status      st = may_write(noise, NOISE_READ1, payload);

    if (st != STATUS_OK)
        goto out;
    /* e: our ephemeral, in the clear. */
    mix_ephemeral(&state, ephemeral->public_key);
    /* ee: both ephemerals; from here on forward secret. */
    st = mix_dh(&state, ephemeral, noise->remote_ephemeral);
    if (st != STATUS_OK)
        goto out;
    /* se: their static with our ephemeral; only they can go on. */
    st = mix_dh(&state, ephemeral, noise->remote);
    if (st != STATUS_OK)
        goto out;
    symmetric_encrypt(&state, payload, out + LIMIT_KEY);
    memcpy(out, ephemeral->public_key, LIMIT_KEY);
    *out_len = payload.len + NOISE_MESSAGE2_OVERHEAD;
    finish(noise, &state);
out:
    secret_wipe(&state);
    return st;
}

enum status
noise_read2(struct noise *noise, struct span message,
            uint8_t payload[static NOISE_PAYLOAD_MAX], size_t *payload_len)
{
    struct symmetric state = noise->symmetric; /* (I1) */
    struct reader    in = reader_of(message);
    uint8_t          e[LIMIT_KEY];
    uint8_t          plain[NOISE_PAYLOAD_MAX];
    struct span      sealed;
    enum status      st = STATUS_BAD_STATE;

    if (noise->stage != NOISE_WROTE1)
        goto out;
    st = STATUS_TOO_LARGE;
    if (message.len > NOISE_PAYLOAD_MAX + NOISE_MESSAGE2_OVERHEAD)
        goto out;
    reader_copy(&in, e, sizeof(e));
    sealed = reader_rest(&in);
    st = STATUS_BAD_PROOF;
    if (in.failed || sealed.len < LIMIT_TAG)
        goto out;
    /* e: their ephemeral. */
    mix_ephemeral(&state, e);
    /* ee: both ephemerals. */
    st = mix_dh(&state, &noise->ephemeral, e);
    if (st != STATUS_OK)
        goto out;
    /* se: our static with their ephemeral. */
    st = mix_dh(&state, &noise->local, e);
    if (st != STATUS_OK)
        goto out;
    st = symmetric_decrypt(&state, sealed, plain);
    if (st != STATUS_OK)
        goto out;
    *payload_len = sealed.len - LIMIT_TAG;
    memcpy(payload, plain, *payload_len);
    finish(noise, &state);
out:
    secret_wipe(&state);
    secret_wipe(&plain);
    return st;
}

void
noise_hash(const struct noise *noise, struct digest *out)
{
    assert(noise->stage == NOISE_DONE || noise->stage == NOISE_SPLIT);
    *out = noise->symmetric.hash;
}

enum status
noise_split(struct noise *noise, struct noise_transport *send,
            struct noise_transport *receive)
{
    struct secret32 keys[2] = {0};
    struct digest   hash = noise->symmetric.hash;
    size_t          ours = noise->initiator ? 0 : 1;

    if (noise->stage != NOISE_DONE)
        return STATUS_BAD_STATE;
    /* 5.2: Split; the initiator sends under the first key. */
    symmetric_split(&noise->symmetric, keys);
    *send = (struct noise_transport){.key = keys[ours]};
    *receive = (struct noise_transport){.key = keys[1 - ours]};
    secret_wipe(&keys);
    noise_wipe(noise); /* (I3) */
    noise->symmetric.hash = hash;
    noise->stage = NOISE_SPLIT; /* (I2) */
    return STATUS_OK;
}

void
noise_transport_wipe(struct noise_transport *transport)
{
    secret_wipe(transport);
}

enum status
noise_encrypt(struct noise_transport *transport, struct span plain,
              uint8_t *out)
{
    if (plain.len > LIMIT_FRAME_PLAIN)
        return STATUS_TOO_LARGE;
    if (transport->nonce == UINT64_MAX)
        return STATUS_BAD_STATE;
    symmetric_seal(&transport->key, transport->nonce, SPAN_EMPTY, plain, out);
    transport->nonce++; /* (I2) */
    return STATUS_OK;
}

enum status
noise_decrypt(struct noise_transport *transport, struct span in, uint8_t *out)
{
    enum status st;

    if (in.len > LIMIT_FRAME)
        return STATUS_TOO_LARGE;
    if (in.len < LIMIT_TAG)
        return STATUS_BAD_PROOF;
    if (transport->nonce == UINT64_MAX)
        return STATUS_BAD_STATE;
    st = symmetric_unseal(&transport->key, transport->nonce, SPAN_EMPTY, in,
                          out);
    if (st == STATUS_OK)
        transport->nonce++; /* (I2) */
    return st;
}

void
noise_mac1(const uint8_t responder[static LIMIT_KEY], struct span message,
           uint8_t out[static NOISE_MAC1_LEN])
{
    struct span   input[] = {label_span(LABEL_MAC1), {responder, LIMIT_KEY}};
    struct digest key;
    struct digest mac;

    sha256_spans(input, 2, &key);
    hmac_sha256(digest_span(&key), message, &mac);
    memcpy(out, mac.bytes, NOISE_MAC1_LEN);
}

enum status
noise_mac1_check(const uint8_t responder[static LIMIT_KEY], struct span message,
                 const uint8_t mac1[static NOISE_MAC1_LEN])
{
    uint8_t expected[NOISE_MAC1_LEN];

    noise_mac1(responder, message, expected);
    return secret_equal(expected, mac1, sizeof(expected)) ? STATUS_OK
                                                          : STATUS_BAD_PROOF;
}

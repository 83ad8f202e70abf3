/*
 * noise_pair.h - two ends of one Noise handshake, for the tests of noise.c.
 */
#ifndef TESTS_UNIT_NOISE_PAIR_H
#define TESTS_UNIT_NOISE_PAIR_H

#include "crypto/noise.h"
#include "tests/unit/vectors.h"

/* A vector of Noise_IKpsk1_25519_ChaChaPoly_SHA256, all hex. */
struct handshake {
    const char *prologue;
    const char *psk;
    const char *initiator_static;
    const char *initiator_ephemeral;
    const char *responder_static;
    const char *responder_ephemeral;
    const char *hash;
    struct {
        const char *payload;
        const char *ciphertext;
    } messages[6];
};

/* The published one (cacophony), kept here so that it always runs. */
static const struct handshake published = {
    .prologue = "4a6f686e2047616c74",
    .psk = "54686973206973206d7920417573747269616e20706572737065637469766521",
    .initiator_static =
        "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
    .initiator_ephemeral =
        "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
    .responder_static =
        "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
    .responder_ephemeral =
        "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b",
    .hash = "3ad252ed6f724c52da3450383b7d8b806c183e1ef157bbe0465ad24997ec4717",
    .messages = {
        {"4c756477696720766f6e204d69736573",
         "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944"
         "ac58a6c31948ce200911c5b27b67f1c4d1bed490532dd94ed17164fcc5784d37"
         "30fc302b70cc0f19beedaeb56bd974c0e57d747d11534c746eb2a32ac3fde3e4"
         "cdf6c3a4705762a6c6ca664b3bc89490"},
        {"4d757272617920526f746862617264",
         "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843"
         "846a944a0652fb390d213d0700d5ae8fef7aad0ecc79a9216d15de5d7f3ee4"},
        {"462e20412e20486179656b",
         "5d872673f64813a47a00369b15c8da92691605ad71ba019de8e718"},
        {"4361726c204d656e676572",
         "2045266a750b6af2547f7eb1391058196b742d0aac4b3a1bcc1913"},
        {"4a65616e2d426170746973746520536179",
         "9ec47ed0e7628c7d7a4eed631b963740ac2fd754eadaa9232e99054af4f7b29174"},
        {"457567656e2042f6686d20766f6e2042617765726b",
         "310e359407350594cfb96eb4596e35677d4a71ceb42aa8cbba097bb9e7150b0d"
         "1bd749c4aa"}}};

/* Two ends of one handshake and all that they were given. */
struct pair {
    struct dh_key   initiator_static;
    struct dh_key   initiator_ephemeral;
    struct dh_key   responder_static;
    struct dh_key   responder_ephemeral;
    struct secret32 psk;
    struct noise    initiator;
    struct noise    responder;
};

static inline void
dh_key_of_hex(const char *hex, struct dh_key *out)
{
    struct secret32 secret;

    vector_fill(hex, secret.bytes, LIMIT_KEY);
    dh_key_from_secret(&secret, out);
}

static inline void
pair_init(struct pair *pair, const struct handshake *from)
{
    struct vector prologue = vector_of(from->prologue);

    memset(pair, 0, sizeof(*pair));
    dh_key_of_hex(from->initiator_static, &pair->initiator_static);
    dh_key_of_hex(from->initiator_ephemeral, &pair->initiator_ephemeral);
    dh_key_of_hex(from->responder_static, &pair->responder_static);
    dh_key_of_hex(from->responder_ephemeral, &pair->responder_ephemeral);
    vector_fill(from->psk, pair->psk.bytes, LIMIT_KEY);
    noise_initiator(&pair->initiator, vector_span(&prologue),
                    &pair->initiator_static, pair->responder_static.public_key,
                    &pair->initiator_ephemeral, &pair->psk);
    noise_responder(&pair->responder, vector_span(&prologue),
                    &pair->responder_static);
}

/* A message as it travels, or its payload. */
struct packet {
    uint8_t bytes[NOISE_MESSAGE_MAX];
    size_t  len;
};

static inline struct span
packet_span(const struct packet *packet)
{
    return (struct span){packet->bytes, packet->len};
}

static inline struct packet
message1(struct pair *pair, const char *payload)
{
    struct packet out;

    assert_int_equal(noise_write1(&pair->initiator, span_text(payload),
                                  out.bytes, &out.len),
                     STATUS_OK);
    return out;
}

static inline void
read1(struct pair *pair, const struct packet *message)
{
    uint8_t       remote[LIMIT_KEY];
    struct packet payload;

    assert_int_equal(
        noise_read1_begin(&pair->responder, packet_span(message), remote),
        STATUS_OK);
    assert_int_equal(noise_read1_end(&pair->responder, &pair->psk,
                                     payload.bytes, &payload.len),
                     STATUS_OK);
}

static inline struct packet
message2(struct pair *pair, const char *payload)
{
    struct packet out;

    assert_int_equal(noise_write2(&pair->responder, &pair->responder_ephemeral,
                                  span_text(payload), out.bytes, &out.len),
                     STATUS_OK);
    return out;
}

/* Two ends after the handshake. */
struct links {
    struct noise_transport from_initiator;
    struct noise_transport at_initiator;
    struct noise_transport from_responder;
    struct noise_transport at_responder;
};

static inline void
links_open(struct pair *pair, struct links *out)
{
    struct packet message;
    struct packet payload;

    pair_init(pair, &published);
    message = message1(pair, "one");
    read1(pair, &message);
    message = message2(pair, "two");
    assert_int_equal(noise_read2(&pair->initiator, packet_span(&message),
                                 payload.bytes, &payload.len),
                     STATUS_OK);
    assert_int_equal(noise_split(&pair->initiator, &out->from_initiator,
                                 &out->at_initiator),
                     STATUS_OK);
    assert_int_equal(noise_split(&pair->responder, &out->from_responder,
                                 &out->at_responder),
                     STATUS_OK);
}

#endif

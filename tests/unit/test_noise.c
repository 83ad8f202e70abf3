/* test_noise.c - the handshake under hostile bytes and wrong order; mac1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/noise_pair.h"

static void
the_responder_learns_the_name_first_and_may_try_another_secret(void **state)
{
    struct pair     pair;
    struct packet   message;
    struct packet   payload = {.len = 77};
    struct secret32 wrong = {{1}};
    uint8_t         remote[LIMIT_KEY];

    (void)state;
    pair_init(&pair, &published);
    message = message1(&pair, "hello");
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_OK);
    assert_memory_equal(remote, pair.initiator_static.public_key, LIMIT_KEY);
    for (size_t tries = 0; tries < 2; tries++) {
        assert_int_equal(noise_read1_end(&pair.responder, &wrong,
                                         payload.bytes, &payload.len),
                         STATUS_BAD_PROOF);
        assert_int_equal(payload.len, 77); /* untouched */
    }
    assert_int_equal(noise_read1_end(&pair.responder, &pair.psk, payload.bytes,
                                     &payload.len),
                     STATUS_OK);
    assert_true(span_equal(packet_span(&payload), span_text("hello")));
}

static void
who_has_the_public_key_but_another_static_than_he_names_is_refused(
    void **state)
{
    struct pair   pair;
    struct packet message;
    struct packet payload;
    uint8_t       remote[LIMIT_KEY];

    (void)state;
    pair_init(&pair, &published);
    /* A thief names the initiator's public key and has another secret. */
    memcpy(pair.initiator.local.secret.bytes,
           pair.responder_ephemeral.secret.bytes, LIMIT_KEY);
    message = message1(&pair, "it is me");
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_OK);
    assert_memory_equal(remote, pair.initiator_static.public_key, LIMIT_KEY);
    assert_int_equal(noise_read1_end(&pair.responder, &pair.psk, payload.bytes,
                                     &payload.len),
                     STATUS_BAD_PROOF);
}

static void
another_prologue_or_another_responder_is_refused(void **state)
{
    struct pair   pair;
    struct packet message;
    uint8_t       remote[LIMIT_KEY];

    (void)state;
    pair_init(&pair, &published);
    message = message1(&pair, "hello");
    noise_responder(&pair.responder, span_text("John Galu"),
                    &pair.responder_static);
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_BAD_PROOF);
    noise_responder(&pair.responder, span_text("John Galt"),
                    &pair.responder_ephemeral);
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_BAD_PROOF);
    noise_responder(&pair.responder, span_text("John Galt"),
                    &pair.responder_static);
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_OK);
}

/* Whether a fresh responder takes these bytes to the end. */
static enum status
read1_whole(const struct pair *pair, struct span message)
{
    struct noise  responder = pair->responder;
    struct packet payload;
    uint8_t       remote[LIMIT_KEY];
    enum status   st = noise_read1_begin(&responder, message, remote);

    if (st != STATUS_OK)
        return st;
    return noise_read1_end(&responder, &pair->psk, payload.bytes, &payload.len);
}

static void
every_prefix_and_every_flipped_byte_of_message_1_is_refused(void **state)
{
    struct pair   pair;
    struct packet message;

    (void)state;
    pair_init(&pair, &published);
    message = message1(&pair, "hello");
    for (size_t len = 0; len < message.len; len++)
        assert_int_equal(
            read1_whole(&pair, (struct span){message.bytes, len}),
            STATUS_BAD_PROOF);
    for (size_t i = 0; i < message.len; i++) {
        message.bytes[i] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(read1_whole(&pair, packet_span(&message)),
                         STATUS_BAD_PROOF);
        message.bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    message.bytes[message.len] = 0; /* a byte more */
    assert_int_equal(
        read1_whole(&pair, (struct span){message.bytes, message.len + 1}),
        STATUS_BAD_PROOF);
    assert_int_equal(read1_whole(&pair, packet_span(&message)), STATUS_OK);
}

static void
every_prefix_and_every_flipped_byte_of_message_2_is_refused(void **state)
{
    struct pair   pair;
    struct packet message;
    struct packet payload;

    (void)state;
    pair_init(&pair, &published);
    message = message1(&pair, "hello");
    read1(&pair, &message);
    message = message2(&pair, "welcome");
    for (size_t len = 0; len < message.len; len++)
        assert_int_equal(noise_read2(&pair.initiator,
                                     (struct span){message.bytes, len},
                                     payload.bytes, &payload.len),
                         STATUS_BAD_PROOF);
    for (size_t i = 0; i < message.len; i++) {
        message.bytes[i] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(noise_read2(&pair.initiator, packet_span(&message),
                                     payload.bytes, &payload.len),
                         STATUS_BAD_PROOF);
        message.bytes[i] ^= (uint8_t)(1u << i % 8);
    }
    /* After all that the true one is still taken: nothing had changed. */
    assert_int_equal(noise_read2(&pair.initiator, packet_span(&message),
                                 payload.bytes, &payload.len),
                     STATUS_OK);
    assert_true(span_equal(packet_span(&payload), span_text("welcome")));
}

static void
a_point_that_gives_a_zero_secret_is_refused_on_both_sides(void **state)
{
    static const uint8_t zero[LIMIT_KEY];
    struct pair          pair;
    struct packet        message;
    struct packet        payload;

    (void)state;
    pair_init(&pair, &published);
    message = message1(&pair, "hello");
    memset(message.bytes, 0, LIMIT_KEY);
    assert_int_equal(read1_whole(&pair, packet_span(&message)),
                     STATUS_BAD_PROOF);

    memset(payload.bytes, 0, sizeof(payload.bytes));
    payload.len = NOISE_MESSAGE2_OVERHEAD;
    assert_int_equal(noise_read2(&pair.initiator, packet_span(&payload),
                                 message.bytes, &message.len),
                     STATUS_BAD_PROOF);

    noise_initiator(&pair.initiator, SPAN_EMPTY, &pair.initiator_static, zero,
                    &pair.initiator_ephemeral, &pair.psk);
    assert_int_equal(noise_write1(&pair.initiator, SPAN_EMPTY, message.bytes,
                                  &message.len),
                     STATUS_BAD_PROOF);
}

static void
payloads_go_up_to_their_limit_and_no_further(void **state)
{
    static uint8_t text[NOISE_MESSAGE_MAX + 1];
    struct span    longest = {text, NOISE_PAYLOAD_MAX};
    struct span    longer = {text, NOISE_PAYLOAD_MAX + 1};
    struct pair    pair;
    struct packet  message;
    struct packet  payload;
    uint8_t        remote[LIMIT_KEY];

    (void)state;
    pair_init(&pair, &published);
    assert_int_equal(
        noise_write1(&pair.initiator, longer, message.bytes, &message.len),
        STATUS_TOO_LARGE);
    assert_int_equal(
        noise_write1(&pair.initiator, longest, message.bytes, &message.len),
        STATUS_OK);
    assert_int_equal(message.len, NOISE_MESSAGE_MAX);
    assert_int_equal(
        noise_read1_begin(&pair.responder, SPAN_OF(text), remote),
        STATUS_TOO_LARGE);
    read1(&pair, &message);
    assert_int_equal(noise_write2(&pair.responder, &pair.responder_ephemeral,
                                  longer, message.bytes, &message.len),
                     STATUS_TOO_LARGE);
    assert_int_equal(noise_write2(&pair.responder, &pair.responder_ephemeral,
                                  longest, message.bytes, &message.len),
                     STATUS_OK);
    assert_int_equal(noise_read2(&pair.initiator, SPAN_OF(text), payload.bytes,
                                 &payload.len),
                     STATUS_TOO_LARGE);
    assert_int_equal(noise_read2(&pair.initiator, packet_span(&message),
                                 payload.bytes, &payload.len),
                     STATUS_OK);
    assert_int_equal(payload.len, NOISE_PAYLOAD_MAX);
}

/* All calls that `noise` may not answer at its stage. */
static void
refuses_all_but(struct noise *noise, enum noise_stage allowed)
{
    static const uint8_t   bytes[NOISE_MESSAGE1_OVERHEAD];
    struct dh_key          ephemeral = {0};
    struct secret32        psk = {0};
    struct packet          out;
    struct noise_transport send;
    struct noise_transport receive;
    uint8_t                remote[LIMIT_KEY];

    if (allowed != NOISE_INITIATOR)
        assert_int_equal(
            noise_write1(noise, SPAN_EMPTY, out.bytes, &out.len),
            STATUS_BAD_STATE);
    if (allowed != NOISE_RESPONDER)
        assert_int_equal(noise_read1_begin(noise, SPAN_OF(bytes), remote),
                         STATUS_BAD_STATE);
    if (allowed != NOISE_NAMED)
        assert_int_equal(noise_read1_end(noise, &psk, out.bytes, &out.len),
                         STATUS_BAD_STATE);
    if (allowed != NOISE_READ1)
        assert_int_equal(noise_write2(noise, &ephemeral, SPAN_EMPTY, out.bytes,
                                      &out.len),
                         STATUS_BAD_STATE);
    if (allowed != NOISE_WROTE1)
        assert_int_equal(
            noise_read2(noise, SPAN_OF(bytes), out.bytes, &out.len),
            STATUS_BAD_STATE);
    if (allowed != NOISE_DONE)
        assert_int_equal(noise_split(noise, &send, &receive),
                         STATUS_BAD_STATE);
}

static void
each_stage_allows_one_call_and_refuses_the_others(void **state)
{
    struct pair            pair;
    struct packet          message;
    struct packet          payload;
    struct noise           unset = {0};
    struct noise_transport send;
    struct noise_transport receive;
    uint8_t                remote[LIMIT_KEY];

    (void)state;
    refuses_all_but(&unset, NOISE_UNSET);
    pair_init(&pair, &published);
    refuses_all_but(&pair.initiator, NOISE_INITIATOR);
    message = message1(&pair, "hello");
    refuses_all_but(&pair.initiator, NOISE_WROTE1);
    refuses_all_but(&pair.responder, NOISE_RESPONDER);
    assert_int_equal(
        noise_read1_begin(&pair.responder, packet_span(&message), remote),
        STATUS_OK);
    refuses_all_but(&pair.responder, NOISE_NAMED);
    assert_int_equal(noise_read1_end(&pair.responder, &pair.psk, payload.bytes,
                                     &payload.len),
                     STATUS_OK);
    refuses_all_but(&pair.responder, NOISE_READ1);
    message = message2(&pair, "welcome");
    refuses_all_but(&pair.responder, NOISE_DONE);
    assert_int_equal(noise_read2(&pair.initiator, packet_span(&message),
                                 payload.bytes, &payload.len),
                     STATUS_OK);
    refuses_all_but(&pair.initiator, NOISE_DONE);
    assert_int_equal(noise_split(&pair.initiator, &send, &receive), STATUS_OK);
    refuses_all_but(&pair.initiator, NOISE_SPLIT);
}

static void
after_the_split_only_the_hash_is_left(void **state)
{
    struct pair   pair;
    struct links  links;
    struct digest ours;
    struct digest theirs;

    (void)state;
    links_open(&pair, &links);
    noise_hash(&pair.initiator, &ours);
    noise_hash(&pair.responder, &theirs);
    assert_true(digest_equal(&ours, &theirs));
    pair.initiator.stage = NOISE_UNSET;
    memset(&pair.initiator.symmetric.hash, 0, sizeof(struct digest));
    assert_true(
        secret_is_zero((const uint8_t *)&pair.initiator, sizeof(struct noise)));
}

/* The expected value is from Python's hmac and hashlib. */
static void
mac1_is_hmac_under_the_hash_of_label_and_responder(void **state)
{
    uint8_t       responder[LIMIT_KEY];
    uint8_t       mac1[NOISE_MAC1_LEN];
    struct vector expected = vector_of("45939a6aeffefd1ce59bbdebea98c7c0");

    (void)state;
    for (size_t i = 0; i < LIMIT_KEY; i++)
        responder[i] = (uint8_t)i;
    noise_mac1(responder, span_text("message one"), mac1);
    assert_memory_equal(mac1, expected.bytes, sizeof(mac1));
    assert_int_equal(
        noise_mac1_check(responder, span_text("message one"), mac1),
        STATUS_OK);
    assert_int_equal(
        noise_mac1_check(responder, span_text("message two"), mac1),
        STATUS_BAD_PROOF);
    for (size_t bit = 0; bit < 8 * sizeof(mac1); bit++) {
        mac1[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(
            noise_mac1_check(responder, span_text("message one"), mac1),
            STATUS_BAD_PROOF);
        mac1[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    responder[0] ^= 1;
    assert_int_equal(
        noise_mac1_check(responder, span_text("message one"), mac1),
        STATUS_BAD_PROOF);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_responder_learns_the_name_first_and_may_try_another_secret),
        cmocka_unit_test(
            who_has_the_public_key_but_another_static_than_he_names_is_refused),
        cmocka_unit_test(another_prologue_or_another_responder_is_refused),
        cmocka_unit_test(
            every_prefix_and_every_flipped_byte_of_message_1_is_refused),
        cmocka_unit_test(
            every_prefix_and_every_flipped_byte_of_message_2_is_refused),
        cmocka_unit_test(
            a_point_that_gives_a_zero_secret_is_refused_on_both_sides),
        cmocka_unit_test(payloads_go_up_to_their_limit_and_no_further),
        cmocka_unit_test(each_stage_allows_one_call_and_refuses_the_others),
        cmocka_unit_test(after_the_split_only_the_hash_is_left),
        cmocka_unit_test(mac1_is_hmac_under_the_hash_of_label_and_responder),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

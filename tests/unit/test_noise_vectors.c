/* test_noise_vectors.c - IKpsk1 against the published vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/noise_pair.h"

static void
assert_is(const uint8_t *bytes, size_t len, const char *hex)
{
    struct vector expected = vector_of(hex);

    assert_int_equal(len, expected.len);
    assert_memory_equal(bytes, expected.bytes, len);
}

/* Messages 1 and 2 of a vector, both ends. */
static void
run_handshake(struct pair *pair, const struct handshake *vector)
{
    struct vector payload1 = vector_of(vector->messages[0].payload);
    struct vector payload2 = vector_of(vector->messages[1].payload);
    struct packet message;
    struct packet payload;
    uint8_t       remote[LIMIT_KEY];

    assert_int_equal(noise_write1(&pair->initiator, vector_span(&payload1),
                                  message.bytes, &message.len),
                     STATUS_OK);
    assert_is(message.bytes, message.len, vector->messages[0].ciphertext);
    assert_int_equal(
        noise_read1_begin(&pair->responder, packet_span(&message), remote),
        STATUS_OK);
    assert_memory_equal(remote, pair->initiator_static.public_key, LIMIT_KEY);
    assert_int_equal(noise_read1_end(&pair->responder, &pair->psk,
                                     payload.bytes, &payload.len),
                     STATUS_OK);
    assert_is(payload.bytes, payload.len, vector->messages[0].payload);

    assert_int_equal(noise_write2(&pair->responder, &pair->responder_ephemeral,
                                  vector_span(&payload2), message.bytes,
                                  &message.len),
                     STATUS_OK);
    assert_is(message.bytes, message.len, vector->messages[1].ciphertext);
    assert_int_equal(noise_read2(&pair->initiator, packet_span(&message),
                                 payload.bytes, &payload.len),
                     STATUS_OK);
    assert_is(payload.bytes, payload.len, vector->messages[1].payload);
}

/* The transport messages of a vector, the initiator first, in turns. */
static void
run_transport(struct pair *pair, const struct handshake *vector)
{
    struct noise_transport send[2];
    struct noise_transport receive[2];
    struct digest          hash;

    assert_int_equal(noise_split(&pair->initiator, &send[0], &receive[0]),
                     STATUS_OK);
    assert_int_equal(noise_split(&pair->responder, &send[1], &receive[1]),
                     STATUS_OK);
    noise_hash(&pair->initiator, &hash);
    assert_is(hash.bytes, LIMIT_DIGEST, vector->hash);
    noise_hash(&pair->responder, &hash);
    assert_is(hash.bytes, LIMIT_DIGEST, vector->hash);
    for (size_t i = 2; i < 6 && vector->messages[i].payload != NULL; i++) {
        struct vector plain = vector_of(vector->messages[i].payload);
        struct packet sealed = {.len = plain.len + LIMIT_TAG};
        struct packet opened = {.len = plain.len};

        assert_int_equal(
            noise_encrypt(&send[i % 2], vector_span(&plain), sealed.bytes),
            STATUS_OK);
        assert_is(sealed.bytes, sealed.len, vector->messages[i].ciphertext);
        assert_int_equal(noise_decrypt(&receive[1 - i % 2],
                                       packet_span(&sealed), opened.bytes),
                         STATUS_OK);
        assert_is(opened.bytes, opened.len, vector->messages[i].payload);
    }
}

static void
the_published_ikpsk1_vector_comes_out_byte_for_byte(void **state)
{
    struct pair pair;

    (void)state;
    pair_init(&pair, &published);
    run_handshake(&pair, &published);
    run_transport(&pair, &published);
}

static struct handshake
handshake_of_json(const json_t *vector)
{
    struct handshake out = {0};
    const json_t    *messages = json_object_get(vector, "messages");
    const json_t    *psks = json_object_get(vector, "init_psks");

    out.prologue = vector_text(vector, "init_prologue");
    out.psk = json_string_value(json_array_get(psks, 0));
    out.initiator_static = vector_text(vector, "init_static");
    out.initiator_ephemeral = vector_text(vector, "init_ephemeral");
    out.responder_static = vector_text(vector, "resp_static");
    out.responder_ephemeral = vector_text(vector, "resp_ephemeral");
    out.hash = vector_text(vector, "handshake_hash");
    for (size_t i = 0; i < 6 && i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);

        out.messages[i].payload = vector_text(message, "payload");
        out.messages[i].ciphertext = vector_text(message, "ciphertext");
    }
    return out;
}

/* Message 1 of another pattern must not pass for one of ours. */
static void
refuses_message1_of(struct handshake *vector)
{
    struct pair   pair;
    struct vector message = vector_of(vector->messages[0].ciphertext);
    struct packet payload;
    uint8_t       remote[LIMIT_KEY];

    if (vector->psk == NULL)
        vector->psk = published.psk;
    pair_init(&pair, vector);
    if (noise_read1_begin(&pair.responder, vector_span(&message), remote) ==
        STATUS_OK)
        assert_int_equal(noise_read1_end(&pair.responder, &pair.psk,
                                         payload.bytes, &payload.len),
                         STATUS_BAD_PROOF);
}

static void
every_ikpsk1_vector_agrees_and_every_other_pattern_is_refused(void **state)
{
    json_t *root = vectors_load("noise.json");
    json_t *vector;
    size_t  i;
    size_t  run = 0;
    size_t  refused = 0;

    (void)state;
    json_array_foreach(json_object_get(root, "vectors"), i, vector) {
        struct handshake handshake = handshake_of_json(vector);
        struct pair      pair;

        if (strcmp(vector_text(vector, "protocol_name"),
                   "Noise_IKpsk1_25519_ChaChaPoly_SHA256") != 0) {
            refuses_message1_of(&handshake);
            refused++;
            continue;
        }
        run++;
        pair_init(&pair, &handshake);
        run_handshake(&pair, &handshake);
        run_transport(&pair, &handshake);
    }
    assert_true(run > 0 && refused > 0);
    json_decref(root);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_ikpsk1_vector_comes_out_byte_for_byte),
        cmocka_unit_test(
            every_ikpsk1_vector_agrees_and_every_other_pattern_is_refused),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

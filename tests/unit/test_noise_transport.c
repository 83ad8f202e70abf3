/* test_noise_transport.c - messages after the handshake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/noise_pair.h"

static void
transport_messages_open_once_and_in_order(void **state)
{
    struct pair  pair;
    struct links links;
    uint8_t      first[LIMIT_TAG + 3];
    uint8_t      second[LIMIT_TAG + 3];
    uint8_t      plain[3];

    (void)state;
    links_open(&pair, &links);
    assert_int_equal(
        noise_encrypt(&links.from_initiator, span_text("one"), first),
        STATUS_OK);
    assert_int_equal(
        noise_encrypt(&links.from_initiator, span_text("two"), second),
        STATUS_OK);
    /* out of order, then right, then a replay */
    assert_int_equal(
        noise_decrypt(&links.at_responder, SPAN_OF(second), plain),
        STATUS_BAD_PROOF);
    assert_int_equal(noise_decrypt(&links.at_responder, SPAN_OF(first), plain),
                     STATUS_OK);
    assert_int_equal(noise_decrypt(&links.at_responder, SPAN_OF(first), plain),
                     STATUS_BAD_PROOF);
    assert_int_equal(
        noise_decrypt(&links.at_responder, SPAN_OF(second), plain), STATUS_OK);
    assert_memory_equal(plain, "two", 3);
    /* back to its sender */
    assert_int_equal(noise_decrypt(&links.at_initiator, SPAN_OF(first), plain),
                     STATUS_BAD_PROOF);
}

static void
a_damaged_message_is_refused_and_the_true_one_still_opens(void **state)
{
    struct pair  pair;
    struct links links;
    uint8_t      sealed[LIMIT_TAG + 5];
    uint8_t      plain[LIMIT_TAG + 5];

    (void)state;
    links_open(&pair, &links);
    assert_int_equal(
        noise_encrypt(&links.from_responder, span_text("hello"), sealed),
        STATUS_OK);
    for (size_t len = 0; len < sizeof(sealed); len++)
        assert_int_equal(noise_decrypt(&links.at_initiator,
                                       (struct span){sealed, len}, plain),
                         STATUS_BAD_PROOF);
    for (size_t bit = 0; bit < 8 * sizeof(sealed); bit++) {
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_equal(
            noise_decrypt(&links.at_initiator, SPAN_OF(sealed), plain),
            STATUS_BAD_PROOF);
        assert_true(secret_is_zero(plain, 5));
        sealed[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    assert_int_equal(
        noise_decrypt(&links.at_initiator, SPAN_OF(sealed), sealed),
        STATUS_OK); /* in place */
    assert_memory_equal(sealed, "hello", 5);
}

static void
a_frame_may_be_full_and_not_fuller(void **state)
{
    static uint8_t frame[LIMIT_FRAME + 1];
    struct pair    pair;
    struct links   links;

    (void)state;
    links_open(&pair, &links);
    assert_int_equal(noise_encrypt(&links.from_initiator,
                                   (struct span){frame, LIMIT_FRAME_PLAIN + 1},
                                   frame),
                     STATUS_TOO_LARGE);
    assert_int_equal(noise_encrypt(&links.from_initiator,
                                   (struct span){frame, LIMIT_FRAME_PLAIN},
                                   frame),
                     STATUS_OK); /* in place */
    assert_int_equal(
        noise_decrypt(&links.at_responder, SPAN_OF(frame), frame),
        STATUS_TOO_LARGE);
    assert_int_equal(noise_decrypt(&links.at_responder,
                                   (struct span){frame, LIMIT_FRAME}, frame),
                     STATUS_OK);
    assert_true(secret_is_zero(frame, LIMIT_FRAME_PLAIN));
}

static void
the_last_nonce_is_never_used(void **state)
{
    struct pair  pair;
    struct links links;
    uint8_t      sealed[LIMIT_TAG];
    uint8_t      plain[1];

    (void)state;
    links_open(&pair, &links);
    links.from_initiator.nonce = UINT64_MAX - 1;
    links.at_responder.nonce = UINT64_MAX - 1;
    assert_int_equal(noise_encrypt(&links.from_initiator, SPAN_EMPTY, sealed),
                     STATUS_OK);
    assert_int_equal(noise_encrypt(&links.from_initiator, SPAN_EMPTY, plain),
                     STATUS_BAD_STATE);
    assert_int_equal(
        noise_decrypt(&links.at_responder, SPAN_OF(sealed), plain), STATUS_OK);
    assert_int_equal(
        noise_decrypt(&links.at_responder, SPAN_OF(sealed), plain),
        STATUS_BAD_STATE);
    assert_true(links.from_initiator.nonce == UINT64_MAX);
    noise_transport_wipe(&links.from_initiator);
    assert_true(secret_is_zero(links.from_initiator.key.bytes, LIMIT_KEY));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transport_messages_open_once_and_in_order),
        cmocka_unit_test(
            a_damaged_message_is_refused_and_the_true_one_still_opens),
        cmocka_unit_test(a_frame_may_be_full_and_not_fuller),
        cmocka_unit_test(the_last_nonce_is_never_used),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/box.h"
#include "tests/unit/vectors.h"

enum { PLAIN_LEN = 114 };

/* draft-irtf-cfrg-xchacha-03, A.3.1. */
static const char plain_hex[] =
    "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
    "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
    "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
    "637265656e20776f756c642062652069742e";
static const char sealed_hex[] =
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
    "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
    "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
    "21f9664c97637da9768812f615c68b13b52e"
    "c0875924c1c7987947deafd8780acf49";

static struct secret32 key;
static uint8_t         nonce[BOX_NONCE];
static struct vector   data, plain, sealed;

static int
take_vector(void **state)
{
    (void)state;
    vector_fill("808182838485868788898a8b8c8d8e8f"
                "909192939495969798999a9b9c9d9e9f",
                key.bytes, sizeof(key.bytes));
    vector_fill("404142434445464748494a4b4c4d4e4f5051525354555657", nonce,
                sizeof(nonce));
    data = vector_of("50515253c0c1c2c3c4c5c6c7");
    plain = vector_of(plain_hex);
    sealed = vector_of(sealed_hex);
    return 0;
}

static void
the_published_vector_seals_and_opens(void **state)
{
    uint8_t out[PLAIN_LEN + LIMIT_TAG];

    (void)state;
    box_seal(&key, nonce, vector_span(&data), vector_span(&plain), out);
    assert_int_equal(sealed.len, sizeof(out));
    assert_memory_equal(out, sealed.bytes, sizeof(out));
    assert_int_equal(box_open(&key, nonce, vector_span(&data),
                              vector_span(&sealed), out),
                     STATUS_OK);
    assert_memory_equal(out, plain.bytes, PLAIN_LEN);
}

static void
a_box_is_sealed_and_opened_in_its_place(void **state)
{
    uint8_t bytes[PLAIN_LEN + LIMIT_TAG];

    (void)state;
    memcpy(bytes, plain.bytes, PLAIN_LEN);
    box_seal(&key, nonce, SPAN_EMPTY, (struct span){bytes, PLAIN_LEN}, bytes);
    assert_int_equal(box_open(&key, nonce, SPAN_EMPTY, SPAN_OF(bytes), bytes),
                     STATUS_OK);
    assert_memory_equal(bytes, plain.bytes, PLAIN_LEN);
}

static void
any_other_key_nonce_data_or_byte_is_refused(void **state)
{
    uint8_t out[PLAIN_LEN];

    (void)state;
    key.bytes[5] ^= 1;
    assert_int_equal(box_open(&key, nonce, vector_span(&data),
                              vector_span(&sealed), out),
                     STATUS_BAD_PROOF);
    key.bytes[5] ^= 1;
    nonce[23] ^= 1;
    assert_int_equal(box_open(&key, nonce, vector_span(&data),
                              vector_span(&sealed), out),
                     STATUS_BAD_PROOF);
    nonce[23] ^= 1;
    assert_int_equal(box_open(&key, nonce, SPAN_EMPTY, vector_span(&sealed),
                              out),
                     STATUS_BAD_PROOF);
    for (size_t i = 0; i < sealed.len; i++) {
        sealed.bytes[i] ^= 0x10;
        assert_int_equal(box_open(&key, nonce, vector_span(&data),
                                  vector_span(&sealed), out),
                         STATUS_BAD_PROOF);
        sealed.bytes[i] ^= 0x10;
    }
}

static void
what_is_shorter_than_a_tag_is_no_box(void **state)
{
    (void)state;
    for (size_t len = 0; len < LIMIT_TAG; len++)
        assert_int_equal(box_open(&key, nonce, SPAN_EMPTY,
                                  (struct span){sealed.bytes, len},
                                  sealed.bytes),
                         STATUS_BAD_PROOF);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_published_vector_seals_and_opens,
                               take_vector),
        cmocka_unit_test_setup(a_box_is_sealed_and_opened_in_its_place,
                               take_vector),
        cmocka_unit_test_setup(any_other_key_nonce_data_or_byte_is_refused,
                               take_vector),
        cmocka_unit_test_setup(what_is_shorter_than_a_tag_is_no_box,
                               take_vector),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

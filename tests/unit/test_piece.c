#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "crypto/piece.h"

#define TEXT "the third of five"

enum { LEN = sizeof(TEXT) - 1, SEALED = LEN + LIMIT_TAG };

static struct secret32
key_of(uint8_t byte)
{
    struct secret32 key;

    memset(key.bytes, byte, sizeof(key.bytes));
    return key;
}

static void
seal(uint8_t sealed[static SEALED])
{
    struct secret32 key = key_of(1);

    piece_seal(&key, LABEL_CHUNK_SEALED, 3, false, span_text(TEXT), sealed);
}

static enum status
try_open(uint8_t key_byte, enum label label, uint64_t number, bool last,
         struct span sealed)
{
    struct secret32 key = key_of(key_byte);
    uint8_t         out[SEALED];

    return piece_open(&key, label, number, last, sealed, out);
}

static void
a_piece_opens_at_its_own_place_alone(void **state)
{
    uint8_t     sealed[SEALED];
    struct span span = SPAN_OF(sealed);

    (void)state;
    seal(sealed);
    assert_int_equal(try_open(1, LABEL_CHUNK_SEALED, 3, false, span),
                     STATUS_OK);
    assert_int_equal(try_open(2, LABEL_CHUNK_SEALED, 3, false, span),
                     STATUS_BAD_PROOF);
    assert_int_equal(try_open(1, LABEL_BUNDLE_RECORD, 3, false, span),
                     STATUS_BAD_PROOF);
    assert_int_equal(try_open(1, LABEL_CHUNK_SEALED, 4, false, span),
                     STATUS_BAD_PROOF);
    assert_int_equal(try_open(1, LABEL_CHUNK_SEALED, 3, true, span),
                     STATUS_BAD_PROOF);
}

static void
it_opens_in_its_own_place_and_no_bit_may_differ(void **state)
{
    struct secret32 key = key_of(1);
    uint8_t         sealed[SEALED];

    (void)state;
    seal(sealed);
    for (size_t i = 0; i < 8 * sizeof(sealed); i++) {
        sealed[i / 8] ^= (uint8_t)(1u << i % 8);
        assert_int_equal(try_open(1, LABEL_CHUNK_SEALED, 3, false,
                                  SPAN_OF(sealed)),
                         STATUS_BAD_PROOF);
        sealed[i / 8] ^= (uint8_t)(1u << i % 8);
    }
    for (size_t len = 0; len < sizeof(sealed); len++)
        assert_int_equal(try_open(1, LABEL_CHUNK_SEALED, 3, false,
                                  (struct span){sealed, len}),
                         STATUS_BAD_PROOF);
    assert_int_equal(piece_open(&key, LABEL_CHUNK_SEALED, 3, false,
                                SPAN_OF(sealed), sealed),
                     STATUS_OK);
    assert_memory_equal(sealed, TEXT, LEN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_opens_at_its_own_place_alone),
        cmocka_unit_test(it_opens_in_its_own_place_and_no_bit_may_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

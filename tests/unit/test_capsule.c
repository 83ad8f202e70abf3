/* test_capsule.c - sealed pieces of records: whole, in order, or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "node/host/capsule.h"

#include <stdlib.h>
#include <string.h>

static const struct secret32 key = {{1, 2, 3}};

static void
a_long_record_comes_back_from_its_pieces(void **state)
{
    size_t      len = 2 * CAPSULE_PIECE + 5;
    uint8_t    *record = malloc(len);
    struct span left = {record, len};
    size_t      got = 0;
    bool        more = true;

    (void)state;
    assert_non_null(record);
    for (size_t i = 0; i < len; i++)
        record[i] = (uint8_t)(i * 7);
    for (uint64_t number = 1; more; number++) {
        static uint8_t sealed[CAPSULE_LEN_MAX];
        static uint8_t piece[CAPSULE_PIECE];
        size_t         sealed_len = capsule_seal(&key, number, &left, sealed);
        size_t         piece_len = 0;

        assert_int_equal(capsule_open(&key, number,
                                      (struct span){sealed, sealed_len}, piece,
                                      &piece_len, &more),
                         STATUS_OK);
        assert_memory_equal(piece, record + got, piece_len);
        got += piece_len;
        assert_int_equal(more, got < len);
    }
    assert_int_equal(got, len);
    free(record);
}

static void
an_empty_record_is_one_piece(void **state)
{
    uint8_t     sealed[CAPSULE_LEN_MAX];
    uint8_t     piece[CAPSULE_PIECE];
    struct span none = SPAN_EMPTY;
    size_t      len = capsule_seal(&key, 1, &none, sealed);
    bool        more = true;

    (void)state;
    assert_int_equal(len, 1 + LIMIT_TAG);
    assert_int_equal(capsule_open(&key, 1, (struct span){sealed, len}, piece,
                                  &len, &more),
                     STATUS_OK);
    assert_int_equal(len, 0);
    assert_false(more);
}

static void
a_changed_bit_number_or_key_does_not_open(void **state)
{
    const struct secret32 other = {{9}};
    uint8_t               sealed[CAPSULE_LEN_MAX];
    uint8_t               piece[CAPSULE_PIECE];
    struct span           record = span_text("record");
    size_t                len = capsule_seal(&key, 5, &record, sealed);
    size_t                got;
    bool                  more;

    (void)state;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(capsule_open(&key, 5, (struct span){sealed, len},
                                      piece, &got, &more),
                         STATUS_BAD_PROOF);
        sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(capsule_open(&key, 6, (struct span){sealed, len}, piece,
                                  &got, &more),
                     STATUS_BAD_PROOF);
    assert_int_equal(capsule_open(&other, 5, (struct span){sealed, len}, piece,
                                  &got, &more),
                     STATUS_BAD_PROOF);
    assert_int_equal(capsule_open(&key, 5, (struct span){sealed, len - 1},
                                  piece, &got, &more),
                     STATUS_BAD_PROOF);
    assert_int_equal(capsule_open(&key, 5, (struct span){sealed, LIMIT_TAG},
                                  piece, &got, &more),
                     STATUS_BAD_ENCODING);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_record_comes_back_from_its_pieces),
        cmocka_unit_test(an_empty_record_is_one_piece),
        cmocka_unit_test(a_changed_bit_number_or_key_does_not_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

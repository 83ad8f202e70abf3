/*
 * test_bundle_frames.c - a record holds whole frames, each where its kind may
 * stand, and behind them nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypto/bundle_frames.h"
#include "tests/unit/bundle_world.h"

/* The plaintext of a record that begins with these frames. */
struct plain {
    uint8_t bytes[BUNDLE_RECORD_LEN];
    size_t  len; /* of the frames */
};

static void
add(struct plain *plain, enum tag tag, size_t len)
{
    struct frame  frame;
    struct writer out = writer_of(plain->bytes + plain->len,
                                  sizeof(plain->bytes) - plain->len);

    writer_put16(&out, frame_of(&frame, tag, len));
    assert_int_equal(writer_end(&out), STATUS_OK);
    plain->len += out.len;
}

/* "hsl": Hello, Sizes, Leaves, each of three bytes. */
static enum status
check(bool first, const char *kinds)
{
    static const struct {
        char     letter;
        enum tag tag;
    } letters[] = {{'h', HELLO},  {'s', SIZES}, {'c', COSIGNED}, {'f', FETCH},
                   {'a', ASK_GRANT}, {'t', STOP}, {'l', LEAVES}, {'e', HEAD},
                   {'b', BODIES}, {'k', KEEPALIVE}, {'y', BYE}};
    static struct plain plain;

    memset(&plain, 0, sizeof(plain));
    for (; *kinds != '\0'; kinds++)
        for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
            if (letters[i].letter == *kinds)
                add(&plain, letters[i].tag, 3);
    return bundle_frames_check(first, SPAN_OF(plain.bytes));
}

static void
the_first_record_says_hello_and_sizes_then_the_rest_in_order(void **state)
{
    (void)state;
    assert_int_equal(check(true, "hs"), STATUS_OK);
    assert_int_equal(check(true, "hsccffaatlebleb"), STATUS_OK);
    assert_int_equal(check(true, "hsblt"), STATUS_BAD_STATE);
    assert_int_equal(check(true, ""), STATUS_BAD_STATE);
    assert_int_equal(check(true, "h"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "s"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "sh"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hc"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "l"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hhs"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hss"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hstt"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hsk"), STATUS_BAD_STATE);
    assert_int_equal(check(true, "hsy"), STATUS_BAD_STATE);
}

/* Every pair of what may stand behind Sizes. */
static void
no_frame_stands_before_one_of_a_lower_rank(void **state)
{
    static const char kinds[] = "cfatleb";

    (void)state;
    for (size_t i = 0; kinds[i] != '\0'; i++)
        for (size_t j = 0; kinds[j] != '\0'; j++) {
            char text[] = {'h', 's', kinds[i], kinds[j], '\0'};
            bool cargo = i > 3 && j > 3;
            bool again = i == j && kinds[i] != 't';

            assert_int_equal(check(true, text),
                             i < j || cargo || again ? STATUS_OK
                                                     : STATUS_BAD_STATE);
        }
}

static void
later_records_hold_leaves_heads_and_bodies_alone(void **state)
{
    static const char others[] = "hscfatky";

    (void)state;
    assert_int_equal(check(false, ""), STATUS_OK);
    assert_int_equal(check(false, "leblbe"), STATUS_OK);
    for (size_t i = 0; others[i] != '\0'; i++) {
        assert_int_equal(check(false, (char[]){others[i], '\0'}),
                         STATUS_BAD_STATE);
        assert_int_equal(check(false, (char[]){'l', others[i], '\0'}),
                         STATUS_BAD_STATE);
    }
}

static void
only_the_tags_of_frames_are_kinds(void **state)
{
    struct bundle_frames order = bundle_frames_begin(false);
    unsigned             known = 0;

    (void)state;
    for (unsigned tag = 0; tag < 256; tag++) {
        const uint8_t byte = (uint8_t)tag;
        enum status   st = bundle_frames_admit(&order, (struct span){&byte, 1});

        assert_int_equal(st, tag == LEAVES || tag == HEAD || tag == BODIES
                                 ? STATUS_OK
                                 : STATUS_BAD_STATE);
        known += st == STATUS_OK;
    }
    assert_int_equal(known, 3);
}

static void
what_was_checked_comes_out_as_it_was_put_in(void **state)
{
    static struct plain plain;
    static const size_t lens[] = {1, 700, 30000, 2};
    struct reader       in = reader_of(SPAN_OF(plain.bytes));

    (void)state;
    for (size_t i = 0; i < 4; i++)
        add(&plain, BODIES, lens[i]);
    assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                     STATUS_OK);
    for (size_t i = 0; i < 4; i++) {
        struct frame frame;

        assert_true(span_equal(bundle_frames_next(&in),
                               frame_of(&frame, BODIES, lens[i])));
    }
    assert_int_equal(bundle_frames_next(&in).len, 0);
    assert_int_equal(bundle_frames_next(&in).len, 0);
}

static void
a_record_may_be_full_or_have_a_byte_left(void **state)
{
    (void)state;
    for (size_t left = 0; left < 4; left++) {
        struct plain plain = {.len = 0};

        add(&plain, BODIES, 1000);
        add(&plain, BODIES, sizeof(plain.bytes) - plain.len - 2 - left);
        assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                         STATUS_OK);
        if (left == 0)
            continue;
        plain.bytes[sizeof(plain.bytes) - 1] = 1;
        assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                         STATUS_BAD_ENCODING);
    }
}

static void
a_frame_over_the_end_or_over_its_limit_is_refused(void **state)
{
    static struct plain plain;
    struct writer       length = writer_of(plain.bytes, 2);

    (void)state;
    plain.bytes[2] = BODIES;
    writer_u16(&length, LIMIT_FRAME_PLAIN);
    assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                     STATUS_OK);
    length.len = 0;
    writer_u16(&length, LIMIT_FRAME_PLAIN + 1); /* it would fit */
    assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                     STATUS_BAD_ENCODING);
    for (size_t beyond = 0; beyond < 3; beyond++) {
        memset(&plain, 0, sizeof(plain));
        add(&plain, BODIES, 1000);
        length = writer_of(plain.bytes + plain.len, 2);
        writer_u16(&length, (uint16_t)(sizeof(plain.bytes) - plain.len - 2 +
                                       beyond));
        plain.bytes[plain.len + 2] = BODIES;
        assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                         beyond == 0 ? STATUS_OK : STATUS_BAD_ENCODING);
    }
}

static void
what_is_behind_the_end_is_zero(void **state)
{
    static struct plain plain;

    (void)state;
    add(&plain, LEAVES, 20);
    for (size_t at = plain.len + 2; at < sizeof(plain.bytes); at += 1021) {
        plain.bytes[at] = 1;
        assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                         STATUS_BAD_ENCODING);
        plain.bytes[at] = 0;
    }
    assert_int_equal(bundle_frames_check(false, SPAN_OF(plain.bytes)),
                     STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_first_record_says_hello_and_sizes_then_the_rest_in_order),
        cmocka_unit_test(no_frame_stands_before_one_of_a_lower_rank),
        cmocka_unit_test(later_records_hold_leaves_heads_and_bodies_alone),
        cmocka_unit_test(only_the_tags_of_frames_are_kinds),
        cmocka_unit_test(what_was_checked_comes_out_as_it_was_put_in),
        cmocka_unit_test(a_record_may_be_full_or_have_a_byte_left),
        cmocka_unit_test(a_frame_over_the_end_or_over_its_limit_is_refused),
        cmocka_unit_test(what_is_behind_the_end_is_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

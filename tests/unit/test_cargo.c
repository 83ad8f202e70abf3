/* test_cargo.c - leaves and heads first, then bodies by precedence. */
#include "node/core/bundle/cargo.h"

#include "crypto/bundle_reader.h"
#include "tests/unit/courier_world.h"

/* What the frames of a bundle are, one letter each: h Hello, s Sizes, L, H and
 * B; read with b's keys. */
static void
letters(struct duo *duo, const struct stick *stick, char *out, size_t cap)
{
    struct node         *node = duo->b.node;
    struct bundle_trust  trust = {.self = node->cert.node,
                                  .org_key =
                                      courier_peer(&duo->b)->card.cert.org_key,
                                  .key = {.suite = SUITE_CLASSIC},
                                  .sealing_secret =
                                      &node->first_contact.secret};
    struct bundle_reader reader;
    struct cert          cert;
    struct span          frame;
    size_t               at = BUNDLE_HEADER_LEN + BUNDLE_SEALED_LEN;
    size_t               len = 0;

    memcpy(trust.key.public_key, node->first_contact.public_key, LIMIT_KEY);
    assert_int_equal(
        bundle_reader_open(&reader,
                           (struct span){stick->bytes, BUNDLE_HEADER_LEN},
                           (struct span){stick->bytes + BUNDLE_HEADER_LEN,
                                         BUNDLE_SEALED_LEN},
                           &trust, &cert),
        STATUS_OK);
    for (;;) {
        while ((frame = bundle_reader_frame(&reader)).len > 0 && len + 1 < cap)
            out[len++] = " hsLHBCFSA"[frame.ptr[0] >> 3];
        if (at == stick->len)
            break;
        assert_int_equal(
            bundle_reader_next(&reader, (struct span){stick->bytes + at,
                                                      BUNDLE_SEALED_LEN}),
            STATUS_OK);
        at += BUNDLE_SEALED_LEN;
    }
    assert_int_equal(bundle_reader_end(&reader), STATUS_OK);
    out[len] = '\0';
    bundle_reader_clear(&reader);
}

static void
leaves_and_heads_of_all_logs_stand_before_the_first_body(void **state)
{
    struct duo  *duo = *state;
    struct stick stick;
    char         text[64];

    duo_submit(&duo->a, courier_peer(&duo->a)->name, 1, "ROUTINE", "one",
               NULL);
    duo_submit(&duo->a, courier_peer(&duo->a)->name, 2, "FLASH", "two", NULL);
    courier_settle(&duo->a);
    (void)courier_export(&duo->a, &stick);
    letters(duo, &stick, text, sizeof(text));
    /* wire and courier; FLASH, then both OPENs, then ROUTINE */
    assert_string_equal(text, "hsLHLHBBBB");
    stick_free(&stick);
}

static void
a_body_larger_than_a_record_comes_whole(void **state)
{
    static char  text[60000];
    struct duo  *duo = *state;
    struct stick stick;

    memset(text, 'a', sizeof(text) - 1);
    for (unsigned i = 1; i <= 4; i++)
        duo_submit_note(&duo->a,
                        &(struct duo_note){.to = courier_peer(&duo->a)->name,
                                           .id = i,
                                           .precedence = "PRIORITY",
                                           .subject = "long",
                                           .text = text});
    courier_settle(&duo->a);
    (void)courier_export(&duo->a, &stick);
    assert_int_equal(courier_import(&duo->b, &stick)->messages, 4);
    stick_free(&stick);
}

static void
many_small_entries_under_several_heads_all_come(void **state)
{
    struct duo  *duo = *state;
    struct stick stick;

    for (unsigned i = 1; i <= 900; i++) {
        duo_submit(&duo->a, courier_peer(&duo->a)->name, i,
                   i % 3 == 0 ? "PRIORITY" : "ROUTINE", "small", NULL);
        if (i % 100 == 0)
            courier_settle(&duo->a);
    }
    assert_int_equal(courier_export(&duo->a, &stick).dispatched, 900);
    assert_int_equal(courier_import(&duo->b, &stick)->messages, 900);
    (void)courier_carry(&duo->b, &duo->a);
    assert_int_equal(
        lane_channel(courier_peer(&duo->a), LANE_COURIER)->cosigned.size, 901);
    stick_free(&stick);
}

#define CARGO_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, courier_make, duo_drop)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CARGO_TEST(leaves_and_heads_of_all_logs_stand_before_the_first_body),
        CARGO_TEST(a_body_larger_than_a_record_comes_whole),
        CARGO_TEST(many_small_entries_under_several_heads_all_come),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_verify_cards.c - whose a key is, by the cards that an auditor has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/evidence_world.h"
#include "tools/verify/verify_cards.h"

static struct verify_cards
cards_with_a(void)
{
    struct verify_cards cards = {.count = 0};
    struct card_text    text = good_text();
    size_t              line;

    assert_int_equal(verify_cards_add(&cards, "a.card", span_text(text.text),
                                      &line),
                     STATUS_OK);
    return cards;
}

static void
a_card_with_the_same_organisation_key_confirms_it(void **state)
{
    struct verify_cards       cards = cards_with_a();
    struct cert               cert = good_cert();
    const struct verify_card *found;

    (void)state;
    assert_int_equal(verify_cards_find(&cards, &cert, &found), STATUS_OK);
    assert_string_equal(found->path, "a.card");
    cert.node.bytes[0] ^= 1; /* a second node of that organisation */
    assert_int_equal(verify_cards_find(&cards, &cert, &found), STATUS_OK);
    assert_string_equal(found->path, "a.card");
}

static void
a_card_of_the_node_with_another_key_contradicts(void **state)
{
    struct verify_cards       cards = cards_with_a();
    struct cert               cert = good_cert();
    const struct verify_card *found;

    (void)state;
    cert.org_key[0] ^= 1;
    assert_int_equal(verify_cards_find(&cards, &cert, &found),
                     STATUS_UNTRUSTED);
    assert_string_equal(found->path, "a.card");
}

static void
a_card_of_somebody_else_says_nothing(void **state)
{
    struct verify_cards       cards = cards_with_a();
    struct cert               cert = cert_of_b();
    const struct verify_card *found;

    (void)state;
    assert_int_equal(verify_cards_find(&cards, &cert, &found), STATUS_OK);
    assert_null(found);
}

static void
what_is_no_card_is_refused_with_its_line(void **state)
{
    struct verify_cards cards = {.count = 0};
    struct card_text    text = good_text();
    size_t              line = 0;

    (void)state;
    text.text[strlen("Entente card\n\nNode:              ")] ^= 1;
    assert_int_equal(verify_cards_add(&cards, "a.card", span_text(text.text),
                                      &line),
                     STATUS_BAD_ENCODING);
    assert_int_equal(line, 3);
    assert_int_equal(cards.count, 0);
    cards.count = VERIFY_CARDS_MAX;
    assert_int_equal(verify_cards_add(&cards, "a.card", span_text(text.text),
                                      &line),
                     STATUS_FULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_with_the_same_organisation_key_confirms_it),
        cmocka_unit_test(a_card_of_the_node_with_another_key_contradicts),
        cmocka_unit_test(a_card_of_somebody_else_says_nothing),
        cmocka_unit_test(what_is_no_card_is_refused_with_its_line),
    };

    return crypto_start() == STATUS_OK
               ? cmocka_run_group_tests(tests, NULL, NULL)
               : 1;
}

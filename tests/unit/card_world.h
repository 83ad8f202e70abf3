/* card_world.h - a good card, for the tests of card.c and card_text.c. */
#ifndef TESTS_UNIT_CARD_WORLD_H
#define TESTS_UNIT_CARD_WORLD_H

#include "crypto/card.h"
#include "tests/unit/cert_world.h"

/* Two addresses, until 2030-01-01. */
static inline struct card
good_card(void)
{
    struct card     card = {.cert = good_cert(),
                            .cert_bytes = good_cert_bytes(),
                            .address_count = 2,
                            .address = {"node.example:4711",
                                        "[2001:db8::1]:4711"},
                            .expires_ms = 1893456000000};
    struct secret32 first_contact = secret_from(0x33);

    dh_public(&first_contact, card.first_contact);
    return card;
}

static inline struct card_text
text_of(const struct card *card)
{
    struct sign_key  log = log_key();
    struct card_text text;

    assert_int_equal(card_write(card, &log, &text), STATUS_OK);
    return text;
}

static inline struct card_text
good_text(void)
{
    struct card card = good_card();

    return text_of(&card);
}

#endif

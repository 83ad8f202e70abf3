/* fuzz_card.c - a card, as mail, a person or a stranger may have left it. */
#include "tests/fuzz/identity.h"

const bool fuzz_is_whole = false; /* the last line end may be missing */

bool
fuzz_one(struct span in)
{
    struct identity identity;
    struct card     card;
    size_t          line = 0;

    if (card_parse(in, &card, &line) != STATUS_OK) {
        assert(in.len == 0 || line > 0);
        return false;
    }
    identity_make(&identity);
    assert(span_equal(cert_span(&card.cert_bytes),
                      cert_span(&identity.encoded)));
    assert(card.address_count <= LIMIT_ADDRESSES);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct identity  identity;
    struct card      card = {.address_count = 2,
                             .address = {"node.example.org:7300",
                                         "[2001:db8::1]:7300"},
                             .first_contact = {9},
                             .expires_ms = 1900000000000};
    struct card_text text;
    enum status      st;

    identity_make(&identity);
    card.cert_bytes = identity.encoded;
    st = card_write(&card, &identity.log, &text);
    assert(st == STATUS_OK);
    seed(arg, "two_addresses",
         (struct span){(const uint8_t *)text.text, text.len});
}

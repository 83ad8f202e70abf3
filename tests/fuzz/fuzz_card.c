/* fuzz_card.c - a card, as mail, a person or a stranger may have left it. */
#include "crypto/card_text.h"
#include "tests/fuzz/identity.h"

#include <string.h>

const bool fuzz_is_whole = false; /* the last line end may be missing */

/* The card has one spelling; only line ends may be another system's. */
static void
assert_is_written_so(const struct card *card, const struct sign_key *log,
                     struct span in)
{
    struct card_text again, plain;
    enum status      st = card_write(card, log, &again);

    assert(st == STATUS_OK);
    st = card_text_normalize(in, &plain);
    assert(st == STATUS_OK);
    assert(span_equal(card_text_span(&plain), card_text_span(&again)));
}

/* A zero byte begins no card: behind it, addresses, key and date of one that
 * its owner signs. */
static bool
one_signed(const struct identity *identity, struct reader *from)
{
    struct card      card = {.cert_bytes = identity->encoded}, again;
    struct card_text text;
    size_t           line;
    enum status      st;

    card.expires_ms = reader_u64(from);
    reader_copy(from, card.first_contact, sizeof(card.first_contact));
    while (from->left > 0 && !from->failed &&
           card.address_count < LIMIT_ADDRESSES) {
        struct span address = reader_take16(from, LIMIT_ADDRESS);

        if (address.len > 0)
            memcpy(card.address[card.address_count++], address.ptr,
                   address.len);
    }
    if (reader_end(from) != STATUS_OK ||
        card_write(&card, &identity->log, &text) != STATUS_OK)
        return false;
    st = card_parse(card_text_span(&text), &again, &line);
    assert(st == STATUS_OK);
    assert(again.address_count == card.address_count);
    for (size_t i = 0; i < card.address_count; i++)
        assert(strcmp(again.address[i], card.address[i]) == 0);
    return true;
}

bool
fuzz_one(struct span in)
{
    struct identity identity;
    struct card     card;
    struct reader   from = reader_of(in);
    size_t          line = 0;

    identity_make(&identity);
    if (in.len > 0 && reader_u8(&from) == 0)
        return one_signed(&identity, &from);
    if (card_parse(in, &card, &line) != STATUS_OK) {
        assert(in.len == 0 || line > 0);
        return false;
    }
    assert(span_equal(cert_span(&card.cert_bytes),
                      cert_span(&identity.encoded)));
    assert(card.address_count <= LIMIT_ADDRESSES);
    assert_is_written_so(&card, &identity.log, in);
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
    uint8_t          bytes[256];
    struct writer    out = writer_of(bytes, sizeof(bytes));
    enum status      st;

    identity_make(&identity);
    card.cert_bytes = identity.encoded;
    st = card_write(&card, &identity.log, &text);
    assert(st == STATUS_OK);
    seed(arg, "two_addresses",
         (struct span){(const uint8_t *)text.text, text.len});
    writer_u8(&out, 0);
    writer_u64(&out, card.expires_ms);
    writer_put(&out, SPAN_OF(card.first_contact));
    writer_put16(&out, span_text(card.address[0]));
    writer_put16(&out, span_text(card.address[1]));
    seed(arg, "signed", writer_span(&out));
}

/* verify_cards.c - what a card says of a node goes before what a file says. */
#include "tools/verify/verify_cards.h"

enum status
verify_cards_add(struct verify_cards *cards, const char *path,
                 struct span text, size_t *line)
{
    struct card card;
    enum status st;

    *line = 0;
    if (cards->count == VERIFY_CARDS_MAX)
        return STATUS_FULL;
    st = card_parse(text, &card, line);
    if (st != STATUS_OK)
        return st;
    cards->list[cards->count++] = (struct verify_card){path, card.cert};
    return STATUS_OK;
}

enum status
verify_cards_find(const struct verify_cards *cards, const struct cert *cert,
                  const struct verify_card **out)
{
    *out = NULL;
    for (size_t i = 0; i < cards->count; i++) {
        const struct verify_card *card = &cards->list[i];
        bool same = secret_equal(card->cert.org_key, cert->org_key, LIMIT_KEY);

        if (!same && node_id_equal(&card->cert.node, &cert->node)) {
            *out = card;
            return STATUS_UNTRUSTED;
        }
        if (same && *out == NULL)
            *out = card;
    }
    return STATUS_OK;
}

/*
 * verify_cards.h - the cards that an auditor brought himself, against which
 * the organisation keys of a file are compared.
 */
#ifndef TOOLS_VERIFY_CARDS_H
#define TOOLS_VERIFY_CARDS_H

#include "crypto/card.h"

enum { VERIFY_CARDS_MAX = 16 };

struct verify_card {
    const char *path;
    struct cert cert;
};

struct verify_cards {
    size_t             count;
    struct verify_card list[VERIFY_CARDS_MAX];
};

/* FULL; else as card_parse, and *line is the first that is wrong. */
NODISCARD enum status verify_cards_add(struct verify_cards *cards,
                                       const char *path, struct span text,
                                       size_t *line);

/*
 * The card that names this certificate's organisation key: of the same node,
 * or of another one of that organisation.  NULL in *out: none does.
 * UNTRUSTED: *out is a card of this very node with another key.
 */
NODISCARD enum status verify_cards_find(const struct verify_cards *cards,
                                        const struct cert         *cert,
                                        const struct verify_card **out);

#endif

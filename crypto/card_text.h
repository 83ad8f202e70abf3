/*
 * card_text.h - the readable lines of a card around its signed block.
 *
 * For card.c alone.  Lines are counted from 1 and end with LF.
 */
#ifndef CRYPTO_CARD_TEXT_H
#define CRYPTO_CARD_TEXT_H

#include "crypto/card.h"

enum {
    CARD_BLOCK_MAX = 2 + 2 + CERT_LEN_MAX + 1 +
                     LIMIT_ADDRESSES * (2 + LIMIT_ADDRESS) + LIMIT_KEY + 8 +
                     LIMIT_SIGNATURE
};

struct card_block {
    uint8_t bytes[CARD_BLOCK_MAX];
    size_t  len;
    size_t  line; /* the first of its lines in the text */
};

/* The whole text for a card whose fields were checked. */
void card_text_write(const struct card *card, struct span block,
                     struct card_text *out);

struct span card_text_span(const struct card_text *text);

/* Drops CR before LF, ends the last line.  TOO_LARGE: above LIMIT_CARD. */
NODISCARD enum status card_text_normalize(struct span       text,
                                          struct card_text *out);

/*
 * Finds and decodes the block.  BAD_ENCODING: *line is none that
 * card_text_write could have written there.
 */
NODISCARD enum status card_text_block(const struct card_text *text,
                                      struct card_block *out, size_t *line);

/* BAD_ENCODING: *line is the first that differs. */
NODISCARD enum status card_text_compare(const struct card_text *is,
                                        const struct card_text *should,
                                        size_t                 *line);

#endif

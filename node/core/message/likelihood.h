/*
 * likelihood.h - words of likelihood, each on its own yardstick.
 *
 * ICD 203 (US Intelligence Community Directive 203, 2015) and the PHIA
 * probability yardstick (UK, 2019) use some of the same words for other
 * ranges; a word without its yardstick and range says nothing.
 */
#ifndef CORE_LIKELIHOOD_H
#define CORE_LIKELIHOOD_H

#include "value.pb-c.h"

#include <stdbool.h>
#include <stddef.h>

struct likelihood {
    Entente__Yardstick yardstick;
    const char        *word;
    unsigned           low_percent;
    unsigned           high_percent;
};

/* Rising within a yardstick, ICD 203 first; NULL past the last. */
const struct likelihood *likelihood_at(size_t index);

/* NULL when the yardstick has no such word. */
const struct likelihood *likelihood_find(Entente__Yardstick yardstick,
                                         const char        *word);

/* "almost no chance, very unlikely, ..." */
void likelihood_list(Entente__Yardstick yardstick, char *out, size_t cap);

/* Whether a sentence of `text` states a confidence: "with high confidence",
 * "confidence is low".  `beside_likelihood`: only one that also has a word of
 * likelihood. */
bool likelihood_has_confidence(const char *text, bool beside_likelihood);

#endif

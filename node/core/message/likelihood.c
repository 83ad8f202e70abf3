/* likelihood.c - the two yardsticks, and sentences that mix two scales. */
#include "node/core/message/likelihood.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define ICD ENTENTE__YARDSTICK__YARDSTICK_ICD_203
#define PHIA ENTENTE__YARDSTICK__YARDSTICK_PHIA

static const struct likelihood table[] = {
    {ICD, "almost no chance", 1, 5},
    {ICD, "very unlikely", 5, 20},
    {ICD, "unlikely", 20, 45},
    {ICD, "roughly even chance", 45, 55},
    {ICD, "likely", 55, 80},
    {ICD, "very likely", 80, 95},
    {ICD, "almost certain", 95, 99},
    {PHIA, "remote chance", 0, 5},
    {PHIA, "highly unlikely", 10, 20},
    {PHIA, "unlikely", 25, 35},
    {PHIA, "realistic possibility", 40, 50},
    {PHIA, "likely", 55, 75},
    {PHIA, "highly likely", 80, 90},
    {PHIA, "almost certain", 95, 100},
};
enum { TABLE_COUNT = sizeof(table) / sizeof(table[0]) };

const struct likelihood *
likelihood_at(size_t index)
{
    return index < TABLE_COUNT ? &table[index] : NULL;
}

const struct likelihood *
likelihood_find(Entente__Yardstick yardstick, const char *word)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (table[i].yardstick == yardstick && strcmp(table[i].word, word) == 0)
            return &table[i];
    return NULL;
}

void
likelihood_list(Entente__Yardstick yardstick, char *out, size_t cap)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        int added;

        if (table[i].yardstick != yardstick)
            continue;
        added = snprintf(out + used, cap - used, "%s%s", used > 0 ? ", " : "",
                         table[i].word);
        if (added < 0 || (size_t)added >= cap - used)
            return;
        used += (size_t)added;
    }
}

/* `word` (lower case) in [from, to), not as a part of a longer word. */
static const char *
find_word(const char *from, const char *to, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = from; at + len <= to; at++)
        if (strncasecmp(at, word, len) == 0 &&
            (at == from || !isalpha((unsigned char)at[-1])) &&
            (at + len == to || !isalpha((unsigned char)at[len])))
            return at;
    return NULL;
}

static bool
has_confidence(const char *from, const char *to)
{
    static const char *const phrases[] = {
        "low confidence",       "moderate confidence",
        "medium confidence",    "high confidence",
        "confidence low",       "confidence moderate",
        "confidence high",      "confidence is low",
        "confidence is moderate", "confidence is high",
        "confidence: low",      "confidence: moderate",
        "confidence: high",
    };

    for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
        if (find_word(from, to, phrases[i]) != NULL)
            return true;
    return false;
}

static bool
has_likelihood(const char *from, const char *to)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        if (find_word(from, to, table[i].word) != NULL)
            return true;
    return false;
}

bool
likelihood_has_confidence(const char *text, bool beside_likelihood)
{
    const char *from = text;

    while (*from != '\0') {
        const char *to = from + strcspn(from, ".!?;");

        if (has_confidence(from, to) &&
            (!beside_likelihood || has_likelihood(from, to)))
            return true;
        from = *to == '\0' ? to : to + 1;
    }
    return false;
}

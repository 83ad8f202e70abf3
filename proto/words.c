/* words.c - the words of an enum, found, listed and guessed. */
#include "proto/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TYPED_MAX = 48 }; /* longer ones are not guessed at */

/* ShipState and SHIP_STATE_underway: `underway`. */
static const char *
without_prefix(const char *type, const char *name)
{
    const char *at = name;

    for (const char *t = type; *t != '\0'; t++) {
        if (t > type && isupper((unsigned char)*t) && *at++ != '_')
            return name;
        if (*at++ != toupper((unsigned char)*t))
            return name;
    }
    return *at == '_' && at[1] != '\0' ? at + 1 : name;
}

static const char *
word_of(const ProtobufCEnumDescriptor *words, const ProtobufCEnumValue *value)
{
    const char *word = without_prefix(words->short_name, value->name);

    return strcmp(word, "AMBER_STRICT") == 0 ? "AMBER+STRICT" : word;
}

const char *
words_name(const ProtobufCEnumDescriptor *words, int value)
{
    const ProtobufCEnumValue *found;

    if (value == 0)
        return NULL;
    found = protobuf_c_enum_descriptor_get_value(words, value);
    return found == NULL ? NULL : word_of(words, found);
}

enum status
words_value(const ProtobufCEnumDescriptor *words, struct span word, int *value)
{
    for (unsigned i = 0; i < words->n_values; i++) {
        const char *known = word_of(words, &words->values[i]);

        if (words->values[i].value != 0 && strlen(known) == word.len &&
            strncasecmp(known, (const char *)word.ptr, word.len) == 0) {
            *value = words->values[i].value;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

void
words_list(const ProtobufCEnumDescriptor *words, char *out, size_t cap)
{
    size_t used = 0;

    out[0] = '\0';
    for (unsigned i = 0; i < words->n_values; i++) {
        const char *word = word_of(words, &words->values[i]);
        int         added;

        if (words->values[i].value == 0)
            continue;
        added = snprintf(out + used, cap - used, "%s%s", used > 0 ? ", " : "",
                         word);
        if (added < 0 || (size_t)added >= cap - used) {
            if (cap > sizeof("...") - 1)
                memcpy(out + cap - sizeof("..."), "...", sizeof("..."));
            return;
        }
        used += (size_t)added;
    }
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment, case folded; a_len and b_len <= TYPED_MAX. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][TYPED_MAX + 1];

    for (size_t j = 0; j <= b_len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t       *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            int x = tolower((unsigned char)a[i - 1]);
            int y = tolower((unsigned char)b[j - 1]);

            now[j] = least(last[j - 1] + (x != y),
                           least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 &&
                x == tolower((unsigned char)b[j - 2]) &&
                y == tolower((unsigned char)a[i - 2]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return rows[a_len % 3][b_len];
}

const char *
words_nearest(struct span typed, const char *const *candidates, size_t count)
{
    const char *best = NULL;
    size_t      best_distance = typed.len / 3 + 1;

    if (typed.len == 0 || typed.len > TYPED_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(candidates[i]);
        size_t apart;

        if (len == 0 || len > TYPED_MAX)
            continue;
        apart = distance((const char *)typed.ptr, typed.len, candidates[i],
                         len);
        if (apart < best_distance) {
            best = candidates[i];
            best_distance = apart;
        }
    }
    return best;
}

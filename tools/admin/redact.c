/*
 * redact.c - known words first, the longest that fits, then what has the look
 * of something that tells who or where.
 */
#include "tools/admin/redact.h"

#include "tools/terminal/page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_MIN = 12, TOKEN = 512 };

void
redact_clear(struct redact *redact)
{
    for (size_t i = 0; i < redact->count; i++) {
        free(redact->list[i].text);
        free(redact->list[i].instead);
    }
    free(redact->list);
    *redact = (struct redact){.list = NULL};
}

void
redact_add(struct redact *redact, const char *text, const char *instead)
{
    struct redact_word *list = redact->list;
    struct redact_word  word;

    if (text[0] == '\0')
        return;
    if (redact->count == redact->cap) {
        redact->cap = redact->cap * 2 + 16;
        list = realloc(list, redact->cap * sizeof(*list));
    }
    word = (struct redact_word){strdup(text), strdup(instead)};
    if (list == NULL || word.text == NULL || word.instead == NULL)
        abort(); /* rather no report than one with names in it */
    redact->list = list;
    redact->list[redact->count++] = word;
}

static bool
is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (c & 0x80) != 0;
}

/* The longest known word that begins here and ends at a word's end. */
static const struct redact_word *
known(const struct redact *redact, const char *at, bool begins)
{
    const struct redact_word *best = NULL;
    size_t                    best_len = 0;

    for (size_t i = 0; begins && i < redact->count; i++) {
        const struct redact_word *one = &redact->list[i];
        size_t                    len = strlen(one->text);

        if (len <= best_len || strncasecmp(at, one->text, len) != 0 ||
            (is_word(at[len]) && is_word(one->text[len - 1])))
            continue;
        best = one;
        best_len = len;
    }
    return best;
}

static bool
all_of(const char *text, size_t len, const char *set)
{
    return strspn(text, set) >= len;
}

/* "host:7300", "192.0.2.1", "[::1]:7300", "::1", "a@b". */
static bool
looks_like_address(const char *token, size_t len)
{
    const char *colon = memrchr(token, ':', len);
    size_t      dots = 0;
    size_t      colons = 0;

    for (size_t i = 0; i < len; i++) {
        dots += token[i] == '.';
        colons += token[i] == ':';
    }
    if ((token[0] == '[' && memchr(token, ']', len) != NULL) ||
        memchr(token, '@', len) != NULL)
        return true;
    if (dots == 3 && all_of(token, len, "0123456789."))
        return true;
    if (colons >= 2 && all_of(token, len, "0123456789abcdefABCDEF:."))
        return true;
    return colon != NULL && colon > token && colon + 1 < token + len &&
           all_of(colon + 1, (size_t)(token + len - colon - 1), "0123456789");
}

/* A name of the net: letters and at least one dot between them. */
static bool
looks_like_host(const char *token, size_t len)
{
    const char *dot = memchr(token, '.', len);

    return dot != NULL && dot > token && dot + 2 < token + len &&
           isalpha((unsigned char)dot[1]) && isalpha((unsigned char)dot[2]) &&
           !isupper((unsigned char)token[0]) &&
           memchr(token, '/', len) == NULL &&
           strncmp(token, "storage.key", 11) != 0 &&
           strncmp(token, "org.key", 7) != 0 &&
           strncmp(token, "index.db", 8) != 0 &&
           strncmp(token, "entented.log", 12) != 0 &&
           strncmp(token, "control.sock", 12) != 0;
}

static const char *
look(const char *token, size_t len)
{
    if (len > 1 && token[0] == '/')
        return "<path>";
    if (len >= HEX_MIN && all_of(token, len, "0123456789abcdef"))
        return "<id>";
    if (looks_like_address(token, len) || looks_like_host(token, len))
        return "<address>";
    return NULL;
}

static void
write_safe(const char *text, size_t len, FILE *out)
{
    char token[TOKEN];

    while (len > 0) {
        size_t take = len < TOKEN - 1 ? len : TOKEN - 1;

        memcpy(token, text, take);
        token[take] = '\0';
        page_text(token, out);
        text += take;
        len -= take;
    }
}

/* One run of characters that may be an address, a path, an id, or a word. */
static const char *
write_token(const char *at, FILE *out)
{
    static const char set[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:@/[]";
    size_t            run = strspn(at, set);
    size_t            len = run;
    const char       *instead;

    while (len > 1 && (at[len - 1] == '.' || at[len - 1] == ':'))
        len--; /* the sentence's */
    instead = look(at, len);
    if (instead != NULL)
        fputs(instead, out);
    else
        write_safe(at, len, out);
    return at + len;
}

/* How far a token goes: up to a blank, or a known word inside it. */
static size_t
token_len(const struct redact *redact, const char *text)
{
    size_t len = 1;

    while (text[len] != '\0' && strchr(" \n\t,;()\"'", text[len]) == NULL &&
           known(redact, text + len, !is_word(text[len - 1])) == NULL)
        len++;
    return len;
}

static const char *
write_unknown(const struct redact *redact, const char *text, FILE *out)
{
    size_t len = token_len(redact, text);
    char  *copy = strndup(text, len);

    if (copy == NULL)
        abort();
    text += write_token(copy, out) - copy;
    free(copy);
    return text;
}

void
redact_write(const struct redact *redact, const char *text, FILE *out)
{
    bool begins = true;

    while (*text != '\0') {
        const struct redact_word *word = known(redact, text, begins);
        const char               *next = text + 1;

        if (word != NULL) {
            fputs(word->instead, out);
            next = text + strlen(word->text);
        } else if (*text == '\n') {
            fputc('\n', out);
        } else if (begins && (isalnum((unsigned char)*text) ||
                              strchr("/[:", *text) != NULL)) {
            next = write_unknown(redact, text, out);
        } else {
            while ((*next & 0xc0) == 0x80)
                next++;
            write_safe(text, (size_t)(next - text), out);
        }
        begins = !is_word(next[-1]);
        text = next;
    }
}

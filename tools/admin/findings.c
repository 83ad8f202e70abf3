/*
 * findings.c - a list that is kept as JSON and told as lines.
 */
#include "tools/admin/findings.h"

#include "tools/terminal/page.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

enum { WORDS = 1024, WHAT_WIDTH = 12, WORDS_AT = WHAT_WIDTH + 8 };

static const struct {
    const char *word;
    const char *color;
} grades[FINDINGS_GRADE_COUNT] = {
    [FINDINGS_OK] = {"ok", "\x1b[32m"},
    [FINDINGS_WARN] = {"warn", "\x1b[33m"},
    [FINDINGS_FAIL] = {"fail", "\x1b[1;31m"},
};

void
findings_init(struct findings *findings)
{
    *findings = (struct findings){.list = json_array()};
}

void
findings_clear(struct findings *findings)
{
    json_decref(findings->list);
    findings->list = NULL;
}

/* Words may quote a file that is damaged, and then be no UTF-8, which JSON
 * does not take: the bytes that may be wrong are written as numbers. */
static json_t *
text_new(const char *words)
{
    json_t *text = json_string(words);
    char    escaped[4 * WORDS + 1] = "";
    size_t  len = 0;

    if (text != NULL)
        return text;
    for (; *words != '\0' && len + 4 < sizeof(escaped); words++)
        len += (size_t)snprintf(escaped + len, sizeof(escaped) - len,
                                (unsigned char)*words < 0x80 ? "%c"
                                                             : "\\x%02x",
                                (unsigned char)*words);
    return json_string(escaped);
}

void
findings_add(struct findings *findings, enum findings_grade grade,
             const char *what, const char *cure, const char *format, ...)
{
    char    words[WORDS];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    findings->count[grade]++;
    json_array_append_new(findings->list,
                          json_pack("{s:s, s:s, s:o, s:o}", "grade",
                                    grades[grade].word, "what", what, "words",
                                    text_new(words), "cure",
                                    text_new(cure == NULL ? "" : cure)));
}

static const char *
text_of(const json_t *one, const char *key)
{
    const char *text = json_string_value(json_object_get(one, key));

    return text == NULL ? "" : text;
}

static const char *
color_of(const char *word)
{
    for (size_t i = 0; i < FINDINGS_GRADE_COUNT; i++)
        if (strcmp(grades[i].word, word) == 0)
            return grades[i].color;
    return "";
}

/* Words that begin in column `from`, on as many lines as they need. */
static void
put_wrapped(const char *words, size_t from, size_t width, FILE *out)
{
    size_t room = width > from + 20 ? width - from : SIZE_MAX;

    while (strlen(words) > room) {
        size_t cut = room;
        char   line[WORDS];

        while (cut > 0 && words[cut] != ' ')
            cut--;
        if (cut == 0)
            break;
        snprintf(line, sizeof(line), "%.*s", (int)cut, words);
        page_text(line, out);
        fprintf(out, "\n%*s", (int)from, "");
        words += cut + 1;
    }
    page_text(words, out);
    fputc('\n', out);
}

void
findings_print(const struct findings *findings, bool color, size_t width,
               FILE *out)
{
    json_t *one;
    size_t  i;

    json_array_foreach(findings->list, i, one)
    {
        const char *grade = text_of(one, "grade");
        const char *cure = text_of(one, "cure");

        fprintf(out, "%s%-4s%s  %-*s  ", color ? color_of(grade) : "", grade,
                color ? "\x1b[0m" : "", WHAT_WIDTH, text_of(one, "what"));
        put_wrapped(text_of(one, "words"), WORDS_AT, width, out);
        if (cure[0] == '\0')
            continue;
        fprintf(out, "%*s-> ", WORDS_AT, "");
        put_wrapped(cure, WORDS_AT + 3, 0, out); /* may be copied as it is */
    }
}

json_t *
findings_json(const struct findings *findings)
{
    return json_pack("{s:b, s:I, s:I, s:O}", "ok",
                     findings->count[FINDINGS_FAIL] == 0, "warnings",
                     (json_int_t)findings->count[FINDINGS_WARN], "failures",
                     (json_int_t)findings->count[FINDINGS_FAIL], "findings",
                     findings->list);
}

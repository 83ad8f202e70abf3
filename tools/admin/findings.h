/*
 * findings.h - what was looked at: how it is, and what cures it.
 *
 * A grade is a word first and a colour second.  Text may hold words of peers:
 * it is made safe for a terminal when it is printed.
 */
#ifndef TOOLS_FINDINGS_H
#define TOOLS_FINDINGS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* X(name, word) */
#define FINDINGS_GRADE_LIST(X)                                                 \
    X(OK, "ok")                                                                \
    X(WARN, "warn")                                                            \
    X(FAIL, "fail")

enum findings_grade {
#define FINDINGS_GRADE_ENUM(name, word) FINDINGS_##name,
    FINDINGS_GRADE_LIST(FINDINGS_GRADE_ENUM)
#undef FINDINGS_GRADE_ENUM
    FINDINGS_GRADE_COUNT
};

struct findings {
    json_t *list; /* [{grade, what, words, cure}] */
    size_t  count[FINDINGS_GRADE_COUNT];
};

void findings_init(struct findings *findings);
void findings_clear(struct findings *findings);

/* `cure`: what to do or type; NULL: nothing is to be done. */
void findings_add(struct findings *findings, enum findings_grade grade,
                  const char *what, const char *cure, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* A line each, the cure on the next; longer ones are wrapped to `width`
 * columns, 0: never. */
void findings_print(const struct findings *findings, bool color, size_t width,
                    FILE *out);

/* {"ok", "warnings", "failures", "findings"}: a new reference. */
json_t *findings_json(const struct findings *findings);

#endif

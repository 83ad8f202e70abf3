/*
 * gloss.h - what people are told about fields and words, and an example of
 * each kind.
 *
 * The meanings are the comments of the schemas (tools/gloss.awk puts them
 * here), so there is one text and it cannot drift.
 */
#ifndef TOOLS_GLOSS_H
#define TOOLS_GLOSS_H

#include "node/core/message/kind.h"

/* The tables as they are written, each ended by a row of NULL. */
struct gloss_row {
    const char *type; /* "entente.Ship" */
    const char *name; /* "imo", or an enum's value as the schema has it */
    const char *meaning;
};

struct gloss_text {
    const char *kind;
    const char *text;
};

extern const struct gloss_row  gloss_rows[];
extern const struct gloss_text gloss_rows_examples[];

/* The meaning of a field: one or more sentences; "" when it has none. */
const char *gloss_field(const ProtobufCMessageDescriptor *type,
                        const char                       *field);

/* The meaning of an enum's value; "" when the word says it all. */
const char *gloss_word(const ProtobufCEnumDescriptor *words, int value);

/* A valid and realistic message of a kind, as JSON text; NULL: none. */
const char *gloss_example(const struct kind *kind);

#endif

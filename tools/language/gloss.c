/* gloss.c - the table that gloss.awk writes, looked up. */
#include "tools/language/gloss.h"

#include <string.h>

static const char *
find(const char *type, const char *name)
{
    for (const struct gloss_row *row = gloss_rows; row->type != NULL; row++)
        if (strcmp(row->name, name) == 0 && strcmp(row->type, type) == 0)
            return row->meaning;
    return "";
}

const char *
gloss_field(const ProtobufCMessageDescriptor *type, const char *field)
{
    return find(type->name, field);
}

const char *
gloss_word(const ProtobufCEnumDescriptor *words, int value)
{
    const ProtobufCEnumValue *found =
        protobuf_c_enum_descriptor_get_value(words, value);

    return found == NULL ? "" : find(words->name, found->name);
}

const char *
gloss_example(const struct kind *kind)
{
    for (const struct gloss_text *row = gloss_rows_examples; row->kind != NULL;
         row++)
        if (strcmp(row->kind, kind->name) == 0)
            return row->text;
    return NULL;
}

/*
 * fields.h - the fields of a kind as a form has them: one after another, each
 * with its whole path.
 *
 * A time, a position, a quantity and a point are one field of a form; every
 * other message is its fields.
 */
#ifndef TOOLS_FIELDS_H
#define TOOLS_FIELDS_H

#include "node/core/message/kind.h"
#include "proto/path.h"

#include <jansson.h>

struct fields_row {
    const char                       *path; /* "ship.name", "refs" */
    const ProtobufCMessageDescriptor *type; /* that the field is of */
    const ProtobufCFieldDescriptor   *field;
    enum kind_presence                presence; /* along the whole path */
    bool                              within; /* mandatory once its parent is */
    bool                              home; /* HOME may have it, or all of it */
    bool                              header; /* not of the kind's own */
    const json_t                     *value;  /* NULL: none was given */
};

typedef void fields_fn(const struct fields_row *row, void *context);

/*
 * Calls `each` for every field that a person may write: first the header's,
 * then the kind's.  `message` is an object in the language of json.h whose
 * values are handed along and whose lists tell how many elements there are;
 * NULL: none, and each list has one.
 */
void fields_each(const struct kind *kind, const json_t *message,
                 fields_fn *each, void *context);

/* Whether a form writes values of this type in one line. */
bool fields_is_line(const ProtobufCFieldDescriptor *field);

/* Whether a list may stand in one line, with commas between. */
bool fields_takes_commas(const ProtobufCMessageDescriptor *type,
                         const ProtobufCFieldDescriptor   *field);

/* "text", "words", "time", ...: for people. */
const char *fields_type_name(const ProtobufCFieldDescriptor *field);

#endif

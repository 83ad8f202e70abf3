/*
 * form_value.h - one value of a form: its text to JSON and back.
 *
 *     number with unit   12.5 kn
 *     position           06-17N 003-21E or 6.283 3.35; see coordinate.h
 *     time               2014-04-23T10:00Z, with a precision behind it where
 *                        that is another than it is written with
 */
#ifndef TOOLS_FORM_VALUE_H
#define TOOLS_FORM_VALUE_H

#include "node/core/message/message.h"

#include <jansson.h>

/*
 * A new JSON value for one value of a field; NULL, and a fault, when the text
 * has not its shape.  What has the shape but is wrong (a word that is none)
 * is told when the object is read.
 */
json_t *form_value_parse(const ProtobufCFieldDescriptor *field,
                         struct span text, const struct path *path,
                         struct message_faults *faults);

/*
 * The text of one value, for free(); NULL when there is nothing to write or
 * no memory.
 */
char *form_value_text(const ProtobufCFieldDescriptor *field,
                      const json_t                   *value);

#endif

/*
 * form_line.h - a form's text, field by field.
 */
#ifndef TOOLS_FORM_LINE_H
#define TOOLS_FORM_LINE_H

#include "proto/bytes.h"

/*
 * One field of a form: where the next line's name and value begin in `text`,
 * which is cut by what was taken.  Comments and blank lines are passed.
 * NOT_FOUND at the end; BAD_ENCODING, with the line in *field, for a line
 * that is no field.  The value has its later lines in it, blanks and all.
 */
NODISCARD enum status form_line_next(struct span *text, struct span *field,
                                     struct span *value);

/* The line, from 1 on, that a place in the text stands on. */
size_t form_line_number(struct span text, struct span place);

/* Without the blanks and line breaks at both ends. */
struct span form_line_trimmed(struct span text);

/*
 * A value as it is meant: its later lines without the blanks that they begin
 * with, and no comments.  For free(); NULL: no memory.
 */
char *form_line_joined(struct span value, size_t *len);

#endif

/*
 * form_in.h - lines of a form into a JSON object; used by form.h.
 */
#ifndef TOOLS_FORM_IN_H
#define TOOLS_FORM_IN_H

#include "node/core/message/message.h"

#include <jansson.h>

#define FORM_IN_LINE_PATH "line " /* of a fault that has no field */

enum { FORM_IN_LINE = 32 };

/* A new object of what the good lines say, and faults for the others; NULL,
 * and a fault, when no kind can be told. */
json_t *form_in_object(struct span text, struct message_faults *faults);

/*
 * Sets `field` of the object; `again` says whether it may be there already
 * (--set) or not (a form).  BAD_FIELD and a fault.
 */
NODISCARD enum status form_in_set(json_t *object, struct span field,
                                  struct span value, bool again,
                                  struct message_faults *faults);

/* The path that faults name for a form's field: with the kind in front where
 * the field is of the kind. */
void form_in_path(const struct kind *kind, struct span field,
                  char out[static PATH_TEXT]);

/* The kind that a form says it is; NULL: none that is known. */
const struct kind *form_in_kind(struct span text);

#endif

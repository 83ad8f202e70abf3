/*
 * form.h - the form: the same language as JSON, for a person and an editor.
 *
 *     # When it happened.  Mandatory.
 *     occurred: 2014-04-23
 *
 * `field: value` lines; a line that begins with a blank continues the value
 * before it; `#` begins a comment line.  A field of the header stands under
 * its name, a field of the kind under its own (`ship.name`) or its whole path
 * (`maritime_incident.ship.name`).  An element of a repeated field is
 * `key_judgements[0].text`; plain repeated values may also be repeated lines.
 */
#ifndef TOOLS_FORM_H
#define TOOLS_FORM_H

#include "node/core/message.h"

#include <jansson.h>
#include <stdio.h>

/* The empty form of a kind: meaning, words and example above each field. */
NODISCARD enum status form_template(const struct kind *kind, FILE *out);

/* A valid and realistic message of that kind, as JSON. */
NODISCARD enum status form_template_json(const struct kind *kind, FILE *out);

/* Every field of a kind: type, presence, words, meaning (`entente kinds`). */
NODISCARD enum status form_describe(const struct kind *kind, FILE *out);

/*
 * Reads a form or JSON: the first character that is not blank decides.
 * As json_to_message().
 */
NODISCARD enum status form_read(struct span text, Entente__Message **out,
                                struct message_faults *faults);

/* The same, stopping at the JSON object (a new reference). */
NODISCARD enum status form_read_object(struct span text, json_t **out,
                                       struct message_faults *faults);

/*
 * Sets one field of a JSON object from form text (`--set field=value`).
 * BAD_FIELD, and a fault added, when there is no such field.
 */
NODISCARD enum status form_set(json_t *object, struct span field,
                               struct span value,
                               struct message_faults *faults);

#endif

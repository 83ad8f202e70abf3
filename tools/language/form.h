/*
 * form.h - the form: the same language as JSON, for a person and an editor.
 *
 *     # When it happened.  Example: 2014-04-23T02:40Z
 *     occurred: 2014-04-23
 *
 * `field: value` lines; a line that begins with a blank continues the value
 * before it; a line that begins with `#` is a comment; an empty value is none.
 * A field of the header stands under its name, a field of the kind under its
 * own (`ship.name`) or its whole path (`maritime_incident.ship.name`).  An
 * element of a list of messages is `key_judgements[0].text`; plain lists are
 * repeated lines or, where no text is free, values between commas.
 */
#ifndef TOOLS_FORM_H
#define TOOLS_FORM_H

#include "node/core/message/message.h"

#include <jansson.h>
#include <stdio.h>

/*
 * The form of a kind, mandatory fields first, with meaning, words and example
 * above each.  `message`: an object of that kind whose values stand in it;
 * NULL: none.  IO: out failed.
 */
NODISCARD enum status form_template(const struct kind *kind,
                                    const json_t *message, FILE *out);

/* A valid and realistic message of that kind, as JSON.  NOT_FOUND: none. */
NODISCARD enum status form_template_json(const struct kind *kind, FILE *out);

/* Every field of a kind, a line each and its meaning below. */
NODISCARD enum status form_describe(const struct kind *kind, FILE *out);

/* The same for programs: {"kind", "number", "source", "fields": [{"field",
 * "type", "presence", "list", "words", "meaning"}]}, a new reference; NULL
 * without memory. */
json_t *form_describe_json(const struct kind *kind);

/* {"kinds": [{"kind", "number", "source"}]}, as above. */
json_t *form_kinds_json(void);

/* Whether a text is a form; else it is JSON, or nothing. */
bool form_is_form(struct span text);

/*
 * Reads a form or JSON: the first character that is not blank decides.
 * As json_to_message().
 */
NODISCARD enum status form_read(struct span text, Entente__Message **out,
                                struct message_faults *faults);

/*
 * The same, stopping at the JSON object (a new reference).  BAD_FIELD: some
 * lines are wrong, and *out is what the others say.  Else, when not OK, *out
 * is NULL.
 */
NODISCARD enum status form_read_object(struct span text, json_t **out,
                                       struct message_faults *faults);

/*
 * Sets one field of a JSON object from a form's text (`--set field=value`),
 * whether it was there or not.  BAD_FIELD, and a fault added, when there is no
 * such field or the text has not its shape.
 */
NODISCARD enum status form_set(json_t *object, struct span field,
                               struct span value,
                               struct message_faults *faults);

#endif

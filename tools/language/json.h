/*
 * json.h - messages as JSON and back, by reflection over the schema.
 *
 * The language of CLI.md: the header's fields at the top level, "kind" the
 * kind's name, the kind's own fields under that name.  Enums are words, bytes
 * base64 (message ids 32 hex digits), 64-bit numbers strings on output and
 * either on input, times "2014-04-23T10:00:00Z" or {"t", "precision"} and
 * back as they were written, positions {"lat", "lon"} in degrees or as
 * "06-17N".  What went in comes out again, field by field.
 */
#ifndef TOOLS_JSON_H
#define TOOLS_JSON_H

#include "node/core/message/message.h"

#include <jansson.h>

enum { JSON_TEXT_MAX = 1 << 20, JSON_DEPTH_MAX = 24 };

/*
 * Reads JSON text.  Says everything that is wrong at once, with its path and
 * the nearest known word or field.  Judges no rules: message_validate() does.
 * `faults` is initialised here.  *out is freed with
 * entente__message__free_unpacked(*out, NULL).
 */
NODISCARD enum status json_to_message(struct span text, Entente__Message **out,
                                      struct message_faults *faults);

/* The same from a parsed object. */
NODISCARD enum status json_object_to_message(const json_t          *object,
                                             Entente__Message     **out,
                                             struct message_faults *faults);

/*
 * A new object for a message that passed strict_unpack or came from above.
 * What the schema here does not know stands in "unknown_fields": [{"field",
 * "wire_type", "base64"}], which is refused on input.
 */
NODISCARD enum status json_from_message(const Entente__Message *message,
                                        json_t                **out);

/*
 * JSON as text, freed with free(); NULL without memory.  Numbers are as short
 * as they may be to come back the same; control characters of any plane are
 * escaped, so the text is safe on a terminal.  indent 0: one line.
 */
char *json_text(const json_t *value, unsigned indent);

/* Parses text as above (size, depth, duplicates); NULL and one fault. */
json_t *json_parse(struct span text, struct message_faults *faults);

#endif

/*
 * json_in.h - a JSON object into a message, by the schema's descriptors.
 *
 * Used by json.h; says all faults, each with its path.
 */
#ifndef TOOLS_JSON_IN_H
#define TOOLS_JSON_IN_H

#include "node/core/message/message.h"

#include <jansson.h>

/*
 * As json_object_to_message() of json.h, but `faults` goes on growing, and
 * *out is written whenever there is an object: what could be read of it.
 */
NODISCARD enum status json_in_message(const json_t *object,
                                      Entente__Message    **out,
                                      struct message_faults *faults);

/* Fields that JSON has in another shape: not to be named by people. */
bool json_in_is_hidden(const ProtobufCFieldDescriptor *field);

/* Bytes that are written as 32 hex digits: the ids of messages. */
bool json_in_is_id(const ProtobufCFieldDescriptor *field);

#endif

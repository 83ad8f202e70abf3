/*
 * json_scalar.h - text, words, bytes and whole numbers out of JSON values.
 *
 * Each appends a fault and leaves its place as it was when the value has not
 * the right shape.
 */
#ifndef TOOLS_JSON_SCALAR_H
#define TOOLS_JSON_SCALAR_H

#include "node/core/message/message.h"

#include <jansson.h>

/* The bytes of a JSON string; empty for anything else. */
struct span json_scalar_span(const json_t *value);

/* "a list": what a value is, for people. */
const char *json_scalar_shape(const json_t *value);

/* "is a list; RIGHT" at that path. */
void json_scalar_wrong(struct message_faults *faults, const json_t *value,
                       const char *right, const struct path *at);

/* Zeroed memory for free(); without any, the process ends with code 1. */
void *json_scalar_allocate(size_t count, size_t len);

/* Copies; "" leaves the place as it was, since protobuf has it as absent. */
void json_scalar_text(struct message_faults *faults, const json_t *value,
                      char **out, const struct path *at);
void json_scalar_word(struct message_faults *faults, const json_t *value,
                      const ProtobufCEnumDescriptor *words, int *out,
                      const struct path *at);
/* 32 hex digits for a message's id, else base64. */
void json_scalar_bytes(struct message_faults *faults, const json_t *value,
                       const ProtobufCFieldDescriptor *field,
                       ProtobufCBinaryData *out, const struct path *at);
/* Of any whole type, from a number or from text. */
void json_scalar_integer(struct message_faults *faults, const json_t *value,
                         ProtobufCType type, void *out, const struct path *at);

#endif

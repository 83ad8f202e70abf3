/*
 * reflect.h - the values of a message by their field's descriptor.
 *
 * protobuf-c keeps presence in five different ways; here it is one: a field
 * has a count, 0 or 1 for a singular one, and values from 0 to count - 1.
 */
#ifndef PROTO_REFLECT_H
#define PROTO_REFLECT_H

#include "proto/bytes.h"

#include <protobuf-c/protobuf-c.h>

/*
 * How many values there are.  Text, bytes, words and numbers that stand
 * neither repeated nor in a oneof are absent when empty or zero.
 */
size_t reflect_count(const ProtobufCMessage         *message,
                     const ProtobufCFieldDescriptor *field);

/* Where value `index` < count lies: a char *, a ProtobufCMessage *, an int32_t,
 * ... in place. */
const void *reflect_value(const ProtobufCMessage         *message,
                          const ProtobufCFieldDescriptor *field, size_t index);

/* The value when the field's type is known to be this. */
const ProtobufCMessage *reflect_message(const ProtobufCMessage         *message,
                                        const ProtobufCFieldDescriptor *field,
                                        size_t                          index);
const char *reflect_text(const ProtobufCMessage         *message,
                         const ProtobufCFieldDescriptor *field, size_t index);
struct span reflect_bytes(const ProtobufCMessage         *message,
                          const ProtobufCFieldDescriptor *field, size_t index);
uint64_t reflect_u64(const ProtobufCMessage         *message,
                     const ProtobufCFieldDescriptor *field, size_t index);
/* Of a type of 32 bits, bool or enum. */
int32_t reflect_i32(const ProtobufCMessage         *message,
                    const ProtobufCFieldDescriptor *field, size_t index);
/* Of any number type, bool or enum; exact below 2^53. */
double reflect_number(const ProtobufCMessage         *message,
                      const ProtobufCFieldDescriptor *field, size_t index);

/* Bytes of one value of a type in memory. */
size_t reflect_value_len(ProtobufCType type);

#endif

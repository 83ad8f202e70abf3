/*
 * words.h - the words of an enum: the same on the wire's schema, in JSON, in
 * the form, on the command line and in the documents.
 *
 * A word is the name of an enum value in its .proto without the enum's own
 * name before it: SHIP_STATE_underway is `underway`.  AMBER+STRICT, which is
 * no identifier, is the one exception.  Zero (unspecified) is never a word.
 */
#ifndef PROTO_WORDS_H
#define PROTO_WORDS_H

#include "proto/bytes.h"

#include <protobuf-c/protobuf-c.h>

/* The word of `value`; NULL when it is 0 or none of this enum's. */
const char *words_name(const ProtobufCEnumDescriptor *words, int value);

/* The value of a word, in any case of letters; NOT_FOUND else. */
NODISCARD enum status words_value(const ProtobufCEnumDescriptor *words,
                                  struct span word, int *value);

/* "DEFERRED, ROUTINE, ..." into out[cap], cut at its end with "..." . */
void words_list(const ProtobufCEnumDescriptor *words, char *out, size_t cap);

/*
 * The candidate that `typed` was most likely meant to be: at most a third of
 * its letters differ (insertions, deletions, changes, swaps of neighbours;
 * case is free).  NULL when none is near.
 */
const char *words_nearest(struct span typed, const char *const *candidates,
                          size_t count);

#endif

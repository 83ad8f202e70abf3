/*
 * by_schema.h - targets over strict_unpack(), and messages made from a schema:
 * every field set, one message for each member of the outermost oneof.
 */
#ifndef FUZZ_BY_SCHEMA_H
#define FUZZ_BY_SCHEMA_H

#include "proto/strict.h"
#include "tests/fuzz/fuzz.h"

enum { BY_SCHEMA_MAX = 65536 };

/* Unpacks `in` and asserts what must hold for what was accepted. */
bool by_schema_one(const ProtobufCMessageDescriptor *type,
                   enum strict_unknown unknown, struct span in);

void by_schema_seeds(const ProtobufCMessageDescriptor *type,
                     fuzz_seed_fn *seed, void *arg);

#endif

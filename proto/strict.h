/*
 * strict.h - protobuf-c under budget: the only way that protobuf bytes from
 * outside become a message.
 *
 * The bytes are walked by descriptor before protobuf-c sees them, since it
 * accepts too much and takes up to 68 times the input.  Refused are: what is
 * cut short, groups, wrong wire types, over-long and too large varints, text
 * with a zero byte or bad UTF-8, a singular field twice, two members of one
 * oneof, more than LIMIT_PARSE_DEPTH levels and, where asked, fields and
 * words that the schema does not have.  Sign, hash and forward the received
 * bytes, never a re-encoding.
 *
 * Memory comes from the caller's arena alone; nothing is freed one by one.
 */
#ifndef PROTO_STRICT_H
#define PROTO_STRICT_H

#include "proto/bytes.h"
#include "proto/limits.h"
#include "proto/path.h"

#include <protobuf-c/protobuf-c.h>

/* The caller's memory, taken from the front, given back all at once. */
struct strict_arena {
    uint8_t *ptr;
    size_t   cap;
    size_t   used;
};

struct strict_arena strict_arena_of(uint8_t *ptr, size_t cap);
void                strict_arena_reset(struct strict_arena *arena);
/* `len` bytes aligned to 8, not zeroed; NULL when they do not fit. */
void *strict_arena_take(struct strict_arena *arena, size_t len);

enum strict_unknown {
    STRICT_REFUSE,     /* a field or word that the schema lacks is a fault */
    STRICT_KEEP,       /* it is kept, in unknown_fields */
    STRICT_KEEP_KINDS, /* refuse, but keep one top-level field 101 to 199:
                          a kind of message.proto that is not known here */
};

enum { STRICT_WORDS = 96 };

/* The first fault: where (see path.h) and what, for a person. */
struct strict_fault {
    char path[PATH_TEXT];
    char words[STRICT_WORDS];
};

/*
 * Walks the bytes without unpacking them.  BAD_ENCODING, or BAD_FIELD for a
 * well-formed field or word that the schema lacks; `fault` is then written.
 */
NODISCARD enum status strict_check(const ProtobufCMessageDescriptor *type,
                                   struct span in, enum strict_unknown unknown,
                                   struct strict_fault *fault);

/*
 * The same, then unpacks into the arena.  `*out` lives as long as the
 * arena's bytes do and is never given to free_unpacked.  TOO_LARGE when it
 * needs more than the arena has left, LIMIT_PARSE_BYTES, or
 * LIMIT_PARSE_CALLS pieces; the arena is then as before.
 */
NODISCARD enum status strict_unpack(const ProtobufCMessageDescriptor *type,
                                    struct span in, struct strict_arena *arena,
                                    enum strict_unknown unknown,
                                    ProtobufCMessage **out,
                                    struct strict_fault *fault);

#endif

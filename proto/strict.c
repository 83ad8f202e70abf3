/*
 * strict.c - the walk over protobuf bytes, and protobuf-c in an arena.
 *
 * The walk goes down by descriptor with one `struct level` a message on the C
 * stack; it takes no memory and builds a path only when it has found a fault.
 *
 * Invariants:
 *  (I1) what the walk passes, protobuf-c reads to the same meaning as any
 *       other reader: nothing in it is cut, merged, overwritten or wrapped;
 *  (I2) no more than LIMIT_PARSE_DEPTH levels are entered;
 *  (I3) memory comes from the arena and within the budget, or the arena is
 *       as it was.
 */
#include "proto/strict.h"

#include "proto/text.h"
#include "proto/protobuf.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    FIELDS_MAX = 256, /* of one type; ours have fewer */
    KIND_FIRST = 101, /* message.proto keeps 101 to 199 for kinds */
    KIND_LAST = 199,
    ALIGN = 8,
};

struct level {
    struct level                     *up;
    const ProtobufCMessageDescriptor *type;
    struct span                       body;
    const uint8_t                    *at;    /* start of the field in hand */
    const ProtobufCFieldDescriptor   *field; /* NULL: none that is known */
    long                              packed; /* elements before this one */
    uint64_t                          seen[FIELDS_MAX / 64];
    struct path                       step; /* written when a fault is told */
};

struct walk {
    enum strict_unknown  unknown;
    unsigned             kinds_kept;
    enum status          st;
    struct strict_fault *fault;
};

/* ---- types ---- */

static unsigned
wire_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return PROTOBUF_C_WIRE_TYPE_64BIT;
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return PROTOBUF_C_WIRE_TYPE_32BIT;
    default:
        return PROTOBUF_C_WIRE_TYPE_VARINT;
    }
}

/* Whether protobuf-c would keep the value whole (I1). */
static bool
varint_fits(ProtobufCType type, uint64_t value)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BOOL:
        return value <= 1;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_SINT32:
        return value <= UINT32_MAX;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_ENUM:
        return value <= INT32_MAX || value >= (uint64_t)(int64_t)INT32_MIN;
    default:
        return true;
    }
}

/* ---- faults ---- */

/* The index of the field in hand among those before it in this message. */
static long
index_in_hand(const struct level *here)
{
    struct reader in = reader_of(here->body);
    long          index = here->packed;

    while (in.left > 0 && in.ptr < here->at) {
        uint64_t tag = protobuf_varint(&in);

        index += tag >> 3 == here->field->id;
        protobuf_skip(&in, tag & 7);
        if (in.failed)
            break;
    }
    return index;
}

static bool
fault(struct walk *walk, struct level *here, enum status st, const char *words)
{
    struct path *inner = &here->step;

    for (struct level *level = here; level != NULL; level = level->up) {
        level->step.up = level->up == NULL ? NULL : &level->up->step;
        level->step.index = PATH_NO_INDEX;
        level->step.field = NULL;
        if (level->field == NULL)
            continue;
        level->step.field = level->field->name;
        if (level->field->label == PROTOBUF_C_LABEL_REPEATED)
            level->step.index = index_in_hand(level);
    }
    if (here->field == NULL && here->up != NULL)
        inner = &here->up->step;
    path_format(inner, walk->fault->path);
    (void)snprintf(walk->fault->words, sizeof(walk->fault->words), "%s",
                   words);
    walk->st = st;
    return false;
}

static bool
unknown_word(struct walk *walk, struct level *here, uint64_t value)
{
    char words[STRICT_WORDS];

    (void)snprintf(words, sizeof(words), "%lld is no word known here",
                   (long long)value);
    return fault(walk, here, STATUS_BAD_FIELD, words);
}

/* ---- the walk ---- */

static bool walk_message(struct walk *walk, struct level *here, unsigned depth);

static bool
walk_varint(struct walk *walk, struct level *here, struct reader *in)
{
    const ProtobufCFieldDescriptor *field = here->field;
    uint64_t                        value = protobuf_varint(in);

    if (in->failed)
        return fault(walk, here, STATUS_BAD_ENCODING,
                     "a number that is cut short or not in its shortest form");
    if (!varint_fits(field->type, value))
        return fault(walk, here, STATUS_BAD_ENCODING,
                     "a number too large for its field");
    if (field->type == PROTOBUF_C_TYPE_ENUM && walk->unknown != STRICT_KEEP &&
        protobuf_c_enum_descriptor_get_value(field->descriptor, (int)value) ==
            NULL)
        return unknown_word(walk, here, value);
    return true;
}

static bool
is_finite(ProtobufCType type, struct span bytes)
{
    struct reader in = reader_of(bytes);
    double        value;
    float         small;

    if (type == PROTOBUF_C_TYPE_DOUBLE) {
        uint64_t bits = reader_u64_le(&in);

        memcpy(&value, &bits, sizeof(value));
        return isfinite(value);
    }
    if (type == PROTOBUF_C_TYPE_FLOAT) {
        uint32_t bits = reader_u32_le(&in);

        memcpy(&small, &bits, sizeof(small));
        return isfinite(small);
    }
    return true;
}

static bool
walk_fixed(struct walk *walk, struct level *here, struct reader *in, size_t len)
{
    struct span bytes = reader_take(in, len);

    if (in->failed)
        return fault(walk, here, STATUS_BAD_ENCODING, "cut short");
    if (!is_finite(here->field->type, bytes))
        return fault(walk, here, STATUS_BAD_ENCODING, "not a finite number");
    return true;
}

/* One value of a number type, as it stands alone or in a packed field. */
static bool
walk_number(struct walk *walk, struct level *here, struct reader *in)
{
    switch (wire_of(here->field->type)) {
    case PROTOBUF_C_WIRE_TYPE_64BIT:
        return walk_fixed(walk, here, in, 8);
    case PROTOBUF_C_WIRE_TYPE_32BIT:
        return walk_fixed(walk, here, in, 4);
    default:
        return walk_varint(walk, here, in);
    }
}

static bool
walk_packed(struct walk *walk, struct level *here, struct span body)
{
    struct reader in = reader_of(body);

    for (; in.left > 0; here->packed++)
        if (!walk_number(walk, here, &in))
            return false;
    here->packed = 0;
    return true;
}

static bool
walk_lent(struct walk *walk, struct level *here, struct reader *in,
          unsigned depth)
{
    struct span  body = protobuf_lent(in);
    struct level below;

    if (in->failed)
        return fault(walk, here, STATUS_BAD_ENCODING, "cut short");
    switch (here->field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        below.up = here;
        below.type = here->field->descriptor;
        below.body = body;
        return walk_message(walk, &below, depth + 1);
    case PROTOBUF_C_TYPE_STRING:
        if (!text_ok(body))
            return fault(walk, here, STATUS_BAD_ENCODING,
                         "text that is not UTF-8, or has a zero byte in it");
        return true;
    case PROTOBUF_C_TYPE_BYTES:
        return true;
    default:
        return walk_packed(walk, here, body);
    }
}

/* A singular field comes once, and one member of a oneof (I1). */
static bool
walk_presence(struct walk *walk, struct level *here)
{
    const ProtobufCFieldDescriptor *field = here->field;
    const ProtobufCFieldDescriptor *all = here->type->fields;
    size_t                          own = (size_t)(field - all);

    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return true;
    if (here->seen[own / 64] >> (own % 64) & 1)
        return fault(walk, here, STATUS_BAD_ENCODING, "stands there twice");
    here->seen[own / 64] |= (uint64_t)1 << (own % 64);
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return true;
    for (size_t i = 0; i < here->type->n_fields; i++)
        if (i != own && (here->seen[i / 64] >> (i % 64) & 1) &&
            (all[i].flags & PROTOBUF_C_FIELD_FLAG_ONEOF) &&
            all[i].quantifier_offset == field->quantifier_offset)
            return fault(walk, here, STATUS_BAD_ENCODING,
                         "stands beside another of which only one may be");
    return true;
}

static bool
walk_unknown(struct walk *walk, struct level *here, struct reader *in,
             uint64_t tag)
{
    uint64_t number = tag >> 3;
    char     words[STRICT_WORDS];

    protobuf_skip(in, tag & 7);
    if (in->failed || number == 0 || number > PROTOBUF_FIELD_MAX)
        return fault(walk, here, STATUS_BAD_ENCODING,
                     "bytes that are no field, a group, or cut short");
    if (walk->unknown == STRICT_KEEP)
        return true;
    if (walk->unknown == STRICT_KEEP_KINDS && here->up == NULL &&
        number >= KIND_FIRST && number <= KIND_LAST &&
        (tag & 7) == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED &&
        walk->kinds_kept++ == 0)
        return true;
    (void)snprintf(words, sizeof(words), "field %llu is not known here",
                   (unsigned long long)number);
    return fault(walk, here, STATUS_BAD_FIELD, words);
}

static bool
walk_field(struct walk *walk, struct level *here, struct reader *in,
           unsigned wire, unsigned depth)
{
    const ProtobufCFieldDescriptor *field = here->field;
    bool packed = field->flags & PROTOBUF_C_FIELD_FLAG_PACKED;

    if (wire != (packed ? PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED
                        : wire_of(field->type)))
        return fault(walk, here, STATUS_BAD_ENCODING,
                     "not encoded as its type asks");
    if (!walk_presence(walk, here))
        return false;
    if (wire == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
        return walk_lent(walk, here, in, depth);
    return walk_number(walk, here, in);
}

static bool
walk_message(struct walk *walk, struct level *here, unsigned depth)
{
    struct reader in = reader_of(here->body);

    assert(here->type->n_fields <= FIELDS_MAX);
    memset(here->seen, 0, sizeof(here->seen));
    here->field = NULL;
    here->packed = 0;
    here->at = in.ptr;
    if (depth > LIMIT_PARSE_DEPTH) /* (I2) */
        return fault(walk, here, STATUS_BAD_ENCODING, "nested too deeply");
    while (in.left > 0) {
        uint64_t tag;

        here->field = NULL;
        here->at = in.ptr;
        tag = protobuf_varint(&in);
        if (!in.failed && tag >> 3 <= PROTOBUF_FIELD_MAX)
            here->field = protobuf_c_message_descriptor_get_field(
                here->type, (unsigned)(tag >> 3));
        if (here->field == NULL) {
            if (!walk_unknown(walk, here, &in, tag))
                return false;
        } else if (!walk_field(walk, here, &in, tag & 7, depth)) {
            return false;
        }
    }
    return true;
}

enum status
strict_check(const ProtobufCMessageDescriptor *type, struct span in,
             enum strict_unknown unknown, struct strict_fault *found)
{
    struct walk  walk = {.unknown = unknown, .st = STATUS_OK, .fault = found};
    struct level top;

    top.up = NULL;
    top.type = type;
    top.body = in;
    (void)walk_message(&walk, &top, 1);
    return walk.st;
}

/* ---- unpacking ---- */

struct strict_arena
strict_arena_of(uint8_t *ptr, size_t cap)
{
    return (struct strict_arena){.ptr = ptr, .cap = cap};
}

void
strict_arena_reset(struct strict_arena *arena)
{
    arena->used = 0;
}

void *
strict_arena_take(struct strict_arena *arena, size_t len)
{
    uintptr_t at = (uintptr_t)arena->ptr + arena->used;
    size_t    pad = (size_t)(-at & (ALIGN - 1));
    size_t    left = arena->cap - arena->used;
    uint8_t  *taken;

    if (arena->ptr == NULL || pad > left || len > left - pad)
        return NULL;
    taken = arena->ptr + arena->used + pad;
    arena->used += pad + len;
    return taken;
}

struct budget {
    struct strict_arena *arena;
    size_t               end; /* of the arena's use */
    unsigned             calls;
    bool                 spent;
};

static void *
budget_take(void *data, size_t len)
{
    struct budget *budget = data;
    void          *taken = NULL;

    if (budget->calls++ < LIMIT_PARSE_CALLS)
        taken = strict_arena_take(budget->arena, len);
    if (taken == NULL || budget->arena->used > budget->end) {
        budget->spent = true;
        return NULL;
    }
    return taken;
}

static void
budget_give_back(void *data, void *taken)
{
    (void)data; /* the arena dies as a whole */
    (void)taken;
}

enum status
strict_unpack(const ProtobufCMessageDescriptor *type, struct span in,
              struct strict_arena *arena, enum strict_unknown unknown,
              ProtobufCMessage **out, struct strict_fault *found)
{
    struct budget      budget = {.arena = arena,
                                 .end = arena->used + LIMIT_PARSE_BYTES};
    ProtobufCAllocator allocator = {budget_take, budget_give_back, &budget};
    size_t             used = arena->used;
    ProtobufCMessage  *message;
    enum status        st;

    st = strict_check(type, in, unknown, found);
    if (st != STATUS_OK)
        return st;
    message = protobuf_c_message_unpack(type, &allocator, in.len, in.ptr);
    if (message == NULL) {
        arena->used = used; /* (I3) */
        found->path[0] = '\0';
        (void)snprintf(found->words, sizeof(found->words), "%s",
                       budget.spent ? "takes more memory than its limit"
                                    : "protobuf-c cannot read it");
        return budget.spent ? STATUS_TOO_LARGE : STATUS_BAD_ENCODING;
    }
    *out = message;
    return STATUS_OK;
}

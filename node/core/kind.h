/*
 * kind.h - the kinds of message and the rules of their fields, as data.
 *
 * A new kind is a file in proto/kinds, a member of Message's oneof, a row in
 * the table of kinds and rows in the table of rules.
 */
#ifndef CORE_KIND_H
#define CORE_KIND_H

#include "message.pb-c.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KIND_FIELD_BASE = 100 }; /* field number = this + catalogue number */

struct kind {
    const char                       *name;   /* "maritime_incident" */
    uint32_t                          number; /* in the catalogue */
    const ProtobufCMessageDescriptor *type;
    const char                       *title;  /* for people */
    const char                       *source; /* the published format */
};

const struct kind *kind_at(size_t index); /* NULL past the last */
const struct kind *kind_named(const char *name);
const struct kind *kind_of(const Entente__Message *message); /* NULL: unknown */
/* The body of a message, NULL when there is none that is known here. */
const ProtobufCMessage *kind_body(const Entente__Message *message);

enum kind_rule {
    KIND_MANDATORY,  /* must be there */
    KIND_SEND_FILLS, /* must be there, but `send` fills it when it is not */
    KIND_RANGE,      /* a number from low to high */
    KIND_BYTES,      /* low to high bytes */
    KIND_LINE,       /* text without line breaks */
};

/* One rule for one field of one type, wherever that type stands. */
struct kind_field_rule {
    const ProtobufCMessageDescriptor *type;
    const char                       *field;
    enum kind_rule                    rule;
    double                            low;
    double                            high;
};

/* The rules of a type, `count` in a row; NULL and 0 when it has none. */
const struct kind_field_rule *
kind_rules(const ProtobufCMessageDescriptor *type, size_t *count);

bool kind_is_mandatory(const ProtobufCMessageDescriptor *type,
                       const char                       *field);

#endif

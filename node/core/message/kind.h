/*
 * kind.h - the kinds of message and the rules of their fields, as data.
 *
 * A new kind is a file in proto/kinds, a member of Message's oneof, a row in
 * the table of kinds and a table of rules.
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
    const char                       *source; /* the published format */
};

const struct kind *kind_at(size_t index); /* NULL past the last */
const struct kind *kind_named(const char *name);
const struct kind *kind_of(const Entente__Message *message); /* NULL: unknown */
/* The body of a message, NULL when there is none that is known here. */
const ProtobufCMessage *kind_body(const Entente__Message *message);

enum kind_presence {
    KIND_OPTIONAL,
    KIND_MANDATORY,
    KIND_SEND_FILLS, /* mandatory, but `send` fills it when it is absent */
    KIND_HOME_FILLS, /* the same, where HOME/defaults or HOME/posts has it */
};

enum kind_check {
    KIND_ANY,
    KIND_LINE,   /* text of one line */
    KIND_RANGE,  /* a number, or a Quantity's value, from low to high */
    KIND_BYTES,  /* low to high bytes */
    KIND_DIGITS, /* text of exactly low digits */
    KIND_IMO,    /* an IMO number: seven digits, the last a check digit */
    KIND_FILE,   /* a file name without folders */
};

/* The rule of one field of a type, wherever that type stands. */
struct kind_rule {
    const char        *field;
    enum kind_presence presence;
    enum kind_check    check;
    double             low;
    double             high;
};

/* The rules of a type, NULL and 0 when it has none. */
const struct kind_rule *kind_rules(const ProtobufCMessageDescriptor *type,
                                   size_t                           *count);

/* KIND_OPTIONAL where no rule says otherwise. */
enum kind_presence kind_presence(const ProtobufCMessageDescriptor *type,
                                 const char                       *field);

#endif

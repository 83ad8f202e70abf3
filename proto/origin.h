/*
 * origin.h - the name of a channel: the first line of its checkpoints.
 *
 *     entente/v1/<S>/<R>/<realm>/<lane>/<epoch>
 *
 * S and R are node ids (32 lower-case hex digits), realm is `actual` or
 * `exercise-<id>`, lane `wire` or `courier`, epoch a decimal number without
 * leading zeros, `-`, and 16 hex digits drawn at random by S (PROTOCOL 2).
 * Only [a-z0-9/-] occurs, as C2SP asks of key names.  A value: copy it freely.
 */
#ifndef PROTO_ORIGIN_H
#define PROTO_ORIGIN_H

#include "proto/bytes.h"
#include "proto/limits.h"

struct node_id {
    uint8_t bytes[LIMIT_NODE_ID];
};

struct message_id {
    uint8_t bytes[LIMIT_MESSAGE_ID];
};

#define REALM_ACTUAL "actual"
#define REALM_EXERCISE_PREFIX "exercise-"
enum { REALM_LEN = sizeof(REALM_EXERCISE_PREFIX) - 1 + LIMIT_EXERCISE_ID };

enum lane { LANE_WIRE, LANE_COURIER, LANE_COUNT };

struct origin {
    struct node_id sender;
    struct node_id recipient;
    char           realm[REALM_LEN + 1];
    enum lane      lane;
    uint64_t       epoch;  /* 1 and up */
    uint64_t       random; /* the 16 hex digits */
};

/* The text of an origin, ended by a zero byte that is not counted. */
struct origin_text {
    char   text[LIMIT_ORIGIN + 1];
    size_t len;
};

const char *lane_name(enum lane lane);

bool node_id_equal(const struct node_id *a, const struct node_id *b);
/* -1, 0, 1 in byte order. */
int node_id_compare(const struct node_id *a, const struct node_id *b);

/* `origin` must be well formed (our own): asserts. */
struct origin_text origin_format(const struct origin *origin);
struct span        origin_span(const struct origin_text *text);

/* BAD_ENCODING unless `text` is exactly what origin_format would write. */
NODISCARD enum status origin_parse(struct span text, struct origin *out);

/* Whether one writes it to the other, in realm `actual`. */
bool origin_is_between(const struct origin  *origin,
                       const struct node_id *sender,
                       const struct node_id *recipient);

bool origin_equal(const struct origin *a, const struct origin *b);

/* `actual`, or `exercise-` and 1 to LIMIT_EXERCISE_ID of [a-z0-9-]. */
bool realm_valid(struct span realm);

/* Lower-case hex of len bytes into out[2 * len + 1]. */
void hex_encode(const uint8_t *bytes, size_t len, char *out);
/* Exactly 2 * len lower-case hex digits, else BAD_ENCODING. */
NODISCARD enum status hex_decode(struct span text, uint8_t *out, size_t len);

#endif

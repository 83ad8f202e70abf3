/*
 * context.h - what one turn lends to everything that happens in it: time,
 * randomness, and the list that its effects go to.
 */
#ifndef CORE_CONTEXT_H
#define CORE_CONTEXT_H

#include "crypto/kdf.h"
#include "crypto/keyring.h"
#include "crypto/sign.h"
#include "node/core/event.h"
#include "node/core/vaults.h"
#include "proto/strict.h"

struct node;

struct context {
    struct node             *node;
    const struct turn_input *input;
    struct seed_stream       seeds;
    struct effects          *out;
    struct vaults           *vaults;
    struct strict_arena      arena; /* for parsing; emptied before each use */
    uint64_t                *rows_taken;
    size_t                   told; /* bytes of answers to clients */
};

void context_random(struct context *turn, uint8_t *out, size_t len);
void context_random_dh(struct context *turn, struct dh_key *out);

/* One record of the turn's group; both are copied.  `secret` may be NULL. */
void context_save(struct context *turn, const struct record *record,
                  const struct record_secret *secret);

/* A new CURRENT key for the keyring, durable before this turn's group. */
void context_keep_key(struct context *turn, enum keyring_kind kind,
                      const struct keyring_owner *owner, uint64_t number,
                      const struct secret32 *secret);

/* One control Response of this request, encoded; `last` of them or not. */
void context_tell(struct context *turn, uint64_t client,
                  const ProtobufCMessage *response);

void context_close_link(struct context *turn, uint64_t link);

/* A line for the log: names and numbers, never content. */
void context_log(struct context *turn, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Unpacks a control, link or entry message into the turn's parsing arena,
 * behind what is there (each event begins with an empty one); NULL when it is
 * not strictly one. */
const ProtobufCMessage *context_parse(struct context                  *turn,
                                      const ProtobufCMessageDescriptor *type,
                                      struct span                       in);

/* Packs into memory of the turn. */
struct span context_pack(struct context *turn, const ProtobufCMessage *message);

#endif

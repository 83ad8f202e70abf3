/*
 * flight.h - entries of one channel that are dispatched and not yet cosigned,
 * while their link is up: leaves and bodies on their way.
 *
 * Entries stand in order of index, without gaps.  Bodies are kept a batch at a
 * time (one allocation a batch) and freed when the last of the batch is
 * cosigned; the window bounds them.  When the link goes, all is dropped: the
 * journal has it, and resume loads it again.
 */
#ifndef CORE_FLIGHT_H
#define CORE_FLIGHT_H

#include "node/core/message/outbox.h"

/* Batch fields, and the memory of the batch's bodies. */
struct flight_batch {
    uint64_t first;
    uint64_t count; /* entries of it that are still in flight */
    uint8_t  ephemeral[LIMIT_KEY];
    uint8_t  salt[LIMIT_SALT];
    uint8_t *bytes;
    size_t   used, cap;
};

struct flight_entry {
    uint64_t          index;
    uint64_t          batch; /* number of its batch since the start */
    enum entry_class  class;
    enum precedence   precedence;
    uint8_t           leaf[LEAF_LEN];
    size_t            body_at; /* in the memory of its batch */
    uint32_t          body_len;
    uint32_t          sent; /* bytes of the body given to the link */
    uint64_t          time_ms; /* monotonic, of dispatch */
    struct message_id id;
    uint64_t          number;
    struct follow     follow;
};

/* Zeroed memory is an empty flight. */
struct flight {
    struct flight_entry *entries; /* ring */
    size_t               head, count, cap;
    struct flight_batch *batches; /* ring */
    size_t               batch_head, batch_count, batch_cap;
    uint64_t             bytes;        /* of all bodies */
    uint64_t             batch_number; /* of batches[batch_head] */
    uint64_t             unsent[PRECEDENCE_COUNT]; /* no unsent body below */
};

void flight_clear(struct flight *flight);

/* Index of the first entry, and behind the last. */
uint64_t flight_from(const struct flight *flight);
uint64_t flight_to(const struct flight *flight);

/* What follows belongs to the batch that began at index `first`. */
void flight_batch(struct flight *flight, uint64_t first,
                  const uint8_t ephemeral[static LIMIT_KEY],
                  const uint8_t salt[static LIMIT_SALT]);

/* Appends to that batch; copies leaf and body.  The index follows the one
 * before (asserted); an empty flight may begin anywhere. */
struct flight_entry *flight_put(struct flight *flight, uint64_t index,
                                const uint8_t leaf[static LEAF_LEN],
                                struct span body, uint64_t now_ms);

/* NULL: not in flight. */
struct flight_entry       *flight_at(const struct flight *flight,
                                     uint64_t             index);
struct span                flight_body(const struct flight       *flight,
                                       const struct flight_entry *entry);
const struct flight_batch *flight_batch_of(const struct flight       *flight,
                                           const struct flight_entry *entry);

/* The first entry whose body is not all sent, highest precedence first, among
 * those with index < to; NULL: none. */
struct flight_entry *flight_unsent(struct flight *flight, uint64_t to);

/* Send the body of `index` again, or do not send it at all. */
void flight_resend(struct flight *flight, uint64_t index);
void flight_skip(struct flight *flight, uint64_t index);

/* Bodies of which a part was sent begin anew. */
void flight_restart(struct flight *flight);

/* Drops the first entry. */
void flight_pop(struct flight *flight);

#endif

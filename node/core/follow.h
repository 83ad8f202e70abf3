/*
 * follow.h - clients that wait for a state of a message of ours.
 *
 * While its entry is in flight, who follows it stands in the flight entry, so
 * that a receipt finds it without a search; else it stands here, in the node's
 * short list.
 */
#ifndef CORE_FOLLOW_H
#define CORE_FOLLOW_H

#include "node/core/roster.h"

/* The channel's flight is about to go: who follows its entries stays. */
void follow_keep(struct node *node, struct peer *peer,
                 const struct channel *channel);

/* Who follows that entry, no longer kept; client 0: nobody. */
struct follow follow_take(struct node *node, const struct channel *channel,
                          uint64_t index);

/* A client asks about a message that the store found; false: what it waits
 * for cannot come. */
bool follow_row(struct node *node, struct peer *peer,
                const struct record_row *row, const struct follow *follow);

/* A receipt covers this entry of the flight. */
void follow_received(struct context *turn, struct peer *peer,
                     struct channel            *channel,
                     const struct flight_entry *entry);

/* Entries [first, first + count) have come to this state. */
void follow_tell(struct context *turn, const struct channel *channel,
                 uint64_t first, uint64_t count, enum message_state state,
                 const char *why);

/* The client is gone. */
void follow_forget(struct node *node, uint64_t client);

#endif

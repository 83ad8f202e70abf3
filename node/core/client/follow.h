/*
 * follow.h - clients that wait for a state of a message of ours.
 *
 * Who submitted it stands in its outbox item, and while its entry is in
 * flight in the flight entry, so that a receipt finds it without a search;
 * all others stand in the node's short list.  Each hears of a state once, of
 * none that is behind one it heard of, and gets one last answer.
 */
#ifndef CORE_FOLLOW_H
#define CORE_FOLLOW_H

#include "node/core/roster.h"

/* So many that ask for the state of a message, or wait for more than its
 * receipt; past that they are told what is known, as the last answer. */
enum { FOLLOW_MAX = 4096 };

/* A state that a client may wait for; `received` for an empty word.
 * BAD_FIELD: a message never comes to it on its way, or it is none. */
NODISCARD enum status follow_until(const char *word, uint8_t *out);

#define FOLLOW_UNTIL_HINT                                                      \
    "queued, sent, received, accepted, read or acknowledged"

/* Whether who waits for `until` hears nothing more after this state. */
bool follow_ends(uint8_t until, enum message_state state);

/* The channel's flight is about to go: who follows its entries stays. */
void follow_keep(struct node *node, struct peer *peer,
                 const struct channel *channel);

/* The entry just appended: where its channel has no flight, who follows it
 * stands in the list. */
void follow_stay(struct node *node, struct peer *peer,
                 const struct channel *channel, const struct channel_say *say);

/* An entry's message waits in the outbox again. */
void follow_back(struct node *node, const struct channel *channel,
                 uint64_t index);

/*
 * A client asks about a message of ours that the store found in this state;
 * it heard of that.  *out tells where it stands.  NOT_FOUND: the message is
 * no longer where the row says; FULL: FOLLOW_MAX.
 */
NODISCARD enum status follow_row(struct node *node, struct peer *peer,
                                 const struct record_row *row,
                                 const struct follow     *follow,
                                 const struct channel   **out);

/* It stands in the list no longer; 0: it did not, else what it heard of. */
uint8_t follow_drop(struct node *node, const struct follow *follow);

/* A message that waited has become this entry. */
void follow_sent(struct context *turn, const struct peer *peer,
                 const struct channel *channel, uint64_t index,
                 const struct message_id *id, uint64_t number);

/* A receipt covers this entry of the flight. */
void follow_received(struct context *turn, struct peer *peer,
                     struct channel            *channel,
                     const struct flight_entry *entry);

/* Entries [first, first + count) have come to this state, be it before or
 * after their receipt. */
void follow_tell(struct context *turn, const struct channel *channel,
                 uint64_t first, uint64_t count, enum message_state state,
                 const char *why);

/* Nobody follows messages to this peer any more (NULL: to any): all get this
 * failure as the last answer; of what this turn brought, the state at its end
 * instead.  With `id`, only that message. */
void follow_end(struct context *turn, struct peer *peer,
                const struct message_id *id, enum status st,
                const char *words, const char *hint);

/* The client is gone. */
void follow_forget(struct node *node, uint64_t client);

/* SubmitResponse to one client about one message. */
void follow_submitted(struct context *turn, const struct follow *follow,
                      bool last, const struct peer *peer,
                      const struct message_id *id, uint64_t number,
                      enum message_state state, const char *why);

#endif

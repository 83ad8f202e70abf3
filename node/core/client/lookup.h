/*
 * lookup.h - requests that need the store: list, show, state; and
 * the way back of every answer to one.
 *
 * Each is a chain of LOADs; what must be remembered between them is held in
 * struct load.  A reference is what CLI.md says: NAME/17, NAME/s17, q/1, an id
 * or a unique prefix of at least 6 hex digits; numbers count from 1.
 */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "node/core/client/desk.h"
#include "node/core/roster.h"

void lookup_list(struct context *turn, uint64_t client,
                 const Entente__Request *request);
void lookup_show(struct context *turn, uint64_t client,
                 const Entente__Request *request);
void lookup_state(struct context *turn, uint64_t client,
                  const Entente__Request *request);

/* Begins with the row that a reference means; NULL: refused in words. */
struct load *lookup_find(struct context *turn, uint64_t client,
                         const Entente__Request *request, enum load_step step,
                         const char *reference);

/* Goes on telling the states of this message of ours, as lookup_state. */
void lookup_follow(struct context *turn, const struct follow *follow,
                   const struct peer *peer, const struct message_id *id);

/* The store's answer; may begin the next step of the chain. */
void lookup_loaded(struct context *turn, struct load *load, enum status st,
                   struct span answer);

/* A LOAD of this query, for that load. */
struct effect *lookup_ask(struct context *turn, struct load *load,
                          const struct query *query);
/* For that load: the row of the message of ours to this peer. */
void lookup_ask_row(struct context *turn, struct load *load,
                    const struct peer *peer, const struct message_id *id);
/* To its client, when lookup_one_row() gave that status. */
void lookup_fail_row(struct context *turn, const struct load *load,
                     enum status st);
/* The one row that a reference found.  NOT_FOUND, AMBIGUOUS. */
NODISCARD enum status lookup_one_row(struct span        answer,
                                     struct record_row *out);
/* "jmsdf/17"; jmsdf/s17 of what went out. */
char *lookup_reference(struct context *turn, const char *peer, bool outgoing,
                       uint64_t number);
/* A row as clients see it; its text is memory of the turn. */
void lookup_row(struct context *turn, const struct record_row *row,
                Entente__ListRow *out);
/* Ended by a zero byte, in memory of the turn. */
char *lookup_text(struct context *turn, struct span text);

#endif

/*
 * logs.h - channels and their entries, asked of the node for an audit.
 */
#ifndef TOOLS_LOGS_H
#define TOOLS_LOGS_H

#include "tools/audit/audit.h"
#include "tools/client/talk.h"

/* Channels with both signatures; memory of its own, for logs_free(). */
struct logs {
    Entente__Response          *response;
    size_t                      count;
    Entente__LogChannel *const *list;
};

/* Of one peer, or with NULL of all.  With words. */
NODISCARD enum status logs_ask(struct cli *cli, struct client *client,
                               const char *peer, struct logs *out);
/* The same, each receipted head with the log key's signature too. */
NODISCARD enum status logs_ask_signed(struct cli *cli, struct client *client,
                                      const char *peer, struct logs *out);
void logs_free(struct logs *logs);

/* All leaves of a channel up to its size, LEAF_LEN bytes each; free them.
 * CORRUPT with words: one is missing. */
NODISCARD enum status logs_leaves(struct cli *cli, struct client *client,
                                  const Entente__LogChannel *channel,
                                  uint8_t                  **out);

/*
 * Feeds an audit every entry of its channel, with their bodies or without:
 * then only leaves, roots and signatures are checked.  What the audit refuses
 * is its status without words in *cli; else with words.
 */
NODISCARD enum status logs_feed(struct cli *cli, struct client *client,
                                struct audit *audit, bool bodies);

/* --- the same in steps, for who does not wait at the socket --------------- */

/* What asks for the channels; `peer` is lent. */
Entente__LogRequest logs_request(const char *peer);
/* What asks for entries from `from` on; the channel is lent. */
Entente__LogRequest logs_entries(const Entente__LogChannel *channel,
                                 uint64_t from, bool bodies);

/* Whether head and receipt of a channel have all their fields at their size. */
bool logs_is_whole(const Entente__LogChannel *channel);

/* Copies an answer with channels, which lives until the next one.  With
 * words: no memory. */
NODISCARD enum status logs_keep(struct cli *cli,
                                const Entente__Response *response,
                                struct logs             *out);

/* Feeds an audit the entries of one answer.  As the audit judges. */
NODISCARD enum status logs_take(struct audit              *audit,
                                const Entente__LogResponse *answer,
                                bool                        bodies);

/* The entry `index` of an answer that begins with it and has bodies: its body
 * against its leaf and no more.  NOT_FOUND: it is not here. */
NODISCARD enum status logs_judge_body(const Entente__LogChannel  *channel,
                                      uint64_t                    index,
                                      const Entente__LogResponse *answer);

#endif

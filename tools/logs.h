/*
 * logs.h - channels and their entries, asked of the node for an audit.
 */
#ifndef TOOLS_LOGS_H
#define TOOLS_LOGS_H

#include "tools/audit.h"
#include "tools/talk.h"

/* Channels with both signatures; memory of its own, for logs_free(). */
struct logs {
    Entente__Response          *response;
    size_t                      count;
    Entente__LogChannel *const *list;
};

/* Of one peer, or with NULL of all.  With words. */
NODISCARD enum status logs_ask(struct cli *cli, struct client *client,
                               const char *peer, struct logs *out);
void logs_free(struct logs *logs);

/*
 * Feeds an audit every entry of its channel, with their bodies or without:
 * then only leaves, roots and signatures are checked.  What the audit refuses
 * is its status without words in *cli; else with words.
 */
NODISCARD enum status logs_feed(struct cli *cli, struct client *client,
                                struct audit *audit, bool bodies);

/* The one entry with its body, checked against its leaf and no more. */
NODISCARD enum status logs_check_body(struct cli *cli, struct client *client,
                                      const Entente__LogChannel *channel,
                                      uint64_t                   index);

#endif

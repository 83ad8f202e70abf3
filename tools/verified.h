/*
 * verified.h - what the command itself verified of one message.
 *
 * The node says where the message stands; signatures, receipt, leaf and body
 * are then checked here.  Only that the words are what the sealed body holds
 * stays the node's word: the key never leaves it.
 */
#ifndef TOOLS_VERIFIED_H
#define TOOLS_VERIFIED_H

#include "tools/logs.h"
#include "tools/show.h"

enum { VERIFIED_MAX = 6, VERIFIED_WORDS = 224, VERIFIED_LOG_MAX = 16384 };

struct verified {
    size_t           count;
    struct show_fact list[VERIFIED_MAX];
    char             words[VERIFIED_MAX][VERIFIED_WORDS];
    bool             signed_head; /* each: verified here */
    bool             receipted;
    bool             body;
    bool             in_log;
    bool             certified;   /* the other key is by their certificate */
    enum status      broken;      /* OK, or what did not verify */
    char             why[AUDIT_WORDS];
};

/* With words only when the node cannot be asked; what does not verify is in
 * *out. */
NODISCARD enum status verified_gather(struct cli *cli, struct client *client,
                                   const char                  *peer,
                                   const Entente__ShowResponse *show,
                                   struct verified                *out);

/* {"signed", "receipted", "body", "in_log", "key"}; NULL: no memory. */
json_t *verified_json(const struct verified *facts);

#endif

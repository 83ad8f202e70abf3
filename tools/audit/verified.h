/*
 * verified.h - what the command itself verified of one message.
 *
 * The node says where the message stands; signatures, receipt, leaf and body
 * are then checked here.  Only that the words are what the sealed body holds
 * stays the node's word: the key never leaves it.
 */
#ifndef TOOLS_VERIFIED_H
#define TOOLS_VERIFIED_H

#include "tools/audit/logs.h"
#include "tools/reading/show.h"

enum { VERIFIED_MAX = 6, VERIFIED_WORDS = 224, VERIFIED_LOG_MAX = 16384 };

/*
 *  CHANNELS --log found, signed--> LEAVES --all came--> BODY --came--> END
 *     |   +--a log too long for this--------------------^               ^
 *     +--no such log, or no such signature------------------------------+
 */
enum verified_step {
    VERIFIED_CHANNELS,
    VERIFIED_LEAVES,
    VERIFIED_BODY,
    VERIFIED_END
};

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

    /* on the way */
    enum verified_step           step;
    const Entente__ShowResponse *show;
    struct logs                  logs;
    struct audit                 audit;
};

/*
 * Begins to verify the message of *show, which is lent until the end.
 * *out does not move meanwhile; give it to verified_clear().
 */
void verified_begin(struct verified *out, const Entente__ShowResponse *show);
void verified_clear(struct verified *facts);

/* What is to be asked of the node next; false: nothing more, all facts are
 * there. */
bool verified_next(const struct verified *facts, Entente__LogRequest *out);

/* Its answer.  With words only when this machine fails; what does not verify
 * is in *facts. */
NODISCARD enum status verified_take(struct cli *cli, struct verified *facts,
                                    const Entente__Response *response);

/* From begin to end at a socket that may be waited at. */
NODISCARD enum status verified_gather(struct cli *cli, struct client *client,
                                      const Entente__ShowResponse *show,
                                      struct verified             *out);

/* {"signed", "receipted", "body", "in_log", "key"}; NULL: no memory. */
json_t *verified_json(const struct verified *facts);

#endif

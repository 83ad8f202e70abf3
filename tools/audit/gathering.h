/*
 * gathering.h - evidence of one message, gathered from the node and verified
 * here before anybody gets it.
 *
 * The node gives the entries with their keys, and the logs; proofs are
 * computed here from every leaf.
 */
#ifndef TOOLS_GATHERING_H
#define TOOLS_GATHERING_H

#include "crypto/evidence.h"
#include "tools/audit/logs.h"

struct gathering;

/* NULL: no memory. */
struct gathering *gathering_new(void);
/* Wipes what it holds; NULL is let pass. */
void gathering_free(struct gathering *gathering);

/*
 * `reference` as the node takes it.  With words: what the node refuses, or
 * CORRUPT when what it gave does not prove the message.
 */
NODISCARD enum status gathering_run(struct gathering *gathering,
                                    struct cli *cli, struct client *client,
                                    const char *reference, bool withhold);

/* Answers that the node knows of and that are not in the file. */
uint64_t gathering_left_out(const struct gathering *gathering);

/* The file, and what evidence_verify said of it; lent. */
struct span                   gathering_text(const struct gathering *gathering);
const struct evidence_report *
gathering_report(const struct gathering *gathering);

#endif

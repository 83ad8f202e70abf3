/*
 * pinging.h - a series of echoes through the link to one peer.
 */
#ifndef TOOLS_PINGING_H
#define TOOLS_PINGING_H

#include "control.pb-c.h"
#include "tools/cli/cli.h"

enum { PINGING_PAUSE_MS = 1000 };

struct pinging {
    const char *name; /* of the peer, lent */
    uint64_t    count;
    uint64_t    timeout_s; /* for one echo */
    uint64_t    sent;
    uint64_t    answered;
    double      began_ms; /* of the last that was sent */
    double      last_ms;  /* what the last that came back took */
    double      least_ms;
    double      most_ms;
    double      sum_ms;
    json_t     *times;
};

/* Reads --count and --timeout.  USAGE with words; give it to pinging_clear()
 * all the same. */
NODISCARD enum status pinging_init(struct cli *cli, const char *name,
                                   struct pinging *out);
void pinging_clear(struct pinging *pinging);

/* Counts one that is sent now; what asks for it, `name` lent. */
Entente__PeerName pinging_request(struct pinging *pinging);

/* An answer.  OK: counted, in last_ms; else with words: there is no such
 * peer, or no link. */
NODISCARD enum status pinging_take(struct cli *cli, struct pinging *pinging,
                                   const Entente__Response *response);

/* All were sent.  TIMEOUT, with words, when none came back. */
NODISCARD enum status pinging_judge(struct cli           *cli,
                                    const struct pinging *pinging);

/* {"ok", "peer", "sent", ...}: a new reference; NULL: no memory. */
json_t *pinging_json(const struct pinging *pinging);

#endif

/*
 * fetch.h - one message from the node, as JSON, for another to be made of it.
 */
#ifndef TOOLS_FETCH_H
#define TOOLS_FETCH_H

#include "proto/limits.h"
#include "tools/cli/cli.h"
#include "tools/client/client.h"

enum { FETCH_REF = 128 };

struct fetched {
    json_t *message; /* json.h; NULL: its content is forgotten */
    char    ref[FETCH_REF];
    char    id[2 * LIMIT_MESSAGE_ID + 1];
    char    peer[LIMIT_NAME + 1]; /* the other side, by its name here */
    bool    outgoing;
};

/*
 * `typed` as a person writes it: jmsdf/17, q/1, a prefix, "-".  Does not count
 * as read.  With words.  *out is cleared with fetch_clear().
 */
NODISCARD enum status fetch_message(struct cli *cli, struct client *client,
                                    const char *typed, struct fetched *out);
void fetch_clear(struct fetched *fetched);

#endif

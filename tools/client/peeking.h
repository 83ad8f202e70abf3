/*
 * peeking.h - the messages behind the rows of a list, several asked for at a
 * time, none of them read: which ones does a person look for?
 */
#ifndef TOOLS_PEEKING_H
#define TOOLS_PEEKING_H

#include "tools/client/client.h"
#include "tools/reading/sift.h"

/* The node lets 64 requests of a client wait for the store. */
enum { PEEKING_AHEAD = 48 };

/*
 * Says in `passes` for each row whether its message passes; what is forgotten,
 * or cannot be read, has no text and no place that does.  The rows are not
 * the client's.  With words.
 */
NODISCARD enum status peeking_sift(struct cli *cli, struct client *client,
                                   const struct sift *sift, size_t count,
                                   Entente__ListRow *const *rows,
                                   bool                    *passes);

/*
 * Judges one answer to a ShowRequest for this row.  *found: it is of this row.
 * `memory`: LIMIT_PARSE_BYTES for the parsed message.
 */
bool peeking_passes(const struct sift *sift, const Entente__ListRow *row,
                    const Entente__Response *response, uint8_t *memory,
                    bool *found);

#endif

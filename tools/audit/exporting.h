/*
 * exporting.h - the logs with one peer, gathered from the node as a log export
 * (PROTOCOL 7.9) and verified here before anybody gets it.
 */
#ifndef TOOLS_EXPORTING_H
#define TOOLS_EXPORTING_H

#include "crypto/export.h"
#include "tools/audit/logs.h"

struct exporting {
    uint8_t          *text; /* freed by exporting_clear */
    size_t            len;
    uint64_t          entries; /* in all logs */
    struct export     export;  /* what export_verify says of the text */
    struct export_log *logs;
};

/* With words: what the node refuses, or CORRUPT when what it gave does not
 * verify.  Zeroed before, and cleared after, whatever it says. */
NODISCARD enum status exporting_run(struct exporting *out, struct cli *cli,
                                    struct client *client, const char *peer);
void exporting_clear(struct exporting *out);

#endif

/*
 * versions.h - what its own sender has said of a message since, and which
 * earlier ones it is about.
 *
 * The node says which ids; each is then looked at without being read, for its
 * reference, its date-time group and its subject.
 */
#ifndef TOOLS_VERSIONS_H
#define TOOLS_VERSIONS_H

#include "tools/reading/shown.h"
#include "tools/terminal/local.h"

enum { VERSIONS_MAX = 32, VERSIONS_REF = 128, VERSIONS_SUBJECT = 256 };

struct versions_one {
    char              id[2 * LIMIT_MESSAGE_ID + 1];
    char              ref[VERSIONS_REF];    /* of an earlier one: "" not here */
    char              action[16];           /* CANCEL, ...; of a later one */
    char              about[VERSIONS_REF];  /* ... to which it does that */
    char              subject[VERSIONS_SUBJECT];
    struct local_text dtg;
    uint64_t          time_ms;              /* it came, or was submitted */
};

struct versions {
    size_t              later_count;
    struct versions_one later[VERSIONS_MAX]; /* newest first; also what those
                                                have become since */
    size_t              earlier_count;
    struct versions_one earlier[VERSIONS_MAX]; /* as refs has them */
};

/* For a message as it is shown.  With words only when the node cannot be
 * asked any more. */
NODISCARD enum status versions_gather(struct cli *cli, struct client *client,
                                      const struct shown *shown,
                                      struct versions    *out);

/* "ifc/17 IS CANCELLED by ifc/19 of 231215Z NOV 26: do not act on it". */
void versions_say(const struct versions_one *later, char *out, size_t cap);

#endif

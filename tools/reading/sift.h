/*
 * sift.h - which messages a person looks for by what stands in them: --near
 * and --text; and those that nobody answered in time: --state overdue.
 *
 * A message is an object in the language of json.h, whole or a draft.  Every
 * position counts, wherever it stands, and every text and word of it; not the
 * names of fields, ids and digests.  Upper and lower case are one, by Unicode's
 * simple mappings.
 */
#ifndef TOOLS_SIFT_H
#define TOOLS_SIFT_H

#include "tools/cli/cli.h"
#include "tools/language/sphere.h"

#include <locale.h>

struct sift {
    bool                overdue; /* the node tells; sift_passes does not */
    bool                near; /* within `km` of `point` */
    struct sphere_point point;
    double              km;
    char               *text; /* folded; NULL: any */
    locale_t            utf8; /* whose table of cases is used */
};

/* No state of a message: it may be new, read or acknowledged by another. */
#define SIFT_OVERDUE "overdue"

/* --near, --text and --state overdue.  USAGE with words; then too *out is to
 * be cleared. */
NODISCARD enum status sift_fill(struct cli *cli, struct sift *out);
void sift_clear(struct sift *sift);

/* Whether there is anything to look for. */
bool sift_is_set(const struct sift *sift);

/* `ref` is the message's reference here, which --text finds, too. */
bool sift_passes(const struct sift *sift, const json_t *message,
                 const char *ref);

#endif

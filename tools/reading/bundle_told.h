/*
 * bundle_told.h - what a bundle had in it, what of that is new, what is missing
 * and who has to do what next, for people and programs.
 */
#ifndef TOOLS_BUNDLE_TOLD_H
#define TOOLS_BUNDLE_TOLD_H

#include "control.pb-c.h"
#include "proto/limits.h"
#include "tools/cli/cli.h"

/* A bundle that was written; a value. */
struct bundle_made {
    const char *file; /* as the person named it */
    char        peer[LIMIT_NAME + 1];
    uint64_t    number, bytes, dispatched, entries, receipts, waiting;
};

/* One that was read. */
struct bundle_found {
    const char                    *file;
    Entente__BundleImportResponse *said; /* NULL: none */
};

void bundle_told_made(const Entente__BundleExportResponse *said,
                      const char *file, uint64_t bytes,
                      struct bundle_made *out);
json_t *bundle_told_made_json(const struct bundle_made *made);
void    bundle_told_print_made(const struct cli         *cli,
                               const struct bundle_made *made);

/* Copies what was said; bundle_told_clear() it.  IO: no memory. */
NODISCARD enum status
bundle_told_found(const Entente__BundleImportResponse *said, const char *file,
                  struct bundle_found *out);
void    bundle_told_clear(struct bundle_found *found);
json_t *bundle_told_found_json(const struct bundle_found *found);
/* `answer`: the bundle that goes back; NULL: none was made. */
void bundle_told_print_found(const struct cli          *cli,
                             const struct bundle_found *found,
                             const struct bundle_made  *answer);

/* The file was cut or damaged, or not all of it could be taken. */
bool bundle_told_is_partial(const struct bundle_found *found);

#endif

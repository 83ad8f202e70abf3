/*
 * sums.h - HOME/sums: a digest of each small file that nothing else checks.
 *
 * An envelope with a changed bit answers like one with a wrong passphrase, and
 * a configuration with one may still be one.  Of these the home keeps what
 * they were when they were written, or last read by the node:
 *
 *     <64 hex digits>  <name>\n      each
 *     <64 hex digits>\n              over all before
 */
#ifndef STORE_SUMS_H
#define STORE_SUMS_H

#include "proto/bytes.h"

#define HOME_SUMS "sums"

enum { SUMS_FILE_MAX = 65536 }; /* longest file that is noted */

/* Notes the file as it is now.  NOT_FOUND: no such file; TOO_LARGE; IO,
 * NO_SPACE.  A damaged list is begun anew. */
NODISCARD enum status sums_note(const char *home, const char *name);

/* OK: as it was noted.  NOT_FOUND: it was not, or there is no such file.
 * CORRUPT: it is another.  BAD_PROOF: the list itself is damaged. */
NODISCARD enum status sums_check(const char *home, const char *name);

#endif

/*
 * keycheck.h - the keyring file as it can be judged without the storage key.
 *
 * Each slot stands in it twice, and both copies are alike but for a moment
 * within a write: where they are not, a crash left one behind or the disk
 * changed one.  A start writes the good one over the other.
 */
#ifndef STORE_KEYCHECK_H
#define STORE_KEYCHECK_H

#include "node/host/file.h"

struct keycheck {
    size_t   slots;
    size_t   unlike;  /* slots whose two copies are not the same bytes */
    size_t   first;   /* the first of them */
    uint64_t segment; /* the highest segment of the journal that it notes; 0:
                         none */
};

/* NOT_FOUND: there is no keyring.  CORRUPT: it ends before its last slot.
 * IO. */
NODISCARD enum status keycheck_read(const struct disk *disk,
                                    struct keycheck   *out);

#endif

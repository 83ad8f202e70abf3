/*
 * keyfile.h - the bytes of the keyring file, and the queue of what it does
 * not have yet.
 *
 * Layout and order of writes are crypto/keyring.h's.  Owns its memory; holds
 * sealed bytes only.
 */
#ifndef STORE_KEYFILE_H
#define STORE_KEYFILE_H

#include "crypto/keyring.h"
#include "node/host/file.h"
#include "node/store/home.h"

#define KEYFILE_NEW "keyring-new" /* until it is whole */

struct keyfile {
    struct disk            disk;
    int                    file;  /* -1: none yet */
    uint8_t               *image; /* the file repaired, until it is rewritten */
    size_t                 image_len;
    size_t                 mended; /* slots whose copies were not alike */
    struct keyring_growth *growths;
    size_t                 growth_count;
    struct keyring_change *changes;
    size_t                 change_count;
    size_t                 change_cap;
};

/* Reads the whole file.  NOT_FOUND: there is none; the keyfile is then empty,
 * for keyfile_create.  On another failure nothing is held. */
NODISCARD enum status keyfile_open(const struct disk *disk,
                                   struct keyfile    *out);
void                  keyfile_close(struct keyfile *file);

/* All slots into an empty ring; see vault_open. */
NODISCARD enum status keyfile_load(struct keyfile *file, struct keyring *ring,
                                   char why[static 256]);

/* Both copies of all slots again, the good one over the other. */
NODISCARD enum status keyfile_rewrite(struct keyfile *file);

/* Makes the file of what is queued: it has its name only once it is whole. */
NODISCARD enum status keyfile_create(struct keyfile *file);

/* Where the next change or growth goes; NULL: no memory.  It is queued by
 * keyfile_queue_change or _growth, else forgotten. */
struct keyring_change *keyfile_change(struct keyfile *file);
struct keyring_growth *keyfile_growth(struct keyfile *file);
void                   keyfile_queue_change(struct keyfile *file);
/* Queues the growth; its change of slot 0 is one more change of the queue. */
NODISCARD enum status keyfile_queue_growth(struct keyfile *file);

/* NO_SPACE: some or all of the queue is not durable, and all of it stays. */
NODISCARD enum status keyfile_flush(struct keyfile *file);

#endif

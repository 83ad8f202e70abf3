/*
 * storage_key.h - HOME/storage.key: the key that opens all that a node keeps.
 *
 * Closed, it is an envelope under the passphrase.  Open, it is the 32 bytes
 * themselves, in a file of mode 0400: such a node starts unattended, and
 * whoever reads the disk or a copy of it reads every message.
 */
#ifndef STORE_STORAGE_KEY_H
#define STORE_STORAGE_KEY_H

#include "crypto/envelope.h"

struct storage_key {
    bool            open;
    struct secret32 secret;                 /* when open */
    uint8_t         envelope[ENVELOPE_LEN]; /* when not */
};

/*
 * NOT_FOUND, IO.  MODE: open to others than its owner, or an open key of any
 * other mode than 0400.  BAD_ENCODING: neither of the two lengths.
 * storage_key_wipe() it afterwards.
 */
NODISCARD enum status storage_key_read(const char         *home,
                                       struct storage_key *out);
void                  storage_key_wipe(struct storage_key *key);

/* Writes an open key into a home that is being made.  As home_create. */
NODISCARD enum status storage_key_put_open(const char            *home,
                                           const struct secret32 *secret);

#endif

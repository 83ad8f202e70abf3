/*
 * home.h - a node's home: one folder of mode 0700, one name for each file.
 *
 * What the daemon and the command must agree on.  Secrets stand in it closed:
 * the storage key under the passphrase, the keyring under the storage key.
 */
#ifndef STORE_HOME_H
#define STORE_HOME_H

#include "proto/bytes.h"

#define HOME_CERTIFICATE "certificate" /* encoded, signed (cert.h) */
#define HOME_CONFIG "config"           /* INI (config.h) */
#define HOME_CARD "card"               /* text (card.h), as last changed */
#define HOME_ORG_KEY "org.key"         /* envelope, ORGANISATION; may be away */
#define HOME_STORAGE_KEY "storage.key" /* see storage_key.h */
#define HOME_KEYRING "keyring"         /* slots (keyring.h) */
#define HOME_LOCK "lock"               /* flock: one process at a time */
#define HOME_INDEX "index.db"          /* SQLite; rebuilt at will */
#define HOME_ATTACHMENTS "attachments" /* a folder (chunkfile.h) */
#define HOME_LOG "entented.log"        /* of a node started by `entente up` */

enum { HOME_PATH_MAX = 4096 };

struct home_path {
    char text[HOME_PATH_MAX];
};

/* HOME/NAME.  TOO_LARGE. */
NODISCARD enum status home_path(const char *home, const char *name,
                                struct home_path *out);

/*
 * NOT_FOUND: no folder, or no certificate in it.  MODE: the folder is open to
 * others, or another user's.
 */
NODISCARD enum status home_check(const char *home);

/*
 * Reads a whole file into out[cap].  NOT_FOUND, TOO_LARGE (more than cap),
 * IO; MODE: it is no plain file, or others may read or write it.
 */
NODISCARD enum status home_read(const char *home, const char *name,
                                uint8_t *out, size_t cap, size_t *len);

/*
 * Replaces the file, mode 0600, whole or not at all, durable on OK.
 * NO_SPACE, IO.
 */
NODISCARD enum status home_write(const char *home, const char *name,
                                 struct span bytes);

/* The same without replacing one: EXISTS.  For a home that is being made. */
NODISCARD enum status home_create(const char *home, const char *name,
                                  struct span bytes);

/* A folder in the home, mode 0700, made durably where there is none; its path.
 * NOT_FOUND: no such home.  TOO_LARGE, NO_SPACE, IO. */
NODISCARD enum status home_folder(const char *home, const char *name,
                                  struct home_path *out);

/* Makes an open file durable, or the names in an open folder.  IO. */
NODISCARD enum status home_sync(int file);

/* Mode 0400, durable.  NOT_FOUND, IO. */
NODISCARD enum status home_read_only(const char *home, const char *name);

/*
 * A home that is being made: an empty folder of mode 0700 beside its place,
 * for home_create.  Then home_finish() puts it there whole and durable, or
 * home_abandon() takes it away with all that is in it.
 * home_begin makes the folders above, too.  EXISTS: there is something at
 * `home` that is not an empty folder (also from home_finish, which then has
 * changed nothing).  BAD_STATE: `home` is a mount point, and no folder can be
 * put in its place.  TOO_LARGE, NO_SPACE, IO.
 */
NODISCARD enum status home_begin(const char *home, struct home_path *making);
NODISCARD enum status home_finish(const struct home_path *making,
                                  const char             *home);
void home_abandon(const struct home_path *making);

/*
 * The lock of a home: *out is a descriptor, close it to let go.  LOCKED:
 * another process has it; NOT_FOUND: no such folder; IO.
 */
NODISCARD enum status home_lock(const char *home, int *out);

#endif

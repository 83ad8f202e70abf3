/*
 * posix.h - the real disk: the files of one home folder.
 *
 * Holds the lock of the home while it is open, so that two processes never
 * write one journal.
 */
#ifndef STORE_POSIX_H
#define STORE_POSIX_H

#include "node/host/file.h"

/*
 * Locks HOME/lock (made when absent) and opens the folder, which must exist.
 * NOT_FOUND: no such folder.  LOCKED: another process has it.  MODE: the
 * folder or a file in it can be reached by others than its owner, or is owned
 * by another user.  IO, NO_SPACE.  On failure *why says it for a person, with
 * the file's name, and nothing is held.
 *
 * Handles are descriptors: several threads may use the disk, each its own
 * handles.  A caller that sets RLIMIT_FSIZE must ignore SIGXFSZ.
 */
NODISCARD enum status posix_disk_open(const char *home, struct disk *out,
                                      char why[static 256]);
/* The same of a folder of a home that is locked already: locks nothing. */
NODISCARD enum status posix_folder_open(const char *path, struct disk *out,
                                        char why[static 256]);
void posix_disk_close(struct disk *disk);

#endif

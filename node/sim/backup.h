/*
 * backup.h - all files of a simulated disk at one moment, to be put back
 * later: an administrator restores an older copy.
 *
 * Owns its bytes.
 */
#ifndef SIM_BACKUP_H
#define SIM_BACKUP_H

#include "node/sim/disk.h"
#include "node/sim/folder.h"

struct backup_file {
    char     name[FOLDER_NAME_LEN + 1];
    uint8_t *bytes;
    size_t   len;
};

/* Zeroed memory is no backup. */
struct backup {
    struct backup_file *list;
    size_t              count, cap;
};

bool backup_made(const struct backup *backup);
/* Replaces an earlier one.  No process runs on the disk. */
void backup_make(struct backup *backup, const struct disk_image *image);
/* What the disk held is gone; what it holds now is durable. */
void backup_restore(const struct backup *backup, struct disk_image *image);
void backup_clear(struct backup *backup);

#endif

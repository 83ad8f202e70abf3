/*
 * newfile.h - a file that a person names, written piece by piece: it is there
 * whole and durable, mode 0600, or not at all, and never replaces one.
 *
 *   newfile_begin, newfile_put ..., newfile_end; newfile_clear on every path
 */
#ifndef TOOLS_NEWFILE_H
#define TOOLS_NEWFILE_H

#include "tools/cli/cli.h"

/* Zeroed memory with fd -1 is none. */
struct newfile {
    int      fd;
    char     path[HOME_PATH_MAX];
    char     part[HOME_PATH_MAX]; /* its name until it is whole */
    uint64_t len;
};

/* All with words.  EXISTS: there is one already, or a part of one. */
NODISCARD enum status newfile_begin(struct newfile *out, struct cli *cli,
                                    const char *path);
NODISCARD enum status newfile_put(struct newfile *file, struct cli *cli,
                                  struct span bytes);
NODISCARD enum status newfile_end(struct newfile *file, struct cli *cli);

/* What is not whole is removed. */
void newfile_clear(struct newfile *file);

#endif

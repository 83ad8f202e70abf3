/*
 * file.h - files that a person names on the command line; "-" is standard
 * input or output.
 */
#ifndef TOOLS_FILE_H
#define TOOLS_FILE_H

#include "tools/cli.h"

/*
 * Reads a whole file of at most `max` bytes; *out has a zero byte after them
 * and is freed by the caller.  Fails with words: NOT_FOUND, TOO_LARGE, IO.
 */
NODISCARD enum status file_read(struct cli *cli, const char *path, size_t max,
                                char **out, size_t *len);

/* The same of a file of the home: MODE, with the cure, where others may reach
 * it, since the node does not start over such a one. */
NODISCARD enum status file_read_own(struct cli *cli, const char *path,
                                    size_t max, char **out, size_t *len);

/* Writes a whole file, replacing one.  With words. */
NODISCARD enum status file_write(struct cli *cli, const char *path,
                                 struct span bytes);

/* The same, mode 0600, never replacing one (EXISTS): for a secret. */
NODISCARD enum status file_write_secret(struct cli *cli, const char *path,
                                        struct span bytes);

#endif

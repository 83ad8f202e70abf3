/*
 * file.h - files that a person names on the command line; "-" is standard
 * input or output.
 */
#ifndef TOOLS_FILE_H
#define TOOLS_FILE_H

#include "tools/cli/cli.h"

/* The path, or what "-" stands for. */
const char *file_name(const char *path);

/* Words for errno after `path` could not be opened, read or written: the file
 * that was meant, the folder that is none, who may not. */
NODISCARD enum status file_fail(struct cli *cli, const char *path);

/*
 * Reads a whole file of 1 to `max` bytes; *out has a zero byte after them and
 * is freed by the caller.  Fails with words: NOT_FOUND, BAD_ENCODING (empty),
 * BAD_FIELD (a folder), TOO_LARGE, IO.
 */
NODISCARD enum status file_read(struct cli *cli, const char *path, size_t max,
                                char **out, size_t *len);

/* The same of a file of the home, which may be empty: MODE, with the cure,
 * where others may reach it, since the node does not start over such a one. */
NODISCARD enum status file_read_own(struct cli *cli, const char *path,
                                    size_t max, char **out, size_t *len);

/* Writes a whole file, replacing one.  With words. */
NODISCARD enum status file_write(struct cli *cli, const char *path,
                                 struct span bytes);

/* The same, mode 0600, never replacing one (EXISTS): for a secret. */
NODISCARD enum status file_write_secret(struct cli *cli, const char *path,
                                        struct span bytes);

/* All bytes to an open file.  False: errno says why. */
bool file_put(int file, struct span bytes);

/*
 * Within a folder (AT_FDCWD: names are paths), where nothing has the new name.
 * False: errno says why, EEXIST: something has it.  A stick's file system may
 * not know a rename that refuses to replace: there it is looked first.
 */
bool file_rename_new(int folder, const char *from, const char *to);

/* Another program of ours: beside this one, else its name alone, which execvp
 * looks up in PATH. */
void file_program(const char *name, struct home_path *out);

#endif

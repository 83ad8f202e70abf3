/*
 * posts.h - who sits at this terminal: the post in whose name is written.
 *
 *     # HOME/posts: user id or user name, and the post
 *     1000: Duty Officer
 *     analyst: Analysis Cell
 */
#ifndef TOOLS_POSTS_H
#define TOOLS_POSTS_H

#include "proto/limits.h"
#include "tools/cli/cli.h"

#include <sys/types.h>

#define POSTS_FILE "posts"

enum { POSTS_POST = LIMIT_LINE + 1, POSTS_TEXT_MAX = 65536 };

/*
 * --post, else ENTENTE_POST, else the user's line of HOME/posts, else "".
 * BAD_FIELD, with file and line, when one of the table's lines is wrong.
 */
NODISCARD enum status posts_find(struct cli *cli, uid_t user,
                                 char out[static POSTS_POST]);

/*
 * The post of a user (its number and, where it has one, its name) in a table.
 * "": none.  BAD_FIELD: *line is wrong, *why says how.
 */
NODISCARD enum status posts_read(struct span text, uid_t user,
                                 const char *name,
                                 char out[static POSTS_POST], size_t *line,
                                 const char **why);

#endif

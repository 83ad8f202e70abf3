/* path.c - a chain of steps written out, the oldest step first. */
#include "proto/path.h"

#include <stdio.h>

/* Returns how much of out is used; never more than PATH_TEXT - 1. */
static size_t
format_step(const struct path *path, char *out)
{
    size_t used;
    int    added;

    if (path == NULL || path->field == NULL)
        return 0;
    used = format_step(path->up, out);
    added = snprintf(out + used, PATH_TEXT - used, "%s%s",
                     used > 0 ? "." : "", path->field);
    used += added > 0 ? (size_t)added : 0;
    if (used < PATH_TEXT && path->index != PATH_NO_INDEX) {
        added = snprintf(out + used, PATH_TEXT - used, "[%ld]", path->index);
        used += added > 0 ? (size_t)added : 0;
    }
    return used < PATH_TEXT ? used : PATH_TEXT - 1;
}

void
path_format(const struct path *path, char out[static PATH_TEXT])
{
    out[0] = '\0';
    (void)format_step(path, out);
}

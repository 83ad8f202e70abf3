/*
 * path.h - where in a message something stands, as people write it:
 * risk_assessment.key_judgements[2].likelihood.
 *
 * A chain of steps on the caller's stack, the newest first; costs nothing
 * until it is written out.
 */
#ifndef PROTO_PATH_H
#define PROTO_PATH_H

#include <stddef.h>

enum { PATH_TEXT = 128, PATH_NO_INDEX = -1 };

struct path {
    const struct path *up;    /* NULL at the message itself */
    const char        *field; /* NULL at the message itself */
    long               index; /* of a repeated field; or PATH_NO_INDEX */
};

/*
 * Writes the path into out, always ended by a zero byte.  "" for the message
 * itself (path NULL or without field).  What does not fit is cut at the end.
 */
void path_format(const struct path *path, char out[static PATH_TEXT]);

#endif

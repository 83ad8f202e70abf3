/*
 * api_lines.h - lines out of bytes as they come, none longer than its limit.
 */
#ifndef TOOLS_API_LINES_H
#define TOOLS_API_LINES_H

#include "proto/bytes.h"

enum { API_LINES_MAX = 1 << 20 }; /* bytes of one line, its end apart */

struct api_lines; /* opaque: api_lines_new / api_lines_free */

/* NULL without memory. */
struct api_lines *api_lines_new(void);
void              api_lines_free(struct api_lines *lines);

/* Where the next bytes go, *len of them at most and at least one; then how
 * many came.  What api_lines_next() lent ends here. */
uint8_t *api_lines_room(struct api_lines *lines, size_t *len);
void     api_lines_add(struct api_lines *lines, size_t len);
/* No more bytes come: what is left is a line, too. */
void api_lines_end(struct api_lines *lines);

/*
 * The next line, lent, without its end, and its number from 1; lines of blanks
 * alone are counted and left out.  AGAIN: none is whole yet, and there is room.
 * TOO_LARGE: line *number is longer than API_LINES_MAX, its bytes are let go
 * of, those after it are not.
 */
NODISCARD enum status api_lines_next(struct api_lines *lines, struct span *out,
                                     size_t *number);

#endif

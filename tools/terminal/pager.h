/*
 * pager.h - what is longer than the screen goes through a pager.
 *
 * Only where standard output is a terminal: then what is written is kept, and
 * when it is done it is printed, or, where it has more lines than the window,
 * handed to $PAGER; to less where that is not set and less is there; where
 * neither is, or PAGER is empty or cat, it is printed.  Who leaves the pager
 * early has seen enough: that is no failure.
 */
#ifndef TOOLS_PAGER_H
#define TOOLS_PAGER_H

#include "proto/status.h"

#include <stddef.h>
#include <stdio.h>

struct pager {
    FILE  *out; /* write here */
    char  *kept;
    size_t len;
};

/* Begins; *out moves no more until the end.  IO: no memory. */
NODISCARD enum status pager_begin(struct pager *pager);

/* Shows what was written, and waits until it has been seen.  IO. */
NODISCARD enum status pager_end(struct pager *pager);

/* Lines of a window so wide that a text takes; escapes of colours take no
 * column. */
size_t pager_lines(const char *text, size_t len, size_t width);

#endif

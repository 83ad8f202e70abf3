/*
 * readonly.h - a disk seen through a glass: what is there can be read, and
 * nothing is changed.
 *
 * For who judges files with code that would write to them.  A file that is to
 * be made is there, empty, and not on the disk; whatever else would change
 * something is IO, and is noted.
 */
#ifndef STORE_READONLY_H
#define STORE_READONLY_H

#include "node/host/file.h"

struct readonly {
    const struct disk *under; /* borrowed */
    bool               tried; /* to change something */
};

/* The face of `view`, which lives as long as that. */
struct disk readonly_face(struct readonly *view);

#endif

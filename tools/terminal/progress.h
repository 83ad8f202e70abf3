/*
 * progress.h - one line on a terminal that says how far something has come,
 * and is gone when it has.
 */
#ifndef TOOLS_PROGRESS_H
#define TOOLS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool        shown; /* standard error is a terminal */
    const char *what;
    uint64_t    of; /* bytes */
    uint64_t    began_ms;
    uint64_t    told_ms;
};

/* `what` is lent and safe to print; `quiet`: nothing is ever shown. */
void progress_begin(struct progress *progress, const char *what, uint64_t of,
                    bool quiet);
void progress_at(struct progress *progress, uint64_t bytes);
void progress_end(struct progress *progress);

#endif

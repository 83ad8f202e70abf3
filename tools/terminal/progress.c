/*
 * progress.c - written over itself, five times a second at most.
 */
#include "tools/terminal/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_MS = 200 };

static uint64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void
progress_begin(struct progress *progress, const char *what, uint64_t of,
               bool quiet)
{
    *progress = (struct progress){.shown = !quiet && isatty(STDERR_FILENO),
                                  .what = what,
                                  .of = of,
                                  .told_ms = now_ms()};
}

void
progress_at(struct progress *progress, uint64_t bytes)
{
    uint64_t now;

    if (!progress->shown)
        return;
    now = now_ms();
    if (now - progress->told_ms < EVERY_MS)
        return;
    progress->told_ms = now;
    fprintf(stderr, "\r\x1b[K%.60s: %.1f of %.1f MB (%u %%)", progress->what,
            (double)bytes / 1e6, (double)progress->of / 1e6,
            progress->of == 0 ? 100
                              : (unsigned)(bytes * 100 / progress->of));
    fflush(stderr);
}

void
progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\x1b[K", stderr);
    progress->shown = false;
}

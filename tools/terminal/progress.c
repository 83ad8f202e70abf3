/*
 * progress.c - written over itself, five times a second at most.
 */
#include "tools/terminal/progress.h"

#include "tools/terminal/amount.h"
#include "tools/terminal/table.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { EVERY_MS = 200, FIGURES = 60, NAME_MIN = 12 };

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
                                  .began_ms = now_ms(),
                                  .told_ms = now_ms()};
}

struct time_words {
    char text[16];
};

/* "12 s", "3 min": how long it takes yet at the rate so far. */
static struct time_words
time_left(uint64_t bytes, uint64_t of, uint64_t spent_ms)
{
    struct time_words out;
    double            left_s = 0;

    if (bytes > 0 && bytes <= of)
        left_s = (double)(of - bytes) * (double)spent_ms / (double)bytes /
                 1000;
    if (left_s < 120)
        snprintf(out.text, sizeof(out.text), "%.0f s", left_s);
    else if (left_s < 120 * 60)
        snprintf(out.text, sizeof(out.text), "%.0f min", left_s / 60);
    else
        snprintf(out.text, sizeof(out.text), "%.0f h", left_s / 3600);
    return out;
}

static void
print_line(const struct progress *progress, uint64_t bytes, uint64_t spent_ms)
{
    size_t width = table_terminal_width();

    fputs("\r\x1b[K", stderr);
    table_print_cut(progress->what,
                    width > FIGURES + NAME_MIN ? width - FIGURES : NAME_MIN,
                    stderr);
    fprintf(stderr, ": %s of %s (%u %%), %s/s, %s left",
            amount_of(bytes).text, amount_of(progress->of).text,
            progress->of == 0 ? 100 : (unsigned)(bytes * 100 / progress->of),
            amount_of(bytes * 1000 / spent_ms).text,
            time_left(bytes, progress->of, spent_ms).text);
    fflush(stderr);
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
    print_line(progress, bytes, now - progress->began_ms);
}

void
progress_end(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\x1b[K", stderr);
    progress->shown = false;
}

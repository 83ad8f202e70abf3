/*
 * screen.h - a page that is painted again and again on a terminal, until
 * somebody ends it.
 *
 * Painted on the terminal's other screen, over what stands there, so that
 * nothing flickers and what stood before comes back.  Where standard output is
 * no terminal, pages follow each other as they are.
 */
#ifndef TOOLS_SCREEN_H
#define TOOLS_SCREEN_H

#include "proto/status.h"

#include <stdbool.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <termios.h>

struct screen {
    int            in;      /* keys come from here; -1: no terminal */
    int            out;
    bool           terminal;
    int            signals; /* a signalfd */
    sigset_t       mask_before;
    struct termios mode_before;
};

enum screen_event {
    SCREEN_TIME, /* nothing came; or the window has another size */
    SCREEN_END   /* q, Ctrl-C, or a signal that ends */
};

/* `pages`: with a terminal's painting where out is one.  IO. */
NODISCARD enum status screen_open(struct screen *screen, int in, int out,
                                  bool pages);
/* The terminal is as it was before. */
void screen_close(struct screen *screen);

/* One page; what is more than the window holds is cut, and that is said. */
NODISCARD enum status screen_paint(const struct screen *screen,
                                   const char *text, size_t len);

enum screen_event screen_wait(const struct screen *screen, int wait_ms);

#endif

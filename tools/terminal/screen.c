/*
 * screen.c - escape sequences that every terminal of today knows.
 *
 * Invariant: signals that end are blocked and read from a descriptor while it
 * is open, so that screen_close() always comes.
 */
#include "tools/terminal/screen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { ROWS = 24 };

NODISCARD static enum status
put(const struct screen *screen, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t put = write(screen->out, text, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return STATUS_IO;
        text += put;
        len -= (size_t)put;
    }
    return STATUS_OK;
}

/* Ctrl-C stays a signal; Ctrl-Z would leave the terminal half painted. */
static void
take_keys(struct screen *screen, int in)
{
    struct termios mode;

    if (!screen->terminal || !isatty(in) ||
        tcgetattr(in, &screen->mode_before) != 0)
        return;
    mode = screen->mode_before;
    mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    if (tcsetattr(in, TCSANOW, &mode) == 0)
        screen->in = in;
}

enum status
screen_open(struct screen *screen, int in, int out, bool pages)
{
    static const char begin[] = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
    sigset_t          mask;

    *screen = (struct screen){.in = -1, .out = out, .signals = -1};
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    sigaddset(&mask, SIGWINCH);
    if (sigprocmask(SIG_BLOCK, &mask, &screen->mask_before) != 0)
        return STATUS_IO;
    screen->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (screen->signals < 0) {
        sigprocmask(SIG_SETMASK, &screen->mask_before, NULL);
        return STATUS_IO;
    }
    screen->terminal = pages && isatty(out);
    take_keys(screen, in);
    return screen->terminal ? put(screen, begin, sizeof(begin) - 1)
                            : STATUS_OK;
}

void
screen_close(struct screen *screen)
{
    static const char end[] = "\x1b[?7h\x1b[?25h\x1b[?1049l";

    if (screen->terminal && put(screen, end, sizeof(end) - 1) != STATUS_OK)
        screen->terminal = false; /* it is gone */
    if (screen->in >= 0)
        tcsetattr(screen->in, TCSAFLUSH, &screen->mode_before);
    if (screen->signals >= 0)
        close(screen->signals);
    sigprocmask(SIG_SETMASK, &screen->mask_before, NULL);
}

static size_t
rows_of(const struct screen *screen)
{
    struct winsize size = {0};

    if (ioctl(screen->out, TIOCGWINSZ, &size) != 0 || size.ws_row < 2)
        return ROWS;
    return size.ws_row;
}

/* Each line over the one that stood there, the rest cleared. */
static void
compose(FILE *page, const char *text, size_t len, size_t rows)
{
    const char *end = text + len;
    size_t      total = 0;
    size_t      row = 0;

    for (const char *at = text; at < end; at++)
        total += *at == '\n' ? 1 : 0;
    fputs("\x1b[H", page);
    while (text < end && row < (total < rows ? total : rows - 2)) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        stop = stop == NULL ? end : stop;
        fwrite(text, 1, (size_t)(stop - text), page);
        fputs("\x1b[K\n", page);
        text = stop + 1;
        row++;
    }
    if (row < total)
        fprintf(page, "... %zu more lines\x1b[K", total - row);
    fputs("\x1b[J", page);
}

enum status
screen_paint(const struct screen *screen, const char *text, size_t len)
{
    char       *page = NULL;
    size_t      page_len = 0;
    FILE       *out;
    enum status st = STATUS_IO;

    if (!screen->terminal)
        return put(screen, text, len);
    out = open_memstream(&page, &page_len);
    if (out == NULL)
        return STATUS_IO;
    compose(out, text, len, rows_of(screen));
    if (fclose(out) == 0)
        st = put(screen, page, page_len);
    free(page);
    return st;
}

/* True: one that ends. */
static bool
take_signals(const struct screen *screen)
{
    struct signalfd_siginfo info;
    bool                    ends = false;

    while (read(screen->signals, &info, sizeof(info)) == sizeof(info))
        ends = ends || info.ssi_signo != SIGWINCH;
    return ends;
}

static bool
take_key(const struct screen *screen)
{
    char    keys[64];
    ssize_t got = read(screen->in, keys, sizeof(keys));

    return got <= 0 || memchr(keys, 'q', (size_t)got) != NULL ||
           memchr(keys, 'Q', (size_t)got) != NULL;
}

enum screen_event
screen_wait(const struct screen *screen, int wait_ms)
{
    struct pollfd on[2] = {{.fd = screen->signals, .events = POLLIN},
                           {.fd = screen->in, .events = POLLIN}};

    if (poll(on, 2, wait_ms) <= 0)
        return SCREEN_TIME;
    if ((on[0].revents & POLLIN) != 0 && take_signals(screen))
        return SCREEN_END;
    if (screen->in >= 0 && on[1].revents != 0 && take_key(screen))
        return SCREEN_END;
    return SCREEN_TIME;
}

/*
 * interrupt.c - blocked signals, read from a descriptor.
 */
#include "tools/cli/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum status
interrupt_open(struct interrupt *interrupt, int out)
{
    sigset_t mask;

    *interrupt = (struct interrupt){.signals = -1, .out = out};
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGHUP);
    sigaddset(&mask, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &mask, &interrupt->before) != 0)
        return STATUS_IO;
    interrupt->pipe_before = signal(SIGPIPE, SIG_IGN); /* a write then fails */
    interrupt->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    if (interrupt->signals >= 0)
        return STATUS_OK;
    signal(SIGPIPE, interrupt->pipe_before);
    sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
    return STATUS_IO;
}

void
interrupt_close(struct interrupt *interrupt)
{
    if (interrupt->signals < 0)
        return;
    close(interrupt->signals);
    interrupt->signals = -1;
    signal(SIGPIPE, interrupt->pipe_before);
    sigprocmask(SIG_SETMASK, &interrupt->before, NULL);
}

static enum interrupt_event
take_signal(struct interrupt *interrupt)
{
    struct signalfd_siginfo info;

    if (read(interrupt->signals, &info, sizeof(info)) !=
        (ssize_t)sizeof(info))
        return INTERRUPT_TIME;
    if (info.ssi_signo == SIGCHLD)
        return INTERRUPT_CHILD;
    interrupt->asked++;
    return INTERRUPT_END;
}

enum interrupt_event
interrupt_wait(struct interrupt *interrupt, int fd, int wait_ms)
{
    struct pollfd polled[] = {{.fd = interrupt->signals, .events = POLLIN},
                              {.fd = interrupt->out},
                              {.fd = fd, .events = POLLIN}};
    int           ready = poll(polled, 3, wait_ms);

    if (ready <= 0)
        return INTERRUPT_TIME;
    if (polled[0].revents != 0)
        return take_signal(interrupt);
    if ((polled[1].revents & (POLLERR | POLLHUP)) != 0) {
        interrupt->out = -1; /* told once */
        interrupt->asked++;
        return INTERRUPT_END;
    }
    return polled[2].revents != 0 ? INTERRUPT_READY : INTERRUPT_TIME;
}

/*
 * interrupt.h - waiting, by a command that goes on until it is told to end.
 *
 * SIGINT, SIGTERM and SIGHUP are taken when the command waits or looks, never
 * between two things that belong together.  So does the end of who reads its
 * standard output.
 */
#ifndef TOOLS_INTERRUPT_H
#define TOOLS_INTERRUPT_H

#include "proto/status.h"

#include <signal.h>
#include <stdbool.h>

struct interrupt {
    int      signals; /* a signalfd */
    int      out;     /* whose reader may go; -1: none */
    unsigned asked;   /* how often it was told to end */
    sigset_t before;
    void   (*pipe_before)(int);
};

enum interrupt_event {
    INTERRUPT_TIME,  /* nothing came */
    INTERRUPT_READY, /* the descriptor has something */
    INTERRUPT_CHILD, /* a child ended */
    INTERRUPT_END    /* asked to end: each signal is told once */
};

/* IO. */
NODISCARD enum status interrupt_open(struct interrupt *interrupt, int out);
void                  interrupt_close(struct interrupt *interrupt);

/* For so long, -1 for ever, or until `fd` (-1: none) can be read. */
enum interrupt_event interrupt_wait(struct interrupt *interrupt, int fd,
                                    int wait_ms);

#endif

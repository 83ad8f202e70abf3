/*
 * ask.h - one line from the person at the terminal, or none.
 */
#ifndef TOOLS_ASK_H
#define TOOLS_ASK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Waits for the next line of standard input and puts it, cut to `cap` - 1
 * bytes and without its end, into `out`.  False, and an empty `out`: nobody
 * answers, because the input ended or Ctrl-C was typed (SIGTERM and SIGHUP,
 * too); the process goes on, so that it can say what became of its work.
 */
bool ask_line(char *out, size_t cap);

#endif

/*
 * ask.c - signals that end are taken from a descriptor while we wait.
 *
 * A terminal gives whole lines, so that what is read behind the wait does not
 * wait again; what is beyond `cap` goes, and is not the next answer.
 */
#include "tools/cli/ask.h"

#include "tools/cli/interrupt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool
is_there(void)
{
    struct interrupt     interrupt;
    enum interrupt_event event = INTERRUPT_CHILD;

    if (interrupt_open(&interrupt, -1) != STATUS_OK)
        return true; /* then Ctrl-C ends us, as ever */
    while (event == INTERRUPT_CHILD || event == INTERRUPT_TIME)
        event = interrupt_wait(&interrupt, STDIN_FILENO, -1);
    interrupt_close(&interrupt);
    return event == INTERRUPT_READY;
}

static void
drop_rest(void)
{
    int next = getchar();

    while (next != '\n' && next != EOF)
        next = getchar();
}

bool
ask_line(char *out, size_t cap)
{
    size_t len;

    out[0] = '\0';
    if (!is_there() || fgets(out, (int)cap, stdin) == NULL) {
        out[0] = '\0';
        fputc('\n', stderr); /* behind the question */
        return false;
    }
    len = strcspn(out, "\n");
    if (out[len] == '\0')
        drop_rest();
    out[len] = '\0';
    return true;
}

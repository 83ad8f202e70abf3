/*
 * ending.c - the table of ending.h, and statuses in it.
 */
#include "node/net/ending.h"

#include "node/net/log.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int         code;
    const char *words;
} table[] = {
#define ENDING_ROW(name, exit_code, words) {#name, exit_code, words},
    ENDING_LIST(ENDING_ROW)
#undef ENDING_ROW
};

const char *
ending_name(enum ending ending)
{
    assert(ending < ENDING_COUNT);
    return table[ending].name;
}

const char *
ending_words(enum ending ending)
{
    assert(ending < ENDING_COUNT);
    return table[ending].words;
}

int
ending_code(enum ending ending)
{
    assert(ending < ENDING_COUNT);
    return table[ending].code;
}

void
ending_now(enum ending ending)
{
    log_say(ending == ENDING_DONE ? LOG_INFO : LOG_ERROR, "daemon",
            "ends: %s (%s, exit code %d)", ending_words(ending),
            ending_name(ending), ending_code(ending));
    _exit(ending_code(ending));
}

/* In a process that may hold any lock: no allocation, no time zone. */
static void
on_abort(int number)
{
    char    line[LOG_LINE_MAX];
    ssize_t written;

    (void)number;
    (void)snprintf(line, sizeof(line), "daemon: ends: %s (%s, exit code %d)\n",
                   ending_words(ENDING_ABORTED), ending_name(ENDING_ABORTED),
                   ending_code(ENDING_ABORTED));
    written = write(STDERR_FILENO, line, strlen(line));
    (void)written; /* there is nobody else to tell */
    _exit(ending_code(ENDING_ABORTED));
}

void
ending_catch_abort(void)
{
    signal(SIGABRT, on_abort);
}

enum ending
ending_of(enum status st)
{
    switch (st) {
    case STATUS_OK: return ENDING_DONE;
    case STATUS_USAGE: return ENDING_USAGE;
    case STATUS_NOT_FOUND: return ENDING_NO_HOME;
    case STATUS_IN_USE: return ENDING_ADDRESS;
    case STATUS_LOCKED: return ENDING_LOCKED;
    case STATUS_MODE: return ENDING_MODE;
    case STATUS_CORRUPT: return ENDING_CORRUPT;
    case STATUS_NO_SPACE: return ENDING_NO_SPACE;
    case STATUS_IO: return ENDING_DISK;
    default: break;
    }
    switch (status_exit_code(st)) {
    case 4: return ENDING_UNTRUSTED;
    case 7: return ENDING_CONFIG;
    default: return ENDING_FAILURE;
    }
}

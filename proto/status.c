/* status.c - names, words and exit codes, all from the one list. */
#include "proto/status.h"

#include <assert.h>
#include <string.h>

static const struct {
    const char *name;
    const char *words;
    int         exit_code;
} table[] = {
#define STATUS_ROW(name, exit_code, words) {#name, words, exit_code},
    STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

const char *
status_name(enum status st)
{
    assert(st < STATUS_COUNT);
    return table[st].name;
}

const char *
status_words(enum status st)
{
    assert(st < STATUS_COUNT);
    return table[st].words;
}

int
status_exit_code(enum status st)
{
    assert(st < STATUS_COUNT);
    return table[st].exit_code;
}

enum status
status_parse(const char *name, enum status *out)
{
    for (int st = STATUS_OK; st < STATUS_COUNT; st++)
        if (strcmp(name, table[st].name) == 0) {
            *out = (enum status)st;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

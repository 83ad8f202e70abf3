/*
 * api_watch.h - watch of `entente api`: events, until it is stopped.
 *
 * The cursor is a value, given and told: a program that keeps it with what it
 * did, in one transaction, does everything once.
 */
#ifndef TOOLS_API_WATCH_H
#define TOOLS_API_WATCH_H

#include "tools/api/api.h"
#include "tools/reading/cursor.h"

struct api_watch {
    char cursor[CURSOR_TEXT]; /* "": none yet */
};

NODISCARD enum status api_watch_begin(struct api_call *call);
NODISCARD enum status api_watch_answer(struct api_call   *call,
                                       Entente__Response *response);
NODISCARD enum status api_watch_wake(struct api_call *call);

#endif

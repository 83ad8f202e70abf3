/*
 * redact.h - text from which names, addresses, paths and ids are taken out.
 *
 * Two ways at once: words that are known (peers, organisations, the home), and
 * what looks like an address, a path or an id whoever it belongs to.  What
 * neither finds stays: a report is to be read before it is sent.
 */
#ifndef TOOLS_REDACT_H
#define TOOLS_REDACT_H

#include "proto/bytes.h"

#include <stdio.h>

struct redact_word {
    char *text;
    char *instead;
};

struct redact {
    struct redact_word *list;
    size_t              count;
    size_t              cap;
};

void redact_clear(struct redact *redact);

/* `text` becomes `instead` where it stands as a word of its own; both copied.
 * Empty text is let pass. */
void redact_add(struct redact *redact, const char *text, const char *instead);

/* Writes one line or more; control characters but \n are escaped. */
void redact_write(const struct redact *redact, const char *text, FILE *out);

#endif

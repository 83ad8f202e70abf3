/*
 * verdict.h - the first promise that a run has broken, in words.
 *
 * A value; zeroed memory is a clean one.
 */
#ifndef SIM_VERDICT_H
#define SIM_VERDICT_H

#include "proto/bytes.h"

enum { VERDICT_WORDS = 512 };

struct verdict {
    bool broken;
    char words[VERDICT_WORDS];
};

/* Keeps the words, unless something was broken before. */
void verdict_break(struct verdict *verdict, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif

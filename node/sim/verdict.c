/*
 * verdict.c - what broke first is the cause; the rest may follow from it.
 */
#include "node/sim/verdict.h"

#include <stdarg.h>
#include <stdio.h>

void
verdict_break(struct verdict *verdict, const char *format, ...)
{
    va_list args;

    if (verdict->broken)
        return;
    verdict->broken = true;
    va_start(args, format);
    (void)vsnprintf(verdict->words, sizeof(verdict->words), format, args);
    va_end(args);
}

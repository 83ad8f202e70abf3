/*
 * replay_report.c - the first words stay: what comes later follows from it.
 */
#include "node/host/replay_report.h"

#include <stdarg.h>
#include <stdio.h>

enum status
replay_report_fault(struct replay_report *report, enum status st,
                    const char *format, ...)
{
    va_list arguments;

    if (report->words[0] != '\0')
        return st;
    va_start(arguments, format);
    vsnprintf(report->words, sizeof(report->words), format, arguments);
    va_end(arguments);
    return st;
}

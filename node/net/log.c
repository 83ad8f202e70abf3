/*
 * log.c - lines on standard error, each one write(2).
 */
#include "node/net/log.h"

#include "node/net/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *
level_word(enum log_level level)
{
    switch (level) {
#define LEVEL_CASE(name, word) case LOG_##name: return word;
        LOG_LEVEL_LIST(LEVEL_CASE)
#undef LEVEL_CASE
    }
    return "?";
}

/* UTF-8 stays, as names of peers have it; control characters do not. */
static char
printable(uint8_t byte)
{
    return byte < 0x20 || byte == 0x7f ? '?' : (char)byte;
}

void
log_format(uint64_t wall_ms, enum log_level level, const char *who,
           struct span words, char out[static LOG_LINE_MAX])
{
    time_t    seconds = (time_t)(wall_ms / 1000);
    struct tm utc = {0};
    char      when[32] = "?";
    int       len;
    size_t    at;

    if (gmtime_r(&seconds, &utc) != NULL &&
        strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &utc) == 0)
        when[0] = '\0';
    len = snprintf(out, LOG_LINE_MAX, "%s.%03uZ %s %s: ", when,
                   (unsigned)(wall_ms % 1000), level_word(level), who);
    at = len < 0 ? 0 : (size_t)len;
    if (at > LOG_LINE_MAX - 2)
        at = LOG_LINE_MAX - 2;
    for (size_t i = 0; i < words.len && at < LOG_LINE_MAX - 2; i++)
        out[at++] = printable(words.ptr[i]);
    out[at++] = '\n';
    out[at] = '\0';
}

void
log_line(enum log_level level, const char *who, struct span words)
{
    char    line[LOG_LINE_MAX];
    ssize_t written;

    log_format(clock_wall_ms(), level, who, words, line);
    written = write(STDERR_FILENO, line, strlen(line));
    (void)written; /* there is nobody else to tell */
}

void
log_say(enum log_level level, const char *who, const char *format, ...)
{
    char    words[LOG_LINE_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(words, sizeof(words), format, arguments);
    va_end(arguments);
    log_line(level, who, span_text(words));
}

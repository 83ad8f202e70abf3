/*
 * log.h - one line for people on standard error: when, how bad, who, what.
 *
 *     2026-03-01T12:00:00.123Z warn tcp: 3 strangers dropped
 *
 * Never the content of a message, a secret, or bytes that a stranger chose
 * unfiltered: what does not print becomes a question mark.
 */
#ifndef NET_LOG_H
#define NET_LOG_H

#include "proto/bytes.h"

/* X(name, word) */
#define LOG_LEVEL_LIST(X)                                                      \
    X(INFO, "info")                                                            \
    X(WARN, "warn")                                                            \
    X(ERROR, "error")

enum log_level {
#define LOG_LEVEL_ENUM(name, word) LOG_##name,
    LOG_LEVEL_LIST(LOG_LEVEL_ENUM)
#undef LOG_LEVEL_ENUM
};

enum { LOG_LINE_MAX = 1024 };

/* The line without writing it, ended by a newline and a zero byte; what is
 * too long is cut. */
void log_format(uint64_t wall_ms, enum log_level level, const char *who,
                struct span words, char out[static LOG_LINE_MAX]);

/* Writes it at once, whole. */
void log_line(enum log_level level, const char *who, struct span words);
void log_say(enum log_level level, const char *who, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

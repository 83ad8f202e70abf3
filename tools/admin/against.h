/*
 * against.h - what a capture shows of links, thrown at a live node: whole,
 * reordered, cut, and what a node itself sent, reflected.
 *
 * A node answers no byte of it: message 1 of a link that was is known by its
 * stamp, and nothing else is a message 1 at all (PROTOCOL, 6.2, 6.4).  Slow
 * enough for a node's budgets, so that it is the bytes that are refused.
 */
#ifndef TOOLS_AGAINST_H
#define TOOLS_AGAINST_H

#include "node/net/address.h"

/* X(NAME, word) */
#define AGAINST_LIST(X)                                                        \
    X(WHOLE, "whole")                                                          \
    X(REORDERED, "reordered")                                                  \
    X(CUT, "cut")                                                              \
    X(REFLECTED, "reflected")

enum against_way {
#define AGAINST_ENUM(name, word) AGAINST_##name,
    AGAINST_LIST(AGAINST_ENUM)
#undef AGAINST_ENUM
    AGAINST_COUNT
};

const char *against_word(enum against_way way);

struct against_count {
    uint64_t connections;
    uint64_t sent;     /* bytes */
    uint64_t answered; /* bytes */
};

struct against_report {
    struct against_count ways[AGAINST_COUNT];
};

/*
 * Throws the links of `file`, a capture.  OK: all was thrown; the report says
 * whether a byte came back.  BAD_ENCODING: no capture; NOT_FOUND: no link in
 * it, or no such host; UNREACHABLE: nobody listens; TIMEOUT: not within
 * AGAINST_SECONDS.
 */
enum { AGAINST_SECONDS = 120 };
NODISCARD enum status against_run(struct span file, const struct address *at,
                                  struct against_report *out);

#endif

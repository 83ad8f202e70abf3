/*
 * bench.h - messages submitted to a node and followed to their receipt.
 */
#ifndef TOOLS_BENCH_H
#define TOOLS_BENCH_H

#include "message.pb-c.h"
#include "tools/client/talk.h"

enum { BENCH_COUNT_MAX = 10000000, BENCH_IN_FLIGHT_MAX = 65536 };

struct bench_plan {
    const char       *to;        /* a peer's name */
    Entente__Message *message;   /* valid; each copy gets an id of its own */
    uint64_t          count;
    uint64_t          in_flight; /* not yet receipted at a time */
};

/* From submission to the sight of the receipt, by the monotonic clock. */
struct bench_result {
    uint64_t count;
    double   seconds;
    double   per_second;
    double   p50_ms;
    double   p99_ms;
    double   max_ms;
};

/* With words; any message that does not come to its receipt is a failure, and
 * so are SIGINT and SIGTERM where the caller has blocked them. */
NODISCARD enum status bench_run(struct cli *cli, struct client *client,
                                const struct bench_plan *plan,
                                struct bench_result     *out);

#endif

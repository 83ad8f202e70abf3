/*
 * desk.h - the control requests of one simulated run: who asked what, and
 * what was answered.
 *
 * Each request is a client of its own.  A client is gone when its last answer
 * came, or when its node's process has ended; then `lost` is told.
 */
#ifndef TESTS_SIM_DESK_H
#define TESTS_SIM_DESK_H

#include "control.pb-c.h"
#include "node/sim/world.h"

enum { DESK_ASKS = 256 };

struct desk_ask {
    uint64_t client; /* 0: a free place */
    size_t   who;
    uint64_t tag;
};

struct desk {
    struct world   *world;
    struct desk_ask asks[DESK_ASKS];
    uint64_t        next_client;
    bool            waited; /* the answer to desk_wait has come */
    Entente__Response *kept;
    /* One Response to `tag`; NULL: lost, nothing more will come. */
    void (*answered)(void *arg, size_t who, uint64_t tag,
                     const Entente__Response *response);
    void *arg;
};

/* False: the node is not running, or too many are waiting; not asked. */
bool desk_ask(struct desk *desk, size_t who, uint64_t tag,
              const Entente__Request *request);
/* The same with bytes that need not be a request. */
bool desk_ask_bytes(struct desk *desk, size_t who, uint64_t tag,
                    struct span request);

/*
 * Asks and lets the world go on until the answer is there; for requests with
 * one answer.  The caller frees it.  NULL: not running, lost, or no answer
 * within an hour.
 */
Entente__Response *desk_wait(struct desk *desk, size_t who,
                             const Entente__Request *request);

/* From the world's watch. */
void desk_told(struct desk *desk, size_t who, uint64_t client,
               struct span response);
void desk_gone(struct desk *desk, size_t who);

#endif

/*
 * api_ping.h - peer ping of `entente api`.
 */
#ifndef TOOLS_API_PING_H
#define TOOLS_API_PING_H

#include "tools/api/api.h"
#include "tools/client/pinging.h"

struct api_ping {
    struct pinging series;
    bool           waits; /* for an echo; else it pauses */
};

NODISCARD enum status api_ping_begin(struct api_call *call);
NODISCARD enum status api_ping_answer(struct api_call *call,
                                      Entente__Response *response);
NODISCARD enum status api_ping_wake(struct api_call *call);
void        api_ping_clear(struct api_call *call);

#endif

/*
 * trace.h - one SHA-256 over all that happened in a simulation, in order.
 *
 * Two runs of one seed that differ anywhere differ here.  A value; zeroed
 * memory is the trace of nothing.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "crypto/kdf.h"
#include "node/core/event.h"

struct trace {
    struct digest digest;
};

void trace_bytes(struct trace *trace, struct span bytes);
void trace_number(struct trace *trace, uint64_t number);
/* Every field that the effect's kind has, secrets too. */
void trace_effects(struct trace *trace, const struct effects *effects);

#endif

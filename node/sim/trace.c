/*
 * trace.c - each thing that happened is hashed behind the digest of all
 * before it.  No struct is hashed as it lies in memory: padding is chance.
 */
#include "node/sim/trace.h"

#include "node/host/recording.h"

void
trace_bytes(struct trace *trace, struct span bytes)
{
    const struct span both[] = {SPAN_OF(trace->digest.bytes), bytes};

    sha256_spans(both, 2, &trace->digest);
}

void
trace_number(struct trace *trace, uint64_t number)
{
    uint8_t       bytes[8];
    struct writer out = writer_of(bytes, sizeof(bytes));

    writer_u64(&out, number);
    trace_bytes(trace, writer_span(&out));
}

/* What a capture says of a turn: every field of every effect, by kind. */
void
trace_effects(struct trace *trace, const struct effects *effects)
{
    struct recording_effects said;

    recording_digest(effects, &said);
    for (size_t kind = 0; kind < EFFECT_KIND_COUNT; kind++) {
        trace_number(trace, said.count[kind]);
        trace_bytes(trace, SPAN_OF(said.digest[kind]));
    }
}

/*
 * trace.c - each thing that happened is hashed behind the digest of all
 * before it.  No struct is hashed as it lies in memory: padding is chance.
 */
#include "node/sim/trace.h"

#include "node/host/kept.h"

#include <stdlib.h>

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

/* What a capture keeps of a turn. */
void
trace_effects(struct trace *trace, const struct effects *effects)
{
    trace_bytes(trace, SPAN_OF(effects->nonce));
    for (size_t i = 0; i < effects->count; i++) {
        size_t        len = kept_len(&effects->list[i]);
        uint8_t      *bytes = malloc(len);
        struct writer out = writer_of(bytes, len);

        if (bytes == NULL)
            abort();
        kept_put(&out, &effects->list[i]);
        trace_bytes(trace, writer_span(&out));
        free(bytes);
    }
}

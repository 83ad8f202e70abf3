/* fuzz_origin.c - the name of a channel, read by peers and by strangers. */
#include "proto/origin.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* An epoch's digits are counted, so no prefix is one. */
const bool fuzz_is_whole = true;

bool
fuzz_one(struct span in)
{
    struct origin      origin;
    struct origin_text again;

    if (origin_parse(in, &origin) != STATUS_OK)
        return false;
    again = origin_format(&origin);
    assert(span_equal(in, origin_span(&again)));
    assert(realm_valid(span_text(origin.realm)));
    assert(origin_equal(&origin, &origin));
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    struct origin      origin = {.sender = {{0x01, 0xfe}},
                                 .recipient = {{0x02}},
                                 .realm = REALM_ACTUAL,
                                 .lane = LANE_WIRE,
                                 .epoch = 1,
                                 .random = 0x0123456789abcdef};
    struct origin_text text = origin_format(&origin);

    seed(arg, "wire", origin_span(&text));
    memcpy(origin.realm, "exercise-north-26", sizeof("exercise-north-26"));
    origin.lane = LANE_COURIER;
    origin.epoch = 12345678901234567890u;
    text = origin_format(&origin);
    seed(arg, "courier", origin_span(&text));
}

/*
 * fuzz_segment.c - the first page of a file of the journal, as it comes and
 * with its check set right; and its name.
 */
#include "crypto/kdf.h"
#include "node/store/segment.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

const bool fuzz_is_whole = true;

enum { CHECKED_LEN = 48 }; /* bytes before the check */

static void
one_name(struct span in)
{
    char     name[64] = "", again[SEGMENT_NAME];
    uint64_t number;

    if (in.len >= sizeof(name))
        return;
    if (in.len > 0)
        memcpy(name, in.ptr, in.len);
    if (segment_name_parse(name, &number) != STATUS_OK)
        return;
    segment_name(number, again);
    assert(strcmp(name, again) == 0);
}

/* If so, it has one spelling. */
static bool
is_one(struct span in)
{
    static uint8_t again[SEGMENT_PAGE];
    struct segment segment;

    if (segment_decode(in, &segment) != STATUS_OK)
        return false;
    segment_encode(&segment, again);
    assert(span_equal(in, SPAN_OF(again)));
    return true;
}

bool
fuzz_one(struct span in)
{
    static uint8_t page[SEGMENT_PAGE];
    struct digest  check;

    one_name(in);
    if (in.len != SEGMENT_PAGE)
        return is_one(in);
    memcpy(page, in.ptr, SEGMENT_PAGE);
    hash_digest(LABEL_SEGMENT, (struct span){page, CHECKED_LEN}, &check);
    memcpy(page + CHECKED_LEN, check.bytes, LIMIT_DIGEST);
    (void)is_one(SPAN_OF(page));
    return is_one(in);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static uint8_t       page[SEGMENT_PAGE];
    const struct segment segment = {.file_id = {1},
                                    .number = 1,
                                    .first_sequence = 3,
                                    .copied = true};

    segment_encode(&segment, page);
    seed(arg, "page", SPAN_OF(page));
}

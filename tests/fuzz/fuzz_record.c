/* fuzz_record.c - one record of the journal, its public part. */
#include "proto/record.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

const bool fuzz_is_whole = true;

static void
assert_encodes_to(const struct record *record, struct span in)
{
    size_t        len = record_len(record);
    uint8_t      *bytes = malloc(len);
    struct writer out = writer_of(bytes, len);

    assert(bytes != NULL);
    record_encode(record, &out);
    assert(writer_end(&out) == STATUS_OK);
    assert(span_equal(in, writer_span(&out)));
    free(bytes);
}

bool
fuzz_one(struct span in)
{
    struct record record;

    if (record_decode(in, &record) != STATUS_OK)
        return false;
    assert_encodes_to(&record, in);
    assert(strcmp(record_name(record.kind), "?") != 0);
    return true;
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    static const uint8_t leaf[LEAF_LEN] = {0, 1, 5, 2};
    static uint8_t       bytes[4096];
    struct record        record = {.origin = {.sender = {{1}},
                                              .recipient = {{2}},
                                              .realm = REALM_ACTUAL,
                                              .epoch = 1,
                                              .random = 7},
                                   .peer = {{3}},
                                   .id = {{4}},
                                   .index = 5,
                                   .number = 6,
                                   .time = 8,
                                   .leaf = SPAN_OF(leaf),
                                   .bytes = span_text("bytes"),
                                   .words = span_text("words"),
                                   .state = STATE_SENT,
                                   .precedence = PRECEDENCE_FLASH};

    for (unsigned kind = 1; kind <= RECORD_LAST; kind++) {
        struct writer out = writer_of(bytes, sizeof(bytes));

        record.kind = (enum record_kind)kind;
        record_encode(&record, &out);
        seed(arg, record_name(kind), writer_span(&out));
    }
}

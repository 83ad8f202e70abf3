/*
 * fuzz_rows.c - what the store answers to a LOAD, and the secret part of a
 * record.  The first byte says which of the four.
 */
#include "proto/happening.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

const bool fuzz_is_whole = false; /* a list may end after any of its rows */

enum { SECRET, LIST, ROWS, HAPPENINGS };

static bool
one_secret(struct span in)
{
    struct record_secret secret;
    struct writer        out;
    uint8_t             *bytes;

    if (record_secret_decode(in, &secret) != STATUS_OK)
        return false;
    assert(record_secret_len(&secret) == in.len);
    bytes = malloc(in.len);
    out = writer_of(bytes, in.len);
    record_secret_encode(&secret, &out);
    assert(span_equal(in, writer_span(&out)));
    free(bytes);
    return true;
}

static bool
one_list(struct span in)
{
    struct reader from = reader_of(in);
    struct record record;
    enum status   st;

    do {
        st = record_list_next(&from, &record);
    } while (st == STATUS_OK);
    return st == STATUS_AGAIN;
}

static bool
rows(struct span in)
{
    struct reader     from = reader_of(in);
    struct record_row row;
    enum status       st;

    do {
        st = record_row_next(&from, &row);
    } while (st == STATUS_OK);
    return st == STATUS_AGAIN;
}

static bool
happenings(struct span in)
{
    struct reader    from = reader_of(in);
    struct happening one;
    enum status      st;

    do {
        st = happening_next(&from, &one);
    } while (st == STATUS_OK);
    return st == STATUS_AGAIN;
}

bool
fuzz_one(struct span in)
{
    struct reader from = reader_of(in);

    switch (reader_u8(&from)) {
    case SECRET: return one_secret(reader_rest(&from));
    case LIST: return one_list(reader_rest(&from));
    case ROWS: return rows(reader_rest(&from));
    case HAPPENINGS: return happenings(reader_rest(&from));
    default: return false;
    }
}

static struct span
words(struct writer *out)
{
    struct record_secret secret = {.content_key = {1},
                                   .kind = span_text("note"),
                                   .status = span_text("ACTUAL"),
                                   .subject = span_text("tea"),
                                   .message = span_text("at four")};

    record_secret_encode(&secret, out);
    return writer_span(out);
}

void
fuzz_seeds(fuzz_seed_fn *seed, void *arg)
{
    uint8_t           bytes[1024], part[512], secret[512];
    struct writer     in = writer_of(secret, sizeof(secret));
    struct span       hidden = words(&in);
    struct writer     out = writer_of(bytes, sizeof(bytes));
    struct writer     public = writer_of(part, sizeof(part));
    struct record     record = {.kind = RECORD_STRUCK, .time = 3};
    struct record_row row = {.state = STATE_NEW,
                             .precedence = PRECEDENCE_ROUTINE,
                             .origin = span_text("o"),
                             .words = hidden};
    struct happening  one = {.what = STATE_READ,
                             .cursor = span_text("place"),
                             .secret = hidden};

    writer_u8(&out, SECRET);
    writer_put(&out, hidden);
    seed(arg, "secret", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    writer_u8(&out, LIST);
    record_encode(&record, &public);
    record_list_put(&out, writer_span(&public), hidden);
    record_list_put(&out, writer_span(&public), SPAN_EMPTY);
    seed(arg, "list", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    writer_u8(&out, ROWS);
    record_row_put(&out, &row);
    record_row_put(&out, &row);
    seed(arg, "rows", writer_span(&out));
    out = writer_of(bytes, sizeof(bytes));
    writer_u8(&out, HAPPENINGS);
    happening_head_put(&out, &one);
    record_row_put(&out, &row);
    seed(arg, "happenings", writer_span(&out));
}

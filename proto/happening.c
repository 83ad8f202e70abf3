/*
 * happening.c - an event's own fields, then the row of its message.
 */
#include "proto/happening.h"

const char *
happening_word(unsigned what)
{
    switch (what) {
#define HAPPENED_WORD(name, value, word)                                       \
    case HAPPENED_##name: return word;
        HAPPENED_LIST(HAPPENED_WORD)
#undef HAPPENED_WORD
    default: return state_word(what);
    }
}

bool
happening_is_of_peer(unsigned what)
{
    return what == HAPPENED_ALARM || what == HAPPENED_CLEARED;
}

bool
happening_is_deed(unsigned what)
{
    return what == HAPPENED_CAPTURE || what == HAPPENED_CAPTURED;
}

bool
happening_may_be(unsigned record_kind)
{
    switch (record_kind) {
    case RECORD_PENDING:
    case RECORD_OUT_ENTRY:
    case RECORD_IN_ENTRY:
    case RECORD_OUT_COSIGNED:
    case RECORD_VERDICT:
    case RECORD_TRAIL:
    case RECORD_AWAIT:
    case RECORD_ALARM:
    case RECORD_DEED: return true;
    default: return false;
    }
}

size_t
happening_head_len(const struct happening *happening)
{
    return 1 + 1 + 8 + 2 + happening->cursor.len + 2 + happening->why.len + 4 +
           happening->secret.len;
}

void
happening_head_put(struct writer *out, const struct happening *one)
{
    writer_u8(out, one->what);
    writer_u8(out, one->more);
    writer_u64(out, one->time);
    writer_put16(out, one->cursor);
    writer_put16(out, one->why);
    writer_put32(out, one->secret);
}

enum status
happening_next(struct reader *in, struct happening *out)
{
    struct happening one = {0};
    enum status      st;

    if (in->left == 0 && !in->failed)
        return STATUS_AGAIN;
    one.what = reader_u8(in);
    one.more = reader_u8(in) != 0;
    one.time = reader_u64(in);
    one.cursor = reader_take16(in, HAPPENING_CURSOR_MAX);
    one.why = reader_take16(in, HAPPENING_WHY_MAX);
    one.secret = reader_take32(in, LIMIT_RECORD);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    st = record_row_next(in, &one.row);
    if (st != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = one;
    return STATUS_OK;
}

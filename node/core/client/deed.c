/*
 * deed.c - one event, one record.
 */
#include "node/core/client/deed.h"

#include <assert.h>

void
deed_put(struct writer *out, enum happened what, struct span words)
{
    assert(happening_is_deed(what));
    assert(words.len <= DEED_WORDS_MAX);
    writer_u8(out, (uint8_t)what);
    writer_put(out, words);
}

void
deed_take(struct context *turn, struct span bytes)
{
    struct reader in = reader_of(bytes);
    struct record record = {.kind = RECORD_DEED,
                            .time = turn->input->wall_ms};

    record.state = reader_u8(&in);
    record.words = reader_rest(&in);
    if (!happening_is_deed(record.state) || record.words.len == 0 ||
        record.words.len > DEED_WORDS_MAX) {
        context_log(turn, "deed: of a kind that is none: it is not journaled");
        return;
    }
    context_save(turn, &record, NULL);
}

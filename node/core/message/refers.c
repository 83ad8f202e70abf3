/*
 * refers.c - two fields of the encoded message, read as they stand: what is
 * noted has been judged before, so nothing is judged here.
 */
#include "node/core/message/refers.h"

#include "message.pb-c.h"
#include "proto/protobuf.h"
#include "proto/words.h"

#include <assert.h>

enum { ACTION_FIELD = 14, REFS_FIELD = 16 };

const char *
refers_word(unsigned action)
{
    const char *word = words_name(&entente__message__action__descriptor,
                                  (int)action);

    return action <= ENTENTE__MESSAGE__ACTION__ACTION_ORIGINAL || word == NULL
               ? ""
               : word;
}

/* All ids in refs, one behind the other. */
static struct span
ids_of(struct context *turn, struct span plain)
{
    struct writer out = writer_of(effects_alloc(turn->out, plain.len),
                                  plain.len);
    struct reader in = reader_of(plain);

    while (in.left > 0 && !in.failed) {
        uint64_t    tag = protobuf_varint(&in);
        struct span id;

        if (tag >> 3 != REFS_FIELD) {
            protobuf_skip(&in, tag & 7);
            continue;
        }
        id = protobuf_lent(&in);
        if (id.len == LIMIT_MESSAGE_ID)
            writer_put(&out, id);
    }
    assert(!out.failed); /* each stands in `plain` with its length before */
    return writer_span(&out);
}

void
refers_note(struct context *turn, const struct node_id *peer,
            const struct message_id *id, uint64_t number, struct span plain)
{
    uint64_t      action = protobuf_peek(plain, ACTION_FIELD);
    struct record record = {.kind = RECORD_REFERS,
                            .peer = *peer,
                            .outgoing = number == 0,
                            .number = number,
                            .id = *id};

    if (action > UINT8_MAX || refers_word((unsigned)action)[0] == '\0')
        return;
    record.state = (uint8_t)action;
    record.bytes = ids_of(turn, plain);
    if (record.bytes.len > 0)
        context_save(turn, &record, NULL);
}

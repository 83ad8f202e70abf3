/*
 * oracle.c - a list of messages beside the ledger; what is read at the end is
 * compared with what was submitted, byte for byte.
 */
#include "node/sim/oracle.h"

#include "proto/protobuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_FIELD = 15 }; /* of message.proto */

void
oracle_init(struct oracle *oracle)
{
    *oracle = (struct oracle){0};
    ledger_init(&oracle->ledger, &oracle->verdict);
    past_init(&oracle->past, &oracle->ledger);
}

void
oracle_clear(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->count; i++)
        free(oracle->list[i].bytes);
    for (size_t who = 0; who < LEDGER_NODES; who++)
        rollback_clear(&oracle->backup[who]);
    free(oracle->list);
    ledger_clear(&oracle->ledger);
    *oracle = (struct oracle){0};
}

const char *
oracle_words(const struct oracle *oracle)
{
    return oracle->verdict.broken ? oracle->verdict.words : NULL;
}

static struct oracle_message *
find(const struct oracle *oracle, const struct message_id *id)
{
    for (size_t i = 0; i < oracle->count; i++)
        if (span_equal(SPAN_OF(oracle->list[i].id.bytes),
                       SPAN_OF(id->bytes)))
            return &oracle->list[i];
    return NULL;
}

struct id_text {
    char text[2 * LIMIT_MESSAGE_ID + 1];
};

static struct id_text
id_text(const struct message_id *id)
{
    struct id_text out;

    hex_encode(id->bytes, sizeof(id->bytes), out.text);
    return out;
}

void
oracle_submits(struct oracle *oracle, size_t from, size_t to,
               const struct message_id *id, struct span bytes)
{
    struct oracle_message *message;

    assert(find(oracle, id) == NULL && bytes.len > 0);
    if (oracle->count == oracle->cap) {
        oracle->cap = 2 * oracle->cap + 16;
        oracle->list = realloc(oracle->list,
                               oracle->cap * sizeof(*oracle->list));
        if (oracle->list == NULL)
            abort();
    }
    message = &oracle->list[oracle->count++];
    *message = (struct oracle_message){
        .id = *id, .from = from, .to = to, .len = bytes.len};
    message->bytes = malloc(bytes.len);
    if (message->bytes == NULL)
        abort();
    memcpy(message->bytes, bytes.ptr, bytes.len);
}

void
oracle_acknowledged(struct oracle *oracle, const struct message_id *id)
{
    struct oracle_message *message = find(oracle, id);

    assert(message != NULL);
    message->acknowledged = true;
    if (!promise_has(&oracle->ledger.promises, message->from, id))
        verdict_break(&oracle->verdict,
                      "node %zu acknowledged %s before it was durable",
                      message->from, id_text(id).text);
}

void
oracle_asks(struct oracle *oracle, const struct message_id *id,
            uint64_t ack_by_ms)
{
    struct oracle_message *message = find(oracle, id);

    assert(message != NULL);
    message->ack_by_ms = ack_by_ms;
}

void
oracle_answers(struct oracle *oracle, const struct message_id *id)
{
    struct oracle_message *message = find(oracle, id);

    assert(message != NULL);
    message->asked++;
}

void
oracle_answered(struct oracle *oracle, const struct message_id *id, bool done)
{
    struct oracle_message *message = find(oracle, id);

    assert(message != NULL && message->asked > 0);
    message->asked--;
    message->answered = message->answered || done;
}

void
oracle_stepped(struct oracle *oracle, size_t who,
               const struct effects *effects)
{
    ledger_stepped(&oracle->ledger, who, effects);
    past_stepped(&oracle->past, who, effects);
}

void
oracle_committed(struct oracle *oracle, size_t who,
                 const struct effects *effects)
{
    ledger_committed(&oracle->ledger, who, effects);
    past_committed(&oracle->past, who, effects);
}

void
oracle_sealed(struct oracle *oracle, const struct message_id *id, bool forged)
{
    const struct oracle_message *message = find(oracle, id);

    if (message != NULL)
        promise_sealed(&oracle->ledger.promises, message->from, id, forged);
}

static bool
is_spoilt(const struct oracle *oracle, const struct oracle_message *message)
{
    return promise_spoilt(&oracle->ledger.promises, message->from,
                          &message->id);
}

bool
oracle_spoilt(const struct oracle *oracle, const struct message_id *id)
{
    const struct oracle_message *message = find(oracle, id);

    return message != NULL && is_spoilt(oracle, message);
}

bool
oracle_excuses(const struct oracle *oracle, const struct message_id *id)
{
    const struct oracle_message *message = find(oracle, id);

    return message == NULL || message->forgiven || message->resealed ||
           is_spoilt(oracle, message);
}

void
oracle_backed_up(struct oracle *oracle, size_t who)
{
    rollback_make(&oracle->backup[who], &oracle->ledger, who);
}

void
oracle_restored(struct oracle *oracle, size_t who)
{
    rollback_apply(&oracle->backup[who], &oracle->ledger, who);
    for (size_t i = 0; i < oracle->count; i++) {
        struct oracle_message *message = &oracle->list[i];

        if (message->to == who ||
            (message->from == who &&
             !promise_has(&oracle->ledger.promises, who, &message->id)))
            message->forgiven = true;
        if (message->from == who)
            message->resealed = true;
    }
}

void
oracle_leaves(struct oracle *oracle, size_t who, struct span bytes)
{
    static const char marker[] = ORACLE_MARKER;

    if (bytes.len >= sizeof(marker) - 1 &&
        memmem(bytes.ptr, bytes.len, marker, sizeof(marker) - 1) != NULL)
        verdict_break(&oracle->verdict,
                      "plaintext left node %zu, among %zu bytes", who,
                      bytes.len);
}

/* What the sender's node appends at dispatch. */
static bool
is_number(struct span tail, uint64_t number)
{
    uint8_t       expected[2 * PROTOBUF_VARINT_MAX];
    struct writer out = writer_of(expected, sizeof(expected));

    protobuf_put_varint(&out, NUMBER_FIELD, number);
    return span_equal(tail, writer_span(&out));
}

static bool
same_message(const struct oracle_message *message, struct span bytes,
             uint64_t number)
{
    struct reader in = reader_of(bytes);
    struct span   head = reader_take(&in, message->len);

    return span_equal(head, (struct span){message->bytes, message->len}) &&
           is_number(reader_rest(&in), number);
}

/* Of a first epoch: what was dispatched later has the higher number.  In later
 * ones there are messages that got their number before. */
static void
check_order(struct oracle *oracle, const struct oracle_message *message)
{
    struct origin origin;

    if (origin_parse(origin_span(&message->origin), &origin) != STATUS_OK ||
        origin.epoch > 1)
        return;
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_message *other = &oracle->list[i];

        if (other == message || !other->read ||
            !span_equal(origin_span(&other->origin),
                        origin_span(&message->origin)))
            continue;
        if ((other->index < message->index) !=
                (other->number < message->number) ||
            other->number == message->number)
            verdict_break(&oracle->verdict,
                          "message %s is out of the order of its channel",
                          id_text(&message->id).text);
    }
}

void
oracle_reads(struct oracle *oracle, size_t who, const struct message_id *id,
             uint64_t number, struct span origin, uint64_t index,
             struct span bytes)
{
    struct oracle_message *message = find(oracle, id);
    struct reader          in = reader_of(origin);

    if (message == NULL || message->to != who) {
        verdict_break(&oracle->verdict,
                      "node %zu reads %s, which nobody sent to it", who,
                      id_text(id).text);
        return;
    }
    if (message->read)
        verdict_break(&oracle->verdict, "node %zu reads %s twice", who,
                      id_text(id).text);
    if (is_spoilt(oracle, message) && !message->resealed &&
        !promise_readable(&oracle->ledger.promises, message->from, id))
        verdict_break(&oracle->verdict, "node %zu reads %s, which is forged",
                      who, id_text(id).text);
    else if (!same_message(message, bytes, number))
        verdict_break(&oracle->verdict, "node %zu reads %s altered", who,
                      id_text(id).text);
    message->read = true;
    message->number = number;
    message->index = index;
    assert(origin.len < sizeof(message->origin.text));
    reader_copy(&in, (uint8_t *)message->origin.text, origin.len);
    message->origin.len = origin.len;
    check_order(oracle, message);
}

/* What a disk that was set back, or a lie, leaves to be asked. */
static bool
is_owed(const struct oracle *oracle, const struct oracle_message *message)
{
    return message->acknowledged && !message->forgiven &&
           !message->resealed && !is_spoilt(oracle, message);
}

void
oracle_awaits(struct oracle *oracle, size_t who, const struct message_id *id,
              bool awaited, bool overdue, uint64_t wall_ms,
              uint64_t wall_max_ms)
{
    const struct oracle_message *message = find(oracle, id);
    bool                         known;

    if (message == NULL || !is_owed(oracle, message))
        return;
    known = message->answered || message->asked == 0;
    if (known && awaited != (message->ack_by_ms != 0 && !message->answered))
        verdict_break(&oracle->verdict,
                      awaited ? "node %zu awaits an answer to %s, which nobody "
                                "has to give, or which was given"
                              : "node %zu awaits no answer to %s, and nobody "
                                "has given it",
                      who, id_text(id).text);
    if (awaited && !overdue && message->ack_by_ms <= wall_ms)
        verdict_break(&oracle->verdict,
                      "node %zu does not say that %s is overdue", who,
                      id_text(id).text);
    if (overdue && message->ack_by_ms > wall_max_ms)
        verdict_break(&oracle->verdict,
                      "node %zu says too soon that %s is overdue", who,
                      id_text(id).text);
}

void
oracle_end(struct oracle *oracle)
{
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_message *message = &oracle->list[i];

        if (message->acknowledged && !message->read && !message->forgiven &&
            !is_spoilt(oracle, message))
            verdict_break(&oracle->verdict,
                          "message %s of node %zu was acknowledged and is "
                          "missing at node %zu",
                          id_text(&message->id).text, message->from,
                          message->to);
    }
}

bool
oracle_settled(const struct oracle *oracle)
{
    const struct ledger *ledger = &oracle->ledger;

    if (promise_waits(&ledger->promises))
        return false;
    for (size_t i = 0; i < oracle->count; i++) {
        const struct oracle_message *message = &oracle->list[i];

        if (message->ack_by_ms != 0 && message->answered &&
            is_owed(oracle, message) &&
            !promise_heard(&ledger->promises, message->from, &message->id))
            return false;
    }
    for (size_t i = 0; i < ledger->book_count; i++) {
        const struct book *book = ledger->books[i];

        if (book->outgoing && book_newest(&book->receipts) < book->count &&
            !ledger_superseded(ledger, book))
            return false;
    }
    return true;
}

/*
 * facts.c - one function for each kind of record that the index knows.
 *
 * Invariants:
 *  (I1) a message is a row once per id, peer and direction.  In the inbox the
 *       first entry that brings it is the one shown, in the outbox the last;
 *  (I2) a row of the outbox is queued exactly while a PENDING has had neither
 *       its OUT_ENTRY nor its STRUCK.
 */
#include "node/store/facts.h"

#include "node/store/standing.h"

static bool
is_message(const struct message_id *id)
{
    static const struct message_id none;

    return !span_equal(SPAN_OF(id->bytes), SPAN_OF(none.bytes));
}

/* --- entries ------------------------------------------------------------- */

/* *added: the entry was not known before. */
static enum status
note_entry(struct tables *tables, int64_t entry, int64_t place, bool *added)
{
    int64_t     values[] = {entry, place};
    enum status st = db_run(tables->db,
                            db_use(tables->db, TABLES_ENTRY_ADD, 2, values));

    *added = st == STATUS_OK && db_changes(tables->db) > 0;
    if (st != STATUS_OK || *added)
        return st;
    return db_run(tables->db, db_use(tables->db, TABLES_ENTRY_MOVE, 2, values));
}

static void
take_entry(struct tables_message *message, const struct record *record,
           int64_t entry, int64_t place)
{
    bool outgoing = record->kind == RECORD_OUT_ENTRY;

    message->entry = entry;
    message->place = place;
    message->number = record->number;
    message->queued = false;
    message->state =
        (uint8_t)(outgoing ? STATE_SENT : standing_of(record->state));
}

static enum status
on_entry(struct tables *tables, const struct record *record, int64_t place)
{
    bool                   outgoing = record->kind == RECORD_OUT_ENTRY;
    struct tables_channel *channel;
    struct tables_message  message = {.message = record->id};
    int64_t                entry;
    bool                   added;
    enum status            st;

    st = tables_channel_make(tables, &record->origin, outgoing, &channel);
    if (st != STATUS_OK)
        return st;
    entry = tables_at(channel->id, record->index);
    message.pd = channel->pd;
    st = note_entry(tables, entry, place, &added);
    if (st != STATUS_OK || !is_message(&record->id))
        return st;
    st = tables_message_find(tables, message.pd, &record->id, &message);
    if (st == STATUS_NOT_FOUND) {
        message.precedence = record->precedence;
        message.time = record->time;
        take_entry(&message, record, entry, place);
        return tables_message_add(tables, &message);
    }
    if (st != STATUS_OK)
        return st;
    if (message.entry != entry && (!outgoing || !added))
        return STATUS_OK; /* (I1) */
    if (message.entry == entry)
        message.place = place; /* sealed anew; its state stands */
    else
        take_entry(&message, record, entry, place);
    return tables_message_set(tables, &message);
}

static enum status
on_leaves(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_channel *channel;
    int64_t                values[3];
    enum status            st;

    st = tables_channel_make(tables, &record->origin, false, &channel);
    if (st != STATUS_OK)
        return st;
    values[0] = tables_at(channel->id, record->index);
    values[1] = (int64_t)(record->bytes.len / LEAF_LEN);
    values[2] = place;
    return db_run(tables->db, db_use(tables->db, TABLES_LEAVES_ADD, 3, values));
}

static enum status
on_cosigned(struct tables *tables, const struct record *record)
{
    struct tables_channel *channel;
    int64_t                values[2];
    enum status            st;

    st = tables_channel_make(tables, &record->origin, true, &channel);
    if (st != STATUS_OK)
        return st;
    if (record->size > channel->cosigned) {
        channel->cosigned = record->size;
        st = tables_channel_set(tables, channel);
    }
    if (st != STATUS_OK)
        return st;
    values[0] = tables_at(channel->id, record->size);
    values[1] = (int64_t)record->time;
    return db_run(tables->db,
                  db_use(tables->db, TABLES_COSIGNED_ADD, 2, values));
}

static enum status
on_verdict(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_channel *channel;
    int64_t                values[5];
    enum status            st;

    if (record->outgoing == 0)
        return STATUS_OK; /* our own: the entry's state says it */
    st = tables_channel_make(tables, &record->origin, true, &channel);
    if (st == STATUS_OK && record->count > channel->span) {
        channel->span = record->count;
        st = tables_channel_set(tables, channel);
    }
    if (st != STATUS_OK)
        return st;
    values[0] = channel->id;
    values[1] = (int64_t)record->index;
    values[2] = (int64_t)record->count;
    values[3] = (int64_t)standing_of(record->state);
    values[4] = place;
    return db_run(tables->db,
                  db_use(tables->db, TABLES_VERDICT_ADD, 5, values));
}

/* --- messages ------------------------------------------------------------ */

static enum status
find_row(struct tables *tables, const struct record *record, bool outgoing,
         struct tables_message *out)
{
    int64_t     peer = 0;
    enum status st = tables_peer(tables, &record->peer, true, &peer);

    *out = (struct tables_message){.pd = 2 * peer + outgoing,
                                   .message = record->id};
    return st == STATUS_OK
               ? tables_message_find(tables, out->pd, &record->id, out)
               : st;
}

static enum status
on_pending(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_message message;
    enum status           st = find_row(tables, record, true, &message);
    bool                  is_new = st == STATUS_NOT_FOUND;

    if (st != STATUS_OK && !is_new)
        return st;
    message.entry = 0; /* also when a closed epoch gave it back */
    message.number = 0;
    message.place = place;
    if (is_new || !message.queued)
        message.state = STATE_QUEUED;
    message.queued = true;
    if (!is_new)
        return tables_message_set(tables, &message);
    message.precedence = record->precedence;
    message.time = record->time;
    return tables_message_add(tables, &message);
}

static enum status
on_struck(struct tables *tables, const struct record *record)
{
    struct tables_message message;
    enum status           st = find_row(tables, record, true, &message);

    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    message.queued = false; /* (I2) */
    /* It is struck because the peer has it, unless its trail says why. */
    message.state = (uint8_t)standing_after(standing_of(message.state),
                                            STATE_RECEIVED);
    return tables_message_set(tables, &message);
}

static enum status
on_trail(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_message message;
    enum status st = find_row(tables, record, record->outgoing != 0, &message);
    int64_t     values[] = {message.pd, tables_key(&record->id), place};
    enum status added;

    if (st != STATUS_OK && st != STATUS_NOT_FOUND)
        return st;
    added = db_run(tables->db, db_use(tables->db, TABLES_TRAIL_ADD, 3, values));
    if (added != STATUS_OK || st == STATUS_NOT_FOUND)
        return added;
    message.state = (uint8_t)standing_after(standing_of(message.state),
                                            standing_of(record->state));
    return tables_message_set(tables, &message);
}

enum status
facts_apply(struct tables *tables, const struct record *record, int64_t place)
{
    /* No channel reaches so far; a peer may still name such a number. */
    if (record->index > TABLES_NUMBER_MAX || record->size > TABLES_NUMBER_MAX ||
        record->count > INT64_MAX)
        return STATUS_OK;
    switch (record->kind) {
    case RECORD_OUT_ENTRY:
    case RECORD_IN_ENTRY: return on_entry(tables, record, place);
    case RECORD_IN_LEAVES: return on_leaves(tables, record, place);
    case RECORD_OUT_COSIGNED: return on_cosigned(tables, record);
    case RECORD_VERDICT: return on_verdict(tables, record, place);
    case RECORD_PENDING: return on_pending(tables, record, place);
    case RECORD_STRUCK: return on_struck(tables, record);
    case RECORD_TRAIL: return on_trail(tables, record, place);
    default: return STATUS_OK;
    }
}

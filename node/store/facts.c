/*
 * facts.c - one function for each kind of record that the index knows.
 *
 * Invariants:
 *  (I1) each entry that brings a message is at most one row, and each PENDING
 *       becomes the row of its entry (tables_message_find says which of
 *       several rows of one id is shown);
 *  (I2) a row of the outbox is queued exactly while a PENDING has had neither
 *       its OUT_ENTRY nor its STRUCK.
 */
#include "node/store/facts.h"

#include "crypto/secret.h"
#include "node/store/beside.h"
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

static enum status
add_row(struct tables *tables, const struct record *record, int64_t pd,
        int64_t entry, int64_t place)
{
    bool                  outgoing = record->kind == RECORD_OUT_ENTRY;
    struct tables_message message = {.pd = pd,
                                     .message = record->id,
                                     .precedence = record->precedence,
                                     .time = record->time,
                                     .number = record->number,
                                     .entry = entry,
                                     .place = place};

    message.state =
        (uint8_t)(outgoing ? STATE_SENT : standing_of(record->state));
    return tables_message_add(tables, &message);
}

/* An entry that is here for the first time: a waiting row, or a new one. */
static enum status
on_new_entry(struct tables *tables, const struct record *record, int64_t pd,
             int64_t entry, int64_t place)
{
    struct tables_message before;
    struct tables_message message;
    enum status           st = STATUS_NOT_FOUND;

    if (record->kind == RECORD_OUT_ENTRY)
        st = tables_waiting_find(tables, pd, &record->id, &before);
    if (st == STATUS_NOT_FOUND)
        return add_row(tables, record, pd, entry, place);
    if (st != STATUS_OK)
        return st;
    message = before;
    message.entry = entry;
    message.place = place;
    message.number = record->number;
    message.state = STATE_SENT;
    message.queued = false;
    return tables_message_set(tables, &before, &message);
}

/* An entry that comes again: sealed anew, or opened by a grant. */
static enum status
on_same_entry(struct tables *tables, const struct record *record, int64_t pd,
              int64_t entry, int64_t place)
{
    struct tables_message before;
    struct tables_message message;
    enum status           st = STATUS_NOT_FOUND;

    if (record->kind == RECORD_OUT_ENTRY)
        st = tables_waiting_find(tables, pd, &record->id, &before);
    if (st == STATUS_OK) /* the peer has it: it waits no longer */
        return on_new_entry(tables, record, pd, entry, place);
    if (st == STATUS_NOT_FOUND)
        st = tables_message_find(tables, pd, &record->id, &before);
    if (st == STATUS_NOT_FOUND)
        return add_row(tables, record, pd, entry, place);
    if (st != STATUS_OK || before.entry != entry)
        return st;
    message = before; /* its state stands */
    message.place = place;
    return tables_message_set(tables, &before, &message);
}

static enum status
on_entry(struct tables *tables, const struct record *record, int64_t place)
{
    bool                   outgoing = record->kind == RECORD_OUT_ENTRY;
    struct tables_channel *channel;
    int64_t                entry;
    int64_t                pd;
    bool                   added;
    enum status            st;

    st = tables_channel_make(tables, &record->origin, outgoing, &channel);
    if (st != STATUS_OK)
        return st;
    entry = tables_at(channel->id, record->index);
    pd = channel->pd;
    st = note_entry(tables, entry, place, &added);
    if (st != STATUS_OK || !is_message(&record->id))
        return st;
    return added ? on_new_entry(tables, record, pd, entry, place)
                 : on_same_entry(tables, record, pd, entry, place);
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

/* A snapshot repeats heads without their signatures: the first one stays. */
static enum status
on_head(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_channel *channel;
    int64_t                values[2];
    enum status            st;

    if (secret_is_zero(record->signature, sizeof(record->signature)))
        return STATUS_OK;
    st = tables_channel_make(tables, &record->origin,
                             record->kind == RECORD_OUT_HEAD, &channel);
    if (st != STATUS_OK)
        return st;
    values[0] = tables_at(channel->id, record->size);
    values[1] = place;
    return db_run(tables->db, db_use(tables->db, TABLES_HEAD_ADD, 2, values));
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
direction_of(struct tables *tables, const struct record *record, bool outgoing,
             int64_t *pd)
{
    enum status st = tables_peer(tables, &record->peer, true, pd);

    *pd = 2 * *pd + outgoing;
    return st;
}

static enum status
on_pending(struct tables *tables, const struct record *record, int64_t place)
{
    struct tables_message message = {.message = record->id,
                                     .precedence = record->precedence,
                                     .time = record->time,
                                     .state = STATE_QUEUED,
                                     .place = place,
                                     .queued = true};
    struct tables_message before;
    enum status st = direction_of(tables, record, true, &message.pd);

    if (st == STATUS_OK)
        st = tables_waiting_find(tables, message.pd, &record->id, &before);
    if (st == STATUS_NOT_FOUND)
        return tables_message_add(tables, &message);
    if (st != STATUS_OK)
        return st;
    message = before; /* sealed anew */
    message.place = place;
    return tables_message_set(tables, &before, &message);
}

static enum status
on_struck(struct tables *tables, const struct record *record)
{
    struct tables_message message;
    struct tables_message before;
    int64_t               pd = 0;
    enum status           st = direction_of(tables, record, true, &pd);

    if (st == STATUS_OK)
        st = tables_waiting_find(tables, pd, &record->id, &before);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    message = before;
    message.queued = false; /* (I2) */
    /* It is struck because the peer has it, unless its trail says why. */
    message.state = (uint8_t)standing_after(standing_of(message.state),
                                            STATE_RECEIVED);
    return tables_message_set(tables, &before, &message);
}

static enum status
on_trail(struct tables *tables, const struct record *record, int64_t place)
{
    int64_t               values[] = {0, tables_key(&record->id), place};
    struct tables_message message;
    struct tables_message before;
    enum status           st;

    st = direction_of(tables, record, record->outgoing != 0, &values[0]);
    if (st == STATUS_OK)
        st = db_run(tables->db,
                    db_use(tables->db, TABLES_TRAIL_ADD, 3, values));
    if (st == STATUS_OK)
        st = tables_message_find(tables, values[0], &record->id, &before);
    if (st != STATUS_OK)
        return st == STATUS_NOT_FOUND ? STATUS_OK : st;
    message = before;
    message.state = (uint8_t)standing_after(standing_of(message.state),
                                            standing_of(record->state));
    return tables_message_set(tables, &before, &message);
}

/* One row for each that it names. */
static enum status
on_refers(struct tables *tables, const struct record *record)
{
    struct reader in = reader_of(record->bytes);
    int64_t       pd = 0;
    enum status   st = direction_of(tables, record, record->outgoing != 0, &pd);

    while (st == STATUS_OK && in.left >= LIMIT_MESSAGE_ID) {
        struct message_id id;
        int64_t           values[] = {0, pd, record->state};
        sqlite3_stmt     *add;

        reader_copy(&in, id.bytes, sizeof(id.bytes));
        values[0] = tables_key(&id);
        add = db_use(tables->db, TABLES_REFERS_ADD, 3, values);
        db_bind(add, 4, SPAN_OF(id.bytes));
        db_bind(add, 5, SPAN_OF(record->id.bytes));
        st = db_run(tables->db, add);
    }
    return st;
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
    case RECORD_OUT_HEAD:
    case RECORD_IN_HEAD: return on_head(tables, record, place);
    case RECORD_OUT_COSIGNED: return on_cosigned(tables, record);
    case RECORD_VERDICT: return on_verdict(tables, record, place);
    case RECORD_PENDING: return on_pending(tables, record, place);
    case RECORD_STRUCK: return on_struck(tables, record);
    case RECORD_TRAIL: return on_trail(tables, record, place);
    case RECORD_REFERS: return on_refers(tables, record);
    case RECORD_ATTACHMENT: return beside_note(tables, record);
    default: return STATUS_OK;
    }
}

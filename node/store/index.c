/*
 * index.c - follows the journal, group by group.
 *
 * Invariants:
 *  (I1) what the tables hold is what the journal says up to the mark, in one
 *       transaction with it;
 *  (I2) no question is answered while a durable group is not yet applied;
 *  (I3) an answer's memory is wiped when the next question comes, and the
 *       shelf when a vault key is destroyed.
 */
#include "node/store/index.h"

#include "node/store/entries.h"
#include "node/store/events.h"
#include "node/store/facts.h"
#include "node/store/rows.h"
#include "node/store/trail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    GROUPS_MAX = 1024,         /* in one transaction */
    WAITING_MAX = 16384,     /* pages in the log: then they are moved on */
    WAITING_IDLE = 1024      /* the same, when there is time */
};

struct index {
    const struct disk  *disk;
    const char         *name; /* NULL: in memory */
    struct journal     *journal;
    struct tables       tables;
    struct tables_mark  mark;
    bool                kept_open; /* no room to commit what is applied */
    struct walk        *walk;
    struct shelf       *shelf;
    struct group_buffer buffer;
    struct reply        reply;
};

/* --- the mark ------------------------------------------------------------ */

void
index_mark(struct tables_mark *mark, const struct group_place *place,
           struct span group)
{
    struct reader in = reader_of(group);

    mark->last = *place;
    mark->len = group.len;
    (void)reader_take(&in, group.len - GROUP_CHECK);
    reader_copy(&in, mark->digest, sizeof(mark->digest));
}

/* Whether the marked group stands in the journal as it was applied. */
static enum status
check_mark(struct index *index, bool *right)
{
    const struct tables_mark *mark = &index->mark;
    struct tables_mark        found;
    enum status               st;

    *right = mark->last.sequence == 0;
    if (*right || mark->last.sequence > journal_sequence(index->journal))
        return STATUS_OK;
    st = walk_read(index->walk, &mark->last, &index->buffer);
    if (st == STATUS_CORRUPT)
        return STATUS_OK;
    if (st != STATUS_OK)
        return st;
    index_mark(&found, &mark->last,
               (struct span){index->buffer.ptr, index->buffer.len});
    *right = memcmp(found.digest, mark->digest, sizeof(found.digest)) == 0;
    return STATUS_OK;
}

/* The group after the marked one. */
static enum status
next_place(struct index *index, struct group_place *out)
{
    const struct tables_mark *mark = &index->mark;

    if (mark->last.sequence == 0)
        return journal_first(index->journal, out);
    *out = mark->last;
    out->offset += group_stride(mark->len);
    out->sequence++;
    return STATUS_OK;
}

/* --- life ---------------------------------------------------------------- */

static enum status
open_tables(struct index *index)
{
    const uint8_t *file_id = journal_file_id(index->journal);
    bool           right = true;
    enum status    st = tables_open(index->disk, index->name, &index->tables);

    index->mark = (struct tables_mark){0};
    if (st == STATUS_OK)
        st = tables_mark_get(&index->tables, file_id, &index->mark);
    if (st == STATUS_NOT_FOUND) {
        index->mark = (struct tables_mark){0};
        /* What it holds of another journal, or in another version, is void. */
        return tables_are_marked(&index->tables) ? STATUS_CORRUPT : STATUS_OK;
    }
    if (st == STATUS_OK)
        st = check_mark(index, &right);
    return st == STATUS_OK && !right ? STATUS_CORRUPT : st;
}

/* Opens an empty one in its place. */
static enum status
begin_anew(struct index *index)
{
    enum status st = STATUS_OK;

    tables_close(&index->tables);
    index->kept_open = false;
    if (index->name != NULL)
        st = db_remove(index->disk, index->name);
    return st == STATUS_OK ? open_tables(index) : st;
}

/* What there is, unless it is not of this journal.  On failure none is. */
static enum status
open_or_begin(struct index *index)
{
    enum status st = open_tables(index);

    if (st == STATUS_CORRUPT)
        st = begin_anew(index);
    if (st != STATUS_OK)
        tables_close(&index->tables);
    return st;
}

enum status
index_open(const struct disk *disk, const char *name, struct journal *journal,
           const struct group_keys *keys, struct index **out)
{
    struct index *index = calloc(1, sizeof(*index));
    enum status   st = STATUS_FULL;

    if (index == NULL)
        return STATUS_FULL;
    index->disk = disk;
    index->name = name;
    index->journal = journal;
    index->walk = walk_new(journal);
    if (index->walk != NULL)
        index->shelf = shelf_new(index->walk, keys);
    if (index->shelf != NULL)
        st = open_or_begin(index);
    if (st != STATUS_OK)
        index_close(index);
    else
        *out = index;
    return st;
}

void
index_close(struct index *index)
{
    if (index == NULL)
        return;
    tables_close(&index->tables);
    reply_free(&index->reply);
    shelf_free(index->shelf);
    walk_free(index->walk);
    group_buffer_free(&index->buffer);
    free(index);
}

/* --- catching up --------------------------------------------------------- */

static enum status
apply_group(struct index *index, const struct group_place *place)
{
    struct span  bytes = {index->buffer.ptr, index->buffer.len};
    struct group group;
    enum status  st;

    st = group_open(index->buffer.ptr, index->buffer.len, NULL, &group);
    if (st != STATUS_OK)
        return st;
    for (size_t i = 0; st == STATUS_OK && i < group.count; i++) {
        struct record record;

        if (record_decode(group.records[i].public, &record) != STATUS_OK)
            st = STATUS_CORRUPT;
        else
            st = facts_apply(&index->tables, &record, shelf_place(place, i));
    }
    group_close(&group);
    index_mark(&index->mark, place, bytes);
    return st;
}

/* Applies up to `count` groups.  AGAIN: there is no other. */
static enum status
apply_some(struct index *index, size_t count, size_t *applied)
{
    struct group_place place;
    enum status        st = next_place(index, &place);

    for (*applied = 0; st == STATUS_OK && *applied < count; ++*applied) {
        struct group_place found;

        st = walk_next(index->walk, &place, &found, &index->buffer);
        if (st != STATUS_OK)
            break;
        st = apply_group(index, &found);
    }
    return st;
}

/* What was applied since the last commit is undone, here what SQLite may have
 * undone by itself.  On failure none is open. */
static enum status
roll_back(struct index *index)
{
    const uint8_t *file_id = journal_file_id(index->journal);
    enum status    st = STATUS_OK;

    if (db_in_transaction(index->tables.db))
        st = db_exec(index->tables.db, "ROLLBACK");
    if (st == STATUS_OK)
        st = tables_forget_cached(&index->tables);
    index->kept_open = false;
    index->mark = (struct tables_mark){0};
    if (st == STATUS_OK)
        st = tables_mark_get(&index->tables, file_id, &index->mark);
    if (st == STATUS_NOT_FOUND)
        st = STATUS_OK;
    if (st != STATUS_OK)
        tables_close(&index->tables);
    return st;
}

/* One transaction.  AGAIN: committed, and there is no more. */
static enum status
one_transaction(struct index *index, size_t count, bool commit, size_t *applied)
{
    struct db  *db = index->tables.db;
    enum status st = STATUS_OK;
    enum status more;

    if (!db_in_transaction(db))
        st = db_exec(db, "BEGIN");
    if (st != STATUS_OK)
        return st;
    more = apply_some(index, count, applied);
    if (more != STATUS_OK && more != STATUS_AGAIN)
        return more;
    if (*applied > 0)
        st = tables_mark_set(&index->tables, journal_file_id(index->journal),
                             &index->mark);
    if (st == STATUS_OK && commit)
        st = db_exec(db, "COMMIT");
    return st == STATUS_OK ? more : st;
}

/* All that there is, in a transaction that stays open. */
static enum status
without_room(struct index *index)
{
    size_t      applied;
    enum status st = roll_back(index);

    if (st != STATUS_OK)
        return st;
    st = one_transaction(index, SIZE_MAX, false, &applied);
    index->kept_open = true;
    return st == STATUS_AGAIN ? STATUS_OK : st;
}

static bool
is_behind(const struct index *index)
{
    return index->mark.last.sequence < journal_sequence(index->journal);
}

/* A question only adds what is new to a transaction that could not be
 * committed: to try again is to apply all of it again. */
static enum status
add_to_open(struct index *index)
{
    size_t      applied;
    enum status st = one_transaction(index, SIZE_MAX, false, &applied);

    if (st == STATUS_NO_SPACE)
        st = without_room(index);
    return st == STATUS_AGAIN || st == STATUS_NO_SPACE ? STATUS_OK : st;
}

static enum status
catch_up(struct index *index, bool for_question)
{
    size_t      applied;
    enum status st = STATUS_OK;

    if (for_question && index->kept_open)
        return add_to_open(index);
    while (st == STATUS_OK && (is_behind(index) || index->kept_open)) {
        st = one_transaction(index, GROUPS_MAX, true, &applied);
        index->kept_open = false;
    }
    if (st == STATUS_NO_SPACE)
        st = without_room(index);
    if (st == STATUS_AGAIN)
        st = STATUS_OK;
    if (st == STATUS_OK && db_waiting(index->tables.db) > WAITING_MAX)
        st = db_checkpoint(index->tables.db);
    return st == STATUS_NO_SPACE ? STATUS_OK : st;
}

/* SQLite's file, not the journal. */
static bool
is_damaged(const struct index *index)
{
    return index->tables.db != NULL && db_damaged(index->tables.db);
}

enum status
index_catch_up(struct index *index, bool *idle)
{
    enum status st;

    if (idle != NULL)
        *idle = !is_behind(index);
    st = index->tables.db == NULL ? open_or_begin(index) : STATUS_OK;
    if (st == STATUS_OK)
        st = catch_up(index, idle == NULL);
    if (st == STATUS_CORRUPT && is_damaged(index)) {
        st = begin_anew(index);
        if (st == STATUS_OK)
            st = catch_up(index, idle == NULL);
    }
    /* After an I/O error SQLite is in no transaction any more: the mark must
     * be what was committed all the same. */
    if (st != STATUS_OK && index->tables.db != NULL) {
        enum status undone = roll_back(index);

        st = undone == STATUS_OK ? st : undone;
    }
    return st;
}

enum status
index_tidy(struct index *index)
{
    enum status st = STATUS_OK;

    if (!index->kept_open && db_waiting(index->tables.db) > WAITING_IDLE)
        st = db_checkpoint(index->tables.db);
    return st == STATUS_NO_SPACE ? STATUS_OK : st;
}

enum status
index_rebuild(struct index *index)
{
    enum status st = begin_anew(index);

    return st == STATUS_OK ? index_catch_up(index, NULL) : st;
}

/* --- questions ----------------------------------------------------------- */

void
index_forget(struct index *index)
{
    shelf_clear(index->shelf);
    reply_begin(&index->reply);
}

static enum status
ask_events(struct index *index, const struct query *query, struct span text)
{
    struct events_from from = {.rows = {&index->tables, index->shelf},
                               .journal = index->journal,
                               .walk = index->walk,
                               .buffer = &index->buffer,
                               .mark = &index->mark};

    return events_list(&from, query, text, &index->reply);
}

static enum status
ask(struct index *index, const struct query *query, struct span text)
{
    struct reply_from from = {&index->tables, index->shelf};

    reply_begin(&index->reply); /* (I3) */
    switch (query->kind) {
    case QUERY_ENTRIES: return entries_list(&from, query, &index->reply);
    case QUERY_HEAD: return entries_head(&from, query, &index->reply);
    case QUERY_PENDING: return entries_pending(&from, query, &index->reply);
    case QUERY_FIND: return rows_find(&from, query, text, &index->reply);
    case QUERY_ROWS: return rows_list(&from, query, text, &index->reply);
    case QUERY_TRAIL: return trail_list(&from, query, &index->reply);
    case QUERY_EVENTS: return ask_events(index, query, text);
    case QUERY_CHUNK:
    case QUERY_WHOLE:
    case QUERY_STORED: return STATUS_NOT_FOUND; /* files, not the index */
    case QUERY_KIND_COUNT: break;
    }
    assert(query->kind < QUERY_KIND_COUNT);
    return STATUS_BAD_STATE;
}

enum status
index_query(struct index *index, const struct query *query, struct span text,
            struct span *answer)
{
    enum status st = index_catch_up(index, NULL); /* (I2) */

    if (st == STATUS_OK)
        st = ask(index, query, text);
    if (st == STATUS_CORRUPT && is_damaged(index)) {
        st = index_rebuild(index);
        if (st == STATUS_OK)
            st = ask(index, query, text);
    }
    if (st == STATUS_OK)
        *answer = (struct span){index->reply.ptr, index->reply.len};
    return st;
}

/*
 * indexcheck.c - opens the index as the node does, over a disk that it cannot
 * change.
 */
#include "node/store/indexcheck.h"

#include "node/store/index.h"
#include "node/store/readonly.h"
#include "node/store/tables.h"

#include <string.h>

/* Any segment whose header is whole names the journal.  NOT_FOUND. */
static enum status
find_file_id(const struct disk *disk, uint8_t out[static SEGMENT_FILE_ID])
{
    struct segment_list list = {0};
    struct segment      segment;
    enum status         found = STATUS_NOT_FOUND;
    enum status         st = segment_list_read(disk, &list);
    int                 file;

    for (size_t i = list.count; st == STATUS_OK && i > 0; i--) {
        found = segment_open(disk, list.number[i - 1], &segment, &file);
        if (found != STATUS_OK)
            continue;
        disk->ops->close(disk->self, file);
        memcpy(out, segment.file_id, SEGMENT_FILE_ID);
        break;
    }
    segment_list_clear(&list);
    return st == STATUS_OK && found != STATUS_OK ? STATUS_NOT_FOUND : st;
}

/* BAD_STATE: the marked group does not stand in the journal as it was. */
static enum status
compare_mark(const struct disk *disk, const struct tables_mark *mark)
{
    struct group_buffer buffer = {0};
    struct tables_mark  found = {.len = 0};
    struct group_head   head;
    struct segment      segment;
    enum status         st;
    int                 file;

    st = segment_open(disk, mark->last.segment, &segment, &file);
    if (st == STATUS_OK) {
        st = group_read(disk, file, mark->last.offset, &buffer, &head);
        disk->ops->close(disk->self, file);
    }
    if (st == STATUS_OK)
        index_mark(&found, &mark->last, (struct span){buffer.ptr, buffer.len});
    if (st == STATUS_OK &&
        (head.id.sequence != mark->last.sequence ||
         memcmp(found.digest, mark->digest, sizeof(found.digest)) != 0))
        st = STATUS_BAD_STATE;
    group_buffer_free(&buffer);
    return st == STATUS_CORRUPT || st == STATUS_NOT_FOUND ? STATUS_BAD_STATE
                                                          : st;
}

/* All pages that are in use, and how they hang together. */
static enum status
check_structure(struct db *db)
{
    static const char right[] = "ok";
    sqlite3_stmt     *check = NULL;
    enum status       st = db_prepare(db, "PRAGMA integrity_check(1)", &check);

    if (st == STATUS_OK)
        st = db_row(db, check);
    if (st == STATUS_OK &&
        !span_equal(db_blob(check, 0), span_text(right)))
        st = STATUS_CORRUPT;
    (void)sqlite3_finalize(check);
    return st == STATUS_NOT_FOUND ? STATUS_CORRUPT : st;
}

static enum status
check_tables(const struct disk *disk, struct tables *tables,
             uint64_t *sequence)
{
    uint8_t            file_id[SEGMENT_FILE_ID] = {0};
    struct tables_mark mark = {.len = 0};
    enum status        st = check_structure(tables->db);

    if (st == STATUS_OK)
        st = find_file_id(disk, file_id);
    if (st == STATUS_NOT_FOUND)
        return STATUS_BAD_STATE; /* an index of nothing */
    if (st == STATUS_OK)
        st = tables_mark_get(tables, file_id, &mark);
    if (st == STATUS_NOT_FOUND) /* of another journal, or another version */
        return STATUS_OK;
    if (st == STATUS_OK && mark.last.sequence > 0)
        st = compare_mark(disk, &mark);
    if (st == STATUS_OK)
        *sequence = mark.last.sequence;
    return st;
}

enum status
indexcheck_read(const struct disk *disk, const char *name, uint64_t *sequence)
{
    struct readonly view = {.under = disk};
    struct disk     face = readonly_face(&view);
    struct tables   tables;
    enum status     st;
    int             file;

    *sequence = 0;
    st = disk->ops->open(disk->self, name, false, &file);
    if (st != STATUS_OK)
        return st;
    disk->ops->close(disk->self, file);
    st = tables_open(&face, name, &tables);
    if (st == STATUS_OK)
        st = check_tables(disk, &tables, sequence);
    tables_close(&tables);
    /* What would have been written was to make it whole. */
    return st == STATUS_IO && view.tried ? STATUS_CORRUPT : st;
}

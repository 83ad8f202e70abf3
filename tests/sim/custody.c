/*
 * custody.c - a list of files; each record of a node that speaks of one is held
 * against the durable bytes of the disk that it speaks of.
 *
 * What a disk that was set back, or a forged letter, leaves to be asked is
 * excused.  That what is noted is durable is judged where no sync of its
 * reader's disk failed and nothing gave it up: what a failed sync leaves in the
 * page cache is not judged yet.
 */
#include "tests/sim/custody.h"

#include "node/sim/saved.h"
#include "node/store/chunkfile.h"

#include <stdlib.h>
#include <string.h>

void
custody_init(struct custody *custody, struct oracle *oracle,
             struct world *world)
{
    *custody = (struct custody){.oracle = oracle, .world = world};
}

void
custody_clear(struct custody *custody)
{
    free(custody->list);
    *custody = (struct custody){0};
}

void
custody_add(struct custody *custody, const struct message_id *id, size_t from,
            size_t to, const struct enclosure *enclosure)
{
    if (custody->count == custody->cap) {
        custody->cap = 2 * custody->cap + 16;
        custody->list = realloc(custody->list,
                                custody->cap * sizeof(*custody->list));
        if (custody->list == NULL)
            abort();
    }
    custody->list[custody->count++] = (struct custody_file){
        .id = *id, .from = from, .to = to, .enclosure = enclosure};
}

/* --- the disks ----------------------------------------------------------- */

static struct span
durable(const struct custody *custody, size_t who,
        const struct chunkfile_name *name)
{
    return disk_durable(world_machine(custody->world, who)->disk, name->text);
}

/* Whether the first `chunks` of the file are durable under that name. */
static bool
is_there(const struct custody *custody, size_t who,
         const struct chunkfile_name *name, const struct enclosure *enclosure,
         uint64_t chunks)
{
    struct reader found = reader_of(durable(custody, who, name));
    size_t        len = (size_t)enclosure_len(enclosure, chunks);

    return found.left >= len &&
           span_equal(reader_take(&found, len),
                      (struct span){enclosure->sealed, len});
}

static struct chunkfile_name
name_at_reader(const struct custody *custody, const struct custody_file *file,
               bool whole)
{
    const struct node_id *sender = &custody->oracle->ledger.nodes[file->from];

    return whole ? chunkfile_theirs(sender, &file->enclosure->digest)
                 : chunkfile_partial(sender, &file->enclosure->digest);
}

static void
wrong(struct custody *custody, size_t who, const struct custody_file *file,
      const char *words)
{
    char id[2 * LIMIT_MESSAGE_ID + 1], digest[2 * LIMIT_DIGEST + 1];

    hex_encode(file->id.bytes, sizeof(file->id.bytes), id);
    hex_encode(file->enclosure->digest.bytes, LIMIT_DIGEST, digest);
    verdict_break(&custody->oracle->verdict,
                  "node %zu, attachment %.16s of %s from node %zu to node %zu: "
                  "%s",
                  who, digest, id, file->from, file->to, words);
}

void
custody_brought(struct custody *custody, size_t who,
                const struct enclosure *enclosure)
{
    struct custody_file   file = {.from = who, .to = who,
                                  .enclosure = enclosure};
    struct chunkfile_name name = chunkfile_ours(&enclosure->digest);

    if (!is_there(custody, who, &name, enclosure, enclosure->shape.chunks))
        wrong(custody, who, &file,
              "its client was told that it is whole, and it is not durable");
}

/* --- what a node notes --------------------------------------------------- */

static bool
is_of(const struct custody_file *file, const uint8_t *digest)
{
    return memcmp(file->enclosure->digest.bytes, digest, LIMIT_DIGEST) == 0;
}

/* A read that failed counts as a chunk that is lost. */
static bool
may_be_lost(const struct custody *custody, const struct custody_file *file)
{
    const struct machine *sender = world_machine(custody->world, file->from);

    return disk_fired(sender->disk, DISK_READ_FAILS) > 0 ||
           oracle_excuses(custody->oracle, &file->id);
}

/* Its reader let it go again, or one of its syncs failed. */
static bool
is_unsure(const struct custody *custody, const struct custody_file *file)
{
    const struct machine *reader = world_machine(custody->world, file->to);

    return disk_fired(reader->disk, DISK_SYNC_FAILS) > 0 ||
           may_be_lost(custody, file);
}

/* It came that far. */
static void
came(struct custody *custody, struct custody_file *file, uint64_t chunks)
{
    struct chunkfile_name partial = name_at_reader(custody, file, false);
    struct chunkfile_name whole = name_at_reader(custody, file, true);

    if (!is_there(custody, file->to, &partial, file->enclosure, chunks) &&
        !is_there(custody, file->to, &whole, file->enclosure, chunks) &&
        !is_unsure(custody, file))
        wrong(custody, file->to, file,
              "chunks are noted as durable, and are not");
    if (chunks < file->here && !is_unsure(custody, file))
        wrong(custody, file->to, file,
              "chunks that were durable count no more");
    file->here = chunks;
}

static void
arrived(struct custody *custody, struct custody_file *file,
        enum record_attachment state)
{
    struct chunkfile_name name = name_at_reader(custody, file, true);
    uint64_t              chunks = file->enclosure->shape.chunks;

    if (state == ATTACHMENT_COMPLETE) {
        file->whole = true;
        if (!is_there(custody, file->to, &name, file->enclosure, chunks) &&
            !is_unsure(custody, file))
            wrong(custody, file->to, file,
                  "it is noted as complete, and is not durable as a whole");
    }
    if ((state == ATTACHMENT_GONE || state == ATTACHMENT_GIVEN_UP) &&
        !may_be_lost(custody, file))
        wrong(custody, file->to, file, "its reader asks for it no more");
}

static void
let_go(struct custody *custody, struct custody_file *file,
       enum record_attachment state)
{
    file->settled = state != ATTACHMENT_PARTIAL;
    if (state == ATTACHMENT_COMPLETE && !file->whole &&
        !oracle_excuses(custody->oracle, &file->id))
        wrong(custody, file->from, file,
              "its sender counts it as complete before it is");
    if ((state == ATTACHMENT_GONE || state == ATTACHMENT_GIVEN_UP) &&
        !may_be_lost(custody, file))
        wrong(custody, file->from, file, "its sender gives it up");
}

void
custody_recalled(struct custody *custody, size_t who,
                 const struct record *record)
{
    size_t peer = ledger_who(&custody->oracle->ledger, &record->peer);

    if (record->kind != RECORD_ATTACHMENT && record->kind != RECORD_CHUNKS)
        return;
    for (size_t i = 0; i < custody->count; i++) {
        struct custody_file *file = &custody->list[i];
        bool                 ours = file->from == who && file->to == peer;
        bool                 theirs = file->to == who && file->from == peer;

        if (!is_of(file, record->root))
            continue;
        if (record->kind == RECORD_CHUNKS && theirs)
            came(custody, file, record->count);
        if (record->state == ATTACHMENT_COMPLETE && theirs) /* for any letter */
            file->here = file->then = 0;
        if (record->kind == RECORD_CHUNKS ||
            memcmp(&file->id, &record->id, sizeof(file->id)) != 0)
            continue;
        if (theirs && !record->outgoing)
            arrived(custody, file, record->state);
        if (ours && record->outgoing)
            let_go(custody, file, record->state);
    }
}

void
custody_recall_begin(struct custody *custody, size_t who)
{
    for (size_t i = 0; i < custody->count; i++) {
        struct custody_file *file = &custody->list[i];

        if (file->to != who)
            continue;
        if (file->then < file->here) /* a replay may end before its end */
            file->then = file->here;
        file->here = 0;
    }
}

void
custody_recall_end(struct custody *custody, size_t who)
{
    for (size_t i = 0; i < custody->count; i++) {
        struct custody_file *file = &custody->list[i];

        if (file->to != who)
            continue;
        if (file->here < file->then && !is_unsure(custody, file))
            wrong(custody, who, file,
                  "chunks that were durable are gone after a restart");
        file->then = 0;
    }
}

struct noted {
    struct custody *custody;
    size_t          who;
};

static void
on_durable(void *arg, const struct record *record)
{
    struct noted *noted = arg;

    custody_recalled(noted->custody, noted->who, record);
}

void
custody_committed(struct custody *custody, size_t who,
                  const struct effects *effects)
{
    struct noted noted = {custody, who};

    if (saved_each(effects, on_durable, &noted) != STATUS_OK)
        return; /* the ledger has told it */
}

/* --- what a node does ---------------------------------------------------- */

static void
check_chunk(struct custody *custody, size_t who,
            const struct effect_file *effect)
{
    size_t from = ledger_who(&custody->oracle->ledger, &effect->peer);

    for (size_t i = 0; i < custody->count; i++) {
        const struct custody_file *file = &custody->list[i];

        if (file->to == who && file->from == from &&
            is_of(file, effect->digest) && effect->index < file->here)
            wrong(custody, who, file, "a chunk that is durable comes again");
    }
}

static void
check_drop(struct custody *custody, size_t who,
           const struct effect_file *effect)
{
    const struct promise_list *promises = &custody->oracle->ledger.promises;

    for (size_t i = 0; effect->outgoing && i < custody->count; i++) {
        const struct custody_file *file = &custody->list[i];

        if (file->from == who && is_of(file, effect->digest) &&
            !file->whole && promise_has(promises, who, &file->id) &&
            !may_be_lost(custody, file))
            wrong(custody, who, file,
                  "its sender drops it before it is complete");
    }
}

void
custody_stepped(struct custody *custody, size_t who,
                const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->list[i];

        if (effect->kind == EFFECT_CHUNK)
            check_chunk(custody, who, &effect->file);
        if (effect->kind == EFFECT_DROP)
            check_drop(custody, who, &effect->file);
    }
}

void
custody_restored(struct custody *custody, size_t who)
{
    for (size_t i = 0; i < custody->count; i++) {
        if (custody->list[i].to == who)
            custody->list[i].here = custody->list[i].then = 0;
        if (custody->list[i].from == who)
            custody->list[i].settled = false;
    }
}

void
custody_shown(struct custody *custody, size_t who, const struct message_id *id,
              struct span digest, bool whole, uint64_t chunks, uint64_t of)
{
    for (size_t i = 0; i < custody->count; i++) {
        const struct custody_file *file = &custody->list[i];

        if (file->to != who || digest.len != LIMIT_DIGEST ||
            memcmp(&file->id, id, sizeof(*id)) != 0 ||
            !is_of(file, digest.ptr))
            continue;
        if (of != file->enclosure->shape.chunks || chunks > of ||
            (!whole && chunks > file->here))
            wrong(custody, who, file, "more of it is shown than is here");
        if (whole && !file->whole && !may_be_lost(custody, file))
            wrong(custody, who, file, "it is shown as whole, and is not");
    }
}

bool
custody_owes(const struct custody *custody, const struct custody_file *file)
{
    return !may_be_lost(custody, file);
}

bool
custody_settled(const struct custody *custody)
{
    for (size_t i = 0; i < custody->count; i++) {
        const struct custody_file *file = &custody->list[i];

        if (!(file->whole && file->settled) && custody_owes(custody, file))
            return false;
    }
    return true;
}

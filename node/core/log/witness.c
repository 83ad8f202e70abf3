/*
 * witness.c - staged leaves, verified heads, whole bodies.
 *
 * Invariants:
 *  (I1) frontier covers exactly the committed leaves, head.size of them, and
 *       head.root is its root;
 *  (I2) whole <= head.size <= staged == whole + leaf_count;
 *  (I3) heads of which no receipt was given stand in order of size;
 *  (I4) once stopped, nothing is committed any more, and the
 *       journal says so;
 *  (I5) a head ends a batch; batches stand in order of their leaves, and each
 *       leaf that stands here has its batch: whatever a peer sends.
 */
#include "node/core/log/witness.h"

#include "node/core/grow.h"
#include "node/core/log/lane.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct witness *
witness_new(const struct origin *origin)
{
    struct witness *witness = grow_new(1, sizeof(*witness));

    witness->origin = *origin;
    witness->text = origin_format(origin);
    merkle_init(&witness->frontier);
    merkle_empty_root(&witness->head.root);
    merkle_empty_root(&witness->cosigned.root);
    return witness;
}

static void
drop_pieces(struct witness *witness)
{
    for (size_t i = 0; i < PRECEDENCE_COUNT; i++)
        assembly_clear(&witness->assembly[i]);
}

void
witness_free(struct witness *witness)
{
    if (witness == NULL)
        return;
    drop_pieces(witness);
    for (size_t i = 0; i < witness->batch_count; i++)
        secret_wipe(&witness->batches[i].secret);
    free(witness->batches);
    free(witness->leaves);
    free(witness->heads);
    free(witness);
}

uint64_t
witness_staged(const struct witness *witness)
{
    return witness->whole + witness->leaf_count;
}

static struct witness_leaf *
leaf_at(const struct witness *witness, uint64_t index)
{
    size_t i = (size_t)(index - witness->whole);

    assert(i < witness->leaf_count);
    return &witness->leaves[(witness->leaf_head + i) % witness->leaf_cap];
}

static void
leaves_grow(struct witness *witness, size_t need)
{
    size_t               cap = witness->leaf_cap > 0 ? witness->leaf_cap : 16;
    struct witness_leaf *list;

    while (cap < need)
        cap *= 2;
    if (cap == witness->leaf_cap)
        return;
    list = grow_new(cap, sizeof(*list));
    for (size_t i = 0; i < witness->leaf_count; i++)
        list[i] = *leaf_at(witness, witness->whole + i);
    free(witness->leaves);
    witness->leaves = list;
    witness->leaf_head = 0;
    witness->leaf_cap = cap;
}

/* Leaves of one batch stand together (I5): a frame begins a batch, or goes on
 * with that of the leaf before it, which no head covers yet. */
static bool
batch_fits(const struct witness *witness, uint64_t first,
           const uint8_t *ephemeral, const uint8_t *salt, uint64_t start)
{
    const struct witness_batch *last;

    if (first == start || start == witness->head.size)
        return first == start || (witness->given && first < start);
    last = &witness->batches[witness->batch_count - 1];
    return last->first == first &&
           span_equal(SPAN_OF(last->ephemeral),
                      (struct span){ephemeral, LIMIT_KEY}) &&
           span_equal(SPAN_OF(last->salt), (struct span){salt, LIMIT_SALT});
}

/* For when no leaf that stands here is of any of them. */
static void
forget_batches(struct witness *witness)
{
    for (size_t i = 0; i < witness->batch_count; i++)
        secret_wipe(&witness->batches[i].secret);
    witness->batch_count = 0;
}

static void
note_batch(struct witness *witness, uint64_t first, const uint8_t *ephemeral,
           const uint8_t *salt)
{
    struct witness_batch *batch;

    if (witness->batch_count > 0 &&
        witness->batches[witness->batch_count - 1].first == first)
        return;
    witness->batches = grow_list(witness->batches, &witness->batch_cap,
                                 witness->batch_count + 1, sizeof(*batch));
    batch = &witness->batches[witness->batch_count++];
    *batch = (struct witness_batch){.first = first};
    memcpy(batch->ephemeral, ephemeral, LIMIT_KEY);
    memcpy(batch->salt, salt, LIMIT_SALT);
}

enum status
witness_leaves(struct witness *witness, uint64_t first,
               const uint8_t *ephemeral, const uint8_t *salt, uint64_t start,
               struct span leaves)
{
    size_t        count = leaves.len / LEAF_LEN;
    struct reader in = reader_of(leaves);

    if (leaves.len % LEAF_LEN != 0 || count == 0)
        return STATUS_BAD_ENCODING;
    if (start != witness_staged(witness) || witness->stopped ||
        !batch_fits(witness, first, ephemeral, salt, start))
        return STATUS_BAD_STATE;
    if (start + count > lane_reach(witness))
        return STATUS_TOO_LARGE;
    if (witness->leaf_count == 0)
        forget_batches(witness);
    leaves_grow(witness, witness->leaf_count + count);
    note_batch(witness, first, ephemeral, salt);
    for (size_t i = 0; i < count; i++) {
        struct witness_leaf *leaf;

        witness->leaf_count++;
        leaf = leaf_at(witness, start + i);
        *leaf = (struct witness_leaf){.first = first};
        reader_copy(&in, leaf->bytes, LEAF_LEN);
    }
    return reader_end(&in);
}

/* Leaves above the committed size are forgotten. */
static void
drop_staged(struct witness *witness)
{
    witness->leaf_count = (size_t)(witness->head.size - witness->whole);
    while (witness->batch_count > 0 &&
           witness->batches[witness->batch_count - 1].first >=
               witness->head.size) {
        witness->batch_count--;
        secret_wipe(&witness->batches[witness->batch_count].secret);
    }
}

void
witness_unstage(struct witness *witness)
{
    drop_staged(witness);
    witness->by_stick = false;
}

struct witness_batch *
witness_batch_of(const struct witness *witness, const struct witness_leaf *leaf)
{
    size_t low = 0, high = witness->batch_count;

    while (high - low > 1) { /* (I5) */
        size_t middle = low + (high - low) / 2;

        if (witness->batches[middle].first <= leaf->first)
            low = middle;
        else
            high = middle;
    }
    assert(high > low && witness->batches[low].first == leaf->first);
    return &witness->batches[low];
}

/* The committed leaves as records, one for each run of one batch. */
static void
save_leaves(struct witness *witness, struct context *turn, uint64_t from,
            uint64_t to)
{
    while (from < to) {
        const struct witness_leaf  *leaf = leaf_at(witness, from);
        const struct witness_batch *batch = witness_batch_of(witness, leaf);
        struct record               record = {.kind = RECORD_IN_LEAVES,
                                              .origin = witness->origin,
                                              .first = batch->first,
                                              .index = from};
        size_t        room = (size_t)(to - from) * LEAF_LEN;
        struct writer out = writer_of(effects_alloc(turn->out, room), room);

        memcpy(record.ephemeral, batch->ephemeral, LIMIT_KEY);
        memcpy(record.salt, batch->salt, LIMIT_SALT);
        while (from < to && leaf_at(witness, from)->first == batch->first)
            writer_put(&out, SPAN_OF(leaf_at(witness, from++)->bytes));
        record.bytes = writer_span(&out);
        context_save(turn, &record, NULL);
    }
}

static void
note_head(struct witness *witness, const struct head *head)
{
    witness->heads = grow_list(witness->heads, &witness->head_cap,
                               witness->head_count + 1,
                               sizeof(*witness->heads));
    witness->heads[witness->head_count++] = *head;
}

static void
commit_head(struct witness *witness, struct context *turn,
            const struct head *head, const uint8_t *signature,
            const struct merkle_frontier *frontier)
{
    struct record record = {.kind = RECORD_IN_HEAD,
                            .origin = witness->origin,
                            .size = head->size,
                            .time = turn->input->wall_ms};

    memcpy(record.root, head->root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, signature, LIMIT_SIGNATURE);
    if (!witness->ours) { /* else regain.c saves what it is */
        save_leaves(witness, turn, witness->head.size, head->size);
        context_save(turn, &record, NULL);
    }
    witness->frontier = *frontier; /* (I1) */
    witness->head = *head;
    memcpy(witness->signature, signature, LIMIT_SIGNATURE);
    witness->refetched = false;
    note_head(witness, head);
}

/* (I4): the head that stopped it is the evidence. */
static enum status
stop(struct witness *witness, struct context *turn, const struct head *head,
     const uint8_t *signature)
{
    struct record record = {.kind = RECORD_STOPPED,
                            .origin = witness->origin,
                            .size = head->size,
                            .time = turn->input->wall_ms};

    memcpy(record.root, head->root.bytes, LIMIT_DIGEST);
    memcpy(record.signature, signature, LIMIT_SIGNATURE);
    context_save(turn, &record, NULL);
    witness->stopped = true;
    drop_staged(witness);
    return STATUS_FORK;
}

/* The frontier over the staged leaves below `size` too. */
static void
extend(const struct witness *witness, uint64_t size,
       struct merkle_frontier *frontier)
{
    struct digest hash;

    for (uint64_t i = frontier->size; i < size; i++) {
        merkle_leaf_hash(SPAN_OF(leaf_at(witness, i)->bytes), &hash);
        merkle_append(frontier, &hash);
    }
}

/* One below ours, as an old bundle has them.  Roots are kept of heads that wait
 * for a receipt, and of the newest that has one. */
static enum status
take_old_head(struct witness *witness, struct context *turn,
              const struct head *head, const uint8_t *signature)
{
    const struct head *known = NULL;

    if (witness->cosigned.size == head->size && head->size > 0)
        known = &witness->cosigned;
    for (size_t i = 0; i < witness->head_count; i++)
        if (witness->heads[i].size == head->size)
            known = &witness->heads[i];
    if (known == NULL)
        return STATUS_BAD_STATE;
    return head_equal(known, head) ? STATUS_DUPLICATE
                                   : stop(witness, turn, head, signature);
}

enum status
witness_head(struct witness *witness, struct context *turn,
             const struct head *head,
             const uint8_t signature[static LIMIT_SIGNATURE],
             const uint8_t *log_key)
{
    struct merkle_frontier frontier = witness->frontier;
    struct head            computed = {.size = head->size};
    enum status            st;

    if (witness->stopped)
        return STATUS_BAD_STATE; /* (I4) */
    st = checkpoint_verify(origin_span(&witness->text), head, log_key,
                           signature);
    if (st != STATUS_OK)
        return st;
    if (head->size == witness->head.size) {
        if (head_equal(head, &witness->head))
            return STATUS_DUPLICATE;
        return stop(witness, turn, head, signature);
    }
    if (head->size > lane_reach(witness))
        return STATUS_TOO_LARGE;
    if (head->size < witness->head.size)
        return take_old_head(witness, turn, head, signature);
    if (head->size > witness_staged(witness))
        return STATUS_BAD_STATE;
    if (head->size == witness->shown.size &&
        !head_equal(head, &witness->shown))
        return stop(witness, turn, head, signature);
    extend(witness, head->size, &frontier);
    merkle_root(&frontier, &computed.root);
    if (head_equal(head, &computed)) {
        commit_head(witness, turn, head, signature, &frontier);
        return STATUS_OK;
    }
    if (witness->refetched) /* once more, then never */
        return stop(witness, turn, head, signature);
    drop_staged(witness);
    witness->leaves_due = true;
    witness->refetched = true;
    return STATUS_BAD_ROOT;
}

const struct witness_leaf *
witness_wanted(const struct witness *witness, uint64_t index)
{
    const struct witness_leaf *leaf;

    if (index < witness->whole || index >= witness->head.size)
        return NULL;
    leaf = leaf_at(witness, index);
    return leaf->settled ? NULL : leaf;
}

enum status
witness_piece(struct witness *witness, uint64_t index, uint32_t offset,
              struct span piece, struct span *body)
{
    const struct witness_leaf  *wanted;
    const struct witness_batch *batch;
    struct seal_batch           fields;
    struct leaf                 leaf;
    enum status                 st;

    if (index >= witness->head.size)
        return STATUS_BAD_STATE;
    wanted = witness_wanted(witness, index);
    if (wanted == NULL)
        return STATUS_DUPLICATE;
    st = leaf_decode(SPAN_OF(wanted->bytes), &leaf);
    if (st == STATUS_OK)
        st = leaf_check(&leaf);
    if (st != STATUS_OK)
        return STATUS_BAD_STATE; /* it was refused; nobody asked for it */
    st = assembly_put(&witness->assembly[leaf.precedence], index,
                      leaf_body_len(&leaf), offset, piece, body);
    if (st != STATUS_OK)
        return st;
    batch = witness_batch_of(witness, wanted);
    fields = (struct seal_batch){.origin = origin_span(&witness->text),
                                 .first_index = batch->first};
    memcpy(fields.ephemeral, batch->ephemeral, LIMIT_KEY);
    memcpy(fields.salt, batch->salt, LIMIT_SALT);
    return seal_check_digest(&leaf, &fields, index, *body);
}

bool
witness_spoiled(struct witness *witness, uint64_t index)
{
    struct witness_leaf *leaf = leaf_at(witness, index);

    assert(!leaf->settled && leaf->spoiled < LIMIT_BODY_TRIES);
    return ++leaf->spoiled == LIMIT_BODY_TRIES;
}

void
witness_settle(struct witness *witness, uint64_t index)
{
    leaf_at(witness, index)->settled = true;
    while (witness->whole < witness->head.size &&
           leaf_at(witness, witness->whole)->settled) {
        witness->leaf_head = (witness->leaf_head + 1) % witness->leaf_cap;
        witness->leaf_count--;
        witness->whole++; /* (I2) */
    }
    /* Batches stand in order of `first`; the one in use begins at most at
     * `whole`. */
    while (witness->batch_count > 1 &&
           witness->batches[1].first <= witness->whole) {
        secret_wipe(&witness->batches[0].secret);
        witness->batch_count--;
        memmove(witness->batches, witness->batches + 1,
                witness->batch_count * sizeof(*witness->batches));
    }
}

void
witness_restore(struct witness *witness, const struct merkle_frontier *frontier,
                uint64_t whole, bool stopped)
{
    witness->frontier = *frontier;
    witness->head.size = frontier->size;
    merkle_root(frontier, &witness->head.root);
    witness->whole = whole;
    witness->stopped = stopped;
    leaves_grow(witness, (size_t)(frontier->size - whole));
    witness->leaf_count = (size_t)(frontier->size - whole);
    for (uint64_t i = whole; i < frontier->size; i++)
        leaf_at(witness, i)->settled = true;
}

enum status
witness_restore_missing(struct witness *witness, const struct record *record)
{
    struct reader        bytes = reader_of(record->leaf);
    struct witness_leaf *leaf;

    if (record->index < witness->whole ||
        record->index >= witness->head.size || record->first > record->index)
        return STATUS_CORRUPT;
    if (witness->batch_count > 0 &&
        witness->batches[witness->batch_count - 1].first > record->first)
        return STATUS_CORRUPT; /* (I5) */
    note_batch(witness, record->first, record->ephemeral, record->salt);
    leaf = leaf_at(witness, record->index);
    leaf->first = record->first;
    leaf->settled = false;
    reader_copy(&bytes, leaf->bytes, LEAF_LEN);
    return STATUS_OK;
}

enum status
witness_restore_head(struct witness *witness, const struct head *head,
                     const uint8_t *signature)
{
    struct merkle_frontier frontier = witness->frontier;
    struct head            computed = {.size = head->size};

    if (head->size > witness_staged(witness))
        return STATUS_CORRUPT;
    if (head->size >= witness->head.size) {
        extend(witness, head->size, &frontier);
        merkle_root(&frontier, &computed.root);
        if (!head_equal(head, &computed))
            return STATUS_CORRUPT;
        witness->frontier = frontier;
        witness->head = *head;
        memcpy(witness->signature, signature, LIMIT_SIGNATURE);
    }
    note_head(witness, head);
    return STATUS_OK;
}

void
witness_unlink(struct witness *witness)
{
    witness_unstage(witness);
    drop_pieces(witness);
    witness->cosignature_due = false;
    witness->leaves_due = false;
    witness->bodies_due = false;
}

void
witness_quiesce(struct witness *witness)
{
    for (uint64_t i = witness->whole; i < witness->head.size; i++)
        leaf_at(witness, i)->spoiled = 0;
    witness->refetched = false;
    witness->shown = (struct head){0};
    witness->shown_s = 0;
    witness->told = 0;
}

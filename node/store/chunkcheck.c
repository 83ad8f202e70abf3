/*
 * chunkcheck.c - one file after the other, chunk by chunk, against the digest
 * in its name and the tree beside it.
 *
 * Invariant: the digest alone says that a whole file is right; the tree says
 * where one is wrong, and what of a partial one is not as it came.
 */
#include "node/store/chunkcheck.h"

#include "crypto/attachment.h"
#include "crypto/chunk_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const struct disk *disk;
    void (*each)(void *arg, const struct chunkcheck_fault *fault);
    void              *arg;
    struct chunkcheck *out;
    uint8_t           *chunk; /* [LIMIT_CHUNK_SEALED] */
    /* the file being read */
    struct chunkfile_name  name;
    struct digest          digest;
    bool                   partial;
    int                    file;
    int                    tree; /* -1: none */
    struct merkle_frontier frontier;
    bool                   tree_wrong;
    bool                   leaf_wrong;
    uint64_t               first; /* chunk with a wrong leaf */
};

const char *
chunkcheck_words(enum chunkcheck_kind kind)
{
    static const char *const words[] = {
#define CHUNKCHECK_WORDS(name, text) text,
        CHUNKCHECK_LIST(CHUNKCHECK_WORDS)
#undef CHUNKCHECK_WORDS
    };

    return words[kind];
}

static void
say(struct check *check, enum chunkcheck_kind kind, const char *name)
{
    struct chunkcheck_fault fault = {.kind = kind,
                                     .name = name,
                                     .located = check->leaf_wrong,
                                     .chunk = check->first};

    check->out->faults++;
    check->each(check->arg, &fault);
}

/* --- one file ------------------------------------------------------------ */

/* What the chunk adds to the tree, against what stands there. */
static enum status
compare_nodes(struct check *check, const struct digest *leaf)
{
    struct digest nodes[MERKLE_LEVELS];
    struct digest noted[MERKLE_LEVELS];
    uint64_t      index = check->frontier.size;
    uint64_t      at = chunk_tree_leaf_place(index) * LIMIT_DIGEST;
    size_t        len = chunk_tree_append(&check->frontier, leaf, nodes) *
                 LIMIT_DIGEST;
    size_t        got = 0;
    enum status   st = STATUS_OK;

    if (check->tree >= 0)
        st = check->disk->ops->read(check->disk->self, check->tree, at,
                                    noted[0].bytes, len, &got);
    if (st != STATUS_OK)
        return st;
    if (got == len && memcmp(nodes, noted, len) == 0)
        return STATUS_OK;
    check->tree_wrong = true;
    if (got >= LIMIT_DIGEST && digest_equal(&nodes[0], &noted[0]))
        return STATUS_OK;
    if (!check->leaf_wrong)
        check->first = index;
    check->leaf_wrong = true;
    return STATUS_OK;
}

static enum status
read_chunks(struct check *check)
{
    const struct disk *disk = check->disk;
    enum status        st = STATUS_OK;
    size_t             got = LIMIT_CHUNK_SEALED;

    while (got == LIMIT_CHUNK_SEALED && check->frontier.size < LIMIT_CHUNKS) {
        uint64_t      index = check->frontier.size;
        struct digest leaf;

        st = disk->ops->read(disk->self, check->file,
                             index * LIMIT_CHUNK_SEALED, check->chunk,
                             LIMIT_CHUNK_SEALED, &got);
        if (st != STATUS_OK || got == 0)
            break;
        attachment_leaf(index, (struct span){check->chunk, got}, &leaf);
        st = compare_nodes(check, &leaf);
        if (st != STATUS_OK)
            break;
    }
    return st;
}

/* A tree has no byte behind its last node; that of a partial one may be
 * ahead of its chunks. */
static enum status
check_tree_end(struct check *check)
{
    uint64_t    nodes = chunk_tree_places(check->frontier.size);
    uint64_t    size = 0;
    enum status st = STATUS_OK;

    if (check->tree >= 0)
        st = check->disk->ops->size(check->disk->self, check->tree, &size);
    if (size != nodes * LIMIT_DIGEST && !check->partial)
        check->tree_wrong = true;
    return st;
}

static void
judge(struct check *check)
{
    struct digest root;
    bool          right;

    merkle_root(&check->frontier, &root);
    right = check->partial ? !check->leaf_wrong
                           : digest_equal(&root, &check->digest);
    if (!right) {
        say(check, check->partial ? CHUNKCHECK_PARTIAL : CHUNKCHECK_WHOLE,
            check->name.text);
    } else if (check->tree_wrong) {
        say(check, CHUNKCHECK_TREE, chunkfile_tree(&check->name).text);
    }
}

static void
check_file(struct check *check)
{
    const struct disk    *disk = check->disk;
    struct chunkfile_name tree = chunkfile_tree(&check->name);
    enum status           st;

    merkle_init(&check->frontier);
    check->tree_wrong = check->leaf_wrong = false;
    check->first = 0;
    check->tree = -1;
    st = disk->ops->open(disk->self, check->name.text, false, &check->file);
    if (st == STATUS_NOT_FOUND)
        return;
    if (st == STATUS_OK) {
        if (disk->ops->open(disk->self, tree.text, false, &check->tree) !=
            STATUS_OK)
            check->tree = -1;
        st = read_chunks(check);
        if (st == STATUS_OK)
            st = check_tree_end(check);
        disk->ops->close(disk->self, check->file);
        if (check->tree >= 0)
            disk->ops->close(disk->self, check->tree);
    }
    check->out->files++;
    if (st == STATUS_OK)
        judge(check);
    else
        say(check, CHUNKCHECK_UNREADABLE, check->name.text);
}

static void
on_name(void *arg, const char *name)
{
    struct check *check = arg;

    if (!chunkfile_parse(name, &check->digest, &check->partial))
        return;
    snprintf(check->name.text, sizeof(check->name.text), "%s", name);
    check_file(check);
}

enum status
chunkcheck_read(const struct disk *disk,
                void (*each)(void *arg, const struct chunkcheck_fault *fault),
                void *arg, struct chunkcheck *out)
{
    struct check check = {.disk = disk, .each = each, .arg = arg, .out = out};
    enum status  st;

    *out = (struct chunkcheck){0};
    check.chunk = malloc(LIMIT_CHUNK_SEALED);
    if (check.chunk == NULL)
        return STATUS_FULL;
    st = disk->ops->list(disk->self, on_name, &check);
    free(check.chunk);
    return st;
}

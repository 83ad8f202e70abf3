/*
 * chunkfile.c - chunks by their place.
 *
 * Invariants:
 *  (I1) chunk i begins at i * LIMIT_CHUNK_SEALED, whatever its length;
 *  (I2) what is given with a proof was checked against the root, so that a
 *       damaged file says nothing false.
 */
#include "node/store/chunkfile.h"

#include "crypto/attachment.h"
#include "node/store/chunktree.h"
#include "proto/text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PARTIAL ".partial"
#define TREE ".tree"

/* --- names --------------------------------------------------------------- */

struct chunkfile_name
chunkfile_upload(uint64_t number)
{
    struct chunkfile_name name;

    snprintf(name.text, sizeof(name.text), "upload-%llu",
             (unsigned long long)number);
    return name;
}

struct chunkfile_name
chunkfile_ours(const struct digest *digest)
{
    struct chunkfile_name name;

    static_assert(sizeof(name.text) > 2 * LIMIT_DIGEST, "fits");
    hex_encode(digest->bytes, sizeof(digest->bytes), name.text);
    return name;
}

static struct chunkfile_name
of_peer(const struct node_id *peer, const struct digest *digest,
        const char *ending)
{
    struct chunkfile_name name;
    char                  node[2 * LIMIT_NODE_ID + 1];
    char                  root[2 * LIMIT_DIGEST + 1];

    hex_encode(peer->bytes, sizeof(peer->bytes), node);
    hex_encode(digest->bytes, sizeof(digest->bytes), root);
    snprintf(name.text, sizeof(name.text), "%s-%s%s", node, root, ending);
    return name;
}

struct chunkfile_name
chunkfile_partial(const struct node_id *peer, const struct digest *digest)
{
    return of_peer(peer, digest, PARTIAL);
}

struct chunkfile_name
chunkfile_theirs(const struct node_id *peer, const struct digest *digest)
{
    return of_peer(peer, digest, "");
}

struct chunkfile_name
chunkfile_tree(const struct chunkfile_name *name)
{
    struct chunkfile_name tree;
    size_t                len = strlen(name->text);

    assert(len + sizeof(TREE) <= sizeof(tree.text));
    memcpy(tree.text, name->text, len);
    memcpy(tree.text + len, TREE, sizeof(TREE));
    return tree;
}

bool
chunkfile_parse(const char *text, struct digest *digest, bool *is_partial)
{
    enum { NODE_HEX = 2 * LIMIT_NODE_ID, DIGEST_HEX = 2 * LIMIT_DIGEST };
    size_t len = strlen(text);

    if (len > NODE_HEX && text[NODE_HEX] == '-') {
        text += NODE_HEX + 1;
        len -= NODE_HEX + 1;
    }
    *is_partial = len == DIGEST_HEX + strlen(PARTIAL) &&
                  strcmp(text + DIGEST_HEX, PARTIAL) == 0;
    return (*is_partial || len == DIGEST_HEX) &&
           hex_decode((struct span){(const uint8_t *)text, DIGEST_HEX},
                      digest->bytes, LIMIT_DIGEST) == STATUS_OK;
}

/* --- open and closed ----------------------------------------------------- */

NODISCARD static enum status
open_one(const struct disk *disk, const struct chunkfile_name *name,
         bool create, int *out, bool *made)
{
    enum status st = disk->ops->open(disk->self, name->text, false, out);

    if (st != STATUS_NOT_FOUND || !create)
        return st;
    *made = true;
    return disk->ops->open(disk->self, name->text, true, out);
}

enum status
chunkfile_open(const struct disk *disk, const struct chunkfile_name *name,
               bool create, struct chunkfile *out, bool *made)
{
    struct chunkfile_name tree = chunkfile_tree(name);
    struct chunkfile      file = {.disk = disk, .file = -1, .tree = -1};
    bool                  new = false;
    enum status           st;

    st = open_one(disk, name, create, &file.file, &new);
    if (st != STATUS_OK)
        return st;
    st = open_one(disk, &tree, true, &file.tree, &new);
    if (st != STATUS_OK) {
        chunkfile_close(&file);
        return st;
    }
    if (made != NULL)
        *made = new;
    *out = file;
    return STATUS_OK;
}

void
chunkfile_close(struct chunkfile *file)
{
    if (file->disk == NULL)
        return;
    if (file->file >= 0)
        file->disk->ops->close(file->disk->self, file->file);
    if (file->tree >= 0)
        file->disk->ops->close(file->disk->self, file->tree);
    *file = (struct chunkfile){.file = -1, .tree = -1};
}

enum status
chunkfile_size(const struct chunkfile *file, uint64_t *out)
{
    return file->disk->ops->size(file->disk->self, file->file, out);
}

enum status
chunkfile_sync(const struct chunkfile *file)
{
    const struct disk *disk = file->disk;
    enum status        st = disk->ops->sync(disk->self, file->file);

    return st == STATUS_OK ? disk->ops->sync(disk->self, file->tree) : st;
}

enum status
chunkfile_rename(const struct disk *disk, const struct chunkfile_name *from,
                 const struct chunkfile_name *to)
{
    struct chunkfile_name from_tree = chunkfile_tree(from);
    struct chunkfile_name to_tree = chunkfile_tree(to);
    enum status           st;

    st = disk->ops->rename(disk->self, from_tree.text, to_tree.text);
    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = disk->ops->rename(disk->self, from->text, to->text);
    return st == STATUS_OK ? disk->ops->sync_folder(disk->self) : st;
}

enum status
chunkfile_remove(const struct disk *disk, const struct chunkfile_name *name)
{
    struct chunkfile_name tree = chunkfile_tree(name);
    enum status           st = disk->ops->remove(disk->self, name->text);
    enum status           second = disk->ops->remove(disk->self, tree.text);

    if (st == STATUS_OK || st == STATUS_NOT_FOUND)
        st = second;
    return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

/* --- chunks -------------------------------------------------------------- */

static struct chunktree
tree_in(const struct chunkfile *file)
{
    return (struct chunktree){.disk = file->disk, .file = file->tree};
}

enum status
chunkfile_put(const struct chunkfile *file, uint64_t index, struct span sealed,
              struct digest *leaf)
{
    const struct disk *disk = file->disk;
    struct chunktree   tree = tree_in(file);
    enum status        st;

    assert(sealed.len <= LIMIT_CHUNK_SEALED);
    st = disk->ops->write(disk->self, file->file, index * LIMIT_CHUNK_SEALED,
                          sealed); /* (I1) */
    if (st != STATUS_OK)
        return st;
    attachment_leaf(index, sealed, leaf);
    return chunktree_put(&tree, index, leaf);
}

enum status
chunkfile_leaf(const struct chunkfile *file, uint64_t index,
               struct digest *out)
{
    struct chunktree tree = tree_in(file);

    return chunktree_leaf(&tree, index, out);
}

enum status
chunkfile_cut(const struct chunkfile *file, uint64_t size)
{
    const struct disk *disk = file->disk;
    uint64_t           was;
    enum status        st = chunkfile_size(file, &was);

    if (st != STATUS_OK || was <= size)
        return st;
    return disk->ops->truncate(disk->self, file->file, size);
}

enum status
chunkfile_get(const struct chunkfile *file, uint64_t index,
              uint8_t out[static LIMIT_CHUNK_SEALED], size_t *got)
{
    const struct disk *disk = file->disk;

    return disk->ops->read(disk->self, file->file, index * LIMIT_CHUNK_SEALED,
                           out, LIMIT_CHUNK_SEALED, got);
}

/* --- with a proof -------------------------------------------------------- */

/* Reads every chunk, and so the whole file: for a tree that was damaged. */
NODISCARD static enum status
make_tree(const struct chunkfile *file, uint64_t count,
          uint8_t buffer[static LIMIT_CHUNK_SEALED])
{
    struct chunktree tree = tree_in(file);
    enum status      st = STATUS_OK;

    for (uint64_t i = 0; st == STATUS_OK && i < count; i++) {
        struct digest leaf;
        size_t        got = 0;

        st = chunkfile_get(file, i, buffer, &got);
        if (st != STATUS_OK)
            return st;
        attachment_leaf(i, (struct span){buffer, got}, &leaf);
        st = chunktree_put(&tree, i, &leaf);
    }
    return st;
}

NODISCARD static enum status
prove_once(const struct chunkfile *file, const struct digest *root,
           uint64_t index, uint64_t count,
           uint8_t out[static LIMIT_CHUNK_SEALED], size_t *got,
           struct merkle_proof *proof)
{
    struct chunktree tree = tree_in(file);
    struct digest    leaf;
    enum status      st = chunkfile_get(file, index, out, got);

    if (st == STATUS_OK)
        st = chunktree_prove(&tree, index, count, proof);
    if (st != STATUS_OK)
        return st;
    attachment_leaf(index, (struct span){out, *got}, &leaf);
    st = merkle_inclusion_verify(proof, index, count, &leaf, root); /* (I2) */
    return st == STATUS_OK ? STATUS_OK : STATUS_CORRUPT;
}

enum status
chunkfile_prove(const struct chunkfile *file, const struct digest *root,
                uint64_t index, uint64_t count,
                uint8_t out[static LIMIT_CHUNK_SEALED], size_t *got,
                struct merkle_proof *proof)
{
    enum status st = STATUS_CORRUPT;

    if (index < count && count <= LIMIT_CHUNKS)
        st = prove_once(file, root, index, count, out, got, proof);
    if (st != STATUS_CORRUPT || index >= count || count > LIMIT_CHUNKS)
        return st;
    st = make_tree(file, count, out);
    if (st != STATUS_OK)
        return st;
    return prove_once(file, root, index, count, out, got, proof);
}

/*
 * chunkfile.h - the sealed chunks of one attachment, one behind the other in
 * a file, and their tree (chunktree.h) in another beside it.
 *
 * Three kinds, told by their names in HOME/attachments:
 *
 *   upload-<number>                      a client is still bringing it
 *   <digest>                             ours, whole, for all its readers
 *   <peer>-<digest>.partial              theirs, as far as it has come
 *   <peer>-<digest>                      theirs, whole and checked
 *
 * and each with `.tree` behind it.  A digest is the root over the chunks, so
 * whoever reads a file can tell whether it is what its name says.
 */
#ifndef STORE_CHUNKFILE_H
#define STORE_CHUNKFILE_H

#include "crypto/merkle.h"
#include "node/core/event.h"
#include "node/host/file.h"

struct chunkfile_name {
    char text[128];
};

struct chunkfile_name chunkfile_upload(uint64_t number);
struct chunkfile_name chunkfile_ours(const struct digest *digest);
struct chunkfile_name chunkfile_partial(const struct node_id *peer,
                                        const struct digest  *digest);
struct chunkfile_name chunkfile_theirs(const struct node_id *peer,
                                       const struct digest  *digest);

/* Of the tree beside it. */
struct chunkfile_name chunkfile_tree(const struct chunkfile_name *name);
/* What a name says; false: it is that of a tree, of an upload, or no such. */
bool chunkfile_parse(const char *text, struct digest *digest,
                     bool *is_partial);

/* Borrows the disk for its life. */
struct chunkfile {
    const struct disk *disk;
    int                file;
    int                tree;
};

/* NOT_FOUND unless `create`, which makes what is missing of the two; a missing
 * tree alone is made in any case.  *made (may be NULL): names are new, and
 * durable after sync_folder.  NO_SPACE, IO; then nothing is open. */
NODISCARD enum status chunkfile_open(const struct disk           *disk,
                                     const struct chunkfile_name *name,
                                     bool create, struct chunkfile *out,
                                     bool *made);
void                  chunkfile_close(struct chunkfile *file);

/* Bytes of all chunks. */
NODISCARD enum status chunkfile_size(const struct chunkfile *file,
                                     uint64_t               *out);

/* Writes a sealed chunk in its place and its leaf, which is also the answer,
 * into the tree; not synced.  NO_SPACE, IO. */
NODISCARD enum status chunkfile_put(const struct chunkfile *file,
                                    uint64_t index, struct span sealed,
                                    struct digest *leaf);

/* The leaf as the tree has it.  CORRUPT: it ends before; IO. */
NODISCARD enum status chunkfile_leaf(const struct chunkfile *file,
                                     uint64_t index, struct digest *out);

/* Reads chunk `index`: up to LIMIT_CHUNK_SEALED bytes, *got 0 behind the end.
 * Not checked. */
NODISCARD enum status chunkfile_get(const struct chunkfile *file,
                                    uint64_t                index,
                                    uint8_t out[static LIMIT_CHUNK_SEALED],
                                    size_t *got);

/*
 * The same with its inclusion proof under `root`, checked.  A tree that is
 * damaged is made again from the chunks.  CORRUPT: a chunk is.
 */
NODISCARD enum status
chunkfile_prove(const struct chunkfile *file, const struct digest *root,
                uint64_t index, uint64_t count,
                uint8_t out[static LIMIT_CHUNK_SEALED], size_t *got,
                struct merkle_proof *proof);

/* Only the first `size` bytes of the chunks stay.  NO_SPACE, IO. */
NODISCARD enum status chunkfile_cut(const struct chunkfile *file,
                                    uint64_t                size);

NODISCARD enum status chunkfile_sync(const struct chunkfile *file);

/* Both files and durably, open or not, over what has that name. */
NODISCARD enum status chunkfile_rename(const struct disk           *disk,
                                       const struct chunkfile_name *from,
                                       const struct chunkfile_name *to);
/* Both; OK where there is none. */
NODISCARD enum status chunkfile_remove(const struct disk           *disk,
                                       const struct chunkfile_name *name);

#endif

/* duo_files.c - see duo_files.h. */
#include "tests/unit/duo_files.h"

#include <stdlib.h>
#include <string.h>

static uint8_t *
copy(struct span bytes)
{
    uint8_t *at = malloc(bytes.len + 1);

    assert_non_null(at);
    memcpy(at, bytes.ptr, bytes.len);
    return at;
}

void
duo_file_clear(struct duo_file *file)
{
    for (size_t i = 0; i < DUO_CHUNKS; i++)
        free(file->chunk[i]);
    *file = (struct duo_file){0};
}

struct duo_file *
duo_file_of(struct duo_party *party, bool outgoing, const uint8_t *digest)
{
    for (size_t i = 0; i < DUO_FILES; i++) {
        struct duo_file *file = &party->files[i];

        if (file->used && file->outgoing == outgoing &&
            memcmp(file->digest, digest, LIMIT_DIGEST) == 0)
            return file;
    }
    return NULL;
}

static struct duo_file *
new_file(struct duo_party *party)
{
    for (size_t i = 0; i < DUO_FILES; i++)
        if (!party->files[i].used) {
            party->files[i].used = true;
            return &party->files[i];
        }
    fail_msg("too many files");
    return NULL;
}

static enum status
leaf_of(void *context, uint64_t index, struct digest *out)
{
    const struct duo_file *file = context;

    attachment_leaf(index, (struct span){file->chunk[index], file->len[index]},
                    out);
    return STATUS_OK;
}

static struct merkle_leaves
leaves_of(struct duo_file *file)
{
    return (struct merkle_leaves){.hash = leaf_of, .context = file};
}

struct duo_enclosed
duo_bring(struct duo_party *party, uint64_t size, uint8_t seed)
{
    struct duo_enclosed     out = {.size = size,
                                   .stored = attachment_stored_len(size)};
    struct duo_file        *file = new_file(party);
    struct merkle_leaves    leaves = leaves_of(file);
    struct attachment_shape shape;
    struct secret32         key;
    struct digest           root;
    uint8_t                 bytes[LIMIT_CHUNK_SEALED];

    memset(key.bytes, seed, LIMIT_KEY);
    memcpy(out.key, key.bytes, LIMIT_KEY);
    assert_int_equal(attachment_shape_of(out.stored, &shape), STATUS_OK);
    assert_true(shape.chunks <= DUO_CHUNKS);
    file->outgoing = true;
    file->count = file->here = shape.chunks;
    for (uint64_t i = 0; i < shape.chunks; i++) {
        size_t len = attachment_chunk_len(&shape, i);

        memset(bytes, (int)(seed + i), sizeof(bytes));
        attachment_seal(&key, i, i + 1 == shape.chunks,
                        (struct span){bytes, len - LIMIT_TAG}, bytes);
        file->chunk[i] = copy((struct span){bytes, len});
        file->len[i] = len;
    }
    assert_int_equal(merkle_root_of(&leaves, shape.chunks, &root), STATUS_OK);
    memcpy(file->digest, root.bytes, LIMIT_DIGEST);
    memcpy(out.digest, root.bytes, LIMIT_DIGEST);
    return out;
}

bool
duo_has(struct duo_party *party, const struct duo_enclosed *said)
{
    struct duo_file     *file = duo_file_of(party, false, said->digest);
    struct merkle_leaves leaves;
    struct digest        root;

    if (file == NULL || !file->whole || file->here != file->count)
        return false;
    leaves = leaves_of(file);
    assert_int_equal(merkle_root_of(&leaves, file->count, &root), STATUS_OK);
    return memcmp(root.bytes, said->digest, LIMIT_DIGEST) == 0;
}

void
duo_file_chunk(struct duo_party *party, const struct effect *effect)
{
    const struct effect_file *at = &effect->file;
    struct duo_file          *file = duo_file_of(party, false, at->digest);

    if (file == NULL) {
        file = new_file(party);
        file->peer = at->peer;
        file->count = at->count;
        memcpy(file->digest, at->digest, LIMIT_DIGEST);
    }
    assert_true(at->index <= file->here && at->index < DUO_CHUNKS);
    free(file->chunk[at->index]);
    file->chunk[at->index] = copy(effect->bytes);
    file->len[at->index] = effect->bytes.len;
    if (file->here <= at->index)
        file->here = at->index + 1;
}

void
duo_file_drop(struct duo_party *party, const struct effect_file *at)
{
    struct duo_file *file = duo_file_of(party, at->outgoing, at->digest);

    if (file != NULL && !file->whole)
        duo_file_clear(file);
}

static enum status
load_chunk(struct duo_party *party, const struct query *query,
           struct span text, struct writer *out)
{
    struct duo_file     *file = duo_file_of(party, true, text.ptr);
    struct merkle_leaves leaves;
    struct merkle_proof  proof;

    if (file == NULL || query->from >= file->here)
        return STATUS_NOT_FOUND;
    leaves = leaves_of(file);
    assert_int_equal(merkle_inclusion_make(&leaves, query->from, query->count,
                                           &proof),
                     STATUS_OK);
    writer_put(out, (struct span){file->chunk[query->from],
                                  file->len[query->from]});
    for (size_t i = 0; i < proof.count; i++)
        writer_put(out, digest_span(&proof.nodes[i]));
    return STATUS_OK;
}

/* A chunk that is damaged does not open, which stands in for the tree that a
 * store keeps beside the file. */
static enum status
load_whole(struct duo_party *party, const struct query *query,
           struct span text, struct writer *out)
{
    struct duo_file       *file = duo_file_of(party, false, text.ptr);
    struct merkle_frontier frontier;
    struct digest          leaf, root;

    if (file == NULL)
        return STATUS_NOT_FOUND;
    merkle_init(&frontier);
    for (uint64_t i = 0; i < file->here && file->len[i] > 0; i++) {
        attachment_leaf(i, (struct span){file->chunk[i], file->len[i]}, &leaf);
        merkle_append(&frontier, &leaf);
    }
    file->here = frontier.size;
    merkle_encode(&frontier, out);
    merkle_root(&frontier, &root);
    file->whole = frontier.size == query->count &&
                  memcmp(root.bytes, text.ptr, LIMIT_DIGEST) == 0;
    return file->whole ? STATUS_OK : STATUS_CORRUPT;
}

enum status
duo_file_load(struct duo_party *party, const struct query *query,
              struct span text, struct writer *out)
{
    if (query->kind == QUERY_CHUNK && party->reads_failing > 0) {
        party->reads_failing--;
        return party->reads_fail_as;
    }
    if (query->kind == QUERY_CHUNK)
        return load_chunk(party, query, text, out);
    if (query->kind == QUERY_WHOLE)
        return load_whole(party, query, text, out);
    for (size_t at = 0; at < text.len; at += LIMIT_DIGEST) {
        struct duo_file *file = duo_file_of(party, true, text.ptr + at);
        uint64_t         stored = 0;

        for (size_t i = 0; file != NULL && i < DUO_CHUNKS; i++)
            stored += file->len[i];
        writer_u64(out, stored);
    }
    return STATUS_OK;
}

/*
 * export_world.h - log exports of A and B, the world of PROTOCOL.md's
 * examples: leaf i of a log is 80 bytes of its own number, unless another
 * history is told from `forked_at` on.
 */
#ifndef TESTS_UNIT_EXPORT_WORLD_H
#define TESTS_UNIT_EXPORT_WORLD_H

#include "crypto/export.h"
#include "tests/unit/evidence_world.h"

enum { EXPORTED_LOGS = 4, EXPORTED_TEXT = 16384, EXPORTED_LEAVES = 16 };
enum exported_by { EXPORTED_A, EXPORTED_B };

struct exported {
    struct cert_encoded certs[2]; /* of A and B */
    uint64_t            forked_at; /* A's history is another from here on */
    bool                other_leaf; /* the first is not what was signed */
    uint64_t            receipted; /* of A's log, by B; 0: one less */
    uint8_t             text[EXPORTED_TEXT];
    size_t              len;
    struct export_log   logs[EXPORTED_LOGS];
    struct export       export;
};

/* Free it. */
static inline struct exported *
exported_new(void)
{
    struct exported *file = calloc(1, sizeof(*file));
    struct cert      b = cert_of_b();

    assert_non_null(file);
    file->certs[0] = good_cert_bytes();
    file->certs[1] = cert_bytes_of(&b, 0xb1);
    file->forked_at = UINT64_MAX;
    return file;
}

static inline struct span
exported_text(const struct exported *file)
{
    return (struct span){file->text, file->len};
}

static inline void
exported_head(uint8_t (*leaves)[LEAF_LEN], uint64_t size, struct head *out)
{
    struct proof_leaves  of = {leaves};
    struct merkle_leaves hashes = {proof_leaf_hash, &of};

    out->size = size;
    assert_int_equal(merkle_root_of(&hashes, size, &out->root), STATUS_OK);
}

static inline struct span
exported_note(const char *origin, uint8_t (*leaves)[LEAF_LEN], uint64_t size,
              const struct sign_key *log, const struct sign_key *witness,
              const struct node_id *reader, uint8_t *out)
{
    struct note_signatures signatures = {.cosigned = witness != NULL};
    struct note_witness    known = {.node = *reader};
    struct writer          to = writer_of(out, LIMIT_NOTE);
    struct head            head;

    exported_head(leaves, size, &head);
    checkpoint_sign(span_text(origin), &head, log, signatures.log_signature);
    if (witness != NULL) {
        memcpy(known.public_key, witness->public_key, LIMIT_KEY);
        cosignature_sign(span_text(origin), &head, EXAMPLE_COSIGNED_S, witness,
                         &signatures.cosignature);
    }
    assert_int_equal(note_write(span_text(origin), &head, log->public_key,
                                witness == NULL ? NULL : &known, &signatures,
                                &to),
                     STATUS_OK);
    return writer_span(&to);
}

/* One log of `size`, receipted up to `receipted`. */
static inline void
exported_log(const struct exported *file, const char *origin, uint64_t size,
             uint64_t receipted, unsigned log_first, unsigned witness_first,
             const struct node_id *reader, struct writer *out)
{
    struct sign_key log = sign_key_from(log_first);
    struct sign_key witness = sign_key_from(witness_first);
    uint8_t         leaves[EXPORTED_LEAVES][LEAF_LEN];
    uint8_t         newest[LIMIT_NOTE], smaller[LIMIT_NOTE];
    bool            own = strcmp(origin, ORIGIN) == 0;
    struct span     note, receipt = SPAN_EMPTY;

    if (size == 0)
        return;
    for (uint64_t i = 0; i < size; i++)
        memset(leaves[i], (int)(own && i >= file->forked_at ? 0x80 + i : i),
               LEAF_LEN);
    note = exported_note(origin, leaves, size, &log,
                         receipted == size ? &witness : NULL, reader, newest);
    if (receipted > 0 && receipted < size)
        receipt = exported_note(origin, leaves, receipted, &log, &witness,
                                reader, smaller);
    assert_int_equal(export_log(note, receipt, out), STATUS_OK);
    if (own && file->other_leaf)
        leaves[0][0] ^= 1;
    for (uint64_t i = 0; i < size; i++)
        export_leaf(leaves[i], out);
    export_end_log(out);
}

/* The file of A or B with so many entries of A's log and of B's. */
static inline void
exported_write(struct exported *file, enum exported_by by, uint64_t from_a,
               uint64_t from_b)
{
    struct writer  out = writer_of(file->text, sizeof(file->text));
    struct node_id a = good_cert().node;
    struct node_id b = cert_of_b().node;
    uint64_t       receipted =
        file->receipted > 0 || from_a == 0 ? file->receipted : from_a - 1;

    assert_int_equal(export_begin(cert_span(&file->certs[by]),
                                  cert_span(&file->certs[1 - by]), &out),
                     STATUS_OK);
    exported_log(file, ORIGIN, from_a, receipted, 0xc0, 0xe1, &b, &out);
    exported_log(file, ORIGIN_BACK, from_b, from_b, 0xc1, 0xe0, &a, &out);
    export_end(&out);
    assert_int_equal(writer_end(&out), STATUS_OK);
    file->len = out.len;
}

#endif

/* notes.c - made from fixed seeds, so that every run has the same bytes. */
#include "tests/fuzz/notes.h"

static enum status
hash_of(void *context, uint64_t index, struct digest *out)
{
    uint8_t leaf = (uint8_t)index;

    (void)context;
    merkle_leaf_hash((struct span){&leaf, 1}, out);
    return STATUS_OK;
}

void
notes_make(struct notes *out)
{
    const struct merkle_leaves leaves = {hash_of, NULL};
    const struct secret32      seed = {{1}};
    const struct secret32      witness_seed = {{2}};
    struct sign_key            witness;
    struct origin              origin = {.sender = {{1}},
                                         .recipient = {{2}},
                                         .realm = REALM_ACTUAL,
                                         .epoch = 1};
    enum status                st;

    *out = (struct notes){.origin = origin_format(&origin)};
    sign_key_from_seed(&seed, &out->log);
    sign_key_from_seed(&witness_seed, &witness);
    out->witness.node = origin.recipient;
    for (size_t i = 0; i < LIMIT_KEY; i++)
        out->witness.public_key[i] = witness.public_key[i];
    out->head.size = NOTES_LEAVES;
    st = merkle_root_of(&leaves, NOTES_LEAVES, &out->head.root);
    assert(st == STATUS_OK);
    st = merkle_inclusion_make(&leaves, NOTES_INDEX, NOTES_LEAVES,
                               &out->inclusion);
    assert(st == STATUS_OK);
    st = hash_of(NULL, NOTES_INDEX, &out->leaf);
    assert(st == STATUS_OK);
    checkpoint_sign(origin_span(&out->origin), &out->head, &out->log,
                    out->signatures.log_signature);
    cosignature_sign(origin_span(&out->origin), &out->head, 1700000000,
                     &witness, &out->signatures.cosignature);
}

struct span
notes_text(const struct notes *notes, bool cosigned, struct writer *out)
{
    struct note_signatures signatures = notes->signatures;
    enum status            st;

    signatures.cosigned = cosigned;
    st = note_write(origin_span(&notes->origin), &notes->head,
                    notes->log.public_key, cosigned ? &notes->witness : NULL,
                    &signatures, out);
    assert(st == STATUS_OK);
    return writer_span(out);
}

/*
 * proof.c - tlog-proof text, written and read.
 *
 * One spelling for one proof, as in notes: what parses is written again to
 * the same bytes.
 */
#include "crypto/proof.h"

#include "crypto/base64.h"
#include "crypto/lines.h"

#include <assert.h>

#define HEADER "c2sp.org/tlog-proof@v1"

static_assert(LIMIT_PROOF >= 256 + BASE64_LEN(LIMIT_PROOF_EXTRA) +
                                 MERKLE_PROOF_MAX * 45 + LIMIT_NOTE,
              "every proof that can be written fits");

enum status
proof_write(uint64_t index, const struct merkle_proof *inclusion,
            struct span extra, struct span note, struct writer *out)
{
    if (extra.len > LIMIT_PROOF_EXTRA || note.len > LIMIT_NOTE)
        return STATUS_TOO_LARGE;
    assert(index < LIMIT_TREE);
    assert(inclusion->count <= MERKLE_PROOF_MAX);
    writer_put(out, span_text(HEADER "\n"));
    if (extra.len > 0) {
        writer_put(out, span_text("extra "));
        base64_encode(extra, out);
        writer_put(out, span_text("\n"));
    }
    writer_put(out, span_text("index "));
    lines_put_decimal(out, index);
    writer_put(out, span_text("\n"));
    for (size_t i = 0; i < inclusion->count; i++) {
        base64_encode(digest_span(&inclusion->nodes[i]), out);
        writer_put(out, span_text("\n"));
    }
    writer_put(out, span_text("\n"));
    writer_put(out, note);
    return writer_end(out);
}

/* Canonical, not empty, within its limit; stays as it is. */
static bool
extra_valid(struct span base64)
{
    uint8_t bytes[LIMIT_PROOF_EXTRA];
    size_t  len = 0;

    return base64_decode(base64, bytes, sizeof(bytes), &len) == STATUS_OK &&
           len > 0;
}

/* Digest lines up to an empty one, which is taken too. */
static void
take_inclusion(struct lines *lines, struct merkle_proof *out)
{
    for (;;) {
        struct span line = lines_take(lines);

        if (line.len == 0)
            return;
        if (out->count == MERKLE_PROOF_MAX) {
            lines_fail(lines);
            return;
        }
        lines_base64(lines, line, out->nodes[out->count++].bytes,
                     LIMIT_DIGEST);
    }
}

enum status
proof_parse(struct span in, struct proof *out)
{
    struct lines lines = lines_of(in);
    struct proof proof = {0};
    enum status  st;

    if (in.len > LIMIT_PROOF)
        return STATUS_TOO_LARGE;
    if (lines_take_after(&lines, HEADER).len > 0)
        lines_fail(&lines);
    if (lines_next_begins(&lines, "extra ")) {
        proof.extra = lines_take_after(&lines, "extra ");
        if (!extra_valid(proof.extra))
            lines_fail(&lines);
    }
    proof.index = lines_decimal(&lines, lines_take_after(&lines, "index "),
                                LIMIT_TREE);
    take_inclusion(&lines, &proof.inclusion);
    if (lines.failed)
        return STATUS_BAD_ENCODING;
    st = note_parse(lines.left, &proof.note);
    if (st != STATUS_OK)
        return st;
    *out = proof;
    return STATUS_OK;
}

enum status
proof_verify(const struct proof *proof, const struct digest *leaf_hash,
             const uint8_t log_public[static LIMIT_KEY],
             const struct note_witness *witness, struct note_signatures *out)
{
    struct note_signatures found;
    const struct head     *head = &proof->note.head;
    enum status            st;

    st = note_verify(&proof->note, log_public, witness, &found);
    if (st != STATUS_OK)
        return st;
    st = merkle_inclusion_verify(&proof->inclusion, proof->index, head->size,
                                 leaf_hash, &head->root);
    if (st != STATUS_OK)
        return st;
    *out = found;
    return STATUS_OK;
}

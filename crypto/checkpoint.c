/*
 * checkpoint.c - the text of a head, signed by its log and by a witness.
 *
 * Invariants:
 *  (I1) one set of values has one text: the origin is checked, the size is
 *       written without leading zeros, the root in canonical base64;
 *  (I2) a checkpoint's text never begins as a cosignature's does, and neither
 *       holds a zero byte, which every label of ours ends in.
 */
#include "crypto/checkpoint.h"

#include "crypto/base64.h"
#include "crypto/lines.h"

#include <assert.h>

#define COSIGNATURE_HEADER "cosignature/v1"

enum {
    DECIMAL_MAX = 20,
    COSIGNATURE_TEXT_MAX = sizeof(COSIGNATURE_HEADER "\ntime \n") - 1 +
                           DECIMAL_MAX + CHECKPOINT_TEXT_MAX
};

bool
head_equal(const struct head *a, const struct head *b)
{
    return a->size == b->size && digest_equal(&a->root, &b->root);
}

bool
checkpoint_origin_valid(struct span origin)
{
    if (origin.len == 0 || origin.len > LIMIT_ORIGIN)
        return false;
    for (size_t i = 0; i < origin.len; i++) {
        uint8_t c = origin.ptr[i];

        if (c != '/' && c != '-' && !(c >= '0' && c <= '9') &&
            !(c >= 'a' && c <= 'z'))
            return false;
    }
    return !span_equal(origin, span_text(COSIGNATURE_HEADER)); /* (I2) */
}

enum status
checkpoint_text(struct span origin, const struct head *head,
                struct writer *out)
{
    if (!checkpoint_origin_valid(origin) || head->size > LIMIT_TREE)
        return STATUS_BAD_FIELD;
    writer_put(out, origin);
    writer_put(out, span_text("\n"));
    lines_put_decimal(out, head->size); /* (I1) */
    writer_put(out, span_text("\n"));
    base64_encode(digest_span(&head->root), out);
    writer_put(out, span_text("\n"));
    return writer_end(out);
}

/* What a witness signs (c2sp.org/tlog-cosignature, Ed25519 signed message). */
static enum status
cosignature_text(struct span origin, const struct head *head, uint64_t time_s,
                 struct writer *out)
{
    if (time_s > LIMIT_TREE)
        return STATUS_BAD_FIELD;
    writer_put(out, span_text(COSIGNATURE_HEADER "\ntime "));
    lines_put_decimal(out, time_s);
    writer_put(out, span_text("\n"));
    return checkpoint_text(origin, head, out);
}

void
checkpoint_sign(struct span origin, const struct head *head,
                const struct sign_key *log,
                uint8_t                out[static LIMIT_SIGNATURE])
{
    uint8_t       buffer[CHECKPOINT_TEXT_MAX];
    struct writer text = writer_of(buffer, sizeof(buffer));
    enum status   st = checkpoint_text(origin, head, &text);

    assert(st == STATUS_OK);
    sign_raw_make(log, writer_span(&text), out);
}

enum status
checkpoint_verify(struct span origin, const struct head *head,
                  const uint8_t log_public[static LIMIT_KEY],
                  const uint8_t signature[static LIMIT_SIGNATURE])
{
    uint8_t       buffer[CHECKPOINT_TEXT_MAX];
    struct writer text = writer_of(buffer, sizeof(buffer));
    enum status   st = checkpoint_text(origin, head, &text);

    if (st != STATUS_OK)
        return st;
    return sign_raw_verify(log_public, writer_span(&text), signature);
}

void
cosignature_sign(struct span origin, const struct head *head, uint64_t time_s,
                 const struct sign_key *witness, struct cosignature *out)
{
    uint8_t       buffer[COSIGNATURE_TEXT_MAX];
    struct writer text = writer_of(buffer, sizeof(buffer));
    enum status   st = cosignature_text(origin, head, time_s, &text);

    assert(st == STATUS_OK);
    out->time_s = time_s;
    sign_raw_make(witness, writer_span(&text), out->signature);
}

enum status
cosignature_verify(struct span origin, const struct head *head,
                   const struct cosignature *cosignature,
                   const uint8_t witness_public[static LIMIT_KEY])
{
    uint8_t       buffer[COSIGNATURE_TEXT_MAX];
    struct writer text = writer_of(buffer, sizeof(buffer));
    enum status   st = cosignature_text(origin, head, cosignature->time_s,
                                        &text);

    if (st != STATUS_OK)
        return st;
    return sign_raw_verify(witness_public, writer_span(&text),
                           cosignature->signature);
}

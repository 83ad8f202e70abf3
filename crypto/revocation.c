/*
 * revocation.c - revocations: one form for each value, read in place.
 *
 * Invariant:
 *  (I1) heads stand in strictly growing order of their origins and each is a
 *       channel of the revoked node; what breaks this is neither signed nor
 *       accepted.
 */
#include "crypto/revocation.h"

#include "proto/label.h"

#include <assert.h>
#include <string.h>

static_assert(LIMIT_REVOCATION <= LIMIT_SIGNED, "a revocation can be signed");
static_assert(LIMIT_REVOCATION < LIMIT_BODY, "and carried by an entry");

/* In byte order, a prefix first: below, equal or above 0. */
static int
compare_spans(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int    order = len > 0 ? memcmp(a.ptr, b.ptr, len) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

/* (I1); `before` is the head before this one, or an empty origin. */
static enum status
check_head(const struct node_id *node, struct span before,
           const struct revocation_head *head)
{
    struct origin origin;

    if (origin_parse(head->origin, &origin) != STATUS_OK)
        return STATUS_BAD_FIELD;
    if (!node_id_equal(node, &origin.sender) &&
        !node_id_equal(node, &origin.recipient))
        return STATUS_BAD_FIELD;
    if (compare_spans(before, head->origin) >= 0)
        return STATUS_BAD_FIELD;
    if (head->size > LIMIT_TREE)
        return STATUS_BAD_FIELD;
    return STATUS_OK;
}

static void
put_head(struct writer *out, const struct revocation_head *head)
{
    writer_put16(out, head->origin);
    writer_u64(out, head->size);
    writer_put(out, digest_span(&head->root));
}

static void
take_head(struct reader *in, struct revocation_head *head)
{
    head->origin = reader_take16(in, LIMIT_ORIGIN);
    head->size = reader_u64(in);
    reader_copy(in, head->root.bytes, sizeof(head->root.bytes));
}

static enum status
put_body(struct writer *out, const struct revocation *fields,
         const struct revocation_head *heads, size_t head_count)
{
    struct span before = SPAN_EMPTY;

    writer_u16(out, REVOCATION_VERSION);
    writer_u32(out, fields->number);
    writer_put(out, SPAN_OF(fields->org_key));
    writer_put(out, SPAN_OF(fields->node.bytes));
    writer_u32(out, fields->serial);
    writer_u16(out, (uint16_t)head_count);
    for (size_t i = 0; i < head_count; i++) {
        enum status st = check_head(&fields->node, before, &heads[i]);

        if (st != STATUS_OK)
            return st;
        put_head(out, &heads[i]);
        before = heads[i].origin;
    }
    return writer_end(out);
}

enum status
revocation_sign(const struct revocation      *fields,
                const struct revocation_head *heads, size_t head_count,
                const struct sign_key *org, uint8_t *out, size_t cap,
                size_t *len)
{
    struct writer to =
        writer_of(out, cap < LIMIT_REVOCATION ? cap : LIMIT_REVOCATION);
    uint8_t     signature[LIMIT_SIGNATURE];
    enum status st;

    if (fields->number == 0 || fields->serial == 0)
        return STATUS_BAD_FIELD;
    if (!span_equal(SPAN_OF(org->public_key), SPAN_OF(fields->org_key)))
        return STATUS_BAD_FIELD;
    if (head_count > UINT16_MAX)
        return STATUS_TOO_LARGE;
    st = put_body(&to, fields, heads, head_count);
    if (st != STATUS_OK)
        return st;
    sign_make(org, LABEL_REVOCATION, writer_span(&to), signature);
    writer_put(&to, SPAN_OF(signature));
    st = writer_end(&to);
    if (st == STATUS_OK)
        *len = to.len;
    return st;
}

/* Reads all heads once, and keeps where they stand. */
static enum status
take_heads(struct reader *in, struct revocation *revocation)
{
    struct revocation_head head = {0};
    struct span            before = SPAN_EMPTY;
    const uint8_t         *start = in->ptr;

    for (size_t i = 0; i < revocation->head_count; i++) {
        take_head(in, &head);
        if (in->failed)
            return STATUS_BAD_ENCODING;
        if (check_head(&revocation->node, before, &head) != STATUS_OK)
            return STATUS_BAD_FIELD;
        before = head.origin;
    }
    revocation->heads = (struct span){start, (size_t)(in->ptr - start)};
    return STATUS_OK;
}

static enum status
take_body(struct reader *in, struct revocation *revocation)
{
    uint16_t version = reader_u16(in);

    if (!in->failed && version != REVOCATION_VERSION)
        return STATUS_BAD_VERSION;
    revocation->number = reader_u32(in);
    reader_copy(in, revocation->org_key, sizeof(revocation->org_key));
    reader_copy(in, revocation->node.bytes, sizeof(revocation->node.bytes));
    revocation->serial = reader_u32(in);
    revocation->head_count = reader_u16(in);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    if (revocation->number == 0 || revocation->serial == 0)
        return STATUS_BAD_FIELD;
    return take_heads(in, revocation);
}

enum status
revocation_verify(struct span encoded, const uint8_t org_key[static LIMIT_KEY],
                  struct revocation *out)
{
    struct reader     in = reader_of(encoded);
    struct revocation revocation = {0};
    struct span       body;
    uint8_t           signature[LIMIT_SIGNATURE];
    enum status       st;

    if (encoded.len > LIMIT_REVOCATION)
        return STATUS_TOO_LARGE;
    st = take_body(&in, &revocation);
    if (st != STATUS_OK)
        return st;
    body = (struct span){encoded.ptr, encoded.len - in.left};
    reader_copy(&in, signature, sizeof(signature));
    st = reader_end(&in);
    if (st != STATUS_OK)
        return st;
    if (!span_equal((struct span){org_key, LIMIT_KEY},
                    SPAN_OF(revocation.org_key)))
        return STATUS_UNTRUSTED;
    st = sign_verify(org_key, LABEL_REVOCATION, body, signature);
    if (st != STATUS_OK)
        return st;
    *out = revocation;
    return STATUS_OK;
}

enum status
revocation_find(const struct revocation *revocation, struct span origin,
                struct revocation_head *out)
{
    struct reader in = reader_of(revocation->heads);

    while (in.left > 0) {
        struct revocation_head head = {0};

        take_head(&in, &head);
        assert(!in.failed); /* verified before */
        if (span_equal(head.origin, origin)) {
            *out = head;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

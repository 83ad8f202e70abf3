/*
 * origin.c - channel origins, written and read.
 *
 * Reading is strict by construction: what was understood is written again and
 * compared, so no second spelling of one origin exists.
 */
#include "proto/origin.h"

#include "proto/label.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const lane_names[LANE_COUNT] = {"wire", "courier"};

const char *
lane_name(enum lane lane)
{
    assert(lane < LANE_COUNT);
    return lane_names[lane];
}

bool
node_id_equal(const struct node_id *a, const struct node_id *b)
{
    return node_id_compare(a, b) == 0;
}

int
node_id_compare(const struct node_id *a, const struct node_id *b)
{
    int order = memcmp(a->bytes, b->bytes, sizeof(a->bytes));

    return (order > 0) - (order < 0);
}

void
hex_encode(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}

static int
hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

enum status
hex_decode(struct span text, uint8_t *out, size_t len)
{
    if (text.len != 2 * len)
        return STATUS_BAD_ENCODING;
    for (size_t i = 0; i < text.len; i++)
        if (hex_digit(text.ptr[i]) < 0)
            return STATUS_BAD_ENCODING;
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(hex_digit(text.ptr[2 * i]) << 4 |
                           hex_digit(text.ptr[2 * i + 1]));
    return STATUS_OK;
}

bool
realm_valid(struct span realm)
{
    struct span prefix = span_text(REALM_EXERCISE_PREFIX);

    if (span_equal(realm, span_text(REALM_ACTUAL)))
        return true;
    if (realm.len <= prefix.len || realm.len > REALM_LEN ||
        memcmp(realm.ptr, prefix.ptr, prefix.len) != 0)
        return false;
    for (size_t i = prefix.len; i < realm.len; i++) {
        uint8_t c = realm.ptr[i];

        if (c != '-' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'))
            return false;
    }
    return true;
}

struct origin_text
origin_format(const struct origin *origin)
{
    struct origin_text out;
    char               sender[2 * LIMIT_NODE_ID + 1];
    char               recipient[2 * LIMIT_NODE_ID + 1];
    int                len;

    assert(origin->epoch > 0);
    assert(realm_valid(span_text(origin->realm)));
    hex_encode(origin->sender.bytes, LIMIT_NODE_ID, sender);
    hex_encode(origin->recipient.bytes, LIMIT_NODE_ID, recipient);
    len = snprintf(out.text, sizeof(out.text),
                   LABEL_ORIGIN_PREFIX "%s/%s/%s/%s/%" PRIu64 "-%016" PRIx64,
                   sender, recipient, origin->realm, lane_name(origin->lane),
                   origin->epoch, origin->random);
    assert(len > 0 && (size_t)len < sizeof(out.text));
    out.len = (size_t)len;
    return out;
}

struct span
origin_span(const struct origin_text *text)
{
    return (struct span){(const uint8_t *)text->text, text->len};
}

/* Takes what stands before the next `mark`, and the mark. */
static struct span
take_until(struct span *in, char mark)
{
    const uint8_t *at = in->len > 0 ? memchr(in->ptr, mark, in->len) : NULL;
    struct span    part;

    if (at == NULL) {
        part = *in;
        *in = SPAN_EMPTY;
        return part;
    }
    part = (struct span){in->ptr, (size_t)(at - in->ptr)};
    *in = (struct span){at + 1, in->len - part.len - 1};
    return part;
}

/* Decimal that fits; anything odd gives 0 and fails the final comparison. */
static uint64_t
parse_decimal(struct span text)
{
    uint64_t value = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
        if (value > UINT64_MAX / 10 - 1)
            return 0;
        value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return value;
}

static enum status
parse_parts(struct span text, struct origin *out)
{
    uint8_t     random[8];
    struct span realm;
    struct span lane;
    enum status st;

    (void)take_until(&text, '/'); /* "entente", compared by the caller */
    (void)take_until(&text, '/'); /* "v1" */
    st = hex_decode(take_until(&text, '/'), out->sender.bytes, LIMIT_NODE_ID);
    if (st != STATUS_OK)
        return st;
    st = hex_decode(take_until(&text, '/'), out->recipient.bytes,
                    LIMIT_NODE_ID);
    if (st != STATUS_OK)
        return st;
    realm = take_until(&text, '/');
    if (!realm_valid(realm))
        return STATUS_BAD_ENCODING;
    memcpy(out->realm, realm.ptr, realm.len);
    lane = take_until(&text, '/');
    if (span_equal(lane, span_text("courier")))
        out->lane = LANE_COURIER;
    out->epoch = parse_decimal(take_until(&text, '-'));
    st = hex_decode(text, random, sizeof(random));
    if (st != STATUS_OK || out->epoch == 0)
        return STATUS_BAD_ENCODING;
    struct reader in = reader_of(SPAN_OF(random));
    out->random = reader_u64(&in);
    return STATUS_OK;
}

enum status
origin_parse(struct span text, struct origin *out)
{
    struct origin      parsed = {0};
    struct origin_text again;
    enum status        st;

    if (text.len > LIMIT_ORIGIN)
        return STATUS_BAD_ENCODING;
    st = parse_parts(text, &parsed);
    if (st != STATUS_OK)
        return st;
    again = origin_format(&parsed);
    if (!span_equal(text, origin_span(&again)))
        return STATUS_BAD_ENCODING;
    *out = parsed;
    return STATUS_OK;
}

bool
origin_is_between(const struct origin *origin, const struct node_id *sender,
                  const struct node_id *recipient)
{
    return node_id_equal(&origin->sender, sender) &&
           node_id_equal(&origin->recipient, recipient) &&
           strcmp(origin->realm, REALM_ACTUAL) == 0;
}

bool
origin_equal(const struct origin *a, const struct origin *b)
{
    return node_id_equal(&a->sender, &b->sender) &&
           node_id_equal(&a->recipient, &b->recipient) &&
           strcmp(a->realm, b->realm) == 0 && a->lane == b->lane &&
           a->epoch == b->epoch && a->random == b->random;
}

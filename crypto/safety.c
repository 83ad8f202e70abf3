/*
 * safety.c - two keys in byte order, each hashed alone, as decimal groups.
 *
 * Invariants:
 *  (I1) both sides compute the same groups and opposite halves, whichever key
 *       each calls its own;
 *  (I2) no key has a part in the other's half: who wants to pass for an owner
 *       whose half is typed must find a second key with those 30 digits.
 */
#include "crypto/safety.h"

#include "crypto/secret.h"
#include "proto/label.h"

#include <assert.h>
#include <sodium.h>

enum {
    GROUP_BYTES = 5,
    DIGEST_LEN = crypto_hash_sha512_BYTES,
    GROUP_MOD = 100000,
    HALF = SAFETY_GROUPS / 2,
    DIGITS_MAX = SAFETY_GROUPS * SAFETY_GROUP_DIGITS
};

static_assert((int)HALF * GROUP_BYTES <= (int)DIGEST_LEN,
              "one digest gives half of the groups");

/* 5 bytes, big-endian, modulo 100000. */
static uint32_t
take_group(struct reader *in)
{
    uint64_t high = reader_u8(in);
    uint64_t low = reader_u32(in);

    return (uint32_t)((high << 32 | low) % GROUP_MOD);
}

/* Byte order of two public keys: below, equal or above 0. */
static int
compare_keys(const uint8_t *a, const uint8_t *b)
{
    for (size_t i = 0; i < LIMIT_KEY; i++)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static void
half_of(const uint8_t *key, uint32_t group[static HALF])
{
    struct span              label = label_span(LABEL_SAFETY);
    crypto_hash_sha512_state state;
    uint8_t                  digest[DIGEST_LEN];
    struct reader            in = reader_of(SPAN_OF(digest));

    (void)crypto_hash_sha512_init(&state);
    (void)crypto_hash_sha512_update(&state, label.ptr, label.len);
    (void)crypto_hash_sha512_update(&state, key, LIMIT_KEY);
    (void)crypto_hash_sha512_final(&state, digest);
    for (size_t i = 0; i < HALF; i++)
        group[i] = take_group(&in);
}

enum status
safety_number(const uint8_t a[static LIMIT_KEY],
              const uint8_t b[static LIMIT_KEY], struct safety *out)
{
    int order = compare_keys(a, b);

    if (order == 0)
        return STATUS_BAD_FIELD;
    half_of(order < 0 ? a : b, out->group); /* (I1) (I2) */
    half_of(order < 0 ? b : a, out->group + HALF);
    return STATUS_OK;
}

enum safety_part
safety_read_by(const uint8_t mine[static LIMIT_KEY],
               const uint8_t theirs[static LIMIT_KEY])
{
    return compare_keys(mine, theirs) < 0 ? SAFETY_FIRST_HALF
                                          : SAFETY_SECOND_HALF;
}

enum safety_part
safety_typed_by(const uint8_t mine[static LIMIT_KEY],
                const uint8_t theirs[static LIMIT_KEY])
{
    return safety_read_by(theirs, mine); /* (I1) */
}

static size_t
first_group(enum safety_part part)
{
    return part == SAFETY_SECOND_HALF ? HALF : 0;
}

static size_t
group_count(enum safety_part part)
{
    return part == SAFETY_ALL ? SAFETY_GROUPS : HALF;
}

void
safety_format(const struct safety *safety, enum safety_part part,
              char out[static SAFETY_TEXT_LEN + 1])
{
    size_t first = first_group(part);

    for (size_t i = 0; i < group_count(part); i++) {
        uint32_t group = safety->group[first + i];

        assert(group < GROUP_MOD);
        if (i > 0)
            *out++ = ' ';
        for (uint32_t unit = GROUP_MOD / 10; unit > 0; unit /= 10)
            *out++ = (char)('0' + group / unit % 10);
    }
    *out = '\0';
}

/* The digits alone; the number of them, or DIGITS_MAX + 1 for a refusal. */
static size_t
digits_of(struct span typed, uint8_t digits[static DIGITS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < typed.len; i++) {
        uint8_t c = typed.ptr[i];

        if (c == ' ' || c == '\t' || c == '-' || c == '\r' || c == '\n')
            continue;
        if (c < '0' || c > '9' || count == DIGITS_MAX)
            return DIGITS_MAX + 1;
        digits[count++] = c;
    }
    return count;
}

enum status
safety_compare(const struct safety *safety, enum safety_part part,
               struct span typed)
{
    char    text[SAFETY_TEXT_LEN + 1];
    uint8_t wanted[DIGITS_MAX], given[DIGITS_MAX];
    size_t  wanted_count, given_count;

    safety_format(safety, part, text);
    wanted_count = digits_of(span_text(text), wanted);
    given_count = digits_of(typed, given);
    if (given_count != wanted_count)
        return STATUS_BAD_FIELD;
    if (!secret_equal(wanted, given, wanted_count))
        return STATUS_BAD_PROOF;
    return STATUS_OK;
}

/* leaf.c - the entry header, fixed layout, in and out. */
#include "proto/leaf.h"

#include <assert.h>
#include <string.h>

static_assert(LEAF_SIGNED_LEN + (int)LIMIT_DIGEST == LEAF_LEN,
              "the digest is last");
static_assert((int)LEAF_LEN <= (int)LIMIT_LEAF, "a leaf fits its limit");

const char *
class_name(unsigned value)
{
    switch (value) {
#define CLASS_CASE(name, number) case number: return #name;
        CLASS_LIST(CLASS_CASE)
#undef CLASS_CASE
    default:
        return "?";
    }
}

const char *
precedence_name(unsigned value)
{
    switch (value) {
#define PRECEDENCE_CASE(name, number) case number: return #name;
        PRECEDENCE_LIST(PRECEDENCE_CASE)
#undef PRECEDENCE_CASE
    default:
        return "?";
    }
}

bool
class_is_sealed(enum entry_class class)
{
    return class > CLASS_REVOKE;
}

size_t
leaf_body_len(const struct leaf *leaf)
{
    return (size_t)leaf->padded_len +
           (class_is_sealed(leaf->class) ? LIMIT_TAG : 0);
}

void
leaf_encode(const struct leaf *leaf, uint8_t out[static LEAF_LEN])
{
    struct writer to = writer_of(out, LEAF_LEN);

    writer_u16(&to, leaf->suite);
    writer_u8(&to, (uint8_t)leaf->class);
    writer_u8(&to, (uint8_t)leaf->precedence);
    writer_u32(&to, leaf->padded_len);
    writer_u32(&to, leaf->sealing_key);
    writer_u32(&to, leaf->secret_epoch);
    writer_put(&to, SPAN_OF(leaf->commitment));
    writer_put(&to, SPAN_OF(leaf->digest));
    assert(writer_end(&to) == STATUS_OK && to.len == LEAF_LEN);
}

enum status
leaf_decode(struct span in, struct leaf *out)
{
    struct reader from = reader_of(in);
    struct leaf   leaf = {0};

    leaf.suite = reader_u16(&from);
    leaf.class = (enum entry_class)reader_u8(&from);
    leaf.precedence = (enum precedence)reader_u8(&from);
    leaf.padded_len = reader_u32(&from);
    leaf.sealing_key = reader_u32(&from);
    leaf.secret_epoch = reader_u32(&from);
    reader_copy(&from, leaf.commitment, sizeof(leaf.commitment));
    reader_copy(&from, leaf.digest, sizeof(leaf.digest));
    if (leaf.class == 0 || leaf.precedence == 0)
        reader_fail(&from);
    if (reader_end(&from) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = leaf;
    return STATUS_OK;
}

/* Unsealed entries carry no key, so none may be hinted at. */
static bool
is_plain(const struct leaf *leaf)
{
    static const uint8_t zeros[LIMIT_KEY];

    return leaf->sealing_key == 0 && leaf->secret_epoch == 0 &&
           memcmp(leaf->commitment, zeros, sizeof(zeros)) == 0;
}

enum status
leaf_check(const struct leaf *leaf)
{
    if (leaf->suite != SUITE_CLASSIC)
        return STATUS_BAD_VERSION;
    if (leaf->class > CLASS_LAST || leaf->precedence >= PRECEDENCE_COUNT)
        return STATUS_BAD_VERSION;
    if (leaf->padded_len > LIMIT_BODY || leaf->padded_len == 0)
        return STATUS_TOO_LARGE;
    if (!class_is_sealed(leaf->class) && !is_plain(leaf))
        return STATUS_BAD_FIELD;
    return STATUS_OK;
}

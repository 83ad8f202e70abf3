/*
 * difference.c - two rows are walked kind by kind; where they part, the kind's
 * own function tells which field it is.
 */
#include "node/host/difference.h"

#include "crypto/keyring_slot.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { AROUND = 4, PART_WORDS = 224 };

typedef void describe_fn(struct reader is, struct reader was,
                         struct difference *out, char *words);

/* --- bytes --------------------------------------------------------------- */

static size_t
first_difference(struct span is, struct span was)
{
    size_t i = 0;

    while (i < is.len && i < was.len && is.ptr[i] == was.ptr[i])
        i++;
    return i;
}

static int
put_around(char *out, size_t cap, struct span bytes, size_t offset)
{
    size_t from = offset > AROUND ? offset - AROUND : 0;
    int    len = 0;

    if (from >= bytes.len)
        return snprintf(out, cap, " nothing");
    for (size_t i = from; i < bytes.len && i <= offset + AROUND; i++)
        len += snprintf(out + len, cap - (size_t)len,
                        i == offset ? " [%02x]" : " %02x", bytes.ptr[i]);
    return len;
}

void
difference_bytes(struct span is, struct span was, size_t offset,
                 char out[static DIFFERENCE_BYTES])
{
    int len = snprintf(out, DIFFERENCE_BYTES, "is");

    len += put_around(out + len, DIFFERENCE_BYTES - (size_t)len, is, offset);
    len += snprintf(out + len, DIFFERENCE_BYTES - (size_t)len, ", was");
    put_around(out + len, DIFFERENCE_BYTES - (size_t)len, was, offset);
}

/* --- one effect of each kind --------------------------------------------- */

static const char *
record_word(struct span public_part)
{
    return public_part.len > 0 ? record_name(public_part.ptr[0]) : "?";
}

static void
describe_save(struct reader is, struct reader was, struct difference *out,
              char *words)
{
    uint32_t    is_vault = reader_u32(&is), was_vault = reader_u32(&was);
    struct span is_public = reader_take32(&is, LIMIT_RECORD);
    struct span was_public = reader_take32(&was, LIMIT_RECORD);
    struct span is_secret = reader_take32(&is, LIMIT_RECORD);
    struct span was_secret = reader_take32(&was, LIMIT_RECORD);
    size_t      offset = first_difference(is_public, was_public);
    char        bytes[DIFFERENCE_BYTES];

    out->record = is_public;
    difference_bytes(is_public, was_public, offset, bytes);
    if (strcmp(record_word(is_public), record_word(was_public)) != 0)
        snprintf(words, PART_WORDS, "is a record %s, was %s",
                 record_word(is_public), record_word(was_public));
    else if (!span_equal(is_public, was_public))
        snprintf(words, PART_WORDS,
                 "a record %s of %zu bytes (was %zu), offset %zu: %s",
                 record_word(is_public), is_public.len, was_public.len, offset,
                 bytes);
    else if (is_secret.len != was_secret.len ||
             !secret_equal(is_secret.ptr, was_secret.ptr, is_secret.len))
        snprintf(words, PART_WORDS,
                 "a record %s, its secret part of %zu bytes (was %zu) from "
                 "offset %zu on",
                 record_word(is_public), is_secret.len, was_secret.len,
                 first_difference(is_secret, was_secret));
    else
        snprintf(words, PART_WORDS,
                 "a record %s, sealed under vault key %u, was %u",
                 record_word(is_public), is_vault, was_vault);
}

static void
describe_key(struct reader is, struct reader was, struct difference *out,
             char *words)
{
    static const char *const fields[] = {"purpose", "kind", "state"};
    unsigned                 kind = is.left > 1 ? is.ptr[1] : 0;

    (void)out;
    for (size_t i = 0; i < 3; i++) {
        unsigned is_byte = reader_u8(&is), was_byte = reader_u8(&was);

        if (is_byte != was_byte) {
            snprintf(words, PART_WORDS, "its %s is %u, was %u", fields[i],
                     is_byte, was_byte);
            return;
        }
    }
    snprintf(words, PART_WORDS,
             "of kind %u, number %" PRIu64 " (was %" PRIu64
             "), or its owner, secret or nonce",
             kind, reader_u64(&is), reader_u64(&was));
}

static void
describe_send(struct reader is, struct reader was, struct difference *out,
              char *words)
{
    uint64_t is_link = reader_u64(&is), was_link = reader_u64(&was);
    uint32_t is_len = reader_u32(&is), was_len = reader_u32(&was);

    out->link = is_link;
    if (is_link != was_link)
        snprintf(words, PART_WORDS, "on link %" PRIu64 ", was on link %" PRIu64,
                 is_link, was_link);
    else
        snprintf(words, PART_WORDS,
                 "a frame of %u bytes (was %u) on link %" PRIu64, is_len,
                 was_len, is_link);
}

static void
describe_dial(struct reader is, struct reader was, struct difference *out,
              char *words)
{
    uint64_t    is_link = reader_u64(&is), was_link = reader_u64(&was);
    struct span is_address = reader_take32(&is, LIMIT_ADDRESS);
    struct span was_address = reader_take32(&was, LIMIT_ADDRESS);

    out->link = is_link;
    snprintf(words, PART_WORDS,
             "link %" PRIu64 " to %.*s, was link %" PRIu64 " to %.*s", is_link,
             (int)is_address.len, (const char *)is_address.ptr, was_link,
             (int)was_address.len, (const char *)was_address.ptr);
}

static void
describe_close(struct reader is, struct reader was, struct difference *out,
               char *words)
{
    uint64_t is_link = reader_u64(&is), was_link = reader_u64(&was);

    out->link = is_link;
    snprintf(words, PART_WORDS,
             "of link %" PRIu64 " or client %" PRIu64 ", was of link %" PRIu64
             " or client %" PRIu64,
             is_link, reader_u64(&is), was_link, reader_u64(&was));
}

static void
describe_other(struct reader is, struct reader was, struct difference *out,
               char *words)
{
    (void)is;
    (void)was;
    (void)out;
    snprintf(words, PART_WORDS, "another one");
}

static describe_fn *const describe[EFFECT_KIND_COUNT] = {
    [EFFECT_KEY] = describe_key,       [EFFECT_SAVE] = describe_save,
    [EFFECT_SEND] = describe_send,     [EFFECT_TELL] = describe_other,
    [EFFECT_LOAD] = describe_other,    [EFFECT_DIAL] = describe_dial,
    [EFFECT_CLOSE] = describe_close,   [EFFECT_WAKE_AT] = describe_other,
    [EFFECT_LOG] = describe_other,
    [EFFECT_CHUNK] = describe_other,
    [EFFECT_DROP] = describe_other,
};

/* --- rows ---------------------------------------------------------------- */

/* The next of that kind; its fields, or nothing with *there false. */
static struct span
next_of(struct reader *in, enum effect_kind kind, bool *there)
{
    struct kept kept;

    *there = true;
    while (kept_next(in, &kept) == STATUS_OK)
        if (kept.kind == kind)
            return kept.fields;
    *there = false;
    return SPAN_EMPTY;
}

/* One row has an effect more: what it is. */
static void
describe_extra(enum effect_kind kind, struct span fields,
               struct difference *out, char *words, const char *what)
{
    struct reader in = reader_of(fields);

    if (kind == EFFECT_SEND || kind == EFFECT_DIAL || kind == EFFECT_CLOSE) {
        out->link = reader_u64(&in);
        snprintf(words, PART_WORDS, "%s (link %" PRIu64 ")", what, out->link);
    } else if (kind == EFFECT_SAVE) {
        reader_u32(&in);
        out->record = reader_take32(&in, LIMIT_RECORD);
        snprintf(words, PART_WORDS, "%s (a record %s)", what,
                 record_word(out->record));
    } else {
        snprintf(words, PART_WORDS, "%s", what);
    }
}

/* Whether the rows differ in effects of this kind. */
static bool
kind_differs(struct span is_row, struct span was_row, enum effect_kind kind,
             struct difference *out)
{
    struct reader is_in = reader_of(is_row), was_in = reader_of(was_row);
    char          words[PART_WORDS] = "";
    bool          is_there, was_there;

    for (unsigned number = 1;; number++) {
        struct span is = next_of(&is_in, kind, &is_there);
        struct span was = next_of(&was_in, kind, &was_there);

        if (!is_there && !was_there)
            return false;
        if (is_there && was_there && span_equal(is, was))
            continue;
        *out = (struct difference){.kind = kind};
        if (is_there && was_there)
            describe[kind](reader_of(is), reader_of(was), out, words);
        else if (is_there)
            describe_extra(kind, is, out, words, "was not there");
        else
            describe_extra(kind, was, out, words, "was there and is not");
        snprintf(out->words, sizeof(out->words), "%s %u: %s", kept_name(kind),
                 number, words);
        return true;
    }
}

bool
difference_find(struct span is, struct span was, bool promised,
                struct difference *out)
{
    for (int kind = 0; kind < EFFECT_KIND_COUNT; kind++)
        if (kept_promised((enum effect_kind)kind) == promised &&
            kind_differs(is, was, (enum effect_kind)kind, out))
            return true;
    return false;
}

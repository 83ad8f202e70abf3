/*
 * record.c - one walker over a kind's field letters serves length, encoding
 * and decoding, so that the three cannot disagree.
 */
#include "proto/record.h"

#include <assert.h>
#include <string.h>

enum { ROW_OUTGOING = 1, ROW_FILES = 2 }; /* flags of a row */

static const struct {
    const char *name;
    const char *fields;
    bool        secret;
} table[RECORD_LAST + 1] = {
#define RECORD_ROW(name, value, fields, secret)                                \
    [value] = {#name, fields, secret},
    RECORD_LIST(RECORD_ROW)
#undef RECORD_ROW
};

static const char *const state_words[STATE_LAST + 1] = {
#define STATE_ROW(name, value, word) [value] = word,
    STATE_LIST(STATE_ROW)
#undef STATE_ROW
};

const char *
record_attachment_word(unsigned value)
{
    switch (value) {
#define ATTACHMENT_WORD(name, value, word)                                     \
    case ATTACHMENT_##name: return word;
        ATTACHMENT_STATE_LIST(ATTACHMENT_WORD)
#undef ATTACHMENT_WORD
    default: return "?";
    }
}

uint8_t
record_attachment_first(uint8_t one, uint8_t other)
{
    static const uint8_t ranks[ATTACHMENT_LAST + 1] = {
        [ATTACHMENT_COMPLETE] = 1,
        [ATTACHMENT_GIVEN_UP] = 2,
        [ATTACHMENT_GONE] = 3,
        [ATTACHMENT_PARTIAL] = 4,
    };

    if (one > ATTACHMENT_LAST || other > ATTACHMENT_LAST)
        return one > ATTACHMENT_LAST ? other : one;
    return ranks[other] > ranks[one] ? other : one;
}

const char *
state_word(unsigned value)
{
    return value >= 1 && value <= STATE_LAST ? state_words[value] : "?";
}

enum status
state_parse(struct span word, enum message_state *out)
{
    for (unsigned i = 1; i <= STATE_LAST; i++)
        if (span_equal(word, span_text(state_words[i]))) {
            *out = (enum message_state)i;
            return STATUS_OK;
        }
    return STATUS_NOT_FOUND;
}

const char *
record_name(unsigned kind)
{
    return kind >= 1 && kind <= RECORD_LAST ? table[kind].name : "?";
}

bool
record_has_secret(enum record_kind kind)
{
    assert(kind >= 1 && kind <= RECORD_LAST);
    return table[kind].secret;
}

static void
put_origin(struct writer *out, const struct origin *origin)
{
    struct origin_text text = origin_format(origin);

    writer_put16(out, origin_span(&text));
}

static void
put_field(struct writer *out, const struct record *r, char field)
{
    switch (field) {
    case 'o': put_origin(out, &r->origin); break;
    case 'p': writer_put(out, SPAN_OF(r->peer.bytes)); break;
    case 'i': writer_put(out, SPAN_OF(r->id.bytes)); break;
    case 'x': writer_u64(out, r->index); break;
    case 'f': writer_u64(out, r->first); break;
    case 'n': writer_u64(out, r->number); break;
    case 'z': writer_u64(out, r->size); break;
    case 't': writer_u64(out, r->time); break;
    case 'c': writer_u64(out, r->count); break;
    case 'r': writer_put(out, SPAN_OF(r->root)); break;
    case 's': writer_put(out, SPAN_OF(r->signature)); break;
    case 'k': writer_put(out, SPAN_OF(r->key)); break;
    case 'e':
        writer_put(out, SPAN_OF(r->ephemeral));
        writer_put(out, SPAN_OF(r->salt));
        break;
    case 'l':
        assert(r->leaf.len == LEAF_LEN);
        writer_put(out, r->leaf);
        break;
    case 'b': writer_put32(out, r->bytes); break;
    case 'w': writer_put16(out, r->words); break;
    case 'a': writer_u8(out, r->state); break;
    case 'd': writer_u8(out, r->outgoing); break;
    case 'q': writer_u8(out, r->precedence); break;
    case 'v': writer_u32(out, r->vault); break;
    default: assert(false); /* a field letter of RECORD_LIST */
    }
}

static void
take_origin(struct reader *in, struct origin *out)
{
    if (origin_parse(reader_take16(in, LIMIT_ORIGIN), out) != STATUS_OK)
        reader_fail(in);
}

static void
take_field(struct reader *in, struct record *r, char field)
{
    switch (field) {
    case 'o': take_origin(in, &r->origin); break;
    case 'p': reader_copy(in, r->peer.bytes, sizeof(r->peer.bytes)); break;
    case 'i': reader_copy(in, r->id.bytes, sizeof(r->id.bytes)); break;
    case 'x': r->index = reader_u64(in); break;
    case 'f': r->first = reader_u64(in); break;
    case 'n': r->number = reader_u64(in); break;
    case 'z': r->size = reader_u64(in); break;
    case 't': r->time = reader_u64(in); break;
    case 'c': r->count = reader_u64(in); break;
    case 'r': reader_copy(in, r->root, sizeof(r->root)); break;
    case 's': reader_copy(in, r->signature, sizeof(r->signature)); break;
    case 'k': reader_copy(in, r->key, sizeof(r->key)); break;
    case 'e':
        reader_copy(in, r->ephemeral, sizeof(r->ephemeral));
        reader_copy(in, r->salt, sizeof(r->salt));
        break;
    case 'l': r->leaf = reader_take(in, LEAF_LEN); break;
    case 'b': r->bytes = reader_take32(in, LIMIT_RECORD); break;
    case 'w': r->words = reader_take16(in, UINT16_MAX); break;
    case 'a': r->state = reader_u8(in); break;
    case 'd': r->outgoing = reader_u8(in); break;
    case 'q': r->precedence = reader_u8(in); break;
    case 'v': r->vault = reader_u32(in); break;
    default: assert(false); /* a field letter of RECORD_LIST */
    }
}

size_t
record_len(const struct record *record)
{
    /* Fixed fields of all kinds together stay under 1 KiB. */
    return 1024 + record->bytes.len + record->words.len;
}

void
record_encode(const struct record *record, struct writer *out)
{
    assert(record->kind >= 1 && record->kind <= RECORD_LAST);
    writer_u8(out, (uint8_t)record->kind);
    for (const char *f = table[record->kind].fields; *f != '\0'; f++)
        put_field(out, record, *f);
}

enum status
record_decode(struct span in, struct record *out)
{
    struct reader from = reader_of(in);
    struct record record = {0};
    unsigned      kind = reader_u8(&from);

    if (kind < 1 || kind > RECORD_LAST || table[kind].name == NULL)
        return STATUS_BAD_ENCODING;
    record.kind = (enum record_kind)kind;
    for (const char *f = table[kind].fields; *f != '\0'; f++)
        take_field(&from, &record, *f);
    if (reader_end(&from) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = record;
    return STATUS_OK;
}

size_t
record_secret_len(const struct record_secret *secret)
{
    return LIMIT_KEY + 2 + secret->kind.len + 2 + secret->status.len + 2 +
           secret->subject.len + 4 + secret->message.len;
}

void
record_secret_encode(const struct record_secret *secret, struct writer *out)
{
    writer_put(out, SPAN_OF(secret->content_key));
    writer_put16(out, secret->kind);
    writer_put16(out, secret->status);
    writer_put16(out, secret->subject);
    writer_put32(out, secret->message);
}

enum status
record_secret_decode(struct span in, struct record_secret *out)
{
    struct reader        from = reader_of(in);
    struct record_secret secret = {0};

    reader_copy(&from, secret.content_key, sizeof(secret.content_key));
    secret.kind = reader_take16(&from, UINT16_MAX);
    secret.status = reader_take16(&from, UINT16_MAX);
    secret.subject = reader_take16(&from, UINT16_MAX);
    secret.message = reader_take32(&from, LIMIT_BODY);
    if (reader_end(&from) != STATUS_OK)
        return STATUS_BAD_ENCODING;
    *out = secret;
    return STATUS_OK;
}

void
record_list_put(struct writer *out, struct span public_part,
                struct span secret_part)
{
    writer_put32(out, public_part);
    writer_put32(out, secret_part);
}

enum status
record_list_next(struct reader *in, struct record *out)
{
    struct span public_part;
    struct span secret_part;
    enum status st;

    if (in->left == 0 && !in->failed)
        return STATUS_AGAIN;
    public_part = reader_take32(in, LIMIT_RECORD);
    secret_part = reader_take32(in, LIMIT_RECORD);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    st = record_decode(public_part, out);
    if (st == STATUS_OK)
        out->secret = secret_part;
    return st;
}

void
record_row_put(struct writer *out, const struct record_row *row)
{
    uint8_t with_files = row->files > 0 ? ROW_FILES : 0;

    writer_put(out, SPAN_OF(row->peer.bytes));
    writer_u8(out, (row->outgoing ? ROW_OUTGOING : 0) | with_files);
    writer_put(out, SPAN_OF(row->id.bytes));
    writer_u64(out, row->number);
    writer_u64(out, row->queue);
    writer_u8(out, row->precedence);
    writer_u8(out, (uint8_t)row->state);
    writer_u64(out, row->time);
    writer_u64(out, row->cursor);
    writer_put16(out, row->origin);
    writer_u64(out, row->index);
    writer_u8(out, row->newer);
    writer_u64(out, row->newer_number);
    if (with_files != 0) {
        writer_u8(out, row->files);
        writer_u8(out, row->files_whole);
        writer_u8(out, row->files_state);
    }
    writer_put32(out, row->words);
}

enum status
record_row_next(struct reader *in, struct record_row *out)
{
    struct record_row row = {0};
    uint8_t           flags;

    if (in->left == 0 && !in->failed)
        return STATUS_AGAIN;
    reader_copy(in, row.peer.bytes, sizeof(row.peer.bytes));
    flags = reader_u8(in);
    row.outgoing = (flags & ROW_OUTGOING) != 0;
    reader_copy(in, row.id.bytes, sizeof(row.id.bytes));
    row.number = reader_u64(in);
    row.queue = reader_u64(in);
    row.precedence = reader_u8(in);
    row.state = (enum message_state)reader_u8(in);
    row.time = reader_u64(in);
    row.cursor = reader_u64(in);
    row.origin = reader_take16(in, LIMIT_ORIGIN);
    row.index = reader_u64(in);
    row.newer = reader_u8(in);
    row.newer_number = reader_u64(in);
    if ((flags & ROW_FILES) != 0) {
        row.files = reader_u8(in);
        row.files_whole = reader_u8(in);
        row.files_state = reader_u8(in);
    }
    row.words = reader_take32(in, LIMIT_RECORD);
    if (in->failed)
        return STATUS_BAD_ENCODING;
    *out = row;
    return STATUS_OK;
}

/*
 * note.c - signed notes, written and read.
 *
 * Invariants:
 *  (I1) a note that parses has one spelling of its first three lines, so the
 *       text that checkpoint.c builds from the values is the text that stands
 *       in it (every field is canonical);
 *  (I2) a line is of a known key when both name and key id say so; then it
 *       verifies, or the whole note is refused.
 */
#include "crypto/note.h"

#include "crypto/base64.h"
#include "crypto/lines.h"

#include <assert.h>
#include <string.h>

enum {
    BLOB_LOG = NOTE_KEY_ID_LEN + LIMIT_SIGNATURE,
    BLOB_WITNESS = NOTE_KEY_ID_LEN + 8 + LIMIT_SIGNATURE
};

void
note_key_id(struct span name, enum note_type type,
            const uint8_t public_key[static LIMIT_KEY],
            uint8_t       out[static NOTE_KEY_ID_LEN])
{
    uint8_t       middle[] = {'\n', (uint8_t)type};
    struct digest digest;

    sha256_spans((struct span[]){name, SPAN_OF(middle),
                                 {public_key, LIMIT_KEY}},
                 3, &digest);
    memcpy(out, digest.bytes, NOTE_KEY_ID_LEN);
}

void
note_verifier_key(struct span name, enum note_type type,
                  const uint8_t public_key[static LIMIT_KEY],
                  struct writer *out)
{
    uint8_t       id[NOTE_KEY_ID_LEN];
    char          hex[2 * NOTE_KEY_ID_LEN + 1];
    uint8_t       key[1 + LIMIT_KEY];
    struct writer key_out = writer_of(key, sizeof(key));

    note_key_id(name, type, public_key, id);
    hex_encode(id, sizeof(id), hex);
    writer_u8(&key_out, (uint8_t)type);
    writer_put(&key_out, (struct span){public_key, LIMIT_KEY});
    writer_put(out, name);
    writer_put(out, span_text("+"));
    writer_put(out, span_text(hex));
    writer_put(out, span_text("+"));
    base64_encode(writer_span(&key_out), out);
}

struct note_witness_name
note_witness_name(const struct node_id *node)
{
    struct note_witness_name name = {.text = LABEL_WITNESS_PREFIX};

    hex_encode(node->bytes, sizeof(node->bytes),
               name.text + sizeof(LABEL_WITNESS_PREFIX) - 1);
    return name;
}

static void
put_line(struct writer *out, struct span name, struct span blob)
{
    writer_put(out, span_text(LINES_SIGNATURE));
    writer_put(out, name);
    writer_put(out, span_text(" "));
    base64_encode(blob, out);
    writer_put(out, span_text("\n"));
}

static void
put_log_line(struct writer *out, struct span origin,
             const uint8_t log_public[static LIMIT_KEY],
             const uint8_t signature[static LIMIT_SIGNATURE])
{
    uint8_t blob[BLOB_LOG];

    note_key_id(origin, NOTE_ED25519, log_public, blob);
    memcpy(blob + NOTE_KEY_ID_LEN, signature, LIMIT_SIGNATURE);
    put_line(out, origin, SPAN_OF(blob));
}

static void
put_witness_line(struct writer *out, const struct note_witness *witness,
                 const struct cosignature *cosignature)
{
    struct note_witness_name name = note_witness_name(&witness->node);
    uint8_t                  id[NOTE_KEY_ID_LEN];
    uint8_t                  blob[BLOB_WITNESS];
    struct writer            to = writer_of(blob, sizeof(blob));

    note_key_id(span_text(name.text), NOTE_COSIGNATURE, witness->public_key,
                id);
    writer_put(&to, SPAN_OF(id));
    writer_u64(&to, cosignature->time_s);
    writer_put(&to, SPAN_OF(cosignature->signature));
    put_line(out, span_text(name.text), writer_span(&to));
}

enum status
note_write(struct span origin, const struct head *head,
           const uint8_t log_public[static LIMIT_KEY],
           const struct note_witness    *witness,
           const struct note_signatures *signatures, struct writer *out)
{
    enum status st;

    assert(signatures->cosigned == (witness != NULL));
    st = checkpoint_text(origin, head, out);
    if (st != STATUS_OK)
        return st;
    writer_put(out, span_text("\n"));
    put_log_line(out, origin, log_public, signatures->log_signature);
    if (witness != NULL)
        put_witness_line(out, witness, &signatures->cosignature);
    return writer_end(out);
}

/* Printable ASCII without space and plus: stricter than C2SP, which lets
 * other UTF-8 through; nobody we know of names a key so. */
static bool
name_valid(struct span name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] <= ' ' || name.ptr[i] > '~' || name.ptr[i] == '+')
            return false;
    return name.len > 0;
}

static struct note_line
take_signature(struct lines *lines)
{
    struct span      rest = lines_take_after(lines, LINES_SIGNATURE);
    const uint8_t   *space = NULL;
    uint8_t          blob[LIMIT_NOTE];
    size_t           blob_len = 0;
    size_t           name_len;
    struct note_line line = {0};

    if (rest.len > 0)
        space = memchr(rest.ptr, ' ', rest.len);
    if (space == NULL) {
        lines_fail(lines);
        return line;
    }
    name_len = (size_t)(space - rest.ptr);
    line.name = (struct span){rest.ptr, name_len};
    line.base64 = (struct span){space + 1, rest.len - name_len - 1};
    if (base64_decode(line.base64, blob, sizeof(blob), &blob_len) != STATUS_OK)
        lines_fail(lines);
    if (!name_valid(line.name) || blob_len <= NOTE_KEY_ID_LEN)
        lines_fail(lines);
    return line;
}

enum status
note_parse(struct span in, struct note *out)
{
    struct lines lines = lines_of(in);
    struct note  note = {0};

    if (in.len > LIMIT_NOTE)
        return STATUS_TOO_LARGE;
    note.origin = lines_take(&lines);
    if (!checkpoint_origin_valid(note.origin))
        lines_fail(&lines);
    note.head.size = lines_decimal(&lines, lines_take(&lines), LIMIT_TREE);
    lines_base64(&lines, lines_take(&lines), note.head.root.bytes,
                 sizeof(note.head.root.bytes));
    if (lines_take(&lines).len > 0) /* no extension lines */
        lines_fail(&lines);
    do {
        if (note.line_count == LIMIT_NOTE_SIGNATURES)
            return STATUS_TOO_LARGE;
        note.lines[note.line_count++] = take_signature(&lines);
    } while (lines.left.len > 0);
    if (lines.failed)
        return STATUS_BAD_ENCODING;
    *out = note;
    return STATUS_OK;
}

/*
 * Whether the line is of this key (I2).  If so, gives the rest of its blob,
 * which must have exactly len bytes: else BAD_PROOF.  NOT_FOUND: another key.
 */
static enum status
line_of_key(const struct note_line *line, struct span name,
            enum note_type type, const uint8_t public_key[static LIMIT_KEY],
            uint8_t *out, size_t len)
{
    uint8_t     blob[LIMIT_NOTE];
    size_t      blob_len = 0;
    uint8_t     id[NOTE_KEY_ID_LEN];
    enum status st;

    if (!span_equal(line->name, name))
        return STATUS_NOT_FOUND;
    st = base64_decode(line->base64, blob, sizeof(blob), &blob_len);
    if (st != STATUS_OK || blob_len < sizeof(id))
        return STATUS_BAD_ENCODING;
    note_key_id(name, type, public_key, id);
    if (memcmp(blob, id, sizeof(id)) != 0)
        return STATUS_NOT_FOUND;
    if (blob_len != sizeof(id) + len)
        return STATUS_BAD_PROOF;
    memcpy(out, blob + sizeof(id), len);
    return STATUS_OK;
}

static enum status
verify_log_line(const struct note *note, const struct note_line *line,
                const uint8_t log_public[static LIMIT_KEY],
                uint8_t       out[static LIMIT_SIGNATURE])
{
    enum status st = line_of_key(line, note->origin, NOTE_ED25519, log_public,
                                 out, LIMIT_SIGNATURE);

    if (st != STATUS_OK)
        return st;
    return checkpoint_verify(note->origin, &note->head, log_public, out);
}

static enum status
verify_witness_line(const struct note *note, const struct note_line *line,
                    const struct note_witness *witness,
                    struct cosignature        *out)
{
    struct note_witness_name name = note_witness_name(&witness->node);
    uint8_t                  blob[8 + LIMIT_SIGNATURE];
    struct reader            in = reader_of(SPAN_OF(blob));
    enum status              st;

    st = line_of_key(line, span_text(name.text), NOTE_COSIGNATURE,
                     witness->public_key, blob, sizeof(blob));
    if (st != STATUS_OK)
        return st;
    out->time_s = reader_u64(&in);
    reader_copy(&in, out->signature, sizeof(out->signature));
    return cosignature_verify(note->origin, &note->head, out,
                              witness->public_key);
}

enum status
note_verify(const struct note *note,
            const uint8_t log_public[static LIMIT_KEY],
            const struct note_witness *witness, struct note_signatures *out)
{
    struct note_signatures found = {0};
    bool                   signed_by_log = false;
    enum status            st;

    for (size_t i = 0; i < note->line_count; i++) {
        const struct note_line *line = &note->lines[i];

        st = verify_log_line(note, line, log_public, found.log_signature);
        if (st == STATUS_OK && !signed_by_log) {
            signed_by_log = true;
            continue;
        }
        if (st != STATUS_NOT_FOUND)
            return STATUS_BAD_PROOF; /* (I2), or a second line */
        if (witness == NULL)
            continue;
        st = verify_witness_line(note, line, witness, &found.cosignature);
        if (st == STATUS_OK && !found.cosigned) {
            found.cosigned = true;
            continue;
        }
        if (st != STATUS_NOT_FOUND)
            return STATUS_BAD_PROOF;
    }
    if (!signed_by_log)
        return STATUS_BAD_PROOF;
    *out = found;
    return STATUS_OK;
}

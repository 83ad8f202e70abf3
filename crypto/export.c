/*
 * export.c - one log after the other, each computed again from its leaves.
 *
 * Invariant:
 *  (I1) each line is the one spelling of its value: fixed words, canonical
 *       base64 of fixed length, or a note in which parties.h accounts for
 *       every line.  So no byte changes unseen.
 */
#include "crypto/export.h"

#include "crypto/base64.h"
#include "crypto/lines.h"

#include <assert.h>
#include <string.h>

#define VERSIONS "Entente log export, version "

static_assert(EXPORT_LEAF_LINE == BASE64_LEN(LEAF_LEN) + 1, "and its newline");

static const char *const head_lines[] = {
    EXPORT_TITLE,
    "",
    "The signed logs that one node keeps with another. Two files, one of each",
    "side, show whether both tell one story:",
    "",
    "    entente-verify FILE FILE",
    "",
    "A file in which any character was changed is refused.",
    "",
};
enum { HEAD_LINES = sizeof(head_lines) / sizeof(head_lines[0]) };

/* --- writing ------------------------------------------------------------- */

enum status
export_begin(struct span own, struct span other, struct writer *out)
{
    for (size_t i = 0; i < HEAD_LINES; i++)
        lines_put_line(out, head_lines[i]);
    lines_put_line(out, "certificate");
    lines_put_block(out, own);
    lines_put_line(out, "certificate");
    lines_put_block(out, other);
    return writer_end(out);
}

enum status
export_log(struct span note, struct span receipt, struct writer *out)
{
    lines_put_line(out, "log");
    writer_put(out, note);
    lines_put_line(out, "");
    if (receipt.len > 0) {
        lines_put_line(out, "receipt");
        writer_put(out, receipt);
        lines_put_line(out, "");
    }
    lines_put_line(out, "leaves");
    return writer_end(out);
}

void
export_leaf(const uint8_t leaf[static LEAF_LEN], struct writer *out)
{
    lines_put_base64(out, (struct span){leaf, LEAF_LEN});
}

void
export_end_log(struct writer *out)
{
    lines_put_line(out, "");
}

void
export_end(struct writer *out)
{
    lines_put_line(out, "end");
}

/* --- reading ------------------------------------------------------------- */

/* The next note; the empty line behind it is taken too. */
static struct span
take_note(struct lines *lines)
{
    struct span note = lines_note(lines);

    lines_expect(lines, "");
    return note;
}

static enum status
parse_note(struct lines *lines, struct note *note, struct origin *origin)
{
    struct span text = take_note(lines);
    enum status st;

    if (lines->failed)
        return STATUS_BAD_ENCODING;
    st = note_parse(text, note);
    if (st == STATUS_OK)
        st = origin_parse(note->origin, origin);
    if (st == STATUS_OK)
        st = parties_note_form(note, origin);
    return st;
}

static bool
between(const struct parties *parties, const struct origin *origin)
{
    const struct cert *certs = parties->list;
    size_t from = node_id_equal(&origin->sender, &certs[0].node) ? 0 : 1;

    return node_id_equal(&origin->sender, &certs[from].node) &&
           node_id_equal(&origin->recipient, &certs[1 - from].node);
}

static enum status
take_receipt(struct export *out, const struct note *note,
             struct export_log *log)
{
    struct cosignature cosignature;
    enum status        st;

    st = parties_receipt(&out->parties, note, &log->origin, log->writer,
                         &log->reader, &cosignature);
    if (st != STATUS_OK)
        return st;
    log->receipted = true;
    log->cosigned = note->head;
    log->time_s = cosignature.time_s;
    return STATUS_OK;
}

/* The newest head, by the writer; receipted where its note says so. */
static enum status
take_head(struct lines *lines, struct export *out, struct export_log *log)
{
    struct note note;
    enum status st = parse_note(lines, &note, &log->origin);

    if (st != STATUS_OK)
        return st;
    log->origin_text = note.origin;
    log->head = note.head;
    out->refused = note.origin;
    if (!between(&out->parties, &log->origin) || log->head.size == 0)
        return STATUS_BAD_FIELD;
    st = parties_head(&out->parties, &note, &log->origin, &log->writer);
    if (st == STATUS_OK && note.line_count > 1)
        st = take_receipt(out, &note, log);
    return st;
}

/* A smaller head with the newest receipt, both signatures on it. */
static enum status
take_smaller(struct lines *lines, struct export *out, struct export_log *log)
{
    struct note   note;
    struct origin origin;
    size_t        writer;
    enum status   st;

    lines_expect(lines, "receipt");
    st = parse_note(lines, &note, &origin);
    if (st != STATUS_OK)
        return st;
    if (log->receipted || !origin_equal(&origin, &log->origin) ||
        note.line_count != 2 || note.head.size == 0 ||
        note.head.size >= log->head.size)
        return STATUS_BAD_FIELD;
    st = parties_head(&out->parties, &note, &origin, &writer);
    return st == STATUS_OK ? take_receipt(out, &note, log) : st;
}

/* The leaves of the newest head, and its root and the receipted one. */
static enum status
take_leaves(struct lines *lines, struct export_log *log)
{
    struct merkle_frontier frontier;
    struct digest          root;
    bool                   same = true;

    lines_expect(lines, "leaves");
    log->leaves = lines->left;
    merkle_init(&frontier);
    while (!lines->failed && frontier.size < log->head.size) {
        uint8_t       leaf[LEAF_LEN];
        struct digest hash;

        lines_base64(lines, lines_take(lines), leaf, sizeof(leaf));
        merkle_leaf_hash(SPAN_OF(leaf), &hash);
        merkle_append(&frontier, &hash);
        if (!log->receipted || frontier.size != log->cosigned.size)
            continue;
        merkle_root(&frontier, &root);
        same = digest_equal(&root, &log->cosigned.root);
    }
    if (lines->failed)
        return STATUS_BAD_ENCODING;
    log->leaves.len -= lines->left.len;
    lines_expect(lines, "");
    merkle_root(&frontier, &root);
    if (!same || !digest_equal(&root, &log->head.root))
        return STATUS_BAD_ROOT;
    return lines->failed ? STATUS_BAD_ENCODING : STATUS_OK;
}

/* Whether the origins grow in byte order. */
static bool
is_after(const struct export_log *before, const struct export_log *log)
{
    struct span a = before->origin_text;
    struct span b = log->origin_text;
    size_t      len = a.len < b.len ? a.len : b.len;
    int         order = memcmp(a.ptr, b.ptr, len);

    return order < 0 || (order == 0 && a.len < b.len);
}

static enum status
take_log(struct lines *lines, struct export *out)
{
    struct export_log *log = &out->logs[out->count];
    enum status        st;

    if (out->count == out->cap)
        return STATUS_FULL;
    *log = (struct export_log){.receipted = false};
    lines_expect(lines, "log");
    st = take_head(lines, out, log);
    if (st == STATUS_OK && out->count > 0 && !is_after(log - 1, log))
        st = STATUS_BAD_FIELD;
    if (st == STATUS_OK && lines_next_begins(lines, "receipt\n"))
        st = take_smaller(lines, out, log);
    if (st == STATUS_OK)
        st = take_leaves(lines, log);
    if (st == STATUS_OK)
        out->count++;
    return st;
}

/* Two, and further ones where they stand. */
static enum status
take_parties(struct lines *lines, struct export *out)
{
    while (out->parties.count < 2 ||
           lines_next_begins(lines, "certificate\n")) {
        uint8_t     bytes[CERT_LEN_MAX];
        size_t      len;
        enum status st;

        lines_expect(lines, "certificate");
        len = lines_block(lines, bytes, sizeof(bytes));
        if (lines->failed)
            return STATUS_BAD_ENCODING;
        st = parties_add(&out->parties, (struct span){bytes, len});
        if (st != STATUS_OK)
            return st;
    }
    return parties_check(&out->parties);
}

enum status
export_verify(struct span text, struct export *out)
{
    struct lines lines = lines_of(text);
    enum status  st = STATUS_OK;

    out->parties = (struct parties){.count = 0};
    out->count = 0;
    out->refused = SPAN_EMPTY;
    if (lines_next_begins(&lines, VERSIONS) &&
        !lines_next_begins(&lines, EXPORT_TITLE "\n"))
        st = STATUS_BAD_VERSION;
    for (size_t i = 0; i < HEAD_LINES && st == STATUS_OK; i++)
        lines_expect(&lines, head_lines[i]);
    if (st == STATUS_OK)
        st = lines.failed ? STATUS_BAD_ENCODING : take_parties(&lines, out);
    while (st == STATUS_OK && lines_next_begins(&lines, "log\n"))
        st = take_log(&lines, out);
    out->line = lines.line;
    if (st != STATUS_OK)
        return st;
    out->refused = SPAN_EMPTY;
    lines_expect(&lines, "end");
    out->line = lines.line + (!lines.failed && lines.left.len > 0);
    if (lines.failed || lines.left.len > 0)
        return STATUS_BAD_ENCODING;
    return parties_needed(&out->parties);
}

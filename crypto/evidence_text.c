/*
 * evidence_text.c - read strictly, then written again and compared.
 *
 * Invariant:
 *  (I1) a text is accepted only if evidence_text_write makes just this text
 *       of what was read from it.
 */
#include "crypto/evidence_text.h"

#include "crypto/lines.h"

#include <assert.h>
#include <string.h>

#define VERSIONS "Entente evidence, version "
#define PROOF_BEGINS "c2sp.org/tlog-proof@"

static const char *const head[] = {
    EVIDENCE_TEXT_TITLE,
    "",
    "What two nodes signed about one message. Anybody can check it, offline:",
    "",
    "    entente-verify FILE",
    "",
    "A file in which any character was changed is refused.",
    "",
};
enum { HEAD_LINES = sizeof(head) / sizeof(head[0]) };

/* --- writing ------------------------------------------------------------- */

static void
put_field(struct writer *out, const char *name, struct span bytes)
{
    writer_put(out, span_text(name));
    lines_put_base64(out, bytes);
}

static void
put_entry(struct writer *out, const char *name,
          const struct evidence_entry *entry)
{
    lines_put_line(out, name);
    put_field(out, "leaf ", SPAN_OF(entry->leaf));
    writer_put(out, span_text("first "));
    lines_put_decimal(out, entry->first);
    writer_u8(out, '\n');
    put_field(out, "ephemeral ", SPAN_OF(entry->ephemeral));
    put_field(out, "salt ", SPAN_OF(entry->salt));
    if (entry->disclosed)
        put_field(out, "key ", SPAN_OF(entry->content_key.bytes));
    else
        lines_put_line(out, "key withheld");
    lines_put_line(out, "body");
    lines_put_block(out, entry->body);
    writer_put(out, entry->proof);
    writer_u8(out, '\n');
}

enum status
evidence_text_write(const struct evidence *evidence, struct writer *out)
{
    assert(evidence->certificate_count <= LIMIT_EVIDENCE_CERTIFICATES);
    assert(evidence->answer_count <= LIMIT_EVIDENCE_ANSWERS);
    for (size_t i = 0; i < HEAD_LINES; i++)
        lines_put_line(out, head[i]);
    for (size_t i = 0; i < evidence->certificate_count; i++) {
        lines_put_line(out, "certificate");
        lines_put_block(out, evidence->certificates[i]);
    }
    put_entry(out, "message", &evidence->message);
    for (size_t i = 0; i < evidence->answer_count; i++)
        put_entry(out, "answer", &evidence->answers[i]);
    lines_put_line(out, "end");
    return writer_end(out);
}

/* --- reading ------------------------------------------------------------- */

/* A block of at most `max` bytes, kept in the arena. */
static struct span
take_block(struct lines *lines, struct strict_arena *arena, size_t max)
{
    size_t   cap = lines->left.len < max ? lines->left.len : max;
    uint8_t *at = strict_arena_take(arena, cap);
    size_t   len;

    if (at == NULL) {
        lines_fail(lines);
        return SPAN_EMPTY;
    }
    len = lines_block(lines, at, cap);
    arena->used -= cap - len;
    return (struct span){at, len};
}

/* From its first line to its last signature, and the empty line behind. */
static struct span
take_proof(struct lines *lines)
{
    struct span from = lines->left;

    if (!lines_next_begins(lines, PROOF_BEGINS))
        lines_fail(lines);
    while (lines_take(lines).len > 0)
        ; /* to the end of the inclusion proof */
    (void)lines_note(lines);
    if (lines->failed)
        return SPAN_EMPTY;
    from.len -= lines->left.len;
    lines_expect(lines, "");
    return from;
}

static void
take_field(struct lines *lines, const char *name, uint8_t *out, size_t len)
{
    lines_base64(lines, lines_take_after(lines, name), out, len);
}

static void
take_entry(struct lines *lines, const char *name, struct strict_arena *arena,
           struct evidence_entry *out)
{
    lines_expect(lines, name);
    take_field(lines, "leaf ", out->leaf, sizeof(out->leaf));
    out->first = lines_decimal(lines, lines_take_after(lines, "first "),
                               LIMIT_TREE);
    take_field(lines, "ephemeral ", out->ephemeral, sizeof(out->ephemeral));
    take_field(lines, "salt ", out->salt, sizeof(out->salt));
    out->disclosed = !lines_next_begins(lines, "key withheld\n");
    if (out->disclosed)
        take_field(lines, "key ", out->content_key.bytes, LIMIT_KEY);
    else
        lines_expect(lines, "key withheld");
    lines_expect(lines, "body");
    out->body = take_block(lines, arena, LIMIT_SEALED);
    out->proof = take_proof(lines);
}

static void
take_certificates(struct lines *lines, struct strict_arena *arena,
                  struct evidence *out)
{
    while (out->certificate_count < LIMIT_EVIDENCE_CERTIFICATES &&
           !lines->failed &&
           (out->certificate_count < 2 ||
            lines_next_begins(lines, "certificate\n"))) {
        lines_expect(lines, "certificate");
        out->certificates[out->certificate_count++] =
            take_block(lines, arena, CERT_LEN_MAX);
    }
}

static void
take_all(struct lines *lines, struct strict_arena *arena, struct evidence *out)
{
    for (size_t i = 0; i < HEAD_LINES; i++)
        lines_expect(lines, head[i]);
    take_certificates(lines, arena, out);
    take_entry(lines, "message", arena, &out->message);
    while (out->answer_count < LIMIT_EVIDENCE_ANSWERS && !lines->failed &&
           lines_next_begins(lines, "answer\n"))
        take_entry(lines, "answer", arena, &out->answers[out->answer_count++]);
    lines_expect(lines, "end");
    if (!lines->failed && lines->left.len > 0) {
        lines->line++;
        lines_fail(lines);
    }
}

size_t
evidence_text_differs(struct span is, struct span should)
{
    size_t at = 0;
    size_t line = 1;

    while (at < is.len && at < should.len && is.ptr[at] == should.ptr[at])
        line += is.ptr[at++] == '\n';
    return at == is.len && at == should.len ? 0 : line;
}

enum status
evidence_text_parse(struct span text, struct strict_arena *arena,
                    struct evidence *out, size_t *line)
{
    struct lines  lines = lines_of(text);
    struct lines  first = lines_of(text);
    struct writer again;
    uint8_t      *room;
    enum status   st;

    *line = 1;
    if (text.len > LIMIT_EVIDENCE)
        return STATUS_TOO_LARGE;
    if (lines_next_begins(&first, VERSIONS) &&
        !span_equal(lines_take(&first), span_text(head[0])))
        return STATUS_BAD_VERSION;
    memset(out, 0, sizeof(*out));
    take_all(&lines, arena, out);
    *line = lines.line;
    if (lines.failed)
        return STATUS_BAD_ENCODING;
    room = strict_arena_take(arena, text.len);
    if (room == NULL)
        return STATUS_TOO_LARGE;
    again = writer_of(room, text.len);
    st = evidence_text_write(out, &again);
    *line = evidence_text_differs(text, writer_span(&again)); /* (I1) */
    arena->used -= text.len;
    return st == STATUS_OK && *line == 0 ? STATUS_OK : STATUS_BAD_ENCODING;
}

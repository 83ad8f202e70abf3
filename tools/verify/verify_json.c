/* verify_json.c - objects written field by field. */
#include "tools/verify/verify_json.h"

#include "crypto/base64.h"
#include "crypto/safety.h"
#include "proto/text.h"
#include "tools/verify/verify_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void
put_escape(FILE *out, uint32_t code)
{
    if (code >= 0x10000)
        fprintf(out, "\\u%04x\\u%04x", 0xd800u + ((code - 0x10000) >> 10),
                0xdc00u + ((code - 0x10000) & 0x3ff));
    else
        fprintf(out, "\\u%04x", code);
}

void
verify_json_text(FILE *out, const char *text)
{
    struct span left = span_text(text);

    fputc('"', out);
    while (left.len > 0) {
        const uint8_t *at = left.ptr;
        bool           bad = false;
        uint32_t       code = text_take(&left, &bad);

        if (bad)
            put_escape(out, 0xfffd);
        else if (text_is_control(code))
            put_escape(out, code);
        else if (code == '"' || code == '\\')
            fprintf(out, "\\%c", (int)code);
        else
            fwrite(at, 1, (size_t)(left.ptr - at), out);
    }
    fputc('"', out);
}

/* ,"name":"text"; without the comma where it is the first. */
static void
put_name(FILE *out, const char *name, bool first)
{
    fprintf(out, "%s\"%s\":", first ? "" : ",", name);
}

static void
put_text(FILE *out, const char *name, const char *text)
{
    put_name(out, name, false);
    verify_json_text(out, text);
}

static void
put_number(FILE *out, const char *name, uint64_t value)
{
    put_name(out, name, false);
    fprintf(out, "%" PRIu64, value);
}

static void
put_bool(FILE *out, const char *name, bool value)
{
    put_name(out, name, false);
    fputs(value ? "true" : "false", out);
}

static void
put_key(FILE *out, const char *name, const uint8_t key[static LIMIT_KEY])
{
    char hex[VERIFY_HEX];

    verify_words_key(key, hex);
    put_text(out, name, hex);
}

static void
put_base64(FILE *out, const char *name, struct span bytes)
{
    size_t        cap = BASE64_LEN(bytes.len) + 1;
    char         *text = calloc(cap, 1);
    struct writer to = writer_of((uint8_t *)text, cap);

    if (text == NULL)
        return;
    base64_encode(bytes, &to);
    put_text(out, name, text);
    secret_wipe_bytes(text, cap);
    free(text);
}

/* --- evidence ------------------------------------------------------------- */

static void
put_steps(FILE *out, const struct evidence_report *report)
{
    put_name(out, "steps", false);
    fputc('[', out);
    for (size_t i = 0; i < report->step_count; i++) {
        const struct evidence_step *step = &report->steps[i];
        char                        part[VERIFY_WORDS];

        verify_words_part(step, part);
        fputs(i == 0 ? "{" : ",{", out);
        put_name(out, "check", true);
        verify_json_text(out, evidence_check_name(step->check));
        put_text(out, "of", part);
        put_bool(out, "ok", step->st == STATUS_OK);
        fputc('}', out);
    }
    fputc(']', out);
}

static void
put_organisations(FILE *out, const struct verify_evidence *it)
{
    put_name(out, "organisations", false);
    fputc('[', out);
    for (size_t i = 0; i < 2; i++) {
        const struct cert *cert = &it->report->parties.list[i];
        char               node[2 * LIMIT_NODE_ID + 1];

        hex_encode(cert->node.bytes, LIMIT_NODE_ID, node);
        fputs(i == 0 ? "{" : ",{", out);
        put_name(out, "org", true);
        verify_json_text(out, cert->org_name);
        put_text(out, "country", cert->country);
        put_text(out, "node", cert->node_name);
        put_text(out, "node_id", node);
        put_key(out, "org_key", cert->org_key);
        put_text(out, "card", it->cards[i] == NULL ? "" : it->cards[i]->path);
        fputc('}', out);
    }
    fputc(']', out);
}

static void
put_message(FILE *out, const struct verify_evidence *it)
{
    const struct evidence_part *part = &it->report->parts[0];
    const struct parties       *parties = &it->report->parties;
    struct origin_text          origin = origin_format(&part->origin);

    put_text(out, "origin", origin.text);
    put_number(out, "index", part->index);
    put_number(out, "head_size", part->head.size);
    put_key(out, "log_key", parties->list[part->writer].log_key);
    put_bool(out, "disclosed", part->opened);
    if (part->opened)
        put_base64(out, "content", part->plain);
    put_bool(out, "receipted", part->receipted);
    if (!part->receipted)
        return;
    put_key(out, "witness_key", parties->list[part->reader].witness_key);
    put_text(out, "receipt_time_claimed",
             moment_iso(part->time_s * 1000).text);
}

static void
put_answers(FILE *out, const struct evidence_report *report)
{
    put_name(out, "answers", false);
    fputc('[', out);
    for (size_t i = 0; i < report->said_count; i++) {
        const struct evidence_said *said = &report->said[i];
        const struct evidence_part *part = &report->parts[said->part];
        struct origin_text          origin = origin_format(&part->origin);

        fputs(i == 0 ? "{" : ",{", out);
        put_name(out, "verdict", true);
        verify_json_text(out, verify_words_verdict(said->verdict));
        put_text(out, "by", said->by);
        put_text(out, "why", said->why);
        put_text(out, "time_claimed", moment_iso(said->time_ms).text);
        put_text(out, "origin", origin.text);
        put_number(out, "index", part->index);
        fputc('}', out);
    }
    fputc(']', out);
}

static void
put_proven(FILE *out, struct verify_evidence *it)
{
    const struct cert *certs = it->report->parties.list;
    struct safety      safety;
    char               digits[SAFETY_TEXT_LEN + 1] = "";

    put_message(out, it);
    put_answers(out, it->report);
    put_organisations(out, it);
    if (safety_number(certs[0].org_key, certs[1].org_key, &safety) ==
        STATUS_OK)
        safety_format(&safety, SAFETY_ALL, digits);
    put_text(out, "safety_number", digits);
    put_name(out, "not_proven", false);
    fputc('[', out);
    for (const char *const *at = verify_words_not_proven(); *at != NULL;
         at++) {
        fputs(at == verify_words_not_proven() ? "" : ",", out);
        verify_json_text(out, *at);
    }
    fputc(']', out);
}

static void
put_failed(FILE *out, const struct verify_evidence *it)
{
    const struct evidence_report *report = it->report;
    const struct evidence_step   *last = &report->steps[report->step_count - 1];
    bool trusted = it->trust == STATUS_OK;
    char part[VERIFY_WORDS];

    verify_words_part(last, part);
    put_name(out, "failed", false);
    fputc('{', out);
    put_name(out, "check", true);
    verify_json_text(out, trusted ? evidence_check_name(last->check) : "CARD");
    put_text(out, "of", trusted ? part : "the file");
    put_text(out, "code", status_name(trusted ? it->st : it->trust));
    put_text(out, "words", trusted ? verify_words_check(last->check)
                                   : "your card names this organisation key");
    put_number(out, "line", report->line);
    fputc('}', out);
}

void
verify_json_evidence(FILE *out, struct verify_evidence *it)
{
    bool ok = it->st == STATUS_OK && it->trust == STATUS_OK;

    fputc('{', out);
    put_name(out, "ok", true);
    fputs(ok ? "true" : "false", out);
    put_text(out, "file", it->path);
    put_text(out, "what", "evidence");
    put_steps(out, it->report);
    if (ok)
        put_proven(out, it);
    else
        put_failed(out, it);
    fputs("}\n", out);
}

void
verify_json_failure(FILE *out, enum status st, const char *words,
                    const char *hint)
{
    fputs("{\"ok\":false,\"error\":{\"code\":", out);
    verify_json_text(out, status_name(st));
    put_text(out, "message", words);
    put_text(out, "hint", hint);
    put_text(out, "path", "");
    fputs("}}\n", out);
}

/*
 * verify_evidence.c - what is proven, by whose key, and what is not.
 *
 * All that is printed of an entry was verified; texts of others go through
 * page.h, so that none can pass for a line of ours.
 */
#include "tools/verify/verify_evidence.h"

#include "crypto/safety.h"
#include "message.pb-c.h"
#include "tools/reading/show_body.h"
#include "tools/terminal/page.h"
#include "tools/verify/verify_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 2048 };

static const struct page outer = {.indent = PAGE_INDENT};

enum status
verify_evidence_run(struct verify_evidence *it, struct span text,
                    const struct verify_cards *cards, struct strict_arena arena)
{
    it->trust = STATUS_OK;
    it->st = evidence_verify(text, &arena, it->report);
    it->arena = arena;
    if (it->st != STATUS_OK)
        return it->st;
    for (size_t i = 0; i < 2; i++)
        if (verify_cards_find(cards, &it->report->parties.list[i],
                              &it->cards[i]) != STATUS_OK)
            it->trust = STATUS_UNTRUSTED;
    return it->trust;
}

/* --- lines --------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void
say(const char *name, const char *format, ...)
{
    struct page page = outer;
    char        text[LINE];
    va_list     args;

    page.out = stdout;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    page_field(&page, name, text);
}

static void
say_title(const char *title)
{
    printf("\n%s\n", title);
}

/* "ifc of IFC-IOR (IN)" */
static void
name_of(const struct cert *cert, char out[static VERIFY_WORDS])
{
    snprintf(out, VERIFY_WORDS, "%s of %s (%s)", cert->node_name,
             cert->org_name, cert->country);
}

/* --- what is proven ------------------------------------------------------- */

static void
say_entry(const struct verify_evidence *it)
{
    const struct evidence_part *part = &it->report->parts[0];
    const struct cert          *certs = it->report->parties.list;
    char                        from[VERIFY_WORDS], to[VERIFY_WORDS];
    char                        key[VERIFY_HEX];

    name_of(&certs[part->writer], from);
    name_of(&certs[1], to);
    verify_words_key(certs[part->writer].log_key, key);
    say("Written by", "%s, for %s", from, to);
    say("Entry", "number %" PRIu64 " of the log %.*s", part->index,
        (int)part->origin_text.len, (const char *)part->origin_text.ptr);
    say("Signed", "the log's head over %" PRIu64
        " entries, this one among them, by log key %s",
        part->head.size, key);
}

static void
say_receipt(const struct verify_evidence *it)
{
    const struct evidence_part *part = &it->report->parts[0];
    const struct cert          *certs = it->report->parties.list;
    const struct cert          *reader = &certs[part->reader];
    char                        name[VERIFY_WORDS], key[VERIFY_HEX];

    if (!part->receipted) {
        say("Receipt", "NONE in this file: only its writer's own signature "
                       "is proven");
        return;
    }
    name_of(reader, name);
    verify_words_key(reader->witness_key, key);
    say("Received by", "%s: its node signed that it holds the first %" PRIu64
        " entries of that log, this one among them, but for any that it "
        "refused in an answer of its own; by witness key %s",
        name, part->head.size, key);
    say("Received at", "%s, claimed by the clock of %s",
        verify_words_time(part->time_s * 1000).text, reader->node_name);
}

/* Words of others come last, so that they cannot pass for ours. */
static void
say_answer(const struct evidence_report *report,
           const struct evidence_said   *said)
{
    const struct evidence_part *part = &report->parts[said->part];
    const struct cert          *writer = &report->parties.list[part->writer];
    bool                        person = verify_words_by_person(said->verdict);
    char                        key[VERIFY_HEX];

    verify_words_key(writer->log_key, key);
    say("Answer", "%s, says the node %s%s: entry %" PRIu64 " of its log, "
        "signed by log key %s, at %s by its clock%s%.300s%s%s%.1024s",
        verify_words_verdict(said->verdict), writer->node_name,
        person ? " for a person" : "", part->index, key,
        verify_words_time(said->time_ms).text,
        said->by[0] == '\0' ? "" : ", in the name of \"", said->by,
        said->by[0] == '\0' ? "" : "\"",
        said->why[0] == '\0' ? "" : ", in these words: ", said->why);
}

/* As its author wrote it, field by field. */
static void
print_content(struct verify_evidence *it)
{
    const struct evidence_part *part = &it->report->parts[0];
    const struct page           page = {stdout, PAGE_INDENT, 0};
    ProtobufCMessage           *message = NULL;
    struct strict_fault         fault;

    if (!part->opened) {
        say_title(part->receipted
                      ? "Content: withheld.  That it exists and was received "
                        "is proven, not what it says."
                      : "Content: withheld.  That it exists is proven, not "
                        "what it says.");
        return;
    }
    say_title("Content, opened with the key in the file:");
    if (strict_unpack(&entente__message__descriptor, part->plain, &it->arena,
                      STRICT_KEEP, &message, &fault) != STATUS_OK) {
        page_line(&page, "These bytes are no message of this version.");
        return;
    }
    show_body_fields(&page, message);
}

/* --- by whose key --------------------------------------------------------- */

static void
say_organisations(const struct verify_evidence *it)
{
    const struct cert *certs = it->report->parties.list;
    struct safety      safety;
    char               digits[SAFETY_TEXT_LEN + 1];

    for (size_t i = 0; i < 2; i++) {
        char key[VERIFY_HEX];

        verify_words_key(certs[i].org_key, key);
        say(i == 0 ? "Writer's organisation" : "Reader's organisation",
            "key %s, %s%s; it calls itself %s", key,
            it->cards[i] == NULL ? "known from this file alone"
                                 : "the same as in ",
            it->cards[i] == NULL ? "" : it->cards[i]->path, certs[i].org_name);
    }
    if (safety_number(certs[0].org_key, certs[1].org_key, &safety) !=
        STATUS_OK) {
        say("Safety number", "none: both nodes are of one organisation");
        return;
    }
    safety_format(&safety, SAFETY_ALL, digits);
    say("Safety number", "%s", digits);
    if (it->cards[0] == NULL || it->cards[1] == NULL)
        say("Note", "a key that no card of yours confirms is only as good as "
            "this file: compare it, or the safety number, with a card (--card "
            "FILE) or with what the two organisations noted when they paired");
}

static void
say_not_proven(void)
{
    const struct page page = {stdout, PAGE_INDENT, 0};
    char              line[LINE];

    say_title("Not proven:");
    for (const char *const *at = verify_words_not_proven(); *at != NULL;
         at++) {
        snprintf(line, sizeof(line), "- %s", *at);
        page_hanging(&page, line);
    }
}

/* --- the whole ------------------------------------------------------------ */

static void
print_failure(const struct verify_evidence *it)
{
    const struct evidence_report *report = it->report;
    const struct evidence_step   *last = &report->steps[report->step_count - 1];
    char                          part[VERIFY_WORDS];

    verify_words_part(last, part);
    page_text(it->path, stdout);
    printf(": PROVES NOTHING\n");
    say("Failed", "step %zu, %s, of %s: that %s", report->step_count,
        evidence_check_name(last->check), part,
        verify_words_check(last->check));
    say("Because", "%s", status_words(it->st));
    if (last->check == EVIDENCE_FORM && report->line > 0)
        say("Line", "%zu is the first that is not as it must be",
            report->line);
}

static void
print_contradicted(const struct verify_evidence *it)
{
    for (size_t i = 0; i < 2; i++) {
        const struct cert *cert = &it->report->parties.list[i];

        if (it->cards[i] == NULL ||
            secret_equal(it->cards[i]->cert.org_key, cert->org_key, LIMIT_KEY))
            continue;
        page_text(it->path, stdout);
        printf(": NOT BY THE KEY OF YOUR CARD\n");
        say("Failed", "%s names another organisation key for the node that "
            "this file calls %s: somebody made this file with a key of his "
            "own, or the card is of another time",
            it->cards[i]->path, cert->node_name);
    }
}

void
verify_evidence_print(struct verify_evidence *it)
{
    if (it->st != STATUS_OK) {
        print_failure(it);
        return;
    }
    if (it->trust != STATUS_OK) {
        print_contradicted(it);
        return;
    }
    page_text(it->path, stdout);
    printf(": all %zu steps passed\n", it->report->step_count);
    say_title("Proven, by the keys below:");
    say_entry(it);
    say_receipt(it);
    for (size_t i = 0; i < it->report->said_count; i++)
        say_answer(it->report, &it->report->said[i]);
    print_content(it);
    say_title("By whose keys:");
    say_organisations(it);
    say_not_proven();
}

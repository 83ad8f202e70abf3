/*
 * show.c - label first, then who and when, then what, then how it is known.
 *
 * The order is that of a message form: what a reader must know before he
 * reads on stands above it, and the label stands again at the end.
 */
#include "tools/reading/show.h"

#include "node/core/message/deadline.h"
#include "proto/words.h"
#include "tools/language/zulu.h"
#include "tools/reading/show_body.h"
#include "tools/terminal/amount.h"
#include "tools/terminal/local.h"
#include "tools/terminal/page.h"
#include "tools/terminal/safe.h"

#include <stdlib.h>
#include <string.h>

static bool
has(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static const char *
word_or(const ProtobufCEnumDescriptor *words, int value, const char *otherwise)
{
    const char *word = words_name(words, value);

    return word == NULL ? otherwise : word;
}

static void
put_list(FILE *out, const char *before, size_t count, char *const *texts)
{
    for (size_t i = 0; i < count; i++) {
        (void)fputs(i == 0 ? before : ", ", out);
        (void)fputs(texts[i], out);
    }
}

/* Nothing when there is no text. */
static void
put_part(FILE *out, const char *before, const char *text)
{
    if (has(text))
        (void)fprintf(out, "%s%s", before, text);
}

/* ---- the label ---- */

/* "TOP SECRET": words have no blank, labels do. */
static void
put_classification(FILE *out, const Entente__Label *label)
{
    const char *word = word_or(&entente__classification__descriptor,
                               (int)label->classification,
                               "CLASSIFICATION NOT KNOWN HERE");

    for (; *word != '\0'; word++)
        (void)fputc(*word == '_' ? ' ' : *word, out);
}

static void
put_label(FILE *out, const Entente__Label *label)
{
    if (label == NULL) {
        (void)fputs("NO LABEL", out);
        return;
    }
    if (has(label->policy))
        (void)fprintf(out, "%s ", label->policy);
    put_classification(out, label);
    put_list(out, " // ", label->n_context, label->context);
    put_list(out, " // REL TO ", label->n_releasable_to, label->releasable_to);
    put_list(out, " // ", label->n_caveats, label->caveats);
}

static void
show_banner(const struct page *page, const Entente__Message *message,
            bool colour)
{
    FILE  *out = page->out;
    char  *text = NULL;
    size_t len = 0;
    FILE  *line = open_memstream(&text, &len);

    if (line == NULL)
        return;
    (void)fputs("=== ", line);
    put_label(line, message->label);
    (void)fputs(" ===", line);
    if (fclose(line) == 0) {
        (void)fputs(colour ? "\x1b[1;7m" : "", out);
        page_hanging(page, text);
        (void)fputs(colour ? "\x1b[0m" : "", out);
    }
    if (message->status == ENTENTE__MESSAGE__STATUS__STATUS_EXERCISE) {
        (void)fputs("EXERCISE EXERCISE EXERCISE ", out);
        page_text(message->exercise_id, out);
        (void)fputc('\n', out);
    } else if (message->status != ENTENTE__MESSAGE__STATUS__STATUS_ACTUAL) {
        (void)fprintf(out, "%s %s %s\n",
                      word_or(&entente__message__status__descriptor,
                              (int)message->status, "NO STATUS"),
                      "-", "not to be acted upon");
    }
    free(text);
}

static void
show_notices(const struct page *page, const struct show_facts *facts)
{
    for (size_t i = 0; i < facts->notice_count; i++) {
        (void)fputs(facts->colour ? "\x1b[1;31m" : "", page->out);
        page_hanging(page, facts->notices[i]);
        (void)fputs(facts->colour ? "\x1b[0m" : "", page->out);
    }
}

/* ---- the header ---- */

static void
field_if(const struct page *page, const char *name, const char *text)
{
    if (has(text))
        page_field(page, name, text);
}

static void
time_if(const struct page *page, const char *name, const Entente__Time *time)
{
    if (time != NULL)
        page_field(page, name, local_dtg(time).text);
}

/* As its author gave it, or as it follows from precedence. */
static void
show_ack_by(const struct page *page, const Entente__Message *message,
            bool overdue)
{
    struct deadline deadline = deadline_of(message);
    Entente__Time   time;
    char            text[LOCAL_TEXT + 40];

    if (deadline.ms == 0)
        return;
    zulu_of_ms(deadline.ms, &time);
    (void)snprintf(text, sizeof(text), "%s%s%s",
                   local_dtg(deadline.given ? message->ack_by : &time).text,
                   deadline.given ? "" : " (from precedence)",
                   overdue ? ", OVERDUE" : "");
    page_field(page, "Acknowledge by", text);
}

static void
list_if(const struct page *page, const char *name, size_t count,
        char *const *texts)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *line;

    if (count == 0 || (line = open_memstream(&text, &len)) == NULL)
        return;
    put_list(line, "", count, texts);
    if (fclose(line) == 0)
        page_field(page, name, text);
    free(text);
}

static void
show_first_line(const struct page *page, const Entente__Message *message)
{
    const struct kind *kind = kind_of(message);
    struct local_text  dtg = {"no date-time group"};
    char               line[256];
    char               unknown[40];

    if (message->dtg != NULL)
        dtg = local_dtg(message->dtg);
    (void)snprintf(unknown, sizeof(unknown), "kind %u, not known here",
                   message_kind_number(message));
    (void)snprintf(line, sizeof(line), "%s   %s   %s   %s",
                   word_or(&entente__precedence__descriptor,
                           (int)message->precedence, "NO PRECEDENCE"),
                   dtg.text, kind == NULL ? unknown : kind->name,
                   word_or(&entente__message__action__descriptor,
                           (int)message->action, "NO ACTION"));
    if (strlen(line) <= (page->width == 0 ? PAGE_WIDTH : page->width))
        page_line(page, line);
    else
        page_hanging(page, line);
}

static void
show_from(const struct page *page, const Entente__Message *message,
          const struct show_facts *facts)
{
    const Entente__Originator *who = message->originator;
    char                      *text = NULL;
    size_t                     len = 0;
    FILE                      *line = open_memstream(&text, &len);

    if (line == NULL)
        return;
    if (who != NULL) {
        put_part(line, "", who->org);
        put_part(line, " / ", who->post);
    }
    if (has(facts->from))
        (void)fprintf(line, " (sent by %s)", facts->from);
    if (fclose(line) == 0)
        field_if(page, "From", text);
    free(text);
}

static void
show_refs(const struct page *page, const Entente__Message *message,
          const struct show_facts *facts)
{
    char hex[2 * LIMIT_MESSAGE_ID + 1];

    for (size_t i = 0; i < facts->ref_count; i++)
        page_field(page, facts->refs[i].name, facts->refs[i].text);
    if (facts->ref_count > 0)
        return;
    for (size_t i = 0; i < message->n_refs; i++) {
        if (message->refs[i].len != LIMIT_MESSAGE_ID)
            continue;
        hex_encode(message->refs[i].data, LIMIT_MESSAGE_ID, hex);
        page_field(page, "About", hex);
    }
}

static void
show_legal_basis(const struct page *page, const Entente__LegalBasis *basis)
{
    char  *text = NULL;
    size_t len = 0;
    FILE  *line;

    if (basis == NULL || (line = open_memstream(&text, &len)) == NULL)
        return;
    put_part(line, "", basis->agreement);
    put_part(line, ", article ", basis->article);
    if (fclose(line) == 0)
        page_field(page, "Legal basis", text);
    free(text);
}

static void
show_header(const struct page *page, const Entente__Message *message,
            const struct show_facts *facts)
{
    show_first_line(page, message);
    field_if(page, "Reference", facts->ref);
    show_from(page, message, facts);
    list_if(page, "To", message->n_action_to, message->action_to);
    list_if(page, "Info", message->n_info_to, message->info_to);
    field_if(page, "Subject", message->subject);
    field_if(page, "Author", message->author);
    field_if(page, "Released by", message->releaser);
    show_refs(page, message, facts);
    show_legal_basis(page, message->legal_basis);
    field_if(page, "TLP",
             words_name(&entente__message__tlp__descriptor, (int)message->tlp));
    field_if(page, "PAP",
             words_name(&entente__message__pap__descriptor, (int)message->pap));
    time_if(page, "Expires", message->expires);
    show_ack_by(page, message, facts->overdue);
    field_if(page, "Language", message->language);
    field_if(page, facts->outgoing ? "Submitted" : "Received", facts->time);
    field_if(page, "State", facts->state);
}

/* ---- what travels beside, and how it is known ---- */

/* ", partial: 3 of 24 chunks are here (12 %)": never taken for a whole one. */
static void
put_file_state(FILE *out, const struct show_file *file, bool outgoing)
{
    const char *where = outgoing ? "there" : "here";

    (void)fprintf(out, ", %s", file->state);
    if (strcmp(file->state, "partial") == 0)
        (void)fprintf(out, ": %llu of %llu chunks are %s (%u %%)",
                      (unsigned long long)file->chunks,
                      (unsigned long long)file->of, where,
                      file->of == 0 ? 0
                                    : (unsigned)(file->chunks * 100 /
                                                 file->of));
    else if (outgoing && strcmp(file->state, "complete") == 0)
        (void)fprintf(out, " %s", where);
}

static void
show_attachments(const struct page *page, const Entente__Message *message,
                 const struct show_facts *facts)
{
    for (size_t i = 0; i < message->n_attachments; i++) {
        const Entente__Attachment *file = message->attachments[i];
        char                      *text = NULL;
        size_t                     len = 0;
        FILE                      *line = open_memstream(&text, &len);

        if (line == NULL)
            return;
        (void)fprintf(line, "%s (%s, %s)", file->name, file->media_type,
                      amount_of(file->size).text);
        if (file->label != NULL) {
            (void)fputs(" ", line);
            put_label(line, file->label);
        }
        if (i < facts->file_count)
            put_file_state(line, &facts->files[i], facts->outgoing);
        if (fclose(line) == 0)
            page_field(page, "Attachment", text);
        free(text);
    }
}

static void
show_verified(const struct page *page, const struct show_facts *facts)
{
    const struct page inner = {page->out, PAGE_INDENT, page->width};

    if (facts->fact_count > 0)
        page_line(page, "Verified:");
    for (size_t i = 0; i < facts->fact_count; i++) {
        bool loud = facts->colour && !facts->facts[i].verified;

        if (loud)
            (void)fputs("\x1b[1;31m", page->out);
        page_field(&inner, facts->facts[i].verified ? "yes" : "NOT",
                   facts->facts[i].words);
        if (loud)
            (void)fputs("\x1b[0m", page->out);
    }
}

static void
show_trail(const struct page *page, const struct show_facts *facts)
{
    const struct page inner = {page->out, PAGE_INDENT, page->width};

    if (facts->step_count > 0)
        page_line(page, "Trail:");
    for (size_t i = 0; i < facts->step_count; i++) {
        const struct show_step *step = &facts->trail[i];
        char                   *text = NULL;
        size_t                  len = 0;
        FILE                   *line = open_memstream(&text, &len);

        if (line == NULL)
            return;
        put_part(line, "", has(step->state) ? step->state : "?");
        put_part(line, " ", step->time);
        put_part(line, " by ", step->by);
        put_part(line, ": ", step->why);
        if (fclose(line) == 0)
            page_paragraph(&inner, text);
        free(text);
    }
}

void
show_text(const char *text, FILE *out)
{
    safe_print(text, out);
}

enum status
show_message(const Entente__Message *message, const struct show_facts *facts,
             FILE *out)
{
    const struct page       page = {out, 0, facts->width};
    const ProtobufCMessage *body = kind_body(message);

    show_banner(&page, message, facts->colour);
    show_notices(&page, facts);
    show_header(&page, message, facts);
    show_attachments(&page, message, facts);
    page_line(&page, "");
    if (body != NULL)
        show_body_fields(&page, body);
    show_body_unknown(&page, &message->base);
    page_line(&page, "");
    show_verified(&page, facts);
    show_trail(&page, facts);
    show_notices(&page, facts);
    show_banner(&page, message, facts->colour);
    return ferror(out) ? STATUS_IO : STATUS_OK;
}

/* verify_story.c - who signed what, log by log, and the first difference. */
#include "tools/verify/verify_story.h"

#include "tools/terminal/page.h"
#include "tools/verify/verify_json.h"
#include "tools/verify/verify_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 2048 };

/* --- one file ------------------------------------------------------------ */

bool
verify_story_is_export(struct span text)
{
    struct span begins = span_text("Entente log export, version ");

    return text.len >= begins.len &&
           span_equal((struct span){text.ptr, begins.len}, begins);
}

enum status
verify_story_take(struct verify_export *it, const char *path, uint8_t *text,
                  size_t len, const struct verify_cards *cards)
{
    *it = (struct verify_export){.path = path, .text = text, .len = len};
    it->logs = calloc(LIMIT_EXPORT_LOGS, sizeof(*it->logs));
    if (it->logs == NULL)
        return STATUS_FULL;
    it->export.logs = it->logs;
    it->export.cap = LIMIT_EXPORT_LOGS;
    it->st = export_verify((struct span){text, len}, &it->export);
    for (size_t i = 0; i < 2 && it->st == STATUS_OK; i++)
        if (verify_cards_find(cards, &it->export.parties.list[i],
                              &it->cards[i]) != STATUS_OK)
            it->trust = STATUS_UNTRUSTED;
    return it->st == STATUS_OK ? it->trust : it->st;
}

void
verify_story_clear(struct verify_export *it)
{
    free(it->text);
    free(it->logs);
    *it = (struct verify_export){.path = NULL};
}

/* --- for a person -------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void
say(const char *name, const char *format, ...)
{
    const struct page page = {stdout, PAGE_INDENT, 0};
    char              text[LINE];
    va_list           args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    page_field(&page, name, text);
}

static void
print_title(const char *path, const char *words)
{
    page_text(path, stdout);
    printf(": %s\n", words);
}

static void
print_keys(const struct verify_export *it)
{
    for (size_t i = 0; i < 2; i++) {
        const struct cert *cert = &it->export.parties.list[i];
        char               key[VERIFY_HEX];

        verify_words_key(cert->org_key, key);
        say(i == 0 ? "File of" : "With", "organisation key %s, %s%s; it calls "
            "itself %s, and its node %s",
            key,
            it->cards[i] == NULL ? "known from this file alone"
                                 : "the same as in ",
            it->cards[i] == NULL ? "" : it->cards[i]->path, cert->org_name,
            cert->node_name);
    }
}

/* Who wrote it and who read it, since ids tell nobody. */
static void
print_log(const struct export *export, const struct export_log *log)
{
    const struct cert *certs = export->parties.list;
    const struct cert *writer = &certs[log->writer];
    const struct cert *reader =
        node_id_equal(&certs[0].node, &writer->node) ? &certs[1] : &certs[0];
    char words[VERIFY_WORDS] = "no receipt";

    if (log->receipted)
        snprintf(words, sizeof(words), "%" PRIu64 " receipted by %s, at %s by "
                 "its clock",
                 log->cosigned.size, reader->node_name,
                 verify_words_time(log->time_s * 1000).text);
    say("Log", "from %s to %s, %.*s: %" PRIu64 " entries signed, %s",
        writer->node_name, reader->node_name, (int)log->origin_text.len,
        (const char *)log->origin_text.ptr, log->head.size, words);
}

void
verify_story_print(const struct verify_export *it)
{
    if (it->st != STATUS_OK) {
        print_title(it->path, "PROVES NOTHING");
        say("Because", "%s, at line %zu%s%.*s", status_words(it->st),
            it->export.line, it->export.refused.len > 0 ? ", in " : "",
            (int)it->export.refused.len,
            it->export.refused.len > 0
                ? (const char *)it->export.refused.ptr
                : "");
        return;
    }
    if (it->trust != STATUS_OK) {
        print_title(it->path, "NOT BY THE KEY OF YOUR CARD");
        return;
    }
    print_title(it->path, "every root and signature holds");
    print_keys(it);
    for (size_t i = 0; i < it->export.count; i++)
        print_log(&it->export, &it->export.logs[i]);
}

/* --- two files ----------------------------------------------------------- */

static const char *
writer_name(const struct export *export, const struct story_log *log,
            size_t which)
{
    const struct export_log *in = log->in[which];

    return in == NULL ? "?" : export->parties.list[in->writer].node_name;
}

static void
say_log(const struct verify_export *const files[2], const struct story *story,
        const struct story_log *log)
{
    const char *less = files[log->less]->path;
    const char *more = files[1 - log->less]->path;
    const char *of = files[log->less]->export.parties.list[0].node_name;
    uint64_t    count = log->size[1 - log->less];
    char        name[LIMIT_ORIGIN + 1];

    snprintf(name, sizeof(name), "%.*s", (int)story->origin.len,
             (const char *)story->origin.ptr);
    switch (log->kind) {
    case STORY_SAME:
        say("Same", "%s, %" PRIu64 " entries", name, log->size[0]);
        break;
    case STORY_UNDERWAY:
        say("More", "%s: %s goes on to %" PRIu64 " entries, %s ends at %" PRIu64
            "; what is more was not receipted there, or the file is older",
            name, more, count, less, log->index);
        break;
    case STORY_LACKS:
        say("TAIL MISSING", "%s: %s ends at %" PRIu64 " entries, and %s shows "
            "by the signature of %s itself that there were %" PRIu64
            ". That node lost or hides them, or its file is older",
            name, less, log->index, more, of, count);
        break;
    default:
        say("FORK", "%s: entry %" PRIu64 " is not the same, and the key of %s "
            "signed both: %" PRIu64 " entries in %s, %" PRIu64 " in %s. That "
            "node told one log in two ways, or another has its key",
            name, log->index, writer_name(&files[0]->export, log, 0),
            log->size[0], files[0]->path, log->size[1], files[1]->path);
    }
}

static void
json_log(const struct story *story, const struct story_log *log)
{
    char name[LIMIT_ORIGIN + 1];

    snprintf(name, sizeof(name), "%.*s", (int)story->origin.len,
             (const char *)story->origin.ptr);
    printf("%s{\"origin\":\"%s\",\"is\":\"%s\",\"sizes\":[%" PRIu64 ",%" PRIu64
           "],\"index\":%" PRIu64 "}",
           story->count > 1 ? "," : "", name, story_name(log->kind),
           log->size[0], log->size[1], log->index);
}

/* The logs, each told; *first is the first that differs. */
static enum status
tell_logs(const struct verify_export *const files[2], struct story *story,
          bool json)
{
    struct story_log log;

    while (story_next(story, &files[0]->export, &files[1]->export, &log)) {
        if (json)
            json_log(story, &log);
        else
            say_log(files, story, &log);
    }
    return story->st;
}

static void
print_outcome(enum status st)
{
    const struct page page = {stdout, PAGE_INDENT, 0};

    puts(st == STATUS_OK          ? "\nONE STORY, as far as both files go."
         : st == STATUS_UNTRUSTED ? "\nNOTHING TO COMPARE."
                                  : "\nNOT ONE STORY.");
    puts("\nNot proven:");
    page_hanging(&page, "- That either file is all that its node has: logs "
                        "that neither shows, and what came later, may exist.");
    page_hanging(&page, "- What the entries say: a log export holds no "
                        "content.");
    page_hanging(&page, "- That any time is true, and that no key was stolen "
                        "or revoked.");
}

enum status
verify_story_compare(const struct verify_export *a,
                     const struct verify_export *b, bool json)
{
    const struct verify_export *const files[2] = {a, b};
    struct story                      story;
    enum status st = story_begin(&story, &a->export, &b->export);

    if (json) {
        fputs("{\"what\":\"story\",\"files\":[", stdout);
        verify_json_text(stdout, a->path);
        fputc(',', stdout);
        verify_json_text(stdout, b->path);
        fputs("],\"logs\":[", stdout);
    } else {
        puts("");
        page_text(a->path, stdout);
        fputs(" and ", stdout);
        print_title(b->path, "log by log");
    }
    if (st == STATUS_OK)
        st = tell_logs(files, &story, json);
    else if (!json)
        say("Not compared", "they are not of the same two nodes, or name "
            "other organisation keys");
    if (json)
        printf("],\"ok\":%s,\"code\":\"%s\"}\n",
               st == STATUS_OK ? "true" : "false",
               st == STATUS_OK ? "" : status_name(st));
    else
        print_outcome(st);
    return st;
}

/* --- for programs -------------------------------------------------------- */

void
verify_story_json(const struct verify_export *it)
{
    bool        ok = it->st == STATUS_OK && it->trust == STATUS_OK;
    enum status st = it->st == STATUS_OK ? it->trust : it->st;

    printf("{\"what\":\"export\",\"ok\":%s,\"file\":", ok ? "true" : "false");
    verify_json_text(stdout, it->path);
    printf(",\"code\":\"%s\",\"line\":%zu,\"nodes\":[",
           ok ? "" : status_name(st), ok ? 0 : it->export.line);
    for (size_t i = 0; i < 2 && ok; i++) {
        const struct cert *cert = &it->export.parties.list[i];
        char               key[VERIFY_HEX];

        verify_words_key(cert->org_key, key);
        fputs(i == 0 ? "{\"org\":" : ",{\"org\":", stdout);
        verify_json_text(stdout, cert->org_name);
        fputs(",\"node\":", stdout);
        verify_json_text(stdout, cert->node_name);
        printf(",\"org_key\":\"%s\",\"card\":", key);
        verify_json_text(stdout,
                         it->cards[i] == NULL ? "" : it->cards[i]->path);
        fputc('}', stdout);
    }
    fputs("],\"logs\":[", stdout);
    for (size_t i = 0; i < it->export.count && ok; i++) {
        const struct export_log *log = &it->export.logs[i];

        printf("%s{\"origin\":\"%.*s\",\"size\":%" PRIu64
               ",\"receipted\":%" PRIu64 "}",
               i == 0 ? "" : ",", (int)log->origin_text.len,
               (const char *)log->origin_text.ptr, log->head.size,
               log->receipted ? log->cosigned.size : 0);
    }
    puts("]}");
}

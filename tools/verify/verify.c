/*
 * verify.c - entente-verify: what files prove, offline, to who trusts nobody.
 *
 * Over proto/ and crypto/ alone: it opens the files that it is given, and
 * nothing else; it has no home, no key and no secret, and calls nobody.
 */
#include "tools/terminal/page.h"
#include "tools/verify/verify_evidence.h"
#include "tools/verify/verify_json.h"
#include "tools/verify/verify_story.h"
#include "tools/verify/verify_words.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    FILES_MAX = 64,
    WORDS = 512,
    READ_FIRST = 65536,
    COMPARED = 2
};

struct program {
    bool                json;
    struct verify_cards cards;
    size_t              file_count;
    const char         *files[FILES_MAX];
    struct evidence_report *report;
    uint8_t                *room;
    size_t                  export_count;
    struct verify_export    exports[COMPARED];
};

static const char usage_begins[] =
    "usage: entente-verify [--json] [--card FILE]... FILE...\n"
    "\n"
    "Says what files prove, by whose keys, and what they do not prove: those\n"
    "of `entente evidence`, and those of `entente log export`, of which two\n"
    "are compared.  Works offline and needs nothing but the files.\n"
    "\n";
static const char usage_ends[] =
    "\n"
    "Exit codes: 0 all steps passed; 4 a file proves nothing, and which step\n"
    "failed is told, or two exports do not tell one story; 2 usage; 5 no such\n"
    "file; 7 no card.\n";

static void
print_usage(FILE *out)
{
    const struct page page = {out, PAGE_INDENT, 0};

    fputs(usage_begins, out);
#define OPTION(name, argument, meaning)                                        \
    page_field(&page, (argument) == NULL ? "--" name : "--" name " FILE",      \
               meaning);
    VERIFY_OPTION_LIST(OPTION)
#undef OPTION
    fputs(usage_ends, out);
}

/* --- why it fails --------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static enum status
fail(const struct program *program, enum status st, const char *format, ...)
{
    char    words[WORDS];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    if (program->json)
        verify_json_failure(stdout, st, words, "entente-verify --help");
    else
        fprintf(stderr, "entente-verify: %s\n", words);
    return st;
}

/* --- files ---------------------------------------------------------------- */

NODISCARD static enum status
bad_file(const struct program *program, const char *path)
{
    return fail(program, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
                "%s: %s", path, strerror(errno));
}

/* All that is left of a file, at most max bytes and one more, so that too
 * much is seen; NULL: no memory. */
static uint8_t *
read_stream(FILE *in, size_t max, size_t *len)
{
    size_t   cap = READ_FIRST;
    uint8_t *out = malloc(cap);

    *len = 0;
    while (out != NULL) {
        size_t   got = fread(out + *len, 1, cap - *len, in);
        uint8_t *more;

        *len += got;
        if (*len < cap || *len > max)
            return out;
        cap *= 2;
        more = realloc(out, cap);
        if (more == NULL)
            free(out);
        out = more;
    }
    return NULL;
}

NODISCARD static enum status
read_file(const struct program *program, const char *path, size_t max,
          uint8_t **out, size_t *len)
{
    bool        standard = strcmp(path, "-") == 0;
    FILE       *in = standard ? stdin : fopen(path, "re");
    enum status st = STATUS_OK;

    if (in == NULL)
        return bad_file(program, path);
    *out = read_stream(in, max, len);
    if (ferror(in) != 0)
        st = bad_file(program, path);
    else if (*out == NULL)
        st = fail(program, STATUS_IO, "no memory");
    else if (*len > max)
        st = fail(program, STATUS_TOO_LARGE, "%s has more than %zu bytes",
                  path, max);
    if (!standard)
        fclose(in);
    if (st == STATUS_OK)
        return st;
    free(*out);
    *out = NULL;
    return st;
}

NODISCARD static enum status
add_card(struct program *program, const char *path)
{
    uint8_t    *text = NULL;
    size_t      len = 0;
    size_t      line = 0;
    enum status st = read_file(program, path, LIMIT_CARD, &text, &len);

    if (st != STATUS_OK)
        return st;
    st = verify_cards_add(&program->cards, path, (struct span){text, len},
                          &line);
    free(text);
    if (st == STATUS_FULL)
        return fail(program, STATUS_USAGE, "more than %d cards",
                    VERIFY_CARDS_MAX);
    if (st != STATUS_OK)
        return fail(program, st, "%s is no card as it was signed: line %zu",
                    path, line);
    return STATUS_OK;
}

/* Kept, to be compared with another one. */
NODISCARD static enum status
verify_export(struct program *program, const char *path, uint8_t *text,
              size_t len)
{
    struct verify_export *it = &program->exports[program->export_count];
    enum status           st;

    if (program->export_count == COMPARED) {
        free(text);
        return fail(program, STATUS_USAGE, "more than two log exports");
    }
    program->export_count++;
    st = verify_story_take(it, path, text, len, &program->cards);
    if (it->logs == NULL)
        return fail(program, STATUS_IO, "no memory");
    if (program->json)
        verify_story_json(it);
    else
        verify_story_print(it);
    return st;
}

NODISCARD static enum status
verify_evidence(struct program *program, const char *path, struct span text)
{
    struct verify_evidence it = {.path = path, .report = program->report};
    struct strict_arena    arena = strict_arena_of(program->room,
                                                   EVIDENCE_ROOM);
    enum status st = verify_evidence_run(&it, text, &program->cards, arena);

    if (program->json)
        verify_json_evidence(stdout, &it);
    else
        verify_evidence_print(&it);
    secret_wipe_bytes(program->room, EVIDENCE_ROOM);
    return st;
}

/* What a file does not prove ends with one exit code, whatever is wrong. */
NODISCARD static enum status
verify_file(struct program *program, const char *path)
{
    uint8_t    *text = NULL;
    size_t      len = 0;
    enum status st = read_file(program, path, LIMIT_EXPORT, &text, &len);

    if (st != STATUS_OK)
        return st;
    if (verify_story_is_export((struct span){text, len})) {
        st = verify_export(program, path, text, len);
        return st == STATUS_OK || st == STATUS_USAGE || st == STATUS_IO
                   ? st
                   : STATUS_BAD_PROOF;
    }
    st = verify_evidence(program, path, (struct span){text, len});
    secret_wipe_bytes(text, len);
    free(text);
    return st == STATUS_OK ? STATUS_OK : STATUS_BAD_PROOF;
}

/* --- the command line ----------------------------------------------------- */

/* AGAIN: all was said that was asked for. */
NODISCARD static enum status
read_options(struct program *program, int argc, char **argv)
{
    static const struct option options[] = {
        {"card", required_argument, NULL, 'c'},
        {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'v'},
        {NULL, 0, NULL, 0},
    };
    const char *cards[VERIFY_CARDS_MAX + 1];
    size_t      card_count = 0;
    int         option;
    enum status st = STATUS_OK;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'c':
            if (card_count <= VERIFY_CARDS_MAX)
                cards[card_count++] = optarg;
            break;
        case 'j': program->json = true; break;
        case 'h': print_usage(stdout); return STATUS_AGAIN;
        case 'v': puts("entente-verify " ENTENTE_VERSION); return STATUS_AGAIN;
        default: return STATUS_USAGE;
        }
    }
    if (optind == argc || argc - optind > FILES_MAX) {
        print_usage(stderr);
        return STATUS_USAGE;
    }
    while (optind < argc)
        program->files[program->file_count++] = argv[optind++];
    for (size_t i = 0; i < card_count && st == STATUS_OK; i++)
        st = add_card(program, cards[i]);
    return st;
}

/* The first that fails decides; all are told. */
NODISCARD static enum status
verify_all(struct program *program)
{
    enum status worst = STATUS_OK;

    program->report = malloc(sizeof(*program->report));
    program->room = malloc(EVIDENCE_ROOM);
    if (program->report == NULL || program->room == NULL)
        worst = fail(program, STATUS_IO, "no memory");
    for (size_t i = 0; i < program->file_count && program->room != NULL; i++) {
        enum status st;

        if (i > 0 && !program->json)
            puts("");
        st = verify_file(program, program->files[i]);
        if (worst == STATUS_OK)
            worst = st;
    }
    if (worst == STATUS_OK && program->export_count == COMPARED)
        worst = verify_story_compare(&program->exports[0],
                                     &program->exports[1], program->json);
    for (size_t i = 0; i < program->export_count; i++)
        verify_story_clear(&program->exports[i]);
    free(program->report);
    free(program->room);
    return worst;
}

int
main(int argc, char **argv)
{
    struct program program = {.json = false};
    enum status    st = crypto_start();

    if (st != STATUS_OK)
        st = fail(&program, st, "this libsodium cannot be used");
    else
        st = read_options(&program, argc, argv);
    if (st == STATUS_OK)
        st = verify_all(&program);
    else if (st == STATUS_AGAIN)
        st = STATUS_OK;
    if (fflush(stdout) != 0 || ferror(stdout) != 0)
        st = STATUS_IO;
    return status_exit_code(st);
}

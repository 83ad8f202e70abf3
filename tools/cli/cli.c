/*
 * cli.c - what a command asks of its line, and from a failure to words.
 *
 * Invariant: nothing is printed here but by the functions that say so, so a
 * command's output is its own from the first byte to the last.
 */
#include "tools/cli/cli.h"

#include "proto/text.h"

#include "node/net/passphrase.h"
#include "tools/cli/ask.h"
#include "tools/language/json.h"
#include "tools/reading/show.h"
#include "tools/terminal/page.h"
#include "tools/terminal/safe.h"
#include "tools/terminal/table.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cli_option_info option_table[] = {
#define CLI_ROW(id, name, letter, argument, repeated, help)                    \
    {name, argument, repeated, help, letter},
    CLI_OPTION_LIST(CLI_ROW)
#undef CLI_ROW
};

static_assert(CLI_OPTION_COUNT <= 8 * sizeof(cli_options), "they fit a set");

const struct cli_option_info *
cli_option_info(enum cli_option option)
{
    assert(option < CLI_OPTION_COUNT);
    return &option_table[option];
}

/* --- failing --------------------------------------------------------- */

/* Of the verb that was typed, as far as it was read. */
static struct cli_line
help_line(const struct cli *cli)
{
    bool none = cli->command == NULL || cli->command->name[0] == '\0';

    return cli_line(cli, "help%s%s", none ? "" : " ",
                    none ? "" : cli->command->name);
}

/* A text that was cut within a character loses what is left of that. */
static void
mend_end(char *text)
{
    size_t len = strlen(text);

    for (int i = 0; i < 3 && len > 0 && !text_ok(span_text(text)); i++)
        text[--len] = '\0';
}

/* No text, not even without its end: its bytes are told. */
static void
make_text(char *text, size_t cap)
{
    char *safe;

    mend_end(text);
    if (text_ok(span_text(text)))
        return;
    safe = safe_text(span_text(text), false);
    if (safe != NULL)
        snprintf(text, cap, "%s", safe);
    free(safe);
}

enum status
cli_fail(struct cli *cli, enum status st, const char *hint, const char *format,
         ...)
{
    va_list args;

    assert(st != STATUS_OK);
    if (cli->failed)
        return st;
    cli->failed = true;
    va_start(args, format);
    vsnprintf(cli->message, sizeof(cli->message), format, args);
    va_end(args);
    if (hint == NULL && st == STATUS_USAGE)
        snprintf(cli->hint, sizeof(cli->hint), "%s", help_line(cli).text);
    else
        snprintf(cli->hint, sizeof(cli->hint), "%s", hint == NULL ? "" : hint);
    make_text(cli->message, sizeof(cli->message));
    make_text(cli->hint, sizeof(cli->hint));
    return st;
}

enum status
cli_status(struct cli *cli, enum status st, const char *what)
{
    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, st, NULL, "%s: %s", what, status_words(st));
}

enum status
cli_said(struct cli *cli, enum status st)
{
    assert(st != STATUS_OK);
    cli->said = true;
    return st;
}

void
cli_error(struct cli *cli, size_t line, const char *path, const char *words)
{
    json_t *one = json_pack("{s:s, s:s}", "path", path, "message", words);

    if (cli->errors == NULL)
        cli->errors = json_array();
    if (json_array_size(cli->errors) == 0)
        snprintf(cli->path, sizeof(cli->path), "%s", path);
    if (line > 0 && one != NULL)
        json_object_set_new(one, "line", json_integer((json_int_t)line));
    json_array_append_new(cli->errors, one);
}

void
cli_clear(struct cli *cli)
{
    json_decref(cli->errors);
    cli->errors = NULL;
}

/* Where one of several things is wrong: "line 4, ship.imo". */
static void
name_place(const json_t *one, char *out, size_t cap)
{
    const char   *path = json_string_value(json_object_get(one, "path"));
    const json_t *line = json_object_get(one, "line");
    bool          named = path != NULL && path[0] != '\0';

    out[0] = '\0';
    if (line != NULL)
        snprintf(out, cap, "line %" JSON_INTEGER_FORMAT "%s",
                 json_integer_value(line), named ? ", " : "");
    if (named)
        snprintf(out + strlen(out), cap - strlen(out), "%s", path);
    else if (line == NULL)
        snprintf(out, cap, "(the whole)");
}

/* Whether it is to be typed, and so copied whole. */
static bool
is_line(const struct cli *cli, const char *hint)
{
    struct cli_line line = cli_line(cli, "%s", "");

    return strncmp(hint, line.text, strlen(line.text)) == 0;
}

/* "name: text", on a terminal wrapped between words. */
static void
print_said(unsigned indent, const char *name, const char *text, bool wrap)
{
    size_t      width = table_terminal_width();
    struct page page = {stderr, indent, page_width_for(width)};
    char       *line = NULL;

    if (!wrap || !isatty(STDERR_FILENO) ||
        asprintf(&line, "%s: %s", name, text) < 0) {
        fprintf(stderr, "%*s", (int)indent, "");
        show_text(name, stderr);
        fputs(": ", stderr);
        show_text(text, stderr);
        fputc('\n', stderr);
        return;
    }
    page_hanging(&page, line);
    free(line);
}

/* What came from a message or a node may hold anything. */
static void
print_error_text(const struct cli *cli, const char *message)
{
    char    place[PATH_TEXT + 32];
    json_t *one;
    size_t  i;

    print_said(0, "entente", message, true);
    json_array_foreach(cli->errors, i, one)
    {
        name_place(one, place, sizeof(place));
        print_said(2, place,
                   json_string_value(json_object_get(one, "message")), true);
    }
    if (cli->hint[0] != '\0')
        print_said(0, "hint", cli->hint, !is_line(cli, cli->hint));
}

json_t *
cli_error_json(const struct cli *cli, enum status st)
{
    return json_pack("{s:s, s:s, s:s, s:s}", "code", status_name(st), "message",
                     cli->failed ? cli->message : status_words(st), "hint",
                     cli->hint, "path", cli->path);
}

void
cli_print_error(const struct cli *cli, enum status st)
{
    const char *message = cli->failed ? cli->message : status_words(st);
    json_t     *error;

    if (cli->said)
        return;
    if (!cli->json) {
        print_error_text(cli, message);
        return;
    }
    error = json_pack("{s:b, s:o}", "ok", 0, "error", cli_error_json(cli, st));
    if (error != NULL && cli->errors != NULL)
        json_object_set(error, "errors", cli->errors);
    if (error == NULL || cli_print_json(cli, error) != STATUS_OK ||
        fflush(stdout) != 0 || ferror(stdout) != 0)
        print_error_text(cli, message); /* nobody got it there */
}

enum status
cli_print_json(const struct cli *cli, json_t *value)
{
    char *text = json_text(value, 0);
    bool  ok;

    (void)cli;
    json_decref(value);
    if (text == NULL)
        return STATUS_IO;
    ok = puts(text) >= 0;
    free(text);
    return ok ? STATUS_OK : STATUS_IO;
}

/* --- what a command asks --------------------------------------------- */

bool
cli_has(const struct cli *cli, enum cli_option option)
{
    return cli->options[option].count > 0;
}

const char *
cli_value(const struct cli *cli, enum cli_option option)
{
    return cli->options[option].count > 0 ? cli->options[option].at[0] : NULL;
}

enum status
cli_number(struct cli *cli, enum cli_option option, uint64_t low, uint64_t high,
           uint64_t *out)
{
    const char        *text = cli_value(cli, option);
    char              *end = NULL;
    unsigned long long value;

    if (text == NULL)
        return STATUS_OK;
    errno = 0;
    value = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
        value < low || value > high)
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--%s is a whole number from %" PRIu64 " to %" PRIu64
                        ", not %.40s",
                        option_table[option].name, low, high, text);
    *out = value;
    return STATUS_OK;
}

enum status
cli_passphrase_fd(struct cli *cli, int *out)
{
    uint64_t    fd = 0;
    enum status st = cli_number(cli, CLI_PASSPHRASE_FD, 0, 65535, &fd);

    if (st == STATUS_OK)
        *out = cli_has(cli, CLI_PASSPHRASE_FD) ? (int)fd : PASSPHRASE_NO_FD;
    return st;
}

enum status
cli_confirm(struct cli *cli, const char *question)
{
    char answer[16];

    if (cli_has(cli, CLI_YES))
        return STATUS_OK;
    if (!isatty(STDIN_FILENO))
        return cli_fail(cli, STATUS_USAGE, "--yes answers yes",
                        "nobody is there to answer: %s", question);
    fprintf(stderr, "%s [y/N] ", question);
    if (ask_line(answer, sizeof(answer)) &&
        (answer[0] == 'y' || answer[0] == 'Y'))
        return STATUS_OK;
    return cli_fail(cli, STATUS_BAD_STATE, NULL, "nothing was changed");
}

/* Appends `word`, in single quotes where the shell would not leave it so. */
static void
quote(char *out, size_t cap, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,";
    size_t at = strlen(out);

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        snprintf(out + at, cap - at, "%s", word);
        return;
    }
    at += (size_t)snprintf(out + at, cap - at, "'");
    for (; *word != '\0' && at + 8 < cap; word++)
        at += (size_t)snprintf(out + at, cap - at, "%s",
                               *word == '\'' ? "'\\''"
                                             : (char[2]){*word, '\0'});
    snprintf(out + at, cap - at, "'");
}

struct cli_line
cli_line(const struct cli *cli, const char *format, ...)
{
    struct cli_line line = {{0}};
    size_t          at;
    va_list         args;
    char           *safe;

    quote(line.text, sizeof(line.text), cli->program);
    if (cli_has(cli, CLI_HOME) && cli->home[0] != '\0') {
        at = strlen(line.text);
        snprintf(line.text + at, sizeof(line.text) - at, " --home ");
        quote(line.text, sizeof(line.text), cli->home);
    }
    at = strlen(line.text);
    if (at + 2 < sizeof(line.text))
        line.text[at++] = ' ';
    va_start(args, format);
    vsnprintf(line.text + at, sizeof(line.text) - at, format, args);
    va_end(args);
    safe = safe_text(span_text(line.text), false); /* a name may be in it */
    if (safe != NULL)
        snprintf(line.text, sizeof(line.text), "%s", safe);
    free(safe);
    return line;
}

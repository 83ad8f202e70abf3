/*
 * cli.c - from argv to a command, and from a failure to words.
 *
 * Invariant: nothing is printed here but by the functions that say so, so a
 * command's output is its own from the first byte to the last.
 */
#include "tools/cli.h"

#include "node/net/passphrase.h"
#include "proto/words.h"
#include "tools/json.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
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

static_assert(CLI_OPTION_COUNT <= 64, "options fit a mask");

enum { OPTION_BASE = 1000 }; /* getopt's value of option i is this + i */

const struct cli_option_info *
cli_option_info(enum cli_option option)
{
    assert(option < CLI_OPTION_COUNT);
    return &option_table[option];
}

/* --- failing --------------------------------------------------------- */

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
    snprintf(cli->hint, sizeof(cli->hint), "%s", hint == NULL ? "" : hint);
    return st;
}

enum status
cli_status(struct cli *cli, enum status st, const char *what)
{
    if (st == STATUS_OK)
        return st;
    return cli_fail(cli, st, NULL, "%s: %s", what, status_words(st));
}

void
cli_print_error(const struct cli *cli, enum status st)
{
    const char *message = cli->failed ? cli->message : status_words(st);
    json_t     *error;

    if (!cli->json) {
        fprintf(stderr, "entente: %s\n", message);
        if (cli->hint[0] != '\0')
            fprintf(stderr, "hint: %s\n", cli->hint);
        return;
    }
    error = json_pack("{s:b, s:{s:s, s:s, s:s, s:s}}", "ok", 0, "error", "code",
                      status_name(st), "message", message, "hint", cli->hint,
                      "path", cli->path);
    if (error == NULL || cli_print_json(cli, error) != STATUS_OK)
        fprintf(stderr, "entente: %s\n", message);
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

/* --- parsing --------------------------------------------------------- */

static void
fill_options(struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *argument = option_table[i].argument;

        longs[i] = (struct option){.name = option_table[i].name,
                                   .val = OPTION_BASE + i};
        if (argument != NULL)
            longs[i].has_arg = argument[0] == '[' ? optional_argument
                                                  : required_argument;
        if (option_table[i].letter == '\0')
            continue;
        *shorts++ = option_table[i].letter;
        if (argument != NULL)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

static int
option_of_letter(int letter)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (option_table[i].letter != '\0' && option_table[i].letter == letter)
            return i;
    }
    return -1;
}

NODISCARD static enum status
bad_option(struct cli *cli, const char *word)
{
    const char *names[CLI_OPTION_COUNT];
    const char *near;
    char        hint[128];
    const char *bare = word + strspn(word, "-");
    struct span typed = {(const uint8_t *)bare, strcspn(bare, "=")};

    for (int i = 0; i < CLI_OPTION_COUNT; i++)
        names[i] = option_table[i].name;
    near = words_nearest(typed, names, CLI_OPTION_COUNT);
    if (near == NULL)
        snprintf(hint, sizeof(hint), "entente help");
    else
        snprintf(hint, sizeof(hint), "did you mean --%s?", near);
    return cli_fail(cli, STATUS_USAGE, hint, "unknown option %.100s", word);
}

NODISCARD static enum status
take_option(struct cli *cli, int option, const char *argument)
{
    struct cli_values *values = &cli->options[option];
    const char        *name = option_table[option].name;

    if (values->count > 0 && !option_table[option].repeated)
        return cli_fail(cli, STATUS_USAGE, NULL, "--%s stands there twice",
                        name);
    if (values->count == CLI_REPEAT_MAX)
        return cli_fail(cli, STATUS_USAGE, NULL, "more than %d of --%s",
                        CLI_REPEAT_MAX, name);
    values->at[values->count++] = argument == NULL ? "" : argument;
    return STATUS_OK;
}

NODISCARD static enum status
read_options(struct cli *cli, int argc, char **argv)
{
    struct option longs[CLI_OPTION_COUNT + 1] = {{0}};
    char          shorts[2 * CLI_OPTION_COUNT + 2];
    enum status   st = STATUS_OK;
    int           got;

    fill_options(longs, shorts);
    opterr = 0;
    optind = 0; /* start again, also when a test calls twice */
    while (st == STATUS_OK &&
           (got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (got == '?')
            st = bad_option(cli, argv[optind - 1]);
        else if (got == ':')
            st = cli_fail(cli, STATUS_USAGE, NULL, "%.100s needs an argument",
                          argv[optind - 1]);
        else if (got >= OPTION_BASE)
            st = take_option(cli, got - OPTION_BASE, optarg);
        else
            st = take_option(cli, option_of_letter(got), optarg);
    }
    for (; st == STATUS_OK && optind < argc; optind++) {
        if (cli->arg_count == CLI_ARGS_MAX)
            return cli_fail(cli, STATUS_USAGE, NULL, "more than %d words",
                            CLI_ARGS_MAX);
        cli->args[cli->arg_count++] = argv[optind];
    }
    return st;
}

const struct command *
cli_find(const struct cli *cli, const char *first, const char *second)
{
    const struct command *found = NULL;

    for (const struct command *row = cli->commands; row->name != NULL; row++) {
        size_t len = strcspn(row->name, " ");

        if (row->name[0] == '\0' || strncmp(row->name, first, len) != 0 ||
            first[len] != '\0')
            continue;
        if (row->name[len] == '\0')
            found = found == NULL ? row : found;
        else if (second != NULL && strcmp(row->name + len + 1, second) == 0)
            return row;
    }
    return found;
}

/* "card" has second words, "show" among them: for an error's hint. */
static void
list_second_words(const struct cli *cli, const char *first, char *out,
                  size_t cap)
{
    size_t at = 0;

    out[0] = '\0';
    for (const struct command *row = cli->commands; row->name != NULL; row++) {
        size_t len = strlen(first);

        if (strncmp(row->name, first, len) != 0 || row->name[len] != ' ' ||
            at >= cap)
            continue;
        at += (size_t)snprintf(out + at, cap - at, "%s%s",
                               at == 0 ? "" : ", ", row->name);
    }
}

NODISCARD static enum status
bad_command(struct cli *cli, const char *word)
{
    const char *names[128];
    size_t      count = 0;
    char        list[160];
    char        hint[200];
    const char *near;

    list_second_words(cli, word, list, sizeof(list));
    if (list[0] != '\0')
        return cli_fail(cli, STATUS_USAGE, list, "%s needs a second word",
                        word);
    for (const struct command *row = cli->commands;
         row->name != NULL && count < 128; row++) {
        if (row->name[0] != '\0')
            names[count++] = row->name;
    }
    near = words_nearest(span_text(word), names, count);
    if (near == NULL)
        snprintf(hint, sizeof(hint), "entente help");
    else
        snprintf(hint, sizeof(hint), "did you mean %s?", near);
    return cli_fail(cli, STATUS_USAGE, hint, "no such command: %.100s", word);
}

/* Takes the words of the command off the front of the arguments. */
NODISCARD static enum status
choose_command(struct cli *cli)
{
    size_t used = 1;

    if (cli->arg_count == 0) {
        cli->command = cli->commands;
        return STATUS_OK;
    }
    cli->command = cli_find(cli, cli->args[0],
                            cli->arg_count > 1 ? cli->args[1] : NULL);
    if (cli->command == NULL)
        return bad_command(cli, cli->args[0]);
    if (strchr(cli->command->name, ' ') != NULL)
        used = 2;
    cli->arg_count -= used;
    memmove(cli->args, cli->args + used, cli->arg_count * sizeof(*cli->args));
    return STATUS_OK;
}

NODISCARD static enum status
check_command(struct cli *cli)
{
    const struct command *command = cli->command;
    struct cli_line       help = cli_line(cli, "help %s", command->name);

    if (cli_has(cli, CLI_HELP))
        return STATUS_OK;
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli->options[i].count > 0 &&
            ((command->options | CLI_ALWAYS) & (1ull << i)) == 0)
            return cli_fail(cli, STATUS_USAGE, help.text,
                            "entente%s%s does not take --%s",
                            command->name[0] == '\0' ? "" : " ", command->name,
                            option_table[i].name);
    }
    if (cli->arg_count < command->args_min)
        return cli_fail(cli, STATUS_USAGE, help.text, "entente %s needs %s",
                        command->name, command->args);
    if (cli->arg_count > command->args_max)
        return cli_fail(cli, STATUS_USAGE, help.text,
                        "one word too many for entente %s: %.100s",
                        command->name, cli->args[command->args_max]);
    return STATUS_OK;
}

/* --home, ENTENTE_HOME, /var/lib/entente for root, XDG for others. */
NODISCARD static enum status
find_home(struct cli *cli)
{
    const char *given = cli_value(cli, CLI_HOME);
    const char *data = getenv("XDG_DATA_HOME");
    const char *user = getenv("HOME");
    int         len;

    if (given == NULL)
        given = getenv("ENTENTE_HOME");
    if (given != NULL && given[0] != '\0')
        len = snprintf(cli->home, sizeof(cli->home), "%s", given);
    else if (given != NULL && cli_has(cli, CLI_HOME))
        return cli_fail(cli, STATUS_USAGE, NULL, "--home needs a folder");
    else if (geteuid() == 0)
        len = snprintf(cli->home, sizeof(cli->home), "/var/lib/entente");
    else if (data != NULL && data[0] == '/')
        len = snprintf(cli->home, sizeof(cli->home), "%s/entente", data);
    else
        len = snprintf(cli->home, sizeof(cli->home), "%s/.local/share/entente",
                       user == NULL ? "" : user);
    if (len < 0 || (size_t)len >= sizeof(cli->home))
        return cli_fail(cli, STATUS_USAGE, NULL, "the home's path is too long");
    while (len > 1 && cli->home[len - 1] == '/')
        cli->home[--len] = '\0';
    return STATUS_OK;
}

enum status
cli_parse(struct cli *cli, int argc, char **argv,
          const struct command *commands)
{
    enum status st;

    *cli = (struct cli){.commands = commands, .program = argv[0]};
    for (int i = 1; i < argc; i++) /* also when what follows is wrong */
        cli->json = cli->json || strcmp(argv[i], "--json") == 0;
    st = read_options(cli, argc, argv);
    if (st == STATUS_OK)
        st = find_home(cli);
    if (st == STATUS_OK)
        st = choose_command(cli);
    if (st == STATUS_OK)
        st = check_command(cli);
    return st;
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
                        "--%s must be a whole number from %" PRIu64
                        " to %" PRIu64,
                        option_table[option].name, low, high);
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
    if (fgets(answer, sizeof(answer), stdin) != NULL &&
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

    quote(line.text, sizeof(line.text), cli->program);
    if (cli_has(cli, CLI_HOME)) {
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
    return line;
}

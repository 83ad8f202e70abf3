/*
 * cli_parse.c - options first, then the words, then whether they fit.
 */
#include "tools/cli_parse.h"

#include "proto/words.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_BASE = 1000 }; /* getopt's value of option i is this + i */

static const struct cli_option_info *
info_of(int option)
{
    return cli_option_info((enum cli_option)option);
}

static void
fill_options(struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* tell a missing argument from an unknown option */
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *argument = info_of(i)->argument;

        longs[i] = (struct option){.name = info_of(i)->name,
                                   .val = OPTION_BASE + i};
        if (argument != NULL)
            longs[i].has_arg = argument[0] == '[' ? optional_argument
                                                  : required_argument;
        if (info_of(i)->letter == '\0')
            continue;
        *shorts++ = info_of(i)->letter;
        if (argument != NULL)
            *shorts++ = ':';
    }
    *shorts = '\0';
}

static int
option_of_letter(int letter)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (info_of(i)->letter != '\0' && info_of(i)->letter == letter)
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
        names[i] = info_of(i)->name;
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
    const char        *name = info_of(option)->name;

    if (values->count > 0 && !info_of(option)->repeated)
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
cli_parse_find(const struct cli *cli, const char *first, const char *second)
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
    cli->command = cli_parse_find(cli, cli->args[0],
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

    if (cli_has(cli, CLI_HELP) || cli_has(cli, CLI_VERSION))
        return STATUS_OK;
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli->options[i].count > 0 &&
            ((command->options | CLI_ALWAYS) & (1ull << i)) == 0)
            return cli_fail(cli, STATUS_USAGE, help.text,
                            "entente%s%s does not take --%s",
                            command->name[0] == '\0' ? "" : " ", command->name,
                            info_of(i)->name);
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

/* --color, else NO_COLOR, else whether there is a terminal. */
NODISCARD static enum status
choose_color(struct cli *cli)
{
    const char *given = cli_value(cli, CLI_COLOR);
    const char *no = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    if (given != NULL && strcmp(given, "always") == 0)
        cli->color = true;
    else if (given == NULL || strcmp(given, "auto") == 0)
        cli->color = isatty(STDOUT_FILENO) && (no == NULL || no[0] == '\0') &&
                     (term == NULL || strcmp(term, "dumb") != 0);
    else if (strcmp(given, "never") != 0)
        return cli_fail(cli, STATUS_USAGE, NULL,
                        "--color is auto, always or never, not %.40s", given);
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
        st = choose_color(cli);
    if (st == STATUS_OK)
        st = find_home(cli);
    if (st == STATUS_OK)
        st = choose_command(cli);
    if (st == STATUS_OK)
        st = check_command(cli);
    return st;
}

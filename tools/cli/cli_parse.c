/*
 * cli_parse.c - options first, then the words, then whether they fit.
 */
#include "tools/cli/cli_parse.h"

#include "tools/cli/cli_meant.h"

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

/* Of what getopt gives for an option, long or short; -1: it is none. */
static int
option_of(int given)
{
    if (given >= OPTION_BASE)
        return given - OPTION_BASE;
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (info_of(i)->letter != '\0' && info_of(i)->letter == given)
            return i;
    }
    return -1;
}

/* What getopt does not take: it leaves in optopt which option it is, or which
 * letter; 0: it knows none. */
NODISCARD static enum status
bad_option(struct cli *cli, const char *word)
{
    const char letter[] = {'-', (char)optopt, '\0'};

    if (optopt >= OPTION_BASE)
        return cli_fail(cli, STATUS_USAGE, NULL, "--%s takes no value: %.100s",
                        info_of(option_of(optopt))->name, word);
    return cli_meant_option(cli, optopt == 0 ? word : letter);
}

NODISCARD static enum status
lacks_argument(struct cli *cli, int option)
{
    const struct cli_option_info *info = info_of(option);

    return cli_fail(cli, STATUS_USAGE, NULL, "--%s needs %s: %s", info->name,
                    info->argument, info->help);
}

NODISCARD static enum status
take_option(struct cli *cli, int option, const char *argument)
{
    struct cli_values *values = &cli->options[option];
    const char        *name = info_of(option)->name;

    if (argument != NULL && argument[0] == '\0' &&
        info_of(option)->argument[0] != '[')
        return cli_fail(cli, STATUS_USAGE, NULL, "--%s is empty: it needs %s",
                        name, info_of(option)->argument);
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
            st = lacks_argument(cli, option_of(optopt));
        else
            st = take_option(cli, option_of(got), optarg);
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
        return cli_meant_command(cli, STATUS_USAGE, cli->args[0],
                                 cli->arg_count > 1 ? cli->args[1] : NULL);
    if (strchr(cli->command->name, ' ') != NULL)
        used = 2;
    cli->arg_count -= used;
    memmove(cli->args, cli->args + used, cli->arg_count * sizeof(*cli->args));
    return STATUS_OK;
}

static bool
has_second_words(const struct cli *cli, const char *first)
{
    size_t len = strlen(first);

    for (const struct command *row = cli->commands; row->name != NULL; row++)
        if (strncmp(row->name, first, len) == 0 && row->name[len] == ' ')
            return true;
    return false;
}

/* "card shw", or "--wait read" where "--wait=read" was meant. */
NODISCARD static enum status
too_many(struct cli *cli)
{
    const struct command *command = cli->command;
    const char           *word = cli->args[command->args_max];
    char                  hint[64] = "";

    if (command->args_max == 0 && has_second_words(cli, command->name))
        return cli_meant_command(cli, STATUS_USAGE, command->name, word);
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const char *argument = info_of(i)->argument;

        if (cli->options[i].count > 0 && argument != NULL &&
            argument[0] == '[' && cli->options[i].at[0][0] == '\0')
            snprintf(hint, sizeof(hint), "a value of --%s is written --%s=%.*s",
                     info_of(i)->name, info_of(i)->name,
                     (int)strlen(argument) - 2, argument + 1);
    }
    return cli_fail(cli, STATUS_USAGE, hint[0] == '\0' ? NULL : hint,
                    "one word too many for %s: %.100s", command->name,
                    word);
}

NODISCARD static enum status
check_command(struct cli *cli)
{
    const struct command *command = cli->command;

    if (cli_has(cli, CLI_HELP) || cli_has(cli, CLI_VERSION))
        return STATUS_OK;
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (cli->options[i].count > 0 &&
            ((command->options | CLI_ALWAYS) & CLI_ONE(i)) == 0)
            return cli_fail(cli, STATUS_USAGE, NULL,
                            "%s does not take --%s",
                            command->name[0] == '\0' ? "no verb"
                                                     : command->name,
                            info_of(i)->name);
    }
    if (cli->arg_count < command->args_min)
        return cli_fail(cli, STATUS_USAGE, NULL, "%s needs %s",
                        command->name, command->args);
    if (cli->arg_count > command->args_max)
        return too_many(cli);
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

/* Whether the next word is this one's argument. */
static bool
takes_next(const char *word)
{
    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        const struct cli_option_info *info = info_of(i);
        const char short_form[] = {'-', info->letter, '\0'};

        if (info->argument != NULL && info->argument[0] != '[' &&
            ((info->letter != '\0' && strcmp(word, short_form) == 0) ||
             (word[0] == '-' && word[1] == '-' &&
              strcmp(word + 2, info->name) == 0)))
            return true;
    }
    return false;
}

/* --json and the command, for the words of errors that come before they are
 * read. */
static void
glance(struct cli *cli, int argc, char **argv)
{
    const char *words[2] = {NULL, NULL};
    size_t      count = 0;

    for (int i = 1; i < argc; i++) {
        if (takes_next(argv[i]))
            i++;
        else if (strcmp(argv[i], "--json") == 0)
            cli->json = true;
        else if (argv[i][0] != '-' && count < 2)
            words[count++] = argv[i];
    }
    if (count > 0)
        cli->command = cli_parse_find(cli, words[0], words[1]);
}

enum status
cli_parse(struct cli *cli, int argc, char **argv,
          const struct command *commands)
{
    enum status st;

    *cli = (struct cli){.commands = commands, .program = argv[0]};
    glance(cli, argc, argv);
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

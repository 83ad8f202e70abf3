/* cli_meant.c - nearness of words is proto/words.h's. */
#include "tools/cli/cli_meant.h"

#include "proto/words.h"

#include <string.h>

enum { COMMANDS_MAX = 128, LIST = 200 };

/* --- commands ------------------------------------------------------------ */

/* "card" has second words, "show" among them. */
static void
list_second_words(const struct cli *cli, const char *first,
                  char out[static LIST])
{
    size_t len = strlen(first);
    size_t at = 0;

    out[0] = '\0';
    for (const struct command *row = cli->commands; row->name != NULL; row++) {
        if (strncmp(row->name, first, len) != 0 || row->name[len] != ' ' ||
            at >= LIST)
            continue;
        at += (size_t)snprintf(out + at, LIST - at, "%s%s",
                               at == 0 ? "" : ", ", row->name);
    }
}

/* The nearest of those names that have, or have not, a second word. */
static const char *
nearest_command(const struct cli *cli, const char *typed, bool two)
{
    const char *names[COMMANDS_MAX];
    size_t      count = 0;

    for (const struct command *row = cli->commands;
         row->name != NULL && count < COMMANDS_MAX; row++) {
        if (row->name[0] != '\0' && (strchr(row->name, ' ') != NULL) == two)
            names[count++] = row->name;
    }
    return words_nearest(span_text(typed), names, count);
}

enum status
cli_meant_command(struct cli *cli, enum status st, const char *first,
                  const char *second)
{
    char        both[128];
    char        list[LIST];
    char        hint[LIST + 32];
    const char *near = NULL;

    snprintf(both, sizeof(both), "%.60s %.60s", first,
             second == NULL ? "" : second);
    if (second != NULL)
        near = nearest_command(cli, both, true);
    if (near == NULL)
        near = nearest_command(cli, first, false);
    list_second_words(cli, first, list);
    if (list[0] != '\0' && second == NULL)
        return cli_fail(cli, st, list, "%s needs a second word", first);
    if (near != NULL && strcmp(near, first) == 0 && list[0] == '\0')
        return cli_fail(cli, st, cli_line(cli, "help %s", first).text,
                        "%s has no second word, such as %.100s", first, second);
    if (near != NULL && strcmp(near, first) != 0)
        snprintf(hint, sizeof(hint), "did you mean %s?", near);
    else if (list[0] != '\0')
        snprintf(hint, sizeof(hint), "there is %s", list);
    else
        return cli_fail(cli, st, cli_line(cli, "help").text,
                        "no such command: %.100s", first);
    return cli_fail(cli, st, hint, "no such command: %.100s",
                    second != NULL && list[0] != '\0' ? both : first);
}

/* --- options ------------------------------------------------------------- */

enum status
cli_meant_option(struct cli *cli, const char *word)
{
    const struct command *command = cli->command;
    const char           *names[CLI_OPTION_COUNT];
    const char           *near;
    char                  hint[128];
    size_t                count = 0;
    const char           *bare = word + strspn(word, "-");
    struct span           typed = {(const uint8_t *)bare, strcspn(bare, "=")};

    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if (command == NULL ||
            ((command->options | CLI_ALWAYS) & CLI_ONE(i)) != 0)
            names[count++] = cli_option_info((enum cli_option)i)->name;
    }
    near = words_nearest(typed, names, count);
    if (near != NULL)
        snprintf(hint, sizeof(hint), "did you mean --%s?", near);
    return cli_fail(cli, STATUS_USAGE, near == NULL ? NULL : hint,
                    "unknown option %.100s", word);
}

/* help.c - the table of commands, printed. */
#include "tools/cli/help.h"

#include "tools/objects.h"

#include <string.h>

static void
print_option(FILE *out, enum cli_option option)
{
    const struct cli_option_info *info = cli_option_info(option);
    const char                   *argument = info->argument;
    char                          left[64];

    snprintf(left, sizeof(left), "--%s%s%s%s", info->name,
             argument == NULL ? "" : (argument[0] == '[' ? "[=" : " "),
             argument == NULL ? ""
                              : argument + (argument[0] == '[' ? 1 : 0),
             info->repeated ? " ..." : "");
    if (info->letter == '\0')
        fprintf(out, "      %-30s %s\n", left, info->help);
    else
        fprintf(out, "  -%c, %-30s %s\n", info->letter, left, info->help);
}

static void
print_options(FILE *out, const char *title, cli_options mask)
{
    bool any = false;

    for (int i = 0; i < CLI_OPTION_COUNT; i++) {
        if ((mask & CLI_ONE(i)) == 0)
            continue;
        if (!any)
            fprintf(out, "\n%s", title);
        any = true;
        print_option(out, (enum cli_option)i);
    }
}

/* What one line cannot tell, for those who must know it. */
static const struct {
    const char *verb;
    const char *text;
} notes[] = {
    {"log verify",
     "What verifies is whole up to its newest signed head: nothing in it was\n"
     "changed, added, taken out or moved.  That nothing was cut off its end,\n"
     "heads and receipts with it, no log can show of itself, and an emptied\n"
     "one verifies too.  The other side's head shows it: its node notices at\n"
     "the next link, and an auditor by `log export` on both sides and\n"
     "`verify` of the two files."},
    {"evidence",
     "Whoever has the file can read this one message, and of the others that\n"
     "the same answers speak of learns the verdicts, by number.  With\n"
     "--withhold-content nobody can read anything, and answers are left out.\n"
     "The node notes in its log that a key was handed out.  A file holds 64\n"
     "answers at most, the oldest; how many are left out is told."},
    {"bundle export",
     "Sealed to the peer as a whole: who finds the stick sees the two nodes'\n"
     "ids, a number, and how large it is.  In it is all that the peer has not\n"
     "confirmed, of earlier bundles too, so that a lost stick costs time and\n"
     "nothing else.  A link that comes up carries the same.  FILE is there\n"
     "whole or not at all, and never replaces one."},
    {"bundle import",
     "May be done twice, late, or in any order: nothing is shown twice.  Exit\n"
     "code 1 where the file was cut or damaged and what was left of it was\n"
     "taken; 4 where it is not for this node, or was changed: then nothing\n"
     "was.  The answer has the receipts, and all that waits for the peer."},
    {"api",
     "Each line is an object:\n"
     "  {\"id\": 1, \"verb\": \"send\", \"to\": \"jmsdf\", "
     "\"message\": {...}}\n"
     "  {\"id\": 2, \"verb\": \"inbox\", \"unread\": true}\n"
     "  {\"id\": 3, \"verb\": \"show\", \"ref\": \"jmsdf/17\"}\n"
     "  {\"id\": 4, \"verb\": \"watch\", \"cursor\": \"...\"}\n"
     "  {\"id\": 5, \"verb\": \"stop\", \"request\": 4}\n"
     "Keys are the verb's options.  An answer bears the id, and a result,\n"
     "which is what --json of the verb prints, or the end: done, or an error.\n"
     "Many may be under way.  At the end of input what is under way is\n"
     "answered, and watches end.  `entente help json` describes every object."},
    {"watch",
     "Only events of --precedence and higher are told, and every alarm.  On a\n"
     "terminal a bell rings for what comes from IMMEDIATE up, for what is\n"
     "overdue and for alarms.  With --cursor each event is told once: the\n"
     "place behind it is noted when its row was printed, or when the program\n"
     "of --exec ended with 0.  If it did not, it gets the row again, after\n"
     "1 s to 60 s, and nothing passes that row by.  SIGINT and SIGTERM end it\n"
     "between two rows.  Only a kill -9 between a row and its note may tell\n"
     "that one row twice, with the same \"cursor\" in it."},
};

const char *
help_note(const char *verb)
{
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
        if (strcmp(notes[i].verb, verb) == 0)
            return notes[i].text;
    return NULL;
}

void
help_command(const struct cli *cli, const struct command *command, FILE *out)
{
    const char *note = help_note(command->name);

    fprintf(out, "entente%s%s%s%s%s\n\n%s.\n",
            command->name[0] == '\0' ? "" : " ", command->name,
            command->options == 0 ? "" : " [OPTIONS]",
            command->args[0] == '\0' ? "" : " ", command->args, command->help);
    if (note != NULL)
        fprintf(out, "\n%s\n", note);
    print_options(out, "Options:\n", command->options);
    print_options(out, "Every command takes:\n", CLI_ALWAYS);
    if (command->example != NULL)
        fprintf(out, "\nExample:  %s\n",
                cli_line(cli, "%s", command->example).text);
}

void
help_all(const struct cli *cli, FILE *out)
{
    fputs("entente - signed, sealed and receipted messages between "
          "organisations\n\n",
          out);
    for (const struct command *row = cli->commands; row->name != NULL; row++) {
        char left[64];

        snprintf(left, sizeof(left), "%s%s%s",
                 row->name[0] == '\0' ? "(nothing)" : row->name,
                 row->args[0] == '\0' ? "" : " ", row->args);
        fprintf(out, "  %-32s %s\n", left, row->help);
    }
    fputs("\nentente help VERB tells more of one, entente help exit-codes what "
          "a script gets,\nentente help json what --json prints.\nA node has "
          "a home: --home DIR, else ENTENTE_HOME, else your own.\n",
          out);
}

void
help_exit_codes(FILE *out)
{
    static const char *const words[] = {
        "done",
        "a failure that none below names",
        "the command was not understood, or needs an answer (--yes)",
        "the node does not answer",
        "not trusted, or a verification failed",
        "no such thing here",
        "not within the time given",
        "the input is not valid",
        "refused by policy",
    };

    for (int code = 0; code < (int)(sizeof(words) / sizeof(words[0])); code++) {
        fprintf(out, "%d  %s\n", code, words[code]);
        for (int st = 1; st < STATUS_COUNT; st++) {
            if (status_exit_code((enum status)st) == code)
                fprintf(out, "     %-13s %s\n", status_name((enum status)st),
                        status_words((enum status)st));
        }
    }
    fputs("\nThe one exception is `check`, which ends as monitoring plugins "
          "do:\n0 OK, 1 WARNING, 2 CRITICAL (also: the node does not answer), "
          "3 UNKNOWN.\n",
          out);
}

void
help_objects(FILE *out)
{
    for (size_t i = 0; objects_lines[i] != NULL; i++)
        fprintf(out, "%s\n", objects_lines[i]);
}

static json_t *
options_json(cli_options mask)
{
    json_t *list = json_array();

    for (int i = 0; i < CLI_OPTION_COUNT && list != NULL; i++) {
        const struct cli_option_info *info = cli_option_info(
            (enum cli_option)i);

        if ((mask & CLI_ONE(i)) != 0)
            json_array_append_new(list, json_string(info->name));
    }
    return list;
}

static json_t *
commands_json(const struct cli *cli)
{
    json_t *list = json_array();

    for (const struct command *row = cli->commands;
         list != NULL && row->name != NULL; row++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:o}", "name", row->name, "args",
                            row->args, "help", row->help, "options",
                            options_json(row->options | CLI_ALWAYS)));
    }
    return list;
}

static json_t *
every_option_json(void)
{
    json_t *list = json_array();

    for (int i = 0; i < CLI_OPTION_COUNT && list != NULL; i++) {
        const struct cli_option_info *info = cli_option_info(
            (enum cli_option)i);

        json_array_append_new(
            list, json_pack("{s:s, s:s#, s:s, s:b, s:s}", "name", info->name,
                            "letter", &info->letter, info->letter != '\0',
                            "argument",
                            info->argument == NULL ? "" : info->argument,
                            "repeated", info->repeated, "help", info->help));
    }
    return list;
}

json_t *
help_json(const struct cli *cli)
{
    return json_pack("{s:o, s:o}", "commands", commands_json(cli), "options",
                     every_option_json());
}

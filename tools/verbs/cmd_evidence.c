/* cmd_evidence.c - the file is written only when it was verified here. */
#include "tools/verbs/cmd_evidence.h"

#include "tools/audit/gathering.h"
#include "tools/cli/file.h"
#include "tools/verbs/cmd_show.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { REFERENCE = 128 };

/* --- evidence ------------------------------------------------------------- */

static json_t *
made_json(const char *path, const struct gathering *gathering)
{
    const struct evidence_report *report = gathering_report(gathering);
    const struct evidence_part   *message = &report->parts[0];

    return json_pack("{s:b, s:s, s:s, s:I, s:b, s:b, s:I, s:I}", "ok", 1,
                     "file", path, "origin",
                     origin_format(&message->origin).text, "index",
                     (json_int_t)message->index, "disclosed", message->opened,
                     "receipted", message->receipted, "answers",
                     (json_int_t)(report->part_count - 1), "answers_left_out",
                     (json_int_t)gathering_left_out(gathering));
}

/* Nothing in the file shows it, so it is said where it cannot be missed. */
static void
warn_left_out(const struct gathering *gathering)
{
    unsigned long long left = gathering_left_out(gathering);
    size_t held = gathering_report(gathering)->part_count - 1;

    if (left > 0)
        fprintf(stderr, "entente: %llu %s this message; %zu of them %s in the "
                "file\n", held + left,
                held + left == 1 ? "answer names" : "answers name", held,
                held == 1 ? "is" : "are");
}

static void
print_made(const struct cli *cli, const char *path,
           const struct gathering *gathering)
{
    const struct evidence_report *report = gathering_report(gathering);
    const struct evidence_part   *message = &report->parts[0];
    const struct cert            *reader =
        &report->parties.list[message->reader];
    size_t answers = report->part_count - 1;

    printf("%s proves entry %llu of %s", path,
           (unsigned long long)message->index,
           origin_format(&message->origin).text);
    if (message->receipted)
        printf(", its receipt by %s", reader->node_name);
    else
        printf("; it has NO RECEIPT yet");
    if (answers > 0)
        printf(", and %zu %s to it", answers,
               answers == 1 ? "answer" : "answers");
    printf(".\n%s\n\nNext:\n  %s\n",
           message->opened
               ? "Whoever has the file can read the message in it."
               : "Its content is withheld: nobody can read it from the file.",
           cli_line(cli, "verify %s", path).text);
}

enum status
cmd_evidence_run(struct cli *cli)
{
    const char       *path = cli_value(cli, CLI_OUT);
    struct gathering *gathering = NULL;
    struct client    *client = NULL;
    char              reference[REFERENCE];
    enum status       st;

    if (path == NULL)
        return cli_fail(cli, STATUS_USAGE,
                        cli_line(cli, "evidence %.100s --out FILE",
                                 cli->args[0]).text,
                        "entente evidence needs --out FILE");
    st = cmd_show_reference(cli, cli->args[0], reference);
    if (st == STATUS_OK)
        st = talk_open(cli, &client);
    if (st == STATUS_OK)
        gathering = gathering_new();
    if (st == STATUS_OK && gathering == NULL)
        st = cli_status(cli, STATUS_IO, "memory");
    if (st == STATUS_OK)
        st = gathering_run(gathering, cli, client, reference,
                           cli_has(cli, CLI_WITHHOLD));
    if (st == STATUS_OK)
        st = file_write_secret(cli, path, gathering_text(gathering));
    if (st == STATUS_OK)
        warn_left_out(gathering);
    if (st == STATUS_OK && cli->json)
        st = cli_print_json(cli, made_json(path, gathering));
    else if (st == STATUS_OK)
        print_made(cli, path, gathering);
    client_free(client);
    gathering_free(gathering);
    return st;
}

/* --- verify --------------------------------------------------------------- */

enum status
cmd_evidence_verify(struct cli *cli)
{
    const struct cli_values *cards = &cli->options[CLI_CARD];
    const char *argv[CLI_ARGS_MAX + 2 * CLI_REPEAT_MAX + 4];
    struct home_path program;
    size_t           count = 0;

    file_program("entente-verify", &program);
    argv[count++] = program.text;
    if (cli->json)
        argv[count++] = "--json";
    for (size_t i = 0; i < cards->count; i++) {
        argv[count++] = "--card";
        argv[count++] = cards->at[i];
    }
    argv[count++] = "--";
    for (size_t i = 0; i < cli->arg_count; i++)
        argv[count++] = cli->args[i];
    argv[count] = NULL;
    (void)execvp(program.text, (char *const *)(uintptr_t)argv);
    return cli_fail(cli, STATUS_NOT_FOUND, NULL, "%s: %s", program.text,
                    strerror(errno));
}
